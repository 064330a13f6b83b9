"""Alpha, AC1 and percent agreement with jackknife intervals, on a table of counts.

A table has one row a unit and one column a category, (n_units, n_categories), and counts the
reviewers who put the unit there: at least two units, at least two reviewers in each.
Each coefficient is worked out for all units and, at once, without each of them.

Alpha: Krippendorff, Content Analysis (4th ed. 2018), nominal data.
AC1: Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008), and Handbook of
Inter-Rater Reliability (4th ed. 2014) for several reviewers and missing ratings.
Jackknife on units: Hughes, arXiv 2210.13265 (2022), who found that it holds alpha more reliably
than the bootstrap where units are few.

Where a coefficient hangs on a handful of units, the jackknife sees too little of the doubt.
Simulated, 300 draws of each of 250 cases (30 to 3,000 units, 1 % to 30 % of ratings outside the
commonest category, two or three reviewers, alpha 0 to 0.8), the interval of alpha held the true
value in as few as 10 % of the draws of a case, those of the others in as few as 83 %.
With the conditions of LEAST_SEEN all held it in at least 89 % of the draws of every case that gave
sixty intervals; where a condition fails, no interval is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from evenhand.classifiers.intervals import CONFIDENCE

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

# Units that must have shown what the interval hangs on, before it is given: see above.
LEAST_SEEN = 5


class Reason(StrEnum):
    """Why a number or its interval is missing."""

    # Fewer than two units.
    TOO_FEW = "too_few"
    # All said the same of everything, so that chance alone would agree as well.
    NO_VARIATION = "no_variation"
    # Fewer than five units in which reviewers agree less, or more, than in most.
    FEW_DIFFER = "few_differ"
    # Fewer than five units in which two reviewers said the same, one category set aside.
    FEW_AGREE = "few_agree"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95 % interval; *reason* is set where either is missing."""

    value: float | None
    interval: tuple[float, float] | None
    reason: Reason | None


def percent(table: Ints) -> Estimate:
    """Average over units the share of pairs of reviewers who said the same, 0-1."""
    agreed = _agreed(table)
    value = float(agreed.mean())
    return _estimate(value, _means_without_each(agreed), _doubt(agreed), lowest=0.0)


def alpha(table: Ints) -> Estimate:
    """Compare disagreement within units with that between any two ratings of all units."""
    sizes = table.sum(axis=1)
    differing = (table * (sizes[:, np.newaxis] - table)).sum(axis=1) / (sizes - 1)
    totals = table.sum(axis=0)
    value = float(_alpha(differing.sum(), totals))
    if np.isnan(value):
        return Estimate(None, None, Reason.NO_VARIATION)
    without = _alpha(differing.sum() - differing, totals - table)
    return _estimate(value, without, _doubt(_agreed(table)) or _doubt_of_rare(table))


def ac1(table: Ints) -> Estimate:
    """Compare percent agreement with Gwet's chance: that of a guess where a unit is hard.

    The number of categories is that of the table, also where a unit is left out.
    """
    agreed = _agreed(table)
    shares = table / table.sum(axis=1, keepdims=True)
    value = float(_ac1(agreed.mean(), shares.mean(axis=0)))
    without = _ac1(_means_without_each(agreed), _means_without_each(shares))
    return _estimate(value, without, _doubt(agreed))


def _agreed(table: Ints) -> Floats:
    sizes = table.sum(axis=1)
    agreed: Floats = (table * (table - 1)).sum(axis=1) / (sizes * (sizes - 1))
    return agreed


def _means_without_each(values: Floats) -> Floats:
    means: Floats = (values.sum(axis=0) - values) / (len(values) - 1)
    return means


def _alpha(differing: Floats, totals: Ints) -> Floats:
    """Give 1 - observed / expected; NaN where all ratings are in one category.

    *totals* counts the ratings of each category in its last axis.
    """
    ratings = totals.sum(axis=-1)
    # Pairs of ratings in different categories, in whole numbers: none is exactly 0.
    expected = ratings**2 - (totals**2).sum(axis=-1)
    share = np.full(expected.shape, np.nan)
    np.divide((ratings - 1) * differing, expected, out=share, where=expected > 0)
    return 1 - share


def _ac1(agreed: Floats, shares: Floats) -> Floats:
    chance = (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1)
    corrected: Floats = (agreed - chance) / (1 - chance)
    return corrected


def _doubt(agreed: Floats) -> Reason | None:
    """Say whether nearly all units agree alike, which leaves hardly any spread to see."""
    _, units = np.unique(agreed, return_counts=True)
    return Reason.FEW_DIFFER if len(agreed) - units.max() < LEAST_SEEN else None


def _doubt_of_rare(table: Ints) -> Reason | None:
    """Say whether hardly anything was agreed on but one category."""
    twice = table > 1
    # For each category the units that agreed on another; ties of the commonest need no decision.
    on_another = (twice.sum(axis=1, keepdims=True) > twice).sum(axis=0)
    return Reason.FEW_AGREE if on_another.min() < LEAST_SEEN else None


def _estimate(
    value: float, without: Floats, doubt: Reason | None, *, lowest: float = -1.0
) -> Estimate:
    """Put 95 % around a coefficient from what it is *without* each unit.

    The interval is cut at *lowest* and at 1; no coefficient lies beyond.
    """
    # It takes a second to load with `stats`, a quarter with `special`, and few pages need it.
    from scipy.special import stdtrit  # noqa: PLC0415 - see above

    if doubt is not None:
        return Estimate(value, None, doubt)
    n_units = len(without)
    error = np.sqrt((n_units - 1) * without.var())
    half = float(stdtrit(n_units - 1, (1 + CONFIDENCE) / 2) * error)
    return Estimate(value, (max(lowest, value - half), min(1.0, value + half)), None)
