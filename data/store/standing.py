"""What waits by queue, label and language, and who holds how much at this moment.

Both are read from the partial indexes of what waits, so their cost follows the backlog.
What is read once more is no backlog; in somebody's hands it counts like any other item, so that
nobody can tell it apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from evenhand.data.records import Role
from evenhand.data.store import backlog
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.eligible import IS_CLAIMED, IS_OPEN, seen_by
from evenhand.data.store.requests import UNANSWERED
from evenhand.data.tables import item, membership, person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for a decision under one queue, label and language.

    *by_age* counts them by the bands of the backlog; *held* are in somebody's hands, *overdue* past
    their deadline, *escalated* skipped three times.
    """

    queue: str
    label: str
    lang: str
    by_age: tuple[int, ...]
    held: int
    overdue: int
    escalated: int
    oldest_at: datetime

    @property
    def items(self) -> int:
        """How many wait, of whatever age."""
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Presence:
    """What one person holds: items to read since *since*, and items to answer.

    *since* is when the oldest of those read was taken; None where none is.
    """

    name: str
    reading: int
    answering: int
    since: datetime | None


def waits(conn: Connection, team_id: str | None, now: datetime) -> list[Waits]:
    """Count what waits, by queue, label and language.

    Args:
        conn: A read.
        team_id: Whose items; None means all teams'.  Fast ones are seen whosesoever they are.
        now: The time.
    """
    found: dict[tuple[str, str, str], Waits] = {}
    for which in (IS_OPEN, IS_CLAIMED):
        for one in _waits(conn, which, team_id, now):
            key = (one.queue, one.label, one.lang)
            found[key] = _sum(found[key], one) if key in found else one
    return [found[key] for key in sorted(found)]


def _waits(
    conn: Connection, which: ColumnElement[bool], team_id: str | None, now: datetime
) -> list[Waits]:
    keys = (item.c.queue, item.c.label, item.c.lang)
    counted = (item.c.claim_until > now, item.c.due_at <= now, item.c.escalated)
    sums = [func.sum(case((fact, 1), else_=0)) for fact in (*counted, *backlog.bands(now))]
    query = (
        select(*keys, func.min(item.c.created_at), *sums)
        .where(which, IS_OWN, seen_by(team_id))
        .group_by(*keys)
    )
    found = []
    for queue, label, lang, oldest_at, *summed in conn.execute(query):
        held, overdue, escalated, *by_age = (int(count) for count in summed)
        found.append(Waits(queue, label, lang, tuple(by_age), held, overdue, escalated, oldest_at))
    return found


def _sum(one: Waits, other: Waits) -> Waits:
    return Waits(
        one.queue,
        one.label,
        one.lang,
        tuple(a + b for a, b in zip(one.by_age, other.by_age, strict=True)),
        one.held + other.held,
        one.overdue + other.overdue,
        one.escalated + other.escalated,
        min(one.oldest_at, other.oldest_at),
    )


def present(conn: Connection, team_id: str | None, now: datetime) -> list[Presence]:
    """List who holds items under a live claim, by name; people of the team, or of all teams.

    Nothing here says how fast anybody works, and the order is that of the names.
    """
    theirs = person.c.id.is_not(None)
    if team_id is not None:
        theirs = person.c.id.in_(
            select(membership.c.person_id).where(membership.c.team_id == int(team_id))
        )
    found: dict[str, Presence] = {}
    for which, is_reading in ((IS_CLAIMED, True), (UNANSWERED, False)):
        query = (
            select(person.c.name, func.count(), func.min(item.c.state_at))
            .join(person, person.c.id == item.c.claimed_by)
            .where(which, item.c.claim_until > now, theirs)
            .group_by(person.c.name)
        )
        for name, count, since in conn.execute(query):
            if is_reading:
                found[name] = Presence(name, count, 0, since)
            else:
                before = found.get(name, Presence(name, 0, 0, None))
                found[name] = Presence(name, before.reading, count, before.since)
    return [found[name] for name in sorted(found)]


def reviewers(conn: Connection, team_id: str | None) -> int:
    """Count the people who may take items: reviewers and coordinators, not those shut out."""
    roles: Sequence[str] = (Role.REVIEWER.value, Role.COORDINATOR.value)
    query = (
        select(func.count(membership.c.person_id.distinct()))
        .join(person, person.c.id == membership.c.person_id)
        .where(membership.c.role.in_(roles), person.c.disabled_at.is_(None))
    )
    if team_id is not None:
        query = query.where(membership.c.team_id == int(team_id))
    return int(conn.execute(query).scalar_one())
