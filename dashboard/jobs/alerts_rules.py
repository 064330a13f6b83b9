"""When an alert fires and when it ends: pure rules on numbers, each with two bounds.

A rule that fires at one bound ends at a calmer one, so that an alert does not come and go; between
the two an open alert stays and a new one is not opened.
None of these sees a post, an author or a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from evenhand.data.store.alerts import AlertKind, Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Silence is measured by a source's own gaps, and a few days tell none.
FEWEST_READ_DAYS = 7
GAP_QUANTILE = 0.99
FAILING_AFTER, FAILING_TURNS = timedelta(hours=2), 4
SILENT_HOURS, CALM_HOURS = 4, 2
# Without a rhythm that could be known, a day without a decision is silence.
SILENT_WITHOUT_RHYTHM = timedelta(hours=24)
LEAST_LATE, LATE_SHARE = 5, 0.1
PURGE_FIRES, PURGE_CALM = timedelta(hours=6), timedelta(hours=2)
DRIFT_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds; *point* is None where the evidence is too thin for one."""

    low: float
    point: float | None
    high: float


def silent_source(subject: str, days: Collection[date], today: date) -> Verdict | None:
    """Judge whether a source that is read gives no posts for longer than it ever does.

    Its gaps are the numbers of whole days (UTC) without a post between two days with posts.
    Fires when more whole days have gone by without a post, today not counted, than the 99 %
    quantile of these gaps (up to 100 gaps that is the longest).
    Ends when a post comes in, today's too.

    Args:
        subject: Which source.
        days: The days on which posts came in, of the last 26 weeks.
        today: The day that has not ended.

    Returns:
        None where posts came in on fewer than 7 days.
    """
    if len(days) < FEWEST_READ_DAYS:
        return None
    known = sorted(days)
    gaps = sorted((b - a).days - 1 for a, b in pairwise(known))
    usual = gaps[ceil(GAP_QUANTILE * len(gaps)) - 1]
    silent = max((today - known[-1]).days - 1, 0)
    level = Level.FIRES if silent > usual else Level.CALM if silent == 0 else Level.HOLDS
    return Verdict(AlertKind.SILENT_SOURCE, subject, level, {"days": silent, "usual": usual})


def failing_source(
    subject: str, since: datetime, failures: int, every: timedelta, now: datetime
) -> Verdict:
    """Judge whether a source can no longer be read.

    Fires when it was last read without a failure more than 2 hours and more than 4 turns ago, and
    the tries since then failed.
    Ends at the first try that works.

    Args:
        subject: Which source.
        since: When it last worked, or when it was put in.
        failures: Tries that failed since then.
        every: The pause between two turns.
        now: The time.
    """
    long = max(FAILING_AFTER, FAILING_TURNS * every)
    fires = failures > 0 and now - since > long
    level = Level.FIRES if fires else Level.HOLDS if failures else Level.CALM
    reason = {"failures": failures, "hours": _hours(now - since)}
    return Verdict(AlertKind.FAILING_SOURCE, subject, level, reason)


@dataclass(frozen=True, slots=True)
class TeamAtWork:
    """What is known of a team's work.

    *hours* are the hours of the week (0-167, Monday 0:00 UTC is 0) in which the team decided in at
    least half of the last weeks, four at most; empty where no such rhythm is known.
    *last_at* is its last decision, or None.
    """

    waiting: int
    oldest_at: datetime | None
    last_at: datetime | None
    hours: frozenset[int]


def silent_team(subject: str, team: TeamAtWork, now: datetime) -> Verdict:
    """Judge whether items wait for a team that does not decide.

    Counted are the hours that usually see a decision of this team, from its last decision, or from
    when the oldest waiting item came if that was later.
    Fires when items wait and 4 such hours have gone by without a decision; where no usual hours
    are known, when 24 hours have.
    Ends with the next decision, or when nothing waits.
    """
    if not team.waiting or team.oldest_at is None:
        reason = {"waiting": 0, "hours": 0, "usual_hours": 0}
        return Verdict(AlertKind.SILENT_TEAM, subject, Level.CALM, reason)
    since = team.oldest_at if team.last_at is None else max(team.oldest_at, team.last_at)
    silent = usual_hours(team.hours, since, now)
    if team.hours:
        fires, calm = silent >= SILENT_HOURS, silent < CALM_HOURS
    else:
        fires, calm = now - since >= SILENT_WITHOUT_RHYTHM, now - since < CALM_HOURS * HOUR
    level = Level.FIRES if fires else Level.CALM if calm else Level.HOLDS
    reason = {"waiting": team.waiting, "hours": _hours(now - since), "usual_hours": silent}
    return Verdict(AlertKind.SILENT_TEAM, subject, level, reason)


def usual_hours(hours: Collection[int], since: datetime, now: datetime) -> int:
    """Count the whole hours from *since* to *now* that are among the usual ones, a week at most."""
    begin = since.replace(minute=0, second=0, microsecond=0) + HOUR
    ends = (begin + number * HOUR for number in range(1, 169))
    return sum(hour_of_week(end - HOUR) in hours for end in ends if end <= now)


def hour_of_week(at: datetime) -> int:
    """Number the hour of the week that *at* falls into, 0-167."""
    return at.weekday() * 24 + at.hour


def deadline_risk(subject: str, overdue: int, due: int, pace: float) -> Verdict:
    """Judge whether deadlines of the next 24 hours will be missed at the present pace.

    What is past its deadline already is taken to be decided first.
    Fires when at least 5 items, and at least a tenth of those due within 24 hours, will not be
    decided in time.
    Ends when the pace is enough for all of them.

    Args:
        subject: Whose items.
        overdue: Items past their deadline.
        due: Items due within 24 hours.
        pace: Items decided a day, in the last 7 days.
    """
    late = min(due, max(0, ceil(overdue + due - pace)))
    fires = late >= LEAST_LATE and late >= LATE_SHARE * due
    level = Level.FIRES if fires else Level.HOLDS if late else Level.CALM
    reason = {"late": late, "due": due, "overdue": overdue, "pace": round(pace, 1)}
    return Verdict(AlertKind.DEADLINE_RISK, subject, level, reason)


def recall_falling(subject: str, before: Interval, newest: Interval) -> Verdict:
    """Judge whether the share of harm that is found has fallen by more than chance explains.

    Fires when the upper bound of the last 14 days lies below the lower bound of the 14 days before
    them; both bounds stand even where the evidence is too thin for a figure.
    Ends when the newest figure itself is back at or above that lower bound.
    """
    if newest.high < before.low:
        level = Level.FIRES
    elif newest.point is not None and newest.point >= before.low:
        level = Level.CALM
    else:
        level = Level.HOLDS
    reason = {"before_low": before.low, "newest_high": newest.high}
    return Verdict(AlertKind.RECALL_FALLING, subject, level, reason)


def drift(subject: str, alarms: int, made_at: datetime, now: datetime) -> Verdict:
    """Judge by the newest drift report of the active model.

    Fires when it has at least one alarm (see the page Models), up or down, and is not older than
    14 days.
    Ends with a report without an alarm, or when it is older.
    """
    level = Level.FIRES if alarms and now - made_at <= DRIFT_LASTS else Level.CALM
    reason = {"alarms": alarms, "days": (now - made_at).days}
    return Verdict(AlertKind.DRIFT, subject, level, reason)


def purge_lag(subject: str, overdue: Sequence[tuple[int, timedelta]]) -> Verdict:
    """Judge whether texts are held for longer than they may be.

    Fires when a text is held 6 hours after it should have been erased.
    Ends when none is held for more than 2 hours too long: erasing runs every hour.

    Args:
        subject: Of what.
        overdue: For each kind of text, how many are overdue and for how long the oldest is.
    """
    texts = sum(count for count, _ in overdue)
    longest = max((lag for count, lag in overdue if count), default=timedelta(0))
    fires, calm = longest >= PURGE_FIRES, longest <= PURGE_CALM
    level = Level.FIRES if fires else Level.CALM if calm else Level.HOLDS
    return Verdict(AlertKind.PURGE_LAG, subject, level, {"texts": texts, "hours": _hours(longest)})


def _hours(length: timedelta) -> int:
    return int(length / HOUR)
