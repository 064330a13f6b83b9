"""More posts of a topic, or fewer of all, than the days before let expect: counts of whole days.

Civic topics never come here, nor anything by source or author (safeguard 3).
The bounds are those that ring for nothing less than once in two years per topic in
`bench/alerts.py`, where the rule is compared with others on simulated days.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import median
from typing import TYPE_CHECKING

from evenhand.data.store.alerts import AlertKind, Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

# Makes the median absolute deviation of normal days their standard deviation.
TO_DEVIATION = 1.4826
FIRES_AT, CALM_AT = 5.0, 2.5
# A large topic varies by little, and a tenth more is no news, however seldom it is.
LEAST_TIMES = 1.5
BASE_DAYS, FEWEST_DAYS = 28, 14
# Of two topics none is in the middle.
FEWEST_TOPICS = 3


def spike(subject: str, base: Sequence[int], yesterday: int, today: int) -> Verdict | None:
    """Judge whether a topic brings many more posts than usual.

    Fires when the posts of the last whole day (UTC), or those of today so far, are more than the
    median of the days before plus 5 deviations, and at least 1.5 times that median; a deviation is
    the largest of 1.4826 × the median absolute deviation, the median's square root, and 1 post.
    Ends when neither the last whole day nor today so far is above the median plus 2.5 deviations.

    Args:
        subject: Which topic.
        base: The posts of the days before the last whole one, 28 at most.
        yesterday: The posts of the last whole day.
        today: Those of today so far.

    Returns:
        None where fewer than 14 days are known.
    """
    if len(base) < FEWEST_DAYS:
        return None
    seen, middle = max(yesterday, today), median(base)
    if seen > middle + _width(base, FIRES_AT) and seen >= LEAST_TIMES * middle:
        level = Level.FIRES
    elif seen <= middle + _width(base, CALM_AT):
        level = Level.CALM
    else:
        level = Level.HOLDS
    reason = {
        "posts": seen,
        "usual": middle,
        "bound": round(middle + _width(base, FIRES_AT), 1),
        "days": len(base),
        "so_far": int(today > yesterday),
    }
    return Verdict(AlertKind.VOLUME_SPIKE, subject, level, reason)


def rise_of(topics: Sequence[tuple[Sequence[int], int]]) -> float:
    """Say how many times as many posts as usual the topics bring, in the middle of them.

    Half of the topics rise by at least so much; 1 where fewer than three are known or they do not
    rise.

    Args:
        topics: For each, the posts of the days before and those that came now.
    """
    ratios = [seen / max(median(base), 1.0) for base, seen in topics if base]
    return max(1.0, median(ratios)) if len(ratios) >= FEWEST_TOPICS else 1.0


def spike_of_all(
    subject: str, base: Sequence[int], ends: tuple[int, int], rise: float
) -> Verdict | None:
    """Judge whether all topics together bring many more posts than usual.

    Fires and ends like `spike`, and fires only where most topics rise (`rise_of` is at least 1.5):
    a rise of one topic is told as that topic's.
    """
    found = spike(subject, base, *ends)
    if found is not None and found.level is Level.FIRES and rise < LEAST_TIMES:
        return replace(found, level=Level.HOLDS)
    return found


def drop(subject: str, base: Sequence[int], yesterday: int, today: int) -> Verdict | None:
    """Judge whether far fewer posts come in than usual, which mostly means that reading broke.

    Fires when the posts of the last whole day (UTC) are fewer than the median of the days before
    less 5 deviations (those of `spike`), and 1.5 times as many would still be no more than that
    median.
    Ends when the last whole day, or today so far, reaches the median less 2.5 deviations.

    Returns:
        None where fewer than 14 days are known.
    """
    if len(base) < FEWEST_DAYS:
        return None
    middle = median(base)
    if max(yesterday, today) >= middle - _width(base, CALM_AT):
        level = Level.CALM
    elif yesterday < middle - _width(base, FIRES_AT) and yesterday * LEAST_TIMES <= middle:
        level = Level.FIRES
    else:
        level = Level.HOLDS
    reason = {
        "posts": yesterday,
        "usual": middle,
        "bound": round(middle - _width(base, FIRES_AT), 1),
        "days": len(base),
    }
    return Verdict(AlertKind.VOLUME_DROP, subject, level, reason)


def _width(base: Sequence[int], deviations: float) -> float:
    middle = median(base)
    spread = TO_DEVIATION * median(abs(one - middle) for one in base)
    return deviations * max(spread, sqrt(middle), 1.0)
