"""What a model says of posts that are stored already: further tags, and flags that are new.

History is never re-scored in place: the tag of another model stands beside the older ones, and
nothing is ever un-flagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select, update

from evenhand.data.records import ItemState, Origin
from evenhand.data.store import arrivals, dialect, items, rollups, waves
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import (
    current_decision,
    decision,
    flag,
    item,
    post,
    source,
    tag,
    to_micros,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.records import Flag, Tag
    from evenhand.data.store.arrivals import Stored
    from evenhand.data.store.dialect import Cell
    from evenhand.data.store.items import NewItem

COLUMNS = (*arrivals.TAG_COLUMNS, "shadow")


@dataclass(frozen=True, slots=True)
class Raised:
    """What was found in the stored version of a post, and where its item would wait."""

    at: Stored
    flags: tuple[Flag, ...]
    item: NewItem


def put_tags(
    conn: Connection, said: Sequence[tuple[Stored, Tag]], *, shadow: bool, now: datetime
) -> int:
    """Add what one model said of stored versions; say how many tags are new.

    A version that the model has tagged already keeps its tag; one that was given on trial counts
    from now on where *shadow* is False, as if it were said now: a report of a day before must not
    change by it.
    """
    if not said:
        return 0
    model = said[0][1].model
    ids = [at.post_id for at, _ in said]
    own = and_(tag.c.model == model, dialect.among_ids(conn, tag.c.post_id, ids))
    told = {tuple(row) for row in conn.execute(select(tag.c.post_id, tag.c.version).where(own))}
    if told and not shadow:
        conn.execute(update(tag).where(own, tag.c.shadow).values(shadow=False, tagged_at=now))
    at_us = to_micros(now)
    rows: list[tuple[Cell, ...]] = []
    for at, one in said:
        if (at.post_id, at.version) in told:
            continue
        cells = arrivals.tag_cells(one, arrivals.cell_of(one))
        rows.append((at.post_id, at.version, *cells, at_us, shadow))
    dialect.insert_rows(conn, tag, COLUMNS, rows)
    return len(rows)


def raise_flags(conn: Connection, found: Sequence[Raised], now: datetime) -> int:
    """Flag stored posts for labels that are new on their version; say how many items were made.

    A post that changed or was erased meanwhile is passed over.
    An item is made where none of the post waits, nobody has decided on this very version, it stands
    behind no wave's item, and the queue has had none of it.
    """
    by_id = {one.at.post_id: one for one in found}
    rows = [row for row in _locked(conn, sorted(by_id)) if row.version == by_id[row.id].at.version]
    fresh = _new_flags(conn, [(row, by_id[row.id]) for row in rows], now)
    raised = [row for row in rows if row.id in fresh]
    if not raised:
        return 0
    ids = [row.id for row in raised]
    theirs = items.of_posts(conn, ids)
    settled = _decided(conn, ids) | waves.behind(conn, ids)
    made: dict[int | None, list[tuple[int, NewItem]]] = {}
    for row in raised:
        new, here = by_id[row.id].item, theirs.get(row.id, [])
        waits = any(one.state in items.LIVE for one in here)
        had = new.queue in {one.queue for one in here}
        if not (waits or had or row.id in settled):
            made.setdefault(row.team_id, []).append((row.id, new))
    _mark_flagged(conn, [row for row in raised if not row.flagged])
    for team_id, wanted in made.items():
        items.insert_items(conn, wanted, team_id, now)
    return sum(len(wanted) for wanted in made.values())


def _locked(conn: Connection, ids: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    query = (
        select(
            post.c.id,
            post.c.version,
            post.c.flagged,
            post.c.day,
            post.c.source_id,
            post.c.topic,
            post.c.sentiment,
            source.c.team_id,
        )
        .join(source, source.c.id == post.c.source_id)
        .where(
            dialect.among_ids(conn, post.c.id, ids),
            post.c.deleted_at.is_(None),
            post.c.text_erased_at.is_(None),
        )
        .order_by(post.c.id)
        .with_for_update(of=post)
    )
    return list(conn.execute(query))


def _new_flags(
    conn: Connection, found: Sequence[tuple[Row[*tuple[Any, ...]], Raised]], now: datetime
) -> set[int]:
    """Store the flags whose label nothing has raised on this version, and give their posts."""
    query = select(flag.c.post_id, flag.c.version, flag.c.label).where(
        flag.c.origin != Origin.AUDIT.value,
        dialect.among_ids(conn, flag.c.post_id, [row.id for row, _ in found]),
    )
    up = {tuple(row) for row in conn.execute(query)}
    at_us = to_micros(now)
    rows, posts = [], set()
    for row, one in found:
        for new in one.flags:
            if (row.id, row.version, new.label) not in up:
                rows.append(arrivals.flag_cells(one.at, new, at_us))
                posts.add(row.id)
    dialect.insert_rows(conn, flag, arrivals.FLAG_COLUMNS, rows)
    return posts


def _decided(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Find the posts on whose present version somebody has decided."""
    query = (
        select(item.c.post_id)
        .join(current_decision, current_decision.c.item_id == item.c.id)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .join(post, post.c.id == item.c.post_id)
        .where(
            dialect.among_ids(conn, item.c.post_id, ids),
            decision.c.version == post.c.version,
            item.c.state != ItemState.VOID.value,
            IS_OWN,
        )
    )
    return set(conn.execute(query).scalars())


def _mark_flagged(conn: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    if not rows:
        return
    these = dialect.among_ids(conn, post.c.id, [row.id for row in rows])
    conn.execute(update(post).where(these).values(flagged=True))
    counts: dict[rollups.PostCell, tuple[int, int]] = {}
    for row in rows:
        cell = (row.day, row.source_id, row.topic, row.sentiment or "")
        counts[cell] = (0, counts.get(cell, (0, 0))[1] + 1)
    nothing: Mapping[rollups.MarkCell, int] = {}
    rollups.count_posts(conn, counts, nothing)
