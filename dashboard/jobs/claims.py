"""Give a person the next items, keep them theirs for a while, and take them back.

Reviewers and coordinators claim; only coordinators get what was skipped three times, and only they
take an item from somebody else.
"""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import filters, languages
from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import InputError
from evenhand.data.records import Claim, Role
from evenhand.data.store import cards, claims, drafts, langs
from evenhand.data.store.claims import QUEUES, Wish
from evenhand.data.store.golds import Hidden
from evenhand.data.store.random_share import AtRandom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor, Item
    from evenhand.data.store.connect import Store

MOST_AT_ONCE = 50
# Nobody may foresee which items are gold, or drawn at random.
CHANCE = SystemRandom().random
LONGEST_REASON = 200
LONGEST_THREAD = 50
Filter = filters.Filter
NO_FILTER = Filter()
# Nobody needs to know more exactly than this how much waits; counting on would cost time.
MOST_COUNTED = 1_000
# Screens take the type from here: they do not see the store.
ThreadPost = cards.ThreadPost


def claim_next(  # noqa: PLR0913 - the filters of the queue, all optional
    store: Store,
    actor: Actor,
    *,
    now: datetime,
    queues: Sequence[str] | None = None,
    only: Filter = NO_FILTER,
    count: int = 10,
    lease_minutes: float = 10,
    gold_share: float = 0.0,
    random_share: float = 0.0,
    chance: Callable[[], float] = CHANCE,
) -> list[Item]:
    """Claim up to *count* open items and show them in the order of the queue.

    The fast queue comes first, then what waited too long, then the rest by priority.

    Claims that ran out are taken back first.
    What the actor skipped never comes again, nor what is in a language that they do not read.

    Args:
        store: Where the items are.
        actor: For whom.
        now: The time.
        queues: Only these queues; None means all.
        only: The actor's own filter.
        count: Most items, 1 to 50.
        lease_minutes: How long the claims last.
        gold_share: How much of what is handed out is gold, 0-1, without a mark.
        random_share: How much of the rest is drawn at random from all that waits, 0-1, without a
            mark either.
        chance: Gives numbers from 0 up to 1 at random; nobody may foresee them.

    Raises:
        InputError: A queue, the filter or *count* is out of range.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    count, wanted = _within(count), _known_queues(queues)
    until, hidden = now + timedelta(minutes=lease_minutes), Hidden(gold_share, chance)
    drawn = AtRandom(random_share, chance)
    with store.write() as conn:
        wish = _wish(actor, wanted, only, count, langs.read_by(conn, actor.id))
        held = claims.claim(conn, wish, now=now, until=until, hidden=hidden, at_random=drawn)
        return cards.load(conn, held, now)


def waiting(
    store: Store,
    actor: Actor,
    queues: Sequence[str] | None = None,
    only: Filter = NO_FILTER,
) -> int:
    """Count the open items that the actor may claim; a queue's count stops at MOST_COUNTED.

    Args:
        store: Where the items are.
        actor: Who would claim.
        queues: Only these queues; None means all.
        only: The actor's own filter.

    Raises:
        InputError: There is no such queue, or nothing that the filter asks for.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    return sum(waiting_by_queue(store, actor, queues, only).values())


def waiting_by_queue(
    store: Store,
    actor: Actor,
    queues: Sequence[str] | None = None,
    only: Filter = NO_FILTER,
) -> dict[str, int]:
    """Count what `waiting` counts by queue, the urgent one first."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    wanted = _known_queues(queues)
    with store.read() as conn:
        wish = _wish(actor, wanted, only, MOST_COUNTED, langs.read_by(conn, actor.id))
        return claims.waiting(conn, wish)


def held(store: Store, actor: Actor, now: datetime) -> list[Item]:
    """Show what the actor holds already, in the order of the queue: for a page that reloads."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        return cards.load(conn, claims.held_by(conn, actor.id, now), now)


def extend(
    store: Store,
    actor: Actor,
    wanted: Sequence[tuple[str, int]],
    now: datetime,
    lease_minutes: float = 10,
) -> list[Claim]:
    """Prolong live claims as a sign of life, up to 30 minutes after they began.

    Returns:
        The claims that live, with their ends; those that are missing were lost.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    lease = timedelta(minutes=lease_minutes)
    with store.write() as conn:
        return claims.extend(conn, actor.id, wanted, now=now, lease=lease)


def release(store: Store, actor: Actor, wanted: Sequence[tuple[str, int]], now: datetime) -> int:
    """Give claims back undecided and say how many; lost ones are passed over."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        return claims.release(conn, actor.id, wanted, now)


def release_all(store: Store, actor: Actor, now: datetime) -> int:
    """Give back everything the actor holds, for a break, and say how much it was."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        return claims.release_all(conn, actor.id, now, actor.id)


def skip(  # noqa: PLR0913, PLR0917 - a claim's two parts, who, why and when
    store: Store,
    actor: Actor,
    item_id: str,
    number: int,
    reason: str,
    now: datetime,
) -> bool:
    """Give an item back that one cannot decide; it never returns to the same person.

    Returns:
        Whether it is escalated now: the third skip brings it before a coordinator.

    Raises:
        ClaimLost: The claim ended.
        InputError: There is no reason, or it is too long.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        msg = f"a skip needs a reason of 1 to {LONGEST_REASON} characters; say why"
        raise InputError(msg)
    with store.write() as conn:
        return claims.put_skip(conn, actor.id, (item_id, number), reason, now)


def unassign(store: Store, actor: Actor, item_id: str, now: datetime) -> bool:
    """Take an item from whoever holds it, for coordinators; say whether anybody did."""
    require_person(actor, Role.COORDINATOR)
    with store.write() as conn:
        return claims.unassign(conn, item_id, now, actor.id)


def sweep(store: Store, now: datetime) -> int:
    """Take back claims that ran out and say how many: the worker does so when nobody claims."""
    with store.write() as conn:
        return claims.sweep(conn, now)


def thread(
    store: Store, actor: Actor, item_id: str, number: int, now: datetime
) -> list[ThreadPost]:
    """Show the posts around an item, oldest first, only while the actor's claim lives.

    That it was read is logged with the item: these posts were flagged for nothing.

    Raises:
        ClaimLost: The claim ended.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        found = cards.thread(conn, Claim(item_id, number, actor.id, now), now, LONGEST_THREAD)
        change = claims.Change(
            claims.key_of(item_id),
            "thread_read",
            now,
            actor.id,
            number,
            {"posts": len(found)},
        )
        claims.log(conn, [change])
    return found


def save_draft(
    store: Store,
    actor: Actor,
    held: tuple[str, int],
    draft: Mapping[str, object],
    now: datetime,
) -> None:
    """Keep what the actor has begun to write about a held item (*held* is item and number).

    Raises:
        ClaimLost: The claim ended; the draft saved before is still there.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        # Held until the end, so that no draft is left of a post that is erased meanwhile.
        claims.lock_item(conn, held[0])
        claims.check_held(conn, actor.id, held, now, answering=True)
        drafts.put(conn, actor.id, held[0], draft, now)


def load_draft(store: Store, actor: Actor, item_id: str) -> dict[str, object]:
    """Find the actor's own draft for an item, also after the claim ended; empty without one."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        return drafts.get(conn, actor.id, item_id)


def _wish(
    actor: Actor, queues: tuple[str, ...], only: Filter, count: int, known: frozenset[str]
) -> Wish:
    """Put together what the actor may have and wants; *known* are the languages they read."""
    chosen = filters.checked(only)
    return Wish(
        person_id=actor.id,
        queues=queues,
        langs=languages.suiting(known, chosen.langs or None),
        team_id=actor.team_id,
        escalated=Role.COORDINATOR in actor.roles,
        count=count,
        labels=chosen.labels or None,
        sources=chosen.sources or None,
    )


def _known_queues(queues: Sequence[str] | None) -> tuple[str, ...]:
    wanted = QUEUES if queues is None else tuple(queues)
    if unknown := set(wanted) - set(QUEUES):
        msg = f"no queue is called {sorted(unknown)}; the queues are {', '.join(QUEUES)}"
        raise InputError(msg)
    return tuple(queue for queue in QUEUES if queue in wanted)


def _within(count: int) -> int:
    if not 1 <= count <= MOST_AT_ONCE:
        msg = f"{count} items cannot be claimed at once; ask for 1 to {MOST_AT_ONCE}"
        raise InputError(msg)
    return count
