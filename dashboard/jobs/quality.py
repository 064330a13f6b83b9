"""How well posts are read: agreement of two readers, gold, second readings, appeals.

Figures of policies and of a team; never of one person (DESIGN §8).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import require_person
from evenhand.dashboard.jobs.measures import agreement as agreements
from evenhand.dashboard.jobs.measures import figures
from evenhand.dashboard.jobs.measures.agreement import Rating, Reading
from evenhand.dashboard.jobs.measures.agreement_confusion import confusions
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.records import Outcome, Role
from evenhand.data.store import appeals, golds, readings, rollups, wave_members
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.measures.agreement import Agreement
    from evenhand.dashboard.jobs.measures.agreement_confusion import Confusion
    from evenhand.data.records import Actor
    from evenhand.data.settings import QualitySettings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.golds import GoldRead
    from evenhand.data.store.readings import Pair
    from evenhand.data.store.rollups import Days

READING = (Role.COORDINATOR, Role.ANALYST)
# As for care: a figure of fewer readers would be one of single people.
LEAST_READERS = 3
POLICIES = tuple(one.value for one in Policy)
# Everything that a reader can say as one word; whoever was not sure said nothing.
CATEGORIES = (*POLICIES, *(one.value for one in Outcome if one is not Outcome.VIOLATES))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Twice:
    """How many decided items of a queue went to a second reader; *read* of them were read."""

    queue: str
    asked: float
    chosen: Share
    read: int

    @property
    def as_asked(self) -> bool | None:
        """Whether the share that was asked for lies in the interval; None under 30 items."""
        found = self.chosen.interval
        return None if found is None else found[0] <= self.asked <= found[1]


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """How often hidden gold was read right, by what was expected; None for all together.

    *right* is None where fewer than three people read it: it would be a figure of single people.
    """

    expected: str | None
    right: Share | None
    n: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of the quality of reading in a window."""

    days: Days
    overall: Agreement
    by_policy: Mapping[str, Agreement]
    confused: tuple[Confusion, ...]
    twice: tuple[Twice, ...]
    gold: tuple[GoldFigure, ...]
    overturned: Share
    by_wave: Share


def overview(
    store: Store, actor: Actor, days: int, quality: QualitySettings, now: datetime
) -> Overview:
    """Measure the quality of reading of the actor's team over the last *days* days.

    Raises:
        NotAllowed: The actor is neither coordinator nor analyst.
    """
    require_person(actor, *READING)
    window = figures.window(days, now)
    since, until = rollups.start_of(window.first), rollups.start_of(window.last + DAY)
    with store.read() as conn:
        pairs = readings.pairs(conn, actor.team_id, since, until)
        twice = readings.read_twice(conn, window)
        gold = golds.readings(conn, actor.team_id, since=since, until=until)
        ended = appeals.results(conn, actor.team_id, since, until)
        copies = wave_members.rechecked(conn)
    # Whoever was not sure said neither yes nor no to any policy.
    sure = [pair for pair in pairs if "not_sure" not in {pair.first.outcome, pair.second.outcome}]
    return Overview(
        days=window,
        overall=agreements.agreement(_ratings(pairs), CATEGORIES),
        by_policy=agreements.by_policy(
            _readings(sure), {pair.item_id: {pair.label} for pair in sure}, POLICIES
        ),
        confused=_confused(sure),
        twice=tuple(
            Twice(
                one.queue,
                quality.double_share_in(one.queue),
                Share(min(one.chosen, one.decided), one.decided),
                one.read,
            )
            for one in twice
        ),
        gold=gold_accuracy(gold),
        overturned=overturn_rate(ended),
        by_wave=wave_errors(*copies),
    )


def wave_errors(read: int, wrong: int) -> Share:
    """Share of the near-copies read by themselves whose reader differed from their wave's decision.

    Another outcome or other policies differ.
    A random share of the near-copies that were decided by wave is read so, in the whole workspace
    and at any time; what waits, and what stands no longer, counts nowhere.
    Blank under 30.
    """
    return Share(wrong, read)


def overturn_rate(ended: Mapping[str, int]) -> Share:
    """Share of the appeals that ended in the window by which another decision came to stand.

    Appeals that wait count nowhere, and those that somebody was not sure about still wait.
    Blank under 30.
    """
    overturned = ended.get("overturned", 0)
    return Share(overturned, overturned + ended.get("upheld", 0))


def gold_accuracy(read: Sequence[GoldRead]) -> tuple[GoldFigure, ...]:
    """Share of the readings of hidden gold that named its outcome and policy, over all people.

    All together first, then by what was expected.
    Blank under 30 readings, and under three readers.
    """
    groups: dict[str | None, list[GoldRead]] = defaultdict(list)
    for one in read:
        groups[None].append(one)
        groups[one.expected].append(one)
    order = [None, *sorted(key for key in groups if key is not None)]
    return tuple(_gold_figure(key, groups[key]) for key in order if groups[key])


def _gold_figure(expected: str | None, read: Sequence[GoldRead]) -> GoldFigure:
    n = len(read)
    few = len({one.reader_id for one in read}) < LEAST_READERS
    right = None if few else Share(sum(one.right for one in read), n)
    return GoldFigure(expected, right, n)


def _ratings(pairs: Sequence[Pair]) -> list[Rating]:
    return [
        Rating(pair.item_id, said.reader_id, said.policy or said.outcome)
        for pair in pairs
        for said in (pair.first, pair.second)
    ]


def _readings(pairs: Sequence[Pair]) -> list[Reading]:
    return [
        Reading(pair.item_id, said.reader_id, said.policies)
        for pair in pairs
        for said in (pair.first, pair.second)
    ]


def _confused(pairs: Sequence[Pair]) -> tuple[Confusion, ...]:
    units = [(pair.first.policies, pair.second.policies) for pair in pairs]
    return tuple(confusions(units)[: agreements.MOST_CONFUSED])
