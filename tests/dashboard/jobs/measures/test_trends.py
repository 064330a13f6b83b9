"""The trends page's numbers are what plain SQL counts, on both engines, for whoever works here."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from math import sqrt

import pytest
from sqlalchemy import text

from evenhand.dashboard.jobs.measures.trends import trends
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Actor
from evenhand.data.store import rollups
from tests.coverage_floor import count, fill


@pytest.mark.parametrize("days", [7, 28])
def test_trends_show_what_sql_counts(store, actors, clock, days):
    """Most posts of a topic are in its points, all civic ones in theirs; the cells add up."""
    fill(store, actors.an, clock.now(), days=9)
    found = trends(store, actors.leader, days, clock.now())
    first = {"first": rollups.day_number(found.window.first)}

    posts = "SELECT count(*) FROM post WHERE day >= :first"
    civic = count(store, f"{posts} AND civic", **first)
    assert found.arrived == count(store, posts, **first) > 0
    assert found.civic == sum(found.civic_by_day) == civic > 0
    of_topics = {one.topic: one.posts for one in found.volumes}
    for topic, posts_shown in of_topics.items():
        of_topic = count(store, f"{posts} AND topic = :topic", topic=topic, **first)
        assert of_topic / 2 <= posts_shown <= of_topic
    shown = sum(posts or 0 for one in found.tones for posts in one.row.posts)
    assert shown + found.withheld + found.civic == found.arrived


def test_ratios_are_those_of_a_slow_recount(store, actors, clock):
    """Posts by day and topic out of the posts themselves, and the formula written out again."""
    now = clock.now()
    fill(store, actors.an, now, days=24)
    found = trends(store, actors.leader, 28, now).changes
    today = rollups.day_number(now.date())
    by_day = defaultdict(lambda: defaultdict(int))
    query = "SELECT topic, day, count(*) FROM post WHERE NOT civic GROUP BY topic, day"
    with store.read() as conn:
        for topic, day, posts in conn.execute(text(query)):
            by_day[topic][day] = posts

    assert found.topics
    for one in found.topics:
        recent = [by_day[one.topic][day] for day in range(today - 7, today)]
        before = [by_day[one.topic][day] for day in range(today - 23, today - 7)]
        means = sum(recent) / 7, sum(before) / 16
        spread = sum((y - means[0]) ** 2 for y in recent) / means[0]
        spread += sum((y - means[1]) ** 2 for y in before) / means[1]
        error = sqrt(max(1, spread / 21) * (1 / sum(recent) + 1 / sum(before)))
        ratio = means[0] / means[1]
        assert one.ratio == float(f"{ratio:.2g}")
        assert (one.recent, one.before) == (round(means[0]), round(means[1]))
        # Wider than that of one topic alone: Student's 97.5 % for 21 is 2.0796.
        assert one.low <= ratio * 2.7183 ** (-2.0796 * error) + 0.05
        assert one.high >= ratio * 2.7183 ** (2.0796 * error) - 0.05


def test_civic_posts_are_compared_with_nothing(store, actors, clock):
    """Neither among the ratios nor among the topics, nor with a sentiment."""
    fill(store, actors.an, clock.now(), days=24)
    found = trends(store, actors.leader, 28, clock.now())

    named = {one.topic for one in (*found.changes.topics, *found.volumes)}
    named |= {*found.changes.fresh, *(one.row.topic for one in found.tones)}
    assert named.isdisjoint({"civic", "politics", "religion", "labour", "conflict", "society"})


def test_trends_read_no_day_outside_the_window(store, actors, clock):
    """What came in before is not counted."""
    fill(store, actors.an, clock.now() - timedelta(days=60), days=2)
    found = trends(store, actors.leader, 28, clock.now())

    assert (found.arrived, found.volumes, found.tones, found.civic) == (0, (), (), 0)
    assert found.changes.everything is None
    assert trends(store, actors.leader, 90, clock.now()).arrived > 0


def test_trends_are_open_to_every_role_and_to_nobody_without(store, actors, clock):
    """Everybody who works here may see what people write about."""
    for actor in vars(actors).values():
        assert trends(store, actor, 28, clock.now()).arrived == 0
    with pytest.raises(NotAllowed):
        trends(store, Actor(id="9", name="x", roles=frozenset()), 28, clock.now())
