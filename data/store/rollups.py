"""Counts for charts, kept in the transaction of what they count, and their readers.

No reader shows a cell of fewer than 10 posts or 10 authors, and civic posts are one row per day
without sentiment and without sources (safeguard 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from evenhand.data.store import dialect
from evenhand.data.tables import rollup_item, rollup_mark, rollup_post, to_micros
from evenhand.data.taxonomy import CIVIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Table

# Safeguard 3: smaller cells are not shown.
LEAST_POSTS = 10
LEAST_AUTHORS = 10
DAY = timedelta(days=1)
DAY_MICROS = 86_400_000_000
EPOCH_DAY = date(1970, 1, 1)
DRAWERS = tuple(f"{number:02d}" for number in range(64))

# Keys in the order of POST_COLUMNS and MARK_COLUMNS below.
PostCell = tuple[int, int, str, str]
MarkCell = tuple[int, str, str, str]

POST_COLUMNS = ("day", "source_id", "topic", "sentiment", "arrived", "flagged")
MARK_COLUMNS = ("day", "topic", "sentiment", "mark", "posts")
ITEM_KEYS = ("day", "queue", "label", "lang", "team_id", "source_id")
ITEM_BY = ("queue", "label", "lang")
ITEM_COUNTS = (
    "made",
    "decided",
    "harm",
    "needs_answer",
    "answered",
    "void",
    "in_time",
    "unsure",
    "skipped",
    "escalated",
)


class Step(StrEnum):
    """What an item waits for, each counted from when it was made.

    *seen* is its first claim, *decided* the decision that stands, *answered* the first response to
    an item that needs one.
    """

    SEEN = "seen"
    DECIDED = "decided"
    ANSWERED = "answered"


class Deed(StrEnum):
    """What is counted on the day on which it is done, whenever the item was made.

    *late* are those of the decided whose deadline had passed.
    """

    ARRIVED = "arrived"
    DECIDED = "decided"
    ANSWERED = "answered"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Days:
    """A window of whole days, *first* to *last*, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Arrived:
    """Posts of one day, whatever their topic."""

    day: date
    arrived: int
    flagged: int


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Items made on one day in one queue, and what became of them until now.

    *answered* counts those that need an answer and have one; a response to another item is in the
    log of responses only.
    *in_time* were decided at or before their deadline; *unsure* are those on which "not sure"
    stands; *skipped* were given back at least once.
    A key that was not asked for is "" or 0, as is the team or source of an item without one.
    """

    day: date
    queue: str
    label: str
    lang: str
    made: int
    decided: int
    harm: int
    needs_answer: int
    answered: int
    void: int
    in_time: int = 0
    unsure: int = 0
    skipped: int = 0
    escalated: int = 0
    team_id: int = 0
    source_id: int = 0


def day_of(at: datetime) -> int:
    """Number the UTC day of *at*, counted from 1970-01-01."""
    return to_micros(at) // DAY_MICROS


def day_number(day: date) -> int:
    """Number a calendar day as `day_of` does."""
    return (day - EPOCH_DAY).days


def _date(number: int) -> date:
    return EPOCH_DAY + timedelta(days=number)


def mark_of(author_ref: str | None, topic: str, sentiment: str) -> str:
    """Put an author into one of 64 drawers of a cell; "" without author and for civic posts.

    A drawer holds many authors and is another one in each cell, so it tells nobody apart; ten
    drawers in use prove that at least ten authors wrote.
    """
    if author_ref is None or topic == CIVIC:
        return ""
    words = f"{topic}\0{sentiment}\0{author_ref}".encode()
    return DRAWERS[blake2b(words, digest_size=1).digest()[0] % len(DRAWERS)]


def count_posts(
    conn: Connection,
    posts: Mapping[PostCell, tuple[int, int]],
    marks: Mapping[MarkCell, int],
) -> None:
    """Add (arrived, flagged) per cell and posts per mark; negative where an edit moved a post."""
    rows = [(*cell, *counts) for cell, counts in posts.items() if any(counts)]
    dialect.add_to_rows(conn, rollup_post, POST_COLUMNS, rows)
    changed = [(*cell, count) for cell, count in marks.items() if count]
    dialect.add_to_rows(conn, rollup_mark, MARK_COLUMNS, changed)
    if any(counts[0] < 0 for counts in posts.values()):
        conn.execute(delete(rollup_post).where(rollup_post.c.arrived == 0))
    if any(count < 0 for count in marks.values()):
        conn.execute(delete(rollup_mark).where(rollup_mark.c.posts == 0))


def arrivals(conn: Connection, days: Days) -> list[Arrived]:
    """Read how many posts came in per day, all sources and topics together, oldest first."""
    query = (
        select(rollup_post.c.day, func.sum(rollup_post.c.arrived), func.sum(rollup_post.c.flagged))
        .where(_within(rollup_post, days))
        .group_by(rollup_post.c.day)
        .order_by(rollup_post.c.day)
    )
    return [Arrived(_date(day), int(n), int(flagged)) for day, n, flagged in conn.execute(query)]


def source_arrivals(conn: Connection, days: Days) -> dict[int, list[Arrived]]:
    """Read how many posts each source gave per day, whatever their topic, to see it go silent."""
    query = (
        select(
            rollup_post.c.source_id,
            rollup_post.c.day,
            func.sum(rollup_post.c.arrived),
            func.sum(rollup_post.c.flagged),
        )
        .where(_within(rollup_post, days))
        .group_by(rollup_post.c.source_id, rollup_post.c.day)
        .order_by(rollup_post.c.source_id, rollup_post.c.day)
    )
    found: dict[int, list[Arrived]] = {}
    for source_id, day, count, flagged in conn.execute(query):
        found.setdefault(source_id, []).append(Arrived(_date(day), int(count), int(flagged)))
    return found


def items(conn: Connection, days: Days, by: Sequence[str] = ITEM_BY) -> list[ItemCounts]:
    """Read the items made per day and *by*, oldest first; *by* names keys of `ITEM_KEYS`."""
    return _items(conn, days, ("day", *by))


def item_totals(conn: Connection, days: Days, by: Sequence[str] = ITEM_BY) -> list[ItemCounts]:
    """Read the items made in the whole window per *by*; *day* is the window's first."""
    return _items(conn, days, tuple(by))


def _items(conn: Connection, days: Days, by: tuple[str, ...]) -> list[ItemCounts]:
    found = sums(conn, rollup_item, days, by, ITEM_COUNTS)
    none: dict[str, Any] = {"day": days.first, **dict.fromkeys(ITEM_BY, "")}
    return [ItemCounts(**none | one) for one in found]


def sums(
    conn: Connection,
    table: Table,
    days: Days,
    by: Sequence[str],
    counts: Sequence[str],
    *also: ColumnElement[bool],
) -> list[dict[str, Any]]:
    """Sum *counts* of a roll-up over a window *by* some of its keys, in the order of these keys.

    *also* narrows the rows down; "day" among *by* is given as a date.

    Raises:
        ValueError: *by* names no key of the table, or one twice.
    """
    known = [column.name for column in table.primary_key]
    if len(set(by)) < len(by) or not set(by) <= set(known):
        msg = f"{table.name} is summed by some of {known}, each once, not by {list(by)}"
        raise ValueError(msg)
    keys = [table.c[name] for name in by]
    summed = [func.sum(table.c[name]).label(name) for name in counts]
    query = select(*keys, *summed).where(_within(table, days), *also)
    found = []
    for row in conn.execute(query.group_by(*keys).order_by(*keys)):
        # Without a key there is one row, of an empty window too.
        if row[len(by)] is None:
            continue
        one = {name: int(row[len(by) + place]) for place, name in enumerate(counts)}
        found.append(dict(zip(by, row, strict=False)) | one)
    return [one | {"day": _date(one["day"])} if "day" in one else one for one in found]


def _within(table: Table, days: Days) -> ColumnElement[bool]:
    return table.c.day.between(day_number(days.first), day_number(days.last))


def start_of(day: date) -> datetime:
    """Give the first moment of a day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
