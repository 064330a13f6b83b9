"""Items of items: what is read once more, under another person's claim.

A child is copied from its parent, so that whoever reads cannot tell it from any other item.
It is counted in no roll-up, no backlog and no list: only its parent is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, insert, select, update

from evenhand.data.records import ItemState
from evenhand.data.store.bound import ITEM
from evenhand.data.tables import decision, item, item_event, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

# Said in SQL: an item that is not of another one.
IS_OWN = item.c.of_item_id.is_(None)
LIVE = (ItemState.OPEN.value, ItemState.CLAIMED.value)
# Built once: asked after every decision.
_OF = (
    select(item)
    .where(
        item.c.of_item_id == ITEM,
        item.c.purpose == bindparam("why_read"),
        item.c.state != ItemState.VOID.value,
    )
    .order_by(item.c.id)
)
COPIED = ("post_id", "queue", "team_id", "lang", "label", "priority", "why", "source_id")


class Purpose(StrEnum):
    """Why an item is read; all but the first are items of another item."""

    REVIEW = "review"
    DOUBLE = "double"
    GOLD = "gold"
    ADJUDICATION = "adjudication"
    APPEAL = "appeal"
    WAVE = "wave"
    PRACTICE = "practice"


def decided_by(person_id: str) -> ColumnElement[bool]:
    """Say in SQL that a person decided on an item themselves, whatever stands on it by now."""
    return exists().where(
        decision.c.item_id == item.c.id,
        decision.c.reviewer_id == int(person_id),
        decision.c.kind == "review",
    )


def make(
    conn: Connection,
    parent: Row[*tuple[Any, ...]],
    purpose: Purpose,
    now: datetime,
    for_person: str | None = None,
) -> int:
    """Make an open item of *parent*, as long before its deadline as that one was; give its key.

    Args:
        conn: A write that holds the parent, so that it cannot move meanwhile.
        parent: A whole row of `item`.
        purpose: Any but REVIEW.
        now: The time.
        for_person: Whom it waits for; None means anybody who may take it.
    """
    due: datetime = now + (parent.due_at - parent.created_at)
    copied = {name: getattr(parent, name) for name in COPIED}
    values = {
        **copied,
        "due_at": due,
        "state": ItemState.OPEN.value,
        "created_at": now,
        "state_at": now,
        "purpose": purpose.value,
        "of_item_id": parent.id,
        "for_person": None if for_person is None else int(for_person),
    }
    made = int(conn.execute(insert(item).values(**values).returning(item.c.id)).scalar_one())
    data = {**copied, "due_at": to_micros(due), "of_item_id": parent.id, "purpose": purpose.value}
    _log(conn, [made], "made", now, data)
    return made


def withdraw(  # noqa: PLR0913 - whose, which, when, why and since when
    conn: Connection,
    parent_ids: Iterable[int],
    purposes: Iterable[Purpose],
    now: datetime,
    reason: str,
    *,
    after: int = 0,
) -> list[int]:
    """Make the children void that nobody has decided on, whoever holds them; give their keys.

    Only those that were made *after* the item of this key.
    """
    wanted = sorted(set(parent_ids))
    if not wanted:
        return []
    query = (
        update(item)
        .where(
            item.c.of_item_id.in_(wanted),
            item.c.purpose.in_([one.value for one in purposes]),
            item.c.state.in_(LIVE),
            item.c.id > after,
        )
        .values(state=ItemState.VOID.value, claimed_by=None, claim_until=None, state_at=now)
        .returning(item.c.id)
    )
    gone = sorted(conn.execute(query).scalars())
    _log(conn, gone, "void", now, {"reason": reason})
    return gone


def lock(conn: Connection, item_id: int) -> Row[*tuple[Any, ...]]:
    """Read an item's row and hold it until the write ends: parents before their children."""
    # Not its key: children that are made meanwhile need not wait.
    return conn.execute(
        select(item).where(item.c.id == item_id).with_for_update(key_share=True)
    ).one()


def kinds(conn: Connection, item_ids: Iterable[str]) -> dict[str, tuple[Purpose, str | None]]:
    """Tell why items are read and of which item each is, by id; None for an item of its own.

    For whoever keeps the books: who reads is never told.
    """
    wanted = [int(one) for one in item_ids]
    query = select(item.c.id, item.c.purpose, item.c.of_item_id).where(item.c.id.in_(wanted))
    return {
        str(row.id): (
            Purpose(row.purpose),
            None if row.of_item_id is None else str(row.of_item_id),
        )
        for row in conn.execute(query)
    }


def of(conn: Connection, parent_id: int, purpose: Purpose) -> list[Row[*tuple[Any, ...]]]:
    """Read the children of an item that are not void, oldest first."""
    return list(conn.execute(_OF, {"of_item": parent_id, "why_read": purpose.value}))


def _log(
    conn: Connection, ids: Iterable[int], kind: str, now: datetime, data: dict[str, object]
) -> None:
    rows = [{"item_id": one, "at": now, "kind": kind, "data": data} for one in ids]
    if rows:
        conn.execute(insert(item_event), rows)
