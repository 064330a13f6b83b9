"""Spare the people who read: opt-outs, limits, breaks, and a private record of what they read.

Each person sees and changes what is their own, so no function takes somebody else's id.
Coordinators get sums over at least `FEWEST` people.
Nothing here is written into the ledger (docs/decisions.md says why).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import care, claims
from evenhand.data.store.rollups import EPOCH_DAY, day_of
from evenhand.data.taxonomy import Policy, Request, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.settings import CareSettings
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
Limits = care.Limits
Read = care.Read
Rest = care.Rest
Summed = care.Summed
# What can be opted out of: every harm, and calls for help, which may weigh as much.
OFFERED = (*(policy.value for policy in Policy), Request.HELP_NEEDED.value)
SHORTEST_STRETCH, LONGEST_STRETCH = 10, 90
MOST_SEVERE = 1_000
# One item counts at most this long: whoever leaves it open is not reading it.
LONGEST_LOOK_S = 300.0
DAYS_SHOWN = 14
# Sums over fewer people would tell what one of them read.
FEWEST = 3
LOWEST_SEVERITY = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands.

    *rest* is the break they are having; *read_s* are the seconds of reading since the last one,
    *break_after_min* and *severe_a_day* the limits that hold for them; *severe_today* counts what
    they read, *spared* says that no more of it comes; *held* names the items, of those asked about,
    that are still theirs.
    """

    rest: Rest | None
    read_s: float
    break_after_min: int
    severe_a_day: int | None
    severe_today: int
    spared: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Day:
    """What a person read on one day (UTC): items and seconds by severity, 1 to 5."""

    on: date
    items: tuple[int, ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """What a team read in one whole week; None where fewer than `FEWEST` people are behind it.

    The two parts are shown together or not at all: one of them would give the other away.
    """

    first: date
    everything: Summed | None
    severe: Summed | None
    milder: Summed | None


def _mine(actor: Actor) -> str:
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    return actor.id


# --- opting out -------------------------------------------------------------------------------


def opt_outs(store: Store, actor: Actor) -> frozenset[str]:
    """List the actor's own opt-outs.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    with store.read() as conn:
        return care.opt_outs(conn, me)


def opt_out(store: Store, actor: Actor, label: str, now: datetime) -> int:
    """Keep a label from the actor from now on, and say how many items went back to the queue.

    Everything that the actor holds goes back, not only what has the label: the log of the items
    would tell otherwise what they have in common.

    Raises:
        InputError: There is no opting out of this label.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    _check_offered(label)
    with store.write() as conn:
        care.put_opt_out(conn, me, label, now)
        return claims.release_all(conn, me, now, me)


def opt_in(store: Store, actor: Actor, label: str) -> None:
    """Let a label reach the actor again.

    Raises:
        InputError: There is no opting out of this label.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    _check_offered(label)
    with store.write() as conn:
        care.drop_opt_out(conn, me, label)


def _check_offered(label: str) -> None:
    if label not in OFFERED:
        msg = f"{label!r} is nothing to opt out of; choose one of {', '.join(OFFERED)}"
        raise InputError(msg)


# --- limits -----------------------------------------------------------------------------------


def own_limits(store: Store, actor: Actor) -> Limits:
    """Read the actor's own limits; None where they go by the settings."""
    me = _mine(actor)
    with store.read() as conn:
        return care.limits_of(conn, me)


def set_limits(store: Store, actor: Actor, new: Limits, now: datetime) -> None:
    """Set the actor's own limits; None goes by the settings again.

    Raises:
        InputError: A limit is out of range.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    stretch, severe = new.break_after_min, new.severe_a_day
    if stretch is not None and not SHORTEST_STRETCH <= stretch <= LONGEST_STRETCH:
        msg = (
            f"a break after {stretch} minutes of reading is not possible; choose "
            f"{SHORTEST_STRETCH} to {LONGEST_STRETCH}"
        )
        raise InputError(msg)
    if severe is not None and not 0 <= severe <= MOST_SEVERE:
        msg = f"{severe} severe items a day is not possible; choose 0 to {MOST_SEVERE}"
        raise InputError(msg)
    with store.write() as conn:
        care.put_limits(conn, me, new, now)


def _in_force(rules: CareSettings, own: Limits) -> tuple[int, int | None]:
    """Give the limits that hold: the own stretch where there is one, and the lower daily limit."""
    caps = [cap for cap in (rules.severe_a_day, own.severe_a_day) if cap is not None]
    return own.break_after_min or rules.break_after_min, min(caps, default=None)


# --- reading and breaks -----------------------------------------------------------------------


def standing(
    store: Store,
    actor: Actor,
    rules: CareSettings,
    now: datetime,
    held: Iterable[tuple[str, int]] = (),
) -> Standing:
    """Say where the actor stands; *held* are items and claims' numbers to be looked up.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    with store.read() as conn:
        stretch, cap = _in_force(rules, care.limits_of(conn, me))
        before = care.reading_of(conn, me)
        fresh = before is not None and now - before.last_at < timedelta(minutes=rules.break_min)
        return Standing(
            rest=care.rest_of(conn, me, now),
            read_s=before.seconds if before is not None and fresh else 0.0,
            break_after_min=stretch,
            severe_a_day=cap,
            severe_today=care.severe_on(conn, me, day_of(now)),
            spared=before is not None and before.spared,
            held=frozenset(care.still_held(conn, me, held, now)),
        )


def look_after(
    store: Store,
    actor: Actor,
    rules: CareSettings,
    now: datetime,
    held: Iterable[tuple[str, int]] = (),
) -> Standing:
    """Say where the actor stands, and begin a break that is due: call it before each claim.

    A break that the timer begins comes between two items, because reading is noted when an item
    is done with.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    found = standing(store, actor, rules, now, held)
    if found.rest is None and found.read_s >= 60 * found.break_after_min:
        begin_rest(store, actor, rules, now, by_timer=True)
        found = standing(store, actor, rules, now)
    return found


def begin_rest(
    store: Store, actor: Actor, rules: CareSettings, now: datetime, *, by_timer: bool = False
) -> Rest:
    """Begin a break of the length in the settings; everything that the actor holds goes back.

    Whoever has a break keeps the one they have.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    new = Rest(now, now + timedelta(minutes=rules.break_min), by_timer)
    with store.write() as conn:
        care.begin_rest(conn, me, new)
        return care.rest_of(conn, me, now) or new


def end_rest(store: Store, actor: Actor, now: datetime) -> bool:
    """End the actor's break before its time, and say whether there was one."""
    me = _mine(actor)
    with store.write() as conn:
        return care.end_rest(conn, me, now)


def note_reads(
    store: Store, actor: Actor, reads: Sequence[Read], rules: CareSettings, now: datetime
) -> None:
    """Add to the actor's own record; an item counts for `LONGEST_LOOK_S` at most.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me = _mine(actor)
    checked = [Read(one.severity, look_s(one.seconds), one.counted) for one in reads]
    if checked:
        with store.write() as conn:
            care.add_reads(conn, me, checked, now, timedelta(minutes=rules.break_min))


def look_s(seconds: object) -> float:
    """Read how long a look lasted, whatever a browser said: 0 to `LONGEST_LOOK_S` seconds."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return 0.0
    if not math.isfinite(seconds):
        return 0.0
    return min(max(float(seconds), 0.0), LONGEST_LOOK_S)


def severity_of(labels: Iterable[str]) -> int:
    """Give the highest severity among *labels*; the lowest of the scale where none has one."""
    lists = load_taxonomy()
    entries = (lists.policies.get(label) or lists.requests.get(label) for label in labels)
    return max((entry.severity for entry in entries if entry), default=LOWEST_SEVERITY)


def keep_within(store: Store, actor: Actor, rules: CareSettings, now: datetime) -> frozenset[str]:
    """Hold what is severe back once the actor's daily limit is reached; give back what is above it.

    Returns:
        The items that went back.
    """
    me = _mine(actor)
    with store.read() as conn:
        _, cap = _in_force(rules, care.limits_of(conn, me))
        before = care.reading_of(conn, me)
        was_spared = before is not None and before.spared
        severe = care.severe_held(conn, me, now) if cap is not None else []
        room = 0 if cap is None else max(0, cap - care.severe_on(conn, me, day_of(now)))
    surplus = severe[room:]
    spared = cap is not None and len(severe) >= room
    if surplus or spared != was_spared:
        with store.write() as conn:
            claims.release(conn, me, surplus, now)
            care.spare(conn, me, now, spared=spared)
    return frozenset(item_id for item_id, _ in surplus)


# --- the record -------------------------------------------------------------------------------


def exposure(store: Store, actor: Actor, now: datetime) -> list[Day]:
    """Show the actor what they read on each of the last `DAYS_SHOWN` days, the oldest first.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    me, last = _mine(actor), day_of(now)
    first = last - DAYS_SHOWN + 1
    with store.read() as conn:
        rows = {(row.day, row.severity): row for row in care.exposure_of(conn, me, first)}
    days = []
    for day in range(first, last + 1):
        found = [rows.get((day, severity)) for severity in range(LOWEST_SEVERITY, 6)]
        items = tuple(row.items if row else 0 for row in found)
        seconds = tuple(row.seconds if row else 0.0 for row in found)
        days.append(Day(EPOCH_DAY + timedelta(days=day), items, seconds))
    return days


def team_weeks(store: Store, actor: Actor, now: datetime) -> list[Week]:
    """Sum what the actor's team read in the last two whole weeks, the newest first.

    Whole weeks, because sums over days that move would differ by what one day held.

    Raises:
        NotAllowed: The actor is no coordinator.
    """
    require_person(actor, Role.COORDINATOR)
    today = EPOCH_DAY + timedelta(days=day_of(now))
    monday = day_of(now) - today.weekday()
    with store.read() as conn:
        return [
            _week(first, care.week_of_team(conn, actor.team_id, first, first + 6))
            for first in (monday - 7, monday - 14)
        ]


def _week(first: int, sums: tuple[Summed, Summed, Summed]) -> Week:
    everything, severe, milder = sums
    on = EPOCH_DAY + timedelta(days=first)
    parts = severe.people >= FEWEST and milder.people >= FEWEST
    return Week(
        first=on,
        everything=everything if everything.people >= FEWEST else None,
        severe=severe if parts else None,
        milder=milder if parts else None,
    )
