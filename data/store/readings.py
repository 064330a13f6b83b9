"""What two people said of the same item, and how much is read twice: the ground of agreement.

Readers are named so that two readings can be told apart; no figure is made of one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from evenhand.data.records import ItemState
from evenhand.data.store import reviews, rollups
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.eligible import of_team
from evenhand.data.tables import current_decision, decision, item, rollup_item

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evenhand.data.store.rollups import Days

FIRST_SLOT = 1
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said: an outcome, and all policies that they named."""

    reader_id: str
    outcome: str
    policy: str | None
    policies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two independent readings of the same text; *label* is what the item was put up for."""

    item_id: str
    label: str
    first: Said
    second: Said


@dataclass(frozen=True, slots=True)
class ReadTwice:
    """Of the decided items of a queue, how many went to a second reader, and were read by one."""

    queue: str
    decided: int
    chosen: int
    read: int


def pairs(conn: Connection, team_id: str | None, since: datetime, until: datetime) -> list[Pair]:
    """Read the items whose second reading fell into a window, oldest first.

    The first reading is what the first reviewer said, whatever stands by now.
    Items whose readers saw different versions are left out.
    """
    first, second = decision.alias("first"), decision.alias("second")
    parent = item.alias("parent")
    taken_back = decision.alias("taken_back")
    query = (
        select(first, parent.c.label)
        .add_columns(
            second.c.reviewer_id.label("second_reader"),
            second.c.outcome.label("second_outcome"),
            second.c.policy.label("second_policy"),
            second.c.also.label("second_also"),
        )
        .select_from(item)
        .join(current_decision, _stands(item.c.id))
        .join(second, second.c.id == current_decision.c.decision_id)
        .join(parent, parent.c.id == item.c.of_item_id)
        .join(first, first.c.item_id == parent.c.id)
        .where(
            item.c.of_item_id.is_not(None),
            item.c.purpose == Purpose.DOUBLE.value,
            of_team(team_id),
            first.c.kind == reviews.REVIEW,
            ~exists()
            .where(taken_back.c.supersedes_id == first.c.id)
            .where(taken_back.c.item_id == first.c.item_id, taken_back.c.kind == reviews.UNDO),
            first.c.version == second.c.version,
            second.c.decided_at >= since,
            second.c.decided_at < until,
        )
        .order_by(second.c.id)
    )
    return [_pair(row) for row in conn.execute(query)]


def _stands(item_id: ColumnElement[int]) -> ColumnElement[bool]:
    return (current_decision.c.item_id == item_id) & (current_decision.c.slot == FIRST_SLOT)


def _pair(row: Row[*tuple[Any, ...]]) -> Pair:
    second = Said(
        str(row.second_reader),
        row.second_outcome,
        row.second_policy,
        _named(row.second_policy, row.second_also),
    )
    first = Said(str(row.reviewer_id), row.outcome, row.policy, reviews.policies(row))
    return Pair(str(row.item_id), row.label, first, second)


def _named(policy: str | None, also: list[list[object]] | None) -> frozenset[str]:
    return frozenset(str(name) for name in (policy, *(pair[0] for pair in also or ())) if name)


def read_twice(conn: Connection, days: Days) -> list[ReadTwice]:
    """Count by queue, of the items made on these days in all teams, those decided and read twice.

    What is decided is taken from the roll-up, so that no page walks through all items.
    """
    first, last = rollups.day_number(days.first), rollups.day_number(days.last)
    decided = (
        select(rollup_item.c.queue, func.sum(rollup_item.c.decided))
        .where(rollup_item.c.day.between(first, last))
        .group_by(rollup_item.c.queue)
        .order_by(rollup_item.c.queue)
    )
    parent = item.alias("parent")
    day = parent.c.created_at
    twice = (
        select(item.c.queue, func.count(), func.count(current_decision.c.decision_id))
        .select_from(item)
        .join(parent, parent.c.id == item.c.of_item_id)
        .outerjoin(current_decision, _stands(item.c.id))
        .where(
            ~IS_OWN,
            item.c.purpose == Purpose.DOUBLE.value,
            item.c.state != ItemState.VOID.value,
            day >= rollups.start_of(days.first),
            day < rollups.start_of(days.last + DAY),
        )
        .group_by(item.c.queue)
    )
    found = {queue: (int(chosen), int(read)) for queue, chosen, read in conn.execute(twice)}
    return [
        ReadTwice(queue, int(n), *found.get(queue, (0, 0))) for queue, n in conn.execute(decided)
    ]
