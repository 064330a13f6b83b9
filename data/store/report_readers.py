"""Who read in a window, as it was known at a moment: counted by language, and in pairs.

People are counted, and three at least, or not at all; `report_items` says why nothing here reads a
state that people go on changing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evenhand.data.store.children import Purpose
from evenhand.data.store.report_items import decisions, kept, placed, standing
from evenhand.data.store.reviews import REVIEW
from evenhand.data.store.reviews import policies as policies_of
from evenhand.data.tables import decision, item, item_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evenhand.data.store.report_items import Then

    AnyRow = Row[*tuple[Any, ...]]

# A number of fewer readers of a language would point at single people.
LEAST_READERS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader said of an item that two read; *reader* tells them apart and no more."""

    item_id: str
    label: str
    reader: str
    outcome: str
    policy: str | None
    policies: frozenset[str]


def read_twice(conn: Connection, then: Then) -> list[tuple[Reading, Reading]]:
    """Read the pairs of independent readings of which the second was made in the window."""
    query = (
        select(item.c.id, item.c.of_item_id, item.c.label)
        .join(decision, decision.c.item_id == item.c.id)
        .where(item.c.purpose == Purpose.DOUBLE.value, _within(decision.c.decided_at, then))
        .distinct()
        .order_by(item.c.id)
    )
    children = conn.execute(query).all()
    seconds = decisions(conn, [row.id for row in children], then.at)
    firsts = decisions(conn, [row.of_item_id for row in children], then.at)
    found = []
    for row in children:
        second = standing(seconds.get(row.id, ()))
        first = next((one for one in kept(firsts[row.of_item_id]) if one.kind == REVIEW), None)
        if first is not None and second is not None and first.version == second.version:
            found.append((_reading(row, first), _reading(row, second)))
    return found


def _reading(row: AnyRow, said: AnyRow) -> Reading:
    return Reading(
        str(row.id), row.label, str(said.reviewer_id), said.outcome, said.policy, policies_of(said)
    )


def readers(conn: Connection, then: Then) -> dict[str, int | None]:
    """Count who decided on items of each language in the window; None for fewer than three.

    An item's language is that of then: an edit of its post may have moved it since.
    """
    moved = select(item_event.c.item_id).where(
        item_event.c.item_id == item.c.id, item_event.c.kind == "moved", item_event.c.at > then.at
    )
    said = (
        select(item.c.id, item.c.lang, decision.c.reviewer_id)
        .join(item, item.c.id == decision.c.item_id)
        .where(_within(decision.c.decided_at, then), decision.c.kind == REVIEW)
    )
    stayed = said.with_only_columns(item.c.lang, decision.c.reviewer_id).where(~moved.exists())
    found: dict[str, set[int]] = defaultdict(set)
    for lang, reader in conn.execute(stayed.distinct()):
        found[lang].add(reader)
    others = conn.execute(said.where(moved.exists()).order_by(decision.c.id)).all()
    where = placed(conn, [row.id for row in others], then.at)
    for row in others:
        found[where[row.id]["lang"] if row.id in where else row.lang].add(row.reviewer_id)
    return {lang: len(who) if len(who) >= LEAST_READERS else None for lang, who in found.items()}


def _within(at: ColumnElement[datetime], then: Then) -> ColumnElement[bool]:
    return (at >= then.since) & (at < then.until)
