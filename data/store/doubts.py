"""Standing decisions whose labels are in doubt, with the text that was decided on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from evenhand.data.records import ItemState
from evenhand.data.store import cards, dialect, readable
from evenhand.data.tables import current_decision, decision, item, post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.records import Actor

FIRST_SLOT = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision that stands; *text* is None where it was erased or is not open to the actor.

    *severe* says that a flag of the post covers its text.
    """

    lang: str
    text: str | None
    severe: bool
    decided_at: datetime


def standing(
    conn: Connection, actor: Actor, item_ids: Sequence[str], at_most: int
) -> dict[str, Standing]:
    """Read the standing decisions on the first *at_most* of these items.

    Items of another team are left out.
    """
    wanted = [int(one) for one in dict.fromkeys(item_ids)][:at_most]
    query = (
        select(item.c.id, item.c.post_id, post.c.lang, decision.c.version, decision.c.decided_at)
        .join(post, post.c.id == item.c.post_id)
        .join(current_decision, current_decision.c.item_id == item.c.id)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .where(
            dialect.among_ids(conn, item.c.id, wanted),
            current_decision.c.slot == FIRST_SLOT,
            item.c.state != ItemState.VOID.value,
        )
    )
    if actor.team_id is not None:
        query = query.where(or_(item.c.team_id.is_(None), item.c.team_id == int(actor.team_id)))
    rows = conn.execute(query).all()
    flags = cards.flags_of(conn, [row.post_id for row in rows])
    return {
        str(row.id): Standing(
            lang=row.lang,
            text=readable.text_if_open(conn, actor, str(row.id), row.post_id, row.version),
            severe=cards.is_severe(one.label for one in flags[row.post_id]),
            decided_at=row.decided_at,
        )
        for row in rows
    }
