"""What waits of the flagged items: how many, and which could be among the next claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, literal_column, select

from evenhand.data.store.audits_read import LABELS
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

QUEUE = "harm"
MOST = 100
# Written out, not bound: the partial indexes of what waits are used only for these very words.
_OPEN = item.c.state == literal_column("'open'")
_CLAIMED = item.c.state == literal_column("'claimed'")


def waiting(conn: Connection) -> int:
    """Count the flagged items that wait for a decision; what was drawn or is read again is none."""
    found = 0
    for state in (_OPEN, _CLAIMED):
        query = select(func.count()).where(state, item.c.label.in_(LABELS), IS_OWN)
        found += int(conn.execute(query).scalar_one())
    return found


def leading(conn: Connection, queue: str = QUEUE, most: int = MOST) -> Iterator[tuple[str, float]]:
    """Read the first *most* open items of each label of a queue: label and priority, no more.

    A severity moves all items of a label alike, so no others can be among the first *most*.
    """
    for label in LABELS:
        query = (
            select(item.c.label, item.c.priority)
            .where(_OPEN, item.c.queue == queue, item.c.label == label, IS_OWN)
            .order_by(item.c.priority.desc(), item.c.id)
            .limit(most)
        )
        yield from ((row.label, row.priority) for row in conn.execute(query))
