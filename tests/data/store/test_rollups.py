"""Roll-ups: cells too small are not shown, civic posts are one row (safeguard 3)."""

from __future__ import annotations

import inspect
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


def _volumes(store, days=DAYS, read=rollups.volumes):
    with store.read() as conn:
        return [(one.topic, one.sentiment, one.arrived, one.flagged) for one in read(conn, days)]


def test_cell_is_shown_from_ten_posts_by_ten_authors(store, make_post):
    """Ten posts by ten authors are shown, in all and of those flagged."""
    posts = [make_post(content="flood", author_ref=author) for author in _authors(9)]
    _fill(store, [*posts, make_post(content="flood scam", author_ref=_authors(10)[9])])

    assert _volumes(store) == [("disaster", "neutral", 10, 1)]
    assert _volumes(store, read=rollups.volume_totals) == [("disaster", "neutral", 10, 1)]


@pytest.mark.parametrize(("count", "authors"), [(9, 9), (30, 9), (30, 1)])
def test_cell_is_hidden_below_ten_posts_or_ten_authors(store, make_post, count, authors):
    """Nine posts, or many posts by nine authors, are not shown as a cell; the day's total is."""
    names = _authors(authors)
    posts = [make_post(content="flood", author_ref=names[n % authors]) for n in range(count)]
    _fill(store, posts)

    assert _volumes(store) == []
    assert _volumes(store, read=rollups.volume_totals) == []
    with store.read() as conn:
        assert [(one.day, one.arrived) for one in rollups.arrivals(conn, DAYS)] == [(TODAY, count)]


def test_cell_is_hidden_when_nobody_names_authors(store, make_post):
    """Posts without authors prove no ten authors."""
    _fill(store, [make_post(content="flood", author_ref=None) for _ in range(12)])

    assert _volumes(store) == []


def test_window_shows_what_no_single_day_may(store, make_post):
    """Ten authors spread over a week make a cell of the week and of none of its days."""
    for n, author in enumerate(_authors(10)):
        _fill(
            store,
            [make_post(content="flood", author_ref=author)],
            now=NOW - timedelta(days=n % 5),
        )

    assert _volumes(store, WEEK) == []
    assert _volumes(store, WEEK, rollups.volume_totals) == [("disaster", "neutral", 10, 0)]


def test_civic_posts_are_one_row_whatever_their_number(store, make_post):
    """All civic topics of all sources are one count per day, without sentiment."""
    _fill(store, [make_post(content="election happy"), make_post(content="election flood sad")])
    _fill(store, [make_post(content="election")], name="khác")

    assert _volumes(store) == [("civic", "", 3, 0)]


def test_readers_of_topics_take_no_source():
    """No function that returns topics or sentiments lets its caller pick a source or an author."""
    for reader in (rollups.volumes, rollups.volume_totals):
        assert list(inspect.signature(reader).parameters) == ["conn", "days"]
    fields = set(inspect.get_annotations(rollups.Volume))

    assert fields == {"day", "topic", "sentiment", "arrived", "flagged"}


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
