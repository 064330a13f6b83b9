"""Counts for charts, kept in the transaction of what they count, and their readers.

No reader shows a cell of fewer than 10 posts or 10 authors, and civic posts are one row per day
without sentiment and without sources (safeguard 3).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import (
    Integer,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from evenhand.data.records import ItemState, Outcome
from evenhand.data.store import dialect
from evenhand.data.tables import (
    current_decision,
    decision,
    item,
    post,
    rollup_item,
    rollup_mark,
    rollup_post,
    to_micros,
)
from evenhand.data.taxonomy import CIVIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, SelectBase, Table

# Safeguard 3: smaller cells are not shown.
LEAST_POSTS = 10
LEAST_AUTHORS = 10
DAY_MICROS = 86_400_000_000
EPOCH_DAY = date(1970, 1, 1)
FIRST_SLOT = 1
DRAWERS = tuple(f"{number:02d}" for number in range(64))

# Keys in the order of POST_COLUMNS and MARK_COLUMNS below.
PostCell = tuple[int, int, str, str]
MarkCell = tuple[int, str, str, str]

POST_COLUMNS = ("day", "source_id", "topic", "sentiment", "arrived", "flagged")
MARK_COLUMNS = ("day", "topic", "sentiment", "mark", "posts")
ITEM_KEYS = ("day", "queue", "label", "lang")
ITEM_COUNTS = ("made", "decided", "harm", "needs_answer", "answered", "void")


@dataclass(frozen=True, slots=True)
class ItemCell:
    """Where an item is counted: the day it was made, its queue, label and language."""

    created_at: datetime
    queue: str
    label: str
    lang: str


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


def count_item(conn: Connection, cell: ItemCell, **deltas: int) -> None:
    """Add to the counts of one item's cell.

    Args:
        conn: The write that changes the item.
        cell: The item's own fields, as they stand in its row.
        deltas: `made`, `decided`, `harm`, `needs_answer`, `answered`, `void`; -1 takes back.
    """
    count_items(conn, {cell: deltas})


def count_items(conn: Connection, deltas: Mapping[ItemCell, Mapping[str, int]]) -> None:
    """Add to the counts of many cells; a column that is not named stays."""
    summed: dict[tuple[int, str, str, str], Counter[str]] = {}
    for cell, counts in deltas.items():
        if unknown := set(counts) - set(ITEM_COUNTS):
            msg = f"items are counted by {ITEM_COUNTS}, not by {sorted(unknown)}"
            raise ValueError(msg)
        key = (day_of(cell.created_at), cell.queue, cell.label, cell.lang)
        summed.setdefault(key, Counter()).update(counts)
    rows: list[tuple[dialect.Cell, ...]] = [
        (*key, *(counts[name] for name in ITEM_COUNTS)) for key, counts in summed.items()
    ]
    dialect.add_to_rows(conn, rollup_item, (*ITEM_KEYS, *ITEM_COUNTS), rows)
    if any(counts["made"] < 0 for counts in summed.values()):
        conn.execute(delete(rollup_item).where(rollup_item.c.made == 0))


def rebuild(conn: Connection) -> None:
    """Make all roll-ups anew from the posts, items and decisions they count."""
    # Written out, not bound: PostgreSQL groups only by what it sees to be the same.
    sentiment: ColumnElement[str] = func.coalesce(post.c.sentiment, literal_column("''"))
    cell = (post.c.day, post.c.source_id, post.c.topic, sentiment)
    counted = (func.count(), func.sum(cast(post.c.flagged, Integer)))
    _refill(conn, rollup_post, POST_COLUMNS, select(*cell, *counted).group_by(*cell))
    marked = (post.c.day, post.c.topic, sentiment, post.c.mark)
    marks = select(*marked, func.count()).where(post.c.mark != "").group_by(*marked)
    _refill(conn, rollup_mark, MARK_COLUMNS, marks)
    _refill(conn, rollup_item, (*ITEM_KEYS, *ITEM_COUNTS), _items_anew())


def _items_anew() -> SelectBase:
    # Dividing whole microseconds cuts down to whole days on both engines.
    day = literal_column(f"item.created_at / {DAY_MICROS}", Integer)
    keys = (day, item.c.queue, item.c.label, item.c.lang)
    harm = (
        select(decision.c.id)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .where(
            current_decision.c.item_id == item.c.id,
            current_decision.c.slot == FIRST_SLOT,
            decision.c.outcome == Outcome.VIOLATES.value,
        )
        .exists()
    )
    facts = (
        item.c.decided_at.is_not(None),
        harm,
        item.c.needs_answer,
        and_(item.c.needs_answer, item.c.answered_at.is_not(None)),
        item.c.state == ItemState.VOID.value,
    )
    counts = (func.sum(case((fact, 1), else_=0)) for fact in facts)
    # An item that is read once more is counted once.
    own = item.c.of_item_id.is_(None)
    return select(*keys, func.count(), *counts).where(own).group_by(*keys)


def _refill(conn: Connection, table: Table, columns: tuple[str, ...], query: SelectBase) -> None:
    conn.execute(delete(table))
    conn.execute(insert(table).from_select(columns, query))


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


def items(conn: Connection, days: Days) -> list[ItemCounts]:
    """Read the items made per day, queue, label and language, oldest first."""
    query = (
        select(rollup_item)
        .where(_within(rollup_item, days))
        .order_by(*(rollup_item.c[key] for key in ITEM_KEYS))
    )
    return [
        ItemCounts(_date(row.day), *(getattr(row, name) for name in (*ITEM_KEYS[1:], *ITEM_COUNTS)))
        for row in conn.execute(query)
    ]


def item_totals(conn: Connection, days: Days) -> list[ItemCounts]:
    """Read the items made in the whole window per queue, label and language.

    *day* is the window's first.
    """
    keys = [rollup_item.c[key] for key in ITEM_KEYS[1:]]
    counts = [func.sum(rollup_item.c[name]) for name in ITEM_COUNTS]
    query = select(*keys, *counts).where(_within(rollup_item, days)).group_by(*keys).order_by(*keys)
    return [
        ItemCounts(days.first, queue, label, lang, *(int(count) for count in counted))
        for queue, label, lang, *counted in conn.execute(query)
    ]


def _within(table: Table, days: Days) -> ColumnElement[bool]:
    return table.c.day.between(day_number(days.first), day_number(days.last))


def start_of(day: date) -> datetime:
    """Give the first moment of a day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
