"""What waits at this moment and how old it is, read from the partial indexes of what waits.

What is read once more is no backlog: its item has been decided on.
The cost follows the length of the backlog, not the number of items ever made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, literal_column, select

from evenhand.data.store.children import IS_OWN
from evenhand.data.store.requests import UNANSWERED
from evenhand.data.tables import item

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

# Ends of the age bands; what is older than the last makes one more band.
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))
# Written out, not bound: both engines use a partial index only for these very words.
LIVE = (item.c.state == literal_column("'open'"), item.c.state == literal_column("'claimed'"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one queue.

    *by_age* counts the items made less than 1, 1-4, 4-24 and more than 24 hours ago; *overdue*
    counts those past their deadline.
    """

    queue: str
    by_age: tuple[int, ...]
    oldest_at: datetime
    overdue: int

    @property
    def items(self) -> int:
        """How many wait, of whatever age."""
        return sum(self.by_age)


def undecided(conn: Connection, now: datetime) -> list[Waiting]:
    """Count the items that wait for a decision, in somebody's hands or not, by queue."""
    return _merged(one for state in LIVE for one in _waiting(conn, state, now))


def unanswered(conn: Connection, now: datetime) -> list[Waiting]:
    """Count the decided items that wait for an answer, by queue; their age counts from the start.

    Whoever asked has waited since the item was made, not since somebody decided on it.
    """
    return _merged(_waiting(conn, UNANSWERED, now))


def bands(now: datetime) -> list[ColumnElement[bool]]:
    """Say in SQL which age band an item is in, the youngest first."""
    made = item.c.created_at
    ends = [now - age for age in AGES]
    between = (and_(made <= young, made > old) for young, old in pairwise(ends))
    return [made > ends[0], *between, made <= ends[-1]]


def _waiting(conn: Connection, which: ColumnElement[bool], now: datetime) -> list[Waiting]:
    query = (
        select(
            item.c.queue,
            func.min(item.c.created_at),
            func.sum(case((item.c.due_at <= now, 1), else_=0)),
            *(func.sum(case((band, 1), else_=0)) for band in bands(now)),
        )
        .where(which, IS_OWN)
        .group_by(item.c.queue)
    )
    return [
        Waiting(queue, tuple(int(count) for count in by_age), oldest_at, int(overdue))
        for queue, oldest_at, overdue, *by_age in conn.execute(query)
    ]


def _merged(parts: Iterable[Waiting]) -> list[Waiting]:
    """Add up the parts of each queue, in the order of the queues' names."""
    found: dict[str, Waiting] = {}
    for one in parts:
        other = found.get(one.queue)
        found[one.queue] = one if other is None else _sum(one, other)
    return [found[queue] for queue in sorted(found)]


def _sum(one: Waiting, other: Waiting) -> Waiting:
    return Waiting(
        one.queue,
        tuple(a + b for a, b in zip(one.by_age, other.by_age, strict=True)),
        min(one.oldest_at, other.oldest_at),
        one.overdue + other.overdue,
    )
