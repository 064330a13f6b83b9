"""Alerts for those who can do something about them: the open ones, their history, mutes.

Coordinators, analysts and admins act; leaders see.
Nothing here names an author or shows a post, and an owner is one of the team's own people.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import alert_mutes, alert_sendings, alerts, sources, teams

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
Alert = alerts.Alert
AlertKind = alerts.AlertKind
AlertState = alerts.AlertState
Mute = alert_mutes.Mute
Delivery = alert_sendings.Delivery
ACTING = (Role.COORDINATOR, Role.ANALYST, Role.ADMIN)
SEEING = (*ACTING, Role.LEADER)
# How often the worker asks the rules.
EVERY = timedelta(minutes=5)
LAST_ENDED = 200
MUTE_DAYS = (1, 7, 28)
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with what its subject is called, and how its messages fared.

    *name* was typed by people: a source's or a team's name; "" where the subject has none.
    """

    alert: Alert
    name: str
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute with what its subject is called."""

    mute: Mute
    name: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows: open alerts that are not muted, those that are, and those that ended."""

    open: tuple[Told, ...]
    muted: tuple[Told, ...]
    mutes: tuple[Muted, ...]
    ended: tuple[Told, ...]


def may_act(actor: Actor) -> bool:
    """Say whether the actor may take, acknowledge and mute alerts."""
    return bool(actor.roles.intersection(ACTING)) and actor.id != access.OPERATOR_ID


def open_count(store: Store, actor: Actor, now: datetime) -> int | None:
    """Count the open alerts that are not muted; None for whoever does not see alerts."""
    if not actor.roles.intersection(SEEING):
        return None
    with store.read() as conn:
        return alerts.open_count(conn, now)


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """Show all open alerts, what is muted, and the last that ended.

    Raises:
        NotAllowed: The actor is no coordinator, analyst, leader or admin.
    """
    access.require(actor, *SEEING)
    with store.read() as conn:
        names = {f"source:{one.id}": one.name for one in sources.list_all(conn)}
        names |= {f"team:{one.id}": one.name for one in teams.list_all(conn)}
        standing = alerts.list_open(conn, now)
        ended = alerts.list_ended(conn, at_most=LAST_ENDED)
        sent = alert_sendings.of(conn, [one.id for one in (*standing, *ended)])
        muted = alert_mutes.list_standing(conn, now)
    told = [Told(one, names.get(one.subject, ""), sent.get(one.id, ())) for one in standing]
    return Overview(
        open=tuple(one for one in told if one.alert.muted_until is None),
        muted=tuple(one for one in told if one.alert.muted_until is not None),
        mutes=tuple(Muted(one, names.get(one.subject, "")) for one in muted),
        ended=tuple(Told(one, names.get(one.subject, ""), sent.get(one.id, ())) for one in ended),
    )


def take(store: Store, actor: Actor, alert_id: str, now: datetime) -> None:
    """Become the owner of an open alert, whoever had it; the ledger tells of it.

    Raises:
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
        NotFound: It is not open.
    """
    access.require_person(actor, *ACTING)
    with store.write() as conn:
        alerts.take(conn, alert_id, person_id=actor.id, now=now)


def acknowledge(store: Store, actor: Actor, alert_id: str, now: datetime) -> None:
    """Note that somebody has seen an open alert; only its rule ends it.

    Raises:
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
        NotFound: It is not open.
    """
    access.require_person(actor, *ACTING)
    with store.write() as conn:
        alerts.acknowledge(conn, alert_id, person_id=actor.id, now=now)


def mute(  # noqa: PLR0913, PLR0917 - who mutes which alert, for how long, why and when
    store: Store, actor: Actor, alert_id: str, days: int, reason: str, now: datetime
) -> None:
    """Let nobody be told of an alert's kind and subject for *days* days; the ledger tells of it.

    Raises:
        InputError: Another number of days than those offered, or no usable reason.
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
        NotFound: It is not open.
    """
    access.require_person(actor, *ACTING)
    if days not in MUTE_DAYS:
        offered = ", ".join(map(str, MUTE_DAYS))
        msg = f"an alert is muted for {offered} days, not for {days}; choose one of these"
        raise InputError(msg)
    said = unicodedata.normalize("NFC", reason).strip()
    if not 0 < len(said) <= LONGEST_REASON or not said.isprintable():
        msg = f"a mute needs a reason of 1 to {LONGEST_REASON} printable characters; mend it"
        raise InputError(msg)
    wanted = now + timedelta(days=days), said
    with store.write() as conn:
        alert_mutes.put(conn, alert_id, wanted, person_id=actor.id, now=now)


def end_mute(store: Store, actor: Actor, mute_id: str, now: datetime) -> None:
    """Let a muted thing be told again; the ledger tells of it.

    Raises:
        InputError: It has ended already.
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
        NotFound: There is no such mute.
    """
    access.require_person(actor, *ACTING)
    with store.write() as conn:
        alert_mutes.end(conn, mute_id, person_id=actor.id, now=now)
