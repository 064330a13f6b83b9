"""How long items waited for a step: ended, gone and open, by the day they were made.

Ended and gone are kept in the roll-up; what is open is read from what waits at this moment, so
that no roll-up needs a clock.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, literal_column, select

from evenhand.data.store import rollups
from evenhand.data.store.rollup_buckets import bucket_sql, hours_of, minutes_sql
from evenhand.data.store.rollups import DAY, EPOCH_DAY, Days, Step, start_of
from evenhand.data.tables import item, rollup_wait, to_micros
from evenhand.data.taxonomy import Request

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

BY = ("", "queue", "label", "lang", "team_id")
# Written out, not bound: both engines use a partial index only for these very words.
_OPEN = item.c.state == literal_column("'open'")
_CLAIMED = item.c.state == literal_column("'claimed'")
_UNANSWERED = and_(literal_column("item.needs_answer"), item.c.state == literal_column("'decided'"))
_ASKS = item.c.label.in_([one.value for one in Request])
# The plus keeps SQLite from walking the index of all items of their own instead.
_IS_OWN = literal_column("+item.of_item_id").is_(None)
_WAITS = {
    Step.SEEN: (and_(_OPEN, item.c.seen_at.is_(None)),),
    Step.DECIDED: (_OPEN, _CLAIMED),
    # Whoever asked waits, decided on or not: else a team would answer the sooner the fewer requests
    # it decides on.
    Step.ANSWERED: (_UNANSWERED, and_(_OPEN, _ASKS), and_(_CLAIMED, _ASKS)),
}
Waits = tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Waited:
    """Items by how long they waited, each part (hours, items) with the shortest wait first.

    *ended* reached the step, *gone* can reach it no more (the post was deleted, or a score range
    decided before anybody saw it), *open* waits still.
    The hours are the upper edge of a bucket (`rollup_buckets`).
    """

    ended: Waits
    gone: Waits
    open: Waits


def read(
    conn: Connection, days: Days, step: Step, now: datetime, by: str = ""
) -> dict[str, Waited]:
    """Read how long the items made on these days waited for *step*, by the values of a key.

    Args:
        conn: A read.
        days: When the items were made.
        step: What they waited for; *answered* is about those alone that need an answer, and those
            flagged as a request that nobody has decided on.
        now: Until when those wait that wait still.
        by: One of `BY`; "" puts all under the key "".

    Raises:
        ValueError: *by* is none of them.
    """
    if by not in BY:
        msg = f"waits are read by one of {BY}, not by {by!r}"
        raise ValueError(msg)
    ended: dict[str, Counter[int]] = {}
    gone: dict[str, Counter[int]] = {}
    keys = (by, "bucket") if by else ("bucket",)
    only = rollup_wait.c.step == step.value
    for row in rollups.sums(conn, rollup_wait, days, keys, ("ended", "gone"), only):
        key, bucket = str(row[by]) if by else "", row["bucket"]
        ended.setdefault(key, Counter())[bucket] += row["ended"]
        gone.setdefault(key, Counter())[bucket] += row["gone"]
    waiting = _open(conn, days, step, now, by)
    return {
        key: Waited(_waits(ended.get(key)), _waits(gone.get(key)), _waits(waiting.get(key)))
        for key in sorted({*ended, *waiting})
    }


def waiting(conn: Connection, step: Step, now: datetime) -> Waits:
    """Read the ages of all that waits for *step* at this moment, whenever it was made."""
    found = _open(conn, Days(EPOCH_DAY, now.date()), step, now, "")
    return _waits(found.get(""))


def _waits(counts: Counter[int] | None) -> Waits:
    pairs: Iterable[tuple[int, int]] = () if counts is None else sorted(counts.items())
    return tuple((hours_of(bucket), items) for bucket, items in pairs if items)


def _open(
    conn: Connection, days: Days, step: Step, now: datetime, by: str
) -> dict[str, Counter[int]]:
    """Count what waits at this moment by age; the cost follows how much that is."""
    found: dict[str, Counter[int]] = {}
    for which in _WAITS[step]:
        ages = (
            select(
                _key(by).label("key"),
                minutes_sql(f"({to_micros(now)} - item.created_at)").label("minutes"),
            )
            .where(
                which,
                _IS_OWN,
                item.c.created_at >= start_of(days.first),
                item.c.created_at < start_of(days.last + DAY),
            )
            .subquery("ages")
        )
        bucket = bucket_sql("ages.minutes").label("bucket")
        query = select(ages.c.key, bucket, func.count()).group_by(ages.c.key, bucket)
        for key, at, items in conn.execute(query):
            found.setdefault(str(key), Counter())[at] += items
    return found


def _key(by: str) -> ColumnElement[object]:
    if by == "team_id":
        return literal_column("coalesce(item.team_id, 0)")
    return item.c[by] if by else literal_column("''")
