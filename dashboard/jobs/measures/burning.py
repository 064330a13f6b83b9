"""Until when what waits has to be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from evenhand.data.store import deadlines

if TYPE_CHECKING:
    from collections.abc import Sequence

BANDS = deadlines.BANDS
# Views see the store's rows through their measure only.
Due: TypeAlias = deadlines.Due


def burn_down(due: Sequence[Due]) -> tuple[int, ...]:
    """Items that wait for a decision by the time until their deadline, those past it apart.

    The bands are: overdue, within 1 hour, 1 to 4, 4 to 12, 12 to 24, 24 to 48, and more than 48
    hours from now.
    An item in somebody's hands waits too.
    """
    return tuple(map(sum, zip(*(one.by_hours for one in due), strict=True))) or (0,) * BANDS
