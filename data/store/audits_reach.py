"""How far the flagged posts of audited days reached: of all, of those decided, of those found.

Flagged items are looked up with their posts, since reach goes on changing and no roll-up keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from evenhand.data.records import Outcome
from evenhand.data.store import reviews, rollups, waves
from evenhand.data.store.audits_read import LABELS, runs
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import current_decision, decision, item, post
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, FromClause

    from evenhand.data.store.rollups import Days

_STANDS = and_(
    current_decision.c.item_id == item.c.id, current_decision.c.slot == reviews.FIRST_SLOT
)


class Reach(NamedTuple):
    """Sums of reach: public reactions, as they were when each post was last read."""

    flagged: int
    decided: int
    found: int


def reached(conn: Connection, days: Sequence[date]) -> Reach:
    """Sum the reach of what was flagged on these days, as `audits_read.flagged` counts it.

    Own items that were made for a policy or a request, and the near-copies behind waves; what a
    score range decided is not decided here.
    """
    sums = [0, 0, 0]
    for run in runs(days):
        own = item.join(post, post.c.id == item.c.post_id)
        made = and_(IS_OWN, item.c.label.in_(LABELS), _within(item.c.created_at, run))
        behind = (
            wave_member.join(wave, wave.c.id == wave_member.c.wave_id)
            .join(post, post.c.id == wave_member.c.post_id)
            .join(item, waves.of_wave(wave.c.first_post_id))
        )
        joined = and_(
            waves.STAYS,
            _within(wave_member.c.joined_at, run),
            wave_member.c.post_id != wave.c.first_post_id,
        )
        for place, which in ((own, made), (behind, joined)):
            for number, value in enumerate(_sums(conn, place, which)):
                sums[number] += value
    return Reach(*sums)


def _sums(conn: Connection, place: FromClause, which: ColumnElement[bool]) -> list[int]:
    unsure = or_(
        decision.c.outcome.is_(None),
        decision.c.outcome == Outcome.NOT_SURE.value,
        decision.c.kind == reviews.RANGE,
    )
    harm = decision.c.outcome == Outcome.VIOLATES.value
    parts = (
        post.c.reach,
        case((unsure, 0), else_=post.c.reach),
        case((harm, post.c.reach), else_=0),
    )
    query = (
        select(*(func.coalesce(func.sum(part), 0) for part in parts))
        .select_from(
            place.outerjoin(current_decision, _STANDS).outerjoin(
                decision, decision.c.id == current_decision.c.decision_id
            )
        )
        .where(which)
    )
    return [int(value) for value in conn.execute(query).one()]


def _within(at: ColumnElement[object], days: Days) -> ColumnElement[bool]:
    first, last = rollups.start_of(days.first), rollups.start_of(days.last + rollups.DAY)
    return and_(at >= first, at < last)
