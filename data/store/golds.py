"""Gold: items whose outcome two persons know, read again without a mark to measure reading.

Gold counts in no workload and teaches no model.
Nobody gets as hidden gold, or as practice, what they have read before in whatever way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, insert, or_, select, update

from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import ItemState
from evenhand.data.store import children, eligible, ledger
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.eligible import of_team
from evenhand.data.tables import current_decision, decision, item, item_event, person, post
from evenhand.data.tables_review import gold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from evenhand.data.store.claims import Wish

    AnyRow = Row[*tuple[Any, ...]]

# Who practises keeps at least this share of all gold unread, to be measured with later.
LEFT_FOR_MEASURING = 0.5
MOST_LOOKED_AT = 500
_SAME_POST = item.alias("same_post")


@dataclass(frozen=True, slots=True)
class Hidden:
    """How much of what is handed out is gold: a *share* of 0-1, and where *chance* comes from.

    Each place in what is handed out is gold with this probability and independently, as long as
    there is gold that the person has not read: how many are is binomial.
    """

    share: float
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Gold:
    """An item whose outcome is known; *approved_by* is None while it waits for a second person."""

    id: str
    item_id: str
    label: str
    lang: str
    outcome: str
    policy: str | None
    explanation: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewGold:
    """What is proposed: which item, what is right, and why."""

    item_id: str
    outcome: str
    policy: str | None
    explanation: str


@dataclass(frozen=True, slots=True)
class GoldRead:
    """One reading of a gold item; *right* says that outcome and policy were those expected.

    *expected* is the policy, or the outcome where no policy was violated.
    """

    reader_id: str
    expected: str
    said: str
    right: bool
    lang: str
    decided_at: datetime
    explanation: str


def propose(
    conn: Connection, person_id: str, new: NewGold, team_id: str | None, now: datetime
) -> str:
    """Note a decided item as gold, which a second person has to approve; give its id.

    Raises:
        InputError: It is not decided, was edited since, or is gold already.
        NotFound: The team has no such item.
    """
    key = _key(new.item_id)
    query = select(item).where(item.c.id == key, IS_OWN, of_team(team_id))
    row = conn.execute(query.with_for_update(key_share=True)).first()
    if row is None:
        msg = f"no item has the id {new.item_id!r}; look it up again"
        raise NotFound(msg)
    if row.decided_at is None or row.edited_after_review or row.state == ItemState.VOID:
        msg = f"item {key} is not decided, or its post was changed or deleted; choose another"
        raise InputError(msg)
    if conn.execute(select(gold.c.id).where(gold.c.item_id == key)).first() is not None:
        msg = f"item {key} is on the list of gold items already; choose another"
        raise InputError(msg)
    values = {
        "item_id": key,
        "outcome": new.outcome,
        "policy": new.policy,
        "explanation": new.explanation,
        "proposed_by": int(person_id),
        "proposed_at": now,
    }
    return str(conn.execute(insert(gold).values(**values).returning(gold.c.id)).scalar_one())


def approve(
    conn: Connection, person_id: str, gold_id: str, team_id: str | None, now: datetime
) -> Gold:
    """Put a proposed gold item to use, as a second person.

    Raises:
        InputError: The actor proposed it, or it does not wait for anybody.
        NotFound: There is no such gold item.
    """
    found = get(conn, gold_id, team_id)
    query = (
        update(gold)
        .where(
            gold.c.id == int(found.id),
            gold.c.proposed_by != int(person_id),
            gold.c.approved_by.is_(None),
            gold.c.retired_at.is_(None),
        )
        .values(approved_by=int(person_id), approved_at=now)
        .returning(gold.c.id)
    )
    if conn.execute(query).first() is None:
        msg = f"gold item {gold_id} was proposed by you or waits for nobody; ask another person"
        raise InputError(msg)
    return get(conn, gold_id, team_id)


def retire(conn: Connection, gold_id: str, team_id: str | None, now: datetime) -> Gold:
    """Take a gold item out of use; what was read of it stays, what waits becomes void.

    Raises:
        InputError: It is out of use already.
        NotFound: There is no such gold item.
    """
    found = get(conn, gold_id, team_id)
    query = update(gold).where(gold.c.id == int(found.id), gold.c.retired_at.is_(None))
    if conn.execute(query.values(retired_at=now).returning(gold.c.id)).first() is None:
        msg = f"gold item {gold_id} is out of use already"
        raise InputError(msg)
    parent = children.lock(conn, int(found.item_id))
    children.withdraw(conn, [parent.id], (Purpose.GOLD, Purpose.PRACTICE), now, "gold_retired")
    return get(conn, gold_id, team_id)


def note(  # noqa: PLR0913, PLR0917 - an entry of the ledger: who did what to which, with what, when
    conn: Connection,
    person_id: str,
    action: str,
    gold_id: str,
    data: Mapping[str, object],
    now: datetime,
) -> None:
    """Tell the ledger what was done with a gold item."""
    subject = f"gold:{gold_id}"
    ledger.append(conn, at=now, actor=person_id, action=action, subject=subject, data=data)


def get(conn: Connection, gold_id: str, team_id: str | None) -> Gold:
    """Read one gold item.

    Raises:
        NotFound: The team has no such gold item.
    """
    row = conn.execute(_listed(team_id).where(gold.c.id == _key(gold_id))).first()
    if row is None:
        msg = f"no gold item has the id {gold_id!r}; reload the page"
        raise NotFound(msg)
    return _gold(row)


def list_all(conn: Connection, team_id: str | None) -> list[Gold]:
    """List the gold items of a team, newest first."""
    query = _listed(team_id).order_by(gold.c.id.desc()).limit(MOST_LOOKED_AT)
    return [_gold(row) for row in conn.execute(query)]


def _listed(team_id: str | None) -> Select[*tuple[Any, ...]]:
    return (
        select(gold, item.c.label, item.c.lang)
        .join(item, item.c.id == gold.c.item_id)
        .where(of_team(team_id))
    )


def _gold(row: AnyRow) -> Gold:
    return Gold(
        id=str(row.id),
        item_id=str(row.item_id),
        label=row.label,
        lang=row.lang,
        outcome=row.outcome,
        policy=row.policy,
        explanation=row.explanation,
        proposed_by=str(row.proposed_by),
        proposed_at=row.proposed_at,
        approved_by=None if row.approved_by is None else str(row.approved_by),
        retired_at=row.retired_at,
    )


def hide(conn: Connection, wish: Wish, hidden: Hidden, ready: int, now: datetime) -> list[int]:
    """Make gold for some of the places that a claim fills; give the keys, in no order.

    Args:
        conn: The write of the claim.
        wish: Who claims how much.
        hidden: How much of it is to be gold.
        ready: How many other items wait for this person: gold comes only among them.
        now: The time.
    """
    wanted = drawn(hidden, wish.count, ready)
    pool = _unread(conn, wish) if wanted else []
    made: list[int] = []
    while pool and len(made) < wanted:
        parent = pool.pop(min(int(hidden.chance() * len(pool)), len(pool) - 1))
        made.append(children.make(conn, parent, Purpose.GOLD, now, wish.person_id))
    return made


def drawn(hidden: Hidden, places: int, ready: int) -> int:
    """Draw for each of *places* whether it is gold, until *ready* others are used up."""
    found = others = 0
    for _ in range(places):
        if others == ready:
            break
        if hidden.chance() < hidden.share:
            found += 1
        else:
            others += 1
    return found


def for_practice(
    conn: Connection, wish: Wish, chance: Callable[[], float], now: datetime
) -> int | None:
    """Find or make the item that a person practises on next; None when none is left for that."""
    own = select(item.c.id).where(
        item.c.purpose == Purpose.PRACTICE.value, item.c.for_person == wish.me
    )
    begun = own.where(item.c.state.in_(children.LIVE)).order_by(item.c.id).limit(1)
    if (waiting := conn.execute(begun).scalar()) is not None:
        return int(waiting)
    done = int(conn.execute(select(func.count()).select_from(own.subquery())).scalar_one())
    pool = _unread(conn, wish)
    if len(pool) <= (done + len(pool)) * LEFT_FOR_MEASURING and done:
        return None
    if not pool:
        return None
    parent = pool[min(int(chance() * len(pool)), len(pool) - 1)]
    return children.make(conn, parent, Purpose.PRACTICE, now, wish.person_id)


def _unread(conn: Connection, wish: Wish) -> list[AnyRow]:
    """Read the items of gold in use that a person has never seen, and may be given.

    One look of a person waits for another of theirs: two windows must not be given the same.
    """
    me = wish.me
    conn.execute(select(person.c.id).where(person.c.id == me).with_for_update(key_share=True))
    query = (
        select(item)
        .join(gold, gold.c.item_id == item.c.id)
        .join(post, post.c.id == item.c.post_id)
        .where(
            gold.c.approved_by.is_not(None),
            gold.c.retired_at.is_(None),
            gold.c.proposed_by != me,
            gold.c.approved_by != me,
            item.c.queue.in_(wish.queues),
            item.c.state != ItemState.VOID.value,
            ~item.c.edited_after_review,
            post.c.deleted_at.is_(None),
            post.c.text_erased_at.is_(None),
            ~_seen(me),
            *eligible.suits(wish),
        )
        .order_by(gold.c.id)
        .limit(MOST_LOOKED_AT)
        # The children that are made point at both; to wait for either could end in a circle.
        .with_for_update(read=True, key_share=True, skip_locked=True, of=[item, post])
    )
    return list(conn.execute(query))


def _seen(me: int) -> ColumnElement[bool]:
    """Say in SQL that a person did anything with an item of the same post, or was given it."""
    beside = _SAME_POST
    acted = and_(item_event.c.item_id == beside.c.id, item_event.c.actor_id == me)
    return or_(
        exists().where(acted, beside.c.post_id == item.c.post_id, beside.c.of_item_id.is_(None)),
        exists().where(acted, beside.c.of_item_id == item.c.id),
        exists().where(beside.c.of_item_id == item.c.id, beside.c.for_person == me),
    )


def readings(
    conn: Connection,
    team_id: str | None,
    *,
    since: datetime,
    until: datetime,
    person_id: str | None = None,
) -> list[GoldRead]:
    """Read what was said of hidden gold in a window, oldest first; of one person or of all."""
    parent = item.alias("parent")
    query = (
        select(decision, item.c.lang, gold.c.outcome.label("right_outcome"))
        .add_columns(gold.c.policy.label("right_policy"), gold.c.explanation)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .join(item, item.c.id == decision.c.item_id)
        .join(parent, parent.c.id == item.c.of_item_id)
        .join(gold, gold.c.item_id == parent.c.id)
        .where(
            item.c.purpose == Purpose.GOLD.value,
            of_team(team_id),
            decision.c.decided_at >= since,
            decision.c.decided_at < until,
        )
        .order_by(decision.c.id)
    )
    if person_id is not None:
        query = query.where(decision.c.reviewer_id == int(person_id))
    return [_reading(row) for row in conn.execute(query)]


def _reading(row: AnyRow) -> GoldRead:
    named: Sequence[str] = (row.policy, *(pair[0] for pair in row.also or ()))
    policy_is_right = row.right_policy is None or row.right_policy in named
    return GoldRead(
        reader_id=str(row.reviewer_id),
        expected=row.right_policy or row.right_outcome,
        said=row.policy or row.outcome,
        right=row.outcome == row.right_outcome and policy_is_right,
        lang=row.lang,
        decided_at=row.decided_at,
        explanation=row.explanation,
    )


def of_child(conn: Connection, child_id: str, person_id: str) -> GoldRead | None:
    """Read what is right of an item that a person has practised on; None before they decided."""
    query = (
        select(decision, item.c.lang, gold.c.outcome.label("right_outcome"))
        .add_columns(gold.c.policy.label("right_policy"), gold.c.explanation)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .join(item, item.c.id == decision.c.item_id)
        .join(gold, gold.c.item_id == item.c.of_item_id)
        .where(
            item.c.id == _key(child_id),
            item.c.purpose == Purpose.PRACTICE.value,
            decision.c.reviewer_id == int(person_id),
        )
    )
    row = conn.execute(query).first()
    return None if row is None else _reading(row)


def _key(number: str) -> int:
    # Longer than any key would overflow the database.
    return int(number) if number.isdecimal() and len(number) <= len("9" * 18) else 0
