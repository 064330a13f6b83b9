"""Policies that left people unsure: how often, on which items, and the sentence that clarifies.

A clarification words what a policy or a request means; it changes no score, no flag and no route.
Like all wording of a policy it takes two persons (safeguard 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import figures
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import clarifications, people, rollups
from evenhand.data.store.clarifications import ClarificationState
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

DAYS = 30
MOST_ITEMS = 50
SHORTEST, LONGEST = 10, 300
LABELS = tuple(one.value for one in (*Policy, *Request))
# Who sees what was not sure and words a clarification; the text of an item is a coordinator's.
READING = (Role.COORDINATOR,)
APPROVING = (Role.COORDINATOR, Role.ANALYST, Role.ADMIN)
# Screens take the types from here: they do not see the store.
Clarification = clarifications.Clarification
DoubtedItem = clarifications.DoubtedItem


@dataclass(frozen=True, slots=True)
class Unsure:
    """How often people were not sure about items of one reason and language.

    *unsure* is of the decided items that were made in the window; *settled* of them have another
    outcome by now.
    """

    label: str
    lang: str
    unsure: Share
    settled: int


@dataclass(frozen=True, slots=True)
class Line:
    """A clarification as a page shows it, with people by their names."""

    clarification: Clarification
    proposed_by: str
    approved_by: str | None
    own: bool
    simulated: bool
    may_approve: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What is shown under the policies, by label, and what waits for a second person."""

    in_force: Mapping[str, tuple[Line, ...]]
    waiting: tuple[Line, ...]


def unsure(store: Store, actor: Actor, now: datetime) -> list[Unsure]:
    """Count the decisions "not sure" by reason and language, those with the most first.

    Items made in the last 30 days count, today among them; figures are of the whole workspace.

    Raises:
        NotAllowed: The actor is no coordinator.
    """
    access.require_person(actor, *READING)
    window = figures.window(DAYS, now)
    with store.read() as conn:
        found = clarifications.doubts(conn, window)
        made = rollups.item_totals(conn, window) if found else []
    decided: dict[tuple[str, str], int] = {}
    for one in made:
        decided[one.label, one.lang] = decided.get((one.label, one.lang), 0) + one.decided
    return [
        Unsure(
            one.label,
            one.lang,
            Share(one.items, max(one.items, decided.get((one.label, one.lang), 0))),
            one.settled,
        )
        for one in found
    ]


def items_behind(
    store: Store, actor: Actor, label: str, lang: str, now: datetime
) -> list[DoubtedItem]:
    """List the items behind a figure that the actor's team sees, the newest first, without text.

    A text opens by `search.open_item`, which asks for a permit and tells the item's log.

    Raises:
        NotAllowed: The actor is no coordinator.
    """
    access.require_person(actor, *READING)
    window = figures.window(DAYS, now)
    with store.read() as conn:
        return clarifications.doubted_items(conn, window, (label, lang), actor.team_id, MOST_ITEMS)


def listing(store: Store, actor: Actor) -> Listing:
    """Show the clarifications that are in force and those that wait; open to every role.

    Raises:
        NotAllowed: The actor has no role at all.
    """
    access.require(actor, *Role)
    with store.read() as conn:
        found = clarifications.live(conn)
        known = (
            {one.id: (one.name, one.simulated) for one in people.list_all(conn)} if found else {}
        )
    lines = [_line(one, actor, known) for one in found]
    active: dict[str, tuple[Line, ...]] = {}
    for line in lines:
        one = line.clarification
        if one.state is ClarificationState.ACTIVE:
            active[one.label] = (*active.get(one.label, ()), line)
    return Listing(
        in_force=active,
        waiting=tuple(
            line for line in lines if line.clarification.state is ClarificationState.PROPOSED
        ),
    )


def propose(
    store: Store, actor: Actor, label: str, sentences: Mapping[str, str], now: datetime
) -> str:
    """Propose a clarifying sentence for a policy or a request, in both languages; give its id.

    Raises:
        InputError: The label is on no list, or a sentence is missing, too short or too long.
        NotAllowed: The actor is no coordinator, or no person.
    """
    access.require_person(actor, *READING)
    if label not in LABELS:
        msg = f"{label!r} is no policy and no request; the lists are closed, choose one of them"
        raise InputError(msg)
    worded = {lang: " ".join(sentences.get(lang, "").split()) for lang in LANGUAGES}
    for lang, sentence in worded.items():
        if not SHORTEST <= len(sentence) <= LONGEST:
            msg = (
                f"the sentence in {lang!r} has {len(sentence)} characters; a clarification needs "
                f"{SHORTEST} to {LONGEST} in each language, so that every reviewer can read it"
            )
            raise InputError(msg)
    with store.write() as conn:
        made = clarifications.propose(conn, actor.id, label, worded, now)
        clarifications.note(conn, actor.id, "clarification_proposed", (made, label), now)
    return made


def approve(store: Store, actor: Actor, clarification_id: str, now: datetime) -> None:
    """Let a proposed clarification be shown; whoever proposed it never does.

    Raises:
        InputError: The actor proposed it, or it does not wait.
        NotAllowed: The actor has none of the roles, or is no person.
        NotFound: There is no such clarification.
    """
    access.require_person(actor, *APPROVING)
    with store.write() as conn:
        found = clarifications.approve(conn, actor.id, clarification_id, now)
        which = (found.id, found.label)
        clarifications.note(conn, actor.id, "clarification_approved", which, now)


def end(store: Store, actor: Actor, clarification_id: str, now: datetime) -> None:
    """Take a clarification off, or put a proposal aside; one person is enough for less wording.

    Raises:
        InputError: It is over already.
        NotAllowed: The actor has none of the roles, or is no person.
        NotFound: There is no such clarification.
    """
    access.require_person(actor, *APPROVING)
    with store.write() as conn:
        found = clarifications.end(conn, actor.id, clarification_id, now)
        which = (found.id, found.label)
        clarifications.note(conn, actor.id, "clarification_ended", which, now)


def _line(one: Clarification, actor: Actor, known: Mapping[str, tuple[str, bool]]) -> Line:
    may, own = bool(actor.roles.intersection(APPROVING)), one.proposed_by == actor.id
    return Line(
        clarification=one,
        proposed_by=known[one.proposed_by][0],
        approved_by=None if one.approved_by is None else known[one.approved_by][0],
        own=own,
        simulated=known[one.proposed_by][1],
        may_approve=may and not own and one.state is ClarificationState.PROPOSED,
        may_end=may,
    )
