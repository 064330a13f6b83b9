"""See a wave before deciding on it, take out what does not belong, and measure the mistakes.

A decision on an item stands for its whole wave, so the reviewer opens a random sample of it first;
an undo of the decision takes all of it back, for members have no decision of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import require_person
from evenhand.dashboard.jobs.ingest import item_for
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import cards, claims, reviews, wave_members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.wave_members import Member

MOST_SHOWN = 50
# Both sides of a comparison are cut to this many words: it takes time with their product.
MOST_WORDS = 400
# Whatever was decided longer ago has had its chance of being drawn.
RECHECK_WITHIN = timedelta(days=7)
EQUAL, GONE, NEW = "equal", "gone", "new"
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """One near-copy beside the first post: *differs* lists words as equal, gone or new, in order.

    *text* is None, and *differs* empty, where the text was erased.
    """

    post_id: str
    text: str | None
    source_name: str
    similarity: float
    joined_at: datetime
    differs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A wave under a live claim: how many posts, when they came, the latest of them.

    *sample* is what was opened of it under this claim, without what was taken out since; None says
    that nothing was opened yet.
    """

    members: int
    first_at: datetime
    last_at: datetime
    copies: tuple[Copy, ...]
    sample: tuple[Copy, ...] | None


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Of the near-copies that were read by themselves, those that the wave's decision got wrong.

    *interval* is the 95 % interval of the share, None without any.
    """

    read: int
    wrong: int
    interval: tuple[float, float] | None


def look(
    store: Store, actor: Actor, held: tuple[str, int], now: datetime, most: int = MOST_SHOWN
) -> Shown | None:
    """Show the wave of a held item with its *most* latest near-copies; None for a single post.

    Args:
        store: Where the item is.
        actor: Who holds it.
        held: The item and the claim's number.
        now: The time.
        most: How many near-copies, 1 to 50.

    Raises:
        ClaimLost: The claim ended.
        InputError: *most* is out of range.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    if not 1 <= most <= MOST_SHOWN:
        msg = f"{most} near-copies cannot be shown at once; ask for 1 to {MOST_SHOWN}"
        raise InputError(msg)
    with store.read() as conn:
        claim, found = wave_members.held_wave(conn, actor.id, held, now)
        if found is None:
            return None
        there = wave_members.ids(conn, found)
        opened = wave_members.checked(conn, claims.key_of(held[0]), held[1])
        kept = [one for one in opened or () if one in set(there)]
        latest = wave_members.load(conn, claim, [found.first_post_id, *there[-most:]], now)
        sample = wave_members.load(conn, claim, [found.first_post_id, *kept], now)
        return Shown(
            found.members,
            found.first_at,
            found.last_at,
            _copies(latest),
            None if opened is None else _copies(sample),
        )


def spot_check(
    store: Store, actor: Actor, held: tuple[str, int], now: datetime, *, k: int = 3
) -> tuple[Copy, ...]:
    """Open *k* random near-copies of a held item's wave, and log that they were opened.

    They are drawn by the claim: the same claim sees the same ones however often it asks.
    A single post has none, and nothing is logged.

    Raises:
        ClaimLost: The claim ended.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        claims.lock_item(conn, held[0])
        claim, found = wave_members.held_wave(conn, actor.id, held, now)
        if found is None:
            return ()
        drawn = _draw(wave_members.ids(conn, found), held, k)
        copies = _copies(wave_members.load(conn, claim, [found.first_post_id, *drawn], now))
        wave_members.note_check(conn, claim, drawn, now)
    return copies


def split(store: Store, actor: Actor, held: tuple[str, int], post_id: str, now: datetime) -> str:
    """Say that a near-copy does not belong: it leaves the wave and gets an item, whose id is given.

    Raises:
        ClaimLost: The claim ended.
        InputError: The post is not a near-copy in the item's wave.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    key = claims.key_of(post_id)
    with store.write() as conn:
        claim, _ = wave_members.held_wave(conn, actor.id, held, now)
        about = wave_members.facts(conn, key)
        # What an earlier version was flagged for has had its item, if there is a later one.
        flags = cards.present_flags(conn, key) or cards.flags_of(conn, [key])[key]
        new = item_for(flags, about.reach, about.lang, about.came_at or now)
        return str(wave_members.split(conn, claim, key, new, now))


def draw_rechecks(
    store: Store, share: float, now: datetime, *, lot: Callable[[str, str], float] = reviews.draw
) -> int:
    """Put a *share* of what was decided by wave before another person, and say how many.

    *lot* draws a number from 0 up to 1 for a near-copy, the same at every call; nobody who decides
    may foresee it.
    """
    since = now - RECHECK_WITHIN
    with store.write() as conn:
        return wave_members.draw_rechecks(conn, share, since=since, now=now, lot=lot)


def error_rate(store: Store, actor: Actor) -> ErrorRate:
    """Tell how often a decision on a wave was wrong for one of its near-copies.

    Raises:
        NotAllowed: The actor is no coordinator, analyst or leader.
    """
    from evenhand.classifiers.intervals import wilson  # noqa: PLC0415 - only this needs it

    require_person(actor, Role.COORDINATOR, Role.ANALYST, Role.LEADER)
    with store.read() as conn:
        read, wrong = wave_members.rechecked(conn)
    return ErrorRate(read, wrong, wilson(wrong, read))


def differences(one: str, other: str) -> tuple[tuple[str, Words], ...]:
    """Compare two texts by words: runs of words that are equal, gone from *one*, or new in *other*.

    >>> differences("the water is high", "the water was very high")
    (('equal', ('the', 'water')), ('gone', ('is',)), ('new', ('was', 'very')), ('equal', ('high',)))
    """
    before, after = one.split()[:MOST_WORDS], other.split()[:MOST_WORDS]
    runs: list[tuple[str, Words]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == EQUAL:
            runs.append((EQUAL, tuple(after[c:d])))
            continue
        runs += [(GONE, tuple(before[a:b]))] if a < b else []
        runs += [(NEW, tuple(after[c:d]))] if c < d else []
    return tuple(runs)


def _draw(found: Sequence[int], held: tuple[str, int], k: int) -> list[int]:
    """Draw *k* posts without putting back: those whose hashes with the claim are the smallest."""

    def lot(post_id: int) -> bytes:
        return blake2b(f"{held[0]} {held[1]} {post_id}".encode(), digest_size=8).digest()

    return sorted(found, key=lot)[:k]


def _copies(loaded: Sequence[Member]) -> tuple[Copy, ...]:
    """Compare near-copies with the first post, which comes first."""
    first, *others = loaded
    return tuple(
        Copy(
            str(one.post_id),
            one.text,
            one.source_name,
            one.similarity,
            one.joined_at,
            () if one.text is None or first.text is None else differences(first.text, one.text),
        )
        for one in others
    )
