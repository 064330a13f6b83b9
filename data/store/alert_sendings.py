"""Messages about alerts: one row per alert and channel, so that each goes out once.

Whoever sends takes the row first and writes down what came of it afterwards.
A try that surely failed is made again; one that was cut off in the middle may have arrived, and
only a channel whose receiver can tell a repetition apart is tried again then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, literal_column, select, update

from evenhand.data.store import alerts, dialect
from evenhand.data.store.alerts import AlertKind
from evenhand.data.tables_alerts import alert, alert_mute, alert_sent

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

# Longer than any try may take: a mail has a minute, a webhook ten seconds.
CUT_OFF_AFTER = timedelta(minutes=5)
MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=1)
IN_PART = "sent_in_part"


class SendState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    # Tried too often, or cut off where it may have arrived.
    GIVEN_UP = "given_up"
    # The alert had ended before anything was sent.
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the message about an alert on one channel."""

    channel: str
    state: SendState
    at: datetime
    tries: int
    # Sent, but an address was refused for good.
    is_in_part: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message that the caller has taken to send; *id* is the same at every try."""

    id: str
    channel: str
    alert_id: str
    kind: AlertKind
    subject: str
    reason: alerts.Reason
    opened_at: datetime


def plan(conn: Connection, channels: Collection[str], now: datetime) -> int:
    """Plan a message for each open alert that is not muted, on each channel, once for ever."""
    query = (
        select(alert.c.id)
        .outerjoin(alert_mute, alerts.muting(now))
        .where(alert.c.ended_at.is_(None), alert_mute.c.id.is_(None))
    )
    ids = [int(one) for one in conn.execute(query).scalars()]
    known = {
        (number, channel)
        for number, channel in conn.execute(
            select(alert_sent.c.alert_id, alert_sent.c.channel).where(
                dialect.among_ids(conn, alert_sent.c.alert_id, ids)
            )
        )
    }
    wanted = ((number, channel) for number in ids for channel in sorted(channels))
    rows = [
        {
            "alert_id": number,
            "channel": channel,
            "state": SendState.WAITING.value,
            "tries": 0,
            "at": now,
            "outcome": "",
        }
        for number, channel in wanted
        if (number, channel) not in known
    ]
    return dialect.insert_missing(conn, alert_sent, rows)


def take_next(
    conn: Connection, channels: Collection[str], repeatable: Collection[str], now: datetime
) -> Message | None:
    """Take the message that waits longest; None where none is due.

    Args:
        conn: A write.
        channels: Those that can be sent on.
        repeatable: Those whose receiver can tell a repetition apart.
        now: The time.
    """
    _settle_cut_off(conn, repeatable, now)
    _drop_ended(conn, now)
    found = _due(conn, channels, now)
    # Another worker may be quicker.
    return _message(conn, found) if found is not None and _taken(conn, found, now) else None


def _due(conn: Connection, channels: Collection[str], now: datetime) -> int | None:
    """Find the message that waits longest and whose time has come."""
    query = (
        select(alert_sent.c.id)
        .join(alert, alert.c.id == alert_sent.c.alert_id)
        .outerjoin(alert_mute, alerts.muting(now))
        .where(
            alert_sent.c.state == literal_column("'waiting'"),
            alert_sent.c.at <= now,
            alert_sent.c.channel.in_(sorted(channels)),
            alert_mute.c.id.is_(None),
        )
        .order_by(alert_sent.c.at, alert_sent.c.id)
        .limit(1)
    )
    return conn.execute(query).scalar()


def _taken(conn: Connection, found: int, now: datetime) -> bool:
    taking = (
        update(alert_sent)
        .where(alert_sent.c.id == found, alert_sent.c.state == SendState.WAITING.value)
        .values(state=SendState.SENDING.value, tries=alert_sent.c.tries + 1, at=now)
    )
    return bool(conn.execute(taking).rowcount)


def _message(conn: Connection, found: int) -> Message:
    row = conn.execute(
        select(alert, alert_sent.c.id.label("sent_id"), alert_sent.c.channel)
        .join(alert_sent, alert_sent.c.alert_id == alert.c.id)
        .where(alert_sent.c.id == found)
    ).one()
    return Message(
        id=str(row.sent_id),
        channel=row.channel,
        alert_id=str(row.id),
        kind=AlertKind(row.kind),
        subject=row.subject,
        reason=row.reason,
        opened_at=row.opened_at,
    )


def _settle_cut_off(conn: Connection, repeatable: Collection[str], now: datetime) -> None:
    cut_off = and_(
        alert_sent.c.state == literal_column("'sending'"), alert_sent.c.at <= now - CUT_OFF_AFTER
    )
    # A message that ends its sender each time must not do so for ever.
    again = and_(alert_sent.c.channel.in_(sorted(repeatable)), alert_sent.c.tries < MOST_TRIES)
    conn.execute(
        update(alert_sent)
        .where(cut_off, again)
        .values(state=SendState.WAITING.value, at=now, outcome="cut_off"),
    )
    conn.execute(
        update(alert_sent)
        .where(cut_off, ~again)
        .values(state=SendState.GIVEN_UP.value, at=now, outcome="cut_off"),
    )


def _drop_ended(conn: Connection, now: datetime) -> None:
    ended = select(alert.c.id).where(alert.c.ended_at.is_not(None))
    conn.execute(
        update(alert_sent)
        .where(
            alert_sent.c.state == literal_column("'waiting'"),
            alert_sent.c.alert_id.in_(ended),
        )
        .values(state=SendState.NOT_NEEDED.value, at=now),
    )


def note_sent(conn: Connection, message_id: str, now: datetime, *, refused: int = 0) -> None:
    """Write down that a message went out, and how many of its addresses were refused for good."""
    outcome = IN_PART if refused else "sent"
    _note(conn, message_id, {"state": SendState.SENT.value, "at": now, "outcome": outcome})


def note_cut_off(conn: Connection, message_id: str, now: datetime) -> None:
    """Write down that a message may have arrived, and that nobody can tell: it is not repeated."""
    values = {"state": SendState.GIVEN_UP.value, "at": now, "outcome": "cut_off"}
    _note(conn, message_id, values)


def note_failed(conn: Connection, message_id: str, outcome: str, now: datetime) -> None:
    """Write down that a try surely failed; it is made again later, 8 times in all.

    Args:
        conn: A write.
        message_id: Which message.
        outcome: The kind of what went wrong, never an address or a secret.
        now: The time.
    """
    query = select(alert_sent.c.tries).where(alert_sent.c.id == int(message_id))
    tries = int(conn.execute(query).scalar_one())
    if tries >= MOST_TRIES:
        values = {"state": SendState.GIVEN_UP.value, "at": now}
    else:
        pause = FIRST_PAUSE * 2 ** (tries - 1)
        values = {"state": SendState.WAITING.value, "at": now + pause}
    _note(conn, message_id, {**values, "outcome": outcome})


def _note(conn: Connection, message_id: str, values: dict[str, object]) -> None:
    mine = and_(alert_sent.c.id == int(message_id), alert_sent.c.state == SendState.SENDING.value)
    conn.execute(update(alert_sent).where(mine).values(**values))


def of(conn: Connection, alert_ids: Sequence[str]) -> dict[str, tuple[Delivery, ...]]:
    """Read what became of the messages about these alerts."""
    ids = dialect.among_ids(conn, alert_sent.c.alert_id, [int(one) for one in alert_ids])
    query = select(alert_sent).where(ids).order_by(alert_sent.c.channel)
    found: dict[str, list[Delivery]] = {}
    for row in conn.execute(query):
        in_part = row.outcome == IN_PART
        one = Delivery(row.channel, SendState(row.state), row.at, row.tries, in_part)
        found.setdefault(str(row.alert_id), []).append(one)
    return {key: tuple(many) for key, many in found.items()}
