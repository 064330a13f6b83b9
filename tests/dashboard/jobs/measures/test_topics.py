"""Topics by day and by sentiment: what is not shown lies in the rest, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

from evenhand.dashboard.jobs.measures import topics
from evenhand.dashboard.jobs.measures.topics import Row, Series
from evenhand.data.store.rollups import Arrived
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


def test_series_add_up_to_what_came_in_each_day():
    """Whatever is not named is in the rest; a day without posts is 0."""
    found = topics.topics_by_day(
        volumes(
            [("health", "neutral", 30)],
            [(0, "health", 20), (1, "health", 10), (0, "civic", 3)],
            civic=3,
        ),
        [Arrived(day(0), 25, 0), Arrived(day(1), 10, 0)],
        STEPS,
    )

    assert found == [
        Series("health", (20, 10, 0)),
        Series("civic", (3, 0, 0)),
        Series(topics.REST, (2, 0, 0)),
    ]


def test_seventh_topic_and_the_topic_other_are_in_the_rest():
    """Six topics are named, the largest first; "other" names nothing."""
    names = ["health", "sport", "weather", "disaster", "economy", "education", "environment"]
    sizes = dict(zip(names, range(70, 0, -10), strict=True))
    cells = [(name, "neutral", size) for name, size in sizes.items()]
    cells.append(("other", "neutral", 500))
    found = topics.topics_by_day(
        volumes(cells, [(0, name, size) for name, _, size in cells]),
        [Arrived(day(0), 780, 0)],
        STEPS,
    )

    assert [one.topic for one in found] == [*names[:6], topics.REST]
    assert found[-1].posts == (510, 0, 0)


def test_topic_with_too_many_hidden_days_is_in_the_rest():
    """A topic of 40 posts is drawn with 30 of them on shown days, and not with 29."""
    for shown, named in ((30, True), (29, False)):
        found = topics.topics_by_day(
            volumes([("health", "neutral", 40)], [(0, "health", shown)]),
            [Arrived(day(0), 40, 0)],
            STEPS,
        )

        assert ("health" in [one.topic for one in found]) is named
        assert sum(one.posts[0] for one in found) == 40


def test_no_posts_give_no_series():
    """An empty window has nothing to draw."""
    assert topics.topics_by_day(volumes(), [], STEPS) == []


def test_weeks_gather_the_posts_of_their_days():
    """Six posts of the first week's days and two of the second's."""
    weeks = [FIRST - timedelta(days=7), FIRST]
    came = [Arrived(day(number), 2, 0) for number in (-7, -3, -1, 0)]
    found = topics.topics_by_day(volumes(), came, weeks)

    assert found == [Series(topics.REST, (6, 2))]


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
