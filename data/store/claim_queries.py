"""The statements of claims: built once, or once for all who share a wish, and kept.

Who asks, when and for how many is bound when one runs (`turns.bound`), so none tells of a person.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select, update

from evenhand.data.records import ItemState
from evenhand.data.store import turns
from evenhand.data.store.bound import COUNT, ITEM, ITEMS, ME, NOW, NUMBER, SHARED, UNTIL
from evenhand.data.store.eligible import IS_CLAIMED, IS_OPEN, may_take, suits
from evenhand.data.tables import item

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.sql.dml import ReturningUpdate

    from evenhand.data.store.claims import Wish

# Says that whoever is bound (`claims.held_as`) holds an item for review, alive, under this number.
IS_MINE = and_(
    IS_CLAIMED,
    item.c.id == ITEM,
    item.c.claimed_by == ME,
    item.c.claim_no == NUMBER,
    item.c.claim_until > NOW,
)


def taking(which: ColumnElement[bool]) -> ReturningUpdate[*tuple[Any, ...]]:
    """Claim those of *which* that are open; binds `me`, `now` and `until`."""
    return (
        update(item)
        .where(which, IS_OPEN)
        .values(
            state=ItemState.CLAIMED.value,
            claimed_by=ME,
            claim_until=UNTIL,
            claim_no=item.c.claim_no + 1,
            state_at=NOW,
            seen_at=func.coalesce(item.c.seen_at, NOW),
        )
        .returning(item)
    )


# Claims chosen items, `of_items`.
TAKING_THESE = taking(item.c.id.in_(ITEMS))
# Selects the first items that wait for whoever wishes so.
head = lru_cache(maxsize=SHARED)(turns.head)


@lru_cache(maxsize=SHARED)
def taking_head(wish: Wish) -> ReturningUpdate[*tuple[Any, ...]]:
    """Claim the first items that wait for whoever wishes so."""
    return taking(item.c.id.in_(turns.head(wish)))


@lru_cache(maxsize=SHARED)
def counting(wish: Wish, queue: str) -> Select[int]:
    """Count what waits in a queue for whoever wishes so, up to `most`."""
    # In the order of a claim, or SQLite walks an index without what people filter by.
    ready = select(item.c.id).where(*may_take(queue, suits(wish)))
    some = ready.order_by(item.c.priority.desc(), item.c.id).limit(COUNT).subquery()
    return select(func.count()).select_from(some)


def giving_back(which: ColumnElement[bool]) -> ReturningUpdate[int, int]:
    """Open those of *which* that are claimed; binds `now`."""
    return (
        update(item)
        .where(which, IS_CLAIMED)
        .values(state=ItemState.OPEN.value, claimed_by=None, claim_until=None, state_at=NOW)
        .returning(item.c.id, item.c.claim_no)
    )


_ENDED = (
    select(item.c.id)
    .where(IS_CLAIMED, item.c.claim_until <= NOW)
    .order_by(item.c.claim_until)
    .limit(COUNT)
    .with_for_update(skip_locked=True)
    .cte("ended")
)
# Opens what ran out by `now`, `most` at once.
SWEEP = giving_back(item.c.id.in_(select(_ENDED.c.id)))
