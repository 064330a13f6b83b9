"""What a figure is: a count, or a share with its counts and its interval; and its definition.

A measure's docstring *is* its definition: the screens show the same words, in both languages.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.data.store.rollups import Days

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Fewer cases make no rate: the interval of a share of 30 is up to 34 points wide.
LEAST_N = 30
# The windows that can be chosen, in days; free dates would let one subtract cells from cells.
WINDOWS = (7, 28, 90)


@dataclass(frozen=True, slots=True)
class Share:
    """*part* of *n*; the share is None without cases and is not to be shown under 30."""

    part: int
    n: int

    @property
    def value(self) -> float | None:
        """The share, 0-1; None where it would be a share of nothing, or of too few."""
        return None if self.too_few or self.n == 0 else self.part / self.n

    @property
    def too_few(self) -> bool:
        """Whether there are cases, but too few for a rate."""
        return 0 < self.n < LEAST_N

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share; None where there is no share to show."""
        from evenhand.classifiers.intervals import wilson  # noqa: PLC0415 - commands start without

        return None if self.value is None else wilson(self.part, self.n)


def window(days: int, now: datetime) -> Days:
    """Give the last *days* whole days in UTC, today among them."""
    last = now.date()
    return Days(last - timedelta(days=days - 1), last)


def definition(measure: Callable[..., object]) -> str:
    """Read the definition of a measure off its docstring, in one line."""
    return " ".join((inspect.getdoc(measure) or "").split())
