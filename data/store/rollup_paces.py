"""How many items arrived, were decided and were answered on a day, whenever they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from evenhand.data.store import rollups
from evenhand.data.store.rollups import Deed
from evenhand.data.tables import rollup_pace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from evenhand.data.store.rollups import Days


@dataclass(frozen=True, slots=True)
class Pace:
    """What was done on one day; *late* are those of *decided* whose deadline had passed.

    *answered* counts responses to what needs one.
    A key that was not asked for is "" or 0, as is the team of an item without one.
    """

    day: date
    queue: str
    team_id: int
    arrived: int
    decided: int
    answered: int
    late: int


def began(conn: Connection) -> date | None:
    """Give the day of the first item that was ever made; None before that."""
    first = conn.execute(select(func.min(rollup_pace.c.day))).scalar()
    return None if first is None else rollups.EPOCH_DAY + timedelta(days=first)


def read(conn: Connection, days: Days, by: Sequence[str] = ("queue",)) -> list[Pace]:
    """Read what was done per day and *by* (queue, team_id), oldest first."""
    keys = ("day", *by)
    none: dict[str, Any] = {
        "queue": "",
        "team_id": 0,
        **dict.fromkeys((one.value for one in Deed), 0),
    }
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rollups.sums(conn, rollup_pace, days, (*keys, "deed"), ("items",)):
        key = tuple(row[name] for name in keys)
        line = found.setdefault(key, none | {name: row[name] for name in keys})
        line[row["deed"]] = row["items"]
    return [Pace(**line) for line in found.values()]
