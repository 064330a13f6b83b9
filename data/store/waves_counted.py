"""How many posts stand behind the item of another one, and how many of them are decided with it.

Read from the memberships of waves, by the day they began: of all posts only near-copies are
touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from evenhand.data.records import Outcome
from evenhand.data.store import rollups, waves
from evenhand.data.store.reviews import FIRST_SLOT
from evenhand.data.tables import current_decision, decision, item
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evenhand.data.store.rollups import Days

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Behind:
    """Posts without an item of their own: near-copies, and those on whose wave somebody decided.

    *harm* are those on whose wave the decision stands that a policy is violated.
    """

    posts: int
    decided: int
    harm: int = 0


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
    violated = (
        select(decision.c.id)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .where(
            current_decision.c.item_id == item.c.id,
            current_decision.c.slot == FIRST_SLOT,
            decision.c.outcome == Outcome.VIOLATES.value,
        )
        .exists()
    )
    facts = (item.c.decided_at.is_not(None), violated)
    parts = [func.sum(case((fact, joined.c.posts), else_=0)) for fact in facts]
    with_items = joined.join(item, waves.of_wave(joined.c.first_post_id))
    sums = select(func.sum(joined.c.posts), *parts).select_from(with_items)
    return Behind(*(int(count or 0) for count in conn.execute(sums).one()))
