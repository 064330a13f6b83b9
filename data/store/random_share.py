"""The random share: places of a claim that go to any open item and not to the head of the queue.

Without it, what the model scores low would only be read when it is overdue, and nobody would learn
how often the order errs.
Every item that a person may take has the same chance.  Items keep a random place from 0 up to 1
(`item.draw`).  To take the next item from a random point on would favour those with a wide gap
before them, and more so the longer they wait; so the line is cut into equal cells, one of them is
chosen, and it is passed over as often as it holds fewer items than the fullest could (rejection
sampling: Devroye 1986, Non-Uniform Random Variate Generation, II.3).
A draw reads a few cells of about `HOPED` items each, whatever the length of the queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Float, bindparam, select

from evenhand.data.store.bound import SHARED
from evenhand.data.store.eligible import IS_OPEN, may_take, suits
from evenhand.data.tables import item

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Select

    from evenhand.data.store.claims import Wish

# Items hoped for in a cell, and the most that it may hold: with 8 hoped for, more than 24 are in
# one of a million cells.
HOPED, MOST = 8, 24
# Items of each queue by which the length of the line is judged: within an eighth.
JUDGED = 64
# Three are needed on average; this many fail once in 10 to the 50.
TRIES = 300


@dataclass(frozen=True, slots=True)
class AtRandom:
    """How much of what is handed out is drawn at random: a *share* of 0-1, and *chance* for it.

    Each place is drawn with this probability and independently: how many are is binomial.
    """

    share: float
    chance: Callable[[], float]


def pick(conn: Connection, wish: Wish, places: int, wanted: AtRandom) -> list[int]:
    """Draw items for some of the *places* that a claim fills, and hold them; give their keys.

    Fewer come where fewer wait.
    """
    count = sum(wanted.chance() < wanted.share for _ in range(places))
    return draw(conn, wish, count, wanted.chance) if count else []


def draw(conn: Connection, wish: Wish, count: int, chance: Callable[[], float]) -> list[int]:
    """Draw *count* different items out of all that a person may take, each with the same chance."""
    me, shape = {"me": wish.me}, wish.anybodys()
    few = sorted(conn.execute(_some_of(shape), me).scalars())
    if len(few) <= MOST:
        return [few.pop(_one_of(few, chance)) for _ in range(min(count, len(few)))]
    cells = max(1, round(_length(conn, wish, chance) / HOPED))
    query = in_cell(shape)
    found: list[int] = []
    for _ in range(TRIES * count):
        cell = int(chance() * cells)
        bounds = me | {"low": cell / cells, "high": (cell + 1) / cells}
        here = sorted(conn.execute(query, bounds).scalars())
        if chance() * MOST < len(here) <= MOST:
            found = list(dict.fromkeys([*found, here[_one_of(here, chance)]]))
        if len(found) == count:
            break
    return found


@lru_cache(maxsize=SHARED)
def in_cell(wish: Wish) -> Select[int]:
    """Select what a person may take whose place lies from *low* up to *high*, both bound later."""
    low, high = bindparam("low", type_=Float), bindparam("high", type_=Float)
    return _some([*_open_to(wish), item.c.draw >= low, item.c.draw < high])


@lru_cache(maxsize=SHARED)
def _some_of(wish: Wish) -> Select[int]:
    """Select a few of all that a person may take."""
    return _some(_open_to(wish))


def _open_to(wish: Wish) -> list[ColumnElement[bool]]:
    return [IS_OPEN, item.c.queue.in_(wish.queues), *suits(wish)]


def _some(conditions: list[ColumnElement[bool]]) -> Select[int]:
    """Select items up to one more than a cell may hold, and hold them; others are stepped over."""
    query = select(item.c.id).where(*conditions).limit(MOST + 1)
    return query.with_for_update(of=item, skip_locked=True)


def _one_of(keys: list[int], chance: Callable[[], float]) -> int:
    return min(int(chance() * len(keys)), len(keys) - 1)


def _length(conn: Connection, wish: Wish, chance: Callable[[], float]) -> float:
    """Judge how many items a person may take, by how close they lie at one random point."""
    start, shape, length = chance() / 2, wish.anybodys(), 0.0
    for queue in wish.queues:
        bound = {"me": wish.me, "low": start}
        places = list(conn.execute(_places(shape, queue), bound).scalars())
        if len(places) == JUDGED:
            length += JUDGED / max(places[-1] - start, 1e-12)
        else:
            length += len(places) / (1 - start)
    return length


@lru_cache(maxsize=SHARED)
def _places(wish: Wish, queue: str) -> Select[float]:
    """Select the first places in a queue from *low* on, which is bound later."""
    return (
        select(item.c.draw)
        .where(item.c.draw >= bindparam("low", type_=Float), *may_take(queue, suits(wish)))
        .order_by(item.c.draw)
        .limit(JUDGED)
    )
