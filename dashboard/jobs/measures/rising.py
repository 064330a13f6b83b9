"""How the volume of topics moves, and how sure that is; civic posts have a volume and no more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import estimates_count
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.dashboard.jobs.measures.topics import TONES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.estimates_count import Ratio
    from evenhand.dashboard.jobs.measures.topics import Row, Series
    from evenhand.data.store.topic_changes import Days, Weeks

# Rates of fewer days say little, and a team that began last week has nothing to compare with.
LEAST_RECENT, LEAST_BEFORE = 5, 7
# Fewer pairs of neighbours say little of how much a topic's days usually differ.
LEAST_PAIRS = 6
# Digits of a ratio: more would let counts be worked out of it.
DIGITS = 2


class Move(StrEnum):
    """Where a topic's volume went, as far as its interval tells."""

    RISING = "rising"
    SAME = "same"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Step:
    """Posts of one step with the 95 % range of the rate behind them; None where not shown."""

    posts: int | None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """One topic over the steps of the window."""

    topic: str
    steps: tuple[Step, ...]

    @property
    def posts(self) -> int:
        """Posts of all steps that are shown."""
        return sum(one.posts or 0 for one in self.steps)


@dataclass(frozen=True, slots=True)
class Change:
    """Posts a day of the last week beside the four before, in whole posts, and their ratio.

    The ratio and its ends have two digits: nothing that is not shown can be worked out of them.
    """

    topic: str
    recent: int
    before: int
    ratio: float
    low: float
    high: float
    move: Move


@dataclass(frozen=True, slots=True)
class Changes:
    """The change of everything that came in, of the topics, the greatest ratio first.

    *fresh* are topics that were too small to be compared with and are not any more.
    *everything* is None where there are too few days, and then so is all else.
    """

    everything: Change | None
    topics: tuple[Change, ...]
    fresh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Toned:
    """One topic with its posts by sentiment; the shares are None where one of three is a dash."""

    row: Row
    shares: tuple[Share | None, ...]


def topic_volumes(series: Sequence[Series]) -> list[Volume]:
    """Posts of each topic by day with the 95 % range of the rate behind each count.

    The range says how far chance alone may have moved that day: Garwood's for a Poisson count,
    widened where days usually differ more from their neighbours than such counts do. Where most
    posts are of topics and days too small to show, each point is a week that begins on its date. A
    point is shown from 10 posts and proof of 10 authors on, and where its number cannot be had by
    subtraction; a gap stands for fewer, and for none. A topic is drawn where at least half of its
    posts are in such points. Sentiments that are not shown are left out, and civic posts are no
    topic.
    """
    pooled = estimates_count.dispersion(*(one.posts for one in series))
    return [Volume(one.topic, _steps(one.posts, pooled)) for one in series]


def _steps(posts: Sequence[int | None], pooled: float) -> tuple[Step, ...]:
    own = estimates_count.pairs(posts) >= LEAST_PAIRS
    spread = estimates_count.dispersion(posts) if own else pooled
    found = []
    for count in posts:
        if count is None:
            found.append(Step(None))
        else:
            low, high = estimates_count.count_range(count, spread)
            found.append(Step(count, floor(low), ceil(high)))
    return tuple(found)


def civic_volume(posts: Sequence[int]) -> int:
    """Civic posts (politics, religion, labour, conflict, society) by day, all counted together.

    They have no sentiment and no topic of their own, are compared with no other time, and start
    no notice.
    """
    return sum(posts)


def rising_topics(weeks: Weeks) -> Changes:
    """Posts a day of a topic in the last 7 whole days, as a ratio to the 28 days before.

    Days on which nothing at all came in are left out, and so is today, which is not over. The
    interval is that of a quasi-Poisson rate: the more a topic's days differ, the wider it is. As
    many topics are compared at once, each interval is widened by Holm's rule, so that in 95 of 100
    weeks without any change no topic is said to rise. A topic rises only where its whole interval
    lies above 1. It takes 10 posts by 10 authors in each of the two times; what had fewer before
    is named without a ratio. Days are taken as independent: an event of several days counts for
    more than it should. A source that was added or fell silent moves every topic: compare with all
    posts. Rates are whole posts and ratios have two digits, so that nothing can be subtracted.
    """
    everything = _comparable(weeks.everything)
    if everything is None:
        return Changes(None, (), ())
    compared = [
        (one, ratio)
        for one in weeks.topics
        if all(one.is_large) and (ratio := _comparable(one)) is not None
    ]
    levels = estimates_count.holm([ratio.chance for _, ratio in compared])
    found = [
        _change(one, ratio, alpha) for (one, ratio), alpha in zip(compared, levels, strict=True)
    ]
    return Changes(
        _change(weeks.everything, everything, estimates_count.ALPHA),
        tuple(sorted(found, key=lambda one: (-one.ratio, one.topic))),
        tuple(one.topic for one in weeks.topics if one.is_large == (True, False)),
    )


def _comparable(one: Days) -> Ratio | None:
    if len(one.recent) < LEAST_RECENT or len(one.before) < LEAST_BEFORE:
        return None
    return estimates_count.rate_ratio(one.recent, one.before)


def _change(one: Days, ratio: Ratio, alpha: float) -> Change:
    # As they are shown, so that none is said to rise from 1.
    low, high = (_short(end) for end in ratio.interval(alpha))
    move = Move.RISING if low > 1 else Move.FALLING if high < 1 else Move.SAME
    return Change(
        topic=one.topic,
        recent=round(sum(one.recent) / len(one.recent)),
        before=round(sum(one.before) / len(one.before)),
        ratio=_short(ratio.value),
        low=low,
        high=high,
        move=move,
    )


def _short(value: float) -> float:
    return round(value, DIGITS - 1 - floor(log10(value)))


def tone_shares(rows: Sequence[Row]) -> list[Toned]:
    """Share of a sentiment among a topic's posts that have one, with Wilson's 95 % interval.

    It is given only where all three sentiments of the topic are shown, and from 30 posts on.
    Posts too short to have a sentiment are not counted. The interval takes the posts as a sample
    of what people write there; how often the model errs is not in it.
    """
    return [Toned(row, _shares(row.posts)) for row in rows]


def _shares(posts: Sequence[int | None]) -> tuple[Share | None, ...]:
    toned = [count for count, tone in zip(posts, TONES, strict=True) if tone]
    if any(count is None for count in toned):
        return (None,) * len(toned)
    counts = [count or 0 for count in toned]
    return tuple(Share(count, sum(counts)) for count in counts)
