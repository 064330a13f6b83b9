"""The interval of a rare share, from a sample in which posts had unequal chances.

Poisson sampling: each post is drawn or not on its own, with a chance that is known (its
*inclusion*), and stands for 1 / inclusion posts (its weight).

Share: Hájek, "Comment on a paper by D. Basu", in Foundations of Statistical Inference (1971).
Interval: Korn and Graubard, "Confidence intervals for proportions with small expected number of
positive counts estimated from survey data", Survey Methodology 24 (1998): the size of a simple
sample that would vary as much, put into the interval of Clopper and Pearson (1934).

Alone that is too short where cases are few and their weights differ: those that were seen are
mostly posts with small weights, and say nothing of the heavy ones that were not.
Measured by `bench/recall.py`, it held the truth in 78 % of the runs of the worst cell.
Hence the upper end counts one more case, as Clopper and Pearson do, but with a weight: Fay and
Feuer, "Confidence intervals for directly standardized rates", Statistics in Medicine 16 (1997),
take the heaviest, Tiwari, Clegg and Zou, Statistical Methods in Medical Research 15 (2006), the
average one; here it is that of the cases seen, and at least the average.
And no audit can exclude what one that saw no case could not: with D cases none is drawn with a
chance of at most (1 - smallest inclusion) ** D, which is exact.
It is made for cases that are rare; it is no interval for shares near 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

# Left out on each side of a 95 % interval.
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a sample says of a share of *posts*.

    *share* and *variance* are Hájek's, 0-1; *extra* is the share of all posts for which one more
    case would stand; *least* is the smallest inclusion of the posts, drawn or not.
    """

    share: float
    variance: float
    extra: float
    least: float
    posts: int


def weigh(inclusion: Floats, cases: Bools, posts: int) -> Weighed:
    """Estimate the share of *cases* among *posts* from the rows that were drawn, at least one."""
    weights = 1 / inclusion
    total = float(weights.sum())
    share = float(weights[cases].sum()) / total
    spread = (1 - inclusion) * (weights * (cases - share)) ** 2
    average = total / len(weights)
    # Of the posts that the cases stand for: how many each of them shares its row with.
    seen = float((weights[cases] ** 2).sum()) / (share * total) if share else 0.0
    extra = max(average, seen) / total
    return Weighed(share, float(spread.sum()) / total**2, extra, float(inclusion.min()), posts)


def interval(weighed: Weighed) -> tuple[float, float]:
    """Give the 95 % interval of the share; a single point if every post was drawn for certain."""
    if weighed.least == 1:
        return weighed.share, weighed.share
    unseen = none_seen(weighed)
    if weighed.share == 0:
        return 0.0, unseen
    if weighed.share == 1:
        return 1 - unseen, 1.0
    # It takes a quarter of a second to load, and few pages need it.
    from scipy.special import betaincinv  # noqa: PLC0415 - see above

    low = 0.0
    # Rows that were all certain do not vary and say nothing of the posts that were not.
    if weighed.variance > 0:
        a, b = _counts(weighed.share, weighed.variance)
        low = float(betaincinv(a, b + 1, TAIL))
    more, extra = weighed.share + weighed.extra, weighed.extra
    if more >= 1:
        return low, 1.0
    # One more row of weight w adds (1 - 1/w) w² to the variance of the total.
    smaller = extra - 1 / weighed.posts
    a, b = _counts(more, weighed.variance + extra * max(0.0, smaller))
    return low, max(float(betaincinv(a, b, 1 - TAIL)), unseen)


def none_seen(weighed: Weighed) -> float:
    """Give the largest share of which the sample would show no case in 2.5 % of draws."""
    return min(1.0, log(TAIL) / log1p(-weighed.least) / weighed.posts)


def _counts(share: float, variance: float) -> tuple[float, float]:
    """Give the cases and the others of a simple sample that would vary as much."""
    size = share * (1 - share) / variance
    return size * share, size * (1 - share)
