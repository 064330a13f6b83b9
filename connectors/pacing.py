"""How long to wait: from what a platform's answer says, and after failures.

Every wait lies between one second and one hour, whatever a header says; nothing here sleeps.
"""

from __future__ import annotations

import math
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

SHORTEST_WAIT_S = 1.0
DEFAULT_WAIT_S = 60.0
LONGEST_WAIT_S = 3600.0
FIRST_BACKOFF_S = 30.0
# 30 s doubled seven times is beyond the hour; more doublings would only overflow.
MOST_DOUBLINGS = 7


def retry_at(retry_after: str | None, now: datetime) -> datetime:
    """Read a Retry-After header: seconds or an HTTP date.

    Missing, unreadable, negative and past values give one minute; long ones are cut to one hour.
    """
    seconds = _seconds(retry_after, now)
    if seconds is None or math.isnan(seconds) or seconds < 0:
        seconds = DEFAULT_WAIT_S
    return now + timedelta(seconds=min(max(seconds, SHORTEST_WAIT_S), LONGEST_WAIT_S))


def _seconds(retry_after: str | None, now: datetime) -> float | None:
    if retry_after is None:
        return None
    try:
        return float(retry_after)
    except ValueError:
        return _seconds_to_date(retry_after, now)


def _seconds_to_date(date: str, now: datetime) -> float | None:
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return (at - now).total_seconds()


def not_before(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read X-Ratelimit-Remaining and -Reset: when to ask again, or None where nothing is used up.

    Unreadable figures count as none: a refusal (429) then says how long to wait.
    """
    remaining = _number(headers.get("x-ratelimit-remaining"))
    if remaining is None or remaining >= 1:
        return None
    return retry_at(headers.get("x-ratelimit-reset"), now)


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def backoff(failures: int, random: Random) -> timedelta:
    """Say how long to wait after *failures* failures in a row (at least 1).

    Doubles from half a minute to one hour; the random half keeps sources that failed together
    from coming back together.
    """
    doublings = min(max(failures, 1) - 1, MOST_DOUBLINGS)
    longest = min(FIRST_BACKOFF_S * 2**doublings, LONGEST_WAIT_S)
    return timedelta(seconds=longest * (0.5 + random.random() / 2))
