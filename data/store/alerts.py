"""Alerts: opened and ended by rules, owned, acknowledged and muted by people.

A rule is asked again and again, and asking twice changes nothing: there is one open alert of a
kind about a subject, whoever opened it.
A reason is numbers by name; nothing here holds a post's text or anything of an author.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import NotFound
from evenhand.data.store import ledger
from evenhand.data.tables import person
from evenhand.data.tables_alerts import alert, alert_event, alert_mute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

# Ids have fewer digits; more would not fit into the store's integers.
MOST_DIGITS = 18
Reason = dict[str, float]


class AlertKind(StrEnum):
    """What can be told."""

    VOLUME_SPIKE = "volume_spike"
    VOLUME_DROP = "volume_drop"
    SILENT_SOURCE = "silent_source"
    FAILING_SOURCE = "failing_source"
    SILENT_TEAM = "silent_team"
    DEADLINE_RISK = "deadline_risk"
    RECALL_FALLING = "recall_falling"
    DRIFT = "drift"
    PURGE_LAG = "purge_lag"


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


class Level(StrEnum):
    """What a rule says of a subject at one moment.

    Between the two bounds of a rule nothing changes, so that an alert does not come and go.
    """

    FIRES = "fires"
    HOLDS = "holds"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one subject; *reason* is numbers by name."""

    kind: AlertKind
    subject: str
    level: Level
    reason: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands; *owner* is a name.

    *reason* and *looked_at* are those of the last time its rule fired.
    *muted_until* is set while nobody is to be told.
    """

    id: str
    kind: AlertKind
    subject: str
    reason: Reason
    opened_at: datetime
    looked_at: datetime
    owner_id: str | None
    owner: str | None
    state: AlertState
    ended_at: datetime | None
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an alert; *person* is a name, None where a rule did it."""

    at: datetime
    kind: str
    person: str | None
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Settled:
    """How many alerts were opened and ended."""

    opened: int
    ended: int


def settle(
    conn: Connection, verdicts: Iterable[Verdict], asked: Iterable[AlertKind], now: datetime
) -> Settled:
    """Open, renew and end alerts by what the rules say; the same again changes nothing.

    Args:
        conn: A write.
        verdicts: Of every subject that a rule looked at, one each.
        asked: The kinds whose rules were asked: an open alert of these about which no rule says
            anything any more is ended, since its subject is gone.
        now: The time.
    """
    said = {(one.kind, one.subject): one for one in verdicts}
    standing = {(one.kind, one.subject): one for one in _open(conn)}
    kinds = frozenset(asked)
    opened = ended = 0
    for key, verdict in said.items():
        if key in standing:
            continue
        if verdict.level is Level.FIRES:
            opened += _open_one(conn, verdict, now)
    for key, one in standing.items():
        verdict_now = said.get(key)
        if verdict_now is None:
            ended += one.kind in kinds and _end(conn, one.id, "gone", {}, now)
        elif verdict_now.level is Level.CALM:
            ended += _end(conn, one.id, "ended", verdict_now.reason, now)
        elif verdict_now.level is Level.FIRES:
            renewed = update(alert).where(alert.c.id == int(one.id), alert.c.ended_at.is_(None))
            conn.execute(renewed.values(reason=dict(verdict_now.reason), looked_at=now))
    return Settled(opened, ended)


def _open(conn: Connection) -> list[Alert]:
    query = _alerts().where(alert.c.ended_at.is_(None)).order_by(alert.c.opened_at, alert.c.id)
    return [_alert(row) for row in conn.execute(query)]


def _open_one(conn: Connection, verdict: Verdict, now: datetime) -> bool:
    row = {
        "kind": verdict.kind.value,
        "subject": verdict.subject,
        "reason": dict(verdict.reason),
        "opened_at": now,
        "looked_at": now,
        "state": AlertState.OPEN.value,
    }
    try:
        with conn.begin_nested():
            made = conn.execute(insert(alert).values(**row).returning(alert.c.id)).scalar_one()
    except IntegrityError:
        # Another worker was quicker.
        return False
    note(conn, str(made), "opened", now, data=verdict.reason)
    return True


def _end(
    conn: Connection, alert_id: str, how: str, reason: Mapping[str, object], now: datetime
) -> bool:
    query = update(alert).where(alert.c.id == int(alert_id), alert.c.ended_at.is_(None))
    done = conn.execute(query.values(state=AlertState.ENDED.value, ended_at=now))
    if done.rowcount:
        note(conn, alert_id, how, now, data=reason)
    return bool(done.rowcount)


def note(  # noqa: PLR0913 - a log entry's fields are its sentence: what, to what, when, by whom
    conn: Connection,
    alert_id: str,
    kind: str,
    now: datetime,
    *,
    person_id: str | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Add to what happened to an alert."""
    row = {
        "alert_id": int(alert_id),
        "at": now,
        "kind": kind,
        "person_id": None if person_id is None else int(person_id),
        "data": dict(data or {}),
    }
    conn.execute(insert(alert_event).values(**row))


def open_count(conn: Connection, now: datetime) -> int:
    """Count the alerts that are open and not muted."""
    query = (
        select(func.count())
        .select_from(alert)
        .outerjoin(alert_mute, muting(now))
        .where(alert.c.ended_at.is_(None), alert_mute.c.id.is_(None))
    )
    return int(conn.execute(query).scalar_one())


def list_open(conn: Connection, now: datetime) -> list[Alert]:
    """List the alerts that are open, muted ones among them, the oldest first."""
    query = (
        _alerts()
        .add_columns(alert_mute.c.until.label("muted_until"))
        .outerjoin(alert_mute, muting(now))
        .where(alert.c.ended_at.is_(None))
        .order_by(alert.c.opened_at, alert.c.id)
    )
    return [_alert(row, row.muted_until) for row in conn.execute(query)]


def list_ended(conn: Connection, *, at_most: int) -> list[Alert]:
    """List the alerts that ended last, newest end first."""
    query = (
        _alerts()
        .where(alert.c.ended_at.is_not(None))
        .order_by(alert.c.ended_at.desc(), alert.c.id.desc())
        .limit(at_most)
    )
    return [_alert(row) for row in conn.execute(query)]


def events(conn: Connection, alert_id: str) -> list[Event]:
    """List what happened to an alert, oldest first."""
    query = (
        select(alert_event, person.c.name)
        .outerjoin(person, person.c.id == alert_event.c.person_id)
        .where(alert_event.c.alert_id == key_of(alert_id))
        .order_by(alert_event.c.id)
    )
    return [
        Event(row.at, row.kind, row.name, cast("Mapping[str, object]", row.data))
        for row in conn.execute(query)
    ]


def take(conn: Connection, alert_id: str, *, person_id: str, now: datetime) -> None:
    """Make a person the owner of an open alert, whoever had it; one's own is left as it is.

    Raises:
        NotFound: There is no open one of this id.
    """
    one = standing_one(conn, alert_id)
    if one.owner_id == person_id:
        return
    conn.execute(
        update(alert).where(alert.c.id == int(one.id)).values(owner_id=int(person_id)),
    )
    note(conn, one.id, "taken", now, person_id=person_id)
    log(conn, now, person_id, "alert_taken", f"alert:{one.id}", {"before": one.owner_id or ""})


def acknowledge(conn: Connection, alert_id: str, *, person_id: str, now: datetime) -> None:
    """Note that somebody has seen an open alert; it stays open until its rule ends it.

    Raises:
        NotFound: There is no open one of this id.
    """
    one = standing_one(conn, alert_id)
    if one.state is AlertState.ACKNOWLEDGED:
        return
    conn.execute(
        update(alert).where(alert.c.id == int(one.id)).values(state=AlertState.ACKNOWLEDGED.value),
    )
    note(conn, one.id, "acknowledged", now, person_id=person_id)


def muting(now: datetime) -> ColumnElement[bool]:
    """Join an alert with the mute that stands over its kind and subject."""
    return and_(
        alert_mute.c.kind == alert.c.kind,
        alert_mute.c.subject == alert.c.subject,
        alert_mute.c.ended_at.is_(None),
        alert_mute.c.until > now,
    )


def standing_one(conn: Connection, alert_id: str) -> Alert:
    """Find an open alert.

    Raises:
        NotFound: There is no open one of this id.
    """
    query = _alerts().where(alert.c.id == key_of(alert_id), alert.c.ended_at.is_(None))
    row = conn.execute(query).first()
    if row is None:
        msg = f"the alert {alert_id!r} is not open any more; reload the page"
        raise NotFound(msg)
    return _alert(row)


def key_of(row_id: str) -> int:
    """Turn an id from a screen into a key; 0, which no row has, for what is none."""
    is_key = row_id.isascii() and row_id.isdecimal() and len(row_id) <= MOST_DIGITS
    return int(row_id) if is_key else 0


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    person_id: str,
    action: str,
    subject: str,
    data: Mapping[str, object],
) -> None:
    """Add to the ledger what a person did about an alert."""
    ledger.append(conn, at=now, actor=person_id, action=action, subject=subject, data=data)


def _alerts() -> Select[*tuple[Any, ...]]:
    columns: Sequence[ColumnElement[Any]] = [*alert.columns, person.c.name.label("owner_name")]
    return select(*columns).select_from(alert).outerjoin(person, person.c.id == alert.c.owner_id)


def _alert(row: Row[*tuple[Any, ...]], muted_until: datetime | None = None) -> Alert:
    return Alert(
        id=str(row.id),
        kind=AlertKind(row.kind),
        subject=row.subject,
        reason=cast("Reason", row.reason),
        opened_at=row.opened_at,
        looked_at=row.looked_at,
        owner_id=None if row.owner_id is None else str(row.owner_id),
        owner=row.owner_name,
        state=AlertState(row.state),
        ended_at=row.ended_at,
        muted_until=muted_until,
    )
