"""How pages word lengths of time and what is known of them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.estimates_time import Quantile
    from evenhand.dashboard.jobs.measures.timing import Times
    from evenhand.dashboard.shell import Shell

DASH = "–"
# Two hours are read more easily in minutes than two days in hours.
MINUTES_TO, HOURS_TO = 2, 72
# Under ten a decimal is worth its place.
DECIMAL_TO = 10


def length(shell: Shell, hours: float) -> str:
    """Write a length of time in the unit in which it is read most easily."""
    if hours < MINUTES_TO:
        return shell.say("coverage.minutes", n=ceil(hours * 60))
    if hours < HOURS_TO:
        return shell.say("coverage.hours", n=_rounded(hours))
    return shell.say("coverage.days", n=_rounded(hours / 24))


def _rounded(value: float) -> float:
    return round(value, 1) if value < DECIMAL_TO and value % 1 else round(value)


def quantile(shell: Shell, of: Quantile | None) -> str:
    """Write a time, or how long it takes at least; a dash where there are too few items."""
    if of is None:
        return DASH
    if of.value is not None:
        return length(shell, of.value)
    if of.at_least is not None:
        return shell.say("coverage.at_least", time=length(shell, of.at_least))
    return DASH


def bounds(shell: Shell, of: Quantile | None) -> str | None:
    """Write the bounds of a time, or none where nothing is known of the lower one."""
    if of is None or of.low is None:
        return None
    low = length(shell, of.low)
    if of.high is None:
        return shell.say("coverage.time_from", low=low)
    return shell.say("coverage.time_interval", low=low, high=length(shell, of.high))


def minutes(of: Quantile | None) -> tuple[int | None, int | None, int | None]:
    """Give a time and its bounds in whole minutes, for tables."""
    if of is None:
        return (None, None, None)
    ends = (of.value, of.low, of.high)
    value, low, high = (None if one is None else ceil(one * 60) for one in ends)
    return (value, low, high)


def median(shell: Shell, of: Times) -> str:
    """Write the median with its bounds, or why there is none."""
    if of.median is None:
        return shell.say("coverage.time_few", n=of.n)
    words, ends = quantile(shell, of.median), bounds(shell, of.median)
    return words if ends is None else f"{words} ({ends})"
