"""How long posts stayed after their platform had deleted them, by the day that became known.

Counted in the transaction that erases; what is still held is read from a partial index, which is
empty unless something went wrong.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, case, func, literal_column, select

from evenhand.data.store import dialect, rollups
from evenhand.data.store.rollup_buckets import bucket_of, bucket_sql, hours_of, minutes_sql
from evenhand.data.store.rollups import DAY, DAY_MICROS, day_of, start_of
from evenhand.data.tables import post, rollup_purge, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from evenhand.data.store.rollup_waits import Waits
    from evenhand.data.store.rollups import Days

NAMES = ("day", "source_id", "counted_from", "bucket", "posts", "texts")
# Written out, not bound: both engines use the partial index only for these very words.
_HELD: ColumnElement[bool] = literal_column(
    "post.deleted_at IS NOT NULL AND post.text_erased_at IS NULL"
)
_SINCE = "CASE WHEN post.platform_deleted_at IS NULL THEN 'learned' ELSE 'platform' END"
_BEGAN = """CASE WHEN post.platform_deleted_at < post.deleted_at
    THEN post.platform_deleted_at ELSE post.deleted_at END"""
# What retention had erased before was not there to be purged.
_ENDED = """CASE WHEN post.text_erased_at > post.deleted_at
    THEN post.text_erased_at ELSE post.deleted_at END"""


class Since(StrEnum):
    """From when a purge is counted: the platform's deletion, or the moment it became known."""

    PLATFORM = "platform"
    LEARNED = "learned"


class Erased(NamedTuple):
    """A post that is erased now: its source, the platform's time, and whether text was held."""

    source_id: int
    platform_deleted_at: datetime | None
    with_text: bool


@dataclass(frozen=True, slots=True)
class Purged:
    """Deleted posts by how long they stayed: *ended* and *open* as (hours, posts).

    *texts* counts those of the ended whose text was held until then.
    """

    ended: Waits = ()
    open: Waits = ()
    texts: int = 0


def count(conn: Connection, erased: Iterable[Erased], now: datetime) -> None:
    """Add posts that are erased in this transaction."""
    sums: dict[tuple[int, int, str, int], tuple[int, int]] = {}
    for one in erased:
        at = one.platform_deleted_at
        since = Since.LEARNED if at is None else Since.PLATFORM
        bucket = 0 if at is None else bucket_of(to_micros(now) - to_micros(at))
        key = (day_of(now), one.source_id, since.value, bucket)
        posts, texts = sums.get(key, (0, 0))
        sums[key] = (posts + 1, texts + int(one.with_text))
    rows = [(*key, *counts) for key, counts in sums.items()]
    dialect.add_to_rows(conn, rollup_purge, NAMES, rows)


def read(conn: Connection, days: Days, now: datetime) -> dict[Since, Purged]:
    """Read the deletions that became known on these days, by what they are counted from."""
    ended: dict[str, Counter[int]] = {one.value: Counter() for one in Since}
    texts: Counter[str] = Counter()
    for row in rollups.sums(
        conn, rollup_purge, days, ("counted_from", "bucket"), ("posts", "texts")
    ):
        ended[row["counted_from"]][row["bucket"]] += row["posts"]
        texts[row["counted_from"]] += row["texts"]
    held = _open(conn, days, now)
    return {
        one: Purged(_waits(ended[one.value]), _waits(held.get(one.value)), texts[one.value])
        for one in Since
    }


def anew() -> Select[Any]:
    """Select what the roll-up must hold."""
    gone = (
        select(
            literal_column(f"post.deleted_at / {DAY_MICROS}", Integer).label("day"),
            post.c.source_id,
            literal_column(_SINCE).label("counted_from"),
            minutes_sql(f"(({_ENDED}) - ({_BEGAN}))").label("minutes"),
            case((post.c.text_erased_at >= post.c.deleted_at, 1), else_=0).label("with_text"),
        )
        .where(post.c.deleted_at.is_not(None), post.c.text_erased_at.is_not(None))
        .subquery("gone")
    )
    bucket = bucket_sql("gone.minutes").label("bucket")
    keys = (gone.c.day, gone.c.source_id, gone.c.counted_from, bucket)
    return select(*keys, func.count(), func.sum(gone.c.with_text)).group_by(*keys)


def _open(conn: Connection, days: Days, now: datetime) -> dict[str, Counter[int]]:
    since: ColumnElement[str] = literal_column(_SINCE)
    passed = literal_column(f"{to_micros(now)} - ({_BEGAN})", Integer)
    query = select(since, passed).where(
        _HELD,
        post.c.deleted_at >= start_of(days.first),
        post.c.deleted_at < start_of(days.last + DAY),
    )
    found: dict[str, Counter[int]] = {}
    for key, micros in conn.execute(query):
        found.setdefault(key, Counter())[bucket_of(int(micros))] += 1
    return found


def _waits(counts: Counter[int] | None) -> Waits:
    pairs = () if counts is None else sorted(counts.items())
    return tuple((hours_of(bucket), posts) for bucket, posts in pairs if posts)
