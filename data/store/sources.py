"""Sources: proposed by one person, approved by another, pulled under a lease."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Gap, Role, SetAside, SourceSpec, SourceState
from evenhand.data.store import dialect
from evenhand.data.tables import gap, set_aside, source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Connection, Row

# States in which the worker pulls.
PULLED = (SourceState.ACTIVE.value, SourceState.WAITING.value, SourceState.FAILING.value)


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it stands; *cursor* is None before the first page."""

    id: str
    spec: SourceSpec
    state: SourceState
    cursor: Mapping[str, object] | None
    next_run_at: datetime | None
    last_ok_at: datetime | None
    last_error: str | None
    failures: int
    proposed_by: str | None
    approved_by: str | None
    team_id: str | None
    created_at: datetime
    lease_by: str | None
    lease_until: datetime | None

    @property
    def name(self) -> str:
        """What it is called on screen."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class Seen:
    """A gap or a row set aside, with where and when it was noticed."""

    source_name: str
    what: Gap | SetAside
    seen_at: datetime


def get(conn: Connection, name: str) -> Source:
    """Find a source by its name.

    Raises:
        NotFound: There is none.
    """
    row = conn.execute(select(source).where(source.c.name == name)).first()
    if row is None:
        msg = f"no source is called {name!r}; see `evenhand check` for the names"
        raise NotFound(msg)
    return _source(row)


def list_all(conn: Connection) -> list[Source]:
    """List all sources by name."""
    return [_source(row) for row in conn.execute(select(source).order_by(source.c.name))]


def due(conn: Connection, now: datetime) -> list[Source]:
    """List the sources to be pulled now and leased by nobody, longest waiting first."""
    query = (
        select(source)
        .where(
            source.c.state.in_(PULLED),
            or_(source.c.next_run_at.is_(None), source.c.next_run_at <= now),
            _unleased(now),
        )
        .order_by(source.c.next_run_at.is_not(None), source.c.next_run_at, source.c.id)
    )
    return [_source(row) for row in conn.execute(query)]


def propose(
    conn: Connection,
    spec: SourceSpec,
    *,
    person_id: str | None,
    now: datetime,
    team_id: str | None = None,
) -> Source:
    """Note a new source; it is not pulled before somebody else approves it.

    Raises:
        InputError: The name is taken.
    """
    row = {
        "name": spec.name,
        "kind": spec.kind,
        "options": dict(spec.options),
        "state": SourceState.PROPOSED.value,
        "failures": 0,
        "proposed_by": _number(person_id),
        "team_id": _number(team_id),
        "may_train": spec.may_train,
        "created_at": now,
    }
    if conn.execute(select(source.c.id).where(source.c.name == spec.name)).first() is not None:
        raise _taken(spec.name)
    try:
        conn.execute(insert(source).values(**row))
    except IntegrityError as error:
        raise _taken(spec.name) from error
    return get(conn, spec.name)


def _taken(name: str) -> InputError:
    return InputError(f"a source called {name!r} exists already; choose another name")


def approve(conn: Connection, name: str, *, person_id: str) -> Source:
    """Let a second person open a proposed source.

    Raises:
        NotAllowed: *person_id* proposed it.
        InputError: It is not waiting for approval.
        NotFound: There is no such source.
    """
    # Held until the end: somebody who closes it at this moment must not be overruled.
    conn.execute(dialect.lock_rows(select(source.c.id).where(source.c.name == name)))
    found = get(conn, name)
    if found.state is not SourceState.PROPOSED:
        msg = f"source {name!r} is {found.state}, not proposed; there is nothing to approve"
        raise InputError(msg)
    if found.proposed_by == person_id:
        msg = f"source {name!r} was proposed by you; ask a second person to approve it"
        raise NotAllowed(msg, role=Role.COORDINATOR)
    _set(conn, found.id, state=SourceState.ACTIVE.value, approved_by=_number(person_id))
    return get(conn, name)


def change_options(conn: Connection, name: str, spec: SourceSpec, *, person_id: str | None) -> None:
    """Give a source other options: it is proposed anew and needs a second person again."""
    _set(
        conn,
        get(conn, name).id,
        kind=spec.kind,
        options=dict(spec.options),
        may_train=spec.may_train,
        state=SourceState.PROPOSED.value,
        proposed_by=_number(person_id),
        approved_by=None,
        cursor=None,
        next_run_at=None,
        failures=0,
        last_error=None,
        # A run under way reads the old options: where it stands is no place in the new ones.
        lease_by=None,
        lease_until=None,
    )


def set_state(  # noqa: PLR0913 - what a run leaves behind, all optional
    conn: Connection,
    source_id: str,
    state: SourceState,
    *,
    next_run_at: datetime | None = None,
    error: str | None = None,
    ok_at: datetime | None = None,
) -> None:
    """Write down how a run ended.

    Args:
        conn: Inside a write.
        source_id: Which source.
        state: Where it stands now.
        next_run_at: When to try again; None is at once.
        error: The sentence of what went wrong; counts as one more failure.
        ok_at: When it last worked; ends a row of failures.
    """
    values: dict[str, object] = {"state": state.value, "next_run_at": next_run_at}
    if error is not None:
        values |= {"last_error": error, "failures": source.c.failures + 1}
    if ok_at is not None:
        values |= {"last_ok_at": ok_at, "failures": 0, "last_error": None}
    _set(conn, source_id, **values)


def lease(
    conn: Connection,
    source_id: str,
    *,
    by: str,
    now: datetime,
    lasts: timedelta,
) -> bool:
    """Take a source for one run, or prolong one's own lease; False when another one has it."""
    free = or_(_unleased(now), source.c.lease_by == by)
    stmt = (
        update(source)
        .where(source.c.id == int(source_id), free)
        .values(lease_by=by, lease_until=now + lasts)
    )
    return conn.execute(stmt).rowcount == 1


def release(conn: Connection, source_id: str, *, by: str) -> None:
    """Give one's lease back; another one's stays."""
    stmt = (
        update(source)
        .where(and_(source.c.id == int(source_id), source.c.lease_by == by))
        .values(lease_by=None, lease_until=None)
    )
    conn.execute(stmt)


def save_cursor(
    conn: Connection, source_id: str, cursor: Mapping[str, object], *, by: str | None = None
) -> None:
    """Remember where the walk goes on, in the transaction that stores the page before it.

    With *by* only while that run has the source: one that lost it stands somewhere else.
    """
    mine = [] if by is None else [source.c.lease_by == by]
    stmt = update(source).where(source.c.id == int(source_id), *mine)
    conn.execute(stmt.values(cursor=dict(cursor)))


def add_gaps(conn: Connection, source_id: str, gaps: Sequence[Gap], now: datetime) -> None:
    """Note times whose posts could not be fetched; one already noted is not noted again."""
    for one in gaps:
        same = and_(
            gap.c.source_id == int(source_id),
            gap.c.since.is_not_distinct_from(one.since),
            gap.c.until.is_not_distinct_from(one.until),
            gap.c.reason == one.reason,
        )
        if conn.execute(select(gap.c.id).where(same)).first() is None:
            row = {"since": one.since, "until": one.until, "reason": one.reason, "seen_at": now}
            conn.execute(insert(gap).values(source_id=int(source_id), **row))


def add_set_aside(
    conn: Connection,
    source_id: str,
    rows: Sequence[SetAside],
    now: datetime,
) -> None:
    """Note rows that could not be read; the same place and reason is noted once per source."""
    if not rows:
        return
    places = dialect.among(conn, set_aside.c.place, [one.place for one in rows])
    query = select(set_aside.c.place, set_aside.c.reason).where(
        set_aside.c.source_id == int(source_id), places
    )
    known = {(place, reason) for place, reason in conn.execute(query)}
    fresh = dict.fromkeys((one.place, one.reason) for one in rows)
    found = [
        {"source_id": int(source_id), "place": place, "reason": reason, "seen_at": now}
        for place, reason in fresh
        if (place, reason) not in known
    ]
    if found:
        conn.execute(insert(set_aside), found)


def recent_gaps(conn: Connection, *, limit: int = 50) -> list[Seen]:
    """List the gaps noticed last, newest first."""
    query = select(gap, source.c.name).join(source).order_by(gap.c.id.desc()).limit(limit)
    return [
        Seen(row.name, Gap(row.since, row.until, row.reason), row.seen_at)
        for row in conn.execute(query)
    ]


def recent_set_aside(conn: Connection, *, limit: int = 50) -> list[Seen]:
    """List the rows set aside last, newest first."""
    query = (
        select(set_aside, source.c.name).join(source).order_by(set_aside.c.id.desc()).limit(limit)
    )
    return [
        Seen(row.name, SetAside(row.place, row.reason), row.seen_at) for row in conn.execute(query)
    ]


def _unleased(now: datetime) -> ColumnElement[bool]:
    return or_(source.c.lease_until.is_(None), source.c.lease_until <= now)


def _set(conn: Connection, source_id: str, **values: object) -> None:
    conn.execute(update(source).where(source.c.id == int(source_id)).values(**values))


def _number(row_id: str | None) -> int | None:
    return None if row_id is None else int(row_id)


def _name(number: int | None) -> str | None:
    return None if number is None else str(number)


def _source(row: Row[tuple[object, ...]]) -> Source:
    return Source(
        id=str(row.id),
        spec=SourceSpec(row.name, row.kind, row.options, row.may_train),
        state=SourceState(row.state),
        cursor=cast("Mapping[str, object] | None", row.cursor),
        next_run_at=row.next_run_at,
        last_ok_at=row.last_ok_at,
        last_error=row.last_error,
        failures=row.failures,
        proposed_by=_name(row.proposed_by),
        approved_by=_name(row.approved_by),
        team_id=_name(row.team_id),
        created_at=row.created_at,
        lease_by=row.lease_by,
        lease_until=row.lease_until,
    )
