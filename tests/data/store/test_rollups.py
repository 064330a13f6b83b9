"""Roll-ups: cells too small are not shown, civic posts are one row (safeguard 3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.records import Page, SourceSpec, Upsert
from evenhand.data.store import rollups, sources
from evenhand.data.store.rollups import Days, ItemCell
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


def test_item_counts_add_up_and_are_taken_back(store):
    """Counting is additive; a cell whose items all moved away is gone."""
    cell = ItemCell(NOW, "harm", "spam", "vi")
    with store.write() as conn:
        rollups.count_item(conn, cell, made=1)
        rollups.count_item(conn, cell, decided=1, harm=1)
        rollups.count_item(conn, cell, decided=-1, harm=-1)
    with store.read() as conn:
        found = rollups.items(conn, DAYS)
    assert [(one.made, one.decided, one.harm) for one in found] == [(1, 0, 0)]
    with store.write() as conn:
        rollups.count_item(conn, cell, made=-1)
        assert conn.execute(select(tables.rollup_item)).all() == []
        with pytest.raises(ValueError, match="counted by"):
            rollups.count_item(conn, cell, liked=1)


def test_item_totals_are_the_sums_of_the_days(store):
    """Two days of one cell are one row of the window; other cells stay apart."""
    with store.write() as conn:
        for ago, label in ((0, "spam"), (3, "spam"), (3, "hate"), (30, "spam")):
            cell = ItemCell(NOW - timedelta(days=ago), "harm", label, "vi")
            rollups.count_item(conn, cell, made=2, decided=1, void=1)
    with store.read() as conn:
        found = rollups.item_totals(conn, WEEK)

    assert [(one.label, one.made, one.decided, one.void) for one in found] == [
        ("hate", 2, 1, 1),
        ("spam", 4, 2, 2),
    ]
    assert {one.day for one in found} == {WEEK.first}
