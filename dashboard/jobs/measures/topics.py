"""What people wrote about: topics by day, topics and sentiments of the whole window."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data.taxonomy import CIVIC, Sentiment, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evenhand.data.store.volumes import Volumes

WEEK = 7
# A topic of which less is shown would seem to come and go.
LEAST_SHOWN = 0.5
# The last is "no sentiment": a text too short to have one.
TONES = (Sentiment.NEGATIVE.value, Sentiment.NEUTRAL.value, Sentiment.POSITIVE.value, "")


@dataclass(frozen=True, slots=True)
class Series:
    """Posts in each step of the window of one topic; None is not shown."""

    topic: str
    posts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One topic with its posts by sentiment in the order of TONES; None is not shown."""

    topic: str
    posts: tuple[int | None, ...]


def shows_most(volumes: Volumes) -> bool:
    """Say whether most posts of topics are in steps that may be shown."""
    sums, in_all = _sums(volumes), _in_all(volumes)
    return 2 * sum(sums[topic] for topic in _named(sums, in_all)) >= sum(in_all.values()) > 0


def by_step(volumes: Volumes, steps: Sequence[date]) -> list[Series]:
    """List the topics that may be drawn with their posts by step, the largest first.

    A step without posts is not told from one with too few to show.
    What is left out by step is nowhere summed, so that it cannot be had by subtraction.
    """
    shown = {(one.topic, one.day): one.posts for one in volumes.days}
    sums = _sums(volumes)
    named = sorted(_named(sums, _in_all(volumes)), key=lambda topic: (-sums[topic], topic))
    return [Series(topic, tuple(shown.get((topic, day)) for day in steps)) for topic in named]


def civic_by_step(volumes: Volumes, steps: Sequence[date]) -> tuple[int, ...]:
    """Give the civic posts of each step; none is 0."""
    civic = {one.day: one.posts for one in volumes.days if one.topic == CIVIC}
    return tuple(civic.get(day, 0) for day in steps)


def _named(sums: Counter[str], in_all: Counter[str]) -> list[str]:
    return [topic for topic in sums if sums[topic] >= LEAST_SHOWN * in_all[topic]]


def _sums(volumes: Volumes) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in volumes.days:
        if one.topic not in {CIVIC, Topic.OTHER}:
            sums[one.topic] += one.posts
    return sums


def _in_all(volumes: Volumes) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in volumes.cells:
        if cell.topic != Topic.OTHER:
            found[cell.topic] += cell.posts
    return found


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
