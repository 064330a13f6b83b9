"""Random draws of unflagged posts, all kinds out of one weekly budget (safeguard 2).

What is drawn gets a blind flag and an item like any other; the post itself stays unflagged, for it
is a sample of what was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from evenhand.data.errors import InputError
from evenhand.data.records import Band, Flag, Origin
from evenhand.data.store import arrivals, budgets, dialect, items
from evenhand.data.store.arrivals import Stored
from evenhand.data.tables import draw, flag, post, source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.store.items import NewItem

# What a blind flag is called; it names no harm.
LABEL = "audit"


class DrawKind(StrEnum):
    """What a post is drawn for."""

    LEARNING = "learning"
    AUDIT = "audit"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many unflagged posts may be put before people in a week, and how many were.

    Audits have a part of it of their own: *audits* of the limit, of which *audited* are used.
    """

    week: str
    limit: int
    used: int
    audits: int = 0
    audited: int = 0

    @property
    def left(self) -> int:
        """Say how many may still be drawn."""
        return max(0, self.limit - self.used)

    @property
    def left_for_audits(self) -> int:
        """Say how many may still be drawn for audits; what learning has spent is gone for them."""
        return min(self.left, max(0, self.audits - self.audited))


@dataclass(frozen=True, slots=True)
class NewDraw:
    """One post to be put before a person: why it was chosen, and where it waits.

    *probability* is None where the choice was no probability sample.
    """

    post_id: str
    version: int
    reason: str
    probability: float | None
    item: NewItem


def week_of(now: datetime) -> str:
    """Name the ISO week of *now* in UTC, as "2026-W48"."""
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02}"


def budget_of(conn: Connection, now: datetime) -> Budget:
    """Read this week's budget; draws of every kind count."""
    week = week_of(now)
    query = select(draw.c.kind, func.count()).where(draw.c.week == week).group_by(draw.c.kind)
    used = {kind: int(count) for kind, count in conn.execute(query)}
    asked = budgets.in_force(conn)
    limit = min(asked.weekly, budgets.most(conn, now))
    audited = used.get(DrawKind.AUDIT.value, 0)
    return Budget(week, limit, sum(used.values()), min(asked.audits, limit), audited)


def budget_left(conn: Connection, now: datetime) -> int:
    """Say how many posts may still be drawn this week."""
    return budget_of(conn, now).left


def lock(conn: Connection) -> None:
    """Hold the week's budget until the write ends: two draws at once must not spend the same."""
    dialect.lock_draws(conn)


def put(
    conn: Connection,
    kind: DrawKind,
    wanted: Sequence[NewDraw],
    *,
    person_id: str | None,
    now: datetime,
) -> int:
    """Draw posts: a row, a blind flag and an item each; say how many.

    A post that was drawn before, was flagged, changed or erased meanwhile is passed over.
    Not so by an audit, whose posts were chosen by chance: their rows say so, and one that has a
    flag already is read for that.

    Raises:
        InputError: The week's budget does not hold so many; nothing is drawn.
    """
    lock(conn)
    left = budget_left(conn, now)
    if len(wanted) > left:
        msg = (
            f"{len(wanted)} posts are more than the {left} that may still be read this week; "
            "draw fewer, or wait until Monday"
        )
        raise InputError(msg)
    usable = _usable(conn, wanted)
    kept = wanted if kind is DrawKind.AUDIT else [one for one, _ in usable]
    place = {"week": week_of(now), "kind": kind.value, "drawn_at": now}
    drawn_by = int(person_id) if person_id is not None and person_id != "0" else None
    for one in kept:
        why = {"reason": one.reason, "probability": one.probability, "drawn_by": drawn_by}
        conn.execute(insert(draw).values(post_id=int(one.post_id), **place, **why))
    for one, _ in usable:
        blind = Flag(Origin.AUDIT, LABEL, Band.CHECK, 0.0)
        arrivals.put_flag(conn, Stored(int(one.post_id), one.version), blind, now)
    for team_id in sorted({team for _, team in usable}, key=lambda team: team or 0):
        new = [(int(one.post_id), one.item) for one, team in usable if team == team_id]
        items.insert_items(conn, new, team_id, now)
    return len(kept)


def _usable(conn: Connection, wanted: Sequence[NewDraw]) -> list[tuple[NewDraw, int | None]]:
    """Keep what is still unflagged, undrawn and as it was, with the team of its source."""
    by_id = {int(one.post_id): one for one in wanted}
    up = select(flag.c.id).where(flag.c.post_id == post.c.id).exists()
    query = (
        select(post.c.id, post.c.version, source.c.team_id)
        .join(source, source.c.id == post.c.source_id)
        .where(
            dialect.among_ids(conn, post.c.id, sorted(by_id)),
            ~post.c.flagged,
            post.c.text_erased_at.is_(None),
            post.c.deleted_at.is_(None),
            ~up,
        )
        .order_by(post.c.id)
        .with_for_update(of=post)
    )
    return [
        (by_id[row.id], row.team_id)
        for row in conn.execute(query)
        if by_id[row.id].version == row.version
    ]
