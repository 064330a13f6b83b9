"""The items that could be among the next claims, whatever the severities: label and priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal_column, select

from evenhand.data.store.audits_read import LABELS
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

QUEUE = "harm"
MOST = 100
# Written out, not bound: the partial index of what waits is used only for these very words.
_OPEN = item.c.state == literal_column("'open'")


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
