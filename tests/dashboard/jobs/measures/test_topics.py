"""Topics by day and by sentiment: what is not shown is neither a zero nor in a sum."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evenhand.dashboard.jobs.measures import topics
from evenhand.dashboard.jobs.measures.topics import Row, Series
from evenhand.data.store.volumes import Cell, TopicDay, Volumes

FIRST = date(2026, 11, 22)
STEPS = [FIRST + timedelta(days=number) for number in range(3)]


def day(number):
    return FIRST + timedelta(days=number)


def volumes(cells=(), days=(), civic=0, withheld=0):
    return Volumes(
        tuple(Cell(*one) for one in cells),
        tuple(TopicDay(day(number), topic, posts) for number, topic, posts in days),
        civic,
        withheld,
    )


def test_topics_are_listed_by_size_and_a_step_without_a_number_is_none():
    """Neither "other" nor civic posts are a topic; a day that is not shown is no 0."""
    found = topics.by_step(
        volumes(
            [("health", "neutral", 30), ("sport", "neutral", 40), ("other", "neutral", 99)],
            [
                *((0, "health", 20), (1, "health", 10), (1, "sport", 40)),
                *((0, "civic", 3), (0, "other", 99)),
            ],
            civic=3,
        ),
        STEPS,
    )

    assert found == [Series("sport", (None, 40, None)), Series("health", (20, 10, None))]


def test_topic_with_too_many_hidden_days_is_not_drawn():
    """A topic of 40 posts is drawn with 20 of them on shown days, and not with 19."""
    for shown, named in ((20, True), (19, False)):
        found = topics.by_step(volumes([("health", "neutral", 40)], [(0, "health", shown)]), STEPS)

        assert ("health" in [one.topic for one in found]) is named


@pytest.mark.parametrize(("shown", "most"), [(30, True), (29, False)])
def test_days_show_most_where_half_of_the_posts_of_topics_are_drawn(shown, most):
    """Of 60 posts 30 are half; those of "other" and civic ones count on neither side."""
    found = volumes(
        [("health", "neutral", shown), ("sport", "neutral", 60 - shown), ("other", "", 500)],
        [(0, "health", shown), (0, "other", 500), (0, "civic", 90)],
        civic=90,
    )

    assert topics.shows_most(found) is most


def test_nothing_shows_nothing():
    """An empty window has nothing to draw."""
    assert topics.by_step(volumes(), STEPS) == []
    assert topics.shows_most(volumes()) is False


def test_civic_posts_are_counted_by_step():
    """A day without any is 0: there is nothing to hide."""
    found = volumes(days=[(0, "civic", 3), (2, "civic", 1), (0, "health", 20)], civic=4)

    assert topics.civic_by_step(found, STEPS) == (3, 0, 1)


def test_tones_list_topics_by_size_with_dashes_for_what_is_not_shown():
    """A cell that is missing is None and never 0."""
    found = topics.tones(
        volumes(
            [
                ("health", "negative", 12),
                ("sport", "neutral", 30),
                ("sport", "positive", 10),
                ("weather", "", 11),
            ],
            withheld=14,
        ),
    )

    assert found == [
        Row("sport", (None, 30, 10, None)),
        Row("health", (12, None, None, None)),
        Row("weather", (None, None, None, 11)),
    ]
    assert topics.withheld(volumes(withheld=14)) == 14
