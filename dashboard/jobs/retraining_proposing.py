"""From proposed thresholds to a candidate, in the worker: weights copied, measured, on the shelf.

It is compared, put through the neutrality gate and kept as what a training makes, and stored at
once at the end.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from evenhand.classifiers.labels import untaught
from evenhand.classifiers.proposed import with_thresholds
from evenhand.dashboard.jobs import retraining_run, serving_model
from evenhand.dashboard.jobs.retraining_run import NAME, STEPS, label_of
from evenhand.dashboard.jobs.retraining_thresholds import checked, wanted_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evenhand.classifiers.shelf import Card
    from evenhand.dashboard.jobs.retraining_run import Means, Measured
    from evenhand.dashboard.jobs.retraining_thresholds import Moved
    from evenhand.data.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Made:
    """What a proposal came to."""

    version: str
    folder: Path
    moved: Moved
    measured: Measured

    @property
    def sentence(self) -> str:
        """Say in one line what came of it."""
        moved = ", ".join(self.moved)
        what = f"{self.version} has the active model's weights and other thresholds for {moved}"
        return f"{what}; {self.measured.sentence}"


def run_task(means: Means, task: Task, *, stopped: Callable[[], bool] = lambda: False) -> None:
    """Make what somebody proposed; what goes wrong ends the task with its sentence."""
    retraining_run.carry_out(means, task, lambda told: make(told, task).sentence, stopped=stopped)


def make(means: Means, task: Task) -> Made:
    """Make a candidate with the active model's weights and the proposed thresholds.

    Both models are compared on every label that can test them, for neither learnt anything new.

    Raises:
        ArtefactAltered: The active model's files are not what the store recorded.
        InputError: The thresholds cannot be proposed (any more), or the folder cannot be written.
    """
    means.progress("reading the labels", STEPS["labels"])
    active = serving_model.active_model(means.store, means.clock())
    wanted = wanted_of(task.args)
    moved = checked(active, wanted)
    base = serving_model.load_checked(means.settings, active)
    rows = retraining_run.read_labels(means.store, means.settings)
    held_out = untaught(map(label_of, rows), _learnt_until(base.card))
    aside = retraining_run.place_for(means.settings, task.id)
    try:
        means.progress("saving the candidate", STEPS["saving"])
        other = with_thresholds(
            base, moved, name=NAME, reason=wanted.reason, proposed_at=task.created_at
        )
        card, folder = retraining_run.save(other, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    found = retraining_run.measure(means, base, folder, held_out)
    means.progress("storing", STEPS["storing"])
    made = retraining_run.as_model(means, active, card, folder, task.asked_by)
    shown = {label: list(both) for label, both in moved.items()}
    retraining_run.register(means, made, found.reports(), action="thresholds_proposed", moved=shown)
    return Made(card.id, folder, moved, found)


def _learnt_until(card: Card) -> datetime | None:
    return datetime.fromisoformat(card.learnt_until) if card.learnt_until else None
