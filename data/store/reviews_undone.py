"""Taking back a decision whose item was read once more, or that was itself such a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import insert, select, update

from evenhand.data.store import children, reviews
from evenhand.data.store.children import Purpose
from evenhand.data.store.reviews import Entry
from evenhand.data.tables import decision
from evenhand.data.tables_review import appeal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    AnyRow = Row[*tuple[Any, ...]]

KEPT = ("item_id", "slot", "version", "outcome", "policy", "severity", "also", "reviewer_id")
KEPT_OF_MODEL = ("policy_version", "model", "simulated")


def undoing(row: AnyRow, claim_no: int, now: datetime) -> dict[str, object]:
    """Give the row that takes a decision back."""
    return {
        **{name: getattr(row, name) for name in (*KEPT, *KEPT_OF_MODEL)},
        # Made of the first one's, so that the same decision cannot be undone twice.
        "uuid": str(uuid5(NAMESPACE_OID, f"undo:{row.uuid}")),
        "kind": reviews.UNDO,
        "note": "",
        "claim_no": claim_no,
        "supersedes_id": row.id,
        "decided_at": now,
    }


def may_undo(conn: Connection, where: AnyRow, said: AnyRow) -> bool:
    """Say whether nothing was built on a decision; a child's parent is locked for it.

    Args:
        conn: The write that takes it back.
        where: The row of its item.
        said: The row of the decision.
    """
    purpose = Purpose(where.purpose)
    if purpose is Purpose.REVIEW:
        children.lock(conn, where.id)
        return reviews.newest_appeal(conn, where.id) is None
    parent = children.lock(conn, where.of_item_id)
    if purpose is Purpose.DOUBLE:
        third = children.of(conn, parent.id, Purpose.ADJUDICATION)
        return all(one.state in children.LIVE for one in third)
    if purpose is Purpose.ADJUDICATION:
        filed = reviews.newest_appeal(conn, parent.id)
        before_it = filed is None or filed.filed_at < where.created_at
        return before_it and _still_stands(conn, parent, said)
    if purpose is Purpose.APPEAL:
        return _may_reopen(conn, parent, where, said)
    return True


def _still_stands(conn: Connection, parent: AnyRow, said: AnyRow) -> bool:
    """Say whether what a child said stands on its parent, where it ever did."""
    made = _made_of(conn, said)
    standing = reviews.current(conn, parent.id)
    return made is None or (standing is not None and standing.id == made.id)


def _made_of(conn: Connection, said: AnyRow) -> AnyRow | None:
    query = select(decision).where(decision.c.uuid == reviews.superseding(said.uuid))
    return conn.execute(query).first()


def _may_reopen(conn: Connection, parent: AnyRow, where: AnyRow, said: AnyRow) -> bool:
    filed = reviews.newest_appeal(conn, parent.id)
    if filed is None or filed.filed_at > where.created_at:
        return False
    following = [one for one in children.of(conn, parent.id, Purpose.APPEAL) if one.id > where.id]
    untouched = all(one.state in children.LIVE for one in following)
    return untouched and _still_stands(conn, parent, said)


def undone(conn: Connection, where: AnyRow, said: AnyRow, now: datetime) -> list[Entry]:
    """Take back what a decision brought about, and give the ledger's entries for it."""
    purpose = Purpose(where.purpose)
    if purpose is Purpose.REVIEW:
        again = [Purpose.DOUBLE, Purpose.ADJUDICATION]
        children.withdraw(conn, [where.id], again, now, "undone")
        return []
    if purpose is Purpose.DOUBLE:
        children.withdraw(conn, [where.of_item_id], [Purpose.ADJUDICATION], now, "undone")
    elif purpose is Purpose.ADJUDICATION:
        return _restore(conn, where, said, now)
    elif purpose is Purpose.APPEAL:
        again = [Purpose.APPEAL]
        children.withdraw(conn, [where.of_item_id], again, now, "undone", after=where.id)
        filed = reviews.newest_appeal(conn, where.of_item_id)
        if filed is not None:
            values = {"result": None, "ended_at": None, "review_item_id": where.id}
            conn.execute(update(appeal).where(appeal.c.id == filed.id).values(**values))
        return _restore(conn, where, said, now)
    return []


def _restore(conn: Connection, where: AnyRow, said: AnyRow, now: datetime) -> list[Entry]:
    """Let the decision stand again that was superseded by what a child said."""
    made = _made_of(conn, said)
    if made is None:
        return []
    parent = children.lock(conn, where.of_item_id)
    before = conn.execute(select(decision).where(decision.c.id == made.supersedes_id)).one()
    conn.execute(insert(decision).values(**undoing(made, parent.claim_no, now)))
    reviews.stand(conn, parent, made, before, now)
    data = {"uuid": made.uuid, "again": before.uuid}
    return [Entry("superseding_undone", f"item:{parent.id}", data)]
