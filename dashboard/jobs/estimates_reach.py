"""Recall weighted by reach, from the same audit as recall.

Each audited post that is harm stands for its weight (1 / inclusion) times its reach, and the sum
of these is a weighted sum of rare events.
Its interval is that of Fay and Feuer, "Confidence intervals for directly standardized rates",
Statistics in Medicine 16 (1997), with one more case at the upper end as in `estimates_interval`.
Reach has a long tail, of which the few cases seen tell too little; so the spread of reach is taken
from all audited posts where that is wider than among the cases.
`bench/recall_reach.py` simulates it: in each of 18 cells of 400 runs (reach log-normal with sigma
0.8 or 1.6) the interval held the truth in at least 98 % of the runs, and with the spread of the
cases alone, as it is written, in as few as 63 %.
The price is that it is wide, and in many cells there is seldom a number.
A post that is harm, is not flagged and is larger than anything audited is in none of this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evenhand.dashboard.jobs import estimates_audit
from evenhand.dashboard.jobs.estimates_audit import WIDEST, Estimate, Reason
from evenhand.dashboard.jobs.estimates_interval import TAIL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reached:
    """Reach of the flagged posts of a cohort: of all, of those decided, and of those found."""

    flagged: int = 0
    decided: int = 0
    found: int = 0


def recall_by_reach(
    rows: Sequence[Audited], reach: Sequence[int], cohort: Cohort, reached: Reached
) -> Estimate:
    """Share of the reach of harm that was found: found / (found + waiting + missed), 0-1.

    Blank where recall is, its width apart, where no harm of known reach was found or none was
    seen, and where its own bounds are more than 0.4 apart.
    *reach* is that of the audited posts, in their order.
    """
    base = estimates_audit.recall(rows, cohort)
    pairs = [(row, float(one)) for row, one in zip(rows, reach, strict=True)]
    read = [(row, one) for row, one in pairs if row.harm is not None]
    seen = sum(one for row, one in read if row.harm)
    if reached.found + seen == 0:
        return replace(base, value=None, low=0.0, high=1.0, reason=Reason.NO_REACH)
    missed = _missed(read, cohort)
    undecided = reached.flagged - reached.decided
    low = reached.found / (reached.found + undecided + max(missed.high, seen))
    high = reached.found / (reached.found + max(missed.low, seen))
    thin = _thin(base, seen, high - low)
    if thin is None and undecided and not reached.decided:
        thin = Reason.UNDECIDED
    if thin is not None:
        return replace(base, value=None, low=low, high=high, reason=thin)
    waiting = undecided * reached.found / reached.decided if undecided else 0.0
    value = reached.found / (reached.found + waiting + missed.value)
    return replace(base, value=min(max(value, low), high), low=low, high=high, reason=None)


def _thin(base: Estimate, seen: float, width: float) -> Reason | None:
    if base.reason is not None and base.reason is not Reason.TOO_WIDE:
        return base.reason
    if seen == 0:
        return Reason.NONE_SEEN
    return Reason.TOO_WIDE if width > WIDEST else None


class _Missed(NamedTuple):
    value: float
    low: float
    high: float


def _missed(read: Sequence[tuple[Audited, float]], cohort: Cohort) -> _Missed:
    """Estimate the reach of the harm that was not flagged, with its 95 % bounds."""
    if not read:
        return _Missed(0.0, 0.0, inf if cohort.unflagged else 0.0)
    weights = 1 / np.array([row.inclusion for row, _ in read], dtype=np.float64)
    # Hájek's: what is decided stands for all unflagged posts, undecided ones too.
    weights *= cohort.unflagged / weights.sum()
    reach = np.array([one for _, one in read])
    cases = reach * np.array([bool(row.harm) for row, _ in read])
    value = float((weights * cases).sum())
    # All of them were read.
    if len(read) == cohort.unflagged:
        return _Missed(value, value, value)
    not_drawn = 1 - np.minimum(1.0, 1 / weights)
    own = float((not_drawn * (weights * (cases - value / cohort.unflagged)) ** 2).sum())
    square = float((weights * reach**2).sum() / weights.sum())
    variance = max(own, square * float((not_drawn * weights**2)[cases > 0].sum()))
    more = max(_size_biased(weights * cases), _size_biased(weights * reach))
    low = _gamma(value, variance, TAIL) if value and variance else value
    return _Missed(value, low, _gamma(value + more, variance + more**2, 1 - TAIL))


def _size_biased(sizes: Floats) -> float:
    """Give the mean size of the posts, each counted as often as its size says."""
    return float((sizes**2).sum() / sizes.sum()) if sizes.any() else 0.0


def _gamma(mean: float, variance: float, at: float) -> float:
    # It takes a quarter of a second to load, and few pages need it.
    from scipy.special import gammaincinv  # noqa: PLC0415 - see above

    if mean == 0:
        return 0.0
    return float(gammaincinv(mean**2 / variance, at)) * variance / mean
