"""Speed is what the books say, and cannot be flattered by what is left undone."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.dashboard.jobs.estimates_time import (
    BacklogAge,
    Clearing,
    Day,
    Pace,
    Quantile,
    Wait,
    backlog_age,
    curve,
    days_to_clear,
    median_wait,
    p90_wait,
    quantile,
)

A_DAY = 24.0
# Weeks of remission of 21 patients on 6-MP and 21 on placebo; "+" was still in remission.
# Freireich and others, Blood 21 (1963); the worked example of most books on the subject.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"

hours = st.integers(0, 400).map(float)
waits = st.lists(st.builds(Wait, hours, st.booleans(), st.just(1)), max_size=40)
days = st.lists(st.builds(Day, st.integers(0, 50), st.integers(0, 50)), min_size=7, max_size=35)


def told(text):
    """Read waits: "6 6+" is one that ended after 6 hours and one that still waits."""
    return [Wait(float(one.rstrip("+")), not one.endswith("+")) for one in text.split()]


def known(value):
    """Let what is not known yet be longer than all that is."""
    return math.inf if value is None else value


def frozen(before, young=()):
    """Let a day pass in which nothing is done and items of these ages come in."""
    later = [one if one.ended else Wait(one.hours + A_DAY, ended=False) for one in before]
    return later + [Wait(age, ended=False) for age in young]


def seen_so_far(took, so_far):
    """See waits that would take so long, after the item has been there for so long."""
    return list(map(Wait, np.minimum(took, so_far).tolist(), (took <= so_far).tolist()))


def open_ages(some):
    return [one.hours for one in some if not one.ended]


def test_median_is_worked_out_by_hand():
    """Three ended after 1, 2 and 4 hours, three still wait after 2, 3 and 5.

    After 1 h: 1 of 6 ends, 5/6 stay.
    After 2 h: 1 of 5 (the one open at 2 h has waited as long), 5/6 x 4/5 = 2/3 stay.
    After 4 h: 1 of 2, 2/3 x 1/2 = 1/3 stay: the first at or under a half.
    One in ten is never reached, the longest wait so far is 5 h.

    Greenwood: 1/(6x5) = 1/30; + 1/(5x4) = 1/12; + 1/(2x1) = 7/12.
    Below, after 1 h: log(5/6) = -0.18232, half = 1.96 sqrt(1/30) / 0.18232 = 1.9627,
      exp(-0.18232 exp(1.9627)) = 0.273, at or under a half at once: 1 h.
    Above, after 4 h: log(1/3) = -1.09861, half = 1.96 sqrt(7/12) / 1.09861 = 1.3626,
      exp(-1.09861 exp(-1.3626)) = 0.755, still over a half: no upper bound.
    Below a tenth: after 2 h half = 1.96 sqrt(1/12) / 0.40547 = 1.3954,
      exp(-0.40547 exp(1.3954)) = 0.195, not yet; after 4 h exp(-1.09861 exp(1.3626)) = 0.014: 4 h.
    """
    given_waits = told("1 2 2+ 3+ 4 5+")
    one = curve(given_waits)

    assert [1, 2, 4] == one.hours.tolist()
    assert pytest.approx([5 / 6, 2 / 3, 1 / 3]) == one.waiting
    assert pytest.approx([1 / 30, 1 / 12, 7 / 12]) == one.greenwood
    assert Quantile(4, None, 1, None, n=6, ended=3) == median_wait(given_waits)
    assert Quantile(None, 5, 4, None, n=6, ended=3) == p90_wait(given_waits)


def test_median_is_that_of_the_books():
    """6-MP: 23 weeks, from 13 to unknown; placebo: 8 weeks, from 4 to 11."""
    assert Quantile(23, None, 13, None, n=21, ended=9) == median_wait(told(TREATED))
    assert Quantile(8, None, 4, 11, n=21, ended=21) == median_wait(told(PLACEBO))


def test_curve_is_that_of_the_books():
    """The published shares of the 6-MP group, and the first standard error."""
    one = curve(told(TREATED))
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]

    assert pytest.approx(published, abs=0.0006) == one.waiting
    assert pytest.approx(0.0764, abs=0.0001) == one.waiting[0] * math.sqrt(one.greenwood[0])


@given(waits)
def test_items_that_waited_alike_may_be_told_together(some):
    """A row for three items is three rows of one, and a row of none is no row."""
    together = [one._replace(items=some.count(one)) for one in dict.fromkeys(some)]
    together.append(Wait(500.0, ended=False, items=0))

    for share in (0.5, 0.9):
        assert quantile(some, share) == quantile(together, share)


def test_quantile_is_blank_without_items_and_at_least_without_an_end():
    """Nothing waited: blank. Nothing ended: only the longest wait is known."""
    assert Quantile(None, None, None, None, n=0, ended=0) == median_wait([])
    assert Quantile(None, 30, None, None, n=2, ended=0) == median_wait(told("30+ 7+"))


def test_quantile_meets_a_share_that_is_reached_exactly():
    """Ten ended after 1 to 10 hours: nine in ten are through after 9, in spite of rounding."""
    ended = told("1 2 3 4 5 6 7 8 9 10")

    assert [1, 5, 9] == [quantile(ended, share).value for share in (0.1, 0.5, 0.9)]


@pytest.mark.parametrize("wrong", [[Wait(-1.0, ended=True)], [Wait(math.nan, ended=False)]])
def test_wait_must_be_a_number_of_hours(wrong):
    """A clock that ran backwards is no wait of none."""
    with pytest.raises(ValueError, match="number of hours"):
        median_wait(wrong)


def test_wait_of_fewer_than_no_items_is_refused():
    """A count below zero is an error of the caller."""
    with pytest.raises(ValueError, match="negative"):
        median_wait([Wait(1.0, ended=True, items=-1)])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_quantile_lies_between_all_and_nothing(share):
    """The last of all items is no quantile."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(told("1"), share)


@given(st.lists(hours, min_size=1, max_size=40), st.sampled_from([0.1, 0.5, 0.9]))
def test_quantile_without_open_items_is_that_of_the_list(ended, share):
    """Nobody waits: the least time that the share of items did not pass."""
    expected = sorted(ended)[math.ceil(share * len(ended) - 1e-9) - 1]

    assert expected == quantile([Wait(one, ended=True) for one in ended], share).value


@given(waits, st.sampled_from([0.5, 0.9]))
def test_bounds_lie_around_the_quantile(some, share):
    """And where there is no value there is a least one."""
    one = quantile(some, share)

    assert known(one.low) <= known(one.value) <= known(one.high)
    assert (one.value is None and bool(some)) == (one.at_least is not None)


@given(waits, st.lists(st.floats(0, A_DAY), max_size=40), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_day_of_doing_nothing_never_shortens_a_quantile(some, young, share):
    """However much comes in meanwhile.

    At each time at which a wait ended as many ended, of at least as many that waited so long.
    """
    before, after = quantile(some, share), quantile(frozen(some, young), share)

    assert known(before.value) <= known(after.value)
    assert (before.at_least or 0) <= (after.at_least or math.inf)


@given(st.lists(hours, min_size=1, max_size=40), st.lists(st.floats(0, A_DAY), max_size=40))
def test_a_day_of_doing_nothing_makes_the_backlog_older(ages, young):
    """The oldest and the sum grow whatever comes in; all ages do if nothing does."""
    before = backlog_age(ages)
    alone = backlog_age([age + A_DAY for age in ages])
    after = backlog_age([*(age + A_DAY for age in ages), *young])

    assert before.oldest_h + A_DAY == after.oldest_h
    assert before.total_h < alone.total_h <= after.total_h
    assert (before.median_h + A_DAY, before.p90_h + A_DAY) == (alone.median_h, alone.p90_h)


@given(days, st.integers(1, 500), st.integers(0, 50))
def test_a_day_of_doing_nothing_never_shortens_the_days_to_clear(before, open_items, arrived):
    """The backlog grew, and so did the days from which the pace is taken."""
    now = days_to_clear(open_items, before)
    after = days_to_clear(open_items + arrived, [*before, Day(arrived, 0)])
    assume(now.value is not None)

    assert now.value < known(after.value)


def test_every_time_figure_gets_worse_when_the_team_freezes_for_a_day():
    """A team that is through with half of its items within hours stops for a day."""
    rng = np.random.default_rng(5)
    took = rng.exponential(8.0, 300)
    so_far = rng.uniform(0, 72, 300)
    before = seen_so_far(took, so_far)
    after = frozen(before, rng.uniform(0, A_DAY, 100).tolist())
    pace = [Day(100, 105)] * 6 + [Day(90, 100)]
    ages, later = backlog_age(open_ages(before)), backlog_age(open_ages(after))
    clear = days_to_clear(ages.n, pace)
    clear_later = days_to_clear(later.n, [*pace, Day(100, 0)])

    assert median_wait(before).value < median_wait(after).value
    assert p90_wait(before).value < known(p90_wait(after).value)
    assert ages.median_h < later.median_h
    assert ages.p90_h < later.p90_h
    assert ages.oldest_h + A_DAY == later.oldest_h
    assert ages.total_h < later.total_h
    assert clear.value < known(clear_later.value)
    # The mean over what is done, which other tools print, would not have moved.
    assert _mean_of_done(before) == _mean_of_done(after)


@given(st.lists(hours, min_size=2, max_size=60), st.integers(1, 59), st.randoms())
def test_closing_easy_items_first_does_not_improve_the_median_of_what_is_open(ages, n, rng):
    """Whoever closes the young and easy ones makes the rest no younger.

    The easy ones are the young half, in any order; the others wait on.
    """
    ages.sort()
    easy = ages[: len(ages) // 2]
    rng.shuffle(easy)
    closed = easy[:n]
    rest = list(ages)
    for age in closed:
        rest.remove(age)

    assert backlog_age(ages).median_h <= backlog_age(rest).median_h


def test_closing_easy_items_first_flatters_the_mean_of_done_only():
    """Forty of a hundred items of a day are easy; done in 10 minutes, the others wait two days.

    With all in turn, one every half hour for two days, 96 are done, half of the hundred after
    25 h; with the easy ones alone the mean of what is done looks like 10 minutes, while the
    median of all is not known and has been at least 48 hours.
    """
    in_turn = [Wait(0.5 * place, place <= 96) for place in range(1, 97)]
    in_turn += [Wait(48.0, ended=False)] * 4
    easy_first = [Wait(1 / 6, ended=True)] * 40 + [Wait(48.0, ended=False)] * 60

    assert pytest.approx(1 / 6) == _mean_of_done(easy_first)
    assert _mean_of_done(easy_first) < _mean_of_done(in_turn)
    assert 25 == median_wait(in_turn).value
    assert (None, 48) == (median_wait(easy_first).value, median_wait(easy_first).at_least)
    assert 48 == backlog_age(open_ages(easy_first)).median_h


def test_bounds_hold_the_true_median():
    """Waits fade with a half-life of 5 hours and a third is still open: 500 windows of 80 items."""
    rng = np.random.default_rng(8)
    inside = 0
    for _ in range(500):
        one = median_wait(seen_so_far(rng.exponential(5 / math.log(2), 80), rng.uniform(0, 24, 80)))
        inside += known(one.low) <= 5 <= known(one.high)

    assert inside / 500 >= 0.93


def test_days_to_clear_are_worked_out_by_hand():
    """30 wait; in a week 2, 4, 2, 4, 2, 4 and 3 more were closed than came in.

    Mean 3: 30 / 3 = 10 days.
    Deviations -1, 1, -1, 1, -1, 1, 0: variance 6 / 6 = 1, error 1 / sqrt(7) = 0.37796.
    Student's t for 6 degrees is 2.44691, half = 0.92485.
    30 / 3.92485 = 7.6436 and 30 / 2.07515 = 14.4568 days.
    """
    week = [Day(10, 10 + gain) for gain in (2, 4, 2, 4, 2, 4, 3)]
    one = days_to_clear(30, week)

    assert (10, 3, 7, None) == (one.value, one.per_day, one.days, one.reason)
    assert pytest.approx((7.6436, 14.4568), abs=0.0001) == (one.low, one.high)


def test_days_to_clear_are_blank_while_the_backlog_grows():
    """On average one more comes in than is closed; at best the pace is better than that.

    Gains -8 and 6 in turn over 8 days: mean -1, deviations 7: variance 8 x 49 / 7 = 56,
    error sqrt(56 / 8) = 2.64575, t for 7 degrees is 2.36462: half = 6.25621.
    40 / 5.25621 = 7.61 days at best.
    """
    one = days_to_clear(40, [Day(8, 0), Day(0, 6)] * 4)

    assert (None, None, -1, Pace.GROWING) == (one.value, one.high, one.per_day, one.reason)
    assert pytest.approx(7.6100, abs=0.0001) == one.low


def test_days_to_clear_take_a_week_and_nothing_waits_is_no_day():
    """Six days leave out a day of the week."""
    assert Clearing(None, None, None, None, 6, Pace.TOO_FEW) == days_to_clear(3, [Day(1, 2)] * 6)
    assert Clearing(0, 0, 0, -1, 7) == days_to_clear(0, [Day(1, 0)] * 7)


def test_days_to_clear_refuse_counts_below_zero():
    """A count below zero is an error of the caller and no pace."""
    with pytest.raises(ValueError, match="negative"):
        days_to_clear(-1, [Day(1, 1)] * 7)
    with pytest.raises(ValueError, match="negative"):
        days_to_clear(1, [Day(1, -1)] * 7)


def test_backlog_age_is_worked_out_by_hand():
    """Ages 1, 2, 3, 50: half have not passed 2 h, nine in ten (all four) 50 h; the sum is 56."""
    assert BacklogAge(4, 2, 50, 50, 56) == backlog_age([3, 50, 1, 2])
    assert BacklogAge(4, 2, 50, 50, 56) == backlog_age([50, 7, 1, 2, 3], [1, 0, 1, 1, 1])
    assert BacklogAge(5, 2, 50, 50, 58) == backlog_age([3, 50, 1, 2], [1, 1, 1, 2])
    assert BacklogAge(0, None, None, None, 0) == backlog_age([])
    assert BacklogAge(0, None, None, None, 0) == backlog_age([9], [0])


def test_backlog_age_says_of_itself_how_it_can_fall():
    """The trap in its definition: two old ones, then a day in which eight come in."""
    before, after = backlog_age([30, 40]), backlog_age([54, 64, *[12] * 8])

    assert after.median_h < before.median_h
    assert after.oldest_h > before.oldest_h
    assert after.total_h > before.total_h


def test_estimates_load_neither_scipy_nor_a_classifier():
    """The serving process imports them for every page."""
    asking = (
        "import sys; from evenhand.dashboard.jobs import estimates_audit, estimates_time; "
        "print([m for m in sys.modules if m.startswith(('scipy', 'sklearn', 'evenhand.cla'))])"
    )
    done = subprocess.run([sys.executable, "-c", asking], check=True, capture_output=True)

    assert b"[]" == done.stdout.strip()


def _mean_of_done(some):
    return statistics.mean(one.hours for one in some if one.ended)
