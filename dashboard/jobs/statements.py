"""The statement list: proposed by one person, in force from another's approval, for a time.

Misinformation is found by this list and in no other way, so with an empty list nothing is.
Whoever proposed a statement never approves it (safeguard 5); anybody with the role takes one back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.statement_checks import cleaned, refuse_unfit, refuse_wordings
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import people, statements
from evenhand.data.store.statements import StatementState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
Statement = statements.Statement
Worded = statements.Worded
PROPOSING = (Role.COORDINATOR, Role.ANALYST)
APPROVING = (Role.COORDINATOR, Role.ANALYST, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Line:
    """One statement as a page shows it, with people by their names.

    *ended_by* is None where time ended it; *corrected_by* names the statement that took its place.
    *own* says that whoever looks proposed it, and *simulated* that the demo's people did.
    """

    statement: Statement
    proposed_by: str
    approved_by: str | None
    ended_by: str | None
    corrected_by: str | None
    own: bool
    simulated: bool
    may_approve: bool
    may_end: bool
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole list: what posts are matched with, what waits for a second person, what is over."""

    in_force: tuple[Line, ...]
    waiting: tuple[Line, ...]
    ended: tuple[Line, ...]
    may_propose: bool


def listing(store: Store, actor: Actor, now: datetime) -> Listing:
    """Show the list, the newest first; it is open to every role.

    Raises:
        NotAllowed: The actor has no role at all.
    """
    access.require(actor, *Role)
    with store.read() as conn:
        found = statements.list_all(conn)
        known = {one.id: (one.name, one.simulated) for one in people.list_all(conn)}
    lines = [_line(one, found, actor, known, now) for one in found]
    active = [one for one in lines if _is_in(one, StatementState.ACTIVE, now)]
    waiting = [one for one in lines if _is_in(one, StatementState.PROPOSED, now)]
    live = {one.statement.id for one in (*active, *waiting)}
    ended = [one for one in lines if one.statement.id not in live]
    may = bool(actor.roles.intersection(PROPOSING))
    return Listing(tuple(active), tuple(waiting), tuple(ended), may)


def in_force(store: Store, now: datetime) -> list[Statement]:
    """List what posts are matched with at this moment, for the worker, pull and import."""
    with store.read() as conn:
        return statements.in_force(conn, now)


def matched(store: Store, actor: Actor, statement_ids: Iterable[str]) -> Mapping[str, Statement]:
    """Find the statements that the reasons of a post name; ids of no list are left out.

    Raises:
        NotAllowed: The actor has no role at all.
    """
    access.require(actor, *Role)
    wanted = sorted(set(statement_ids))
    if not wanted:
        return {}
    with store.read() as conn:
        return statements.find(conn, wanted)


def propose(store: Store, actor: Actor, worded: Worded, now: datetime) -> Statement:
    """Note a statement, which another person has to approve before posts are matched with it.

    Raises:
        InputError: It lacks something, is political or too general, or stands on the list already.
        NotAllowed: The actor is neither coordinator nor analyst, or no person.
    """
    return _proposed(store, actor, worded, None, now)


def correct(
    store: Store, actor: Actor, statement_id: str, worded: Worded, now: datetime
) -> Statement:
    """Propose another version of a statement; the old one ends when the new one is approved.

    Raises:
        InputError: As `propose`, or the old one is not in force.
        NotAllowed: The actor is neither coordinator nor analyst, or no person.
        NotFound: There is no such statement.
    """
    return _proposed(store, actor, worded, statement_id, now)


def approve(store: Store, actor: Actor, statement_id: str, now: datetime) -> Statement:
    """Put a statement in force as the second person, after the neutral posts were asked again.

    Raises:
        InputError: It is not waiting for approval, or would bring up a neutral post.
        NotAllowed: The actor proposed it, lacks the role, or is no person.
        NotFound: There is no such statement.
    """
    access.require_person(actor, *APPROVING)
    with store.read() as conn:
        refuse_wordings(statements.get(conn, statement_id).worded)
    with store.write() as conn:
        made = statements.approve(conn, statement_id, person_id=actor.id, now=now)
        data = {"proposed_by": made.proposed_by, "corrects": made.corrects}
        statements.log(conn, now, actor.id, "statement_approved", statement_id, data)
    return made


def withdraw(store: Store, actor: Actor, statement_id: str, now: datetime) -> None:
    """End a statement at once, or put a proposal aside; what was flagged stays with people.

    Raises:
        InputError: It is over already.
        NotAllowed: The actor has none of the roles, or is no person.
        NotFound: There is no such statement.
    """
    access.require_person(actor, *APPROVING)
    with store.write() as conn:
        before = statements.withdraw(conn, statement_id, person_id=actor.id, now=now)
        data = {"state": before.state.value}
        statements.log(conn, now, actor.id, "statement_withdrawn", statement_id, data)


def expire(store: Store, now: datetime) -> int:
    """End what has reached its expiry and say how much it was, for the worker."""
    with store.write() as conn:
        over = statements.expire(conn, now)
        for statement_id in over:
            statements.log(conn, now, access.OPERATOR_ID, "statement_expired", statement_id, {})
    return len(over)


def _proposed(
    store: Store, actor: Actor, worded: Worded, corrects: str | None, now: datetime
) -> Statement:
    access.require_person(actor, *PROPOSING)
    wanted = cleaned(worded)
    refuse_unfit(wanted, now)
    with store.write() as conn:
        _refuse_listed(statements.list_all(conn), wanted, corrects, now)
        made = statements.propose(conn, wanted, person_id=actor.id, now=now, corrects=corrects)
        data = {
            "policy": wanted.policy,
            "lang": wanted.lang,
            "expires_at": wanted.expires_at.isoformat(),
            "corrects": corrects,
        }
        statements.log(conn, now, actor.id, "statement_proposed", made.id, data)
    return made


def _refuse_listed(
    found: Sequence[Statement], wanted: Worded, corrects: str | None, now: datetime
) -> None:
    mine = {one.casefold() for one in wanted.wordings}
    for one in found:
        listed = {wording.casefold() for wording in one.worded.wordings}
        is_live = one.state.value in statements.LIVE and one.worded.expires_at > now
        if is_live and one.id != corrects and mine & listed:
            msg = f"statement {one.id} has this wording already; correct that one instead"
            raise InputError(msg)


def _is_in(line: Line, state: StatementState, now: datetime) -> bool:
    one = line.statement
    return one.state is state and one.worded.expires_at > now


def _line(
    one: Statement,
    found: Sequence[Statement],
    actor: Actor,
    known: Mapping[str, tuple[str, bool]],
    now: datetime,
) -> Line:
    live = one.worded.expires_at > now
    waits = live and one.state is StatementState.PROPOSED
    active = live and one.state is StatementState.ACTIVE
    may_end = bool(actor.roles.intersection(APPROVING))
    after = (
        other.id
        for other in found
        if other.corrects == one.id and other.approved_by is not None and not active
    )
    own = one.proposed_by == actor.id
    return Line(
        statement=one,
        proposed_by=known[one.proposed_by][0],
        approved_by=None if one.approved_by is None else known[one.approved_by][0],
        ended_by=None if one.ended_by is None else known[one.ended_by][0],
        corrected_by=next(after, None),
        own=own,
        simulated=known[one.proposed_by][1],
        may_approve=waits and may_end and not own,
        may_end=(waits or active) and may_end,
        may_correct=active and bool(actor.roles.intersection(PROPOSING)),
    )
