"""What waits where, and who is at work at this moment, for coordinators.

The names are those of the team's own people; there is no order among them but the alphabet's and
no figure of how fast anybody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.records import Role
from evenhand.data.store import standing

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
Waits = standing.Waits
Presence = standing.Presence


@dataclass(frozen=True, slots=True)
class Standing:
    """How the queues stand: what waits, who holds what, and of how many people.

    *present* is None for whoever is no coordinator: names are not theirs to see.
    """

    waits: tuple[Waits, ...]
    present: tuple[Presence, ...] | None
    reviewers: int

    @property
    def items(self) -> int:
        """How many items wait for a decision."""
        return sum(one.items for one in self.waits)

    @property
    def overdue(self) -> int:
        """How many of them are past their deadline."""
        return sum(one.overdue for one in self.waits)

    @property
    def held(self) -> int:
        """How many of them somebody holds."""
        return sum(one.held for one in self.waits)


def standing_of(store: Store, actor: Actor, now: datetime) -> Standing:
    """Show how the queues stand for the actor's team, or for all teams without one.

    Raises:
        NotAllowed: The actor is neither coordinator nor admin.
    """
    access.require(actor, Role.COORDINATOR, Role.ADMIN)
    with store.read() as conn:
        waits = standing.waits(conn, actor.team_id, now)
        present = None
        if Role.COORDINATOR in actor.roles:
            present = tuple(standing.present(conn, actor.team_id, now))
        return Standing(tuple(waits), present, standing.reviewers(conn, actor.team_id))
