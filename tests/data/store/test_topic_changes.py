"""Days of topics for comparing: which topics may be named, and which days count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evenhand.data.records import SourceSpec
from evenhand.data.store import rollups, sources, topic_changes

LAST = date(2026, 11, 23)


@pytest.fixture
def put(store, clock):
    """Count posts of a cell on a day so many days before the last."""
    with store.write() as conn:
        sources.propose(conn, SourceSpec("s", "file"), person_id=None, now=clock.now())
        source_id = int(sources.get(conn, "s").id)

    def putting(topic, ago, posts, *, sentiment="neutral", people=10):
        day = rollups.day_number(LAST - timedelta(days=ago))
        marks = {(day, topic, sentiment, f"{n:02d}"): 1 for n in range(min(people, posts))}
        with store.write() as conn:
            cell = (day, source_id, topic, sentiment)
            rollups.count_posts(conn, {cell: (posts, 0)}, marks)

    return putting


def read(store):
    with store.read() as conn:
        return topic_changes.read(conn, LAST)


def test_days_are_split_at_the_week_and_summed_over_sentiments(store, put):
    """The last day and the sixth before it are recent; the seventh and the 34th are before."""
    for ago, posts in ((0, 11), (6, 12), (7, 13), (34, 14), (35, 99), (-1, 99)):
        put("health", ago, posts)
    put("health", 0, 5, sentiment="negative")
    found = read(store)

    (health,) = found.topics
    assert (health.recent, health.before) == ((12, 16), (14, 13))
    assert health.is_large == (True, True)
    assert found.everything.recent == (12, 16)


def test_days_without_any_post_are_left_out_and_days_of_others_are_zero(store, put):
    """Where something else came in somebody was listening: none of the topic is a 0."""
    put("health", 0, 12)
    put("sport", 3, 20)
    found = {one.topic: one for one in read(store).topics}

    assert found["health"].recent == (0, 12)
    assert found["sport"].recent == (20, 0)
    assert found["health"].before == ()


def test_civic_posts_and_other_count_in_the_whole_alone(store, put):
    """Neither is a topic whose change could be told."""
    put("civic", 1, 40, sentiment="")
    put("other", 1, 30)
    found = read(store)

    assert found.topics == ()
    assert found.everything.recent == (70,)


@pytest.mark.parametrize(("posts", "people"), [(9, 9), (40, 9)])
def test_few_posts_or_few_authors_are_not_large(store, put, posts, people):
    """A stretch is named from 10 posts and proof of 10 authors on, each by itself."""
    put("health", 1, posts, people=people)
    put("health", 20, 25)
    (found,) = read(store).topics

    assert found.is_large == (False, True)


def test_authors_of_several_days_prove_a_stretch_and_those_of_two_cells_do_not(store, put):
    """Marks of one cell are compared over days; those of another say nothing of the same people."""
    put("health", 1, 6, people=6)
    put("health", 2, 12, people=10)
    put("sport", 1, 6, people=6)
    put("sport", 1, 9, sentiment="negative", people=9)
    found = {one.topic: one.is_large[0] for one in read(store).topics}

    assert found == {"health": True, "sport": False}
