"""Routes: which team gets which items, each put in force by two persons.

A route asks for labels, languages and sources and for nothing else: topic, sentiment and author
are no columns of it (safeguard 1 and 4).
Items that are there already stay where they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, insert, select, update

from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Role
from evenhand.data.store import dialect, ledger, people, rollups, sources
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import flag, item, post, team
from evenhand.data.tables_review import route

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evenhand.data.store.rollups import Days

# Ids have fewer digits; more would not fit into the store's integers.
MOST_DIGITS = 18


class RouteState(StrEnum):
    """Where a route stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks for and who gets it; an empty list fits everything.

    *labels* are policies and requests, *sources* ids of sources; *position* 1 is read first.
    """

    name: str
    position: int
    labels: tuple[str, ...]
    langs: tuple[str, ...]
    sources: tuple[str, ...]
    team_id: str


@dataclass(frozen=True, slots=True)
class Route:
    """A route as it stands; people are ids."""

    id: str
    rule: Rule
    state: RouteState
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kind:
    """All that a route may know of an item."""

    labels: frozenset[str]
    lang: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Recent:
    """How many items of each kind were made lately; *capped* says that there were more."""

    kinds: Mapping[Kind, int]
    capped: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Names by ids: of people, of teams (by name) and of sources."""

    people: Mapping[str, str]
    teams: Mapping[str, str]
    sources: Mapping[str, str]


def propose(conn: Connection, rule: Rule, *, person_id: str, now: datetime) -> Route:
    """Note a route; nothing is routed by it before somebody else approves it."""
    row = {
        "position": rule.position,
        "name": rule.name,
        "labels": list(rule.labels),
        "langs": list(rule.langs),
        "sources": list(rule.sources),
        "team_id": int(rule.team_id),
        "state": RouteState.PROPOSED.value,
        "proposed_by": int(person_id),
        "proposed_at": now,
    }
    made = conn.execute(insert(route).values(**row).returning(route.c.id)).scalar_one()
    return get(conn, str(made))


def get(conn: Connection, route_id: str, *, lock: bool = False) -> Route:
    """Find a route; *lock* holds it until the transaction ends.

    Raises:
        NotFound: There is none of this id.
    """
    is_key = route_id.isascii() and route_id.isdecimal() and len(route_id) <= MOST_DIGITS
    query = select(route).where(route.c.id == (int(route_id) if is_key else 0))
    row = conn.execute(dialect.lock_rows(query) if lock else query).first()
    if row is None:
        msg = f"there is no route {route_id!r}; see the queues page for those there are"
        raise NotFound(msg)
    return _route(row)


def in_force(conn: Connection) -> list[Route]:
    """List the routes that new items are held against, the first to be read first."""
    return _list(conn, route.c.state == RouteState.ACTIVE.value)


def list_all(conn: Connection) -> list[Route]:
    """List all routes, ended ones too, in the order of their positions."""
    return _list(conn, route.c.id.is_not(None))


def approve(conn: Connection, route_id: str, *, person_id: str, now: datetime) -> Route:
    """Put a proposed route in force as the second person.

    Raises:
        InputError: It is not waiting for approval.
        NotAllowed: *person_id* proposed it.
        NotFound: There is no such route.
    """
    found = get(conn, route_id, lock=True)
    if found.state is not RouteState.PROPOSED:
        msg = f"route {route_id} is {found.state.value}, not proposed; there is nothing to approve"
        raise InputError(msg)
    if found.proposed_by == person_id:
        msg = f"you proposed route {route_id}; ask a second person to approve it"
        raise NotAllowed(msg, role=Role.COORDINATOR)
    values = {"approved_by": int(person_id), "approved_at": now}
    return _set(conn, route_id, RouteState.ACTIVE, values)


def end(conn: Connection, route_id: str, *, person_id: str, now: datetime) -> Route:
    """End a route, or put a proposal aside; give it as it stood before.

    Raises:
        InputError: It is over already.
        NotFound: There is no such route.
    """
    found = get(conn, route_id, lock=True)
    if found.state is RouteState.ENDED:
        msg = f"route {route_id} has ended already; nothing is left to end"
        raise InputError(msg)
    _set(conn, route_id, RouteState.ENDED, {"ended_by": int(person_id), "ended_at": now})
    return found


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    actor_id: str,
    action: str,
    route_id: str,
    data: Mapping[str, object],
) -> None:
    """Write a ledger entry about a route; the last thing in a transaction."""
    ledger.append(
        conn, at=now, actor=actor_id, action=action, subject=f"route:{route_id}", data=data
    )


def names(conn: Connection) -> Names:
    """Read the names that ids stand for."""
    listed = {str(row.id): row.name for row in conn.execute(select(team).order_by(team.c.name))}
    known = {one.id: one.name for one in people.list_all(conn)}
    return Names(known, listed, {one.id: one.spec.name for one in sources.list_all(conn)})


def langs(conn: Connection, days: Days) -> list[str]:
    """List the languages of the items made in these days."""
    return sorted({one.lang for one in rollups.item_totals(conn, days)})


def recent(conn: Connection, since: datetime, most: int) -> Recent:
    """Count the items made since then by what a route may know of them; no text is read.

    Args:
        conn: A read.
        since: The earliest time.
        most: How many of the newest ids are looked at, whatever the size of the store.
    """
    newest = conn.execute(select(func.max(item.c.id))).scalar() or 0
    beyond = newest - most
    # What was drawn at random has no label that a route could know.
    window = (item.c.id > beyond, item.c.created_at >= since, post.c.flagged)
    query = (
        select(item.c.id, item.c.label, item.c.lang, post.c.source_id)
        .join(post, post.c.id == item.c.post_id)
        .where(*window, IS_OWN)
    )
    flagged = (
        select(item.c.id, flag.c.label)
        .join(post, post.c.id == item.c.post_id)
        .join(flag, (flag.c.post_id == post.c.id) & (flag.c.version == post.c.version))
        .where(*window, IS_OWN)
    )
    labels: dict[int, set[str]] = {}
    for key, label in conn.execute(flagged):
        labels.setdefault(key, set()).add(label)
    kinds: Counter[Kind] = Counter()
    for key, label, lang, source_id in conn.execute(query):
        kinds[Kind(frozenset({label, *labels.get(key, ())}), lang, str(source_id))] += 1
    oldest = select(item.c.created_at).where(item.c.id > beyond).order_by(item.c.id).limit(1)
    reached = conn.execute(oldest).scalar()
    return Recent(kinds, capped=beyond > 0 and reached is not None and reached >= since)


def _set(conn: Connection, route_id: str, state: RouteState, values: Mapping[str, object]) -> Route:
    query = update(route).where(route.c.id == int(route_id))
    conn.execute(query.values(state=state.value, **values))
    return get(conn, route_id)


def _list(conn: Connection, which: ColumnElement[bool]) -> list[Route]:
    query = select(route).where(which).order_by(route.c.position, route.c.id)
    return [_route(row) for row in conn.execute(query)]


def _id(key: int | None) -> str | None:
    return None if key is None else str(key)


def _route(row: Row[*tuple[Any, ...]]) -> Route:
    rule = Rule(
        name=row.name,
        position=row.position,
        labels=tuple(cast("list[str]", row.labels)),
        langs=tuple(cast("list[str]", row.langs)),
        sources=tuple(cast("list[str]", row.sources)),
        team_id=str(row.team_id),
    )
    return Route(
        id=str(row.id),
        rule=rule,
        state=RouteState(row.state),
        proposed_by=str(row.proposed_by),
        proposed_at=row.proposed_at,
        approved_by=_id(row.approved_by),
        approved_at=row.approved_at,
        ended_by=_id(row.ended_by),
        ended_at=row.ended_at,
    )
