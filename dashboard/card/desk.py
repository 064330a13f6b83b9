"""What the server does with the card's messages, and what it hands back.

A message is one of decide, undo, skip, thread, sample, apart, beat, rest, go_on and more, each with
a uuid of the browser's making.
The browser repeats a message until its uuid is acknowledged, so each is answered once here and
the repeat gets the same answer.
This module knows nothing of the screen; the component and the tests call it alike.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.card import caring
from evenhand.dashboard.card.caring import Caring
from evenhand.dashboard.card.messages import (
    read_also,
    read_handle,
    read_severity,
    read_whole,
    unsealed,
)
from evenhand.dashboard.jobs import claims, decisions, macros, waves
from evenhand.data.errors import AlreadyDecided, ClaimLost, EvenhandError, InputError, NotFound
from evenhand.data.records import Decision, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.dashboard.jobs.claims import ThreadPost
    from evenhand.dashboard.jobs.macros import Macro
    from evenhand.dashboard.jobs.waves import Copy
    from evenhand.dashboard.shell import Shell
    from evenhand.data.records import Item

ACKS_KEPT = 400
REFUSALS_KEPT = 20
MOST_MESSAGES = 200
LONGEST_UUID = 64
# Why somebody may pass an item on; worded under `review.skip_<id>`.
SKIP_REASONS = ("language", "context", "expertise", "care", "technical")
# After this long without a sign of life no more is claimed: what waits stays for the others.
AWAY = timedelta(minutes=5)
# Claim again when no more than this share is left: fewer, larger claims cost the store less, but a
# reviewer who decides ten times a second must never wait for one.
LOW_WATER = 0.8
COUNT_EVERY = timedelta(seconds=5)
# After these the item is somebody else's, or nobody's.
_GONE = (ClaimLost, AlreadyDecided, NotFound)
# With these the browser shows the next item before the server has answered.
_PASSING = ("decide", "skip")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that was not carried out; *late_undo* says that it came too late to take back."""

    uuid: str
    error: EvenhandError
    late_undo: bool = False


@dataclass(slots=True)
class Desk:
    """What one reviewer holds in one browser tab, out of *queues* and by their own filter *only*.

    *acks* remembers which messages were answered, *refused* those that were not carried out;
    *sample* is what was opened of the wave of *sample_item*, *parted* how many left it;
    *macros* are those of the team.
    *decided* counts the decisions of this session, *waiting* what else could be claimed; *caring*
    is what is known of the reviewer's reading.
    """

    queues: tuple[str, ...] | None = None
    only: claims.Filter = claims.NO_FILTER
    held: dict[str, Item] = field(default_factory=dict)
    acks: OrderedDict[str, None] = field(default_factory=OrderedDict)
    refused: list[Refusal] = field(default_factory=list)
    thread_item: str | None = None
    thread: list[ThreadPost] = field(default_factory=list)
    sample_item: str | None = None
    sample: tuple[Copy, ...] = ()
    parted: int = 0
    macros: tuple[Macro, ...] = ()
    decided: int = 0
    waiting: int = 0
    counted_at: datetime | None = None
    active_at: datetime | None = None
    caring: Caring = field(default_factory=Caring)

    def is_away(self, now: datetime) -> bool:
        """Say whether the reviewer seems to have left."""
        return self.active_at is not None and now - self.active_at > AWAY


def receive(shell: Shell, desk: Desk, messages: Sequence[object]) -> None:
    """Carry out *messages* in their order; each uuid is answered once.

    They come from a browser, so they may hold anything.
    """
    for message in list(messages)[:MOST_MESSAGES]:
        if not isinstance(message, Mapping):
            continue
        uuid = str(message.get("uuid", ""))
        if not 0 < len(uuid) <= LONGEST_UUID or uuid in desk.acks:
            continue
        opened: Mapping[str, object] = {}
        try:
            opened = unsealed(shell, message)
            _carry_out(shell, desk, opened)
        except EvenhandError as error:
            late = message.get("kind") == "undo" and isinstance(error, InputError)
            desk.refused.append(Refusal(uuid, error, late))
            del desk.refused[:-REFUSALS_KEPT]
            item_id = str(opened.get("item", ""))
            if isinstance(error, _GONE):
                desk.held.pop(item_id, None)
            elif message.get("kind") in _PASSING and item_id in desk.held:
                # The browser has gone on to the next one and puts this behind what it holds.
                desk.held[item_id] = desk.held.pop(item_id)
        desk.acks[uuid] = None
        desk.active_at = shell.now()
        while len(desk.acks) > ACKS_KEPT:
            desk.acks.popitem(last=False)
    caring.note(shell, desk.caring)


def refill(shell: Shell, desk: Desk) -> None:
    """Drop the claims that are over, then claim as many items as the settings say.

    Nothing is claimed for somebody who has left or has a break.
    """
    now = shell.now()
    if desk.active_at is None:
        # A new tab, or a page that was loaded again: what is held already comes first.
        desk.active_at = now
        desk.caring.since = now
        desk.held = {item.id: item for item in claims.held(shell.store, shell.actor, now)}
    standing = caring.look_after(shell, desk.held)
    desk.held = {key: item for key, item in desk.held.items() if key in standing.held}
    if standing.rest != desk.caring.rest:
        desk.caring.rest, desk.counted_at = standing.rest, None
    if standing.rest is not None:
        _rest(shell, desk, now)
    elif len(desk.held) <= LOW_WATER * shell.settings.review.prefetch and not desk.is_away(now):
        _claim(shell, desk, now)
        above = caring.keep_within(shell, standing)
        desk.held = {key: item for key, item in desk.held.items() if key not in above}
    _count(shell, desk, now)


def _claim(shell: Shell, desk: Desk, now: datetime) -> None:
    found = claims.claim_next(
        shell.store,
        shell.actor,
        now=now,
        queues=desk.queues,
        only=desk.only,
        count=shell.settings.review.prefetch - len(desk.held),
        lease_minutes=shell.settings.review.lease_minutes,
        gold_share=shell.settings.quality.gold_share,
        random_share=shell.settings.review.random_share,
    )
    desk.held |= {item.id: item for item in found}
    desk.counted_at = None


def _rest(shell: Shell, desk: Desk, now: datetime) -> None:
    if desk.held:
        # A decision that was taken back meanwhile, or a break that began in another tab.
        caring.release(shell)
        desk.held.clear()
    # After the break somebody has to say that they are back.
    desk.active_at = now - 2 * AWAY


def put_down(
    shell: Shell,
    desk: Desk,
    queues: tuple[str, ...] | None,
    only: claims.Filter = claims.NO_FILTER,
) -> None:
    """Give everything back: the reviewer changed queues (None means all) or the filter."""
    claims.release_all(shell.store, shell.actor, shell.now())
    desk.queues, desk.only = queues, only
    desk.held.clear()
    desk.thread_item, desk.thread = None, []
    desk.sample_item, desk.sample = None, ()
    desk.active_at, desk.counted_at = shell.now(), None


def _count(shell: Shell, desk: Desk, now: datetime) -> None:
    if desk.counted_at is None or now - desk.counted_at >= COUNT_EVERY:
        desk.waiting = claims.waiting(shell.store, shell.actor, desk.queues, desk.only)
        desk.macros = macros.list_active(shell.store, shell.actor)
        desk.counted_at = now


def _carry_out(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    kind = message.get("kind")
    carry_out = _KINDS.get(kind) if isinstance(kind, str) else None
    if carry_out is None:
        msg = f"{kind!r} is nothing that the card can ask for; reload the page"
        raise InputError(msg)
    carry_out(shell, desk, message)


def _decide(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    item_id, number = read_handle(message)
    policy = message.get("policy")
    try:
        outcome = Outcome(str(message.get("outcome")))
        version = read_whole(message.get("version"))
        severity = read_severity(message.get("severity"))
        also = read_also(message.get("also"))
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
        severity=severity,
        note=str(message.get("note") or ""),
        also=also,
    )
    done = decisions.decide(
        shell.store,
        shell.actor,
        decision,
        now=shell.now(),
        quality=shell.settings.quality,
        macro_id=None if message.get("macro") is None else str(message["macro"]),
    )
    item = desk.held.pop(item_id, None)
    if not done.duplicate:
        desk.decided += 1
        named = (decision.policy, *(policy for policy, _ in also))
        found = [one for one in named if one is not None]
        caring.see(desk.caring, item, message, shell.now(), *found)


def _undo(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    now, review = shell.now(), shell.settings.review
    taken_back = decisions.undo_last(
        shell.store,
        shell.actor,
        now,
        within_s=review.undo_s,
        lease_minutes=review.lease_minutes,
        uuid=str(message.get("target", "")),
    )
    if taken_back is None:
        msg = "that decision can no longer be taken back; ask a coordinator to reopen the item"
        raise InputError(msg)
    desk.decided = max(0, desk.decided - 1)
    # What came back stands first again, as it did before.
    again = {item.id: item for item in claims.held(shell.store, shell.actor, now)}
    desk.held = {key: item for key, item in again.items() if key not in desk.held} | desk.held


def _skip(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    item_id, number = read_handle(message)
    reason = str(message.get("reason", ""))
    if reason not in SKIP_REASONS:
        msg = f"{reason!r} is no reason to skip; choose one of those shown"
        raise InputError(msg)
    claims.skip(shell.store, shell.actor, item_id, number, reason, shell.now())
    caring.see(desk.caring, desk.held.pop(item_id, None), message, shell.now())


def _thread(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    item_id, number = read_handle(message)
    desk.thread = claims.thread(shell.store, shell.actor, item_id, number, shell.now())
    desk.thread_item = item_id


def _sample(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    held, now = read_handle(message), shell.now()
    item = desk.held.get(held[0])
    if item is None or not item.sampled:
        waves.spot_check(shell.store, shell.actor, held, now, k=shell.settings.waves.spot_check)
    if desk.sample_item != held[0]:
        desk.sample_item, desk.parted = held[0], 0
    _look(shell, desk, held)


def _apart(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    held = read_handle(message)
    waves.split(shell.store, shell.actor, held, str(message.get("copy", "")), shell.now())
    desk.parted += 1
    _look(shell, desk, held)


def _look(shell: Shell, desk: Desk, held: tuple[str, int]) -> None:
    """Show the sample of a held item's wave as it stands now."""
    shown = waves.look(shell.store, shell.actor, held, shell.now(), most=1)
    desk.sample = () if shown is None or shown.sample is None else shown.sample
    if held[0] in desk.held:
        others = 0 if shown is None else shown.members - 1
        changed = replace(desk.held[held[0]], near_copies=others, sampled=True)
        desk.held[held[0]] = changed


def _beat(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    pairs = message.get("held")
    wanted = [read_handle(one) for one in pairs] if isinstance(pairs, list) else []
    now = shell.now()
    claims.extend(shell.store, shell.actor, wanted, now, shell.settings.review.lease_minutes)
    fresh = {item.id: item for item in claims.held(shell.store, shell.actor, now)}
    desk.held = {key: fresh[key] for key in desk.held if key in fresh}


def _more(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    """Do nothing: the message is a sign of life, and every answer refills the desk."""
    del shell, desk, message


def _rest_now(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    del message
    # First, so that what was read before the break does not count after it.
    caring.note(shell, desk.caring)
    caring.rest(shell)
    desk.held.clear()


def _go_on(shell: Shell, desk: Desk, message: Mapping[str, object]) -> None:
    del desk, message
    caring.go_on(shell)


_KINDS = {
    "decide": _decide,
    "undo": _undo,
    "skip": _skip,
    "thread": _thread,
    "sample": _sample,
    "apart": _apart,
    "beat": _beat,
    "more": _more,
    "rest": _rest_now,
    "go_on": _go_on,
}
