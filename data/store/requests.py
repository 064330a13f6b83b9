"""Requests that wait for an answer, and the log of what was answered elsewhere.

Responses are only added.
Whoever answers holds the item under a claim while its state stays *decided*, so that two people
do not answer the same question.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, literal, literal_column, or_, select, tuple_, update

from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotAllowed, NotFound
from evenhand.data.records import Actor, Claim, ItemState, Recipient, Response, ResponseKind
from evenhand.data.store import claims, ledger, posts, rollups
from evenhand.data.store.claims import Change
from evenhand.data.tables import (
    current_decision,
    decision,
    flag,
    from_micros,
    item,
    post,
    response,
    source,
    to_micros,
)
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

# Written out, not bound, and without the "= 1" that SQLite's dialect adds to a boolean: both
# engines use the partial index only for these very words.
UNANSWERED = and_(literal_column("item.needs_answer"), item.c.state == literal_column("'decided'"))
IS_DECIDED = item.c.state == literal_column("'decided'")


@dataclass(frozen=True, slots=True)
class Wait:
    """One item that waits for an answer; *key* is where the next page goes on.

    *taken_by* names who is answering it now.
    """

    item_id: str
    post_id: str
    version: int
    label: str
    lang: str
    priority: float
    source_name: str
    platform: str
    published_at: datetime
    decided_at: datetime
    due_at: datetime
    taken_by: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A response with who logged it and when."""

    response: Response
    given_by: str
    logged_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the waiting list is wanted.

    *urgent* orders by priority instead of newest first; *before* is the last key seen.
    """

    limit: int
    urgent: bool = False
    before: str | None = None
    team_id: str | None = None


def waiting(conn: Connection, page: Page, now: datetime) -> list[Wait]:
    """List what waits for an answer, one page, by keyset.

    Raises:
        InputError: *page.before* is no key of this order.
    """
    order = _order(page)
    query = (
        select(item, post.c.version, post.c.platform, post.c.published_at, source.c.name)
        .join(post, post.c.id == item.c.post_id)
        .join(source, source.c.id == post.c.source_id)
        .where(UNANSWERED)
        .order_by(*(column.desc() for column in order.columns))
        .limit(page.limit)
    )
    if order.before is not None:
        # Typed like the columns, or SQLite would compare a time with a text.
        typed = (
            literal(value, column.type)
            for value, column in zip(order.before, order.columns, strict=True)
        )
        query = query.where(tuple_(*order.columns) < tuple_(*typed))
    if page.team_id is not None:
        query = query.where(or_(item.c.team_id.is_(None), item.c.team_id == int(page.team_id)))
    return [_wait(row, page, now) for row in conn.execute(query)]


@dataclass(frozen=True, slots=True)
class _Order:
    columns: tuple[ColumnElement[object], ColumnElement[object]]
    before: tuple[object, int] | None


def _order(page: Page) -> _Order:
    column = item.c.priority if page.urgent else item.c.decided_at
    if page.before is None:
        return _Order((column, item.c.id), None)
    first, _, last = page.before.partition("_")
    try:
        head: object = _finite(first) if page.urgent else from_micros(int(first))
        return _Order((column, item.c.id), (head, claims.key_of(last)))
    except (ValueError, OverflowError, NotFound) as error:
        msg = "the waiting list has no such place; start from its beginning"
        raise InputError(msg) from error


def _finite(number: str) -> float:
    # Beyond every priority, "inf" would begin the list anew without a word.
    if not isfinite(found := float(number)):
        msg = f"{number} is no priority"
        raise ValueError(msg)
    return found


def _wait(row: Row[tuple[object, ...]], page: Page, now: datetime) -> Wait:
    head = repr(row.priority) if page.urgent else str(to_micros(row.decided_at))
    live = row.claim_until is not None and row.claim_until > now
    return Wait(
        item_id=str(row.id),
        post_id=str(row.post_id),
        version=row.version,
        label=row.label,
        lang=row.lang,
        priority=row.priority,
        source_name=row.name,
        platform=row.platform,
        published_at=row.published_at,
        decided_at=row.decided_at,
        due_at=row.due_at,
        taken_by=str(row.claimed_by) if live else None,
        key=f"{head}_{row.id}",
    )


def take(
    conn: Connection,
    person_id: str,
    item_id: str,
    *,
    now: datetime,
    until: datetime,
) -> Claim:
    """Reserve a decided item for answering, or prolong one's own reservation.

    Raises:
        AlreadyDecided: It was answered already.
        ClaimLost: Somebody else is answering it, or it does not wait for an answer.
        NotFound: No item has this id.
    """
    query = (
        update(item)
        .where(item.c.id == claims.key_of(item_id), IS_DECIDED, _free_for(person_id, now))
        .values(
            claimed_by=int(person_id),
            claim_until=until,
            claim_no=item.c.claim_no + 1,
        )
        .returning(item.c.id, item.c.claim_no)
    )
    row = conn.execute(query).first()
    if row is None:
        raise _refusal(conn, item_id)
    data = {"until": to_micros(until)}
    claims.log(conn, [Change(row.id, "taken", now, person_id, row.claim_no, data)])
    return Claim(item_id, row.claim_no, person_id, until)


def put_back(conn: Connection, person_id: str, item_id: str, now: datetime) -> bool:
    """Give a reservation back without an answer; say whether there was one."""
    query = (
        update(item)
        .where(
            item.c.id == claims.key_of(item_id),
            IS_DECIDED,
            item.c.claimed_by == int(person_id),
        )
        .values(claimed_by=None, claim_until=None)
        .returning(item.c.id, item.c.claim_no)
    )
    row = conn.execute(query).first()
    if row is not None:
        claims.log(conn, [Change(row.id, "put_back", now, person_id, row.claim_no)])
    return row is not None


def _free_for(person_id: str, now: datetime) -> ColumnElement[bool]:
    return or_(
        item.c.claim_until.is_(None),
        item.c.claim_until <= now,
        item.c.claimed_by == int(person_id),
    )


def _refusal(conn: Connection, item_id: str) -> AlreadyDecided | ClaimLost | InputError | NotFound:
    """Say why an item cannot be answered."""
    query = select(item.c.state).where(item.c.id == claims.key_of(item_id))
    state = conn.execute(query).scalar()
    if state is None:
        return NotFound(f"no item has the id {item_id!r}; reload the list")
    if state == ItemState.ANSWERED:
        msg = f"item {item_id} has a logged response already; read it, or log a follow-up"
        return AlreadyDecided(msg)
    if state == ItemState.DECIDED:
        return ClaimLost(f"somebody else is answering item {item_id}; take another one")
    if state == ItemState.VOID:
        msg = f"the post of item {item_id} was deleted at its platform; take another one"
        return ClaimLost(msg)
    msg = f"item {item_id} is {state} and waits for no answer; decide on it first"
    return InputError(msg)


def find(conn: Connection, uuid: str) -> Logged | None:
    """Find a response by its uuid."""
    row = conn.execute(select(response).where(response.c.uuid == uuid)).first()
    return None if row is None else _logged(row)


def put(
    conn: Connection,
    actor: Actor,
    new: Response,
    *,
    now: datetime,
    follow_up: bool,
) -> None:
    """Log a response and set its item to *answered*.

    A *follow_up* is one more response on an item that has one.

    Raises:
        AlreadyDecided: The item has a response and this is no follow-up.
        ClaimLost: Somebody else is answering the item, or its post was deleted.
        InputError: The item does not wait for an answer.
        NotFound: No item has this id.
    """
    key = claims.key_of(new.item_id)
    allowed = item.c.state == ItemState.ANSWERED.value if follow_up else IS_DECIDED
    values: dict[str, object] = {"claimed_by": None, "claim_until": None}
    if not follow_up:
        values |= {"state": ItemState.ANSWERED.value, "answered_at": now, "state_at": now}
    query = (
        update(item)
        .where(item.c.id == key, allowed, _free_for(actor.id, now))
        .values(**values)
        .returning(item)
    )
    row = conn.execute(query).first()
    if row is None:
        raise _refusal(conn, new.item_id)
    conn.execute(insert(response).values(**_values(actor, new, now)))
    data: dict[str, object] = {"response": new.uuid, "follow_up": follow_up}
    claims.log(conn, [Change(key, "answered", now, actor.id, row.claim_no, data)])
    if not follow_up:
        _count(conn, row)
    _ledger(conn, actor, new, now)


def _values(actor: Actor, new: Response, now: datetime) -> dict[str, object]:
    return {
        "uuid": new.uuid,
        "item_id": claims.key_of(new.item_id),
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


def _count(conn: Connection, row: Row[tuple[object, ...]]) -> None:
    cell = rollups.ItemCell(row.created_at, row.queue, row.label, row.lang)
    rollups.count_item(conn, cell, answered=1)


def _ledger(conn: Connection, actor: Actor, new: Response, now: datetime) -> None:
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


def history(conn: Connection, item_id: str) -> list[Logged]:
    """List the responses of an item, oldest first."""
    query = (
        select(response).where(response.c.item_id == claims.key_of(item_id)).order_by(response.c.id)
    )
    return [_logged(row) for row in conn.execute(query)]


def threatens_life(conn: Connection, item_id: str) -> bool:
    """Say whether the item's flags or its standing decision name a threat of violence."""
    key = claims.key_of(item_id)
    threat = Policy.VIOLENCE_THREAT.value
    flagged: Select[tuple[int]] = (
        select(item.c.id)
        .join(flag, flag.c.post_id == item.c.post_id)
        .where(item.c.id == key, flag.c.label == threat)
    )
    decided = (
        select(decision.c.id)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .where(current_decision.c.item_id == key, decision.c.policy == threat)
    )
    return any(conn.execute(query.limit(1)).first() for query in (flagged, decided))


def _logged(row: Row[tuple[object, ...]]) -> Logged:
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
        logged_at=row.logged_at,
    )


def text_of(conn: Connection, actor: Actor, wait: Wait) -> str | None:
    """Read the text of what waits; None where it was erased or is open to its claimer only."""
    try:
        permit = posts.permit_by_flag(conn, actor, wait.item_id)
    except NotAllowed:
        # The post came up by an audit draw, unflagged: whoever takes the item may read it.
        return None
    return posts.text_of(conn, int(wait.post_id), wait.version, permit=permit).content
