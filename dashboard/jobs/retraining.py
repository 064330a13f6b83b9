"""Models as analysts see them: what there is, what was measured, and what the worker is asked for.

Nothing here loads a model: the browser asks, the worker trains and measures (`retraining_run`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs import retraining_promotion as promotion
from evenhand.dashboard.jobs.tasks import ROLES, TaskKind
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import draws, labels, model_reports, models, people, shipped, tasks
from evenhand.data.store.models import ModelState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.draws import Budget
    from evenhand.data.store.labels import Counted
    from evenhand.data.store.model_reports import Report, ReportKind
    from evenhand.data.store.models import Model
    from evenhand.data.store.tasks import Task

SEEING = (Role.ANALYST, Role.COORDINATOR, Role.ADMIN)
TRAINING = (Role.ANALYST, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model as it stands, with what the actor may do about it.

    People are named; "operator" is the terminal, None nobody.
    *compared* and *neutral* say whether the two gates were passed, None where they were not tried.
    *obstacles* are the sentences for which its promotion would be refused.
    """

    version: str
    state: str
    is_shipped: bool
    registered_at: datetime
    based_on: str | None
    trained_by: str | None
    asked_by: str | None
    asked_at: datetime | None
    promoted_by: str | None
    promoted_at: datetime | None
    replaced: str | None
    compared: bool | None
    neutral: bool | None
    obstacles: tuple[str, ...]
    card: Mapping[str, object]
    may_ask: bool
    may_promote: bool
    may_roll_back: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The shelf, newest first, with the labels there are and the training under way.

    *shadow* is the model on trial; *task* the training that was asked for last.
    """

    active: ModelLine
    models: tuple[ModelLine, ...]
    shadow: ModelLine | None
    label_counts: tuple[Counted, ...]
    task: Task | None
    budget: Budget


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """Show all models, how many labels there are, and how far the training is."""
    access.require(actor, *SEEING)
    with store.read() as conn:
        found = models.list_all(conn)
        active = models.active(conn)
        if active is None:
            # Nothing has tagged yet, or an older Evenhand did: the worker registers it.
            active = shipped.as_model(now)
            found.append(active)
        names = {one.id: one.name for one in people.list_all(conn)}
        measured = {one.version: model_reports.newest(conn, one.version) for one in found}
        counts = tuple(labels.count(conn, simulated=True))
        task, budget = tasks.latest(conn, TaskKind.TRAIN), draws.budget_of(conn, now)
    seen = _Seen(actor, active, names)
    lines = [_line(one, measured[one.version], seen) for one in found]
    by_state = {one.state: one for one in lines}
    return Overview(
        active=by_state[ModelState.ACTIVE.value],
        models=tuple(lines),
        shadow=by_state.get(ModelState.SHADOW.value),
        label_counts=counts,
        task=task,
        budget=budget,
    )


def reports(store: Store, actor: Actor, version: str) -> Mapping[ReportKind, Report]:
    """Read the newest report of each kind about a model.

    Raises:
        NotAllowed: The actor has none of the roles.
        NotFound: There is no such model.
    """
    access.require(actor, *SEEING)
    with store.read() as conn:
        models.get(conn, version)
        return model_reports.newest(conn, version)


def task_of(store: Store, actor: Actor, kind: str) -> Task | None:
    """Show the task of a kind that was asked for last, to whoever sees models."""
    access.require(actor, *SEEING)
    with store.read() as conn:
        return tasks.latest(conn, TaskKind(kind).value)


def ask_training(store: Store, actor: Actor, now: datetime) -> str:
    """Ask the worker for a candidate from the labels there are, and give the task's id.

    Raises:
        InputError: A training waits or runs already.
        NotAllowed: The actor is neither analyst nor admin.
    """
    return _ask(store, actor, TaskKind.TRAIN, now)


def ask_drift(store: Store, actor: Actor, now: datetime) -> str:
    """Ask the worker to compare what comes in now with what came in before.

    Raises:
        InputError: Such a task waits or runs already.
        NotAllowed: The actor is neither analyst nor admin.
    """
    return _ask(store, actor, TaskKind.DRIFT, now)


def ask_label_errors(store: Store, actor: Actor, now: datetime) -> str:
    """Ask the worker for the decisions that look mistaken.

    Raises:
        InputError: Such a task waits or runs already.
        NotAllowed: The actor is neither analyst nor admin.
    """
    return _ask(store, actor, TaskKind.LABEL_ERRORS, now)


def _ask(store: Store, actor: Actor, kind: TaskKind, now: datetime) -> str:
    access.require(actor, *ROLES[kind])
    person_id = None if actor.id == access.OPERATOR_ID else actor.id
    with store.write() as conn:
        waiting = tasks.unfinished(conn, kind)
        if waiting is not None:
            msg = f"this was asked for already (task {waiting.id}); wait until it has ended"
            raise InputError(msg)
        return tasks.ask(conn, kind, {}, person_id=person_id, now=now)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Who looks, beside which active model, and how people are called."""

    actor: Actor
    active: Model
    names: Mapping[str, str]


def _line(one: Model, found: Mapping[ReportKind, Report], seen: _Seen) -> ModelLine:
    actor, names = seen.actor, seen.names
    against = promotion.obstacles(one, seen.active, found)
    is_candidate = one.state in {ModelState.CANDIDATE, ModelState.SHADOW}
    passes = is_candidate and not against
    is_person = actor.id != access.OPERATOR_ID
    return ModelLine(
        version=one.version,
        state=one.state.value,
        is_shipped=one.is_shipped,
        registered_at=one.registered_at,
        based_on=one.based_on,
        trained_by=None if one.is_shipped else _named(one.trained_by, names),
        asked_by=None if one.asked_at is None else _named(one.asked_by, names),
        asked_at=one.asked_at,
        promoted_by=None if one.promoted_at is None else _named(one.promoted_by, names),
        promoted_at=one.promoted_at,
        replaced=one.replaced,
        compared=_passed(found, model_reports.ReportKind.BACKTEST),
        neutral=_passed(found, model_reports.ReportKind.NEUTRALITY),
        obstacles=against if is_candidate else (),
        card=one.card,
        may_ask=is_person and passes and one.asked_at is None and _has(actor, promotion.ASKING),
        may_promote=is_person
        and passes
        and one.asked_at is not None
        and promotion.own_hand(one, actor) is None
        and _has(actor, promotion.PROMOTING),
        may_roll_back=one.state is ModelState.ACTIVE
        and one.replaced is not None
        and _has(actor, promotion.PROMOTING),
    )


def _named(person_id: str | None, names: Mapping[str, str]) -> str:
    return access.operator().name if person_id is None else names.get(person_id, person_id)


def _passed(found: Mapping[ReportKind, Report], kind: ReportKind) -> bool | None:
    report = found.get(kind)
    return None if report is None else bool(report.data.get("passed"))


def _has(actor: Actor, roles: Sequence[Role]) -> bool:
    return bool(actor.roles.intersection(roles))
