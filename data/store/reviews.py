"""What follows when an item is read once more: a second opinion, a third person, an appeal.

A share of first decisions is read again by somebody else, who does not know it (blind double
review).
Where the two differ, a third person sees both without names, and what that person says stands.
An appeal goes to somebody who took no part; it upholds or overturns.
Nothing is changed in place: what stands in the end is a decision of its own that supersedes.
Locks: post, parent, child, roll-ups, and the ledger last, so entries are handed back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import insert, select, update

from evenhand.data.errors import InputError
from evenhand.data.records import Claim, ItemState, Opinion, Outcome
from evenhand.data.store import children, claims, eligible, rollup_counted
from evenhand.data.store.children import Purpose
from evenhand.data.store.claims import Change
from evenhand.data.store.rollup_counted import Counted, counted, stands
from evenhand.data.tables import current_decision, decision, item, post
from evenhand.data.tables_review import appeal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.records import Actor

    AnyRow = Row[*tuple[Any, ...]]

FIRST_SLOT = 1
REVIEW, UNDO, RANGE = "review", "undo", "range"
UPHELD, OVERTURNED = "upheld", "overturned"
STATE_AFTER = {
    Outcome.VIOLATES: ItemState.DECIDED,
    Outcome.NOT_SURE: ItemState.DECIDED,
    Outcome.NEEDS_ANSWER: ItemState.DECIDED,
    Outcome.NO_HARM: ItemState.CLOSED,
    Outcome.ALREADY_ANSWERED: ItemState.CLOSED,
}
# Purposes whose reader must have taken no part before.
APART = frozenset({Purpose.DOUBLE, Purpose.ADJUDICATION, Purpose.APPEAL, Purpose.WAVE})
DRAW_BYTES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry for the ledger, to be appended when nothing else is left to lock."""

    action: str
    subject: str
    data: Mapping[str, object]


def draw(uuid: str, native_key: str) -> float:
    """Draw a number from 0 up to 1 for a decision; the same decision draws the same again.

    It is a hash of the decision's uuid and of its post's key, so over decisions it is uniform and
    independent: each is chosen with exactly the share asked for, and how many are is binomial.
    The browser makes the uuid but never sees the key, so nobody can pick a uuid that is not drawn.
    """
    words = f"double\0{uuid}\0{native_key}".encode()
    whole = int.from_bytes(blake2b(words, digest_size=DRAW_BYTES).digest())
    return float(whole / 2 ** (8 * DRAW_BYTES))


def waits(outcome: Outcome, macro: object) -> bool:
    """Say whether an item waits for an answer after this outcome, by this macro or by none."""
    return outcome is Outcome.NEEDS_ANSWER or macro is not None


def policies(row: AnyRow) -> frozenset[str]:
    """Name all policies that a decision says are violated."""
    also = cast("Sequence[tuple[str, int]]", row.also or ())
    return frozenset(name for name in (row.policy, *(pair[0] for pair in also)) if name)


def differ(one: AnyRow, other: AnyRow) -> bool:
    """Say whether two decisions say something else: another outcome, or other policies."""
    return one.outcome != other.outcome or policies(one) != policies(other)


def current(conn: Connection, item_id: int) -> AnyRow | None:
    """Read the decision that stands on an item."""
    query = (
        select(decision)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .where(current_decision.c.item_id == item_id, current_decision.c.slot == FIRST_SLOT)
    )
    return conn.execute(query).first()


def opinions(conn: Connection, item_id: int) -> tuple[Opinion, ...]:
    """Tell what the two readers said between whom a third decides, in an order that tells nothing.

    It goes by a hash of the decisions, so neither the first nor the second reader comes first.
    """
    first = current(conn, item_id)
    others = [current(conn, child.id) for child in children.of(conn, item_id, Purpose.DOUBLE)]
    both = [one for one in (first, *others) if one is not None]
    both.sort(key=lambda row: blake2b(row.uuid.encode(), digest_size=DRAW_BYTES).digest())
    return tuple(Opinion(Outcome(row.outcome), tuple(sorted(policies(row)))) for row in both)


def refuse_part(conn: Connection, actor: Actor, child_id: int) -> None:
    """Go on only if the actor took no part in what a child is about.

    Raises:
        InputError: They decided on it before, or filed the appeal.
    """
    query = select(item.c.id).where(
        item.c.id == child_id,
        item.c.purpose.in_([one.value for one in APART]),
        eligible.took_part(int(actor.id), but=child_id),
    )
    if conn.execute(query).first() is not None:
        msg = (
            f"you took part in what item {child_id} is about, so somebody else has to read it; "
            "take the next item"
        )
        raise InputError(msg)


def take(
    conn: Connection, person_id: str, item_id: int, *, now: datetime, until: datetime
) -> Claim | None:
    """Claim one chosen item, or find that the person holds it; None where somebody else does.

    That the person may have it is the caller's to know.
    """
    held = claims.take(conn, item.c.id == item_id, person_id, now=now, until=until)
    if held:
        return held[0]
    query = select(item.c.claim_no, item.c.claim_until).where(
        item.c.id == item_id,
        eligible.IS_CLAIMED,
        item.c.claimed_by == int(person_id),
        item.c.claim_until > now,
    )
    row = conn.execute(query).first()
    return None if row is None else Claim(str(item_id), row.claim_no, person_id, row.claim_until)


def follow(
    conn: Connection, where: AnyRow, said: AnyRow, *, share: float, now: datetime
) -> list[Entry]:
    """Do what a new decision brings about, and give the ledger's entries for it.

    Args:
        conn: The write of the decision; a child's parent is locked.
        where: The row of the item that was decided on, as it is now.
        said: The row of the decision.
        share: How many first decisions are read a second time, 0-1.
        now: The time.
    """
    purpose = Purpose(where.purpose)
    if purpose is Purpose.REVIEW:
        if not children.of(conn, where.id, Purpose.DOUBLE):
            _ask_second(conn, where, said, share, now)
            return []
        # The first decision was taken back and made again while the second stands.
        _compare(conn, where, now)
        return []
    parent = children.lock(conn, where.of_item_id)
    if purpose is Purpose.DOUBLE:
        _compare(conn, parent, now)
    elif purpose is Purpose.ADJUDICATION:
        before = current(conn, parent.id)
        if before is not None and before.kind in eligible.FIRST_KINDS:
            values = _of_another(parent, before, said, purpose)
            return [_supersede(conn, parent, before, values, now)]
    elif purpose is Purpose.APPEAL:
        return _end_appeal(conn, parent, said, now)
    return []


def _ask_second(conn: Connection, where: AnyRow, said: AnyRow, share: float, now: datetime) -> None:
    key = conn.execute(select(post.c.native_key).where(post.c.id == where.post_id)).scalar_one()
    if draw(said.uuid, key) < share:
        children.make(conn, where, Purpose.DOUBLE, now)


def _compare(conn: Connection, parent: AnyRow, now: datetime) -> None:
    """Ask a third person where the first and the second differ on the same text."""
    first = current(conn, parent.id)
    if first is None or first.kind not in eligible.FIRST_KINDS:
        return
    seconds = [current(conn, child.id) for child in children.of(conn, parent.id, Purpose.DOUBLE)]
    is_split = any(
        one is not None and one.version == first.version and differ(first, one) for one in seconds
    )
    if is_split and not children.of(conn, parent.id, Purpose.ADJUDICATION):
        children.make(conn, parent, Purpose.ADJUDICATION, now)


def _of_another(
    parent: AnyRow, before: AnyRow, said: AnyRow, purpose: Purpose
) -> dict[str, object]:
    """Turn what was said on a child into a decision on its parent instead of the one *before*."""
    kept = ("version", "outcome", "policy", "severity", "also", "reviewer_id", "policy_version")
    return {
        **{name: getattr(said, name) for name in (*kept, "model", "simulated", "decided_at")},
        # Made of the child's, so that it supersedes once.
        "uuid": superseding(said.uuid),
        "item_id": parent.id,
        "slot": FIRST_SLOT,
        "kind": purpose.value,
        "note": "",
        "claim_no": parent.claim_no,
        # Whoever answers what still holds goes on with it.
        "macro_id": None if differ(before, said) else before.macro_id,
    }


def superseding(uuid: str) -> str:
    """Name the decision by which what was said on a child comes to stand on its parent."""
    return str(uuid5(NAMESPACE_OID, f"supersedes:{uuid}"))


def _supersede(
    conn: Connection, parent: AnyRow, before: AnyRow, values: dict[str, object], now: datetime
) -> Entry:
    """Write what supersedes the decision that stood *before*."""
    values["supersedes_id"] = before.id
    made = conn.execute(insert(decision).values(**values).returning(decision)).one()
    stand(conn, parent, before, made, now)
    data = {
        "uuid": made.uuid,
        "outcome": made.outcome,
        "policy": made.policy,
        "severity": made.severity,
        "version": made.version,
        "by": made.kind,
        "instead_of": before.uuid,
    }
    return Entry("superseded", f"item:{parent.id}", data)


def stand(conn: Connection, parent: AnyRow, before: AnyRow, after: AnyRow, now: datetime) -> None:
    """Let *after* stand on an item instead of *before*; its state and the roll-ups follow."""
    conn.execute(
        update(current_decision)
        .where(current_decision.c.item_id == parent.id, current_decision.c.slot == FIRST_SLOT)
        .values(decision_id=after.id),
    )
    newest = conn.execute(select(post.c.version).where(post.c.id == parent.post_id)).scalar_one()
    outcome, edited = Outcome(after.outcome), newest > after.version
    needs = waits(outcome, after.macro_id)
    is_answered = parent.answered_at is not None
    state = ItemState.ANSWERED if is_answered else STATE_AFTER[outcome]
    if parent.state == ItemState.VOID.value:
        # Its post was deleted meanwhile, and that stays so.
        state = ItemState.VOID
    values: dict[str, object] = {
        "state": state.value,
        "needs_answer": needs,
        "edited_after_review": edited,
        "state_at": parent.state_at if state is ItemState.VOID else now,
    }
    if not needs:
        # Whoever is answering it has nothing to answer any more.
        values |= {"claimed_by": None, "claim_until": None}
    conn.execute(update(item).where(item.c.id == parent.id).values(**values))
    data = {"decision": after.uuid, "edited": edited}
    claims.log(conn, [Change(parent.id, "superseded", now, None, None, data)])
    before_it = counted(parent, before)
    after_it = replace(before_it, needs_answer=needs, stands=stands(after))
    rollup_counted.count(conn, [(before_it, after_it)])


def with_and_without(where: AnyRow, said: AnyRow) -> tuple[Counted, Counted]:
    """Give an item as roll-ups count it with a first decision on it, and without.

    Args:
        where: The item's row, before or after the decision.
        said: The row of the decision.
    """
    open_ = replace(counted(where), needs_answer=False, decided_at=None)
    needs = waits(Outcome(said.outcome), said.macro_id)
    decided = replace(open_, needs_answer=needs, decided_at=said.decided_at, stands=stands(said))
    return decided, open_


def newest_appeal(conn: Connection, item_id: int) -> AnyRow | None:
    """Read the last appeal that was filed for an item."""
    query = select(appeal).where(appeal.c.item_id == item_id).order_by(appeal.c.id.desc())
    return conn.execute(query.limit(1)).first()


def _end_appeal(conn: Connection, parent: AnyRow, said: AnyRow, now: datetime) -> list[Entry]:
    filed, before = newest_appeal(conn, parent.id), current(conn, parent.id)
    if filed is None or filed.result is not None or before is None:
        return []
    if said.outcome == Outcome.NOT_SURE.value:
        # Doubt is no answer to whoever appealed: the next person reads it.
        again = children.make(conn, parent, Purpose.APPEAL, now)
        _set_appeal(conn, filed.id, review_item_id=again)
        return []
    result = OVERTURNED if differ(before, said) else UPHELD
    _set_appeal(conn, filed.id, result=result, ended_at=now)
    data = {"result": result, "item": str(parent.id), "uuid": said.uuid}
    entries = [Entry("appeal_ended", f"appeal:{filed.id}", data)]
    if result == OVERTURNED:
        values = _of_another(parent, before, said, Purpose.APPEAL)
        entries.append(_supersede(conn, parent, before, values, now))
    return entries


def _set_appeal(conn: Connection, appeal_id: int, **values: object) -> None:
    conn.execute(update(appeal).where(appeal.c.id == appeal_id).values(**values))
