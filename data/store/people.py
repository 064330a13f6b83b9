"""People, their roles in teams, their sessions, and the counters that slow down guessing.

Of a session only the SHA-256 of its token is here, of a throttle key only its SHA-256: neither a
stolen copy of the store nor a look into it gives a way in or a list of who tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import Actor, Role
from evenhand.data.store import ledger
from evenhand.data.tables import Utc, membership, person, session, team, throttle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row


KEEP_ENDED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """One person with their roles over all teams.

    *team_id* is the team of the smallest id, or None for people in no team and for admins.
    """

    id: str
    name: str
    password_hash: str
    must_change: bool
    language: str
    simulated: bool
    disabled_at: datetime | None
    roles: frozenset[Role]
    team_id: str | None

    def actor(self) -> Actor:
        """Turn the row into what jobs take."""
        return Actor(
            id=self.id,
            name=self.name,
            roles=self.roles,
            team_id=self.team_id,
            language=self.language,
            simulated=self.simulated,
        )


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is stored of a person who is added."""

    name: str
    password_hash: str
    language: str
    simulated: bool
    must_change: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; times are UTC."""

    person_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def add(conn: Connection, new: NewPerson, now: datetime) -> str:
    """Add a person without any role and give their id.

    Raises:
        InputError: Somebody has this name already.
    """
    query = insert(person).values(
        name=new.name,
        password_hash=new.password_hash,
        must_change=new.must_change,
        language=new.language,
        simulated=new.simulated,
        created_at=now,
    )
    try:
        with conn.begin_nested():
            return str(conn.execute(query.returning(person.c.id)).scalar_one())
    except IntegrityError as error:
        msg = "a person of this name is in the store already; choose another name"
        raise InputError(msg) from error


def team_named(conn: Connection, name: str) -> int:
    """Find the team of this name, or make it, and give its key."""
    found = conn.execute(select(team.c.id).where(team.c.name == name)).scalar()
    if found is None:
        found = conn.execute(insert(team).values(name=name).returning(team.c.id)).scalar_one()
    return int(found)


def set_roles(conn: Connection, person_id: str, team_id: int, roles: Iterable[Role]) -> None:
    """Give a person exactly *roles* in one team; other teams stay as they are."""
    key = int(person_id)
    conn.execute(
        delete(membership).where(
            membership.c.person_id == key,
            membership.c.team_id == team_id,
        ),
    )
    for role in sorted(roles):
        conn.execute(insert(membership).values(person_id=key, team_id=team_id, role=role.value))


def get(conn: Connection, person_id: str) -> Person:
    """Find a person by id, also one who is disabled.

    Raises:
        NotFound: Nobody has this id.
    """
    found = _one(conn, person.c.id == int(person_id)) if person_id.isdecimal() else None
    if found is None:
        msg = f"no person has the id {person_id!r}; `evenhand check` lists the people"
        raise NotFound(msg)
    return found


def by_name(conn: Connection, name: str) -> Person | None:
    """Find a person by exact name, also one who is disabled."""
    return _one(conn, person.c.name == name)


def list_all(conn: Connection) -> list[Person]:
    """List everybody by name, also those who are disabled."""
    rows = conn.execute(select(person).order_by(person.c.name, person.c.id)).all()
    return [_person(conn, row) for row in rows]


def set_password(
    conn: Connection, person_id: str, password_hash: str, *, must_change: bool
) -> None:
    """Store a new password hash."""
    conn.execute(
        update(person)
        .where(person.c.id == int(person_id))
        .values(password_hash=password_hash, must_change=must_change),
    )


def set_language(conn: Connection, person_id: str, language: str) -> None:
    """Store the language of the person's screens."""
    conn.execute(update(person).where(person.c.id == int(person_id)).values(language=language))


def disable(conn: Connection, person_id: str, now: datetime) -> None:
    """Shut a person out for good; the row stays, because logs refer to it."""
    conn.execute(
        update(person)
        .where(person.c.id == int(person_id), person.c.disabled_at.is_(None))
        .values(disabled_at=now),
    )


def open_session(
    conn: Connection,
    token_hash: str,
    person_id: str,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Open a session, and clear away sessions and counters that ended long ago."""
    drop_sessions(conn, now - KEEP_ENDED)
    drop_hits(conn, now - KEEP_ENDED)
    conn.execute(
        insert(session).values(
            token_hash=token_hash,
            person_id=int(person_id),
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
        ),
    )


def find_session(conn: Connection, token_hash: str) -> Session | None:
    """Find a session, whatever its state."""
    row = conn.execute(select(session).where(session.c.token_hash == token_hash)).first()
    if row is None:
        return None
    return Session(
        person_id=str(row.person_id),
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


def touch(conn: Connection, token_hash: str, now: datetime) -> None:
    """Note a sign of life; a revoked session stays as it is."""
    conn.execute(
        update(session)
        .where(
            session.c.token_hash == token_hash,
            session.c.revoked_at.is_(None),
            session.c.seen_at < now,
        )
        .values(seen_at=now),
    )


def use_up(conn: Connection, token_hash: str, now: datetime) -> str | None:
    """Revoke a live token and give its person's id: at most one caller gets it."""
    query = (
        update(session)
        .where(
            session.c.token_hash == token_hash,
            session.c.revoked_at.is_(None),
            session.c.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(session.c.person_id)
    )
    found = conn.execute(query).scalar()
    return None if found is None else str(found)


def revoke_all(conn: Connection, person_id: str, now: datetime) -> int:
    """End every session of a person and say how many were open."""
    query = (
        update(session)
        .where(session.c.person_id == int(person_id), session.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return conn.execute(query).rowcount


def drop_sessions(conn: Connection, before: datetime) -> int:
    """Delete sessions that ran out before *before*."""
    return conn.execute(delete(session).where(session.c.expires_at < before)).rowcount


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    actor_id: str,
    action: str,
    person_id: str,
    data: Mapping[str, object] | None = None,
) -> None:
    """Add to the ledger what happened to a person."""
    subject = f"person:{person_id}"
    ledger.append(conn, at=now, actor=actor_id, action=action, subject=subject, data=data or {})


# The same words on both engines; one statement, so that two processes never lose a count.
HIT = text(
    """
    INSERT INTO throttle (key, window_started_at, count) VALUES (:key, :now, 1)
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN throttle.window_started_at <= :old THEN 1 ELSE throttle.count + 1 END,
      window_started_at = CASE WHEN throttle.window_started_at <= :old THEN :now
                               ELSE throttle.window_started_at END
    RETURNING count
    """,
).bindparams(bindparam("now", type_=Utc()), bindparam("old", type_=Utc()))


def hit(conn: Connection, key: str, now: datetime, window: timedelta) -> int:
    """Count one try under *key* and say which it is in the present window, from 1."""
    row = conn.execute(HIT, {"key": key, "now": now, "old": now - window})
    return int(row.scalar_one())


def forget_hits(conn: Connection, key: str) -> None:
    """Set the counter of *key* back, after a success."""
    conn.execute(delete(throttle).where(throttle.c.key == key))


def drop_hits(conn: Connection, before: datetime) -> int:
    """Delete counters whose window began before *before*."""
    return conn.execute(delete(throttle).where(throttle.c.window_started_at < before)).rowcount


def _one(conn: Connection, where: ColumnElement[bool]) -> Person | None:
    row = conn.execute(select(person).where(where)).first()
    return None if row is None else _person(conn, row)


def _person(conn: Connection, row: Row[tuple[object, ...]]) -> Person:
    query = (
        select(membership.c.team_id, membership.c.role)
        .where(membership.c.person_id == row.id)
        .order_by(membership.c.team_id)
    )
    places = conn.execute(query).all()
    roles = frozenset(Role(place.role) for place in places)
    bound = places and Role.ADMIN not in roles
    return Person(
        id=str(row.id),
        name=row.name,
        password_hash=row.password_hash,
        must_change=row.must_change,
        language=row.language,
        simulated=row.simulated,
        disabled_at=row.disabled_at,
        roles=roles,
        team_id=str(places[0].team_id) if bound else None,
    )
