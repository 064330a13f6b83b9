"""Counting whole days for the simulator, in the worker: one day at a time, in pieces.

Each of the last 28 whole days is counted when it is over, and once more every day, so that later
decisions are in; a day is written as a whole, and a kill between two days costs nothing.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from evenhand.data.store import whatif
from evenhand.data.store.rollups import Days

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from evenhand.data.store.connect import Store
    from evenhand.data.store.whatif import Counts, Key

DAY = timedelta(days=1)
# What the simulator looks back on: four whole weeks.
WINDOW_DAYS = 28
AGAIN = timedelta(hours=24)


def window(now: datetime) -> Days:
    """Give the last 28 whole days (UTC)."""
    today = now.astimezone(UTC).date()
    return Days(today - WINDOW_DAYS * DAY, today - DAY)


def count_due(store: Store, now: datetime, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Count the days that were not counted yet or a day ago; say how many."""
    days = window(now)
    with store.read() as conn:
        known = whatif.counted_at(conn, days)
        found = whatif.days_with_posts(conn, days)
    due = [day for day in found if day not in known or now - known[day] >= AGAIN]
    done = 0
    for day in due:
        if stopped() or not count_day(store, day, now, stopped=stopped):
            break
        done += 1
    return done


def count_day(
    store: Store, day: date, now: datetime, *, stopped: Callable[[], bool] = lambda: False
) -> bool:
    """Count one day as it stands and put it in the place of what was counted before.

    False, and nothing written, when it was stopped.
    """
    with store.read() as conn:
        pieces = whatif.pieces(conn, day)
    found: dict[Key, Counts] = {}
    for ids in pieces:
        if stopped():
            return False
        with store.read() as conn:
            piece = whatif.count_piece(conn, day, ids)
        for key, counts in piece.items():
            found[key] = whatif.added(found.get(key), counts)
    with store.write() as conn:
        whatif.put_day(conn, day, found, now)
    return True
