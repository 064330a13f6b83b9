"""Who leaves a wave, and who comes after its first post: what edits and erasures bring about.

A wave that nobody has decided on goes to the next member, which gets an item like the one that
stood; one that was decided keeps its first post and its decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from evenhand.data.records import ItemState
from evenhand.data.store import children, dialect, items, waves, waves_joined
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.dialect import as_json
from evenhand.data.store.items import NewItem
from evenhand.data.tables import item, item_event, post, to_micros
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.store.arrivals import Incoming
    from evenhand.data.store.waves_joined import Arrived, Floor


def part(
    conn: Connection, team_id: int | None, edited: Sequence[Arrived], now: datetime
) -> set[int]:
    """Let edited posts leave waves that they are no longer near to; before their items follow.

    A first post that leaves a wave that nobody has decided on hands it to the next member, which
    gets an item like its own; a wave that was decided keeps it, and its decision.

    Returns:
        The keys of those that are near to their wave still.
    """
    ids = [post_id for post_id, _ in edited]
    if not waves.memberships(conn, ids):
        return set()
    waves.lock(conn)
    there = {row.post_id: row for row in waves.memberships(conn, ids)}
    near = set()
    floor = waves_joined.floor_of(
        conn, team_id, [one for post_id, one in edited if post_id in there], now
    )
    for post_id, one in edited:
        member = there.get(post_id)
        if member is None:
            continue
        if member.first_post_id == post_id:
            if waves.is_decided(conn, post_id):
                one.like = None
            elif _is_near(floor, member, one):
                near.add(post_id)
            else:
                _hand_over(conn, member, {post_id}, now)
        elif _takes_back(floor, member, one):
            near.add(post_id)
        elif one.flags:
            waves.leave(conn, member, now)
    return near


def _is_near(floor: Floor, member: Row[*tuple[Any, ...]], one: Incoming) -> bool:
    """Say whether the first post of a wave is still like the others of it."""
    like = None if one.like is None else floor.members.get(one.like.name)
    return like is not None and like.lead_id == member.first_post_id


def _takes_back(floor: Floor, member: Row[*tuple[Any, ...]], one: Incoming) -> bool:
    found = floor.lead_of(one)
    return found is not None and found[0].post_id == member.first_post_id


def _hand_over(
    conn: Connection, member: Row[*tuple[Any, ...]], gone: set[int], now: datetime
) -> None:
    """Make the next member of a wave its first post, with an item like the one that stood.

    Nothing is done where the wave was decided, or where nobody is left.
    """
    rows = items.of_posts(conn, [member.first_post_id]).get(member.first_post_id, [])
    if not rows or rows[0].decided_at is not None:
        return
    was = rows[0]
    heir = _heir(conn, member.wave_id, was.queue, gone)
    if heir is None:
        return
    waves.leave(conn, member, now)
    new = NewItem(was.queue, was.lang, was.label, was.priority, was.why, was.due_at)
    # It has waited since it came, not since it was found to.
    [made] = items.insert_items(conn, [(heir.post_id, new)], was.team_id, heir.joined_at)
    first = {"first_post_id": heir.post_id}
    conn.execute(update(wave).where(wave.c.id == member.wave_id).values(**first))
    told = as_json({"instead_of": was.id, "wave": member.wave_id})
    line = (made, to_micros(now), "wave_led", told)
    dialect.insert_rows(conn, item_event, items.EVENT_COLUMNS, [line])


def _heir(
    conn: Connection, wave_id: int, queue: str, gone: set[int]
) -> Row[*tuple[Any, ...]] | None:
    has_one = exists().where(item.c.post_id == post.c.id, item.c.queue == queue, IS_OWN)
    query = (
        select(wave_member.c.post_id, wave_member.c.joined_at)
        .join(post, post.c.id == wave_member.c.post_id)
        .where(
            wave_member.c.wave_id == wave_id,
            waves.STAYS,
            post.c.deleted_at.is_(None),
            ~has_one,
            wave_member.c.post_id.not_in(gone),
        )
        .order_by(wave_member.c.joined_at, wave_member.c.post_id)
    )
    return conn.execute(query.limit(1)).first()


def bury(conn: Connection, post_ids: Sequence[int], now: datetime) -> None:
    """Take erased posts out of the waves that nobody has decided on; their items are void by now.

    What was decided stays counted; nobody reads once more what is gone.
    """
    gone = set(post_ids)
    _withdraw(conn, post_ids, now)
    for member in waves.memberships(conn, post_ids):
        if member.first_post_id in gone and member.first_post_id != member.post_id:
            continue
        if member.first_post_id == member.post_id:
            _bury_rest(conn, member, gone, now)
            _hand_over(conn, member, gone, now)
        elif not waves.is_decided(conn, member.first_post_id):
            waves.leave(conn, member, now)


def _withdraw(conn: Connection, post_ids: Sequence[int], now: datetime) -> None:
    """Make the waiting items void that were to tell whether these posts belong to their waves."""
    query = (
        update(item)
        .where(
            dialect.among_ids(conn, item.c.post_id, post_ids),
            item.c.purpose == Purpose.WAVE.value,
            item.c.state.in_(children.LIVE),
        )
        .values(state=ItemState.VOID.value, claimed_by=None, claim_until=None, state_at=now)
        .returning(item.c.id)
    )
    told = as_json({"reason": "deleted_upstream"})
    ended = sorted(conn.execute(query).scalars())
    lines = [(key, to_micros(now), "void", told) for key in ended]
    dialect.insert_rows(conn, item_event, items.EVENT_COLUMNS, lines)


def _bury_rest(
    conn: Connection, first: Row[*tuple[Any, ...]], gone: set[int], now: datetime
) -> None:
    if waves.is_decided(conn, first.first_post_id):
        return
    for member in waves.memberships(conn, sorted(gone - {first.post_id})):
        if member.wave_id == first.wave_id:
            waves.leave(conn, member, now)
