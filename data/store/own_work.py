"""What one person did today, holds, and left open: their own rows alone, for themselves alone.

There is no index by person and time, and none is needed: keys grow with time, so the first row of
a day is found by leaps back from the newest, and only the rows since then are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, select

from evenhand.data.records import Outcome
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.eligible import IS_CLAIMED, IS_OPEN, of_team
from evenhand.data.store.requests import UNANSWERED
from evenhand.data.store.reviews import REVIEW, UNDO
from evenhand.data.tables import decision, item, item_event, response

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Table

DECIDED, UNSURE, SKIPPED, ANSWERED = "decided", "unsure", "skipped", "answered"
# Each leap back from the newest row is twice as long as the one before.
FIRST_LEAP = 256
# Ends of the bands in hours from now, the first for what is past its deadline.
ENDS_H = (0, 1, 4, 8)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the person did: *kind* is one of the four words above."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Held:
    """An item under a live claim of the person, for deciding or for *answering*.

    Not why it is read: what was drawn at random is told from nothing else.
    """

    queue: str
    until: datetime
    answering: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Open and claimed items of one queue: past their deadline, then due within 1, 1-4, 4-8 h."""

    queue: str
    by_hours: tuple[int, ...]


def acts(conn: Connection, person_id: str, since: datetime) -> list[Act]:
    """List what a person decided, skipped and answered since a moment; in no order.

    A decision that they took back is none.
    """
    return [
        *_decisions(conn, person_id, since),
        *(Act(at, SKIPPED) for at in _skips(conn, person_id, since)),
        *(Act(at, ANSWERED) for at in _responses(conn, person_id, since)),
    ]


def _decisions(conn: Connection, person_id: str, since: datetime) -> list[Act]:
    query = select(decision.c.id, decision.c.kind, decision.c.outcome, decision.c.supersedes_id)
    rows = conn.execute(
        query.add_columns(decision.c.decided_at).where(
            decision.c.id > _before(conn, decision, decision.c.decided_at, since),
            decision.c.reviewer_id == int(person_id),
            decision.c.decided_at >= since,
            decision.c.kind.in_((REVIEW, UNDO)),
        )
    ).all()
    undone = {row.supersedes_id for row in rows if row.kind == UNDO}
    return [
        Act(row.decided_at, UNSURE if row.outcome == Outcome.NOT_SURE else DECIDED)
        for row in rows
        if row.kind == REVIEW and row.id not in undone
    ]


def _skips(conn: Connection, person_id: str, since: datetime) -> list[datetime]:
    query = select(item_event.c.at).where(
        item_event.c.id > _before(conn, item_event, item_event.c.at, since),
        item_event.c.actor_id == int(person_id),
        item_event.c.kind == "skipped",
        item_event.c.at >= since,
    )
    return list(conn.execute(query).scalars())


def _responses(conn: Connection, person_id: str, since: datetime) -> list[datetime]:
    query = select(response.c.logged_at).where(
        response.c.id > _before(conn, response, response.c.logged_at, since),
        response.c.given_by == int(person_id),
        response.c.logged_at >= since,
    )
    return list(conn.execute(query).scalars())


def _before(conn: Connection, table: Table, at: ColumnElement[datetime], since: datetime) -> int:
    """Find a key all of whose later rows hold everything since a moment; 0 for all rows."""
    newest = conn.execute(select(func.max(table.c.id))).scalar()
    place, leap = newest or 0, FIRST_LEAP
    while place > 0:
        place -= leap
        leap *= 2
        query = select(at).where(table.c.id <= place).order_by(table.c.id.desc()).limit(1)
        found = conn.execute(query).scalar()
        if found is not None and found < since:
            return place
    return 0


def held(conn: Connection, person_id: str, now: datetime) -> list[Held]:
    """List what a person holds, whatever runs out first at the top; not what they practise on."""
    found = []
    for answering, which in ((False, IS_CLAIMED), (True, UNANSWERED)):
        query = select(item.c.queue, item.c.claim_until).where(
            which,
            item.c.claimed_by == int(person_id),
            item.c.claim_until > now,
            item.c.purpose != Purpose.PRACTICE.value,
        )
        found += [Held(*row, answering) for row in conn.execute(query)]
    return sorted(found, key=lambda one: one.until)


def due(conn: Connection, team_id: str | None, now: datetime) -> list[Due]:
    """Count what is late or due within eight hours by queue; the team's items and nobody's.

    It is read from the indexes of what waits, up to the last of these deadlines.
    """
    ends = [now + timedelta(hours=hours) for hours in ENDS_H]
    at = item.c.due_at
    bands = [at <= ends[0], *(and_(at > low, at <= high) for low, high in pairwise(ends))]
    counts = [func.sum(case((band, 1), else_=0)) for band in bands]
    summed: dict[str, list[int]] = {}
    # One after the other: no index holds both.
    for state in (IS_OPEN, IS_CLAIMED):
        query = (
            select(item.c.queue, *counts)
            .where(state, IS_OWN, at <= ends[-1], of_team(team_id))
            .group_by(item.c.queue)
        )
        for queue, *found in conn.execute(query):
            before = summed.get(queue, [0] * len(bands))
            summed[queue] = [old + int(new) for old, new in zip(before, found, strict=True)]
    return [Due(queue, tuple(summed[queue])) for queue in sorted(summed)]


def without_result(conn: Connection, person_id: str, since: datetime) -> int:
    """Count the items whose newest response, logged since a moment, is the person's, no result.

    Items whose post was deleted are left out.
    """
    later = response.alias("later")
    query = (
        select(func.count())
        .select_from(response)
        .join(item, item.c.id == response.c.item_id)
        .where(
            response.c.id > _before(conn, response, response.c.logged_at, since),
            response.c.given_by == int(person_id),
            response.c.logged_at >= since,
            response.c.result == "",
            item.c.state == "answered",
            ~exists().where(later.c.item_id == response.c.item_id, later.c.id > response.c.id),
        )
    )
    return int(conn.execute(query).scalar_one())
