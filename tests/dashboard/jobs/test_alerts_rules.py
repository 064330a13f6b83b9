"""When alerts fire and end, on numbers that are worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs import alerts_rules as rules
from evenhand.dashboard.jobs import alerts_volume as volume
from evenhand.dashboard.jobs.alerts_rules import Interval, TeamAtWork
from evenhand.data.store.alerts import Level

FIRES, HOLDS, CALM = Level.FIRES, Level.HOLDS, Level.CALM
# A Tuesday.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# ------------------------------------------------------------------------------ volumes

# The median is 100, and ten of the 14 days are 10 away from it: a deviation is 1.4826 × 10, more
# than the square root of 100.
UNEVEN = [90, 110, 90, 110, 90, 110, 90, 100, 110, 110, 100, 100, 90, 100]


@pytest.mark.parametrize(
    ("yesterday", "today", "level"),
    [
        # 100 + 5 × 14.826 = 174.1, and 1.5 × 100 = 150.
        (175, 0, FIRES),
        (174, 0, HOLDS),
        # 100 + 2.5 × 14.826 = 137.1.
        (138, 0, HOLDS),
        (137, 0, CALM),
        # Today is not over and has more already.
        (100, 175, FIRES),
        (100, 138, HOLDS),
        # A quiet today does not end what was yesterday.
        (175, 3, FIRES),
    ],
)
def test_spike_fires_above_five_deviations_and_ends_below_half_of_them(yesterday, today, level):
    """Between the two an open alert stays and none is opened."""
    assert (100, 14.826) == (volume.median(UNEVEN), pytest.approx(volume._width(UNEVEN, 1.0)))
    assert level is volume.spike("topic:health", UNEVEN, yesterday, today).level


def test_spike_of_even_days_is_measured_by_chance():
    """Equal days have no deviation, so that of a Poisson count holds: the root of the median."""
    base = [64] * 28

    # 64 + 5 × 8 = 104 and 1.5 × 64 = 96; 64 + 2.5 × 8 = 84.
    told = [volume.spike("", base, seen, 0).level for seen in (105, 104, 84)]
    assert [FIRES, HOLDS, CALM] == told
    assert {"posts": 105, "usual": 64, "bound": 104, "days": 28, "so_far": 0} == volume.spike(
        "", base, 105, 0
    ).reason


def test_spike_of_a_large_topic_is_at_least_half_more_than_usual():
    """40,000 posts vary by 200 through chance; a twentieth more is no news."""
    base = [40_000] * 28

    # 40,000 + 5 × 200 = 41,000, but 1.5 × 40,000 = 60,000.
    told = [volume.spike("", base, seen, 0).level for seen in (42_000, 59_999, 60_000)]
    assert [HOLDS, HOLDS, FIRES] == told


def test_drop_fires_below_five_deviations_and_ends_once_enough_comes_in():
    """Today's posts end it, but cannot open it: the day is not over."""
    base = [144] * 28
    # 144 - 5 × 12 = 84 and 144 / 1.5 = 96; 144 - 2.5 × 12 = 114.
    cases = [(83, 0), (84, 0), (113, 0), (114, 0), (0, 114), (144, 0)]
    told = [volume.drop("all", base, *case).level for case in cases]

    assert [FIRES, HOLDS, HOLDS, CALM, CALM, CALM] == told


def test_volumes_are_not_judged_before_two_weeks():
    """Thirteen days are too few to know what is usual."""
    assert volume.spike("", [10] * 13, 1_000, 0) is None
    assert volume.drop("", [10] * 13, 0, 0) is None
    assert volume.spike("", [10] * 14, 1_000, 0) is not None


@given(st.lists(st.integers(0, 500), min_size=14, max_size=28), st.integers(0, 2_000))
def test_more_posts_never_calm_a_spike(base, seen):
    """The level only rises with the count."""
    order = [CALM, HOLDS, FIRES]
    levels = [order.index(volume.spike("", base, each, 0).level) for each in (seen, seen + 1)]

    assert levels == sorted(levels)


# ------------------------------------------------------------------------------ sources


def days(*back):
    return {TODAY - each * DAY for each in back}


@pytest.mark.parametrize(
    ("known", "level", "silent", "usual"),
    [
        # Posts on each of ten days up to yesterday: no gap, none now.
        (range(1, 11), CALM, 0, 0),
        # The last two days ago: one whole day has gone by.
        (range(2, 12), FIRES, 1, 0),
        # Today's post ends it.
        ((0, *range(5, 15)), CALM, 0, 4),
        # It once was silent for 3 days (between 8 and 12 days ago): 3 are usual, 4 are not.
        ((4, 5, 6, 7, 8, 12, 13, 14), HOLDS, 3, 3),
        ((5, 6, 7, 8, 12, 13, 14, 15), FIRES, 4, 3),
    ],
)
def test_source_is_silent_when_it_is_so_for_longer_than_its_own_gaps(known, level, silent, usual):
    """A weekly source is not silent on Tuesday."""
    told = rules.silent_source("source:1", days(*known), TODAY)

    assert (level, {"days": silent, "usual": usual}) == (told.level, told.reason)


def test_source_with_a_hundred_gaps_is_not_measured_by_its_longest():
    """The 99 % quantile of 200 gaps, of which one is 9 days and the others none, is none."""
    known = {date(2026, 1, 1) + each * DAY for each in range(100)}
    last = max(known) + 10 * DAY
    known |= {last + each * DAY for each in range(101)}
    today = max(known) + 2 * DAY

    assert (FIRES, {"days": 1, "usual": 0}) == (
        rules.silent_source("", known, today).level,
        rules.silent_source("", known, today).reason,
    )


def test_source_is_unknown_before_seven_days_with_posts():
    """A new source has no gaps to be measured by."""
    assert rules.silent_source("", days(*range(9, 15)), TODAY) is None


@pytest.mark.parametrize(
    ("ago", "failures", "every", "level"),
    [
        (timedelta(hours=2, minutes=1), 3, timedelta(minutes=15), FIRES),
        (timedelta(hours=2), 3, timedelta(minutes=15), HOLDS),
        # Four turns of an hour.
        (timedelta(hours=4), 3, HOUR, HOLDS),
        (timedelta(hours=4, minutes=1), 3, HOUR, FIRES),
        # Nobody tried: that is no failure of the source.
        (timedelta(days=9), 0, HOUR, CALM),
    ],
)
def test_source_fails_after_two_hours_and_four_turns(ago, failures, every, level):
    """One that works again is well at once."""
    assert level is rules.failing_source("", NOON - ago, failures, every, NOON).level


# ------------------------------------------------------------------------------ teams

# Monday to Friday, 8:00 to 16:00 UTC.
OFFICE = frozenset(day * 24 + hour for day in range(5) for hour in range(8, 16))


def team(last_ago, *, waiting=5, oldest_ago=timedelta(days=3), hours=OFFICE):
    last_at = None if last_ago is None else NOON - last_ago
    return TeamAtWork(waiting, NOON - oldest_ago, last_at, hours)


@pytest.mark.parametrize(
    ("at_work", "level", "usual"),
    [
        # Decided at 8:30: the hours that begin at 9, 10 and 11 have gone by.
        (team(timedelta(hours=3, minutes=30)), HOLDS, 3),
        # At 7:59: also that of 8.
        (team(timedelta(hours=4, minutes=1)), FIRES, 4),
        # Yesterday at 15:30, the night does not count: 8, 9, 10, 11.
        (team(timedelta(hours=20, minutes=30)), FIRES, 4),
        (team(timedelta(hours=1, minutes=30)), CALM, 1),
        # The oldest item came at 10:30: nobody could have decided before.
        (team(timedelta(days=2), oldest_ago=timedelta(hours=1, minutes=30)), CALM, 1),
        (team(timedelta(days=2), waiting=0), CALM, 0),
        # No rhythm is known: a whole day.
        (team(timedelta(hours=23), hours=frozenset()), HOLDS, 0),
        (team(timedelta(hours=24), hours=frozenset()), FIRES, 0),
        (team(None, oldest_ago=timedelta(hours=24), hours=frozenset()), FIRES, 0),
    ],
)
def test_team_is_silent_after_four_of_its_own_hours(at_work, level, usual):
    """A night or a week-end on which it never works is no silence."""
    told = rules.silent_team("team:1", at_work, NOON)

    assert (level, usual) == (told.level, told.reason["usual_hours"])


def test_week_end_is_no_silence_of_an_office():
    """From Friday 16:30 to Monday 8:00 not one of its hours goes by."""
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    assert 0 == rules.usual_hours(OFFICE, monday - timedelta(hours=63, minutes=30), monday)
    assert 4 == rules.usual_hours(OFFICE, monday - timedelta(hours=63), monday + 4 * HOUR)


# ------------------------------------------------------------------------------ the rest


@pytest.mark.parametrize(
    ("overdue", "due", "pace", "level", "late"),
    [
        # 4 + 12 - 10.
        (4, 12, 10, FIRES, 6),
        (3, 12, 10, FIRES, 5),
        (2, 12, 10, HOLDS, 4),
        # A part of an item is one that is late.
        (3, 12, 10.1, FIRES, 5),
        (0, 10, 10, CALM, 0),
        # 5 of 60 are less than a tenth.
        (0, 60, 55, HOLDS, 5),
        (0, 50, 45, FIRES, 5),
        # Nobody decides: all that is due will be late, and not what is late already.
        (100, 7, 0, FIRES, 7),
        (100, 0, 0, CALM, 0),
    ],
)
def test_deadlines_are_at_risk_when_the_pace_is_too_slow(overdue, due, pace, level, late):
    """At least five items, and a tenth of those due."""
    told = rules.deadline_risk("all", overdue, due, pace)

    assert (level, late) == (told.level, told.reason["late"])


def test_rise_is_that_of_the_topic_in_the_middle():
    """Three times, twice and as usual: the middle is twice; one topic alone lifts nothing."""
    ten, forty = [10] * 28, [40] * 28

    assert 2.0 == volume.rise_of([(ten, 30), (forty, 80), (forty, 40)])
    assert 1.0 == volume.rise_of([(ten, 300), (forty, 40), (forty, 40)])
    assert 1.0 == volume.rise_of([(ten, 5), (forty, 20), (forty, 20)])
    assert 1.0 == volume.rise_of([(ten, 30), (forty, 120)])


def test_all_topics_are_told_when_most_of_them_rise():
    """64 + 5 × 8 = 104 is passed in each case; only the last is a rise of most topics."""
    base = [64] * 28
    told = [volume.spike_of_all("all", base, (200, 0), rise).level for rise in (1.0, 1.4, 1.5)]

    assert [HOLDS, HOLDS, FIRES] == told
    assert volume.spike_of_all("all", [64] * 3, (200, 0), 2.0) is None


@pytest.mark.parametrize(
    ("newest", "level"),
    [
        (Interval(0.40, 0.52, 0.59), FIRES),
        (Interval(0.40, 0.52, 0.60), HOLDS),
        (Interval(0.40, 0.59, 0.75), HOLDS),
        (Interval(0.45, 0.60, 0.75), CALM),
        # Too little evidence for a figure: the bounds stand.
        (Interval(0.10, None, 0.59), FIRES),
        (Interval(0.10, None, 0.95), HOLDS),
    ],
)
def test_recall_falls_when_two_intervals_part(newest, level):
    """And is well again once the estimate itself is back inside the earlier one."""
    before = Interval(0.60, 0.72, 0.84)

    assert level is rules.recall_falling("all", before, newest).level


@pytest.mark.parametrize(
    ("alarms", "ago", "level"),
    [(1, 14, FIRES), (1, 15, CALM), (0, 0, CALM), (3, 0, FIRES)],
)
def test_drift_is_told_by_a_report_that_is_new_enough(alarms, ago, level):
    """A report of last month says nothing of today."""
    assert level is rules.drift("model:m", alarms, NOON - ago * DAY, NOON).level


@pytest.mark.parametrize(
    ("overdue", "level", "texts", "hours"),
    [
        ([], CALM, 0, 0),
        ([(5, 2 * HOUR)], CALM, 5, 2),
        ([(5, timedelta(hours=2, minutes=1))], HOLDS, 5, 2),
        ([(5, 2 * HOUR), (1, 6 * HOUR)], FIRES, 6, 6),
        ([(0, 9 * HOUR)], CALM, 0, 0),
    ],
)
def test_purge_lags_when_a_text_is_held_six_hours_too_long(overdue, level, texts, hours):
    """Erasing runs every hour, so that two are no news."""
    told = rules.purge_lag("all", overdue)

    assert (level, {"texts": texts, "hours": hours}) == (told.level, told.reason)
