"""Posts of each topic by day, to compare the last week with the four before; never to be shown.

The counts of days are for working out ratios: a day of a topic may be one person's posts.
Whether a topic may be named at all is decided here, under the floors of safeguard 3.
No civic posts by themselves, no sources, no sentiments.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evenhand.data.store.rollups import LEAST_AUTHORS, LEAST_POSTS, day_number
from evenhand.data.tables import rollup_mark, rollup_post
from evenhand.data.taxonomy import CIVIC, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

RECENT, BEFORE = 7, 28
# These name no topic.
UNNAMED = frozenset({CIVIC, Topic.OTHER.value})


@dataclass(frozen=True, slots=True)
class Days:
    """Posts on each day of the last week, and of the four weeks before it, the oldest first.

    Days on which nothing at all came in are left out: nobody was listening.
    *is_large* says of each stretch that it has 10 posts and proof of 10 authors.
    """

    topic: str
    recent: tuple[int, ...]
    before: tuple[int, ...]
    is_large: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Weeks:
    """The days of *everything* that came in, civic posts too, and of each topic by itself."""

    everything: Days
    topics: tuple[Days, ...]


def read(conn: Connection, last: date) -> Weeks:
    """Read the five weeks that end with the day *last*."""
    turn = day_number(last - timedelta(days=RECENT - 1))
    first, end = turn - BEFORE, turn + RECENT - 1
    counts = _counts(conn, first, end)
    totals: dict[int, int] = defaultdict(int)
    for by_day in counts.values():
        for day, posts in by_day.items():
            totals[day] += posts
    heard = sorted(day for day, posts in totals.items() if posts)
    proven = _proven(conn, counts, ((first, turn - 1), (turn, end)))
    everything = _days("", totals, heard, turn)
    named = (
        _days(topic, by_day, heard, turn, proven)
        for topic, by_day in sorted(counts.items())
        if topic not in UNNAMED
    )
    return Weeks(everything, tuple(named))


def _days(
    topic: str,
    posts: Mapping[int, int],
    heard: list[int],
    turn: int,
    proven: frozenset[tuple[bool, str]] = frozenset(),
) -> Days:
    recent = tuple(posts.get(day, 0) for day in heard if day >= turn)
    before = tuple(posts.get(day, 0) for day in heard if day < turn)
    large = (
        sum(recent) >= LEAST_POSTS and (True, topic) in proven,
        sum(before) >= LEAST_POSTS and (False, topic) in proven,
    )
    return Days(topic, recent, before, large)


def _counts(conn: Connection, first: int, end: int) -> dict[str, dict[int, int]]:
    query = (
        select(rollup_post.c.topic, rollup_post.c.day, func.sum(rollup_post.c.arrived))
        .where(rollup_post.c.day.between(first, end))
        .group_by(rollup_post.c.topic, rollup_post.c.day)
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for topic, day, posts in conn.execute(query):
        found[topic][day] = int(posts)
    return found


def _proven(
    conn: Connection, counts: Mapping[str, Mapping[int, int]], stretches: Sequence[tuple[int, int]]
) -> frozenset[tuple[bool, str]]:
    """Find the topics of which one sentiment proves ten authors, by stretch.

    A mark differs from cell to cell, so only those of one cell can be counted together.
    """
    found: set[tuple[bool, str]] = set()
    for is_recent, (since, until) in zip((False, True), stretches, strict=True):
        topics = {
            topic
            for topic, by_day in counts.items()
            if sum(posts for day, posts in by_day.items() if since <= day <= until) >= LEAST_POSTS
        }
        proven = _proven_by(conn, topics - UNNAMED, (since, until))
        found.update((is_recent, topic) for topic in proven)
    return frozenset(found)


def _proven_by(conn: Connection, topics: set[str], days: tuple[int, int]) -> set[str]:
    cell = (rollup_mark.c.topic, rollup_mark.c.sentiment)
    within = rollup_mark.c.day.between(*days)
    # Ten authors of one day are ten authors of the stretch, and are cheaper to find.
    by_day = (
        select(rollup_mark.c.topic)
        .where(within)
        .group_by(rollup_mark.c.day, *cell)
        .having(func.count() >= LEAST_AUTHORS)
        .distinct()
    )
    proven = topics & set(conn.execute(by_day).scalars())
    left = topics - proven
    if left:
        over_days = (
            select(rollup_mark.c.topic)
            .where(within, rollup_mark.c.topic.in_(sorted(left)))
            .group_by(*cell)
            .having(func.count(rollup_mark.c.mark.distinct()) >= LEAST_AUTHORS)
        )
        proven |= set(conn.execute(over_days).scalars())
    return proven
