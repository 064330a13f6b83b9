"""Which items a person is spared: conditions of a claim, and what they look for.

Any flag of the present version counts, not only the one that leads.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select

from evenhand.data.tables import flag, item, post
from evenhand.data.tables_review import opt_out, reading
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

# From this severity on an item counts against the daily limit: serious harm (4), life at risk (5).
SEVERE_FROM = 4


def spared(me: int | ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Give the conditions that keep items of `item` from a person.

    They are nobody's claim: what the person opted out of, and what is severe while their limit of
    the day is reached.
    """
    mine = opt_out.c.person_id == me
    unwanted = exists().where(*_present_flag(), mine, opt_out.c.label == flag.c.label)
    is_spared = exists().where(reading.c.person_id == me, reading.c.spared)
    # The first half of each is asked once, not for every row: most people opted out of nothing.
    return [
        # The label that leads stands in the row: a queue full of it is walked without a look aside.
        item.c.label.not_in(select(opt_out.c.label).where(mine)),
        ~and_(exists().where(mine), unwanted),
        ~and_(is_spared, has_severe_flag()),
    ]


def has_severe_flag() -> ColumnElement[bool]:
    """Say in SQL that an item has a flag that counts against the daily limit."""
    return exists().where(*_present_flag(), flag.c.label.in_(severe_labels()))


@cache
def severe_labels() -> tuple[str, ...]:
    """List the policies and requests from `SEVERE_FROM` on."""
    lists = load_taxonomy()
    every = (*lists.policies.values(), *lists.requests.values())
    return tuple(entry.id for entry in every if entry.severity >= SEVERE_FROM)


def _present_flag() -> list[ColumnElement[bool]]:
    return [
        post.c.id == item.c.post_id,
        flag.c.post_id == item.c.post_id,
        flag.c.version == post.c.version,
    ]
