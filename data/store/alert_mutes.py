"""What is not told for a while: a kind of alert about one subject, until a time, for a reason.

The alert itself goes on, stands on the page and ends by its rule; only nobody is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select, update

from evenhand.data.errors import InputError, NotFound
from evenhand.data.store import alerts
from evenhand.data.store.alerts import AlertKind
from evenhand.data.tables import person
from evenhand.data.tables_alerts import alert_mute

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class Mute:
    """What is not told until *until*; *made_by* is a name."""

    id: str
    kind: AlertKind
    subject: str
    until: datetime
    reason: str
    made_by: str
    made_at: datetime


def put(
    conn: Connection, alert_id: str, wanted: tuple[datetime, str], *, person_id: str, now: datetime
) -> None:
    """Tell nobody of an alert's kind and subject until a time, for a stated reason.

    It takes the place of a mute of the same thing; the alert itself goes on.

    Raises:
        NotFound: There is no open one of this id.
    """
    one, (until, reason) = alerts.standing_one(conn, alert_id), wanted
    same = and_(alert_mute.c.kind == one.kind.value, alert_mute.c.subject == one.subject)
    _end_mutes(conn, same, person_id, now)
    row = {
        "kind": one.kind.value,
        "subject": one.subject,
        "until": until,
        "reason": reason,
        "made_by": int(person_id),
        "made_at": now,
    }
    conn.execute(insert(alert_mute).values(**row))
    alerts.note(conn, one.id, "muted", now, person_id=person_id, data={"until": until.isoformat()})
    # No reason: somebody typed it.
    data = {"kind": one.kind.value, "until": until.isoformat()}
    alerts.log(conn, now, person_id, "alert_muted", one.subject, data)


def end(conn: Connection, mute_id: str, *, person_id: str, now: datetime) -> None:
    """Let a muted thing be told again.

    Raises:
        InputError: It has ended already.
        NotFound: There is none of this id.
    """
    query = select(alert_mute).where(alert_mute.c.id == alerts.key_of(mute_id))
    row = conn.execute(query).first()
    if row is None:
        msg = f"there is no mute {mute_id!r}; reload the page"
        raise NotFound(msg)
    if not _end_mutes(conn, alert_mute.c.id == row.id, person_id, now):
        msg = "this mute has ended already; there is nothing left to end"
        raise InputError(msg)
    alerts.log(conn, now, person_id, "alert_mute_ended", row.subject, {"kind": row.kind})


def list_standing(conn: Connection, now: datetime) -> list[Mute]:
    """List what is muted at this moment, what ends first first."""
    query = (
        select(alert_mute, person.c.name)
        .join(person, person.c.id == alert_mute.c.made_by)
        .where(alert_mute.c.ended_at.is_(None), alert_mute.c.until > now)
        .order_by(alert_mute.c.until, alert_mute.c.id)
    )
    return [
        Mute(
            id=str(row.id),
            kind=AlertKind(row.kind),
            subject=row.subject,
            until=row.until,
            reason=row.reason,
            made_by=row.name,
            made_at=row.made_at,
        )
        for row in conn.execute(query)
    ]


def _end_mutes(conn: Connection, which: ColumnElement[bool], person_id: str, now: datetime) -> int:
    query = update(alert_mute).where(which, alert_mute.c.ended_at.is_(None))
    return conn.execute(query.values(ended_by=int(person_id), ended_at=now)).rowcount
