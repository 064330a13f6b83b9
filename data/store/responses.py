"""The log of what was answered elsewhere; it is only added to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from evenhand.data.errors import InputError
from evenhand.data.records import Recipient, Response, ResponseKind
from evenhand.data.store import ledger
from evenhand.data.store.claims import LONGEST_KEY, key_of
from evenhand.data.store.eligible import of_team
from evenhand.data.tables import item, person, post, response, source

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from evenhand.data.records import Actor


@dataclass(frozen=True, slots=True)
class Logged:
    """A response with who logged it, when, and what it answers.

    *given_by* is the person's id and *by* their name; *key* is where the next page goes on.
    """

    response: Response
    given_by: str
    by: str
    logged_at: datetime
    label: str
    lang: str
    source_name: str
    platform: str
    key: str


def find(conn: Connection, uuid: str) -> Logged | None:
    """Find a response by its uuid."""
    row = conn.execute(_log().where(response.c.uuid == uuid)).first()
    return None if row is None else _logged(row)


def history(conn: Connection, item_id: str, team_id: str | None) -> list[Logged]:
    """List the responses of an item, oldest first; those of another team's item are left out."""
    query = _log().where(response.c.item_id == key_of(item_id), of_team(team_id))
    return [_logged(row) for row in conn.execute(query.order_by(response.c.id))]


def latest(
    conn: Connection, limit: int, before: str | None = None, team_id: str | None = None
) -> list[Logged]:
    """List what was logged last, newest first, one page by keyset.

    Raises:
        InputError: *before* is no key of this list.
    """
    query = _log().where(of_team(team_id)).order_by(response.c.id.desc()).limit(limit)
    if before is not None:
        if not before.isdecimal() or len(before) > LONGEST_KEY:
            msg = "the log has no such place; start from its beginning"
            raise InputError(msg)
        query = query.where(response.c.id < int(before))
    return [_logged(row) for row in conn.execute(query)]


def add(conn: Connection, actor: Actor, new: Response, now: datetime) -> None:
    """Add a response to the log, with its entry in the ledger."""
    conn.execute(insert(response).values(**_values(actor, new, now)))
    # Neither text nor result: either may quote the post.
    ledger.append(
        conn,
        at=now,
        actor=actor.id,
        action="responded",
        subject=f"item:{new.item_id}",
        data={
            "uuid": new.uuid,
            "kind": new.kind.value,
            "recipient": None if new.recipient is None else new.recipient.value,
            "template_id": new.template_id,
            "template_version": new.template_version,
        },
    )


def _log() -> Select[*tuple[Any, ...]]:
    return (
        select(
            response,
            item.c.label,
            item.c.lang,
            post.c.platform,
            source.c.name.label("source_name"),
            person.c.name.label("by"),
        )
        .join(item, item.c.id == response.c.item_id)
        .join(post, post.c.id == item.c.post_id)
        .join(source, source.c.id == post.c.source_id)
        .join(person, person.c.id == response.c.given_by)
    )


def _values(actor: Actor, new: Response, now: datetime) -> dict[str, object]:
    return {
        "uuid": new.uuid,
        "item_id": key_of(new.item_id),
        "kind": new.kind.value,
        "channel": new.channel,
        "text": new.text,
        "language": new.language,
        "template_id": new.template_id,
        "template_version": new.template_version,
        "account": new.account,
        "recipient": None if new.recipient is None else new.recipient.value,
        "result": new.result,
        "given_by": int(actor.id),
        "given_at": new.given_at,
        "logged_at": now,
        "simulated": actor.simulated,
    }


def _logged(row: Row[*tuple[Any, ...]]) -> Logged:
    return Logged(
        response=Response(
            uuid=row.uuid,
            item_id=str(row.item_id),
            kind=ResponseKind(row.kind),
            channel=row.channel,
            text=row.text,
            language=row.language,
            account=row.account,
            given_at=row.given_at,
            template_id=row.template_id,
            template_version=row.template_version,
            recipient=None if row.recipient is None else Recipient(row.recipient),
            result=row.result,
        ),
        given_by=str(row.given_by),
        by=row.by,
        logged_at=row.logged_at,
        label=row.label,
        lang=row.lang,
        source_name=row.source_name,
        platform=row.platform,
        key=str(row.id),
    )
