"""What rules of alerts are told: how teams work, how much is decided, which texts are overdue.

All of it is counts by team or of the whole workspace, never by person, author or source.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, literal_column, select

from evenhand.data.store.children import IS_OWN
from evenhand.data.store.reviews import REVIEW
from evenhand.data.tables import decision, flag, item, membership, post, to_micros

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

HOUR_MICROS = 3_600_000_000
HOURS_A_WEEK = 168
# 1970-01-01 was a Thursday.
MONDAY_H = 72
DAY, WEEK = timedelta(days=1), timedelta(days=7)
MOST_WEEKS = 4
# The newest are read, so that the cost does not grow with the store: there is no index by time.
NEWEST_DECISIONS = 50_000
# So many are counted: more would say nothing that these do not.
MOST_TEXTS = 10_000


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a team decides.

    *hours* are the hours of the week (0-167, Monday 0:00 UTC is 0) in which it did so in at least
    half of the last weeks, four at most; empty where less than one week is known.
    """

    last_at: datetime
    hours: frozenset[int]


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many texts are held too long, and since when the oldest should have been gone."""

    texts: int
    since: datetime | None


def rhythms(conn: Connection, now: datetime) -> dict[int, Rhythm]:
    """Read when each team's people decided in the last four weeks, by the number of the team."""
    newest = (
        select(decision.c.reviewer_id, decision.c.decided_at)
        .order_by(decision.c.id.desc())
        .limit(NEWEST_DECISIONS)
        .subquery("newest")
    )
    within = newest.c.decided_at >= now - MOST_WEEKS * WEEK
    # Dividing whole microseconds cuts down to whole hours on both engines.
    hour = literal_column(f"newest.decided_at / {HOUR_MICROS}", Integer)
    query = (
        select(membership.c.team_id, hour, func.max(newest.c.decided_at))
        .join(membership, membership.c.person_id == newest.c.reviewer_id)
        .where(within)
        .group_by(membership.c.team_id, hour)
    )
    hours: dict[int, set[int]] = defaultdict(set)
    last: dict[int, datetime] = {}
    for team_id, number, at in conn.execute(query):
        hours[team_id].add(int(number))
        last[team_id] = max(last.get(team_id, at), at)
    first = min((min(each) for each in hours.values()), default=0)
    return {
        team_id: Rhythm(last[team_id], _usual(hours[team_id], first, now))
        for team_id in sorted(hours)
    }


def _usual(hours: set[int], first: int, now: datetime) -> frozenset[int]:
    weeks = (to_micros(now) // HOUR_MICROS - first) // HOURS_A_WEEK
    if not weeks:
        return frozenset()
    seen: dict[int, set[int]] = defaultdict(set)
    for number in hours:
        week, hour = divmod(number + MONDAY_H, HOURS_A_WEEK)
        seen[hour].add(week)
    return frozenset(
        hour for hour, in_weeks in seen.items() if 2 * len(in_weeks) >= min(weeks, MOST_WEEKS)
    )


def pace(conn: Connection, now: datetime) -> float:
    """Tell how many items people read and decided a day in the last 7 days.

    It is taken over the days since the first of these decisions where that was later, one at
    least; 0 where there is none.
    What is read once more counts not, nor what an act by score range decided.
    """
    newest = (
        select(decision.c.item_id, decision.c.decided_at)
        .where(decision.c.kind == REVIEW)
        .order_by(decision.c.id.desc())
        .limit(NEWEST_DECISIONS)
        .subquery()
    )
    query = (
        select(func.count(), func.min(newest.c.decided_at))
        .select_from(newest)
        .join(item, item.c.id == newest.c.item_id)
        .where(newest.c.decided_at > now - WEEK, IS_OWN)
    )
    count, first = conn.execute(query).one()
    if first is None:
        return 0.0
    known: timedelta = now - first
    return float(count) / max(known / DAY, 1.0)


def unflagged_overdue(conn: Connection, days: int, now: datetime) -> Overdue:
    """Count the texts of unflagged posts that are held for more than *days* days.

    What an audit drew waits for its end and is not overdue.
    """
    # Written out, not bound: the partial index is used only for these very words.
    unread: ColumnElement[bool] = literal_column("NOT post.flagged AND post.text_erased_at IS NULL")
    drawn = select(flag.c.id).where(flag.c.post_id == post.c.id).exists()
    kept = timedelta(days=days)
    found = (
        select(post.c.fetched_at)
        .where(unread, post.c.fetched_at < now - kept, ~drawn)
        .order_by(post.c.fetched_at)
        .limit(MOST_TEXTS)
        .subquery()
    )
    count, oldest = conn.execute(select(func.count(), func.min(found.c.fetched_at))).one()
    return Overdue(int(count), None if oldest is None else oldest + kept)


def deleted_overdue(conn: Connection) -> Overdue:
    """Count the posts that are deleted upstream and whose text is held nevertheless."""
    held: ColumnElement[bool] = literal_column(
        "post.deleted_at IS NOT NULL AND post.text_erased_at IS NULL"
    )
    query = select(func.count(), func.min(post.c.deleted_at)).where(held)
    count, oldest = conn.execute(query).one()
    return Overdue(int(count), oldest)
