"""A model on trial: it tags what comes in beside the active one and puts nothing before anybody.

What it would have done otherwise is counted over all posts, and shown only on posts that have an
item: those a person may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.retraining import SEEING, TRAINING
from evenhand.data.errors import InputError
from evenhand.data.records import Band
from evenhand.data.store import cards, model_reports, models, readable, trials
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import ModelState
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evenhand.data.records import Actor, Score
    from evenhand.data.store.connect import Store
    from evenhand.data.store.trials import Both

LABELS = tuple(one.value for one in (*Policy, *Request))
LISTED = 100


@dataclass(frozen=True, slots=True)
class Agreement:
    """On how many posts both models, one or none would put a label before a person."""

    label: str
    both: int
    only_active: int
    only_shadow: int
    neither: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One label of one post with an item, as both models see it.

    *text* is None where it was erased or the actor has no part in the item; *severe* covers it
    until it is asked for, as on the review card.
    """

    item_id: str
    post_id: str
    lang: str
    label: str
    active: Score
    shadow: Score
    text: str | None
    severe: bool


@dataclass(frozen=True, slots=True)
class ShadowView:
    """What a trial has shown so far.

    *counted_only* are the disagreements on posts that nobody may read.
    """

    version: str
    since: datetime | None
    posts: int
    labels: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    counted_only: int


def start_shadow(store: Store, actor: Actor, version: str, now: datetime) -> None:
    """Let a candidate tag in the shadow of the active model; one model at a time is on trial.

    Raises:
        InputError: It is no candidate.
        NotAllowed: The actor is neither analyst nor admin.
        NotFound: There is no such model.
    """
    refusal = "; only a candidate can go on trial"
    step = _Step(ModelState.CANDIDATE, ModelState.SHADOW, "shadow_started", refusal)
    _take(store, actor, version, now, step)


def stop_shadow(store: Store, actor: Actor, version: str, now: datetime) -> None:
    """End a trial; what it has shown stays.

    Raises:
        InputError: It is not on trial.
        NotAllowed: The actor is neither analyst nor admin.
        NotFound: There is no such model.
    """
    refusal = ", so there is no trial to end"
    step = _Step(ModelState.SHADOW, ModelState.CANDIDATE, "shadow_stopped", refusal)
    _take(store, actor, version, now, step)


@dataclass(frozen=True, slots=True)
class _Step:
    """From which state a model goes to which, and what the ledger calls it."""

    before: ModelState
    after: ModelState
    action: str
    refusal: str


def _take(store: Store, actor: Actor, version: str, now: datetime, step: _Step) -> None:
    access.require(actor, *TRAINING)
    with store.write() as conn:
        models.lock(conn)
        found = models.get(conn, version)
        if found.state is not step.before:
            msg = f"{version} is {found.state.value}{step.refusal}"
            raise InputError(msg)
        models.set_state(conn, version, step.after)
        models.log(conn, now, actor.id, step.action, version, {})


def shadow_view(store: Store, actor: Actor, version: str) -> ShadowView:
    """Show how far a model on trial agrees with the active one, and where not.

    Raises:
        NotAllowed: The actor sees no models.
        NotFound: There is no such model.
    """
    access.require(actor, *SEEING)
    with store.read() as conn:
        found = models.get(conn, version)
        report = model_reports.newest(conn, version).get(ReportKind.SHADOW)
        if report is None:
            return ShadowView(version, None, 0, (), (), 0)
        data = report.data
        pairs = trials.compared(conn, actor, str(data.get("model", found.version)))
        lines: list[Disagreement] = []
        for both, label in _differing(pairs):
            if len(lines) == LISTED:
                break
            text = readable.text_if_open(conn, actor, both.item_id, both.post_id, both.version)
            lines.append(_line(both, label, text))
    sums = cast("Mapping[str, Sequence[int]]", data["labels"])
    return ShadowView(
        version=version,
        since=datetime.fromisoformat(str(data["since"])),
        posts=int(cast("int", data["posts"])),
        labels=tuple(Agreement(label, *sums[label]) for label in LABELS if label in sums),
        disagreements=tuple(lines),
        counted_only=int(cast("int", data["counted_only"])),
    )


def _differing(pairs: Sequence[Both]) -> Iterator[tuple[Both, str]]:
    for both in pairs:
        for label in LABELS:
            if is_put(both.active, label) is not is_put(both.shadow, label):
                yield both, label


def is_put(said: Mapping[str, Score], label: str) -> bool:
    """Say whether a model would put a post before a person for *label*."""
    return said.get(label, trials.NOTHING).band is not Band.NOTHING


def _line(both: Both, label: str, text: str | None) -> Disagreement:
    put = [name for name in LABELS if is_put(both.active, name) or is_put(both.shadow, name)]
    return Disagreement(
        item_id=both.item_id,
        post_id=str(both.post_id),
        lang=both.lang,
        label=label,
        active=both.active.get(label, trials.NOTHING),
        shadow=both.shadow.get(label, trials.NOTHING),
        text=text,
        severe=cards.is_severe(put),
    )
