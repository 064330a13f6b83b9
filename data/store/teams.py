"""Teams: their names, how many people take items in each, and what waits for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evenhand.data.records import Role
from evenhand.data.store.backlog import LIVE
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import item, membership, person, team

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

TAKING = (Role.REVIEWER.value, Role.COORDINATOR.value)
# What is routed to no team waits for every team; roll-ups keep it under this number.
NOBODYS = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A team by the number that roll-ups know; *people* take items in it."""

    id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class TeamWaits:
    """What waits for one team, or for every team (`NOBODYS`)."""

    team_id: int
    items: int
    oldest_at: datetime


def list_all(conn: Connection) -> list[Team]:
    """List the teams by name, with how many people may take items in each."""
    people = (
        select(membership.c.team_id, func.count(membership.c.person_id.distinct()).label("people"))
        .join(person, person.c.id == membership.c.person_id)
        .where(membership.c.role.in_(TAKING), person.c.disabled_at.is_(None))
        .group_by(membership.c.team_id)
        .subquery()
    )
    query = (
        select(team.c.id, team.c.name, func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.team_id == team.c.id)
        .order_by(team.c.name)
    )
    return [Team(key, name, int(count)) for key, name, count in conn.execute(query)]


def waiting(conn: Connection) -> list[TeamWaits]:
    """Count what waits for a decision by team, in somebody's hands or not."""
    found: dict[int, TeamWaits] = {}
    key = func.coalesce(item.c.team_id, NOBODYS)
    for state in LIVE:
        query = (
            select(key, func.count(), func.min(item.c.created_at))
            .where(state, IS_OWN)
            .group_by(item.c.team_id)
        )
        for team_id, items, oldest_at in conn.execute(query):
            one = found.get(team_id, TeamWaits(team_id, 0, oldest_at))
            oldest = min(one.oldest_at, oldest_at)
            found[team_id] = TeamWaits(team_id, one.items + int(items), oldest)
    return [found[team_id] for team_id in sorted(found)]
