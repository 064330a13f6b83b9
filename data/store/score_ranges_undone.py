"""Taking a score range's act back, and how often such acts were wrong.

Each batch is one transaction, as in the act itself; what somebody has decided since stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, exists, func, insert, literal_column, select, update

from evenhand.data.errors import InputError
from evenhand.data.records import ItemState, Outcome
from evenhand.data.store import (
    children,
    claims,
    dialect,
    eligible,
    reviews,
    reviews_undone,
    score_ranges,
    score_ranges_decided,
)
from evenhand.data.store.children import Purpose
from evenhand.data.store.claims import Change
from evenhand.data.store.score_ranges import VOUCHES, RangeState
from evenhand.data.tables import current_decision, decision, item
from evenhand.data.tables_review import appeal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.records import Actor
    from evenhand.data.store.score_ranges import ScoreRange

    AnyRow = Row[*tuple[Any, ...]]

UNDONE = "range_undone"


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """Of what was decided by range and read by somebody since: how much was harm, or needed more.

    *other* counts every outcome but "no harm", the harm too.
    """

    read: int
    harm: int
    other: int


def begin(conn: Connection, actor: Actor, range_id: str, now: datetime) -> ScoreRange:
    """Let a range's act be taken back, by any coordinator of the team; one cut off goes on.

    Raises:
        InputError: Nothing was decided by it, or more than 24 hours ago.
        NotFound: The team has no such range.
    """
    found = score_ranges.lock(conn, actor, range_id)
    if found.state is RangeState.UNDOING:
        return found
    if found.state not in {RangeState.DECIDING, RangeState.DONE} or found.decided_at is None:
        msg = f"nothing was decided by score range {range_id}, so nothing can be taken back"
        raise InputError(msg)
    if found.decided_at < now - VOUCHES:
        msg = (
            f"score range {range_id} was decided more than 24 hours ago; appeal against single "
            "decisions instead"
        )
        raise InputError(msg)
    uuids = [score_ranges_decided.uuid_of(range_id, key) for key in found.members]
    query = select(decision.c.item_id).where(dialect.among(conn, decision.c.uuid, uuids))
    back = sorted(conn.execute(query).scalars())
    values = {"state": RangeState.UNDOING.value, "remaining": back}
    score_ranges.change(conn, range_id, **values, undone_by=int(actor.id), undone_at=now)
    data: dict[str, object] = {"items": len(back)}
    score_ranges.log(conn, now, actor, "range_undo_begun", range_id, data)
    return score_ranges.get(conn, actor, range_id)


def put_batch(conn: Connection, actor: Actor, range_id: str, now: datetime) -> ScoreRange:
    """Open the next items of a range again, unless somebody has decided or appealed since."""
    found = score_ranges.lock(conn, actor, range_id)
    if found.state is not RangeState.UNDOING:
        return found
    part, rest = score_ranges.remaining(conn, range_id, score_ranges_decided.AT_ONCE)
    taken = _take_back(conn, range_id, part, now)
    for row, said in taken:
        conn.execute(delete(current_decision).where(current_decision.c.decision_id == said.id))
        undoing = reviews_undone.undoing(said, row.claim_no, now)
        # Whoever takes it back answers for that.
        conn.execute(insert(decision).values(**undoing | {"reviewer_id": int(actor.id)}))
        data: dict[str, object] = {"decision": said.uuid, "range": range_id}
        claims.log(conn, [Change(row.id, UNDONE, now, actor.id, row.claim_no, data)])
    again = [Purpose.DOUBLE, Purpose.ADJUDICATION]
    children.withdraw(conn, [row.id for row, _ in taken], again, now, "undone")
    score_ranges_decided.count(conn, taken, -1)
    changed: dict[str, object] = {"remaining": rest}
    if not rest:
        changed |= {"state": RangeState.UNDONE.value, "undone_at": now}
    score_ranges.change(conn, range_id, **changed)
    for row, said in taken:
        data = {"uuid": said.uuid, "range": range_id}
        score_ranges_decided.note(conn, actor, now, "decision_undone", f"item:{row.id}", data)
    return score_ranges.get(conn, actor, range_id)


def _take_back(
    conn: Connection, range_id: str, part: Sequence[int], now: datetime
) -> list[tuple[AnyRow, AnyRow]]:
    """Open items on which the range's decision stands; give their rows, each with its decision."""
    these = dialect.among_ids(conn, item.c.id, part)
    lock = select(item.c.id).where(these).order_by(item.c.id).with_for_update(key_share=True)
    conn.execute(lock)
    said = (
        select(decision)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .where(
            dialect.among(
                conn, decision.c.uuid, [score_ranges_decided.uuid_of(range_id, key) for key in part]
            ),
            ~exists().where(appeal.c.item_id == decision.c.item_id),
        )
    )
    standing = {row.item_id: row for row in conn.execute(said)}
    query = (
        update(item)
        .where(
            dialect.among_ids(conn, item.c.id, sorted(standing)),
            item.c.state == reviews.STATE_AFTER[Outcome.NO_HARM].value,
        )
        .values(
            state=ItemState.OPEN.value,
            edited_after_review=False,
            decided_at=None,
            state_at=now,
        )
        .returning(item)
    )
    rows = sorted(conn.execute(query), key=lambda row: cast("int", row.id))
    return [(row, standing[row.id]) for row in rows]


def read_again(conn: Connection, actor: Actor) -> ReadAgain:
    """Count what other people said of the team's items that were decided by range.

    What was taken back since counts too: it was decided and found out.
    """
    by_range = decision.alias("by_range")
    second = decision.alias("second")
    query = (
        select(second.c.outcome, func.count())
        .select_from(by_range)
        # Made in the transaction of the decision that it reads again, and of no later one.
        .join(
            item,
            (item.c.of_item_id == by_range.c.item_id)
            & (item.c.created_at == by_range.c.decided_at),
        )
        .join(current_decision, current_decision.c.item_id == item.c.id)
        .join(second, second.c.id == current_decision.c.decision_id)
        .where(
            # Written out, not bound: the engines use the partial index only for the literal word.
            by_range.c.kind == literal_column("'range'"),
            item.c.purpose == Purpose.DOUBLE.value,
            eligible.of_team(actor.team_id),
        )
        .group_by(second.c.outcome)
    )
    counts: dict[str, int] = dict(conn.execute(query).all())
    read = sum(counts.values())
    good = counts.get(Outcome.NO_HARM.value, 0)
    return ReadAgain(read, counts.get(Outcome.VIOLATES.value, 0), read - good)
