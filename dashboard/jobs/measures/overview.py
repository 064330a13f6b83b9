"""All that the coverage page shows, read in one state of the store: roll-ups and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import figures, waiting
from evenhand.data.records import Role
from evenhand.data.store import backlog, rollups, waves_counted

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.backlog import Waiting
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollups import Arrived, Days, ItemCounts
    from evenhand.data.store.waves_counted import Behind


@dataclass(frozen=True, slots=True)
class Overview:
    """The rows that the measures of one window count.

    *undecided* and *unanswered* are of this moment, whatever the window.
    """

    window: Days
    arrived: tuple[Arrived, ...]
    items: tuple[ItemCounts, ...]
    behind: Behind
    undecided: tuple[Waiting, ...]
    unanswered: Waiting | None


def overview(store: Store, actor: Actor, days: int, now: datetime) -> Overview:
    """Read the last *days* days for anybody who works here.

    The figures are of the whole workspace: the roll-ups know no teams, sources or persons.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    window = figures.window(days, now)
    with store.read() as conn:
        arrived = rollups.arrivals(conn, window)
        items = rollups.item_totals(conn, window)
        behind = waves_counted.behind(conn, window)
        undecided = backlog.undecided(conn, now)
        unanswered = backlog.unanswered(conn, now)
    return Overview(
        window=window,
        arrived=tuple(arrived),
        items=tuple(items),
        behind=behind,
        undecided=tuple(undecided),
        unanswered=waiting.unanswered(unanswered),
    )
