"""Items as they come into being, move while they wait, are marked and become void.

What people do with them (claims, decisions, responses) lies in its own modules; every change adds
a line to `item_event`, from which the row can be rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from evenhand.data.records import ItemState
from evenhand.data.store import children, dialect, rollup_counted
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.dialect import as_json
from evenhand.data.store.rollup_counted import Counted, counted
from evenhand.data.tables import any_place, item, item_event, post, to_micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.store.dialect import Cell

LIVE = frozenset({ItemState.OPEN, ItemState.CLAIMED})
# What is read once more to be compared: another text would be compared with what was said of the
# first.  An appeal goes on: whoever filed it is owed an answer.
COMPARED = frozenset(Purpose) - {Purpose.REVIEW, Purpose.APPEAL}
COLUMNS = (
    "id",
    "post_id",
    "queue",
    "team_id",
    "lang",
    "label",
    "priority",
    "why",
    "due_at",
    "state",
    "claim_no",
    "skips",
    "escalated",
    "edited_after_review",
    "needs_answer",
    "created_at",
    "state_at",
    "source_id",
    "draw",
)
EVENT_COLUMNS = ("item_id", "at", "kind", "data")


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be made: where it waits and why there.

    *team_id* is the team that a route gives it to; None leaves it to the team of its source.
    """

    queue: str
    lang: str
    label: str
    priority: float
    why: str
    due_at: datetime
    team_id: str | None = None


def insert_items(
    conn: Connection,
    new: Sequence[tuple[int, NewItem]],
    team_id: int | None,
    now: datetime,
) -> list[int]:
    """Make open items of posts, with their first log lines and counts; return their ids in order.

    The caller makes at most one per post and queue.
    """
    ids = list(dialect.next_ids(conn, item, len(new)))
    at, sources = to_micros(now), _sources(conn, [post_id for post_id, _ in new])
    rows: list[tuple[Cell, ...]] = []
    events: list[tuple[Cell, ...]] = []
    made_now: list[Counted] = []
    for item_id, (post_id, one) in zip(ids, new, strict=True):
        theirs = team_id if one.team_id is None else int(one.team_id)
        source_id = sources.get(post_id)
        rows.append((*_row(item_id, post_id, theirs, one, at), source_id, any_place()))
        made = {"post_id": post_id, "team_id": theirs, **_placed(one)}
        events.append((item_id, at, "made", as_json(made)))
        where = (one.queue, one.label, one.lang, theirs, source_id)
        made_now.append(Counted(now, *where, one.due_at))
    dialect.insert_rows(conn, item, COLUMNS, rows)
    dialect.insert_rows(conn, item_event, EVENT_COLUMNS, events)
    rollup_counted.count(conn, [(None, one) for one in made_now])
    return ids


def _sources(conn: Connection, post_ids: Sequence[int]) -> dict[int, int]:
    query = select(post.c.id, post.c.source_id)
    found = conn.execute(query.where(dialect.among_ids(conn, post.c.id, post_ids)))
    return {row.id: row.source_id for row in found}


def _row(
    item_id: int,
    post_id: int,
    team_id: int | None,
    one: NewItem,
    at: int,
) -> tuple[Cell, ...]:
    return (
        item_id,
        post_id,
        one.queue,
        team_id,
        one.lang,
        one.label,
        one.priority,
        one.why,
        to_micros(one.due_at),
        ItemState.OPEN.value,
        0,
        0,
        False,
        False,
        False,
        at,
        at,
    )


def _placed(one: NewItem) -> dict[str, object]:
    return {
        "queue": one.queue,
        "lang": one.lang,
        "label": one.label,
        "priority": one.priority,
        "why": one.why,
        "due_at": to_micros(one.due_at),
    }


def of_posts(
    conn: Connection,
    post_ids: Sequence[int],
) -> dict[int, list[Row[tuple[object, ...]]]]:
    """Read the items of posts and lock them, by post, oldest first; not those of other items."""
    query = select(item).where(dialect.among_ids(conn, item.c.post_id, post_ids), IS_OWN)
    found: dict[int, list[Row[tuple[object, ...]]]] = {}
    for row in conn.execute(dialect.lock_rows(query.order_by(item.c.id))):
        found.setdefault(row.post_id, []).append(row)
    return found


def take_edit(
    conn: Connection,
    post_id: int,
    new: NewItem | None,
    now: datetime,
) -> bool:
    """Let the items of an edited post follow: waiting ones move, reviewed ones are marked.

    Args:
        conn: Inside the write that stores the new version.
        post_id: The edited post.
        new: Where its new version belongs; None when nothing was found in it.
        now: The time.

    Returns:
        Whether *new* should be made, because no item of the post stands for it.
    """
    here = of_posts(conn, [post_id]).get(post_id, [])
    for row in here:
        if row.state not in LIVE and row.state != ItemState.VOID:
            _mark_edited(conn, row, now)
    children.withdraw(conn, [row.id for row in here], COMPARED, now, "edited")
    if new is None:
        return False
    waiting = [row for row in here if row.state in LIVE]
    queues = {row.queue for row in here}
    movable = [row for row in waiting if row.state == ItemState.OPEN]
    if movable and (new.queue not in queues or movable[0].queue == new.queue):
        _move(conn, movable[0], new, now)
        return False
    return not waiting and new.queue not in queues


def _mark_edited(conn: Connection, row: Row[tuple[object, ...]], now: datetime) -> None:
    conn.execute(update(item).where(item.c.id == row.id).values(edited_after_review=True))
    _log(conn, [(row.id, to_micros(now), "edited", "{}")])


def _move(conn: Connection, row: Row[tuple[object, ...]], new: NewItem, now: datetime) -> None:
    # It has waited since it was made: an edit gives nobody more time.
    new = replace(new, due_at=row.created_at + (new.due_at - now))
    conn.execute(
        update(item)
        .where(item.c.id == row.id)
        .values(
            queue=new.queue,
            lang=new.lang,
            label=new.label,
            priority=new.priority,
            why=new.why,
            due_at=new.due_at,
        ),
    )
    _log(conn, [(row.id, to_micros(now), "moved", as_json(_placed(new)))])
    was = counted(row)
    becomes = replace(was, queue=new.queue, label=new.label, lang=new.lang, due_at=new.due_at)
    rollup_counted.count(conn, [(was, becomes)])


def void(conn: Connection, post_ids: Sequence[int], now: datetime, reason: str) -> int:
    """Make the items of erased posts void, whoever holds them, and say how many.

    What was decided and answered stays counted.
    Their children that wait become void too; what people said of them stays.
    """
    at = to_micros(now)
    here = [row for found in of_posts(conn, post_ids).values() for row in found]
    rows = [row for row in here if row.state != ItemState.VOID]
    children.withdraw(conn, [row.id for row in here], Purpose, now, reason)
    if not rows:
        return 0
    conn.execute(
        update(item)
        .where(dialect.among_ids(conn, item.c.id, [row.id for row in rows]))
        .values(state=ItemState.VOID.value, claimed_by=None, claim_until=None, state_at=now),
    )
    _log(conn, [(row.id, at, "void", as_json({"reason": reason})) for row in rows])
    before = [counted(row) for row in rows]
    gone = [(one, replace(one, is_void=True, void_at=now)) for one in before]
    rollup_counted.count(conn, gone)
    return len(rows)


def _log(conn: Connection, events: Sequence[tuple[Cell, ...]]) -> None:
    dialect.insert_rows(conn, item_event, EVENT_COLUMNS, events)
