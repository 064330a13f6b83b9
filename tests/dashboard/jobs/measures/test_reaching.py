"""Whether what was read is like what came in, by hand."""

from __future__ import annotations

from math import log2, sqrt

import pytest

from evenhand.dashboard.jobs.measures import reaching
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.dashboard.jobs.measures.reaching import Distance
from evenhand.data.store.gaps import ReadDays
from evenhand.data.store.waves_counted import Behind


def test_distance_is_worked_out_by_hand():
    """Reviewed 3/4 and 1/4, came 1/4 and 3/4: the middle is a half each.

    3/4 log2(3/2) + 1/4 log2(1/2) = 0.43872 - 0.25 = 0.18872 for both: the root is 0.4344.
    By chance: chi-squared of one degree at 95 % is 3.8415; 3.8415 / (8 x 40 x 0.69315) = 0.017319,
    the root is 0.1316.
    """
    found = reaching.representativeness({"vi": 30, "en": 10}, {"vi": 25, "en": 75})

    assert pytest.approx(sqrt(0.75 * log2(1.5) - 0.25)) == found.value
    assert pytest.approx(0.4344, abs=0.0001) == found.value
    assert pytest.approx(0.1316, abs=0.0001) == found.by_chance
    assert (40, 100) == (found.n, found.of)


def test_same_mix_is_no_distance_and_nothing_in_common_is_one():
    """The ends of the scale; one language alone cannot differ by chance."""
    assert pytest.approx(0, abs=1e-9) == reaching.representativeness({"a": 30}, {"a": 7}).value
    assert 0 == reaching.representativeness({"a": 30}, {"a": 7}).by_chance
    assert pytest.approx(1) == reaching.representativeness({"a": 30}, {"b": 7, "c": 0}).value


def test_distance_is_blank_under_thirty():
    """29 reviewed make no distance, and neither does nothing that came in."""
    assert Distance(None, None, 29, 50) == reaching.representativeness({"a": 29}, {"b": 50})
    assert Distance(None, None, 30, 0) == reaching.representativeness({"a": 30}, {})


def test_days_with_a_gap_are_no_days_that_were_read():
    """Two sources of 28 and 5 days, 3 of them with a gap: 30 of 33."""
    sources = [ReadDays(1, "a", 28, 2), ReadDays(2, "b", 5, 1)]

    assert Share(30, 33) == reaching.collection_coverage(sources)
    assert reaching.collection_coverage([]).value is None


def test_waves_spare_the_decisions_on_what_stands_behind_an_item():
    """106 of 150 flagged posts are decided, 70 of them by wave: 1 - 36 / 106 = 70 / 106."""
    assert Share(70, 106) == reaching.wave_savings(Share(106, 150), Behind(90, 70))
