"""What is kept to spare people: opt-outs, limits, what they were exposed to, their breaks.

All of it is read by its owner alone, so every function takes one person; only `week_of_team` looks
at several, and it gives sums over as many people as its caller demands.
Nothing here goes into the ledger: an opt-out needs no reason, and nobody else is to learn of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, insert, select, update

from evenhand.data.store import claims, dialect
from evenhand.data.store.eligible import IS_CLAIMED
from evenhand.data.store.rollups import day_of
from evenhand.data.store.spared import SEVERE_FROM, has_severe_flag
from evenhand.data.tables import item, membership
from evenhand.data.tables_review import exposure, limits, opt_out, reading, rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from evenhand.data.store.dialect import Cell

# Older rows help nobody: they are dropped with the next thing that is written.
DAYS_KEPT = 28
# (`exposure.c["items"]` stands in brackets: `items` is a method of such collections.)
EXPOSURE = ("person_id", "day", "severity", "items", "seconds")


@dataclass(frozen=True, slots=True)
class Read:
    """One look at an item: its highest severity (1-5), and for how long.

    *counted* is False when the same item was counted before: time was spent, but no new item read.
    """

    severity: int
    seconds: float
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Exposed:
    """What a person read of one severity on one day (days since 1970 in UTC)."""

    day: int
    severity: int
    items: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rest:
    """A break; *by_timer* says that nobody asked for it."""

    began_at: datetime
    until: datetime
    by_timer: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a person stands: seconds of reading since the last break, and until when they read.

    *spared* says that what is severe is held back from them.
    """

    seconds: float
    last_at: datetime
    spared: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """A person's own limits; None where they set none."""

    break_after_min: int | None
    severe_a_day: int | None


@dataclass(frozen=True, slots=True)
class Summed:
    """What several people read together, and how many they were."""

    people: int
    items: int
    seconds: float


# --- opt-outs ---------------------------------------------------------------------------------


def opt_outs(conn: Connection, person_id: str) -> frozenset[str]:
    """List the labels that a person does not want to read."""
    query = select(opt_out.c.label).where(opt_out.c.person_id == int(person_id))
    return frozenset(conn.execute(query).scalars())


def put_opt_out(conn: Connection, person_id: str, label: str, now: datetime) -> None:
    """Keep a label from a person from now on; a second time changes nothing."""
    row = {"person_id": int(person_id), "label": label, "since": now}
    dialect.insert_missing(conn, opt_out, [row])


def drop_opt_out(conn: Connection, person_id: str, label: str) -> None:
    """Let a label reach a person again."""
    conn.execute(
        delete(opt_out).where(opt_out.c.person_id == int(person_id), opt_out.c.label == label)
    )


# --- limits -----------------------------------------------------------------------------------


def limits_of(conn: Connection, person_id: str) -> Limits:
    """Read a person's own limits."""
    row = conn.execute(select(limits).where(limits.c.person_id == int(person_id))).first()
    if row is None:
        return Limits(None, None)
    return Limits(row.break_after_min, row.severe_a_day)


def put_limits(conn: Connection, person_id: str, new: Limits, now: datetime) -> None:
    """Set a person's own limits."""
    changing = {"break_after_min": new.break_after_min, "severe_a_day": new.severe_a_day}
    row = {"person_id": int(person_id), **changing, "changed_at": now}
    dialect.upsert(conn, limits, row, update=[*changing, "changed_at"])


# --- what was read ----------------------------------------------------------------------------


def add_reads(
    conn: Connection,
    person_id: str,
    reads: Sequence[Read],
    now: datetime,
    pause: timedelta,
) -> None:
    """Add to a person's record of the day, and to the stretch since their last break.

    Args:
        conn: Inside a write.
        person_id: Who read.
        reads: What, in the order of reading.
        now: The time.
        pause: Whoever read nothing for this long has had a break already.
    """
    me, day = int(person_id), day_of(now)
    rows: list[tuple[Cell, ...]] = [
        (me, day, one.severity, int(one.counted), one.seconds) for one in reads
    ]
    dialect.add_to_rows(conn, exposure, EXPOSURE, rows)
    conn.execute(
        delete(exposure).where(exposure.c.person_id == me, exposure.c.day < day - DAYS_KEPT)
    )
    seconds = sum(one.seconds for one in reads)
    before = reading_of(conn, person_id)
    began_at = now - timedelta(seconds=seconds)
    if before is not None and began_at - before.last_at < pause:
        seconds += before.seconds
    spared = before is not None and before.spared
    _put_reading(conn, person_id, Reading(seconds, now, spared))


def reading_of(conn: Connection, person_id: str) -> Reading | None:
    """Read where a person stands; None for somebody who never read."""
    row = conn.execute(select(reading).where(reading.c.person_id == int(person_id))).first()
    return None if row is None else Reading(row.seconds, row.last_at, row.spared)


def spare(conn: Connection, person_id: str, now: datetime, *, spared: bool) -> None:
    """Hold what is severe back from a person, or no longer."""
    before = reading_of(conn, person_id) or Reading(0.0, now, spared=False)
    _put_reading(conn, person_id, Reading(before.seconds, before.last_at, spared))


def _put_reading(conn: Connection, person_id: str, new: Reading) -> None:
    row = {
        "person_id": int(person_id),
        "seconds": new.seconds,
        "last_at": new.last_at,
        "spared": new.spared,
    }
    dialect.upsert(conn, reading, row, update=["seconds", "last_at", "spared"])


def exposure_of(conn: Connection, person_id: str, since: int) -> list[Exposed]:
    """List what a person read from day *since* on, by day and severity."""
    query = (
        select(exposure)
        .where(exposure.c.person_id == int(person_id), exposure.c.day >= since)
        .order_by(exposure.c.day, exposure.c.severity)
    )
    return [Exposed(row.day, row.severity, row.items, row.seconds) for row in conn.execute(query)]


def severe_on(conn: Connection, person_id: str, day: int) -> int:
    """Count the severe items that a person read on a day."""
    query = select(func.coalesce(func.sum(exposure.c["items"]), 0)).where(
        exposure.c.person_id == int(person_id),
        exposure.c.day == day,
        exposure.c.severity >= SEVERE_FROM,
    )
    return int(conn.execute(query).scalar_one())


def severe_held(conn: Connection, person_id: str, now: datetime) -> list[tuple[str, int]]:
    """List the severe items that a person holds, with the claims' numbers, in the queue's order."""
    held = {one.item_id: one.number for one in claims.held_by(conn, person_id, now)}
    keys = [claims.key_of(key) for key in held]
    severe = select(item.c.id).where(item.c.id.in_(keys), has_severe_flag())
    found = {str(key) for key in conn.execute(severe).scalars()} if keys else set()
    return [(key, number) for key, number in held.items() if key in found]


def still_held(
    conn: Connection, person_id: str, wanted: Iterable[tuple[str, int]], now: datetime
) -> set[str]:
    """Say which of these claims (item and number) live."""
    numbers = {claims.key_of(item_id): number for item_id, number in wanted}
    if not numbers:
        return set()
    query = select(item.c.id, item.c.claim_no).where(
        item.c.id.in_(list(numbers)),
        IS_CLAIMED,
        item.c.claimed_by == int(person_id),
        item.c.claim_until > now,
    )
    return {str(row.id) for row in conn.execute(query) if numbers[row.id] == row.claim_no}


def week_of_team(
    conn: Connection, team_id: str | None, first: int, last: int
) -> tuple[Summed, Summed, Summed]:
    """Sum what a team read from day *first* to *last*: all of it, severe, and less severe.

    *team_id* None means everybody.
    """
    days = exposure.c.day.between(first, last)
    severe = exposure.c.severity >= SEVERE_FROM
    where = [days, *_in_team(team_id)]
    return (
        _summed(conn, where),
        _summed(conn, [*where, severe]),
        _summed(conn, [*where, ~severe]),
    )


def _in_team(team_id: str | None) -> list[ColumnElement[bool]]:
    if team_id is None:
        return []
    theirs = exists().where(
        membership.c.person_id == exposure.c.person_id, membership.c.team_id == int(team_id)
    )
    return [theirs]


def _summed(conn: Connection, where: Sequence[ColumnElement[bool]]) -> Summed:
    query = select(
        func.count(exposure.c.person_id.distinct()),
        func.coalesce(func.sum(exposure.c["items"]), 0),
        func.coalesce(func.sum(exposure.c.seconds), 0.0),
    ).where(*where)
    people, items, seconds = conn.execute(query).one()
    return Summed(people, int(items), float(seconds))


# --- breaks -----------------------------------------------------------------------------------


def rest_of(conn: Connection, person_id: str, now: datetime) -> Rest | None:
    """Read the break that a person is having."""
    query = (
        select(rest)
        .where(rest.c.person_id == int(person_id), rest.c.until > now)
        .order_by(rest.c.until.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return None if row is None else Rest(row.began_at, row.until, row.by_timer)


def begin_rest(conn: Connection, person_id: str, new: Rest) -> int:
    """Begin a break: everything held goes back, and reading starts at nothing; say how much it was.

    Somebody who has a break keeps the one they have.
    """
    me, now = int(person_id), new.began_at
    before = reading_of(conn, person_id)
    _put_reading(conn, person_id, Reading(0.0, now, before is not None and before.spared))
    if rest_of(conn, person_id, now) is None:
        row = {"began_at": now, "until": new.until, "by_timer": new.by_timer}
        conn.execute(insert(rest).values(person_id=me, **row))
    oldest = now - timedelta(days=DAYS_KEPT)
    conn.execute(delete(rest).where(rest.c.person_id == me, rest.c.until < oldest))
    return claims.release_all(conn, person_id, now, person_id)


def end_rest(conn: Connection, person_id: str, now: datetime) -> bool:
    """End a person's break now, and say whether they had one."""
    query = (
        update(rest).where(rest.c.person_id == int(person_id), rest.c.until > now).values(until=now)
    )
    return conn.execute(query).rowcount > 0
