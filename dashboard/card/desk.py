"""What the server does with the card's messages, and what it hands back.

A message is one of decide, undo, skip, thread, beat, each with a uuid of the browser's making.
The browser repeats a message until its uuid is acknowledged, so each is answered once here and
the repeat gets the same answer.
This module knows nothing of the screen; the component and the tests call it alike.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import claims, decisions
from evenhand.data.errors import EvenhandError, InputError
from evenhand.data.records import Decision, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.claims import ThreadPost
    from evenhand.data.records import Actor, Item
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

ACKS_KEPT = 400
MOST_MESSAGES = 200
# Why somebody may pass an item on; worded under `review.skip_<id>`.
SKIP_REASONS = ("language", "context", "expertise", "care", "technical")


@dataclass(slots=True)
class Desk:
    """What one reviewer holds in one browser tab.

    *acks* remembers which messages were answered, *refused* the sentences of those that were not
    carried out; *today* counts the decisions taken in this session.
    """

    queues: tuple[str, ...] | None = None
    langs: tuple[str, ...] | None = None
    held: dict[str, Item] = field(default_factory=dict)
    acks: OrderedDict[str, None] = field(default_factory=OrderedDict)
    refused: list[dict[str, str]] = field(default_factory=list)
    thread_item: str | None = None
    thread: list[ThreadPost] = field(default_factory=list)
    today: int = 0
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is done: the store, who works, under which settings."""

    store: Store
    actor: Actor
    settings: Settings


def receive(
    place: Place, desk: Desk, messages: Sequence[Mapping[str, object]], now: datetime
) -> None:
    """Carry out *messages* in their order; each uuid is answered once."""
    for message in list(messages)[:MOST_MESSAGES]:
        uuid = str(message.get("uuid", ""))
        if not uuid or uuid in desk.acks:
            continue
        try:
            _carry_out(place, desk, message, now)
        except EvenhandError as error:
            _refuse(desk, uuid, str(error))
            desk.held.pop(str(message.get("item", "")), None)
        desk.acks[uuid] = None
        while len(desk.acks) > ACKS_KEPT:
            desk.acks.popitem(last=False)


def refill(place: Place, desk: Desk, now: datetime) -> None:
    """Claim until the desk holds as many items as the settings say; drop what ran out."""
    if not desk.loaded:
        desk.loaded = True
        for item in claims.held(place.store, place.actor, now):
            desk.held[item.id] = item
    for item in list(desk.held.values()):
        if item.claim is None or item.claim.until <= now:
            del desk.held[item.id]
    missing = place.settings.review.prefetch - len(desk.held)
    if missing <= 0:
        return
    found = claims.claim_next(
        place.store,
        place.actor,
        now=now,
        queues=desk.queues,
        langs=desk.langs,
        count=missing,
        lease_minutes=place.settings.review.lease_minutes,
    )
    desk.held.update({item.id: item for item in found})


def put_down(place: Place, desk: Desk, now: datetime) -> None:
    """Give everything back: the reviewer changed the queue."""
    claims.release_all(place.store, place.actor, now)
    desk.held.clear()
    desk.thread_item, desk.thread = None, []


def _carry_out(place: Place, desk: Desk, message: Mapping[str, object], now: datetime) -> None:
    kind = message.get("kind")
    if kind == "decide":
        _decide(place, desk, message, now)
    elif kind == "undo":
        _undo(place, desk, str(message.get("target", "")), now)
    elif kind == "skip":
        item_id, number = _handle(message)
        reason = str(message.get("reason", ""))
        if reason not in SKIP_REASONS:
            msg = f"{reason!r} is no reason to skip; choose one of those shown"
            raise InputError(msg)
        claims.skip(place.store, place.actor, item_id, number, reason, now)
        desk.held.pop(item_id, None)
    elif kind == "thread":
        item_id, number = _handle(message)
        desk.thread = claims.thread(place.store, place.actor, item_id, number, now)
        desk.thread_item = item_id
    elif kind == "beat":
        _extend(place, desk, message, now)
    else:
        msg = f"{kind!r} is nothing that the card can ask for; reload the page"
        raise InputError(msg)


def _decide(place: Place, desk: Desk, message: Mapping[str, object], now: datetime) -> None:
    item_id, number = _handle(message)
    policy = message.get("policy")
    try:
        outcome = Outcome(str(message.get("outcome")))
        version = int(str(message.get("version")))
    except ValueError as error:
        msg = "the decision could not be read; reload the page and decide again"
        raise InputError(msg) from error
    decision = Decision(
        uuid=str(message["uuid"]),
        item_id=item_id,
        claim_number=number,
        version=version,
        outcome=outcome,
        policy=None if policy is None else str(policy),
        note=str(message.get("note") or ""),
    )
    done = decisions.decide(place.store, place.actor, decision, now=now)
    desk.held.pop(item_id, None)
    desk.today += not done.duplicate


def _undo(place: Place, desk: Desk, target: str, now: datetime) -> None:
    taken_back = decisions.undo_last(
        place.store,
        place.actor,
        now,
        within_s=place.settings.review.undo_s,
        lease_minutes=place.settings.review.lease_minutes,
    )
    if taken_back is None or taken_back != target:
        msg = "that decision can no longer be taken back; ask a coordinator to reopen the item"
        raise InputError(msg)
    desk.today = max(0, desk.today - 1)
    # What came back stands first again, as it did before.
    again = {item.id: item for item in claims.held(place.store, place.actor, now)}
    new = {key: item for key, item in again.items() if key not in desk.held}
    desk.held = {**new, **desk.held}


def _extend(place: Place, desk: Desk, message: Mapping[str, object], now: datetime) -> None:
    wanted = []
    for pair in cast("Sequence[Sequence[object]]", message.get("held") or []):
        item_id, number = str(pair[0]), int(str(pair[1]))
        wanted.append((item_id, number))
    minutes = place.settings.review.lease_minutes
    claims.extend(place.store, place.actor, wanted, now, minutes)
    fresh = {item.id: item for item in claims.held(place.store, place.actor, now)}
    desk.held = {key: fresh[key] for key in desk.held if key in fresh}


def _handle(message: Mapping[str, object]) -> tuple[str, int]:
    try:
        return str(message["item"]), int(str(message["number"]))
    except (KeyError, ValueError) as error:
        msg = "the card's message names no item; reload the page"
        raise InputError(msg) from error


def _refuse(desk: Desk, uuid: str, sentence: str) -> None:
    desk.refused.append({"uuid": uuid, "sentence": sentence})
    del desk.refused[:-20]
