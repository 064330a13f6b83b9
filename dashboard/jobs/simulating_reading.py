"""What the simulator starts from: counted days, audits, thresholds in force, and what waits.

Reads only; thresholds and severities are changed elsewhere, by two persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import access, simulating, simulating_counting
from evenhand.dashboard.jobs.estimates_audit import Audited
from evenhand.dashboard.jobs.simulating import Seen
from evenhand.data.records import Role
from evenhand.data.store import audits, audits_read, models, shipped, whatif, whatif_open
from evenhand.data.store.audits import AuditState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollups import Days

READERS = (Role.COORDINATOR, Role.ANALYST, Role.LEADER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a simulation starts from.

    *present* are the thresholds of the active *model*; *left_out* days were tagged by another one.
    *backlog* flagged items wait, in somebody's hands or not; *first* are those of the harm queue
    that could be among the next claims, each with its label and priority.
    *counted_at* is the earliest of the times at which the days were counted.
    """

    model: str
    present: Mapping[str, float]
    seen: Seen
    left_out: int
    backlog: int
    first: tuple[tuple[str, float], ...]
    counted_at: datetime | None


def ground(store: Store, actor: Actor, now: datetime) -> Ground:
    """Read what a simulation starts from: the last 28 whole days.

    Raises:
        NotAllowed: The actor is no coordinator, analyst, leader or admin.
    """
    access.require(actor, *READERS)
    days = simulating_counting.window(now)
    with store.read() as conn:
        active = models.active(conn)
        if active is None or shipped.is_older(active):
            active = shipped.as_model(now)
        times = whatif.counted_at(conn, days)
        waits = whatif_open.waiting(conn)
        first = tuple(whatif_open.leading(conn))
    seen = seen_of(store, days, active.version)
    card = cast("Mapping[str, float]", active.card.get("thresholds") or {})
    return Ground(
        model=active.version,
        present=in_force(card),
        seen=seen,
        left_out=len(times) - len(seen.days),
        backlog=waits,
        first=first,
        counted_at=min(times.values(), default=None),
    )


def in_force(card: Mapping[str, float]) -> dict[str, float]:
    """Give the threshold of each label: the model's, and at least the floor."""
    return {label: max(floor, card.get(label, floor)) for label, floor in simulating.FLOORS.items()}


def seen_of(store: Store, days: Days, model: str | None = None) -> Seen:
    """Read what was counted and audited of these days.

    With a *model*, days on which another one tagged are left out: its scores are no guide to what
    the thresholds of this one do.
    """
    with store.read() as conn:
        counted = whatif.counted_at(conn, days)
        rows = whatif.of_days(conn, days)
        audited = [one for one in audits.of_days(conn, days) if one.state is AuditState.AUDITED]
        drawn = audits_read.drawn_posts(conn, days)
        keys = whatif.keys_of(conn, drawn)
    others = {
        one.day for one in rows if model and one.key.puts and _base(one.key.model) != _base(model)
    }
    kept = sorted(set(counted) - others)
    frames = {one.day: one for one in audited if one.day in set(kept)}
    return Seen(
        days=tuple(kept),
        rows=tuple(one for one in rows if one.day in set(kept)),
        audited=frozenset(frames),
        frame=sum(one.frame for one in frames.values()),
        drawn=tuple(
            (keys[post_id], Audited(one.inclusion, one.harm))
            for post_id, one in drawn.items()
            if one.day in frames
        ),
        least=min((one.least for one in frames.values() if one.least is not None), default=1.0),
    )


def _base(model: str) -> str:
    """Take off the mark of changed word lists."""
    return model.partition("+")[0]
