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

from evenhand.data.store.bound import COUNT, HALF, NOW
from evenhand.data.store.eligible import FAST_QUEUE, may_take, suits
from evenhand.data.tables import item, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, Row, Select

    from evenhand.data.store.claims import Wish


def head(wish: Wish) -> Select[int]:
    """Select the first items that wait for a person, over all queues they want.

    The time and how many are wanted are bound when it runs (`bound`).
    """
    suiting = suits(wish)
    fast = [queue for queue in wish.queues if queue == FAST_QUEUE]
    slow = [queue for queue in wish.queues if queue != FAST_QUEUE]
    parts: list[Select[Any]] = []
    for name, queues in (("fast", fast), ("slow", slow)):
        if not queues:
            continue
        late = _first([overdue(one, suiting) for one in queues], name)
        parts.append(select(late))
        for one in queues:
            rest = by_priority(one, suiting)
            # As many as are wanted are left: what is in both parts takes up no place of another.
            parts.append(select(rest).where(rest.c.id.not_in(select(late.c.id))))
    every = union_all(*parts).subquery("every")
    return select(every.c.id).order_by(every.c.rank, every.c.place, every.c.id).limit(COUNT)


def bound(wish: Wish, now: datetime) -> dict[str, object]:
    """Give what is bound in the statements of a claim: who asks, how much of what, and when."""
    half = (wish.count + 1) // 2
    return {"me": wish.me, "now": now, "most": wish.count, "half": half}


def _first(late: list[CTE], name: str) -> CTE:
    """Select the first of several queues' overdue items: as many as may be among all wanted."""
    every = union_all(*(select(one) for one in late)).subquery(f"every_late_{name}")
    query = select(every).order_by(every.c.place, every.c.id).limit(HALF)
    return query.cte(f"first_late_{name}")


def overdue(queue: str, suiting: list[ColumnElement[bool]]) -> CTE:
    """Select what waited too long in one queue, the oldest deadline first."""
    rank = literal(_rank(queue, is_late=True)).label("rank")
    return (
        # Both parts of a rank are ordered by one number; microseconds fit into it.
        select(item.c.id, rank, cast(item.c.due_at, Float).label("place"))
        .where(item.c.due_at <= NOW, *may_take(queue, suiting))
        .order_by(item.c.due_at, item.c.id)
        .limit(HALF)
        .with_for_update(of=item, skip_locked=True)
        .cte(f"late_{queue}")
    )


def by_priority(queue: str, suiting: list[ColumnElement[bool]]) -> CTE:
    """Select the head of one queue by priority, whether overdue or not."""
    rank = literal(_rank(queue, is_late=False)).label("rank")
    return (
        select(item.c.id, rank, (-item.c.priority).label("place"))
        .where(*may_take(queue, suiting))
        .order_by(item.c.priority.desc(), item.c.id)
        .limit(COUNT)
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
