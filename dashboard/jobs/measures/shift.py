"""A person's own day: what waits for them, what they hold, did and left open.

Nobody else reads any of it, so no function takes somebody else's id; nothing is compared, ranked or
timed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import care, claims
from evenhand.dashboard.jobs.access import require_person
from evenhand.data.records import Role
from evenhand.data.store import own_work
from evenhand.data.store.own_work import ANSWERED, DECIDED, SKIPPED, UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from evenhand.dashboard.jobs.care import Standing
    from evenhand.data.records import Actor
    from evenhand.data.settings import CareSettings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.own_work import Act

# Screens take the types from here: they do not see the store.
Held = own_work.Held
Due = own_work.Due
KINDS = (DECIDED, UNSURE, SKIPPED, ANSWERED)
HOUR = timedelta(hours=1)
FOLLOW_UP = timedelta(days=7)
LATE, SOON = 0, 1


@dataclass(frozen=True, slots=True)
class Hour:
    """What the person did in the hour that begins at *at*, in their own zone, by `KINDS`."""

    at: datetime
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """All that the page shows of the person who asks; *due* is of their team."""

    waiting: Mapping[str, int]
    held: tuple[Held, ...]
    hours: tuple[Hour, ...]
    due: tuple[Due, ...]
    follow_ups: int
    standing: Standing


def shift(store: Store, actor: Actor, rules: CareSettings, now: datetime, zone: tzinfo) -> Shift:
    """Read the actor's own day; it begins at midnight in *zone*.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with store.read() as conn:
        acts = own_work.acts(conn, actor.id, midnight.astimezone(UTC))
        held = own_work.held(conn, actor.id, now)
        due = own_work.due(conn, actor.team_id, now)
        follow_ups = own_work.without_result(conn, actor.id, now - FOLLOW_UP)
    return Shift(
        waiting=claims.waiting_by_queue(store, actor),
        held=tuple(held),
        hours=tuple(today_by_hour(acts, now, zone)),
        due=tuple(due),
        follow_ups=follow_ups,
        standing=care.standing(store, actor, rules, now),
    )


def waiting_for_you(by_queue: Mapping[str, int]) -> int:
    """Open items that you may take: your team's and nobody's, in the languages that you read.

    What you skipped, opted out of or took part in before is not among them. A queue's count stops
    at 1,000.
    """
    return sum(by_queue.values())


def held_by_you(held: Sequence[Held]) -> int:
    """Items that you hold now, to decide or to answer; each goes back when its time runs out."""
    return len(held)


def today_by_hour(acts: Sequence[Act], now: datetime, zone: tzinfo) -> list[Hour]:
    """What you decided, were not sure of, skipped and answered today, by hour of your own clock.

    A decision that you took back does not count, nor does what a score range decided. You alone
    see this; nobody is compared with anybody.
    """
    counts: Counter[tuple[datetime, str]] = Counter()
    for act in acts:
        counts[_hour(act.at, zone), act.kind] += 1
    if not counts:
        return []
    at, last = min(hour for hour, _ in counts), _hour(now, zone)
    found = []
    # Counted in UTC: on the day that a clock is put forward or back an hour is an hour.
    while at <= last:
        found.append(Hour(at.astimezone(zone), tuple(counts[at, kind] for kind in KINDS)))
        at += HOUR
    return found


def _hour(at: datetime, zone: tzinfo) -> datetime:
    own = at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    return own.astimezone(UTC)


def due_soon(due: Sequence[Due]) -> int:
    """Items of your team, or of none, that wait for a decision and are due within the hour.

    In somebody's hands or not; what is past its deadline is told beside it.
    """
    return sum(one.by_hours[SOON] for one in due)


def overdue(due: Sequence[Due]) -> int:
    """Items of your team, or of none, that wait for a decision past their deadline."""
    return sum(one.by_hours[LATE] for one in due)


def to_follow_up(items: int) -> int:
    """Items that you were the last to answer, in the last 7 days, with no result noted since.

    Ask whether it helped, and log a follow-up with what came of it.
    """
    return items
