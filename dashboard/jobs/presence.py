"""What waits where, and who is at work at this moment, for coordinators.

The names are those of the team's own people; there is no order among them but the alphabet's and
no figure of how fast anybody is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from operator import add
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.records import Origin, Role
from evenhand.data.store import langs, standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.langs import Readers

# Screens take the types from here: they do not see the store.
Waits = standing.Waits
Presence = standing.Presence


@dataclass(frozen=True, slots=True)
class Capacity:
    """What waits in one language, and how many people of the team read it."""

    lang: str
    items: int
    overdue: int
    readers: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the queues stand: what waits, who holds what, and of how many people.

    *present* is None for whoever is no coordinator: names are not theirs to see.
    *langs* tells the same by language, the one in which most waits first.
    """

    waits: tuple[Waits, ...]
    present: tuple[Presence, ...] | None
    reviewers: int
    langs: tuple[Capacity, ...]

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
        langs_read = langs.readers(conn, actor.team_id)
        people = standing.reviewers(conn, actor.team_id)
    return Standing(tuple(waits), present, people, _by_lang(waits, langs_read))


def drawn_together(waits: Iterable[Waits]) -> list[Waits]:
    """Count what was drawn to be read over all languages; the rest stays as it is, in its order.

    A line of a rare language, with one item in it, would tell whoever reads that item that it is an
    audit, which is blind.
    """
    others, drawn = [], dict[str, Waits]()
    for one in waits:
        if one.label != Origin.AUDIT.value:
            others.append(one)
            continue
        so_far = drawn.get(one.queue)
        drawn[one.queue] = replace(one, lang="") if so_far is None else _sum(so_far, one)
    return [*others, *drawn.values()]


def _sum(one: Waits, other: Waits) -> Waits:
    return replace(
        one,
        by_age=tuple(map(add, one.by_age, other.by_age)),
        held=one.held + other.held,
        overdue=one.overdue + other.overdue,
        escalated=one.escalated + other.escalated,
        oldest_at=min(one.oldest_at, other.oldest_at),
    )


def _by_lang(waits: Iterable[Waits], readers: Readers) -> tuple[Capacity, ...]:
    items: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for one in waits:
        items[one.lang] += one.items
        overdue[one.lang] += one.overdue
    in_order = sorted(items, key=lambda lang: (-items[lang], lang))
    return tuple(Capacity(lang, items[lang], overdue[lang], readers.of(lang)) for lang in in_order)
