"""Intervals for shares: Wilson's for reporting, the exact upper bound for gates."""

from __future__ import annotations

from math import sqrt

# Two-sided 95 %.
NORMAL_95 = 1.959963984540054
CONFIDENCE = 0.95


def wilson(found: int, of: int) -> tuple[float, float] | None:
    """Give the 95 % interval of a share (Wilson 1927); None without cases."""
    if of == 0:
        return None
    share, square = found / of, NORMAL_95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = NORMAL_95 / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def upper_bound(found: int, of: int) -> float:
    """Give the one-sided exact 95 % upper bound (Clopper and Pearson 1934); 1 without cases.

    None found in 300 gives 1 %: with fewer posts a bound of 1 % cannot be shown.
    """
    if found >= of:
        return 1.0
    # The dashboard needs `wilson` in every process and this in none: scipy takes a second to load.
    from scipy.stats import beta  # noqa: PLC0415 - see above

    return float(beta.ppf(CONFIDENCE, found + 1, of - found))
