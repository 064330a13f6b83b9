"""Routing: which team gets a new item, by rules that two persons put in force.

A rule may ask for labels (policies and requests), languages and sources.
Topic, sentiment and author are no part of it, and cannot become one: the fields are closed.
What a rule would do is shown in counts before anybody approves it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import routes
from evenhand.data.store.rollups import Days
from evenhand.data.store.routes import Kind, RouteState
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.routes import Names, Recent

# Screens take the types from here: they do not see the store.
Route = routes.Route
Rule = routes.Rule
PROPOSING = (Role.COORDINATOR,)
APPROVING = (Role.COORDINATOR, Role.ADMIN)
LABELS = (*(one.value for one in Policy), *(one.value for one in Request))
PREVIEWED = timedelta(days=7)
LANGS_SEEN = timedelta(days=28)
# A preview costs the same however much comes in; beyond this it speaks of the newest.
MOST_PREVIEWED = 20_000
LONGEST_NAME = 80
LAST_POSITION = 99
# Codes as the language finder writes them.
_LANG = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Line:
    """One route as a page shows it, with people, team and sources by their names.

    *would_take* counts the previewed items that it gets: those that fit and that no earlier route
    takes; None for an ended one.
    *own* says that whoever looks proposed it.
    """

    route: Route
    team: str
    sources: tuple[str, ...]
    proposed_by: str
    approved_by: str | None
    ended_by: str | None
    would_take: int | None
    own: bool
    may_approve: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """All routes; *made* items were previewed, and *capped* says that there were more of them."""

    in_force: tuple[Line, ...]
    waiting: tuple[Line, ...]
    ended: tuple[Line, ...]
    made: int
    capped: bool
    may_propose: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a rule may ask for: labels, languages, and sources and teams by their ids."""

    labels: tuple[str, ...]
    langs: tuple[str, ...]
    sources: Mapping[str, str]
    teams: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """How many of the items *made* in the last 7 days a rule would have taken."""

    taken: int
    made: int
    capped: bool


def team_for(
    in_order: Iterable[Route], labels: Collection[str], lang: str, source_id: str
) -> str | None:
    """Give the team of a new item: that of the first route in force that fits.

    Args:
        in_order: Routes in the order in which they are read, as `in_force` gives them.
        labels: Of all flags of the post; one that the route names is enough.
        lang: Of the post.
        source_id: Where the post comes from.

    Returns:
        None where no route fits: the item then belongs to its source's team.
    """
    found = _first(in_order, Kind(frozenset(labels), lang, source_id))
    return None if found is None else found.rule.team_id


def in_force(store: Store) -> list[Route]:
    """List the routes that new items are held against, for the worker, pull and import."""
    with store.read() as conn:
        return routes.in_force(conn)


def listing(store: Store, actor: Actor, now: datetime) -> Listing:
    """Show all routes in their order, each with what it would have taken in the last 7 days.

    Raises:
        NotAllowed: The actor is neither coordinator nor admin.
    """
    access.require(actor, *APPROVING)
    with store.read() as conn:
        found = routes.list_all(conn)
        made = routes.recent(conn, now - PREVIEWED, MOST_PREVIEWED)
        names = routes.names(conn)
    by_state: dict[RouteState, list[Line]] = {state: [] for state in RouteState}
    for one in found:
        taken = None if one.state is RouteState.ENDED else _would_take(found, one, made)
        by_state[one.state].append(_line(one, taken, actor, names))
    return Listing(
        in_force=tuple(by_state[RouteState.ACTIVE]),
        waiting=tuple(by_state[RouteState.PROPOSED]),
        ended=tuple(by_state[RouteState.ENDED]),
        made=sum(made.kinds.values()),
        capped=made.capped,
        may_propose=bool(actor.roles.intersection(PROPOSING)),
    )


def choices(store: Store, actor: Actor, now: datetime) -> Choices:
    """List what a rule may ask for, and a search; languages are those of 28 days' items, and ours.

    Raises:
        NotAllowed: The actor is neither coordinator nor admin.
    """
    access.require(actor, *APPROVING)
    with store.read() as conn:
        names = routes.names(conn)
        came_in = routes.langs(conn, Days((now - LANGS_SEEN).date(), now.date()))
    langs = {*LANGUAGES, *came_in}
    return Choices(LABELS, tuple(sorted(langs)), names.sources, names.teams)


def preview(store: Store, actor: Actor, rule: Rule, now: datetime) -> Preview:
    """Count what a rule would have taken in the last 7 days, at its place among those in force.

    Only counts: no item is named and no text is read.

    Raises:
        InputError: The rule asks for something that there is not.
        NotAllowed: The actor is neither coordinator nor admin.
    """
    access.require(actor, *APPROVING)
    with store.read() as conn:
        wanted = _checked(rule, routes.names(conn))
        found = routes.in_force(conn)
        made = routes.recent(conn, now - PREVIEWED, MOST_PREVIEWED)
    mine = Route("", wanted, RouteState.PROPOSED, actor.id, now, None, None, None, None)
    return Preview(_would_take(found, mine, made), sum(made.kinds.values()), made.capped)


def propose(store: Store, actor: Actor, rule: Rule, now: datetime) -> Route:
    """Note a rule, which another person has to approve before new items are routed by it.

    Raises:
        InputError: The rule has no name or asks for something that there is not.
        NotAllowed: The actor is no coordinator, or no person.
    """
    access.require_person(actor, *PROPOSING)
    with store.write() as conn:
        wanted = _checked(rule, routes.names(conn))
        _refuse_listed(routes.list_all(conn), wanted)
        made = routes.propose(conn, wanted, person_id=actor.id, now=now)
        data = {
            "team": wanted.team_id,
            "position": wanted.position,
            "labels": list(wanted.labels),
            "langs": list(wanted.langs),
            "sources": list(wanted.sources),
        }
        routes.log(conn, now, actor.id, "route_proposed", made.id, data)
    return made


def approve(store: Store, actor: Actor, route_id: str, now: datetime) -> Route:
    """Put a route in force as the second person; items that are there already stay.

    Raises:
        InputError: It is not waiting for approval.
        NotAllowed: The actor proposed it, lacks the role, or is no person.
        NotFound: There is no such route.
    """
    access.require_person(actor, *APPROVING)
    with store.write() as conn:
        made = routes.approve(conn, route_id, person_id=actor.id, now=now)
        data = {"proposed_by": made.proposed_by}
        routes.log(conn, now, actor.id, "route_approved", route_id, data)
    return made


def end(store: Store, actor: Actor, route_id: str, now: datetime) -> None:
    """End a route at once, or put a proposal aside; one person is enough to take back.

    Raises:
        InputError: It is over already.
        NotAllowed: The actor is neither coordinator nor admin, or no person.
        NotFound: There is no such route.
    """
    access.require_person(actor, *APPROVING)
    with store.write() as conn:
        before = routes.end(conn, route_id, person_id=actor.id, now=now)
        routes.log(conn, now, actor.id, "route_ended", route_id, {"state": before.state.value})


def _checked(rule: Rule, names: Names) -> Rule:
    """Give the rule with its name composed and its lists in order, without doubles."""
    name = unicodedata.normalize("NFC", rule.name).strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        msg = (
            f"a route needs a name of 1 to {LONGEST_NAME} printable characters and has {len(name)}"
        )
        raise InputError(msg)
    if not 1 <= rule.position <= LAST_POSITION:
        msg = f"position {rule.position} is out of the order; choose 1 (read first) to 99"
        raise InputError(msg)
    _refuse_unknown("label", rule.labels, LABELS)
    _refuse_unknown("source", rule.sources, names.sources)
    _refuse_unknown("team", (rule.team_id,), names.teams)
    if odd := [lang for lang in rule.langs if not _LANG.fullmatch(lang)]:
        msg = f"{odd[0]!r} is no code of a language; write it like en or vi"
        raise InputError(msg)
    return replace(
        rule,
        name=name,
        labels=tuple(sorted(set(rule.labels))),
        langs=tuple(sorted(set(rule.langs))),
        sources=tuple(sorted(set(rule.sources), key=int)),
    )


def _refuse_unknown(what: str, wanted: Iterable[str], known: Collection[str]) -> None:
    # Policies and requests are closed lists: a topic or a sentiment is no label (safeguard 1).
    if unknown := [one for one in wanted if one not in known]:
        msg = f"{unknown[0]!r} is no {what} that a route can ask for; choose one of the list"
        raise InputError(msg)


def _refuse_listed(found: Iterable[Route], wanted: Rule) -> None:
    asked = _asked(wanted)
    for one in found:
        if one.state is not RouteState.ENDED and _asked(one.rule) == asked:
            msg = (
                f"route {one.id} ({one.state.value}) asks for the same already; end that one first"
            )
            raise InputError(msg)


def _asked(rule: Rule) -> tuple[tuple[str, ...], ...]:
    return (rule.labels, rule.langs, rule.sources)


def _first(in_order: Iterable[Route], kind: Kind) -> Route | None:
    return next((one for one in in_order if _fits(one.rule, kind)), None)


def _fits(rule: Rule, kind: Kind) -> bool:
    return (
        (not rule.labels or not kind.labels.isdisjoint(rule.labels))
        and (not rule.langs or kind.lang in rule.langs)
        and (not rule.sources or kind.source_id in rule.sources)
    )


def _would_take(found: Iterable[Route], mine: Route, made: Recent) -> int:
    """Count what a route gets beside those in force, which are read in their order."""
    beside = [one for one in found if one.state is RouteState.ACTIVE and one.id != mine.id]
    in_order = sorted([*beside, mine], key=_place)
    return sum(n for kind, n in made.kinds.items() if _first(in_order, kind) is mine)


def _place(one: Route) -> tuple[int, float]:
    # A rule that nobody has proposed yet would be the last of its position.
    return (one.rule.position, int(one.id) if one.id else inf)


def _line(one: Route, would_take: int | None, actor: Actor, names: Names) -> Line:
    own = one.proposed_by == actor.id
    may = bool(actor.roles.intersection(APPROVING))
    return Line(
        route=one,
        team=names.teams[one.rule.team_id],
        sources=tuple(names.sources[key] for key in one.rule.sources),
        proposed_by=names.people[one.proposed_by],
        approved_by=None if one.approved_by is None else names.people[one.approved_by],
        ended_by=None if one.ended_by is None else names.people[one.ended_by],
        would_take=would_take,
        own=own,
        may_approve=may and not own and one.state is RouteState.PROPOSED,
        may_end=may and one.state is not RouteState.ENDED,
    )
