"""Counts by day that vary more than chance alone: their ranges, and the ratio of two rates.

Posts come in bursts, so the counts of days vary more than Poisson's law allows: the variance is
taken as the mean times a *dispersion* of at least 1 (quasi-Poisson: McCullagh and Nelder,
Generalized Linear Models, 2nd ed. 1989, chapter 9).

Range of one count: Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936),
with the count and both ends divided by the dispersion.
Dispersion beside a level that moves: von Neumann, "Distribution of the ratio of the mean square
successive difference to the variance", Annals of Mathematical Statistics 12 (1941).
Several ratios at once: Holm, "A simple sequentially rejective multiple test procedure",
Scandinavian Journal of Statistics 6 (1979).

Days are taken as independent of each other: a burst that runs through several days makes the
intervals shorter than they should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Left out on each side of a 95 % range.
TAIL = 0.025
ALPHA = 0.05
HALF_OF_CHI = 0.454936


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as much came in a day: *log* of the ratio, its standard *error*.

    *freedom* are the days less the two rates that were taken from them.
    """

    log: float
    error: float
    freedom: int

    @property
    def value(self) -> float:
        """The ratio itself; 1 is no change."""
        return exp(self.log)

    @property
    def chance(self) -> float:
        """The chance of a ratio at least as far from 1, either way, if nothing had changed."""
        # It takes a quarter of a second to load, and few pages need it.
        from scipy.special import stdtr  # noqa: PLC0415 - see above

        return 2 * float(stdtr(self.freedom, -abs(self.log) / self.error))

    def interval(self, alpha: float = ALPHA) -> tuple[float, float]:
        """Give the interval that holds the true ratio in all but *alpha* of such cases."""
        from scipy.special import stdtrit  # noqa: PLC0415 - as above

        half = float(stdtrit(self.freedom, 1 - alpha / 2)) * self.error
        return exp(self.log - half), exp(self.log + half)


def rate_ratio(after: Sequence[int], before: Sequence[int]) -> Ratio | None:
    """Compare the posts a day of two stretches of days; None where one of them has no post.

    The dispersion is that of all days around the mean of their own stretch.
    """
    freedom = len(after) + len(before) - 2
    if freedom < 1 or not sum(after) or not sum(before):
        return None
    spread = max(1.0, (_pearson(after) + _pearson(before)) / freedom)
    means = sum(after) / len(after), sum(before) / len(before)
    error = sqrt(spread * (1 / sum(after) + 1 / sum(before)))
    return Ratio(log(means[0] / means[1]), error, freedom)


def _pearson(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean


def dispersion(*series: Sequence[int | None]) -> float:
    """Say how many times more neighbouring counts usually differ than chance alone would have them.

    At least 1; a slow rise or fall, and a leap now and then, count for little.
    A neighbour that is not known (None) makes no pair, nor do two zeros.

    The square of a difference over the sum of the two is, by chance alone, about a chi-square of
    one degree of freedom, of which half lie below `HALF_OF_CHI`.
    """
    found = [pair for counts in series for pair in _pairs(counts)]
    return max(1.0, median(found) / HALF_OF_CHI) if found else 1.0


def pairs(counts: Sequence[int | None]) -> int:
    """Count the neighbours of which both are known."""
    return len(_pairs(counts))


def _pairs(counts: Sequence[int | None]) -> list[float]:
    return [
        (one - other) ** 2 / (one + other)
        for one, other in pairwise(counts)
        if one is not None and other is not None and one + other
    ]


def count_range(count: int, spread: float = 1.0) -> tuple[float, float]:
    """Give the 95 % range of the rate behind one count, of days with this dispersion."""
    # It takes a quarter of a second to load, and few pages need it.
    from scipy.special import gammaincinv  # noqa: PLC0415 - see above

    shape = count / spread
    low = spread * float(gammaincinv(shape, TAIL)) if count else 0.0
    return low, spread * float(gammaincinv(shape + 1, 1 - TAIL))


def holm(chances: Sequence[float], alpha: float = ALPHA) -> list[float]:
    """Give the level at which each of several is tested, in their order.

    The least chance is held against *alpha* / m, the next against *alpha* / (m - 1), until one is
    not below its level: all that follow are held against the same.
    So an interval at its level leaves 1 out exactly where Holm's procedure rejects.
    """
    levels, level, goes_on = [alpha] * len(chances), alpha, True
    for rank, at in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        if goes_on:
            level = alpha / (len(chances) - rank)
            goes_on = chances[at] < level
        levels[at] = level
    return levels
