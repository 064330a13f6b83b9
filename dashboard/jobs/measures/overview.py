"""All that the coverage page shows, read in one state of the store: roll-ups and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import figures, topics, waiting
from evenhand.data.records import Role
from evenhand.data.store import backlog, rollups, volumes, waves_counted

if TYPE_CHECKING:
    from datetime import date, datetime

    from evenhand.dashboard.jobs.measures.topics import Row, Series
    from evenhand.data.records import Actor
    from evenhand.data.store.backlog import Waiting
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollups import Arrived, Days, ItemCounts
    from evenhand.data.store.waves_counted import Behind


@dataclass(frozen=True, slots=True)
class Overview:
    """The rows that the measures of one window count.

    *undecided* and *unanswered* are of this moment, whatever the window; *civic* and *withheld*
    are posts that the rows of topics and sentiments leave out; *steps* are the days on which the
    bars of *topics_by_day* begin.
    """

    window: Days
    arrived: tuple[Arrived, ...]
    items: tuple[ItemCounts, ...]
    behind: Behind
    undecided: tuple[Waiting, ...]
    unanswered: Waiting | None
    steps: tuple[date, ...]
    topics_by_day: tuple[Series, ...]
    tones: tuple[Row, ...]
    civic: int
    withheld: int


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
        step = 1
        shown = volumes.read(conn, window)
        if days > topics.WEEK and not topics.names_a_topic(shown):
            step = topics.WEEK
            shown = volumes.read(conn, window, step)
    steps = volumes.steps(window, step)
    return Overview(
        window=window,
        arrived=tuple(arrived),
        items=tuple(items),
        behind=behind,
        undecided=tuple(undecided),
        unanswered=waiting.unanswered(unanswered),
        steps=tuple(steps),
        topics_by_day=tuple(topics.topics_by_day(shown, arrived, steps)),
        tones=tuple(topics.tones(shown)),
        civic=shown.civic,
        withheld=topics.withheld(shown),
    )
