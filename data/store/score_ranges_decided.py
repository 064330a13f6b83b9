"""Score ranges once their sample is read: the rest gets "no harm".

Each batch is one transaction: the range's row says what remains, so an act that was cut off goes
on where it stopped and nothing is written twice.
A decision by range is nobody's reading: it is no label, and a share of it is read by others, which
gives the error rate.
Locks: the range, then post, item, roll-ups and ledger as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import insert, select, update

from evenhand.data.errors import InputError
from evenhand.data.records import Outcome
from evenhand.data.store import (
    claims,
    dialect,
    eligible,
    ledger,
    reviews,
    rollup_counted,
    score_ranges,
    score_ranges_drawn,
)
from evenhand.data.store.claims import Change
from evenhand.data.store.score_ranges import VOUCHES, RangeState
from evenhand.data.tables import current_decision, decision, item, post, tag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.records import Actor
    from evenhand.data.settings import QualitySettings
    from evenhand.data.store.reviews import Entry
    from evenhand.data.store.score_ranges import ScoreRange
    from evenhand.data.store.score_ranges_drawn import Check

    AnyRow = Row[*tuple[Any, ...]]

# Items of one transaction: everybody else waits for it.
AT_ONCE = 50
# However little the team reads twice, so much of what nobody read is.
LEAST_SHARE = 0.05
DECIDED = "decided_by_range"


def begin(conn: Connection, actor: Actor, range_id: str, now: datetime) -> ScoreRange:
    """Look at what was read of a range: let its act begin, or close it as not uniform.

    An act that was cut off goes on.

    Raises:
        InputError: The sample is not read to its end or too long ago, somebody else drew it, or
            the range is closed.
        NotFound: The team has no such range.
    """
    found = score_ranges.lock(conn, actor, range_id)
    score_ranges.refuse_other(found, actor, RangeState.CHECKING, RangeState.DECIDING)
    if found.state is RangeState.DECIDING:
        if found.decided_at is not None and found.decided_at < now - VOUCHES:
            msg = f"the act on score range {range_id} began more than 24 hours ago; draw anew"
            raise InputError(msg)
        return found
    read = score_ranges_drawn.check(conn, found, now)
    if read.found:
        closed = {"state": RangeState.NOT_UNIFORM.value, "ended_at": now}
        score_ranges.change(conn, range_id, **closed)
        data: dict[str, object] = {"against": read.found}
        score_ranges.log(conn, now, actor, "range_not_uniform", range_id, data)
        return score_ranges.get(conn, actor, range_id)
    _refuse_unread(found, read)
    rest = [key for key in found.members if key not in set(found.drawn)]
    _let_go(conn, actor, rest, now)
    state = RangeState.DECIDING if rest else RangeState.DONE
    begun = {"state": state.value, "remaining": rest, "decided_at": now}
    score_ranges.change(conn, range_id, **begun, ended_at=None if rest else now)
    data = {"read": list(read.read), "rest": len(rest)}
    score_ranges.log(conn, now, actor, "range_decided", range_id, data)
    return score_ranges.get(conn, actor, range_id)


def _let_go(conn: Connection, actor: Actor, rest: Sequence[int], now: datetime) -> None:
    """Give back what ran out, and what the actor holds of the rest.

    While they read the sample, the card has fetched the next items for them.
    """
    claims.sweep(conn, now)
    theirs = select(item.c.id, item.c.claim_no).where(
        dialect.among_ids(conn, item.c.id, rest),
        eligible.IS_CLAIMED,
        item.c.claimed_by == int(actor.id),
    )
    held = [(str(row.id), row.claim_no) for row in conn.execute(theirs)]
    claims.release(conn, actor.id, held, now)


def _refuse_unread(found: ScoreRange, read: Check) -> None:
    if read.stale:
        msg = (
            f"{len(read.stale)} of what was drawn was read more than 24 hours ago, which vouches "
            "for nothing now; end this range and draw a new one"
        )
        raise InputError(msg)
    wanted = min(found.asked, len(found.members) - len(read.lost))
    if len(read.read) < len(found.drawn) or len(read.read) < wanted:
        msg = (
            f"{len(read.read)} of {max(wanted, len(found.drawn))} drawn items have your decision; "
            "decide on the others on Review, or take them again"
        )
        raise InputError(msg)


def put_batch(  # noqa: PLR0913 - whose act, under which policies, how much is read twice, when
    conn: Connection,
    actor: Actor,
    range_id: str,
    *,
    policy_version: str,
    quality: QualitySettings,
    now: datetime,
) -> ScoreRange:
    """Give the next items of a range "no harm"; what changed meanwhile stays as it is."""
    found = score_ranges.lock(conn, actor, range_id)
    if found.state is not RangeState.DECIDING:
        return found
    part, rest = score_ranges.remaining(conn, range_id, AT_ONCE)
    rows = _close(conn, actor, found, part, now)
    made = _insert(conn, actor, range_id, rows, policy_version=policy_version, now=now)
    count(conn, [(row, made[row.id]) for row in rows], 1)
    entries: list[Entry] = []
    for row in rows:
        share = max(LEAST_SHARE, quality.double_share_in(row.queue))
        entries += reviews.follow(conn, row, made[row.id], share=share, now=now)
    changed: dict[str, object] = {"remaining": rest, "decided": found.decided + len(rows)}
    if not rest:
        changed |= {"state": RangeState.DONE.value, "ended_at": now}
    score_ranges.change(conn, range_id, **changed)
    for row in rows:
        said = made[row.id]
        data = {
            "uuid": said.uuid,
            "outcome": said.outcome,
            "version": said.version,
            "policy_version": policy_version,
            "range": range_id,
        }
        note(conn, actor, now, DECIDED, f"item:{row.id}", data)
    for one in entries:
        note(conn, actor, now, one.action, one.subject, dict(one.data))
    return score_ranges.get(conn, actor, range_id)


def _close(
    conn: Connection, actor: Actor, found: ScoreRange, part: Sequence[int], now: datetime
) -> list[AnyRow]:
    """Close those items of a batch that are still as they were drawn, and give their rows.

    What somebody holds in this moment is passed over, so that nobody waits in a circle.
    """
    these = dialect.among_ids(conn, item.c.id, part)
    about = select(item.c.post_id).where(these)
    # The lock keeps an edit from slipping in between this look and the commit.
    posts = select(post.c.id).where(post.c.id.in_(about)).order_by(post.c.id)
    conn.execute(posts.with_for_update(read=True))
    free = select(item.c.id).where(these, eligible.IS_OPEN).order_by(item.c.id)
    held = list(
        conn.execute(free.with_for_update(key_share=True, skip_locked=True)).scalars(),
    )
    # Asked once they are held: what joined a wave meanwhile, say, is left out.
    still = (
        select(item.c.id)
        .join(post, post.c.id == item.c.post_id)
        .where(dialect.among_ids(conn, item.c.id, held))
        .where(*score_ranges_drawn.matching(actor, found.wanted))
    )
    keys = list(conn.execute(still).scalars())
    query = (
        update(item)
        .where(dialect.among_ids(conn, item.c.id, keys), eligible.IS_OPEN)
        .values(state=reviews.STATE_AFTER[Outcome.NO_HARM].value, decided_at=now, state_at=now)
        .returning(item)
    )
    return sorted(conn.execute(query), key=lambda row: cast("int", row.id))


def _insert(  # noqa: PLR0913 - whose decisions on what, under which policies, and when
    conn: Connection,
    actor: Actor,
    range_id: str,
    rows: Sequence[AnyRow],
    *,
    policy_version: str,
    now: datetime,
) -> dict[int, AnyRow]:
    """Write the decisions of a batch with their log lines; give them by item."""
    if not rows:
        return {}
    keys = [row.id for row in rows]
    models = _models(conn, keys)
    values = [
        {
            "uuid": uuid_of(range_id, row.id),
            "item_id": row.id,
            "slot": reviews.FIRST_SLOT,
            "kind": reviews.RANGE,
            "version": 1,
            "outcome": Outcome.NO_HARM.value,
            "also": [],
            "note": "",
            "claim_no": row.claim_no,
            "reviewer_id": int(actor.id),
            "policy_version": policy_version,
            "model": models.get(row.id),
            "simulated": actor.simulated,
            "decided_at": now,
        }
        for row in rows
    ]
    conn.execute(insert(decision), values)
    uuids = [cast("str", one["uuid"]) for one in values]
    said = select(decision).where(dialect.among(conn, decision.c.uuid, uuids))
    made = {row.item_id: row for row in conn.execute(said)}
    standing = [
        {"item_id": key, "slot": reviews.FIRST_SLOT, "decision_id": made[key].id} for key in keys
    ]
    conn.execute(insert(current_decision), standing)
    changes = []
    for row in rows:
        data: dict[str, object] = {"decision": made[row.id].uuid, "range": range_id}
        changes.append(Change(row.id, DECIDED, now, actor.id, row.claim_no, data))
    claims.log(conn, changes)
    return made


def uuid_of(range_id: str, item_id: int) -> str:
    """Name the decision of a range on an item: the same act writes the same one."""
    return str(uuid5(NAMESPACE_OID, f"range:{range_id}:{item_id}"))


def _models(conn: Connection, keys: Sequence[int]) -> dict[int, str]:
    """Find by item which model tagged its post last."""
    query = (
        select(item.c.id, tag.c.model)
        .join(tag, tag.c.post_id == item.c.post_id)
        .where(dialect.among_ids(conn, item.c.id, keys), tag.c.version == 1, ~tag.c.shadow)
        .order_by(tag.c.tagged_at, tag.c.model)
    )
    return dict(conn.execute(query).all())


def count(conn: Connection, said: Sequence[tuple[AnyRow, AnyRow]], sign: int) -> None:
    """Count items with the range's decisions on them, or with -1 without them any more."""
    pairs = [reviews.with_and_without(row, one) for row, one in said]
    changes = [(off, on) if sign > 0 else (on, off) for on, off in pairs]
    rollup_counted.count(conn, changes)


def note(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    actor: Actor,
    now: datetime,
    action: str,
    subject: str,
    data: dict[str, object],
) -> None:
    """Write a ledger entry; nothing is locked after it."""
    ledger.append(conn, at=now, actor=actor.id, action=action, subject=subject, data=data)
