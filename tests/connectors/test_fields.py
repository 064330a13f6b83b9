"""Single fields: texts are cleaned, reactions counted, times read or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors.fields import (
    CLOCK_SKEW,
    EARLIEST,
    LARGEST_REACH,
    clean_text,
    read_reach,
    read_time,
    settle_time,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EIGHT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-20T08:30:00Z",
        "2026-11-20T15:30:00+07:00",
        "2026-11-20 08:30",
        "20/11/2026 08:30",
        "20.11.2026 08:30:00",
        "11/20/2026 08:30",
        "Fri, 20 Nov 2026 08:30:00 +0000",
        "Fri Nov 20 08:30:00 +0000 2026",
        1_795_163_400,
        1_795_163_400_000,
        1_795_163_400_000_000,
        "1795163400",
        "1795163400.0",
        EIGHT,
        EIGHT.astimezone(timezone(timedelta(hours=7))),
        EIGHT.replace(tzinfo=None),
    ],
)
def test_time_is_read_as_every_platform_writes_it(value):
    """Epochs of three sizes, ISO, mail and platform dates; without a zone it is UTC."""
    assert EIGHT == read_time(value)
    assert UTC == read_time(value).tzinfo


def test_day_is_its_first_moment():
    """In UTC, as a text and as a date."""
    expected = datetime(2026, 11, 20, tzinfo=UTC)

    assert expected == read_time("2026-11-20")
    assert expected == read_time(date(2026, 11, 20))
    assert expected == read_time("20/11/2026")
    assert datetime(2026, 4, 4, tzinfo=UTC) == read_time("4/4/2026")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("03/04/2026", "could change places"),
        ("yesterday", "cannot be read"),
        ("", "cannot be read"),
        ("2026-02-30", "cannot be read"),
        ("32/01/2026", "cannot be read"),
        ("0001-01-01T00:00:00+23:00", "cannot be read"),
        (float("nan"), "no finite number"),
        (float("inf"), "no finite number"),
        (10**400, "no finite number"),
        (-(10**20), "outside the calendar"),
        (True, "neither a text nor a number"),
        (None, "neither a text nor a number"),
        ([1], "neither a text nor a number"),
    ],
)
def test_time_that_is_none_or_two_is_refused_with_the_reason(value, why):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=why):
        read_time(value)


@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.none(), st.booleans()))
def test_any_value_is_a_time_or_a_value_error(value):
    """No other error comes out, and a time is in UTC."""
    try:
        found = read_time(value)
    except ValueError:
        return
    assert UTC == found.tzinfo


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001 - made aware below
def test_time_is_read_back_as_it_is_written(at):
    """As ISO text and as epoch seconds."""
    exact = at.replace(tzinfo=UTC)

    assert exact == read_time(exact.isoformat())
    assert abs(exact - read_time(exact.timestamp())) < timedelta(milliseconds=1)


def test_time_from_the_future_is_clamped_beyond_the_skew_of_clocks():
    """And one before all platforms is doubtful, as it stands."""
    ahead, far, old = NOW + CLOCK_SKEW, NOW + 2 * CLOCK_SKEW, EARLIEST - timedelta(days=1)

    assert (ahead, False) == settle_time(ahead, NOW)
    assert (NOW, True) == settle_time(far, NOW)
    assert (old, True) == settle_time(old, NOW)
    assert (EARLIEST, False) == settle_time(EARLIEST, NOW)


def test_text_is_composed_and_holds_nothing_that_a_database_refuses():
    """NUL goes, lone surrogates become a mark, all else stays."""
    assert "nước" == clean_text("nu\u031bo\u031b\u0301c")
    assert "ab" == clean_text("a\0b")
    assert "a\ufffdb" == clean_text("a\ud800b")
    assert "😀" == clean_text("\ud83d\ude00")
    assert "NA\r\n\t" == clean_text("NA\r\n\t")


@given(st.text(alphabet=st.characters(), max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    """And what comes out can be stored."""
    cleaned = clean_text(text)

    assert cleaned == clean_text(cleaned)
    assert "\0" not in cleaned
    assert cleaned == cleaned.encode().decode()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 4), 7),
        ((), 0),
        ((None, "many", 2.9), 2),
        ((-5, 1), 0),
        ((float("nan"), float("inf"), 1), 1),
        ((10**400, 1), 1),
        ((10**12,), LARGEST_REACH),
    ],
)
def test_reach_adds_up_what_is_a_number(counts, expected):
    """It is never below 0 and fits the store."""
    assert expected == read_reach(*counts)
