"""Random audits of unflagged posts: one frame for each UTC day, and what was drawn from it.

The frame of a day is what it is at the draw and never changes: every post that arrived on that day,
is unflagged and not deleted, and whose text is held.
A post that is flagged later stays in it; one that was deleted before the draw is in no frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, insert, literal_column, select

from evenhand.data.store import ledger, rollups
from evenhand.data.tables import post, rollup_post, tag
from evenhand.data.tables_review import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evenhand.data.store.rollups import Days

DAY = timedelta(days=1)
# Scores are kept in hundredths, 0 to 100.
STEPS = 101
# The partial index of what retention still has to erase is used only for these very words.
_HELD: ColumnElement[bool] = literal_column("NOT post.flagged AND post.text_erased_at IS NULL")


class AuditState(StrEnum):
    """Whether a day was audited, and why it was not."""

    AUDITED = "audited"
    # Nobody drew before retention had erased the day's texts, or some of them.
    TEXTS_GONE = "texts_gone"
    # The week's budget was spent.
    NO_BUDGET = "no_budget"


class InFrame(NamedTuple):
    """One post of a frame; *score* is the highest that its present tag gives to any harm, 0-1."""

    post_id: int
    version: int
    lang: str
    reach: int
    score: float
    source_id: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """Posts of a day: *flagged* whenever, and unflagged ones whose text was erased (*gone*)."""

    flagged: int
    gone: int


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of one day, or that it had none.

    *frame* posts each had one chance, *least* the smallest of these; *drawn* of them were drawn,
    and *budget* was the number hoped for.
    *langs* counts the frame by language, *scores* by the highest harm score in hundredths, and
    *sources* by source; that is None for a day that was drawn before it was kept.
    """

    day: date
    drawn_at: datetime
    state: AuditState
    frame: int
    flagged: int
    gone: int
    budget: float
    drawn: int
    least: float | None
    model: str | None
    policy_version: str
    langs: Mapping[str, int]
    scores: Sequence[int]
    sources: Mapping[str, int] | None = None


def first_undrawn(conn: Connection) -> date | None:
    """Give the first day without an audit: after the last one, or the first that brought posts."""
    last = conn.execute(select(func.max(audit.c.day))).scalar()
    if last is not None:
        return rollups.EPOCH_DAY + timedelta(days=last + 1)
    first = conn.execute(select(func.min(rollup_post.c.day))).scalar()
    return None if first is None else rollups.EPOCH_DAY + timedelta(days=first)


def has(conn: Connection, day: date) -> bool:
    """Say whether a day's audit was drawn, or noted as missing."""
    found = select(audit.c.id).where(audit.c.day == rollups.day_number(day))
    return conn.execute(found).first() is not None


def frame_of(conn: Connection, day: date) -> list[InFrame]:
    """Read the frame of a day as it stands now, by post; one statement, so one moment."""
    said = and_(tag.c.post_id == post.c.id, tag.c.version == post.c.version, ~tag.c.shadow)
    query = (
        select(post.c.id, post.c.version, post.c.lang, post.c.reach, post.c.source_id, tag.c.harms)
        .outerjoin(tag, said)
        .where(_HELD, post.c.deleted_at.is_(None), post.c.day == rollups.day_number(day))
        .order_by(post.c.id, tag.c.tagged_at)
    )
    found: dict[int, InFrame] = {}
    for row in conn.execute(query):
        # Of several models the one that spoke last counts.
        found[row.id] = InFrame(
            row.id, row.version, row.lang, row.reach, _highest(row.harms), row.source_id
        )
    return list(found.values())


def counted(conn: Connection, day: date, frame: int) -> Counted:
    """Count the flagged posts of a day, and the unflagged ones whose text retention erased.

    Posts that were deleted count as neither.
    """
    number = rollups.day_number(day)
    sums = (func.sum(rollup_post.c.arrived), func.sum(rollup_post.c.flagged))
    arrived, flagged = conn.execute(select(*sums).where(rollup_post.c.day == number)).one()
    arrived, flagged = int(arrived or 0), int(flagged or 0)
    if arrived - flagged <= frame:
        return Counted(flagged, 0)
    # What is missing was deleted or erased; only the posts themselves can tell, and no index does.
    query = select(func.count()).where(
        post.c.day == number,
        ~post.c.flagged,
        post.c.text_erased_at.is_not(None),
        post.c.deleted_at.is_(None),
    )
    return Counted(flagged, int(conn.execute(query).scalar_one()))


def put(conn: Connection, one: Audit) -> None:
    """Add the row of a day and its entry in the ledger; a day has one row for ever."""
    values = {
        "day": rollups.day_number(one.day),
        "drawn_at": one.drawn_at,
        "state": one.state.value,
        "frame": one.frame,
        "flagged": one.flagged,
        "gone": one.gone,
        "budget": one.budget,
        "drawn": one.drawn,
        "least": one.least,
        "model": one.model,
        "policy_version": one.policy_version,
        "langs": dict(one.langs),
        "scores": list(one.scores),
        "sources": None if one.sources is None else dict(one.sources),
    }
    conn.execute(insert(audit).values(**values))
    data = {"state": one.state.value, "frame": one.frame, "drawn": one.drawn}
    ledger.append(
        conn,
        at=one.drawn_at,
        actor="0",
        action="day_audited",
        subject=f"audit:{one.day.isoformat()}",
        data=data,
    )


def of_days(conn: Connection, days: Days) -> list[Audit]:
    """Read the audits of these days, oldest first; a day without a row is not drawn yet."""
    first, last = rollups.day_number(days.first), rollups.day_number(days.last)
    query = select(audit).where(audit.c.day.between(first, last)).order_by(audit.c.day)
    return [_audit(row) for row in conn.execute(query)]


def _highest(harms: Mapping[str, Sequence[float | str]] | None) -> float:
    return max((float(pair[0]) for pair in (harms or {}).values()), default=0.0)


def _audit(row: Row[*tuple[Any, ...]]) -> Audit:
    return Audit(
        day=rollups.EPOCH_DAY + timedelta(days=row.day),
        drawn_at=row.drawn_at,
        state=AuditState(row.state),
        frame=row.frame,
        flagged=row.flagged,
        gone=row.gone,
        budget=row.budget,
        drawn=row.drawn,
        least=row.least,
        model=row.model,
        policy_version=row.policy_version,
        langs=row.langs,
        scores=row.scores,
        sources=row.sources,
    )
