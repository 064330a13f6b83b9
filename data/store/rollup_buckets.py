"""Buckets of waiting times: fixed edges, in whole numbers, the same in Python and on both engines.

Whole minutes up to 1 hour, then twenty to each doubling: an edge is at most 5 % above what it
stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, literal_column

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MINUTE_MICROS = 60_000_000
# Up to here each minute has its own bucket; minutes of an hour, too.
MINUTES = 60
# Up to 60 * 2 ** 16 minutes, which is 7.5 years; what takes longer is in the last bucket.
DOUBLINGS = 16
EACH = 20
LAST = MINUTES << DOUBLINGS


def bucket_of(micros: int) -> int:
    """Give the bucket of a waiting time in microseconds: its upper edge in whole minutes.

    >>> [bucket_of(minutes * 60_000_000) for minutes in (-1, 0, 1, 60, 61, 120, 121, 1440)]
    [0, 0, 1, 60, 63, 120, 126, 1440]
    """
    minutes = -(-max(0, micros) // MINUTE_MICROS)
    if minutes <= MINUTES:
        return minutes
    doubled = min(DOUBLINGS - 1, ((minutes - 1) // MINUTES).bit_length() - 1)
    low = MINUTES << doubled
    width = low // EACH
    return min(LAST, low + -(-(minutes - low) // width) * width)


def hours_of(bucket: int) -> float:
    """Give the upper edge of a bucket in hours."""
    return bucket / MINUTES


def minutes_sql(passed: str) -> ColumnElement[int]:
    """Say in SQL how many minutes *passed* (SQL, microseconds) makes, the last one begun."""
    whole = f"({passed} + {MINUTE_MICROS - 1}) / {MINUTE_MICROS}"
    return literal_column(f"CASE WHEN {passed} <= 0 THEN 0 ELSE {whole} END", Integer)


def bucket_sql(minutes: str) -> ColumnElement[int]:
    """Say in SQL the bucket of a column of minutes; dividing whole numbers cuts on both engines."""
    parts = [f"WHEN {minutes} <= {MINUTES} THEN {minutes}"]
    for doubled in range(DOUBLINGS):
        low = MINUTES << doubled
        width = low // EACH
        edge = f"{low} + ({minutes} - {low} + {width - 1}) / {width} * {width}"
        parts.append(f"WHEN {minutes} <= {low * 2} THEN {edge}")
    return literal_column(f"CASE {' '.join(parts)} ELSE {LAST} END", Integer)
