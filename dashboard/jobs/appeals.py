"""File an appeal against a decision, and bring it before a person who took no part.

Any member of the team may file one, on the team's own side or for the person whose post it is.
Whoever reads it sees an item like any other; what they decide upholds or overturns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import search
from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import AlreadyDecided, InputError
from evenhand.data.records import ItemState, Role
from evenhand.data.store import appeals, claims, ledger, people, posts, reviews
from evenhand.data.store.appeals import NewAppeal

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor, Claim
    from evenhand.data.store.connect import Store

SIDES = ("team", "affected")
SHORTEST_GROUND = 10
LONGEST_GROUND = 2_000
FILING = (Role.REVIEWER, Role.COORDINATOR, Role.ANALYST)
READING = (Role.REVIEWER, Role.COORDINATOR)
FINDING = (Role.COORDINATOR,)
MOST_OFFERED = 50
# What of one's own is missing from the list was read once more, and some of that is hidden gold:
# told at once, it would give the gold away in the middle of a shift.
OFFERED_AFTER = timedelta(days=1)
# Screens take the types from here: they do not see the store.
Appeal = appeals.Appeal
Decided = appeals.Decided


@dataclass(frozen=True, slots=True)
class Line:
    """An appeal that waits, with who filed it by name.

    *may_take* says that whoever looks may read it: they took no part and nobody else has it.
    """

    appeal: Appeal
    filed_by: str
    may_take: bool


def file_appeal(  # noqa: PLR0913, PLR0917 - against what, on whose side, why, by whom, when
    store: Store, actor: Actor, item_id: str, side: str, ground: str, now: datetime
) -> str:
    """Note an appeal against the decision that stands on an item, and give the appeal's id.

    Args:
        store: Where the item is.
        actor: Who files it.
        item_id: The item that was decided on.
        side: "team", or "affected" for the person whose post it is.
        ground: Why the decision is held to be wrong; it is shown with the appeal.
        now: The time.

    Raises:
        InputError: Side or ground do not fit, or the item is not decided or read again already.
        NotAllowed: The actor has none of the roles, or is no person.
        NotFound: The actor's team has no such item.
    """
    require_person(actor, *FILING)
    ground = ground.strip()
    if side not in SIDES:
        msg = f"{side!r} is no side of an appeal; choose one of {', '.join(SIDES)}"
        raise InputError(msg)
    if not SHORTEST_GROUND <= len(ground) <= LONGEST_GROUND:
        msg = (
            f"an appeal needs a ground of {SHORTEST_GROUND} to {LONGEST_GROUND} characters; "
            "say what is wrong about the decision"
        )
        raise InputError(msg)
    new = NewAppeal(item_id, side, ground)
    with store.write() as conn:
        filed = appeals.file(conn, actor.id, new, actor.team_id, now)
        # No ground: it may quote the post.
        data = {"item": item_id, "side": side, "decision": filed.decision_uuid}
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action="appeal_filed",
            subject=f"appeal:{filed.id}",
            data=data,
        )
    return filed.id


def own_decisions(store: Store, actor: Actor, now: datetime) -> list[Decided]:
    """List what the actor decided on, up to 50 items, the last first, from the day before on.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator, or no person.
    """
    require_person(actor, *READING)
    until = now - OFFERED_AFTER
    with store.read() as conn:
        return appeals.decided_by(conn, actor.id, actor.team_id, until, MOST_OFFERED)


def find_decided(store: Store, actor: Actor, words: str) -> list[Decided]:
    """Find decided items of the actor's team in which all words occur, the newest first.

    Raises:
        InputError: There are too many words, or none.
        NotAllowed: The actor is no coordinator.
    """
    require_person(actor, *FINDING)
    if not search.words_of(words):
        msg = "no word to look for; write one that occurs in the post"
        raise InputError(msg)
    look = search.find(store, actor, search.Asked(words=words, decided=True), at_most=MOST_OFFERED)
    keys = [claims.key_of(one.item_id) for one in look.found]
    with store.read() as conn:
        found = {one.item_id: one for one in appeals.standing(conn, keys, actor.team_id)}
    return [found[one.item_id] for one in look.found if one.item_id in found]


def open_decided(store: Store, actor: Actor, item_id: str, now: datetime) -> search.Opened:
    """Show the text of an item that an appeal could be about; the item's log tells of it.

    Raises:
        NotAllowed: The actor neither decided on it nor coordinates the team.
        NotFound: There is no such item.
    """
    require_person(actor, *FILING)
    if actor.roles.intersection(FINDING):
        return search.open_item(store, actor, item_id, now)
    with store.write() as conn:
        key = claims.key_of(item_id)
        permit = posts.permit_by_flag(conn, actor, item_id)
        version = posts.version_of(conn, permit.post_id) or 0
        shown = posts.text_of(conn, permit.post_id, version, permit=permit)
        claims.log(conn, [claims.Change(key, "text_read", now, actor.id)])
    return search.Opened(shown.name, shown.content)


def waiting(store: Store, actor: Actor) -> list[Line]:
    """List the appeals of the actor's team that nobody has decided on, oldest first.

    Raises:
        NotAllowed: The actor has none of the roles.
    """
    require_person(actor, *FILING)
    with store.read() as conn:
        found = appeals.waiting(conn, actor.id, actor.team_id)
        names = {one.id: one.name for one in people.list_all(conn)} if found else {}
    reads = bool(actor.roles.intersection(READING))
    return [
        Line(
            appeal=one,
            filed_by=names[one.filed_by],
            may_take=reads and one.state is ItemState.OPEN and not one.took_part,
        )
        for one in found
    ]


def take(
    store: Store, actor: Actor, appeal_id: str, now: datetime, lease_minutes: float = 10
) -> Claim:
    """Claim the item under which an appeal is read, out of turn.

    Raises:
        AlreadyDecided: Somebody else is reading it.
        InputError: The actor decided on the item before, or filed the appeal.
        NotAllowed: The actor is no reviewer and no coordinator.
        NotFound: No such appeal waits.
    """
    require_person(actor, *READING)
    with store.write() as conn:
        found = appeals.get(conn, actor.id, appeal_id, actor.team_id)
        key = int(found.review_item_id)
        reviews.refuse_part(conn, actor, key)
        until = now + timedelta(minutes=lease_minutes)
        held = reviews.take(conn, actor.id, key, now=now, until=until)
    if held is None:
        msg = f"somebody else is reading appeal {appeal_id}; take another one"
        raise AlreadyDecided(msg)
    return held
