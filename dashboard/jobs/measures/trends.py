"""All that the trends page shows, read in one state of the store from the roll-ups alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import arriving, figures, rising, topics
from evenhand.data.records import Role
from evenhand.data.store import rollups, topic_changes, volumes

if TYPE_CHECKING:
    from datetime import date, datetime

    from evenhand.dashboard.jobs.measures.rising import Changes, Toned, Volume
    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollups import Days


@dataclass(frozen=True, slots=True)
class Trends:
    """What may be shown of one window.

    *steps* are the days on which the points of *volumes* begin, *days* those of *civic_by_day*;
    *civic* and *withheld* are posts that the rows of topics and sentiments leave out.
    *changes* are of the last five weeks, whatever the window.
    """

    window: Days
    arrived: int
    steps: tuple[date, ...]
    days: tuple[date, ...]
    volumes: tuple[Volume, ...]
    civic_by_day: tuple[int, ...]
    changes: Changes
    tones: tuple[Toned, ...]
    civic: int
    withheld: int


def trends(store: Store, actor: Actor, days: int, now: datetime) -> Trends:
    """Read the last *days* days for anybody who works here.

    The figures are of the whole workspace: a topic's trend in one place would be a list of its
    people.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    window = figures.window(days, now)
    with store.read() as conn:
        arrived = rollups.arrivals(conn, window)
        step = 1
        by_day = shown = volumes.read(conn, window)
        if days > topics.WEEK and not topics.shows_most(shown):
            step = topics.WEEK
            shown = volumes.read(conn, window, step)
        weeks = topic_changes.read(conn, window.last - timedelta(days=1))
    steps, each = volumes.steps(window, step), volumes.steps(window, 1)
    civic_by_day = topics.civic_by_step(by_day, each)
    return Trends(
        window=window,
        arrived=arriving.arrived(arrived),
        steps=tuple(steps),
        days=tuple(each),
        volumes=tuple(rising.topic_volumes(topics.by_step(shown, steps))),
        civic_by_day=civic_by_day,
        changes=rising.rising_topics(weeks),
        tones=tuple(rising.tone_shares(topics.tones(shown))),
        civic=rising.civic_volume(civic_by_day),
        withheld=topics.withheld(shown),
    )
