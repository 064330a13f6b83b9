"""From labels to a candidate on the shelf, in the worker: train, compare, gate, report.

All of it is stored at once at the end: a run that is killed leaves a folder of no meaning, and the
active model goes on serving.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from evenhand.classifiers import neutrality, shelf, team
from evenhand.classifiers.backtest import backtest
from evenhand.classifiers.labels import Label
from evenhand.classifiers.tagger import Tagger
from evenhand.dashboard.jobs import serving_model, tasks, worded_examples
from evenhand.dashboard.jobs.retraining_promotion import FOLDER
from evenhand.data.errors import ArtefactAltered, EvenhandError, InputError
from evenhand.data.store import labels as label_store
from evenhand.data.store import model_reports, models
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from evenhand.classifiers.backtest import Comparison
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.labels import LabelRow
    from evenhand.data.store.tasks import Task

NAME = "team"
# Shares of the progress bar at which each step begins, percent.
STEPS = {"labels": 0, "training": 2, "saving": 60, "comparing": 62, "gate": 75, "storing": 99}
WHOLE = 100
UNFINISHED = ".unfinished"


class _Stopped(Exception):
    """The worker was told to end in the middle of a training."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a candidate beside the active model."""

    comparison: Comparison
    gate: neutrality.Report
    examples: Mapping[str, object]

    @property
    def sentence(self) -> str:
        """Say in half a sentence whether it passed."""
        compared = "held its own" if self.comparison.passed else "lost the comparison"
        gate = "passed the neutrality gate" if self.gate.passed else "failed the neutrality gate"
        return f"it {compared} and {gate}"

    def reports(self) -> dict[ReportKind, Mapping[str, object]]:
        """Give plain values for the store."""
        return {
            ReportKind.BACKTEST: self.comparison.as_dict(),
            ReportKind.NEUTRALITY: self.gate.as_dict(),
            ReportKind.EXAMPLES: self.examples,
        }


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run came to.

    *fresh* is False where the same labels had given the same model before; *state* says where it
    stands then.
    """

    version: str
    folder: Path
    state: ModelState
    fresh: bool
    labels: int
    trained: tuple[str, ...]
    measured: Measured

    @property
    def sentence(self) -> str:
        """Say in one line what came of it."""
        what = f"{self.version} learnt {', '.join(self.trained)} from {self.labels} labels"
        if not self.fresh:
            return f"the same labels give the same model again: {self.version} ({self.state.value})"
        return f"{what}; {self.measured.sentence}"


def _tell_nobody(step: str, percent: int) -> None:
    del step, percent


@dataclass(frozen=True, slots=True)
class Means:
    """What a training works with; *progress* is told the step and the percentage done."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    progress: Callable[[str, int], None] = _tell_nobody


def run_task(means: Means, task: Task, *, stopped: Callable[[], bool] = lambda: False) -> None:
    """Train as somebody asked in the browser; what goes wrong ends the task with its sentence."""

    def work(told: Means) -> str:
        return train(told, trained_by=task.asked_by, task_id=task.id).sentence

    carry_out(means, task, work, stopped=stopped)


def carry_out(
    means: Means, task: Task, work: Callable[[Means], str], *, stopped: Callable[[], bool]
) -> None:
    """Do *work*, which tells how far it is and gives its sentence, and end the task with that.

    A worker that is told to stop in between gives the task back.
    """
    store = means.store

    def tell(step: str, percent: int) -> None:
        if stopped():
            raise _Stopped
        tasks.progress(store, task.id, (percent, WHOLE), step, means.clock())

    try:
        sentence = work(Means(store, means.settings, means.clock, tell))
    except _Stopped:
        tasks.give_back(store, task.id)
    except EvenhandError as error:
        tasks.finish(store, task.id, ok=False, message=str(error), now=means.clock())
    else:
        tasks.finish(store, task.id, ok=True, message=sentence, now=means.clock())


def train(means: Means, *, trained_by: str | None, task_id: str = "0") -> Trained:
    """Train a candidate from the team's labels, measure it, and put it on the shelf.

    Args:
        means: Store, settings, clock, progress.
        trained_by: Who asked; None is the terminal.
        task_id: Names the folder of what is unfinished.

    Raises:
        ArtefactAltered: The active model's files are not what the store recorded.
        TooFewLabels: No label has enough; the error tells how many each has.
        InputError: None of the labels can be used.
    """
    means.progress("reading the labels", STEPS["labels"])
    active = serving_model.active_model(means.store, means.clock())
    base = serving_model.load_checked(means.settings, active)
    rows = read_labels(means.store, means.settings)
    if not rows:
        msg = "there is no label yet: nothing that may train was decided; review posts first"
        raise InputError(msg)
    aside = place_for(means.settings, task_id)
    try:
        candidate = team.train_candidate(
            base, [label_of(row) for row in rows], name=NAME, progress=_inner(means)
        )
        means.progress("saving the candidate", STEPS["saving"])
        card, folder = save(candidate.model, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    found = measure(means, base, folder, candidate.held_out)
    means.progress("storing", STEPS["storing"])
    made = as_model(means, active, card, folder, trained_by)
    told = candidate.report()
    reports: dict[ReportKind, Mapping[str, object]] = {
        ReportKind.SUSPECTS: {"suspects": told.pop("suspects")},
        ReportKind.LABELS: {**told, **counted(rows)},
        **found.reports(),
    }
    state, fresh = register(means, made, reports, action="model_trained")
    trained = tuple(candidate.trained)
    return Trained(card.id, folder, state, fresh, len(rows), trained, found)


def as_model(
    means: Means, active: Model, card: shelf.Card, folder: Path, trained_by: str | None
) -> Model:
    """Describe a saved candidate as the shelf keeps it."""
    return Model(
        version=card.id,
        state=ModelState.CANDIDATE,
        path=folder.name,
        content_hash=card.content_hash,
        card=asdict(card),
        registered_at=means.clock(),
        file_hash=sha256((folder / shelf.ARRAYS).read_bytes()).hexdigest(),
        based_on=active.version,
        trained_by=trained_by,
    )


def measure(means: Means, base: shelf.Model, folder: Path, held_out: Sequence[Label]) -> Measured:
    """Compare the candidate as it was saved, put it through the gate, score the examples."""
    statements = serving_model.statements_of(means.store, means.clock())
    new = Tagger.load(folder, statements=statements)
    means.progress("comparing it with the active model", STEPS["comparing"])
    active = Tagger.of(base, statements=statements)
    compared = backtest(active, new, held_out)
    means.progress("neutrality gate", STEPS["gate"])
    sets = neutrality.shipped_posts(), neutrality.shipped_pairs()
    now, before = (neutrality.neutrality_report(one.tag, *sets) for one in (new, active))
    return Measured(compared, neutrality.beside(now, before), worded_examples.scored(new))


def read_labels(store: Store, settings: Settings) -> list[LabelRow]:
    """Read the labels that count in this workspace: simulated ones in a demo alone."""
    with store.read() as conn:
        return list(label_store.rows(conn, simulated=settings.demo))


def label_of(row: LabelRow) -> Label:
    """Hand a stored label over as the record that learning takes."""
    return Label(
        post_id=row.post_id,
        text=row.text,
        lang=row.lang,
        yes=row.yes,
        no=row.no,
        origin=row.origin,
        reviewer=row.reviewer_id,
        decided_at=row.decided_at,
    )


def counted(rows: list[LabelRow]) -> dict[str, object]:
    """Count by origin and language what was learnt from, and how much of it was simulated."""
    origins: dict[str, dict[str, int]] = {}
    for row in rows:
        langs = origins.setdefault(row.origin, {})
        langs[row.lang] = langs.get(row.lang, 0) + 1
    return {"origins": origins, "simulated": sum(row.simulated for row in rows)}


def _inner(means: Means) -> Callable[[str, float], None]:
    first, last = STEPS["training"], STEPS["saving"]

    def tell(step: str, share: float) -> None:
        means.progress(f"training: {step}", first + int((last - first) * share))

    return tell


def place_for(settings: Settings, task_id: str) -> Path:
    """Make the folder that a candidate is written into first, before hours of work are done."""
    aside = settings.workspace / FOLDER / f"{UNFINISHED}-{task_id}"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = (
            f"no candidate can be written into the workspace's folder {FOLDER!r} "
            f"({type(error).__name__}); see who may write there and whether the disk has room"
        )
        raise InputError(msg) from error
    return aside


def save(model: shelf.Model, aside: Path) -> tuple[shelf.Card, Path]:
    """Save a candidate under its own name: first aside, then moved there whole."""
    try:
        card = shelf.save(model, aside)
        folder = aside.parent / card.id.replace("@", "-")
        if _holds(folder, card):
            return card, folder
        # A folder of this name that holds another content was damaged.
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    except OSError as error:
        msg = f"the candidate could not be written ({type(error).__name__}); see the disk's room"
        raise InputError(msg) from error
    return card, folder


def _holds(folder: Path, card: shelf.Card) -> bool:
    """Say whether *folder* holds this very model already."""
    try:
        return shelf.load(folder).card.content_hash == card.content_hash
    except ArtefactAltered:
        return False


def register(
    means: Means,
    made: Model,
    reports: Mapping[ReportKind, Mapping[str, object]],
    *,
    action: str,
    **told: object,
) -> tuple[ModelState, bool]:
    """Put a candidate on the shelf with its reports; say where it stands and if it is new there.

    The ledger calls this *action*, and keeps what is *told* beside.
    """
    now = means.clock()
    with means.store.write() as conn:
        fresh = models.register(conn, made)
        for kind, data in reports.items():
            model_reports.put(conn, made.version, kind, data, now)
        actor_id = made.trained_by or models.NOBODY
        data = {"based_on": made.based_on, "fresh": fresh, **told}
        models.log(conn, now, actor_id, action, made.version, data)
        return models.get(conn, made.version).state, fresh
