"""Asking the rules of alerts, in the worker: what is read for each, and what comes of it.

Nothing is written while rules are asked, and all they say is settled in one write, so that a crash
repeats nothing.
Volumes are read through `volumes.read` alone, which gives no cell under 10 posts or 10 authors;
civic topics are left out of them here, and no rule sees a volume by source or author.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from evenhand.connectors import catalog
from evenhand.dashboard.jobs import alerts_rules as rules
from evenhand.dashboard.jobs import alerts_volume
from evenhand.dashboard.jobs.measures import missing
from evenhand.dashboard.jobs.measures.teaming import LEAST_PEOPLE
from evenhand.data.store import (
    alert_facts,
    alerts,
    deadlines,
    model_reports,
    models,
    rollups,
    sources,
    teams,
    volumes,
)
from evenhand.data.store.alerts import AlertKind, Settled, Verdict
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.rollups import LEAST_POSTS, Days
from evenhand.data.taxonomy import CIVIC, is_civic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from evenhand.data.settings import Settings
    from evenhand.data.store.alert_facts import Rhythm
    from evenhand.data.store.connect import Store
    from evenhand.data.store.teams import TeamWaits

ALL, ALL_TOPICS, SMALL_TEAMS = "all", "all_topics", "small_teams"
DAY = timedelta(days=1)
# A source is known by its gaps of half a year, so that one that fell silent stays known for long.
GAPS_DAYS = 182
# Bands of `deadlines.due`: what is past its deadline, and what is due within 24 hours.
OVERDUE, DUE = 0, slice(1, 5)
# Days of each of the two windows in which recall is compared.
RECALL_DAYS = 14


def watch(store: Store, settings: Settings, now: datetime) -> Settled:
    """Ask every rule and open, renew and end alerts by what they say."""
    found = [*verdicts(store, settings, now)]
    with store.write() as conn:
        return alerts.settle(conn, found, AlertKind, now)


def verdicts(store: Store, settings: Settings, now: datetime) -> Iterator[Verdict]:
    """Ask every rule about everything that it watches."""
    yield from _volumes(store, now)
    yield from _sources(store, settings, now)
    yield from _teams(store, now)
    yield _deadlines(store, now)
    yield from _recall(store, now)
    yield from _drift(store, now)
    yield _texts(store, settings, now)


def _volumes(store: Store, now: datetime) -> Iterator[Verdict]:
    today = now.astimezone(UTC).date()
    days = Days(today - (alerts_volume.BASE_DAYS + 1) * DAY, today)
    with store.read() as conn:
        arrived = rollups.arrivals(conn, days)
        shown = volumes.read(conn, days).days
    # All posts of a day but the civic ones.
    of_day = Counter({one.day: one.arrived for one in arrived})
    by_topic: dict[str, dict[date, int]] = {}
    for one in shown:
        if one.topic == CIVIC:
            of_day[one.day] -= one.posts
        elif not is_civic([one.topic]):
            by_topic.setdefault(one.topic, {})[one.day] = one.posts
    base = [day for day in sorted(of_day) if day < today - DAY]
    totals = [of_day[day] for day in base]
    total = of_day[today - DAY], of_day[today]
    # A day that may not be told counts as the least that may be.
    told = {
        topic: [posts.get(day, LEAST_POSTS) for day in base] for topic, posts in by_topic.items()
    }
    seen = {
        topic: (posts.get(today - DAY, 0), posts.get(today, 0)) for topic, posts in by_topic.items()
    }
    rise = alerts_volume.rise_of([(told[topic], max(seen[topic])) for topic in told])
    yield from _known(alerts_volume.spike_of_all(ALL_TOPICS, totals, total, rise))
    yield from _known(alerts_volume.drop(ALL_TOPICS, totals, *total))
    for topic in sorted(told):
        # What rises with most others is told once, as a rise of all.
        usual = [round(posts * rise) for posts in told[topic]]
        yield from _known(alerts_volume.spike(f"topic:{topic}", usual, *seen[topic]))


def _known(verdict: Verdict | None) -> Iterator[Verdict]:
    if verdict is not None:
        yield verdict


def _sources(store: Store, settings: Settings, now: datetime) -> Iterator[Verdict]:
    today = now.astimezone(UTC).date()
    with store.read() as conn:
        came = rollups.source_arrivals(conn, Days(today - GAPS_DAYS * DAY, today))
        there = sources.list_all(conn)
    every = timedelta(minutes=settings.pull.every_minutes)
    for one in there:
        # One that is handed over once has no gaps, and one that nobody reads no silence.
        if one.state.value not in sources.PULLED or _is_read_once(one.spec.kind):
            continue
        subject = f"source:{one.id}"
        days = {each.day for each in came.get(int(one.id), ()) if each.arrived > 0}
        yield from _known(rules.silent_source(subject, days, today))
        since = one.last_ok_at or one.created_at
        yield rules.failing_source(subject, since, one.failures, every, now)


def _is_read_once(kind: str) -> bool:
    return kind in catalog.KINDS and catalog.spec_of(kind).once


def _teams(store: Store, now: datetime) -> Iterator[Verdict]:
    with store.read() as conn:
        rhythms = alert_facts.rhythms(conn, now)
        waiting = {one.team_id: one for one in teams.waiting(conn)}
        there = [one for one in teams.list_all(conn) if one.people]
    # The silence of one or two people would be theirs, so that small teams are taken together.
    groups = [(f"team:{one.id}", [one]) for one in there if one.people >= LEAST_PEOPLE]
    small = [one for one in there if one.people < LEAST_PEOPLE]
    if sum(one.people for one in small) >= LEAST_PEOPLE:
        groups.append((SMALL_TEAMS, small))
    for subject, group in groups:
        yield rules.silent_team(subject, _at_work([one.id for one in group], waiting, rhythms), now)


def _at_work(
    ids: Sequence[int], waiting: Mapping[int, TeamWaits], rhythms: Mapping[int, Rhythm]
) -> rules.TeamAtWork:
    # What is routed to no team waits for every team.
    theirs = [waiting[key] for key in (*ids, teams.NOBODYS) if key in waiting]
    known = [rhythms[key] for key in ids if key in rhythms]
    return rules.TeamAtWork(
        waiting=sum(one.items for one in theirs),
        oldest_at=min((one.oldest_at for one in theirs), default=None),
        last_at=max((one.last_at for one in known), default=None),
        hours=frozenset[int]().union(*(one.hours for one in known)),
    )


def _deadlines(store: Store, now: datetime) -> Verdict:
    with store.read() as conn:
        queues = [one.by_hours for one in deadlines.due(conn, now)]
        pace = alert_facts.pace(conn, now)
    overdue = sum(hours[OVERDUE] for hours in queues)
    due = sum(sum(hours[DUE]) for hours in queues)
    return rules.deadline_risk(ALL, overdue, due, pace)


def _recall(store: Store, now: datetime) -> Iterator[Verdict]:
    today = now.astimezone(UTC).date()
    ends = today - (RECALL_DAYS + 1) * DAY, today - DAY
    windows = [Days(end - (RECALL_DAYS - 1) * DAY, end) for end in ends]
    before, newest = missing.wholes(store, windows)
    # Without audits on both sides there is nothing to compare.
    if before is not None and newest is not None:
        yield rules.recall_falling(ALL, _interval(before), _interval(newest))


def _interval(part: missing.Part) -> rules.Interval:
    found = part.recall
    return rules.Interval(found.low, found.value, found.high)


def _drift(store: Store, now: datetime) -> Iterator[Verdict]:
    with store.read() as conn:
        model = models.active(conn)
        if model is None:
            return
        report = model_reports.newest(conn, model.version).get(ReportKind.DRIFT)
    if report is not None:
        alarms = int(str(report.data["alarms"]))
        yield rules.drift(f"model:{model.version}", alarms, report.made_at, now)


def _texts(store: Store, settings: Settings, now: datetime) -> Verdict:
    with store.read() as conn:
        kinds = (
            alert_facts.unflagged_overdue(conn, settings.retention.unflagged_days, now),
            alert_facts.deleted_overdue(conn),
        )
    return rules.purge_lag(
        ALL, [(one.texts, now - one.since) for one in kinds if one.since is not None]
    )
