"""How long people wait, with those who still wait counted in.

A mean or median over what is done leaves out whoever waits, so it gets better when a team stops
and when it does the easy part first; none is given here.
Nothing here knows a store or a clock: what still waits has waited until the moment of asking.
A day on which nothing is done makes none of these figures better but one, which says so:
`backlog_age`, where the many that came in that day are young.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Two-sided 95 %.
NORMAL_95 = 1.959963984540054
TAIL = 0.025
# Products of fractions such as 0.9 x 0.8 x ... end this near to the share that they are.
ROUNDING = 1e-9
# Fewer days are no pace: each day of the week has to be among them.
LEAST_DAYS = 7


class Wait(NamedTuple):
    """How long an item waited; until now if it is not *ended*.

    *items* waited alike.
    """

    hours: float
    ended: bool
    items: int = 1


class Day(NamedTuple):
    """What came in and what was closed in one whole day."""

    arrived: int
    closed: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still waiting after each of the times at which a wait ended, ascending.

    *greenwood* is the variance of the share, divided by its square.
    """

    hours: Floats
    waiting: Floats
    greenwood: Floats


@dataclass(frozen=True, slots=True)
class Quantile:
    """A time by which a share of items is through, in hours, with its 95 % bounds.

    Where *value* is None the curve does not reach that share: it takes *at_least* so long.
    A bound is None where nothing bounds it on that side yet.
    """

    value: float | None
    at_least: float | None
    low: float | None
    high: float | None
    n: int
    ended: int


class Pace(StrEnum):
    """Why the days to clear are missing."""

    # Fewer than seven days.
    TOO_FEW = "too_few"
    # As much comes in as is closed, or more.
    GROWING = "growing"


@dataclass(frozen=True, slots=True)
class Clearing:
    """Days to clear with 95 % bounds; a bound is None if at that pace it is never cleared.

    *per_day* is how many more are closed than come in.
    """

    value: float | None
    low: float | None
    high: float | None
    per_day: float | None
    days: int
    reason: Pace | None = None


@dataclass(frozen=True, slots=True)
class BacklogAge:
    """Ages of the items that wait, in hours, and their sum; all but *total_h* None without any."""

    n: int
    median_h: float | None
    p90_h: float | None
    oldest_h: float | None
    total_h: float


def median_wait(waits: Sequence[Wait]) -> Quantile:
    """Time by which half of the items are through, in hours, open items counted in.

    Kaplan and Meier's estimate over the items made in the window: an item that waits counts as
    waiting for as long as it has, so it can only lengthen the median.
    Where fewer than half are through, the median is not known yet and "at least" the longest wait
    so far is given; without items it is blank.
    The bounds are Brookmeyer and Crowley's at 95 %, with Greenwood's variance on the log-log scale.
    It assumes that what waits will end as what waited as long did: if only easy items are done,
    the hard ones take longer than it says, and the age of what is open shows it.
    Sources: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations (1958);
    Brookmeyer and Crowley, A Confidence Interval for the Median Survival Time (1982); Kalbfleisch
    and Prentice, The Statistical Analysis of Failure Time Data (1980).
    """
    return quantile(waits, 0.5)


def p90_wait(waits: Sequence[Wait]) -> Quantile:
    """Time by which nine in ten items are through, in hours, open items counted in.

    As the median, at 90 %; it is seldom known while a tenth of the items wait, and then "at least"
    the longest wait so far is given.
    """
    return quantile(waits, 0.9)


def quantile(waits: Sequence[Wait], share: float) -> Quantile:
    """Give the first time by which *share* of the items is through; see `median_wait`.

    Raises:
        ValueError: a wait is negative or no number, or the share is not between 0 and 1.
    """
    if not 0 < share < 1:
        msg = f"the share ({share}) must lie between 0 and 1"
        raise ValueError(msg)
    one = curve(waits)
    n, ended = sum(wait.items for wait in waits), sum(wait.items for wait in waits if wait.ended)
    value = _first(one, one.waiting, 1 - share)
    longest = max((wait.hours for wait in waits if wait.items), default=None)
    at_least = longest if value is None else None
    low, high = (_first(one, band, 1 - share) for band in _bands(one))
    return Quantile(value, at_least, low, high, n, ended)


def curve(waits: Sequence[Wait]) -> Curve:
    """Multiply the shares that stayed at each time at which a wait ended.

    What is open with a wait of just that time still counts as having waited.
    """
    if not all(wait.hours >= 0 for wait in waits):
        msg = "a wait must be a number of hours, at least 0"
        raise ValueError(msg)
    if any(wait.items < 0 for wait in waits):
        msg = "counts of items cannot be negative"
        raise ValueError(msg)
    hours, places = np.unique([wait.hours for wait in waits], return_inverse=True)
    items = np.array([wait.items for wait in waits], dtype=np.int64)
    done = items * np.array([wait.ended for wait in waits], dtype=np.int64)
    left = np.bincount(places, items, len(hours))
    ends = np.bincount(places, done, len(hours))
    at_risk = np.cumsum(left[::-1])[::-1]
    with_end = ends > 0
    times, ended, at_risk = hours[with_end], ends[with_end], at_risk[with_end]
    stayed = at_risk - ended
    with np.errstate(divide="ignore"):
        greenwood = np.cumsum(ended / (at_risk * stayed), dtype=np.float64)
    return Curve(times, np.cumprod(stayed / at_risk, dtype=np.float64), greenwood)


def days_to_clear(open_items: int, days: Sequence[Day]) -> Clearing:
    """Days until nothing waits, if things go on as in the days given, arrivals counted in.

    open / (mean of closed - arrived a day).
    The mean, since a median of days leaves out the idle ones.
    The bounds put Student's 95 % interval of that mean in its place: days are taken as
    independent, so a week that is bad as a whole makes them too narrow.
    Blank under seven days, and while as much comes in as is closed: then it grows.
    Give whole weeks, so that each day of the week counts alike, and idle days with a zero.
    It does not know what is planned.
    Source of the bounds: Student, The Probable Error of a Mean (1908).
    """
    if open_items < 0 or any(min(day) < 0 for day in days):
        msg = "counts of items cannot be negative"
        raise ValueError(msg)
    if len(days) < LEAST_DAYS:
        return Clearing(None, None, None, None, len(days), Pace.TOO_FEW)
    # It takes a quarter of a second to load, and few pages need it.
    from scipy.special import stdtrit  # noqa: PLC0415 - see above

    gains = np.array([day.closed - day.arrived for day in days], dtype=np.float64)
    gain = float(gains.mean())
    error = float(gains.std(ddof=1)) / len(days) ** 0.5
    half = float(stdtrit(len(days) - 1, 1 - TAIL)) * error
    value, low, high = (_days(open_items, pace) for pace in (gain, gain + half, gain - half))
    reason = Pace.GROWING if value is None else None
    return Clearing(value, low, high, gain, len(days), reason)


def backlog_age(ages_h: Sequence[float], items: Sequence[int] | None = None) -> BacklogAge:
    """Age of the items that wait now: median, 90 % and oldest, and the sum, in hours.

    The median is the least age that half of the items have not passed, and so for the 90 %.
    All that waits is counted, so there is no interval; without items it is blank.
    What comes in is young: after a day on which much came in and nothing was done, the median may
    be lower, while the oldest is a day older and the sum has grown by a day for each item.

    Args:
        ages_h: In any order.
        items: How many items are of each of these ages; one of each if it is left out.
    """
    counts = items or [1] * len(ages_h)
    rows = sorted((age, count) for age, count in zip(ages_h, counts, strict=True) if count)
    if not rows:
        return BacklogAge(0, None, None, None, 0.0)
    ages = [age for age, _ in rows]
    so_far = list(accumulate(count for _, count in rows))
    n = so_far[-1]
    median, p90 = (ages[bisect_left(so_far, ceil(share * n - ROUNDING))] for share in (0.5, 0.9))
    total = sum(age * count for age, count in rows)
    return BacklogAge(n, median, p90, ages[-1], float(total))


def _days(open_items: int, pace: float) -> float | None:
    if open_items == 0:
        return 0.0
    return open_items / pace if pace > 0 else None


def _bands(one: Curve) -> tuple[Floats, Floats]:
    """Give the 95 % bounds of the share that waits: below and above, 0-1.

    Once nothing waits any more the scale has no place for it: below is 0, above stays unknown (1).
    """
    below, above = np.zeros(len(one.hours)), np.ones(len(one.hours))
    inside = one.waiting > 0
    logs = np.log(one.waiting[inside])
    half = NORMAL_95 * np.sqrt(one.greenwood[inside]) / -logs
    below[inside], above[inside] = np.exp(logs * np.exp(half)), np.exp(logs * np.exp(-half))
    return below, above


def _first(one: Curve, shares: Floats, at_most: float) -> float | None:
    reached = np.flatnonzero(shares <= at_most + ROUNDING)
    return float(one.hours[reached[0]]) if len(reached) else None
