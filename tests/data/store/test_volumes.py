"""What of topics and sentiments may be shown, and that no subtraction tells the rest."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data.records import Page, SourceSpec, Upsert
from evenhand.data.store import rollups, sources, volumes
from evenhand.data.store.rollups import Days
from evenhand.data.store.volumes import withhold
from tests.fakes import FakeTagger

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
WEEK = Days(TODAY - timedelta(days=6), TODAY)


def authors(count, cell):
    """Pseudonyms that fall into *count* different drawers of a cell."""
    found = {}
    number = 0
    while len(found) < count:
        found.setdefault(rollups.mark_of(f"a{number}", *cell), f"a{number}")
        number += 1
    return list(found.values())


def written(make_post, text, cell, count, people=64):
    """Make *count* posts of one cell, by at most *people* authors in turn."""
    names = authors(min(count, people), cell)
    return [make_post(content=text, author_ref=names[n % len(names)]) for n in range(count)]


def fill(store, posts, days_ago=0):
    now = NOW - timedelta(days=days_ago)
    with store.write() as conn:
        if not sources.list_all(conn):
            sources.propose(conn, SourceSpec("s", "file"), person_id=None, now=NOW)
        source_id = sources.get(conn, "s").id
    page = Page(tuple(map(Upsert, posts)), {})
    ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=now)


def read(store, days=WEEK):
    with store.read() as conn:
        return volumes.read(conn, days)


def cells(found):
    return {(one.topic, one.sentiment): one.posts for one in found.cells}


def test_large_cells_are_shown_exactly(store, make_post):
    """Nothing is left out where no cell is small."""
    fill(store, written(make_post, "flood", ("disaster", "neutral"), 14))
    fill(store, written(make_post, "storm sad", ("weather", "negative"), 11), days_ago=2)
    found = read(store)

    assert cells(found) == {("disaster", "neutral"): 14, ("weather", "negative"): 11}
    assert (found.civic, found.withheld) == (0, 0)
    assert [(one.day, one.topic, one.posts) for one in found.days] == [
        (TODAY - timedelta(days=2), "weather", 11),
        (TODAY, "disaster", 14),
    ]


def test_single_small_cell_takes_the_next_smallest_with_it(store, make_post):
    """Three posts could be told from the total, so the twelve beside them are not shown either."""
    fill(store, written(make_post, "flood", ("disaster", "neutral"), 30))
    fill(store, written(make_post, "flood sad", ("disaster", "negative"), 12))
    fill(store, written(make_post, "flood happy", ("disaster", "positive"), 3))
    found = read(store)

    assert cells(found) == {("disaster", "neutral"): 30}
    assert found.withheld == 15


def test_small_cells_that_hide_each_other_take_no_other(store, make_post):
    """Two small cells with ten posts together need no third."""
    fill(store, written(make_post, "flood", ("disaster", "neutral"), 30))
    fill(store, written(make_post, "flood sad", ("disaster", "negative"), 6))
    fill(store, written(make_post, "storm", ("weather", "neutral"), 7))
    found = read(store)

    assert cells(found) == {("disaster", "neutral"): 30}
    assert found.withheld == 13


def test_many_posts_by_few_authors_are_not_shown(store, make_post):
    """Thirty posts by nine people are a small cell."""
    fill(store, written(make_post, "flood", ("disaster", "neutral"), 30, people=9))
    fill(store, written(make_post, "storm", ("weather", "neutral"), 40))
    found = read(store)

    assert cells(found) == {}
    assert found.withheld == 70


def test_ten_authors_of_a_week_show_the_week_and_none_of_its_days(store, make_post):
    """A cell may be large in the window and small on each day."""
    names = authors(10, ("disaster", "neutral"))
    for days_ago in range(5):
        pair = names[2 * days_ago : 2 * days_ago + 2]
        fill(store, [make_post(content="flood", author_ref=one) for one in pair], days_ago)
    found = read(store)

    assert cells(found) == {("disaster", "neutral"): 10}
    assert found.days == ()


def test_single_small_day_takes_the_next_smallest_with_it(store, make_post):
    """The week's number less its shown days would tell the one day that is left."""
    for days_ago, count in enumerate((20, 12, 4)):
        fill(store, written(make_post, "flood", ("disaster", "neutral"), count), days_ago)
    found = read(store)

    assert cells(found) == {("disaster", "neutral"): 36}
    assert [(one.day, one.posts) for one in found.days] == [(TODAY, 20)]


def test_steps_of_a_week_show_what_no_day_may(store, make_post):
    """Ten authors of one week prove the week; steps end with the window's last day."""
    names = authors(10, ("disaster", "neutral"))
    for days_ago in range(5):
        pair = names[2 * days_ago : 2 * days_ago + 2]
        fill(store, [make_post(content="flood", author_ref=one) for one in pair], days_ago)
    window = Days(TODAY - timedelta(days=9), TODAY)
    with store.read() as conn:
        found = volumes.read(conn, window, 7)

    assert [(one.day, one.posts) for one in found.days] == [(TODAY - timedelta(days=6), 10)]
    assert volumes.steps(window, 7) == [TODAY - timedelta(days=9), TODAY - timedelta(days=6)]


def test_civic_posts_are_counted_together_and_never_by_sentiment(store, make_post):
    """Civic posts have a number per day, whatever it is, and stand in no cell."""
    fill(store, [make_post(content="election happy"), make_post(content="election flood sad")])
    fill(store, [make_post(content="election")], days_ago=1)
    found = read(store)

    assert found.cells == ()
    assert (found.civic, found.withheld) == (3, 0)
    assert [(one.topic, one.posts) for one in found.days] == [("civic", 1), ("civic", 2)]


def test_days_give_no_sentiment_and_nothing_gives_a_source():
    """No caller can pick a source or an author, and no day has a sentiment."""
    assert list(inspect.signature(volumes.read).parameters) == ["conn", "days", "step"]
    assert set(inspect.get_annotations(volumes.TopicDay)) == {"day", "topic", "posts"}
    assert set(inspect.get_annotations(volumes.Cell)) == {"topic", "sentiment", "posts"}


@given(
    st.dictionaries(st.integers(0, 40), st.integers(1, 60), max_size=12),
    st.sets(st.integers(0, 40)),
)
def test_what_is_left_over_is_never_one_small_cell(posts, few_authors):
    """Whatever the cells: nothing small is shown, and the rest is no single or small number."""
    small = {key for key, count in posts.items() if count < 10 or key in few_authors}
    hidden = withhold(posts, small)

    assert small <= hidden <= set(posts)
    if hidden and hidden != set(posts):
        assert len(hidden) >= 2
        assert sum(posts[key] for key in hidden) >= 10
    if not small:
        assert hidden == set()


@given(st.lists(st.integers(10, 60), min_size=3, max_size=8, unique=True), st.integers(1, 9))
def test_more_is_withheld_only_as_far_as_needed(large, little):
    """One small cell takes exactly one more with it, the smallest."""
    posts = dict(enumerate([little, *large]))
    hidden = withhold(posts, {0})

    assert {posts[key] for key in hidden} == {little, min(large)}


@pytest.mark.parametrize("posts", [{}, {"a": 3}, {"a": 3, "b": 4}])
def test_nothing_is_shown_where_all_is_small(posts):
    """With small cells only there is nothing to add."""
    assert withhold(posts, set(posts)) == set(posts)
