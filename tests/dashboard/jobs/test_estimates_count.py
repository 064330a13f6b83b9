"""Ranges of counts and ratios of rates, by hand, and by simulation that they hold what they say."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from evenhand.dashboard.jobs.estimates_count import (
    count_range,
    dispersion,
    holm,
    pairs,
    rate_ratio,
)

# Poisson's means that leave 2.5 % on either side of a count (Garwood 1936, table).
GARWOOD = {0: (0.0, 3.689), 1: (0.0253, 5.572), 10: (4.795, 18.39)}
RUNS = 3_000
WEEKS = (7, 28)


def bursty(rng, mean, spread, days):
    """Counts whose variance is *spread* times their mean (negative binomial)."""
    size = mean / (spread - 1)
    return rng.negative_binomial(size, 1 / spread, days).tolist()


def test_ratio_of_calm_days_is_worked_out_by_hand():
    """5 a day after 2 a day: 2.5 times.

    Pearson: (1 + 1 + 0) / 5 + (0 + 1 + 1 + 0) / 2 = 1.4 over 7 - 2 = 5 days less two, so 0.28,
    which chance alone exceeds: the dispersion is 1.
    Error √(1/15 + 1/8) = 0.43780; Student's 97.5 % for 5 is 2.57058, so half = 1.12540;
    log 2.5 = 0.91629: e^-0.20911 = 0.8113 to e^2.04169 = 7.7036.
    """
    found = rate_ratio((4, 6, 5), (2, 3, 1, 2))

    assert found.value == pytest.approx(2.5)
    assert found.interval() == pytest.approx((0.8113, 7.7036), rel=1e-4)
    assert found.chance > 0.05


def test_ratio_of_bursty_days_has_a_wider_interval():
    """Means 10 and 5; Pearson 200/10 + 50/5 = 30 over 2, dispersion 15; √(15 × 0.15) = 1.5."""
    found = rate_ratio((0, 20), (0, 10))

    assert found.error == pytest.approx(1.5)
    assert found.freedom == 2


@pytest.mark.parametrize(("after", "before"), [((0, 0), (3, 4)), ((3, 4), (0, 0)), ((3,), (4,))])
def test_ratio_needs_posts_in_both_and_days_to_tell_their_spread(after, before):
    """Nothing is compared with nothing."""
    assert rate_ratio(after, before) is None


def test_dispersion_is_the_median_of_neighbours_alone():
    """(10, 14): 16/24; (9, 9): 0; (9, 0): 81/9 = 9; two zeros and a gap make no pair.

    The median 0.66667 over the half of a chi-square, 0.454936: 1.46541.
    """
    counts = (10, 14, None, 9, 9, 0, 0)

    assert dispersion(counts) == pytest.approx(1.46541, abs=1e-5)
    assert pairs(counts) == 3


def test_dispersion_of_several_goes_by_all_their_neighbours():
    """16/24, 0 and 9 as above, beside 100/50 = 2: the median is between 0.66667 and 2."""
    found = dispersion((10, 14), (9, 9, 0), (20, 30))

    assert found == pytest.approx((16 / 24 + 2) / 2 / 0.454936, abs=1e-5)


@pytest.mark.parametrize(
    "counts", [(), (5,), (5, None, 6), tuple(range(20, 60)), (9, 9, 9, 90, 90, 90)]
)
def test_dispersion_is_one_where_nothing_speaks_for_more(counts):
    """Neither a steady rise nor one leap is a burst."""
    assert dispersion(counts) == 1.0


def test_dispersion_finds_that_of_bursty_days():
    """Days whose variance is three times their mean, and a rate that doubles half way."""
    rng = np.random.default_rng(20261128)
    days = [*bursty(rng, 30.0, 3.0, 1_000), *bursty(rng, 60.0, 3.0, 1_000)]

    assert dispersion(days) == pytest.approx(3.0, rel=0.15)


@pytest.mark.parametrize("count", GARWOOD)
def test_range_of_a_count_is_garwoods(count):
    """The table of 1936, at a dispersion of 1."""
    assert count_range(count) == pytest.approx(GARWOOD[count], rel=1e-3, abs=1e-4)


def test_range_of_a_bursty_count_is_that_of_fewer_bursts():
    """20 posts that come in twos are ten events: twice the range of 10."""
    assert count_range(20, 2.0) == pytest.approx((2 * 4.795, 2 * 18.39), rel=1e-3)


def test_holm_lowers_the_level_step_by_step():
    """0.001 under 0.05/3, 0.02 under 0.05/2, 0.04 under 0.05: all three are rejected."""
    assert holm((0.04, 0.001, 0.02)) == pytest.approx([0.05, 0.05 / 3, 0.025])


def test_holm_stops_at_the_first_that_is_not_below_its_level():
    """0.03 is above 0.05/2, so 0.04, which is below 0.05, is held against 0.05/2 as well."""
    assert holm((0.04, 0.03, 0.001)) == pytest.approx([0.025, 0.025, 0.05 / 3])
    assert holm(()) == []


@pytest.mark.parametrize(("mean", "spread"), [(3.0, 2.0), (8.0, 4.0), (40.0, 1.5)])
def test_interval_holds_no_change_in_95_of_100_weeks(mean, spread):
    """Bursty days without any change: the interval leaves 1 out in about 5 % of the runs.

    One that took the days for Poisson's would leave it out far more often.
    """
    rng = np.random.default_rng(20261126)
    missed = naive = 0
    for _ in range(RUNS):
        after, before = (bursty(rng, mean, spread, days) for days in WEEKS)
        found = rate_ratio(after, before)
        low, high = found.interval()
        missed += not low < 1 < high
        naive += abs(found.log) > 1.96 * (1 / sum(after) + 1 / sum(before)) ** 0.5

    assert 0.03 < missed / RUNS < 0.075
    assert naive > 1.8 * missed


def test_ten_topics_together_are_seldom_said_to_rise():
    """Ten topics without any change: in at most 5 % of the weeks one is said to rise or fall."""
    rng = np.random.default_rng(20261127)
    weeks, wrong = 600, 0
    for _ in range(weeks):
        found = [rate_ratio(*(bursty(rng, 6.0, 2.5, days) for days in WEEKS)) for _ in range(10)]
        levels = holm([one.chance for one in found])
        ends = [one.interval(alpha) for one, alpha in zip(found, levels, strict=True)]
        wrong += any(not low < 1 < high for low, high in ends)

    # Three standard errors above 5 %.
    assert wrong / weeks < 0.05 + 3 * (0.05 * 0.95 / weeks) ** 0.5


def test_importing_the_estimates_loads_no_scipy():
    """It takes a quarter of a second, and few pages need it."""
    code = (
        "import sys; import evenhand.dashboard.jobs.estimates_count; "
        "sys.exit('scipy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
