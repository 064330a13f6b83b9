"""Requests that wait for an answer, and who is answering which.

Whoever answers holds the item under a claim while its state stays *decided*, so that two people
do not answer the same question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, literal, literal_column, or_, select, tuple_, update

from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotAllowed, NotFound
from evenhand.data.records import Actor, Claim, ItemState, Response
from evenhand.data.store import claims, posts, responses, rollup_counted
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.claims import Change
from evenhand.data.store.eligible import of_team
from evenhand.data.tables import (
    current_decision,
    decision,
    flag,
    from_micros,
    item,
    post,
    source,
    to_micros,
)
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

# Written out, not bound, and without the "= 1" that SQLite's dialect adds to a boolean: both
# engines use the partial index only for these very words.
UNANSWERED = and_(
    literal_column("item.needs_answer"), item.c.state == literal_column("'decided'"), IS_OWN
)
IS_DECIDED = and_(item.c.state == literal_column("'decided'"), IS_OWN)


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
        _waits()
        .where(of_team(page.team_id))
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
    return [_wait(row, now, urgent=page.urgent) for row in conn.execute(query)]


def held(
    conn: Connection, person_id: str, now: datetime, item_id: str | None = None
) -> tuple[Wait, Claim] | None:
    """Find what a person is answering now, or None.

    Args:
        conn: A read or a write.
        person_id: Who.
        now: The time.
        item_id: Only this item, which costs less than to look through all that waits.
    """
    query = _waits().where(item.c.claimed_by == int(person_id), item.c.claim_until > now)
    if item_id is not None:
        query = query.where(item.c.id == claims.key_of(item_id))
    row = conn.execute(query.order_by(item.c.decided_at.desc(), item.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    return _wait(row, now), Claim(str(row.id), row.claim_no, person_id, row.claim_until)


def _waits() -> Select[*tuple[Any, ...]]:
    return (
        select(item, post.c.version, post.c.platform, post.c.published_at, source.c.name)
        .join(post, post.c.id == item.c.post_id)
        .join(source, source.c.id == post.c.source_id)
        .where(UNANSWERED)
    )


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


def _wait(row: Row[*tuple[Any, ...]], now: datetime, *, urgent: bool = False) -> Wait:
    head = repr(row.priority) if urgent else str(to_micros(row.decided_at))
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


def take(  # noqa: PLR0913 - whose, which and how long
    conn: Connection,
    person_id: str,
    item_id: str,
    *,
    now: datetime,
    until: datetime,
    team_id: str | None = None,
) -> Claim:
    """Reserve a decided item for answering, or prolong one's own reservation.

    With a *team_id*, items of other teams are not found.

    Raises:
        AlreadyDecided: It was answered already.
        ClaimLost: Somebody else is answering it, or it does not wait for an answer.
        NotFound: No item has this id.
    """
    query = (
        update(item)
        .where(
            item.c.id == claims.key_of(item_id),
            IS_DECIDED,
            _free_for(person_id, now),
            of_team(team_id),
        )
        .values(
            claimed_by=int(person_id),
            claim_until=until,
            claim_no=item.c.claim_no + 1,
        )
        .returning(item.c.id, item.c.claim_no)
    )
    row = conn.execute(query).first()
    if row is None:
        raise _refusal(conn, item_id, team_id)
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


def _refusal(
    conn: Connection, item_id: str, team_id: str | None
) -> AlreadyDecided | ClaimLost | InputError | NotFound:
    """Say why an item cannot be answered."""
    key = claims.key_of(item_id)
    query = select(item.c.state).where(item.c.id == key, of_team(team_id), IS_OWN)
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
    answered = and_(item.c.state == ItemState.ANSWERED.value, IS_OWN)
    allowed = answered if follow_up else IS_DECIDED
    values: dict[str, object] = {"claimed_by": None, "claim_until": None}
    if not follow_up:
        values |= {"state": ItemState.ANSWERED.value, "answered_at": now, "state_at": now}
    query = (
        update(item)
        .where(item.c.id == key, allowed, _free_for(actor.id, now), of_team(actor.team_id))
        .values(**values)
        .returning(item)
    )
    row = conn.execute(query).first()
    if row is None:
        raise _refusal(conn, new.item_id, actor.team_id)
    responses.add(conn, actor, new, now)
    data: dict[str, object] = {"response": new.uuid, "follow_up": follow_up}
    claims.log(conn, [Change(key, "answered", now, actor.id, row.claim_no, data)])
    # The roll-ups count answers to what needs one; the others are in the log only.
    if not follow_up and row.needs_answer:
        answered_now = rollup_counted.counted(row)
        rollup_counted.count(conn, [(replace(answered_now, answered_at=None), answered_now)])


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


def text_of(conn: Connection, actor: Actor, wait: Wait) -> str | None:
    """Read the text of what waits; None where it was erased or is open to its claimer only."""
    try:
        permit = posts.permit_by_flag(conn, actor, wait.item_id)
    except NotAllowed:
        # The post came up by an audit draw, unflagged: whoever takes the item may read it.
        return None
    return posts.text_of(conn, int(wait.post_id), wait.version, permit=permit).content


def held_text_of(conn: Connection, wait: Wait, claim: Claim, now: datetime) -> str | None:
    """Read the text of what somebody is answering; None where it was erased.

    Raises:
        ClaimLost: The claim is over.
    """
    permit = posts.permit_by_claim(conn, claim, now=now)
    return posts.text_of(conn, int(wait.post_id), wait.version, permit=permit).content
