"""Intervals of shares: they hold the share, narrow with more cases, and never leave 0 to 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from evenhand.classifiers.intervals import upper_bound, wilson

CASES = st.integers(1, 2_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(CASES)
def test_wilson_holds_the_share(case):
    """Inside 0 to 1, with the share between its ends."""
    found, of = case
    low, high = wilson(found, of)

    # Rounding may leave 2e-19 where the share is 0.
    assert 0.0 <= low <= found / of + 1e-12
    assert found / of - 1e-12 <= high <= 1.0


@given(CASES)
def test_wilson_narrows_with_ten_times_the_cases(case):
    """More evidence, less doubt."""
    found, of = case
    low, high = wilson(found, of)
    closer, nearer = wilson(found * 10, of * 10)

    assert nearer - closer < high - low


@given(CASES.filter(lambda case: case[0] < case[1]))
def test_upper_bound_is_the_share_at_which_so_few_would_be_rare(case):
    """Clopper and Pearson: at the bound, as few as found come up in one case of twenty."""
    found, of = case

    assert binom.cdf(found, of, upper_bound(found, of)) == pytest.approx(0.05, abs=1e-6)
