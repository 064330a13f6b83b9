"""Waves: near-duplicates that share one item, the oldest one of their first post.

Who joins is found in `waves_joined`, who leaves and who comes after the first in `waves_left`.
Locks: waves, then posts, items and roll-ups as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, update

from evenhand.data.store import dialect
from evenhand.data.tables import item
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

STAYS = wave_member.c.left_at.is_(None)


def lock(conn: Connection) -> None:
    """Let one write at a time change waves; called before it locks anything else."""
    dialect.lock_waves(conn)


def memberships(conn: Connection, post_ids: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """Read which waves posts are in: wave_id, first_post_id, post_id and joined_at of each."""
    if not post_ids:
        return []
    query = (
        select(wave_member.c.post_id, wave_member.c.joined_at, wave.c.id.label("wave_id"))
        .add_columns(wave.c.first_post_id)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .where(dialect.among_ids(conn, wave_member.c.post_id, post_ids), STAYS)
        .order_by(wave_member.c.post_id)
    )
    return list(conn.execute(query))


def behind(conn: Connection, post_ids: Sequence[int]) -> set[int]:
    """Pick the posts that stand behind the item of another one, the first of their wave."""
    found = memberships(conn, post_ids)
    return {row.post_id for row in found if row.post_id != row.first_post_id}


def leave(conn: Connection, member: Row[*tuple[Any, ...]], now: datetime) -> None:
    """Take a post out of its wave; *member* has its post_id and its wave_id."""
    here = wave_member.c.post_id == member.post_id
    conn.execute(update(wave_member).where(here).values(left_at=now))
    fewer = {"members": wave.c.members - 1}
    conn.execute(update(wave).where(wave.c.id == member.wave_id).values(**fewer))


def is_decided(conn: Connection, first_post_id: int) -> bool:
    """Say whether somebody's decision stands on a wave, by its first post."""
    return (
        conn.execute(
            select(item.c.id).where(of_wave(first_post_id), item.c.decided_at.is_not(None))
        ).first()
        is not None
    )


def of_wave(first_post_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Say in SQL that an item is the one of the wave with this first post."""
    other = item.alias("other")
    oldest = (
        select(func.min(other.c.id))
        .where(other.c.post_id == first_post_id, other.c.of_item_id.is_(None))
        .scalar_subquery()
    )
    return item.c.id == oldest


def together(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[bool]:
    """Say in SQL that two posts are members of one wave."""
    first, second = wave_member.alias("first_member"), wave_member.alias("second_member")
    return exists().where(
        first.c.post_id == one,
        second.c.post_id == other,
        first.c.wave_id == second.c.wave_id,
        first.c.left_at.is_(None),
        second.c.left_at.is_(None),
    )
