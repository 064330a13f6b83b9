"""On which days the sources were read without a gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from evenhand.data.records import SourceState
from evenhand.data.store import rollups
from evenhand.data.tables import gap, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection

    from evenhand.data.store.rollups import Days

DAY = timedelta(days=1)
READ = (SourceState.ACTIVE.value, SourceState.WAITING.value, SourceState.FAILING.value)
# A file is read once and has no days.
ONCE = "file"


@dataclass(frozen=True, slots=True)
class ReadDays:
    """Of *days* days on which one source was to be read, so many had a gap."""

    source_id: int
    name: str
    days: int
    with_gap: int


def read_days(conn: Connection, days: Days) -> list[ReadDays]:
    """Count the days of the window by source, from the one on which the source was put in.

    A gap whose beginning nobody knows is on the day of its end, or on the day it was noticed.
    Days since a source was last read are lost until it is read again, whatever is noted then; the
    window's last day is not over, and is lost with the one before it only.
    """
    first, end = rollups.start_of(days.first), rollups.start_of(days.last + DAY)
    lost: dict[int, set[date]] = {}
    query = select(gap.c.source_id, gap.c.since, gap.c.until, gap.c.seen_at).where(
        gap.c.seen_at >= first, or_(gap.c.since.is_(None), gap.c.since < end)
    )
    for source_id, since, until, seen_at in conn.execute(query):
        last = until or seen_at
        begin = max(since or last, first)
        lost.setdefault(source_id, set()).update(_days(begin.date(), min(last, end).date()))
    known = (source.c.id, source.c.name, source.c.created_at, source.c.last_ok_at)
    there = select(*known).where(
        source.c.state.in_(READ), source.c.kind != ONCE, source.c.created_at < end
    )
    found = []
    for source_id, name, created_at, last_ok_at in conn.execute(there.order_by(source.c.name)):
        begun = max(days.first, created_at.date())
        unread = created_at.date() if last_ok_at is None else last_ok_at.date() + DAY
        of_source = lost.setdefault(source_id, set())
        if unread < days.last:
            of_source.update(_days(max(begun, unread), days.last))
        in_window = {day for day in of_source if begun <= day <= days.last}
        found.append(ReadDays(source_id, name, (days.last - begun).days + 1, len(in_window)))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
