"""Whether a figure changed against the window before, said only where the intervals bear it."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.estimates_time import Pace

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.estimates_time import Clearing
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.timing import Times


class Change(StrEnum):
    """How a figure stands to that of the window before."""

    UP = "up"
    DOWN = "down"
    # The difference may be chance.
    NONE = "none"
    # One of the two is not there to compare.
    UNKNOWN = "unknown"


def of_shares(before: Share, now: Share) -> Change:
    """Compare two shares: changed where Newcombe's 95 % interval of the difference leaves out 0.

    The interval is made of those of the two shares.
    Source: Newcombe, Interval Estimation for the Difference between Independent Proportions,
    Statistics in Medicine 17 (1998), method 10.
    """
    old, new = before.value, now.value
    old_ends, new_ends = before.interval, now.interval
    if old is None or new is None or old_ends is None or new_ends is None:
        return Change.UNKNOWN
    gap = new - old
    low = gap - sqrt((new - new_ends[0]) ** 2 + (old_ends[1] - old) ** 2)
    high = gap + sqrt((new_ends[1] - new) ** 2 + (old - old_ends[0]) ** 2)
    return _sign(low, high)


def of_medians(before: Times, now: Times) -> Change:
    """Compare two medians of time: changed where their 95 % intervals lie apart.

    That asks for more than the interval of a difference would, and needs no likeness of the two
    curves.
    """
    if before.median is None or now.median is None:
        return Change.UNKNOWN
    old, new = before.median, now.median
    if old.high is not None and new.low is not None and new.low > old.high:
        return Change.UP
    if new.high is not None and old.low is not None and new.high < old.low:
        return Change.DOWN
    return Change.NONE


def of_estimates(before: Estimate | None, now: Estimate | None) -> Change:
    """Compare two recalls: changed where their 95 % intervals lie apart and both have a number."""
    if before is None or now is None or before.value is None or now.value is None:
        return Change.UNKNOWN
    return _sign(now.low - before.high, now.high - before.low)


def of_backlog(clearing: Clearing) -> Change:
    """Say whether a backlog grows: the 95 % interval of its daily change leaves out 0.

    Days to clear have an upper bound only where the slowest pace within the interval still clears
    something, and no lower bound where the quickest does not.
    """
    if clearing.reason is Pace.TOO_FEW or clearing.per_day is None:
        return Change.UNKNOWN
    if clearing.per_day > 0 and clearing.high is not None:
        return Change.DOWN
    if clearing.per_day < 0 and clearing.low is None:
        return Change.UP
    return Change.NONE


def _sign(low: float, high: float) -> Change:
    if low > 0:
        return Change.UP
    return Change.DOWN if high < 0 else Change.NONE
