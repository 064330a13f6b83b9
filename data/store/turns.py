"""Whose turn it is: the order in which open items are handed out.

The fast queue comes first.
In it, and then in the other queues together, up to half of what is handed out goes to what is past
its deadline, the oldest deadline first: that is the guarantee of a longest wait.
The rest follows by priority, so that a team that is days behind still gets the worst harm early.
Each part walks a partial index no further than asked, so a claim costs the same at any length of
the queues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Float, cast, literal, select, union_all

from evenhand.data.store.eligible import FAST_QUEUE, may_take, suits
from evenhand.data.tables import item, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Row, Select

    from evenhand.data.store.claims import Wish


def head(wish: Wish, now: datetime) -> Select[int]:
    """Select the first items that wait for a person, over all queues they want."""
    suiting = suits(wish)
    fast = [queue for queue in wish.queues if queue == FAST_QUEUE]
    slow = [queue for queue in wish.queues if queue != FAST_QUEUE]
    parts: list[Select[Any]] = []
    for name, queues in (("fast", fast), ("slow", slow)):
        if not queues:
            continue
        late = _first(wish, [overdue(wish, one, suiting, now) for one in queues], name)
        parts.append(select(late))
        for one in queues:
            rest = by_priority(wish, one, suiting)
            # As many as are wanted are left: what is in both parts takes up no place of another.
            parts.append(select(rest).where(rest.c.id.not_in(select(late.c.id))))
    every = union_all(*parts).subquery("every")
    return select(every.c.id).order_by(every.c.rank, every.c.place, every.c.id).limit(wish.count)


def _first(wish: Wish, late: list[CTE], name: str) -> CTE:
    """Select the first of several queues' overdue items: as many as may be among *wish.count*."""
    every = union_all(*(select(one) for one in late)).subquery(f"every_late_{name}")
    query = select(every).order_by(every.c.place, every.c.id).limit(_half(wish))
    return query.cte(f"first_late_{name}")


def _half(wish: Wish) -> int:
    return (wish.count + 1) // 2


def overdue(wish: Wish, queue: str, suiting: list[ColumnElement[bool]], now: datetime) -> CTE:
    """Select what waited too long in one queue, the oldest deadline first."""
    rank = literal(_rank(queue, is_late=True)).label("rank")
    return (
        # Both parts of a rank are ordered by one number; microseconds fit into it.
        select(item.c.id, rank, cast(item.c.due_at, Float).label("place"))
        .where(item.c.due_at <= now, *may_take(wish, queue, suiting))
        .order_by(item.c.due_at, item.c.id)
        .limit(_half(wish))
        .with_for_update(of=item, skip_locked=True)
        .cte(f"late_{queue}")
    )


def by_priority(wish: Wish, queue: str, suiting: list[ColumnElement[bool]]) -> CTE:
    """Select the head of one queue by priority, whether overdue or not."""
    rank = literal(_rank(queue, is_late=False)).label("rank")
    return (
        select(item.c.id, rank, (-item.c.priority).label("place"))
        .where(*may_take(wish, queue, suiting))
        .order_by(item.c.priority.desc(), item.c.id)
        .limit(wish.count)
        .with_for_update(of=item, skip_locked=True)
        .cte(f"ready_{queue}")
    )


def turn(row: Row[*tuple[Any, ...]], now: datetime) -> tuple[int, float, int]:
    """Give what puts rows of `item` (queue, due_at, priority, id) into the order of the queue."""
    is_late = row.due_at <= now
    place = float(to_micros(row.due_at)) if is_late else -row.priority
    return _rank(row.queue, is_late=is_late), place, row.id


def _rank(queue: str, *, is_late: bool) -> int:
    return 2 * (queue != FAST_QUEUE) + (not is_late)
