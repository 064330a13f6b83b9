"""Leases on items: who works on what, until when, under which number.

Each change is one guarded statement that carries the claim's number, and one line in `item_event`.
A claim is alive while `claim_until` lies ahead; what ran out goes back with the next claim.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, or_, select, update

from evenhand.data.errors import ClaimLost, NotFound
from evenhand.data.records import Claim, ItemState
from evenhand.data.store import claim_queries, claims_counted, dialect, golds, random_share, turns
from evenhand.data.store.children import Purpose
from evenhand.data.store.claims_counted import CLAIMED, SKIPS_UNTIL_ESCALATED
from evenhand.data.store.eligible import FAST_QUEUE, IS_CLAIMED
from evenhand.data.tables import item, item_event, skip, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row
    from sqlalchemy.sql.dml import ReturningUpdate

QUEUES = (FAST_QUEUE, "harm", "request")
# However often it is extended, a claim ends this long after it began (research: 30 minutes).
LONGEST_CLAIM = timedelta(minutes=30)
# Digits of the longest key, so that no made-up id overflows the database.
LONGEST_KEY = 18
EVENT_COLUMNS = ("item_id", "at", "kind", "actor_id", "claim_no", "data")
# A sweep takes back at most this many, so that it never holds the store for long.
SWEEP_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person may and wants to work on; *person_id* None leaves open who it is.

    *langs* None means every language; *team_id* None means the items of every team.
    *escalated* lets items in that were skipped three times.
    *labels* (the one that leads an item) and *sources* (ids) are the person's own filter; None
    means all, and what was drawn at random comes under every one of them.
    """

    person_id: str | None
    queues: tuple[str, ...]
    langs: tuple[str, ...] | None
    team_id: str | None
    escalated: bool
    count: int
    labels: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None

    @property
    def me(self) -> int:
        """The key of the person."""
        if self.person_id is None:
            msg = "this wish is nobody's; bind the person whose it is"
            raise ValueError(msg)
        return int(self.person_id)

    def anybodys(self) -> Wish:
        """Give the wish without its person and its count: what all share whose statement is one."""
        return replace(self, person_id=None, count=0)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an item's log."""

    item_id: int
    kind: str
    at: datetime
    actor_id: str | None = None
    claim_no: int | None = None
    data: Mapping[str, object] | None = None


def key_of(item_id: str) -> int:
    """Turn an item's id into its key.

    Raises:
        NotFound: It is no number, or longer than any key.
    """
    if not item_id.isdecimal() or len(item_id) > LONGEST_KEY:
        msg = f"no item has the id {item_id!r}; take the next item"
        raise NotFound(msg)
    return int(item_id)


def lock_item(conn: Connection, item_id: str) -> None:
    """Let one write at a time look at an item and act on what it saw.

    Raises:
        NotFound: *item_id* is no number.
    """
    query = select(item.c.id).where(item.c.id == key_of(item_id))
    conn.execute(query.with_for_update())


def log(conn: Connection, changes: Sequence[Change]) -> None:
    """Add lines to `item_event`, in this order."""
    rows = [
        (
            one.item_id,
            to_micros(one.at),
            one.kind,
            None if one.actor_id is None else int(one.actor_id),
            one.claim_no,
            dialect.as_json(one.data or {}),
        )
        for one in changes
    ]
    dialect.insert_rows(conn, item_event, EVENT_COLUMNS, rows)


def claim(  # noqa: PLR0913 - who, when, until when, and two shares of what is handed out
    conn: Connection,
    wish: Wish,
    *,
    now: datetime,
    until: datetime,
    hidden: golds.Hidden | None = None,
    at_random: random_share.AtRandom | None = None,
) -> list[Claim]:
    """Give a person up to *wish.count* open items in the order of the queue (`turns`).

    On PostgreSQL rows that another claim holds are stepped over; on SQLite the writer is alone.
    *hidden* puts gold among them, in the places of others; *at_random* gives some of the places
    that are left to any item that waits.
    """
    sweep(conn, now)
    if not wish.queues or wish.count < 1:
        return []
    given: list[int] = []
    if hidden is not None and hidden.share:
        given = golds.hide(conn, wish, hidden, sum(waiting(conn, wish).values()), now)
    if at_random is not None and at_random.share:
        given += random_share.pick(conn, wish, wish.count - len(given), at_random)
    bound, shape = turns.bound(wish, now), wish.anybodys()
    if not given:
        return _take(conn, claim_queries.taking_head(shape), bound, until)
    if len(given) < wish.count:
        # They wait for this person too, so they may be in the head.
        first = conn.execute(claim_queries.head(shape), bound).scalars()
        given = [*dict.fromkeys([*given, *first])]
    return _take(conn, claim_queries.TAKING_THESE, bound | {"of_items": given[: wish.count]}, until)


def take(
    conn: Connection, which: ColumnElement[bool], person_id: str, *, now: datetime, until: datetime
) -> list[Claim]:
    """Claim those of *which* that are open still, in the order of the queue.

    That the person may have them is the caller's to know.
    """
    return _take(conn, claim_queries.taking(which), {"me": int(person_id), "now": now}, until)


def _take(
    conn: Connection,
    query: ReturningUpdate[*tuple[Any, ...]],
    bound: Mapping[str, Any],
    until: datetime,
) -> list[Claim]:
    """Claim what *query* finds for the person of *bound*, who is `me`, at the time `now`."""
    now, person_id = bound["now"], str(bound["me"])
    found = conn.execute(query, {**bound, "until": until}).all()
    rows = sorted(found, key=lambda row: turns.turn(row, now))
    data = {"until": to_micros(until)}
    claims_counted.count_seen(conn, rows, now)
    log(conn, [Change(row.id, CLAIMED, now, person_id, row.claim_no, data) for row in rows])
    return [Claim(str(row.id), row.claim_no, person_id, until) for row in rows]


def waiting(conn: Connection, wish: Wish) -> dict[str, int]:
    """Count by queue the open items that a person may take; a count stops at *wish.count*.

    Each walks its partial index no further than that, so it costs the same at any size.
    """
    bound, shape = {"me": wish.me, "most": wish.count}, wish.anybodys()
    return {
        queue: int(conn.execute(claim_queries.counting(shape, queue), bound).scalar_one())
        for queue in wish.queues
    }


def sweep(conn: Connection, now: datetime, at_once: int = SWEEP_AT_ONCE) -> int:
    """Take back claims that ran out and say how many."""
    found = conn.execute(claim_queries.SWEEP, {"now": now, "most": at_once}).all()
    return len(_given_back(conn, found, now, "expired", None))


def release(
    conn: Connection,
    person_id: str,
    claims: Iterable[tuple[str, int]],
    now: datetime,
) -> int:
    """Give live claims back and say how many; lost ones are passed over."""
    return sum(
        len(_give_back(conn, mine(person_id, item_id, number, now), now, "released", person_id))
        for item_id, number in sorted(claims)
    )


def release_all(conn: Connection, person_id: str, now: datetime, by: str | None) -> int:
    """Give back whatever a person holds, for breaks and for people who leave."""
    held = and_(IS_CLAIMED, item.c.claimed_by == int(person_id))
    return len(_give_back(conn, held, now, "released", by))


def unassign(conn: Connection, item_id: str, now: datetime, by: str) -> bool:
    """Take an item from whoever holds it; say whether anybody did."""
    held = and_(IS_CLAIMED, item.c.id == key_of(item_id))
    return bool(_give_back(conn, held, now, "unassigned", by))


def _give_back(
    conn: Connection,
    which: ColumnElement[bool],
    now: datetime,
    kind: str,
    by: str | None,
) -> list[int]:
    found = conn.execute(claim_queries.giving_back(which), {"now": now}).all()
    return _given_back(conn, found, now, kind, by)


def _given_back(
    conn: Connection, rows: Sequence[Row[int, int]], now: datetime, kind: str, by: str | None
) -> list[int]:
    log(conn, [Change(row.id, kind, now, by, row.claim_no) for row in rows])
    return [row.id for row in rows]


def extend(
    conn: Connection,
    person_id: str,
    claims: Iterable[tuple[str, int]],
    *,
    now: datetime,
    lease: timedelta,
) -> list[Claim]:
    """Prolong live claims, up to 30 minutes after they began; lost ones are left out.

    A claim with more than half of its lease ahead stays as it is: a heartbeat must not fill
    the log.
    """
    kept = []
    for item_id, number in sorted(claims):
        row = conn.execute(
            select(item.c.claim_until, item.c.state_at)
            .where(mine(person_id, item_id, number, now))
            .with_for_update(),
        ).first()
        if row is None:
            continue
        until = min(now + lease, row.state_at + LONGEST_CLAIM)
        if row.claim_until - now > lease / 2 or until <= row.claim_until:
            until = row.claim_until
        else:
            key = key_of(item_id)
            conn.execute(update(item).where(item.c.id == key).values(claim_until=until))
            data = {"until": to_micros(until)}
            log(conn, [Change(key, "extended", now, person_id, number, data)])
        kept.append(Claim(item_id, number, person_id, until))
    return kept


def put_skip(
    conn: Connection,
    person_id: str,
    held: tuple[str, int],
    reason: str,
    now: datetime,
) -> bool:
    """Give an item back for good and say whether it is escalated now.

    Raises:
        ClaimLost: The person no longer holds it under this number.
    """
    item_id, number = held
    query = (
        update(item)
        .where(mine(person_id, item_id, number, now))
        .values(
            state=ItemState.OPEN.value,
            claimed_by=None,
            claim_until=None,
            state_at=now,
            skips=item.c.skips + 1,
            escalated=or_(item.c.escalated, item.c.skips + 1 >= SKIPS_UNTIL_ESCALATED),
        )
        .returning(item)
    )
    row = conn.execute(query).first()
    if row is None:
        raise lost(item_id)
    conn.execute(
        insert(skip).values(item_id=row.id, person_id=int(person_id), reason=reason, at=now),
    )
    data = {"reason": reason, "escalated": row.escalated}
    log(conn, [Change(row.id, "skipped", now, person_id, number, data)])
    claims_counted.count_skip(conn, row)
    return bool(row.escalated)


def held_by(conn: Connection, person_id: str, now: datetime) -> list[Claim]:
    """List the live claims of a person in the order of the queue; not what they practise on."""
    query = select(
        item.c.id, item.c.claim_no, item.c.claim_until, item.c.queue, item.c.priority, item.c.due_at
    ).where(
        IS_CLAIMED,
        item.c.claimed_by == int(person_id),
        item.c.claim_until > now,
        item.c.purpose != Purpose.PRACTICE.value,
    )
    rows = sorted(conn.execute(query).all(), key=lambda row: turns.turn(row, now))
    return [Claim(str(row.id), row.claim_no, person_id, row.claim_until) for row in rows]


def held_as(person_id: str, item_id: str, number: int, now: datetime) -> dict[str, object]:
    """Give what is bound in `claim_queries.IS_MINE`."""
    return {"of_item": key_of(item_id), "me": int(person_id), "of_number": number, "now": now}


def mine(person_id: str, item_id: str, number: int, now: datetime) -> ColumnElement[bool]:
    """Say in SQL that a person holds an item for review, alive and under this number."""
    return and_(IS_CLAIMED, alive(person_id, item_id, number, now))


def alive(person_id: str, item_id: str, number: int, now: datetime) -> ColumnElement[bool]:
    """Say in SQL that a person holds an item, for review or for answering."""
    return and_(
        item.c.id == key_of(item_id),
        item.c.claimed_by == int(person_id),
        item.c.claim_no == number,
        item.c.claim_until > now,
    )


def check_held(
    conn: Connection,
    person_id: str,
    held: tuple[str, int],
    now: datetime,
    *,
    answering: bool = False,
) -> int:
    """Give the key of the item's post while the claim lives.

    Args:
        conn: A read or a write.
        person_id: Who should hold it.
        held: The item and the claim's number.
        now: The time.
        answering: A claim for answering will do too.

    Raises:
        ClaimLost: The person does not hold it under this number.
    """
    which = alive if answering else mine
    found = conn.execute(select(item.c.post_id).where(which(person_id, *held, now))).scalar()
    if found is None:
        raise lost(held[0])
    return int(found)


def lost(item_id: str) -> ClaimLost:
    """Make the error for a claim that is over."""
    msg = f"your claim on item {item_id} has ended, so nothing was written; take the next item"
    return ClaimLost(msg)
