"""Gold items: proposed by one person, put to use by a second, read without a mark, practised on.

What single people made of hidden gold is told to themselves alone, and a day later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import languages
from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import InputError
from evenhand.data.records import Item, Outcome, Role
from evenhand.data.store import cards, claims, golds, langs, people, reviews
from evenhand.data.store.claims import QUEUES, Wish
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

KEEPING = (Role.COORDINATOR, Role.ANALYST)
PRACTISING = (Role.REVIEWER, Role.COORDINATOR)
SHORTEST_EXPLANATION = 10
LONGEST_EXPLANATION = 2_000
# In the middle of a shift it would tell which items are gold, and an undo may still come.
TOLD_AFTER = timedelta(days=1)
TOLD_FOR = timedelta(days=90)
# Which item comes next.
CHANCE = SystemRandom().random
OUTCOMES = tuple(one for one in Outcome if one is not Outcome.NOT_SURE)
# Screens take the types from here: they do not see the store.
Gold = golds.Gold
GoldRead = golds.GoldRead
NewGold = golds.NewGold


@dataclass(frozen=True, slots=True)
class Line:
    """A gold item as a page shows it, with people by their names."""

    gold: Gold
    proposed_by: str
    approved_by: str | None
    may_approve: bool
    own: bool


def listing(store: Store, actor: Actor) -> list[Line]:
    """List the gold items of the actor's team, newest first.

    Raises:
        NotAllowed: The actor is neither coordinator nor analyst.
    """
    require_person(actor, *KEEPING)
    with store.read() as conn:
        found = golds.list_all(conn, actor.team_id)
        names = {one.id: one.name for one in people.list_all(conn)}
    return [
        Line(
            gold=one,
            proposed_by=names[one.proposed_by],
            approved_by=None if one.approved_by is None else names[one.approved_by],
            may_approve=one.approved_by is None
            and one.retired_at is None
            and one.proposed_by != actor.id,
            own=one.proposed_by == actor.id,
        )
        for one in found
    ]


def propose(store: Store, actor: Actor, new: NewGold, now: datetime) -> str:
    """Propose a decided item as gold, with what is right of it and why; give its id.

    Raises:
        InputError: Outcome, policy or explanation do not fit, or the item cannot be gold.
        NotAllowed: The actor is neither coordinator nor analyst, or no person.
        NotFound: The actor's team has no such item.
    """
    require_person(actor, *KEEPING)
    checked = _checked(new)
    with store.write() as conn:
        made = golds.propose(conn, actor.id, checked, actor.team_id, now)
        # No explanation: it may quote the post.
        data = {"item": new.item_id, "outcome": new.outcome, "policy": new.policy}
        golds.note(conn, actor.id, "gold_proposed", made, data, now)
    return made


def _checked(new: NewGold) -> NewGold:
    explanation = new.explanation.strip()
    if new.outcome not in {one.value for one in OUTCOMES}:
        msg = f"{new.outcome!r} is no outcome of gold; choose one of {', '.join(OUTCOMES)}"
        raise InputError(msg)
    violates = new.outcome == Outcome.VIOLATES.value
    if violates != (new.policy in {one.value for one in Policy}):
        msg = "gold names a policy exactly where it violates one; choose both, or neither"
        raise InputError(msg)
    if not SHORTEST_EXPLANATION <= len(explanation) <= LONGEST_EXPLANATION:
        msg = (
            f"gold needs an explanation of {SHORTEST_EXPLANATION} to {LONGEST_EXPLANATION} "
            "characters; say why this and no other outcome is right"
        )
        raise InputError(msg)
    return NewGold(new.item_id, new.outcome, new.policy if violates else None, explanation)


def approve(store: Store, actor: Actor, gold_id: str, now: datetime) -> None:
    """Put a proposed gold item to use; whoever proposed it never does.

    Raises:
        InputError: The actor proposed it, or it does not wait.
        NotAllowed: The actor is neither coordinator nor analyst, or no person.
        NotFound: There is no such gold item.
    """
    require_person(actor, *KEEPING)
    with store.write() as conn:
        found = golds.approve(conn, actor.id, gold_id, actor.team_id, now)
        golds.note(conn, actor.id, "gold_approved", found.id, {"item": found.item_id}, now)


def retire(store: Store, actor: Actor, gold_id: str, now: datetime) -> None:
    """Take a gold item out of use, or a proposal back.

    Raises:
        InputError: It is out of use already.
        NotAllowed: The actor is neither coordinator nor analyst, or no person.
        NotFound: There is no such gold item.
    """
    require_person(actor, *KEEPING)
    with store.write() as conn:
        found = golds.retire(conn, gold_id, actor.team_id, now)
        golds.note(conn, actor.id, "gold_retired", found.id, {"item": found.item_id}, now)


def own_results(store: Store, actor: Actor, now: datetime) -> list[GoldRead]:
    """Tell a person what they made of hidden gold, newest first, once a day has passed.

    Nobody else is told.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator, or no person.
    """
    require_person(actor, *PRACTISING)
    since, until = now - TOLD_FOR, now - TOLD_AFTER
    with store.read() as conn:
        found = golds.readings(conn, None, since=since, until=until, person_id=actor.id)
    return found[::-1]


def practise(
    store: Store,
    actor: Actor,
    now: datetime,
    *,
    lease_minutes: float = 10,
    chance: Callable[[], float] = CHANCE,
) -> Item | None:
    """Give a person the gold item that they practise on next; None when none is left for that.

    What was practised on is never hidden among the same person's items, and half of all gold
    stays unread for measuring.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator, or no person.
    """
    require_person(actor, *PRACTISING)
    until = now + timedelta(minutes=lease_minutes)
    with store.write() as conn:
        read = languages.suiting(langs.read_by(conn, actor.id), None)
        wish = Wish(actor.id, QUEUES, read, actor.team_id, escalated=True, count=1)
        claims.sweep(conn, now)
        key = golds.for_practice(conn, wish, chance, now)
        if key is None:
            return None
        held = reviews.take(conn, actor.id, key, now=now, until=until)
        return None if held is None else next(iter(cards.load(conn, [held], now)), None)


def explained(store: Store, actor: Actor, item_id: str) -> GoldRead | None:
    """Tell what is right of an item that the actor has practised on; None before they decided.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator, or no person.
    """
    require_person(actor, *PRACTISING)
    with store.read() as conn:
        return golds.of_child(conn, item_id, actor.id)
