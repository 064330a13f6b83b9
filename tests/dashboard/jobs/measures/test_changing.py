"""A change is said only where the intervals bear it, by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs.estimates_audit import Estimate
from evenhand.dashboard.jobs.measures import changing, timing
from evenhand.dashboard.jobs.measures.changing import Change
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.store.rollups import Days
from tests.measure_rows import DAY, pace, waited

WEEK = Days(DAY - timedelta(days=6), DAY)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        # 56/70 = 0.8 (Wilson 0.6918 to 0.8770) and 48/80 = 0.6 (0.4904 to 0.7003), the example of
        # Newcombe's paper: the difference is 0.2, its interval 0.0524 to 0.3339.
        (Share(48, 80), Share(56, 70), Change.UP),
        (Share(56, 70), Share(48, 80), Change.DOWN),
        # 9/30 and 12/30 differ by 0.1; the interval of each is some 0.3 wide.
        (Share(9, 30), Share(12, 30), Change.NONE),
        (Share(0, 29), Share(30, 30), Change.UNKNOWN),
        (Share(30, 30), Share(0, 0), Change.UNKNOWN),
    ],
)
def test_shares_changed_where_the_interval_of_the_difference_leaves_out_zero(before, now, expected):
    """And nothing is said of too few."""
    assert expected is changing.of_shares(before, now)


def test_difference_at_the_edge_is_no_change():
    """By hand, 40/100 and 53/100, each with Wilson's interval.

    0.4 has 0.3094 to 0.4980, 0.53 has 0.4329 to 0.6249: the gap is 0.13, low is
    0.13 - sqrt(0.0971^2 + 0.0980^2) = 0.13 - 0.1380 < 0. With 54/100 it is
    0.14 - sqrt(0.0974^2 + 0.0980^2) = 0.14 - 0.1382 > 0.
    """
    before = Share(40, 100)

    assert Change.NONE is changing.of_shares(before, Share(53, 100))
    assert Change.UP is changing.of_shares(before, Share(54, 100))


def timed(hours, still=()):
    """Time ten items for each of these hours, and others that wait."""
    return timing.time_to_decision(waited([(one, 10) for one in hours], still=still))


def test_medians_changed_where_their_intervals_lie_apart():
    """Quick is through within 5 hours, slow after 30, and one is spread over both."""
    quick, slow = timed([1, 2, 3, 4, 5]), timed([30, 31, 32, 33, 34])
    spread, few = timed([1, 2, 3, 31, 32, 33]), timing.time_to_decision(waited([(1, 3)]))

    assert Change.UP is changing.of_medians(quick, slow)
    assert Change.DOWN is changing.of_medians(slow, quick)
    assert Change.NONE is changing.of_medians(spread, slow)
    assert Change.UNKNOWN is changing.of_medians(few, slow)


def test_median_that_is_not_reached_is_longer_where_its_lower_bound_says_so():
    """Of 100 items 45 are through after 20 hours: half are not, but the bound is reached."""
    quick, stuck = timed([1, 2, 3, 4, 5]), timed([20] * 4 + [21], still=[(90, 55)])

    assert stuck.median.value is None
    assert stuck.median.low is not None
    assert Change.UP is changing.of_medians(quick, stuck)
    assert Change.DOWN is changing.of_medians(stuck, quick)


def recall(value, low, high):
    return Estimate(value, low, high, 300, 9, 0)


def test_recalls_changed_where_their_intervals_lie_apart():
    """And nothing is said where one of them has no number."""
    low, high, wide = recall(0.4, 0.3, 0.5), recall(0.8, 0.7, 0.9), recall(0.6, 0.45, 0.75)

    assert Change.UP is changing.of_estimates(low, high)
    assert Change.DOWN is changing.of_estimates(high, low)
    assert Change.NONE is changing.of_estimates(low, wide)
    assert Change.UNKNOWN is changing.of_estimates(None, high)
    assert Change.UNKNOWN is changing.of_estimates(high, recall(None, 0.0, 1.0))


def test_backlog_grows_or_shrinks_where_its_daily_change_leaves_out_zero():
    """By 5 each day, or by -5; and by 50 on one day of seven, which may be chance."""
    days = [WEEK.first + timedelta(days=ago) for ago in range(7)]
    grows = [pace(day, arrived=9, decided=4 + at % 2) for at, day in enumerate(days)]
    shrinks = [pace(day, arrived=4 + at % 2, decided=9) for at, day in enumerate(days)]
    once = [pace(days[0], arrived=50)]
    clearings = [timing.time_to_clear(20, some, WEEK) for some in (grows, shrinks, once)]

    assert [Change.UP, Change.DOWN, Change.NONE] == [changing.of_backlog(one) for one in clearings]
    two = Days(DAY - timedelta(days=1), DAY)
    assert Change.UNKNOWN is changing.of_backlog(timing.time_to_clear(20, once, two))
