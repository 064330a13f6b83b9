"""Which open items a person may take: one list of conditions, read by claims and by counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, literal_column, or_

from evenhand.data.store.spared import spared
from evenhand.data.tables import item, skip

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from evenhand.data.store.claims import Wish

# Written out, not bound: both engines use the partial indexes only for the literal word.
IS_OPEN = item.c.state == literal_column("'open'")


def may_take(wish: Wish, queue: str) -> list[ColumnElement[bool]]:
    """Give the conditions under which a row of `item` waits in a queue for this person."""
    skipped = exists().where(
        skip.c.item_id == item.c.id,
        skip.c.person_id == int(wish.person_id),
    )
    wanted = [IS_OPEN, item.c.queue == queue, ~skipped, *spared(wish.person_id)]
    if wish.langs is not None:
        wanted.append(item.c.lang.in_(wish.langs))
    if not wish.escalated:
        wanted.append(~item.c.escalated)
    if wish.team_id is not None:
        wanted.append(or_(item.c.team_id.is_(None), item.c.team_id == int(wish.team_id)))
    return wanted
