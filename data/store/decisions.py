"""Decisions: only added; `current_decision` points at the one that holds in each review slot.

A decision goes in only under its claim's number, together with the item's new state, its log
line, the roll-ups and the ledger entry.
Locks are taken in one order everywhere: post, item, roll-ups, ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotFound
from evenhand.data.records import Actor, Decision, ItemState, Outcome
from evenhand.data.store import (
    children,
    claims,
    decision_queries,
    ledger,
    macros,
    reviews,
    reviews_undone,
    rollup_counted,
)
from evenhand.data.store.claims import Change
from evenhand.data.store.reviews import FIRST_SLOT, REVIEW, STATE_AFTER
from evenhand.data.tables import current_decision, decision, item, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.settings import QualitySettings
    from evenhand.data.store.reviews import Entry

# Undo looks at this many newest decisions of the whole team: a bounded walk without an index.
LOOK_BACK = 10_000


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a decision; *duplicate* says that it had been written before."""

    uuid: str
    state: ItemState
    duplicate: bool


def put(  # noqa: PLR0913 - who, what, under which policies and macro, when, how much read twice
    conn: Connection,
    actor: Actor,
    new: Decision,
    *,
    policy_version: str,
    now: datetime,
    quality: QualitySettings | None = None,
    macro_id: str | None = None,
) -> Written:
    """Write a decision, or find that it was written before.

    With *quality* a share of first decisions is put before a second reviewer.
    With *macro_id* the item waits for the response that the macro begins, unless it is of another.

    Raises:
        AlreadyDecided: The item has another decision in this slot.
        ClaimLost: The claim ended, or the post was deleted at its platform.
        InputError: The shown version is newer than any, the uuid belongs to another decision, the
            actor took part in what is read once more, or the macro has ended or decides otherwise.
        NotFound: No item has this id, or the team has no such macro.
    """
    state = STATE_AFTER[new.outcome]
    if _written_before(conn, actor, new, macro_id):
        return Written(new.uuid, state, duplicate=True)
    if macro_id is not None:
        macros.check(conn, actor, macro_id, new)
    shown = _shown(conn, new)
    edited = shown.version > new.version
    if shown.of_item_id is not None:
        children.lock(conn, shown.of_item_id)
        reviews.refuse_part(conn, actor, shown.item_id)
    needs_answer = reviews.waits(new.outcome, macro_id)
    row = _move(conn, actor, new, needs_answer=needs_answer, edited=edited, now=now)
    if row is None:
        # The same message may have been written by another process while this one waited.
        if _written_before(conn, actor, new, macro_id):
            return Written(new.uuid, state, duplicate=True)
        raise _refusal(conn, new.item_id)
    made = _insert(conn, actor, new, policy_version=policy_version, now=now, macro_id=macro_id)
    _point_at(conn, new.item_id, made.id)
    data: dict[str, object] = {"decision": new.uuid, "edited": edited}
    claims.log(conn, [Change(row.id, "decided", now, actor.id, new.claim_number, data)])
    _count(conn, row, made, 1)
    share = 0.0 if quality is None else quality.double_share_in(row.queue)
    entries = reviews.follow(conn, row, made, share=share, now=now)
    _ledger(conn, actor, new, made, now)
    _note(conn, actor, entries, now)
    return Written(new.uuid, state, duplicate=False)


def _point_at(conn: Connection, item_id: str, decision_id: int) -> None:
    """Let a decision be the current one of its item."""
    row = {"item_id": claims.key_of(item_id), "slot": FIRST_SLOT, "decision_id": decision_id}
    try:
        conn.execute(decision_queries.POINT, row)
    except IntegrityError as error:
        raise _already(item_id) from error


def _written_before(conn: Connection, actor: Actor, new: Decision, macro_id: str | None) -> bool:
    row = conn.execute(decision_queries.BY_UUID, {"its_uuid": new.uuid}).first()
    if row is None:
        return False
    said = (row.outcome, row.policy, [tuple(pair) for pair in row.also or ()])
    same = (str(row.item_id), str(row.reviewer_id), row.kind, *said)
    by = None if row.macro_id is None else str(row.macro_id)
    asked = (new.item_id, actor.id, REVIEW, new.outcome.value, new.policy, list(new.also))
    if (*same, by) != (*asked, macro_id):
        msg = f"the decision's uuid {new.uuid} stands for another decision; reload the page"
        raise InputError(msg)
    return True


def _shown(conn: Connection, new: Decision) -> Row[*tuple[Any, ...]]:
    row = conn.execute(decision_queries.SHOWN, {"of_item": claims.key_of(new.item_id)}).first()
    if row is None:
        msg = f"no item has the id {new.item_id!r}; take the next item"
        raise NotFound(msg)
    if not 1 <= new.version <= row.version:
        msg = (
            f"item {new.item_id} was decided on version {new.version} and its post has "
            f"{row.version}; reload the page"
        )
        raise InputError(msg)
    return row


def _move(  # noqa: PLR0913 - who moves what to where, and when
    conn: Connection,
    actor: Actor,
    new: Decision,
    *,
    needs_answer: bool,
    edited: bool,
    now: datetime,
) -> Row[*tuple[Any, ...]] | None:
    changes = {
        "becomes": STATE_AFTER[new.outcome].value,
        "waits": needs_answer,
        "edited": edited,
    }
    held = claims.held_as(actor.id, new.item_id, new.claim_number, now)
    return conn.execute(decision_queries.MOVE, held | changes).first()


def _refusal(conn: Connection, item_id: str) -> ClaimLost | AlreadyDecided:
    """Say why a claim no longer holds."""
    key = claims.key_of(item_id)
    row = conn.execute(select(item.c.state, item.c.of_item_id).where(item.c.id == key)).first()
    if row is not None and row.state == ItemState.VOID and row.of_item_id is None:
        msg = f"the post of item {item_id} was deleted at its platform; take the next item"
        return ClaimLost(msg)
    standing = select(current_decision.c.decision_id).where(
        current_decision.c.item_id == key,
        current_decision.c.slot == FIRST_SLOT,
    )
    if conn.execute(standing).first() is not None:
        return _already(item_id)
    return claims.lost(item_id)


def _already(item_id: str) -> AlreadyDecided:
    msg = f"item {item_id} has a decision already; take the next item, or undo that decision"
    return AlreadyDecided(msg)


def _insert(  # noqa: PLR0913 - the parts of a decision
    conn: Connection,
    actor: Actor,
    new: Decision,
    *,
    policy_version: str,
    now: datetime,
    macro_id: str | None,
) -> Row[*tuple[Any, ...]]:
    key = claims.key_of(new.item_id)
    model = conn.execute(
        decision_queries.MODEL, {"of_item": key, "of_version": new.version}
    ).scalar()
    row = {
        "uuid": new.uuid,
        "item_id": key,
        "slot": FIRST_SLOT,
        "kind": REVIEW,
        "version": new.version,
        "outcome": new.outcome.value,
        "policy": new.policy,
        "severity": new.severity,
        "also": new.also,
        "macro_id": None if macro_id is None else int(macro_id),
        "note": new.note,
        "claim_no": new.claim_number,
        "reviewer_id": int(actor.id),
        "policy_version": policy_version,
        "model": model,
        "simulated": actor.simulated,
        "decided_at": now,
    }
    return conn.execute(decision_queries.INSERT, row).one()


def undo_last(  # noqa: PLR0913 - whose decision, which one, and three times
    conn: Connection,
    actor: Actor,
    *,
    now: datetime,
    since: datetime,
    until: datetime,
    uuid: str | None = None,
) -> str | None:
    """Take back the actor's newest standing decision made at or after *since*.

    *uuid* names the one that may be taken back; None means whichever is the newest.

    The item goes back to the actor under a new claim that lasts until *until*.

    Returns:
        The uuid of what was taken back; None when there is nothing, or when the item has moved
        on (it was answered, somebody is answering it, or others have decided after it).
    """
    row = _last_standing(conn, actor, since, uuid)
    if row is None:
        return None
    where = conn.execute(select(item).where(item.c.id == row.item_id)).one()
    moved = _take_back(conn, row, until, now) if reviews_undone.may_undo(conn, where, row) else None
    if moved is None:
        return None
    conn.execute(delete(current_decision).where(current_decision.c.decision_id == row.id))
    undoing = reviews_undone.undoing(row, moved.claim_no, now)
    conn.execute(insert(decision).values(**undoing))
    data: dict[str, object] = {"decision": row.uuid, "until": to_micros(until)}
    claims.log(conn, [Change(row.item_id, "undone", now, actor.id, moved.claim_no, data)])
    _count(conn, moved, row, -1)
    entries = reviews_undone.undone(conn, moved, row, now)
    ledger.append(
        conn,
        at=now,
        actor=actor.id,
        action="decision_undone",
        subject=f"item:{row.item_id}",
        data={"uuid": row.uuid},
    )
    _note(conn, actor, entries, now)
    return str(row.uuid)


def _last_standing(
    conn: Connection,
    actor: Actor,
    since: datetime,
    uuid: str | None,
) -> Row[*tuple[Any, ...]] | None:
    newest = select(func.max(decision.c.id)).scalar_subquery()
    query = (
        select(decision)
        .join(
            current_decision,
            and_(
                current_decision.c.item_id == decision.c.item_id,
                current_decision.c.slot == decision.c.slot,
                current_decision.c.decision_id == decision.c.id,
            ),
        )
        .where(
            decision.c.id > newest - LOOK_BACK,
            decision.c.reviewer_id == int(actor.id),
            decision.c.decided_at >= since,
            decision.c.kind == REVIEW,
        )
        .order_by(decision.c.id.desc())
        .limit(1)
    )
    if uuid is not None:
        query = query.where(decision.c.uuid == uuid)
    return conn.execute(query).first()


def _take_back(
    conn: Connection,
    row: Row[*tuple[Any, ...]],
    until: datetime,
    now: datetime,
) -> Row[*tuple[Any, ...]] | None:
    query = (
        update(item)
        .where(
            item.c.id == row.item_id,
            item.c.state == STATE_AFTER[Outcome(row.outcome)].value,
            # Somebody who reserved it for answering keeps it.
            or_(
                item.c.claim_until.is_(None),
                item.c.claim_until <= now,
                item.c.claimed_by == row.reviewer_id,
            ),
        )
        .values(
            state=ItemState.CLAIMED.value,
            claimed_by=row.reviewer_id,
            claim_until=until,
            claim_no=item.c.claim_no + 1,
            needs_answer=False,
            edited_after_review=False,
            decided_at=None,
            state_at=now,
        )
        .returning(item)
    )
    return conn.execute(query).first()


def _count(
    conn: Connection, row: Row[*tuple[Any, ...]], said: Row[*tuple[Any, ...]], sign: int
) -> None:
    """Count a decision on an item, or with -1 take it back; *row* is the item's as it is now."""
    if row.of_item_id is not None:
        return
    decided, undecided = reviews.with_and_without(row, said)
    change = (undecided, decided) if sign > 0 else (decided, undecided)
    rollup_counted.count(conn, [change])


def _note(conn: Connection, actor: Actor, entries: Iterable[Entry], now: datetime) -> None:
    for one in entries:
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action=one.action,
            subject=one.subject,
            data=one.data,
        )


def _ledger(
    conn: Connection,
    actor: Actor,
    new: Decision,
    made: Row[*tuple[Any, ...]],
    now: datetime,
) -> None:
    by = {} if made.macro_id is None else {"macro": str(made.macro_id)}
    # No note: a reviewer may have quoted the post in it.
    ledger.append(
        conn,
        at=now,
        actor=actor.id,
        action="decided",
        subject=f"item:{new.item_id}",
        data={
            "uuid": new.uuid,
            "outcome": new.outcome.value,
            "policy": new.policy,
            "severity": new.severity,
            "also": new.also,
            "version": new.version,
            "claim_no": new.claim_number,
            "policy_version": made.policy_version,
            **by,
        },
    )
