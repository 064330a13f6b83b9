"""What people wrote about: topics by day, topics and sentiments of the whole window."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data.taxonomy import CIVIC, Sentiment, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evenhand.data.store.rollups import Arrived
    from evenhand.data.store.volumes import Volumes

WEEK = 7
# With civic and the rest eight series: more could not be told apart.
MOST_TOPICS = 6
# A topic that is drawn on some of its days only would seem to come and go.
LEAST_SHOWN = 0.75
REST = ""
# The last is "no sentiment": a text too short to have one.
TONES = (Sentiment.NEGATIVE.value, Sentiment.NEUTRAL.value, Sentiment.POSITIVE.value, "")


@dataclass(frozen=True, slots=True)
class Series:
    """Posts in each step of the window of one topic, of "civic", or of the rest ("")."""

    topic: str
    posts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One topic with its posts by sentiment in the order of TONES; None is not shown."""

    topic: str
    posts: tuple[int | None, ...]


def names_a_topic(volumes: Volumes) -> bool:
    """Say whether some topic may be drawn by itself."""
    return bool(_named(volumes))


def topics_by_day(
    volumes: Volumes, arrived: Sequence[Arrived], steps: Sequence[date]
) -> list[Series]:
    """Posts that came in by day and topic: the largest six topics, civic posts, and the rest.

    Where days are too small to name any topic, each bar is a week that begins on its date.
    Civic posts (politics, religion, labour, conflict, society) are counted together.
    Whatever is not shown by itself counts in the rest: smaller topics, the cells of the table of
    topics and sentiments that are not shown, days (or weeks) of a topic with under 10 posts or
    without proof of 10 authors, and topics with more than a quarter of their posts on such days.
    """
    by_day = {(one.topic, one.day): one.posts for one in volumes.days}
    named = [*_named(volumes), *([CIVIC] if volumes.civic else [])]
    series = [Series(name, tuple(by_day.get((name, day), 0) for day in steps)) for name in named]
    totals = [0] * len(steps)
    for one in arrived:
        totals[bisect_right(steps, one.day) - 1] += one.arrived
    rest = tuple(
        total - sum(one.posts[number] for one in series) for number, total in enumerate(totals)
    )
    return [*series, Series(REST, rest)] if any(rest) else series


def _named(volumes: Volumes) -> list[str]:
    sums: Counter[str] = Counter()
    for one in volumes.days:
        sums[one.topic] += one.posts
    in_all: Counter[str] = Counter()
    for cell in volumes.cells:
        in_all[cell.topic] += cell.posts
    plain = [
        topic
        for topic, posts in sums.items()
        if topic not in {CIVIC, Topic.OTHER} and posts >= LEAST_SHOWN * in_all[topic]
    ]
    plain.sort(key=lambda topic: (-sums[topic], topic))
    return plain[:MOST_TOPICS]


def tones(volumes: Volumes) -> list[Row]:
    """Posts that came in during the window by topic and sentiment, civic posts left out.

    A cell is shown from 10 posts by 10 authors on; a dash stands for fewer, and for none.
    Where a dash could be worked out by subtraction, the next smallest cell is left out too.
    Civic posts have no sentiment.
    """
    cells = {(one.topic, one.sentiment): one.posts for one in volumes.cells}
    sums: Counter[str] = Counter()
    for (topic, _), posts in cells.items():
        sums[topic] += posts
    ordered = sorted(sums, key=lambda topic: (-sums[topic], topic))
    return [Row(topic, tuple(cells.get((topic, tone)) for tone in TONES)) for topic in ordered]


def withheld(volumes: Volumes) -> int:
    """Posts in cells that are not shown: none, or at least 10 posts of two cells or more.

    Where there are fewer in all, no cell is shown.
    """
    return volumes.withheld
