"""Thresholds that a person proposes: asked for here, made by the worker (`retraining_proposing`).

Nothing is changed by it: what comes of it is a candidate with the active model's weights, which
passes the same gates and the same second person as one that learnt (safeguard 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import access, simulating, simulating_reading
from evenhand.dashboard.jobs.tasks import ROLES, TaskKind
from evenhand.dashboard.plain import make_plain
from evenhand.data.errors import InputError
from evenhand.data.store import models, shipped, tasks
from evenhand.data.store.models import ModelState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.models import Model

SHORTEST_REASON, LONGEST_REASON = 10, 500

Moved = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Thresholds by policy or request (0-1), tried with *model*, and why they should hold."""

    model: str
    thresholds: Mapping[str, float]
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a card says of thresholds that were proposed.

    *model* is the one whose weights it has; *moved* maps each label to before and after.
    """

    model: str
    moved: Mapping[str, tuple[float, float]]
    reason: str


def propose(store: Store, actor: Actor, wanted: Wanted, now: datetime) -> str:
    """Ask the worker for a candidate with other thresholds, and give the task's id.

    Raises:
        InputError: A label is on no list or has no threshold, a threshold is below its floor or
            not below 1, nothing differs from what is in force, the reason is too short or too long,
            another model is active by now, or the same was proposed already.
        NotAllowed: The actor is neither analyst nor admin, or no person.
    """
    access.require_person(actor, *ROLES[TaskKind.THRESHOLDS])
    with store.write() as conn:
        if waiting := tasks.unfinished(conn, TaskKind.THRESHOLDS):
            msg = f"thresholds are proposed already (task {waiting.id}); wait until it has ended"
            raise InputError(msg)
        active = models.active(conn)
        if active is None or shipped.is_older(active):
            active = shipped.as_model(now)
        moved = checked(active, wanted)
        _refuse_double(models.list_all(conn), active, moved)
        args = {
            "model": wanted.model,
            "thresholds": {label: to for label, (_, to) in moved.items()},
            "reason": _reason(wanted.reason),
        }
        return tasks.ask(conn, TaskKind.THRESHOLDS, args, person_id=actor.id, now=now)


def wanted_of(args: Mapping[str, object]) -> Wanted:
    """Read what a task asks for, as the worker finds it."""
    return Wanted(
        model=str(args.get("model", "")),
        thresholds=cast("Mapping[str, float]", args.get("thresholds") or {}),
        reason=str(args.get("reason", "")),
    )


def checked(active: Model, wanted: Wanted) -> Moved:
    """Give the thresholds that move, each with the one in force; both ends of the road ask this.

    Raises:
        InputError: As `propose` says.
    """
    if active.version != wanted.model:
        msg = (
            f"these thresholds were tried with {wanted.model}, and {active.version} is active "
            "now; try them again on the page Simulator"
        )
        raise InputError(msg)
    _reason(wanted.reason)
    present = _present(active.card)
    heads = cast("Sequence[str]", active.card.get("labels") or ())
    moved = {}
    for label, to in sorted(wanted.thresholds.items()):
        _refuse_label(label, heads)
        _refuse_threshold(label, to)
        if abs(to - present[label]) > simulating.ROUNDING:
            moved[label] = (present[label], float(to))
    if not moved:
        msg = "these are the thresholds in force; move at least one before proposing it"
        raise InputError(msg)
    return moved


def proposal_of(card: Mapping[str, object]) -> Proposal | None:
    """Read from a model's card what was proposed; None where it learnt."""
    found = cast("Mapping[str, object]", card.get("proposal") or {})
    if not found:
        return None
    moved = cast("Mapping[str, Sequence[float]]", found.get("moved") or {})
    return Proposal(
        model=str(card.get("base", "")),
        moved={label: (both[0], both[1]) for label, both in moved.items()},
        reason=str(found.get("reason", "")),
    )


def _present(card: Mapping[str, object]) -> dict[str, float]:
    return simulating_reading.in_force(cast("Mapping[str, float]", card.get("thresholds") or {}))


def _reason(reason: str) -> str:
    said = make_plain(reason)[0]
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        msg = (
            f"the reason has {len(said)} characters; say in {SHORTEST_REASON} to "
            f"{LONGEST_REASON} why these thresholds should hold, for whoever is asked to promote"
        )
        raise InputError(msg)
    return said


def _refuse_label(label: str, heads: Sequence[str]) -> None:
    if label not in simulating.FLOORS:
        msg = f"{label!r} is no policy and no request; see the page Policies for the list"
        raise InputError(msg)
    if label not in heads or label in simulating.BY_STATEMENT:
        msg = f"no threshold decides about {label}: rules and statements alone find it; leave it"
        raise InputError(msg)


def _refuse_threshold(label: str, to: object) -> None:
    floor = simulating.FLOORS[label]
    if isinstance(to, bool) or not isinstance(to, int | float) or not 0 <= to < 1:
        msg = f"the threshold {to!r} of {label} is not a number from {floor} up and below 1"
        raise InputError(msg)
    if to < floor:
        msg = f"the threshold {to} of {label} is below its floor of {floor}; no model goes below it"
        raise InputError(msg)


def _refuse_double(shelf: Sequence[Model], active: Model, moved: Moved) -> None:
    wanted = _present(active.card) | {label: to for label, (_, to) in moved.items()}
    for one in shelf:
        is_open = one.state in {ModelState.CANDIDATE, ModelState.SHADOW}
        is_alike = one.based_on == active.version and proposal_of(one.card) is not None
        if is_open and is_alike and _present(one.card) == wanted:
            msg = f"{one.version} has these thresholds already; see it on the page Models"
            raise InputError(msg)
