"""How many posts stand behind the item of another one, and how many of them are decided with it.

Read from the memberships of waves, by the day they began: of all posts only near-copies are
touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from evenhand.data.store import rollups, waves
from evenhand.data.tables import item
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evenhand.data.store.rollups import Days

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Behind:
    """Posts without an item of their own: near-copies, and those on whose wave somebody decided."""

    posts: int
    decided: int


def behind(conn: Connection, days: Days) -> Behind:
    """Count the near-copies that joined a wave on these days; its first post has the item.

    Who left a wave has an item of their own and is not counted.
    """
    here = wave_member.c.joined_at
    joined = (
        select(wave_member.c.wave_id, wave.c.first_post_id, func.count().label("posts"))
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .where(
            waves.STAYS,
            here >= rollups.start_of(days.first),
            here < rollups.start_of(days.last + DAY),
            wave_member.c.post_id != wave.c.first_post_id,
        )
        .group_by(wave_member.c.wave_id, wave.c.first_post_id)
        .subquery("joined")
    )
    decided = case((item.c.decided_at.is_not(None), joined.c.posts), else_=0)
    query = (
        select(func.sum(joined.c.posts), func.sum(decided))
        .select_from(joined)
        .join(item, waves.of_wave(joined.c.first_post_id))
    )
    posts, done = conn.execute(query).one()
    return Behind(int(posts or 0), int(done or 0))
