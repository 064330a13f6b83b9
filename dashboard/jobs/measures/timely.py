"""What the coverage page shows of times, deadlines and teams, read in one state of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import figures, teaming, timing
from evenhand.data.records import Role
from evenhand.data.store import (
    backlog,
    deadlines,
    rollup_paces,
    rollup_waits,
    rollups,
    teams,
)
from evenhand.data.store.rollups import Days, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.estimates_time import BacklogAge, Clearing
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.teaming import Activity, Line, Silent
    from evenhand.dashboard.jobs.measures.timing import Times
    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.deadlines import Due
    from evenhand.data.store.rollup_waits import Waited

STEPS = {
    Step.SEEN.value: timing.time_to_review,
    Step.DECIDED.value: timing.time_to_decision,
    Step.ANSWERED.value: timing.time_to_response,
}
SLICES = ("queue", "team_id", "label", "lang")
WEEK = 7
# With more days than this each step of the heat map is a week.
MOST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Times of one step by the values of one slice, and what waits until when.

    *ages* and *clearing* are of all that waits for a decision now.
    """

    window: Days
    due: tuple[Due, ...]
    times: Mapping[str, Times]
    all_times: Times
    in_time: Share
    ages: BacklogAge
    clearing: Clearing
    team_names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Teams:
    """What teams did: the heat map by *steps*, silence, and activity."""

    window: Days
    steps: tuple[Days, ...]
    lines: tuple[Line, ...]
    silent: tuple[Silent, ...]
    activity: tuple[Activity, ...]
    names: Mapping[int, str]


def times_and_deadlines(
    store: Store, actor: Actor, days: int, choice: tuple[str, str], now: datetime
) -> Deadlines:
    """Read times and deadlines for anybody who works here.

    Args:
        store: Where they stand.
        actor: Anybody with a role.
        days: The length of the window, which ends today.
        choice: Which of `STEPS`, and which of `SLICES` they are parted by.
        now: Until when what waits has waited.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    window = figures.window(days, now)
    step, by = choice
    measure = STEPS[step]
    with store.read() as conn:
        waited = rollup_waits.read(conn, window, Step(step), now, by=by)
        items = rollups.item_totals(conn, window, by=())
        waiting = rollup_waits.waiting(conn, Step.DECIDED, now)
        pace_days = timing.pace_days(window, rollup_paces.began(conn))
        paces = rollup_paces.read(conn, pace_days, by=())
        due = deadlines.due(conn, now)
        undecided = backlog.undecided(conn, now)
        found = teams.list_all(conn) if by == "team_id" else []
    if by == "team_id":
        waited = _small_together(waited, teaming.shown_as(found))
    open_items = sum(one.items for one in undecided)
    return Deadlines(
        window=window,
        due=tuple(due),
        times=timing.by_slice(waited, measure),
        all_times=measure(timing.together(waited.values())),
        in_time=timing.decided_in_time(items),
        ages=timing.age_of_backlog(waiting),
        clearing=timing.time_to_clear(open_items, paces, pace_days),
        team_names={one.id: one.name for one in found},
    )


def _small_together(waited: Mapping[str, Waited], lines: Mapping[int, int]) -> dict[str, Waited]:
    """Put the teams together that are too small for a line of their own."""
    groups: dict[str, list[Waited]] = {}
    for key, one in waited.items():
        groups.setdefault(str(lines.get(int(key), int(key))), []).append(one)
    return {key: timing.together(group) for key, group in groups.items()}


def of_teams(store: Store, actor: Actor, days: int, now: datetime) -> Teams:
    """Read what teams did for anybody who works here; teams are named, people are not.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    window = figures.window(days, now)
    with store.read() as conn:
        items = rollups.items(conn, window, by=("team_id",))
        paces = rollup_paces.read(conn, window, by=("team_id",))
        waiting = teams.waiting(conn)
        found = teams.list_all(conn)
    lines = teaming.shown_as(found)
    names = {one.id: one.name for one in found if lines[one.id] == one.id}
    steps = _steps(window, WEEK if days > MOST_DAYS else 1)
    by_day = {one.team_id: one for one in teaming.coverage_by_team_and_day(items, steps, lines)}
    activity = {one.team_id: one for one in teaming.team_activity(paces, lines)}
    silent = {one.team_id: one for one in teaming.silent_teams(waiting, paces, window.last, lines)}
    return Teams(
        window=window,
        steps=tuple(steps),
        lines=tuple(by_day[key] for key in teaming.by_name(list(by_day), names)),
        silent=tuple(silent[key] for key in teaming.by_name(list(silent), names)),
        activity=tuple(activity[key] for key in teaming.by_name(list(activity), names)),
        names=names,
    )


def _steps(window: Days, length: int) -> list[Days]:
    """Cut the window into days or weeks, the oldest first; the last one ends with the window."""
    found: list[Days] = []
    last = window.last
    while last >= window.first:
        first = max(window.first, last - timedelta(days=length - 1))
        found.append(Days(first, last))
        last = first - timedelta(days=1)
    return found[::-1]
