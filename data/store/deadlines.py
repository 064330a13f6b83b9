"""When what waits at this moment is due, read from the partial indexes of what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from evenhand.data.store.backlog import LIVE
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import item

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

# Ends of the bands, in hours from now; what is due later makes one more band.
ENDS_H = (0, 1, 4, 12, 24, 48)
BANDS = len(ENDS_H) + 1


@dataclass(frozen=True, slots=True)
class Due:
    """What waits in one queue.

    *by_hours* counts what is past its deadline, then what is due within 1 hour, 1-4, 4-12, 12-24,
    24-48 and more than 48 hours from now.
    """

    queue: str
    by_hours: tuple[int, ...]


def due(conn: Connection, now: datetime) -> list[Due]:
    """Count the items that wait for a decision by the time until their deadline, by queue."""
    summed: dict[str, list[int]] = {}
    bands = [func.sum(case((band, 1), else_=0)) for band in _bands(now)]
    for state in LIVE:
        query = select(item.c.queue, *bands).where(state, IS_OWN).group_by(item.c.queue)
        for queue, *counts in conn.execute(query):
            row = summed.setdefault(queue, [0] * BANDS)
            summed[queue] = [old + int(new) for old, new in zip(row, counts, strict=True)]
    return [Due(queue, tuple(summed[queue])) for queue in sorted(summed)]


def _bands(now: datetime) -> list[ColumnElement[bool]]:
    at = item.c.due_at
    ends = [now + timedelta(hours=hours) for hours in ENDS_H]
    between = (and_(at > early, at <= late) for early, late in pairwise(ends))
    return [at <= ends[0], *between, at > ends[-1]]
