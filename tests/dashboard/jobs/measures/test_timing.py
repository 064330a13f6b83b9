"""Times count whoever waits: by hand, and when a team freezes or does the easy part first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evenhand.dashboard.jobs.estimates_time import BacklogAge, Pace
from evenhand.dashboard.jobs.measures import timing
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.store.rollups import Days
from tests.measure_rows import DAY, counts, pace, waited

STEPS = (timing.time_to_review, timing.time_to_decision, timing.time_to_response)
WEEK = Days(DAY - timedelta(days=6), DAY)


@pytest.mark.parametrize("measure", STEPS)
def test_times_are_worked_out_by_hand(measure):
    """Of 40 items 10 ended after 1 h and 10 after 4 h, 5 are gone after 2 h, 15 wait for 6 h.

    After 1 h 30/40 = 0.75 stay; 25 are left at 4 h, 15/25 of them stay: 0.75 x 0.6 = 0.45, which
    is the first at or under a half: 4 h. A tenth is not reached, the longest wait is 6 h.
    """
    found = measure(waited([(1, 10), (4, 10)], gone=[(2, 5)], still=[(6, 15)]))

    assert (40, 20, 15) == (found.n, found.ended, found.still)
    assert 4 == found.median.value
    assert (None, 6) == (found.p90.value, found.p90.at_least)
    assert pytest.approx([0.75, 0.45]) == found.curve.waiting


def test_no_time_is_given_under_thirty_items():
    """29 items have counts only, whatever they waited; 30 have a time; none has neither."""
    few, enough = (timing.time_to_decision(waited([(1, n)])) for n in (29, 30))

    assert (29, True, None, None, None) == (few.n, few.too_few, few.median, few.p90, few.curve)
    assert (False, 1) == (enough.too_few, enough.median.value)
    assert not timing.time_to_decision(waited()).too_few


def test_slices_are_measured_each_by_itself():
    """Two hours in one queue and nine in the other are not pooled; the larger comes first."""
    slices = {"fast": waited([(2, 30)]), "harm": waited([(9, 31)])}
    found = timing.by_slice(slices, timing.time_to_decision)

    assert [("harm", 9), ("fast", 2)] == [(key, one.median.value) for key, one in found.items()]


def test_backlog_has_the_ages_of_what_waits():
    """Two wait for 3 h and one for 50: half have not passed 3 h, all 50; 56 h in all."""
    found = timing.age_of_backlog(((50, 1), (3, 2)))

    assert BacklogAge(3, 3, 50, 50, 56) == found


def test_backlog_is_cleared_at_the_pace_of_all_days():
    """Each day of the week 10 come in, in two queues, and 13 are decided on five days of seven.

    65 - 70 = -5: it grows. With 15 decided on five days 75 - 70 = 5, 5/7 a day, 10 wait: 14 days.
    """
    days = [WEEK.first + timedelta(days=ago) for ago in range(7)]
    came = [pace(day, queue=queue, arrived=5) for day in days for queue in ("harm", "fast")]
    slow = [*came, *(pace(day, decided=13) for day in days[:5])]
    quick = [*came, *(pace(day, decided=15) for day in days[:5])]

    assert Pace.GROWING == timing.time_to_clear(10, slow, WEEK).reason
    assert pytest.approx(14) == timing.time_to_clear(10, quick, WEEK).value


def test_pace_leaves_out_the_day_that_goes_on():
    """Four whole weeks before today."""
    found = timing.pace_days(Days(date(2026, 11, 18), date(2026, 11, 24)), date(2026, 1, 1))

    assert Days(date(2026, 10, 27), date(2026, 11, 23)) == found


@pytest.mark.parametrize(("began", "days"), [(5, 5), (1, 1), (0, 0), (None, 0)])
def test_days_before_the_first_item_are_no_idle_days(began, days):
    """Begun some days ago, under seven are too few; they do not grow by what nobody could do."""
    found = timing.pace_days(WEEK, None if began is None else DAY - timedelta(days=began))
    clearing = timing.time_to_clear(3, [pace(DAY - timedelta(days=1), arrived=9)], found)

    assert (Pace.TOO_FEW, days) == (clearing.reason, clearing.days)


def test_what_waits_is_not_in_time():
    """Of 50 made 40 are decided and 31 of these by their deadline: 31 of 50."""
    items = [counts(made=30, decided=30, in_time=25), counts(made=20, decided=10, in_time=6)]

    assert Share(31, 50) == timing.decided_in_time(items)


def freeze(one):
    """Let a day pass in which nothing is done."""
    return waited(one.ended, one.gone, [(hours + 24, items) for hours, items in one.open])


def test_every_time_gets_worse_when_the_team_freezes_for_a_day():
    """Nothing is done for a day while 40 items come in: each figure says so."""
    before = waited([(2, 60), (20, 20)], gone=[(5, 3)], still=[(10, 20), (40, 5)])
    after = freeze(before)
    after = waited(after.ended, after.gone, [*after.open, (12, 40)])
    for measure in STEPS:
        was, now = measure(before), measure(after)
        assert was.median.value < now.median.value
        assert (was.p90.value or was.p90.at_least) < (now.p90.value or now.p90.at_least)
    ages = [timing.age_of_backlog(one.open) for one in (before, after)]
    assert ages[0].median_h < ages[1].median_h
    assert ages[0].oldest_h + 24 == ages[1].oldest_h
    made = counts(made=80, decided=60, in_time=50), counts(made=120, decided=60, in_time=50)
    shares = [timing.decided_in_time([one]).value for one in made]
    assert shares[0] > shares[1]
    days = [WEEK.first + timedelta(days=ago) for ago in range(7)]
    week = [pace(day, arrived=40, decided=45) for day in days]
    frozen = Days(WEEK.first + timedelta(days=1), WEEK.last + timedelta(days=1))
    later = [*week, pace(frozen.last, arrived=40)]
    clear = timing.time_to_clear(25, week, WEEK), timing.time_to_clear(65, later, frozen)
    assert clear[1].value is None or clear[0].value < clear[1].value


def test_easy_items_first_do_not_improve_the_median_of_what_is_open():
    """60 hard items wait for two days and 40 easy ones for an hour, which are then closed.

    The mean of what is done is an hour; the median of what is open goes from 48 to 48 hours, that
    of the time to a decision is not known: 48 at least.
    """
    before = waited(still=[(1, 40), (48, 60)])
    after = waited([(1, 40)], still=[(48, 60)])

    assert 48 == timing.age_of_backlog(before.open).median_h
    assert 48 == timing.age_of_backlog(after.open).median_h
    found = timing.time_to_decision(after).median
    assert (None, 48) == (found.value, found.at_least)
