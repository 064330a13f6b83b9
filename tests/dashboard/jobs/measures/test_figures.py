"""Shares never flatter, and every measure is defined in the words that the screens show."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta

import pytest

from evenhand.dashboard.jobs import queueing
from evenhand.dashboard.jobs.measures import (
    agreement,
    arriving,
    burning,
    judging,
    missing,
    missing_reach,
    purging,
    reaching,
    reviewing,
    rising,
    teaming,
    timing,
    topics,
    waiting,
)
from evenhand.dashboard.jobs.measures.figures import WINDOWS, Share, definition, window
from evenhand.dashboard.words.definitions import DEFINITIONS
from evenhand.dashboard.words.glossary import say

# Functions that arrange figures and define none.
ARRANGE = {
    *("split", "agreement", "by_policy", "by_slice", "pace_days", "precision_by", "read"),
    *("shown_as", "by_name", "together", "shows_most", "by_step", "civic_by_step", "wholes"),
    "lag",
    "by_source",
}
FAMILIES = (
    *(agreement, arriving, burning, judging, missing, missing_reach, purging, reaching),
    *(reviewing, rising, teaming, timing, topics, waiting),
)


def measures():
    """List every public function of the families of measures, by name."""
    return {
        name: function
        for family in FAMILIES
        for name, function in inspect.getmembers(family, inspect.isfunction)
        if function.__module__ == family.__name__
        and not name.startswith("_")
        and name not in ARRANGE
    }


def test_share_of_nothing_is_blank():
    """Nothing of nothing is no 100 % and no 0 %."""
    share = Share(0, 0)

    assert (share.value, share.interval, share.too_few) == (None, None, False)


@pytest.mark.parametrize(("n", "shown"), [(1, False), (29, False), (30, True)])
def test_share_is_shown_from_thirty_cases(n, shown):
    """29 cases give counts only."""
    share = Share(n // 2, n)

    assert (share.value is not None, share.interval is not None) == (shown, shown)
    assert share.too_few is not shown


def test_interval_is_wilsons():
    """For 183 of 336: middle (p + z²/2n) / (1 + z²/n), p = 0.5446, z²/n = 3.8415 / 336 = 0.01143.

    (0.5446 + 0.005716) / 1.01143 = 0.5441; half = 1.95996 / 1.01143
    × √(0.5446 × 0.4554 / 336 + 0.01143 / (4 × 336)) = 1.9378 × √(0.0007381 + 0.0000085) = 0.0529.
    """
    low, high = Share(183, 336).interval

    assert (low, high) == pytest.approx((0.5441 - 0.0529, 0.5441 + 0.0529), abs=0.0002)


def test_interval_of_all_stays_below_what_it_is_of():
    """Thirty of thirty is 100 %, and may be as little as 88.6 %: 30 / (30 + 3.8415)."""
    low, high = Share(30, 30).interval

    assert low == pytest.approx(30 / 33.8415, abs=0.0001)
    assert high == pytest.approx(1.0)


@pytest.mark.parametrize("days", WINDOWS)
def test_window_ends_today_and_has_its_length(days):
    """28 days are today and the 27 before, in UTC."""
    found = window(days, datetime(2026, 11, 25, 0, 30, tzinfo=UTC))

    assert found.last == date(2026, 11, 25)
    assert (found.last - found.first).days + 1 == days


@pytest.mark.parametrize("name", sorted(measures()))
def test_definition_on_the_screen_is_the_docstring(name):
    """What a reader is told of a figure is what its function says of itself."""
    assert say(f"coverage.def_{name}", "en") == definition(measures()[name])
    assert say(f"coverage.def_{name}", "vi")


def test_no_definition_is_left_over():
    """Every definition in the glossary belongs to a measure."""
    assert {name.removeprefix("def_") for name in DEFINITIONS} == set(measures())


def test_definition_of_overdue_names_the_longest_waits():
    """The hours in its wording are those of the queues."""
    hours = [queueing.LONGEST_WAIT[queue] / timedelta(hours=1) for queue in queueing.QUEUES]

    assert hours == [1, 24, 48]
    assert "1 hour in the urgent queue, 24 hours for harm, 48 hours" in definition(waiting.overdue)
