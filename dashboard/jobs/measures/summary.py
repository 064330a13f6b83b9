"""The five figures of Overview: roll-ups and what waits in one state of the store, then audits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import figures, missing, reviewing, timing, waiting
from evenhand.data.records import Role
from evenhand.data.store import backlog, rollup_paces, rollup_waits, rollups
from evenhand.data.store.rollups import Days, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.estimates_time import Clearing
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.timing import Times
    from evenhand.data.records import Actor
    from evenhand.data.store.backlog import Waiting
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollup_paces import Pace
    from evenhand.data.store.rollup_waits import Waited
    from evenhand.data.store.rollups import ItemCounts

WEEK = 7
# Four weeks beside the four weeks before: both have each day of the week alike.
WEEKS = 8
WINDOW = WEEK * WEEKS // 2


@dataclass(frozen=True, slots=True)
class Measured:
    """Recall of the window, of the window before, and of each week of both.

    None stands for a time in which no day was audited.
    """

    now: Estimate | None
    before: Estimate | None
    by_week: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A share of the window, of the window before, and of each week of both."""

    now: Share
    before: Share
    by_week: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """Times of the window, of the window before, and of each week of both."""

    now: Times
    before: Times
    by_week: tuple[Times, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a decision now, and how it came to.

    *growth* is by how many more came in than were decided in each week; *arrived* and *decided*
    are of the whole days that *clearing* is taken from.
    """

    items: int
    oldest_at: datetime | None
    clearing: Clearing
    arrived: int
    decided: int
    growth: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What Overview shows; *weeks* has both windows, the oldest week first."""

    window: Days
    before: Days
    weeks: tuple[Days, ...]
    recall: Measured
    review: Counted
    decision: Timed
    response: Counted
    backlog: Backlog


def summary(store: Store, actor: Actor, now: datetime) -> Summary:
    """Read the last four weeks and the four before for anybody who works here.

    The figures are of the whole workspace.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    window = figures.window(WINDOW, now)
    before = _earlier(window, WINDOW)
    both = Days(before.first, window.last)
    weeks = [_earlier(figures.window(WEEK, now), WEEK * ago) for ago in range(WEEKS - 1, -1, -1)]
    with store.read() as conn:
        items = rollups.items(conn, both, by=())
        waits = [
            rollup_waits.read(conn, week, Step.DECIDED, now).get("", timing.NOBODY_WAITED)
            for week in weeks
        ]
        paces = rollup_paces.read(conn, both, by=())
        pace_days = timing.pace_days(window, rollup_paces.began(conn))
        undecided = backlog.undecided(conn, now)
    return Summary(
        window=window,
        before=before,
        weeks=tuple(weeks),
        recall=_measured(store, window, before, weeks),
        review=_counted(items, weeks, reviewing.review_coverage),
        decision=_timed(waits),
        response=_counted(items, weeks, reviewing.response_coverage),
        backlog=_backlog(undecided, paces, pace_days, weeks),
    )


def _earlier(days: Days, by: int) -> Days:
    return Days(days.first - timedelta(days=by), days.last - timedelta(days=by))


def _measured(store: Store, window: Days, before: Days, weeks: Sequence[Days]) -> Measured:
    parts = missing.wholes(store, [window, before, *weeks])
    new, old, *by_week = (None if part is None else part.recall for part in parts)
    return Measured(new, old, tuple(by_week))


def _counted(
    items: Sequence[ItemCounts],
    weeks: Sequence[Days],
    measure: Callable[[Sequence[ItemCounts]], Share],
) -> Counted:
    half = WEEKS // 2
    parts = [[one for one in items if week.first <= one.day <= week.last] for week in weeks]
    old, new = ([one for part in some for one in part] for some in (parts[:half], parts[half:]))
    return Counted(measure(new), measure(old), tuple(map(measure, parts)))


def _timed(waits: Sequence[Waited]) -> Timed:
    half = WEEKS // 2
    measure = timing.time_to_decision
    old, new = (timing.together(some) for some in (waits[:half], waits[half:]))
    return Timed(measure(new), measure(old), tuple(map(measure, waits)))


def _backlog(
    undecided: Sequence[Waiting], paces: Sequence[Pace], days: Days, weeks: Sequence[Days]
) -> Backlog:
    items = waiting.backlog(undecided)
    counted = [one for one in paces if days.first <= one.day <= days.last]
    return Backlog(
        items=items,
        oldest_at=waiting.oldest_at(undecided),
        clearing=timing.time_to_clear(items, paces, days),
        arrived=sum(one.arrived for one in counted),
        decided=sum(one.decided for one in counted),
        growth=tuple(
            sum(one.arrived - one.decided for one in paces if week.first <= one.day <= week.last)
            for week in weeks
        ),
    )
