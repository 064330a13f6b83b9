"""Score ranges: open items of one label whose scores lie close, and where each range stands.

Nobody is declared to violate a policy by a decision that nobody read for: the only outcome that a
range can be given is "no harm", and only once its sample was read.
What is in a range and what of it is read lies in `score_ranges_drawn`, the act in
`score_ranges_decided`, taking it back in `score_ranges_undone`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, true, update

from evenhand.data.errors import InputError, NotFound
from evenhand.data.store import claims, dialect, ledger
from evenhand.data.tables import person
from evenhand.data.tables_review import score_range

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evenhand.data.records import Actor

    AnyRow = Row[*tuple[Any, ...]]

# How long what was read vouches for the rest, and how long the act can be taken back.
VOUCHES = timedelta(hours=24)
LISTED = 20


class RangeState(StrEnum):
    """Where a score range stands."""

    CHECKING = "checking"
    DECIDING = "deciding"
    DONE = "done"
    NOT_UNIFORM = "not_uniform"
    ENDED = "ended"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class NewRange:
    """What is looked for: a leading label, a language or every one, and scores *low* to *high*."""

    label: str
    lang: str | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """A range as it stands: *members* are all its items, *drawn* those that are read.

    *remaining* counts what an act that is under way has before it; *decided* what it has done.
    *made_by* is a name.
    """

    id: str
    wanted: NewRange
    state: RangeState
    asked: int
    members: tuple[int, ...]
    drawn: tuple[int, ...]
    remaining: int
    decided: int
    made_by_id: str
    made_by: str
    made_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None


def refuse_other(found: ScoreRange, actor: Actor, *states: RangeState) -> None:
    """Go on only if a range is in one of these states and the actor is who drew its sample.

    Raises:
        InputError: It is not so.
    """
    if found.state not in states:
        msg = f"score range {found.id} is {found.state.value}, so nothing was done; reload the page"
        raise InputError(msg)
    if found.made_by_id != actor.id:
        msg = (
            f"score range {found.id} is checked by whoever drew it, who alone goes on with it; "
            "draw a range of your own"
        )
        raise InputError(msg)


def end(conn: Connection, actor: Actor, range_id: str, now: datetime) -> None:
    """Give a range up that was not decided; what was read of it stands.

    Raises:
        InputError: It is not being checked.
        NotFound: The team has no such range.
    """
    found = lock(conn, actor, range_id)
    refuse_other(found, actor, RangeState.CHECKING)
    change(conn, range_id, state=RangeState.ENDED.value, ended_at=now)
    log(conn, now, actor, "range_ended", range_id, {})


def lock(conn: Connection, actor: Actor, range_id: str) -> ScoreRange:
    """Read a range of the actor's team and let one write at a time act on it.

    Raises:
        NotFound: The team has none of this id.
    """
    row_id = claims.key_of(range_id)
    conn.execute(dialect.lock_rows(select(score_range.c.id).where(score_range.c.id == row_id)))
    return get(conn, actor, range_id)


def get(conn: Connection, actor: Actor, range_id: str) -> ScoreRange:
    """Read a range of the actor's team.

    Raises:
        NotFound: The team has none of this id.
    """
    found = _ranges(conn, actor, score_range.c.id == claims.key_of(range_id))
    if not found:
        msg = f"your team has no score range {range_id!r}; reload the page"
        raise NotFound(msg)
    return found[0]


def newest(conn: Connection, actor: Actor) -> list[ScoreRange]:
    """List the ranges of the actor's team, the newest first."""
    return _ranges(conn, actor, true())


def _ranges(conn: Connection, actor: Actor, which: ColumnElement[bool]) -> list[ScoreRange]:
    theirs = (
        score_range.c.team_id.is_(None)
        if actor.team_id is None
        else score_range.c.team_id == int(actor.team_id)
    )
    query = (
        select(score_range, person.c.name)
        .join(person, person.c.id == score_range.c.made_by)
        .where(theirs, which)
        .order_by(score_range.c.id.desc())
        .limit(LISTED)
    )
    return [_range(row) for row in conn.execute(query)]


def _range(row: AnyRow) -> ScoreRange:
    return ScoreRange(
        id=str(row.id),
        wanted=NewRange(row.label, row.lang, row.low, row.high),
        state=RangeState(row.state),
        asked=row.asked,
        members=tuple(cast("list[int]", row.members)),
        drawn=tuple(cast("list[int]", row.drawn)),
        remaining=len(cast("list[int]", row.remaining)),
        decided=row.decided,
        made_by_id=str(row.made_by),
        made_by=row.name,
        made_at=row.made_at,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
    )


def remaining(conn: Connection, range_id: str, count: int) -> tuple[list[int], list[int]]:
    """Cut the next *count* items off what an act has before it; give both parts."""
    query = select(score_range.c.remaining).where(score_range.c.id == int(range_id))
    left = cast("list[int]", conn.execute(query).scalar_one())
    return left[:count], left[count:]


def change(conn: Connection, range_id: str, **values: object) -> None:
    """Set columns of a range that this write has locked."""
    conn.execute(update(score_range).where(score_range.c.id == int(range_id)).values(**values))


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    actor: Actor,
    action: str,
    range_id: str,
    data: dict[str, object],
) -> None:
    """Write a ledger entry about a range; the last thing in a transaction."""
    ledger.append(
        conn, at=now, actor=actor.id, action=action, subject=f"range:{range_id}", data=data
    )
