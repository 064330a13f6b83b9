"""How long to wait: always between a second and an hour, whatever an answer says."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors import pacing
from tests.conftest import NOON
from tests.connectors.reddit_server import WAITS

HEADERS = st.none() | st.text(max_size=40) | st.floats().map(str) | st.integers().map(str)


@pytest.mark.parametrize(("header", "seconds"), WAITS.items())
def test_retry_after_is_read_as_seconds_or_a_date(header, seconds):
    """Both forms are read; missing, past and unreadable ones are a minute, long ones an hour."""
    assert NOON + timedelta(seconds=seconds) == pacing.retry_at(header, NOON)


@given(HEADERS)
def test_any_header_gives_a_wait_within_the_hour(header):
    """Nothing that a header says raises, lets a source come at once, or stops it for good."""
    wait_s = (pacing.retry_at(header, NOON) - NOON).total_seconds()

    assert pacing.SHORTEST_WAIT_S <= wait_s <= pacing.LONGEST_WAIT_S


@given(HEADERS, HEADERS)
def test_any_quota_gives_no_wait_or_one_within_the_hour(remaining, reset):
    """Figures that cannot be read count as none."""
    told = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    until = pacing.not_before({key: one for key, one in told.items() if one is not None}, NOON)

    assert until is None or timedelta(seconds=1) <= until - NOON <= timedelta(hours=1)


def test_quota_waits_only_when_nothing_is_left():
    """One request left is no wait; less than one waits for the reset."""
    left = pacing.not_before({"x-ratelimit-remaining": "1.0", "x-ratelimit-reset": "9"}, NOON)
    none = pacing.not_before({"x-ratelimit-remaining": "0.4", "x-ratelimit-reset": "9"}, NOON)

    assert (None, NOON + timedelta(seconds=9)) == (left, none)
    assert pacing.not_before({}, NOON) is None


@given(st.integers(-3, 10**9), st.randoms(use_true_random=False))
def test_backoff_grows_from_half_a_minute_to_an_hour(failures, random):
    """The wait after n failures lies in the upper half of 30 s doubled n - 1 times, up to 1 h."""
    longest = min(30 * 2 ** min(max(failures, 1) - 1, 7), 3600)
    wait_s = pacing.backoff(failures, random).total_seconds()

    assert longest / 2 <= wait_s <= longest


def test_backoff_keeps_sources_apart_that_failed_together():
    """Two sources get two waits, and the same seed gives the same ones."""
    waits = [pacing.backoff(3, random) for random in [Random(1)] for _ in range(2)]  # noqa: S311 - jitter

    assert waits[0] != waits[1]
    assert waits[0] == pacing.backoff(3, Random(1))  # noqa: S311 - the same
