"""What a person has begun to write about an item; it outlives the claim and is theirs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, select

from evenhand.data.store import dialect
from evenhand.data.store.claims import key_of
from evenhand.data.tables import draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def put(
    conn: Connection,
    person_id: str,
    item_id: str,
    data: Mapping[str, object],
    now: datetime,
) -> None:
    """Keep a draft in the place of an earlier one."""
    row = {
        "item_id": key_of(item_id),
        "person_id": int(person_id),
        "data": dict(data),
        "at": now,
    }
    dialect.upsert(conn, draft, row, update=("data", "at"))


def get(conn: Connection, person_id: str, item_id: str) -> dict[str, object]:
    """Find a person's draft; empty without one."""
    query = select(draft.c.data).where(
        draft.c.item_id == key_of(item_id),
        draft.c.person_id == int(person_id),
    )
    return dict(cast("Mapping[str, object]", conn.execute(query).scalar() or {}))


def among(conn: Connection, person_id: str, item_ids: Sequence[str]) -> set[str]:
    """Say for which of these items a person has begun to write something."""
    query = select(draft.c.item_id).where(
        draft.c.person_id == int(person_id),
        draft.c.item_id.in_([key_of(one) for one in item_ids]),
    )
    return {str(key) for key in conn.execute(query).scalars()}


def drop(conn: Connection, item_id: str) -> None:
    """Delete everybody's drafts for an item that needs none any more."""
    conn.execute(delete(draft).where(draft.c.item_id == key_of(item_id)))
