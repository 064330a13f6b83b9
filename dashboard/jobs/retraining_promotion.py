"""Promotion: asked for by one person under gates, done by another, taken back in one click.

The gates are the comparison with the active model and the neutrality gate; no role is above them.
Whoever trained a model or asked for its promotion never promotes it (safeguard 5).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.tasks import TaskKind
from evenhand.data.errors import ArtefactAltered, InputError, NotAllowed, WorseThanCurrent
from evenhand.data.records import Role
from evenhand.data.store import model_reports, models, shipped, tasks
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import ModelState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.model_reports import Report
    from evenhand.data.store.models import Model

ASKING = (Role.ANALYST, Role.ADMIN)
PROMOTING = (Role.ANALYST, Role.COORDINATOR, Role.ADMIN)
ARRAYS = "model.npz"
FOLDER = "models"
# What `classifiers.backtest` says of a line with too few cases, and how few those are; this module
# is loaded where no model library is.
UNTESTED = "not enough evidence"
FEWEST_TESTED = 20


def ask_promotion(store: Store, actor: Actor, version: str, now: datetime) -> None:
    """Ask for the promotion of a candidate that passed its gates, as the first person.

    Raises:
        NotAllowed: The actor is neither analyst nor admin, or no person.
        NotFound: There is no such model.
        WorseThanCurrent: A bound of the gate or a language of the comparison failed; each is named.
    """
    access.require_person(actor, *ASKING)
    with store.write() as conn:
        models.lock(conn)
        found = models.get(conn, version)
        refuse_worse(found, models.active(conn), model_reports.newest(conn, version))
        models.ask(conn, version, person_id=actor.id, now=now)
        data = {"based_on": found.based_on}
        models.log(conn, now, actor.id, "promotion_asked", version, data)


def withdraw(store: Store, actor: Actor, version: str, now: datetime) -> None:
    """Put a candidate aside for good, with the request for its promotion if there is one.

    Raises:
        InputError: It is active or retired.
        NotAllowed: The actor is neither analyst nor admin.
        NotFound: There is no such model.
    """
    access.require(actor, *ASKING)
    with store.write() as conn:
        models.lock(conn)
        found = models.get(conn, version)
        if found.state not in {ModelState.CANDIDATE, ModelState.SHADOW}:
            msg = f"{version} is {found.state.value}; only a candidate can be put aside"
            raise InputError(msg)
        models.unask(conn, version)
        models.set_state(conn, version, ModelState.RETIRED)
        models.log(conn, now, actor.id, "candidate_put_aside", version, {})


def promote(store: Store, settings: Settings, actor: Actor, version: str, now: datetime) -> None:
    """Make a model the active one, as the second person; the worker then re-scores what it can.

    The worker, `pull` and `import` load it within a minute.

    Raises:
        ArtefactAltered: Its file is missing or is not what was compared.
        InputError: Nobody has asked for it.
        NotAllowed: The actor trained it or asked for it, lacks the role, or is no person.
        NotFound: There is no such model.
        WorseThanCurrent: It no longer passes its gates: another model is active by now.
    """
    access.require_person(actor, *PROMOTING)
    with store.read() as conn:
        refuse_altered(settings, models.get(conn, version))
    with store.write() as conn:
        models.lock(conn)
        found = models.get(conn, version)
        if found.asked_at is None:
            msg = f"nobody has asked for the promotion of {version}; an analyst asks first"
            raise InputError(msg)
        if hand := own_hand(found, actor):
            msg = (
                f"you {hand} {version}, and a promotion needs a second person; ask another "
                "analyst, a coordinator or an admin"
            )
            raise NotAllowed(msg, role=Role.ANALYST.value)
        refuse_worse(found, models.active(conn), model_reports.newest(conn, version))
        before = models.activate(conn, version, person_id=actor.id, now=now)
        args = {"version": version}
        tasks.ask(conn, TaskKind.RESCORE, args, person_id=actor.id, now=now)
        data = {"replaced": before, "trained_by": found.trained_by, "asked_by": found.asked_by}
        models.log(conn, now, actor.id, "model_promoted", version, data)


def rollback(store: Store, actor: Actor, now: datetime) -> str:
    """Go back to the model that was active before, at once, and give its version.

    Nothing is re-scored and nothing un-flagged.

    Raises:
        InputError: The active model has replaced none.
        NotAllowed: The actor has none of the roles.
    """
    access.require(actor, *PROMOTING)
    with store.write() as conn:
        models.lock(conn)
        active = models.active(conn)
        if active is None or active.replaced is None:
            shown = "the shipped model" if active is None else active.version
            msg = f"{shown} has replaced no other, so there is nothing to go back to"
            raise InputError(msg)
        before = models.get(conn, active.replaced)
        if before.is_shipped:
            # An upgrade of Evenhand may have brought another one in the meantime.
            before = shipped.as_model(now)
            models.register(conn, before)
        models.put_back(conn, before.version)
        data = {"from": active.version}
        models.log(conn, now, actor.id, "model_rolled_back", before.version, data)
    return before.version


def own_hand(found: Model, actor: Actor) -> str | None:
    """Say what the actor did with a model already; None when they may be the second person."""
    if found.trained_by == actor.id:
        return "proposed" if found.card.get("proposal") else "trained"
    return "asked for" if found.asked_by == actor.id else None


def refuse_worse(found: Model, active: Model | None, reports: Mapping[ReportKind, Report]) -> None:
    """Go on only with a model that passed its gates.

    Raises:
        WorseThanCurrent: It did not; every failed bound and language is named.
    """
    if against := obstacles(found, active, reports):
        msg = (
            f"{found.version} cannot be promoted: {'; '.join(against)}. The active model goes on; "
            "review more posts, then train or propose again"
        )
        raise WorseThanCurrent(msg)


def obstacles(
    found: Model, active: Model | None, reports: Mapping[ReportKind, Report]
) -> tuple[str, ...]:
    """List all that stands against promoting a model; empty when nothing does."""
    if found.state not in {ModelState.CANDIDATE, ModelState.SHADOW}:
        return (f"it is {found.state.value}, and only a candidate or a shadow can be promoted",)
    against: list[str] = []
    if active is not None and found.based_on != active.version:
        against.append(f"it was compared with {found.based_on}, and {active.version} is active now")
    compared = reports.get(ReportKind.BACKTEST)
    if compared is None:
        against.append("it was not compared with the active model")
    elif not compared.data.get("passed"):
        reasons = cast("Sequence[str]", compared.data.get("refusals") or ())
        against.extend(reasons or ["it lost the comparison with the active model"])
    elif not _has_evidence(compared.data):
        against.append(
            f"no label has the {FEWEST_TESTED} held-out positives that a comparison needs"
        )
    gate = reports.get(ReportKind.NEUTRALITY)
    if gate is None:
        against.append("it was not put through the neutrality gate")
    elif not gate.data.get("passed"):
        against.extend(_failed_bounds(gate.data) or ["it did not pass the neutrality gate"])
    return tuple(against)


def _has_evidence(compared: Mapping[str, object]) -> bool:
    """Say whether any line of a comparison had enough cases: none lost is not none tested."""
    lines = cast("Sequence[Mapping[str, object]]", compared.get("lines") or ())
    return any(line.get("verdict") != UNTESTED for line in lines)


def _failed_bounds(gate: Mapping[str, object]) -> list[str]:
    bounds = cast("Sequence[Mapping[str, object]]", gate.get("bounds") or ())
    return [
        f"neutrality gate, {bound['name']}: {_measured(bound)} against {bound['bound']}"
        for bound in bounds
        if not bound.get("passed")
    ]


def _measured(bound: Mapping[str, object]) -> str:
    measured, limit = bound.get("measured"), bound.get("limit")
    shown = "no cases" if measured is None else str(measured)
    return shown if limit is None else f"{shown} (limit {limit})"


def refuse_altered(settings: Settings, found: Model) -> None:
    """Go on only if a model's file is the one that was compared.

    Raises:
        ArtefactAltered: It is missing, or has another hash than the store recorded.
    """
    if found.is_shipped:
        return
    file = settings.workspace / FOLDER / found.path / ARRAYS
    try:
        held = sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        msg = f"the file of {found.version} cannot be read; restore it or train again"
        raise ArtefactAltered(msg) from error
    if held != found.file_hash:
        msg = (
            f"the file of {found.version} is not the one that was compared; restore it or train "
            "again"
        )
        raise ArtefactAltered(msg)
