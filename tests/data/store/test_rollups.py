"""Roll-ups: cells too small are not shown, civic posts are one row (safeguard 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.records import Page, SourceSpec, Upsert
from evenhand.data.store import rollup_counted, rollups, sources
from evenhand.data.store.rollup_counted import TABLES as ITEM_TABLES
from evenhand.data.store.rollup_counted import Counted, Stands
from evenhand.data.store.rollups import DAY, Days
from tests.fakes import FakeTagger

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAYS = Days(TODAY, TODAY)
WEEK = Days(TODAY - timedelta(days=6), TODAY)


def _authors(count, cell=("disaster", "neutral")):
    """Pseudonyms that fall into *count* different drawers of a cell."""
    found = {}
    number = 0
    while len(found) < count:
        found.setdefault(rollups.mark_of(f"a{number}", *cell), f"a{number}")
        number += 1
    return list(found.values())


def _fill(store, posts, name="s", now=NOW):
    with store.write() as conn:
        known = [one.name for one in sources.list_all(conn)]
        if name not in known:
            sources.propose(conn, SourceSpec(name, "file"), person_id=None, now=NOW)
        source_id = sources.get(conn, name).id
    page = Page(tuple(map(Upsert, posts)), {})
    ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=now)


def test_day_is_counted_however_few_its_posts_and_authors(store, make_post):
    """What may not be shown as a cell is still part of the day's total."""
    _fill(store, [make_post(content="flood", author_ref=None) for _ in range(9)])

    with store.read() as conn:
        assert [(one.day, one.arrived) for one in rollups.arrivals(conn, DAYS)] == [(TODAY, 9)]


def test_post_is_counted_on_the_day_it_arrives(store, make_post):
    """An archive of old posts counts on the day of its import, like the items made of it."""
    _fill(store, [make_post(content="scam", published_at=NOW - timedelta(days=4_000))])
    with store.read() as conn:
        posts, items = rollups.arrivals(conn, WEEK), rollups.items(conn, WEEK)

    assert [(one.day, one.arrived, one.flagged) for one in posts] == [(TODAY, 1, 1)]
    assert [(one.day, one.made) for one in items] == [(TODAY, 1)]


def test_source_totals_have_no_topic(store, make_post):
    """Per source there is only one number a day, civic posts among it."""
    _fill(store, [make_post(content="election"), make_post(content="flood")])
    with store.read() as conn:
        found = rollups.source_arrivals(conn, DAYS)

    assert [(one.day, one.arrived) for one in found[1]] == [(TODAY, 2)]


def test_mark_names_nobody():
    """A drawer holds many authors, and the same author lies in other drawers of other cells."""
    people = [f"a{n}" for n in range(1_000)]
    here = [rollups.mark_of(one, "health", "neutral") for one in people]
    there = [rollups.mark_of(one, "health", "negative") for one in people]

    assert min(here.count(mark) for mark in set(here)) > 1
    assert len(set(zip(here, there, strict=True))) > 64
    assert rollups.mark_of(None, "health", "neutral") == ""
    assert rollups.mark_of("a", "civic", "") == ""


def _counted(ago=0, label="spam", **changes):
    """An item of some days ago as roll-ups count it."""
    made = NOW - timedelta(days=ago)
    fields = {
        "created_at": made,
        "queue": "harm",
        "label": label,
        "lang": "vi",
        "team_id": 7,
        "source_id": None,
        "due_at": made + timedelta(days=1),
    }
    return Counted(**(fields | changes))


def test_item_counts_add_up_and_are_taken_back(store):
    """What a change takes away is gone; a row that counts nothing any more is dropped."""
    one = _counted()
    done = replace(one, decided_at=NOW + timedelta(hours=1), stands=Stands("violates", ("spam",)))
    with store.write() as conn:
        rollup_counted.count(conn, [(None, one), (None, one)])
        rollup_counted.count(conn, [(one, done)])
    with store.read() as conn:
        [found] = rollups.items(conn, DAYS)
    assert (found.made, found.decided, found.harm, found.in_time) == (2, 1, 1, 1)
    with store.write() as conn:
        rollup_counted.count(conn, [(done, one)])
        [found] = rollups.items(conn, DAYS)
        assert (found.made, found.decided, found.harm, found.in_time) == (2, 0, 0, 0)
        assert conn.execute(select(tables.rollup_outcome)).all() == []
        rollup_counted.count(conn, [(one, None), (one, None)])
        for table in ITEM_TABLES:
            assert conn.execute(select(table)).all() == []


def test_item_totals_are_the_sums_of_the_days(store):
    """Two days of one cell are one row of the window; other cells stay apart."""
    with store.write() as conn:
        for ago, label in ((0, "spam"), (3, "spam"), (3, "hate"), (30, "spam")):
            one = _counted(ago, label)
            gone = replace(one, is_void=True, void_at=NOW)
            rollup_counted.count(conn, [(None, gone), (None, replace(one, decided_at=NOW))])
    with store.read() as conn:
        found = rollups.item_totals(conn, WEEK)

    assert [(one.label, one.made, one.decided, one.void) for one in found] == [
        ("hate", 2, 1, 1),
        ("spam", 4, 2, 2),
    ]
    assert {one.day for one in found} == {WEEK.first}


def test_items_are_summed_by_the_keys_that_are_asked_for(store):
    """Teams and sources are apart where they are asked for, and one row where they are not."""
    teams = [_counted(team_id=7), _counted(team_id=8, source_id=3), _counted(3, team_id=8)]
    with store.write() as conn:
        rollup_counted.count(conn, [(None, one) for one in teams])
    with store.read() as conn:
        by_team = rollups.item_totals(conn, WEEK, by=("team_id",))
        by_day = rollups.items(conn, WEEK, by=())
        by_source = rollups.item_totals(conn, WEEK, by=("source_id", "queue"))
        empty = rollups.item_totals(conn, Days(TODAY + DAY, TODAY + DAY), by=())
        with pytest.raises(ValueError, match="is summed by some of"):
            rollups.items(conn, WEEK, by=("author",))

    assert [(one.team_id, one.queue, one.made) for one in by_team] == [(7, "", 1), (8, "", 2)]
    assert [(one.day, one.made) for one in by_day] == [(TODAY - 3 * DAY, 1), (TODAY, 2)]
    assert [(one.source_id, one.queue, one.made) for one in by_source] == [
        (0, "harm", 2),
        (3, "harm", 1),
    ]
    assert empty == []
