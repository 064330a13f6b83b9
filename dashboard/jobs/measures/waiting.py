"""What waits now and how old it is.

No time to decision is given: a mean or median over decided items alone would leave out whoever
still waits, and so flatter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from evenhand.data.store.backlog import AGES, Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BANDS = len(AGES) + 1
# Views see the store's rows through their measure only.
Waits: TypeAlias = Waiting


def backlog(undecided: Sequence[Waiting]) -> int:
    """Items that wait for a decision at this moment, whenever they were made.

    An item in somebody's hands waits too.
    """
    return sum(one.items for one in undecided)


def by_age(undecided: Sequence[Waiting]) -> tuple[int, ...]:
    """Items that wait for a decision, by the time since they were made.

    The bands are: less than 1 hour, 1 to 4, 4 to 24, and more than 24 hours.
    """
    bands = zip(*(one.by_age for one in undecided), strict=True)
    return tuple(map(sum, bands)) or (0,) * BANDS


def overdue(undecided: Sequence[Waiting]) -> int:
    """Items that wait for a decision and are past the longest wait of their queue.

    The longest wait is 1 hour in the urgent queue, 24 hours for harm, 48 hours for requests.
    """
    return sum(one.overdue for one in undecided)


def oldest_at(undecided: Sequence[Waiting]) -> datetime | None:
    """The moment at which the oldest item that waits for a decision was made; blank if none."""
    return min((one.oldest_at for one in undecided), default=None)


def unanswered(decided: Sequence[Waiting]) -> Waiting | None:
    """Items that were decided to need an answer and have none yet.

    Their age counts from the making of the item, as whoever asked counts it.
    """
    if not decided:
        return None
    oldest = min(one.oldest_at for one in decided)
    return Waiting("", by_age(decided), oldest, overdue(decided))
