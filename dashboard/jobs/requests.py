"""Answer what waits for an answer, and log it; Evenhand itself sends nothing anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import require_person
from evenhand.dashboard.jobs.library import unfilled
from evenhand.data.errors import InputError
from evenhand.data.records import ItemState, Recipient, Response, ResponseKind, Role
from evenhand.data.store import cards, claims, drafts, library, macros, requests, responses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from evenhand.data.records import Actor, Claim, Flag
    from evenhand.data.store.connect import Store
    from evenhand.data.store.requests import Wait

Beginning = macros.Beginning
Logged = responses.Logged
MOST_AT_ONCE = 100
LONGEST_TEXT = 20_000
LONGEST_FIELD = 300
# Clocks of browsers and servers differ a little.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item that waits for an answer, with the text that it is about.

    *text* is None where the post was erased, or is open only to whoever takes the item.
    *severe* covers the text until it is asked for.
    *taken* says that somebody else is answering it now, *mine* that the actor is, *begun* that the
    actor has a draft for it, *by_macro* that the decision's macro has begun the response.
    *key* goes into *before* for the next page.
    """

    item_id: str
    label: str
    lang: str
    text: str | None
    flags: tuple[Flag, ...]
    severe: bool
    source_name: str
    platform: str
    published_at: datetime
    decided_at: datetime
    due_at: datetime
    taken: bool
    mine: bool
    begun: bool
    by_macro: bool
    key: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What the actor is answering now, under a live claim.

    *may_tell_police* says that the item names a threat of violence.
    *beginning* is what the decision's macro chose for the response, whoever pressed its key.
    """

    waiting: Waiting
    claim: Claim
    may_tell_police: bool
    beginning: Beginning | None


@dataclass(frozen=True, slots=True)
class Responded:
    """What became of a response; *duplicate* says that it had been logged before."""

    uuid: str
    state: ItemState
    duplicate: bool


def waiting(  # noqa: PLR0913 - the page that is wanted, all optional
    store: Store,
    actor: Actor,
    *,
    now: datetime,
    limit: int = 20,
    before: str | None = None,
    urgent: bool = False,
) -> list[Waiting]:
    """List what waits for an answer, newest decision first, or most urgent first.

    Args:
        store: Where the items are.
        actor: Who asks; the items of other teams are left out.
        now: The time.
        limit: Most items, 1 to 100.
        before: The *key* of the last item of the page before.
        urgent: Order by priority.

    Raises:
        InputError: *limit* or *before* cannot be used.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    _check_limit(limit)
    page = requests.Page(limit, urgent=urgent, before=before, team_id=actor.team_id)
    with store.read() as conn:
        found = requests.waiting(conn, page, now)
        flags = cards.flags_of(conn, [int(one.post_id) for one in found])
        ids = [one.item_id for one in found]
        begun = _Begun(drafts.among(conn, actor.id, ids), macros.beginnings(conn, ids))
        return [
            _waiting(actor, one, requests.text_of(conn, actor, one), flags, begun) for one in found
        ]


@dataclass(frozen=True, slots=True)
class _Begun:
    """The items for which the actor has a draft, and those that a macro began."""

    own: Collection[str]
    by_macro: Collection[str]


def _waiting(
    actor: Actor,
    one: Wait,
    text: str | None,
    flags_by_post: Mapping[int, tuple[Flag, ...]],
    begun: _Begun,
) -> Waiting:
    flags = flags_by_post[int(one.post_id)]
    return Waiting(
        item_id=one.item_id,
        label=one.label,
        lang=one.lang,
        text=text,
        flags=flags,
        severe=cards.is_severe(flag.label for flag in flags),
        source_name=one.source_name,
        platform=one.platform,
        published_at=one.published_at,
        decided_at=one.decided_at,
        due_at=one.due_at,
        taken=one.taken_by not in {None, actor.id},
        mine=one.taken_by == actor.id,
        begun=one.item_id in begun.own,
        by_macro=one.item_id in begun.by_macro,
        key=one.key,
    )


def take(
    store: Store, actor: Actor, item_id: str, now: datetime, lease_minutes: float = 10
) -> Claim:
    """Reserve an item for answering, so that nobody else answers it too.

    Raises:
        AlreadyDecided: It was answered already.
        ClaimLost: Somebody else is answering it, or its post was deleted.
        InputError: It has not been decided on.
        NotAllowed: The actor is no reviewer and no coordinator.
        NotFound: No item has this id.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    until = now + timedelta(minutes=lease_minutes)
    with store.write() as conn:
        return requests.take(conn, actor.id, item_id, now=now, until=until, team_id=actor.team_id)


def taken(store: Store, actor: Actor, now: datetime, item_id: str | None = None) -> Taken | None:
    """Show what the actor is answering now, with its text; None when that is nothing.

    Args:
        store: Where the items are.
        actor: Who asks.
        now: The time.
        item_id: Only this item; without it, whichever the actor took, for a page that reloads.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        found = requests.held(conn, actor.id, now, item_id)
        if found is None:
            return None
        one, claim = found
        flags = cards.flags_of(conn, [int(one.post_id)])
        beginnings = macros.beginnings(conn, [one.item_id])
        begun = _Begun(drafts.among(conn, actor.id, [one.item_id]), beginnings)
        text = requests.held_text_of(conn, one, claim, now)
        return Taken(
            waiting=_waiting(actor, one, text, flags, begun),
            claim=claim,
            may_tell_police=requests.threatens_life(conn, one.item_id),
            beginning=beginnings.get(one.item_id),
        )


def put_back(store: Store, actor: Actor, item_id: str, now: datetime) -> bool:
    """Give a reservation back without an answer; say whether there was one."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        return requests.put_back(conn, actor.id, item_id, now)


def may_tell_police(store: Store, actor: Actor, item_id: str) -> bool:
    """Say whether an item names a threat of violence, the only ground for passing it on there."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        return requests.threatens_life(conn, item_id)


def respond(  # noqa: PLR0913 - who logs which response under which rules
    store: Store,
    actor: Actor,
    response: Response,
    *,
    now: datetime,
    follow_up: bool = False,
    accounts: Collection[str] | None = None,
) -> Responded:
    """Log what was done elsewhere; the same uuid again changes nothing.

    The item must have been decided on, and nobody else may be answering it.

    Args:
        store: Where the items are.
        actor: Who logs it.
        response: What was done.
        now: The time.
        follow_up: One more response on an item that was answered.
        accounts: The team's disclosed accounts, of which the response must name one; None where
            the history of a demo is made up.

    Raises:
        AlreadyDecided: The item has a response and this is no follow-up.
        ClaimLost: Somebody else is answering the item, or its post was deleted.
        InputError: A placeholder stands open, or another check below fails.
        NotAllowed: The actor is no reviewer and no coordinator.
        NotFound: No item has this id.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    _check(response, now)
    _check_account(response, accounts)
    with store.write() as conn:
        # The same response sent twice at once: the second finds the first.
        claims.lock_item(conn, response.item_id)
        before = responses.find(conn, response.uuid)
        if before is not None:
            if (before.response, before.given_by) != (response, actor.id):
                msg = f"the uuid {response.uuid} stands for another response; reload the page"
                raise InputError(msg)
            return Responded(response.uuid, ItemState.ANSWERED, duplicate=True)
        name, version = response.template_id, response.template_version
        if name is not None and not library.exists(conn, name, version or 0):
            msg = f"no template is called {name} in version {version}; choose another"
            raise InputError(msg)
        if response.recipient is Recipient.POLICE:
            _check_police(requests.threatens_life(conn, response.item_id))
        requests.put(conn, actor, response, now=now, follow_up=follow_up)
        drafts.drop(conn, response.item_id)
    return Responded(response.uuid, ItemState.ANSWERED, duplicate=False)


def history(store: Store, actor: Actor, item_id: str) -> list[Logged]:
    """List the responses of an item, oldest first."""
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        return responses.history(conn, item_id, actor.team_id)


def logged(store: Store, actor: Actor, limit: int = 20, before: str | None = None) -> list[Logged]:
    """List the responses that were logged last, newest first.

    Args:
        store: Where they are.
        actor: Who asks; the items of other teams are left out.
        limit: Most responses, 1 to 100.
        before: The *key* of the last response of the page before.

    Raises:
        InputError: *limit* or *before* cannot be used.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    _check_limit(limit)
    with store.read() as conn:
        return responses.latest(conn, limit, before, actor.team_id)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MOST_AT_ONCE:
        msg = f"{limit} cannot be listed at once; ask for 1 to {MOST_AT_ONCE}"
        raise InputError(msg)


def _check(new: Response, now: datetime) -> None:
    fields = {"uuid": new.uuid, "channel": new.channel, "account": new.account}
    for name, value in {**fields, "text": new.text, "language": new.language}.items():
        if not value.strip():
            msg = f"the response has no {name}; {HOW_TO_MEND.get(name, 'fill it in')}"
            raise InputError(msg)
    for name, value in {**fields, "language": new.language, "result": new.result}.items():
        if len(value) > LONGEST_FIELD:
            msg = f"{name} has {len(value)} characters; keep it under {LONGEST_FIELD}"
            raise InputError(msg)
    if len(new.text) > LONGEST_TEXT:
        msg = f"the text has {len(new.text)} characters; keep it under {LONGEST_TEXT}"
        raise InputError(msg)
    if still_open := unfilled(new.text):
        names = ", ".join(name or "{}" for name in still_open)
        msg = f"the text still has placeholders: {names}; fill them in"
        raise InputError(msg)
    if new.given_at > now + AHEAD:
        msg = f"the response is dated {new.given_at:%Y-%m-%d %H:%M}, ahead of now; mend the time"
        raise InputError(msg)
    _check_recipient(new)


HOW_TO_MEND = {
    "account": "name the team's disclosed account that it was given from",
    "uuid": "reload the page",
}


def _check_recipient(new: Response) -> None:
    passed_on = new.kind is ResponseKind.PASSED_TO_SERVICE
    if passed_on and new.recipient is None:
        msg = f"name who it was passed to: one of {', '.join(Recipient)}"
        raise InputError(msg)
    if not passed_on and new.recipient is not None:
        msg = (
            f"a {new.kind.value} has no recipient; leave {new.recipient.value} out, "
            f"or log it as {ResponseKind.PASSED_TO_SERVICE.value}"
        )
        raise InputError(msg)


def _check_account(response: Response, accounts: Collection[str] | None) -> None:
    if accounts is not None and response.account not in accounts:
        msg = (
            f"{response.account} is none of the team's disclosed accounts; list it under "
            "`accounts` in evenhand.toml, or choose another"
        )
        raise InputError(msg)


def _check_police(threat: bool) -> None:  # noqa: FBT001 - one fact, named by its only caller
    if not threat:
        msg = (
            "a post is passed to the police only for a threat of violence, and neither the flags "
            "nor the decision of this item name one; choose another recipient"
        )
        raise InputError(msg)
