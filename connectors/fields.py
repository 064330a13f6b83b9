"""Single fields as the outside writes them: texts, numbers, times.

Times may be wrong: a future one is clamped, an impossible one is refused with a reason.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

# Texts beyond this are set aside: no post is that long, and one cell must not fill the memory.
LONGEST_TEXT = 131_072
# Clocks differ; a post that is a little ahead of ours is not from the future.
CLOCK_SKEW = timedelta(minutes=5)
# No platform that is read is older; an earlier time is a default or a mistake.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LARGEST_REACH = 2**31 - 1
# Epoch times: seconds up to the year 5138, then milliseconds, then microseconds.
_SECONDS_BELOW = 1e11
_MILLIS_BELOW = 1e14
_DAY_MONTH_YEAR = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_LAST_MONTH = 12


def clean_text(text: str) -> str:
    """Compose the letters and take out what no database holds: NUL and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    cleaned = unicodedata.normalize("NFC", text.replace("\0", ""))
    try:
        cleaned.encode()
    except UnicodeEncodeError:
        cleaned = cleaned.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return cleaned


def read_reach(*counts: object) -> int:
    """Add up public reactions; what is no number counts as none."""
    known = [int(one) for one in counts if isinstance(one, int | float) and _is_finite(one)]
    return min(max(sum(known), 0), LARGEST_REACH)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def read_time(value: object) -> datetime:
    """Read a time: epoch seconds, milliseconds or microseconds, ISO 8601, a mail or platform date.

    Times without a zone are taken as UTC.

    Raises:
        ValueError: It cannot be read, or could be read in two ways; the message says which kind.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        msg = "the time is neither a text nor a number"
        raise ValueError(msg)  # noqa: TRY004 - the caller sets the row aside for any bad value
    if isinstance(value, str):
        return _from_text(value.strip())
    return _from_number(value)


def _from_number(value: float) -> datetime:
    if not _is_finite(value):
        msg = "the time is no finite number"
        raise ValueError(msg)
    size = abs(value)
    seconds = (
        value if size < _SECONDS_BELOW else value / 1e3 if size < _MILLIS_BELOW else value / 1e6
    )
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as error:
        msg = "the time is outside the calendar"
        raise ValueError(msg) from error


def _from_text(text: str) -> datetime:
    if re.fullmatch(r"\d{9,17}(?:\.\d{1,9})?", text):
        return _from_number(float(text))
    for read in (datetime.fromisoformat, _day_month_year, _twitter, parsedate_to_datetime):
        try:
            return read_time(read(text))
        except _TwoWays:
            raise
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    msg = "the time cannot be read; write it like 2026-11-24T08:30:00Z"
    raise ValueError(msg)


class _TwoWays(ValueError):
    """A date whose day and month could change places."""


def _day_month_year(text: str) -> datetime:
    found = _DAY_MONTH_YEAR.fullmatch(text)
    if found is None:
        msg = "no such date"
        raise ValueError(msg)
    first, second, year, hour, minute, second_of = (int(part or 0) for part in found.groups())
    if first <= _LAST_MONTH and second <= _LAST_MONTH and first != second:
        msg = "day and month of the date could change places; write it like 2026-11-24"
        raise _TwoWays(msg)
    day, month = (first, second) if second <= _LAST_MONTH else (second, first)
    return datetime(year, month, day, hour, minute, second_of, tzinfo=UTC)


def _twitter(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")


def settle_time(at: datetime, now: datetime) -> tuple[datetime, bool]:
    """Clamp a time from the future to *now*, and say whether it is doubtful."""
    if at > now + CLOCK_SKEW:
        return now, True
    return at, at < EARLIEST
