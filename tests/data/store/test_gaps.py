"""On which days the sources were read without a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evenhand.data.records import Gap, SourceSpec, SourceState
from evenhand.data.store import gaps, sources
from evenhand.data.store.gaps import ReadDays
from evenhand.data.store.rollups import Days

WEEK = Days(date(2026, 11, 18), date(2026, 11, 24))


@pytest.fixture
def put(store, clock):
    """Open a source that was put in some days ago, with gaps of (since, until) in days ago."""

    def putting(name, days_ago, *lost, kind="reddit", read_days_ago=0):
        now = clock.now()
        with store.write() as conn:
            made = now - timedelta(days=days_ago)
            sources.propose(conn, SourceSpec(name, kind), person_id=None, now=made)
            found = sources.get(conn, name)
            ok_at = None if read_days_ago is None else now - timedelta(days=read_days_ago)
            sources.set_state(conn, found.id, SourceState.ACTIVE, ok_at=ok_at)
            back = [tuple(x if x is None else now - timedelta(days=x) for x in one) for one in lost]
            sources.add_gaps(conn, found.id, [Gap(*one, "full") for one in back], now)
        return int(found.id)

    return putting


def read(store):
    with store.read() as conn:
        return gaps.read_days(conn, WEEK)


def test_days_with_a_gap_are_counted_once(store, put):
    """Gaps from 3 to 2 and from 2.5 to 2 days ago touch two days or three; of seven, by hand.

    Noon of the 24th less 3 days is the 21st, less 2 the 22nd, less 2.5 midnight of the 22nd.
    """
    made = put("a", 30, (3, 2), (2.5, 2))

    assert [ReadDays(made, "a", 7, 2)] == read(store)


def test_days_since_a_source_was_last_read_are_lost(store, put):
    """Last read three days ago, the days after that are lost; read yesterday, none is yet.

    What was never read is lost from the day on which it was put in, but for that very day.
    """
    down = put("a", 30, read_days_ago=3)
    late = put("b", 30, read_days_ago=1)
    never = put("c", 5, read_days_ago=None)
    fresh = put("d", 0, read_days_ago=None)

    expected = [(down, "a", 7, 3), (late, "b", 7, 0), (never, "c", 6, 6), (fresh, "d", 1, 0)]
    assert [ReadDays(*one) for one in expected] == read(store)


def test_gap_without_a_beginning_is_on_the_day_of_its_end(store, put):
    """And one that has no end either on the day on which it was noticed; what is older is out."""
    ended = put("b", 30, (None, 4))
    noticed = put("c", 30, (None, None))
    old = put("d", 30, (20, 9))
    long = put("e", 30, (20, None))

    expected = [(ended, "b", 1), (noticed, "c", 1), (old, "d", 0), (long, "e", 7)]
    assert [ReadDays(key, name, 7, lost) for key, name, lost in expected] == read(store)


def test_source_has_days_from_when_it_was_put_in(store, put):
    """Put in two days ago it has three; a file is read once and has none."""
    made = put("f", 2, (5, 1))
    put("g", 2, kind="file")

    assert [ReadDays(made, "f", 3, 2)] == read(store)
