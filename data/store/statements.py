"""Statements: false claims about health or an emergency, each declared by two persons for a time.

A statement is proposed by one person, in force from another one's approval until it expires or is
withdrawn, and never changed: a correction is a new one that ends the old one when it is approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert, select, update

from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Role
from evenhand.data.store import dialect, ledger
from evenhand.data.tables import statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row


class StatementState(StrEnum):
    """Where a statement stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


LIVE = (StatementState.PROPOSED.value, StatementState.ACTIVE.value)
# Ids have fewer digits; more would not fit into the store's integers.
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Worded:
    """What a statement says: the claim as people repeat it, what is true instead, and by whom.

    *topic* is "health" or "emergency".
    """

    policy: str
    topic: str
    lang: str
    wordings: tuple[str, ...]
    what_is_true: str
    source_name: str
    source_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it stands; people are ids.

    *corrects* names the statement that this one takes the place of.
    *ended_by* is None where time ended it.
    """

    id: str
    worded: Worded
    state: StatementState
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    corrects: str | None
    ended_by: str | None
    ended_at: datetime | None


def propose(
    conn: Connection,
    worded: Worded,
    *,
    person_id: str,
    now: datetime,
    corrects: str | None = None,
) -> Statement:
    """Note a statement; nothing is matched with it before somebody else approves it.

    Raises:
        InputError: The statement that it corrects is over.
        NotFound: There is none that it could correct.
    """
    if corrects is not None:
        before = get(conn, corrects, lock=True)
        if before.state is not StatementState.ACTIVE:
            msg = (
                f"statement {corrects} is {before.state.value}, and only one in force can be "
                "corrected; propose a new one"
            )
            raise InputError(msg)
    row = {
        "policy": worded.policy,
        "topic": worded.topic,
        "lang": worded.lang,
        "wordings": list(worded.wordings),
        "what_is_true": worded.what_is_true,
        "source_name": worded.source_name,
        "source_url": worded.source_url,
        "state": StatementState.PROPOSED.value,
        "proposed_by": int(person_id),
        "proposed_at": now,
        "expires_at": worded.expires_at,
        "corrects": None if corrects is None else int(corrects),
    }
    made = conn.execute(insert(statement).values(**row).returning(statement.c.id)).scalar_one()
    return get(conn, str(made))


def get(conn: Connection, statement_id: str, *, lock: bool = False) -> Statement:
    """Find a statement; *lock* holds it until the transaction ends.

    Raises:
        NotFound: There is none of this id.
    """
    rows = _among(conn, [statement_id], lock=lock)
    if not rows:
        msg = f"there is no statement {statement_id!r}; see the policies page for those there are"
        raise NotFound(msg)
    return rows[0]


def find(conn: Connection, statement_ids: Sequence[str]) -> dict[str, Statement]:
    """Find statements by their ids; an id that is none is left out."""
    return {one.id: one for one in _among(conn, statement_ids)}


def in_force(conn: Connection, now: datetime) -> list[Statement]:
    """List what posts are matched with at this moment, by id."""
    return _list(
        conn,
        (statement.c.state == StatementState.ACTIVE.value) & (statement.c.expires_at > now),
    )


def list_all(conn: Connection) -> list[Statement]:
    """List all statements, the newest first."""
    return list(reversed(_list(conn, statement.c.id.is_not(None))))


def approve(conn: Connection, statement_id: str, *, person_id: str, now: datetime) -> Statement:
    """Put a proposed statement in force as the second person; what it corrects ends here.

    Raises:
        InputError: It is not waiting for approval, or its time is over.
        NotAllowed: *person_id* proposed it.
        NotFound: There is no such statement.
    """
    found = get(conn, statement_id, lock=True)
    if found.state is not StatementState.PROPOSED or found.worded.expires_at <= now:
        over = found.state is StatementState.PROPOSED
        state = StatementState.EXPIRED.value if over else found.state.value
        msg = f"statement {statement_id} is {state}, not proposed; there is nothing to approve"
        raise InputError(msg)
    if found.proposed_by == person_id:
        msg = f"you proposed statement {statement_id}; ask a second person to approve it"
        raise NotAllowed(msg, role=Role.COORDINATOR)
    state = StatementState.ACTIVE
    _set(conn, statement_id, state=state.value, approved_by=int(person_id), approved_at=now)
    if found.corrects is not None:
        before = get(conn, found.corrects, lock=True)
        if before.state is StatementState.ACTIVE:
            _end(conn, found.corrects, StatementState.WITHDRAWN, now, person_id)
    return get(conn, statement_id)


def withdraw(conn: Connection, statement_id: str, *, person_id: str, now: datetime) -> Statement:
    """End a statement, or put a proposal aside; taking back needs one person only.

    Raises:
        InputError: It is over already.
        NotFound: There is no such statement.
    """
    found = get(conn, statement_id, lock=True)
    if found.state.value not in LIVE:
        msg = f"statement {statement_id} is {found.state.value} already; nothing is left to end"
        raise InputError(msg)
    _end(conn, statement_id, StatementState.WITHDRAWN, now, person_id)
    return found


def expire(conn: Connection, now: datetime) -> list[str]:
    """End what has reached its expiry, proposals too, and name it."""
    query = select(statement.c.id).where(statement.c.state.in_(LIVE), statement.c.expires_at <= now)
    over = [str(key) for key in conn.execute(dialect.lock_rows(query)).scalars()]
    for statement_id in over:
        _end(conn, statement_id, StatementState.EXPIRED, now, None)
    return over


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    actor_id: str,
    action: str,
    statement_id: str,
    data: Mapping[str, object],
) -> None:
    """Write a ledger entry about a statement; the last thing in a transaction."""
    ledger.append(
        conn, at=now, actor=actor_id, action=action, subject=f"statement:{statement_id}", data=data
    )


def _end(
    conn: Connection,
    statement_id: str,
    state: StatementState,
    now: datetime,
    person_id: str | None,
) -> None:
    by = None if person_id is None else int(person_id)
    _set(conn, statement_id, state=state.value, ended_at=now, ended_by=by)


def _set(conn: Connection, statement_id: str, **values: object) -> None:
    conn.execute(
        update(statement).where(statement.c.id == int(statement_id)).values(**values),
    )


def _among(
    conn: Connection, statement_ids: Sequence[str], *, lock: bool = False
) -> list[Statement]:
    keys = [int(one) for one in statement_ids if _is_key(one)]
    query = select(statement).where(dialect.among_ids(conn, statement.c.id, keys))
    return [_statement(row) for row in conn.execute(dialect.lock_rows(query) if lock else query)]


def _is_key(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS


def _list(conn: Connection, which: ColumnElement[bool]) -> list[Statement]:
    query = select(statement).where(which).order_by(statement.c.id)
    return [_statement(row) for row in conn.execute(query)]


def _id(key: int | None) -> str | None:
    return None if key is None else str(key)


def _statement(row: Row[*tuple[Any, ...]]) -> Statement:
    worded = Worded(
        policy=row.policy,
        topic=row.topic,
        lang=row.lang,
        wordings=tuple(cast("list[str]", row.wordings)),
        what_is_true=row.what_is_true,
        source_name=row.source_name,
        source_url=row.source_url,
        expires_at=row.expires_at,
    )
    return Statement(
        id=str(row.id),
        worded=worded,
        state=StatementState(row.state),
        proposed_by=str(row.proposed_by),
        proposed_at=row.proposed_at,
        approved_by=_id(row.approved_by),
        approved_at=row.approved_at,
        corrects=_id(row.corrects),
        ended_by=_id(row.ended_by),
        ended_at=row.ended_at,
    )
