"""What more hands or other severities would do: how the backlog goes on, and who comes first.

Pure, like `simulating`, which says how much comes in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.simulating import Range

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a capacity makes of the backlog.

    *by_day* are the items that wait after each of the next days; *clear_days* until nothing waits,
    None where it never ends; *wait_days* is how long what comes in today waits for its turn.
    """

    by_day: tuple[Range, ...]
    clear_days: float | None
    wait_days: float | None


def waiting(backlog: int, coming: Range, capacity: int) -> Waiting:
    """Follow the backlog for 14 days at *capacity* decisions a day, arrivals counted in.

    backlog + days x (arrivals - capacity), never below nothing; the bounds are those of the mean of
    arrivals over these days.
    Days to clear: backlog / (capacity - arrivals); it never ends where as much comes in.
    What comes in today waits for backlog / capacity days if everything is taken in its turn; the
    real order takes severe harm first.
    """
    by_day = tuple(
        Range(*(max(0.0, backlog + n * (one - capacity)) for one in coming))
        for n in range(AHEAD_DAYS + 1)
    )
    gain = capacity - coming.value
    clear = 0.0 if not backlog else backlog / gain if gain > 0 else None
    return Waiting(by_day, clear, backlog / capacity if capacity else None)


def first_claims(
    open_items: Sequence[tuple[str, float]],
    present: Mapping[str, int],
    wanted: Mapping[str, int],
    log: Callable[[float], float],
    most: int = 100,
) -> tuple[Counter[str], Counter[str]]:
    """Count the labels of the first claims, as severities are now and as they would be.

    Args:
        open_items: The label and the priority of each item that waits, in any order; of each label
            the first *most* are enough, for a severity moves all items of a label alike.
        present: Severities by label.
        wanted: Those that are tried.
        log: The logarithm that priorities are made with.
        most: How many claims.
    """
    moved = [
        (label, priority + log(wanted.get(label, present[label]) / present[label]))
        for label, priority in open_items
    ]
    before, after = (
        Counter(label for label, _ in sorted(items, key=lambda one: -one[1])[:most])
        for items in (open_items, moved)
    )
    return before, after
