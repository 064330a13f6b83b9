"""What stands on items, by the day they were made: outcomes, policies and models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data.store import rollups
from evenhand.data.tables import rollup_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from evenhand.data.store.rollups import Days

KEYS = ("label", "lang", "team_id", "source_id", "model", "outcome", "policy")
TEXTS = ("label", "lang", "model", "outcome", "policy")
COUNTS = ("items", "leading")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Items on which an outcome stands.

    An item that violates several policies is in *items* of each of them, and in *leading* of its
    first one only: *leading* adds up to items whatever is summed, *items* only where "policy" is
    among the keys that were asked for.
    *label* is why the item was flagged, *policy* what it was found to violate; *model* is the one
    whose tag was newest when it was decided, "" for none.
    A key that was not asked for is "" or 0.
    """

    day: date
    label: str
    lang: str
    team_id: int
    source_id: int
    model: str
    outcome: str
    policy: str
    items: int
    leading: int


def read(conn: Connection, days: Days, by: Sequence[str] = ("outcome",)) -> list[Outcomes]:
    """Read what stands on the items made in the window, per *by*; *day* is the window's first.

    Without "policy" among *by*, *items* is *leading*: each item once.
    """
    empty: dict[str, Any] = {"team_id": 0, "source_id": 0, **dict.fromkeys(TEXTS, "")}
    found = []
    for row in rollups.sums(conn, rollup_outcome, days, tuple(by), COUNTS):
        if "policy" not in by:
            row["items"] = row["leading"]
        if row["items"]:
            found.append(Outcomes(**{"day": days.first, **empty, **row}))
    return found
