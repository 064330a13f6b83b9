"""Trying the demo: its simulated people, one click to become one of them, and its preparation.

Only simulated people can be tried; a real person always needs their own password.
The callers check that this is the demo and that the browser runs on the same machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Role
from evenhand.data.store import tasks

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

# What the worker calls the preparation of the demo.
PREPARATION = "demo"
# One person is offered for each, in this order.
OFFERED = (Role.REVIEWER, Role.COORDINATOR, Role.LEADER, Role.ANALYST, Role.ADMIN)


def people(store: Store) -> list[Actor]:
    """List the simulated people who may be tried: the first of each role."""
    found = [
        person.actor()
        for person in access.list_people(store, access.operator())
        if person.simulated and person.disabled_at is None
    ]
    found.sort(key=lambda actor: int(actor.id))
    offered: list[Actor] = []
    for role in OFFERED:
        # Whoever holds this role and least beside it shows best what the role is.
        holders = [one for one in found if role in one.roles and one not in offered]
        if holders:
            offered.append(min(holders, key=lambda one: len(one.roles)))
    return offered


def sign_in(store: Store, person_id: str, *, now: datetime) -> str:
    """Open a session for one of the simulated people and give its token.

    Raises:
        NotAllowed: The person is not one of those who may be tried.
    """
    if person_id not in {one.id for one in people(store)}:
        msg = "only the demo's simulated people can be tried; sign in by name and password"
        raise NotAllowed(msg, role=Role.ADMIN.value)
    return access.use_link(store, access.make_link(store, person_id, now), now=now)


def preparation(store: Store) -> tuple[int, int] | None:
    """Say how many simulated posts are ready, and of how many; None when nothing is under way."""
    with store.read() as conn:
        found = tasks.latest(conn, PREPARATION)
    if found is None or found.ended_at is not None:
        return None
    return found.done, found.total
