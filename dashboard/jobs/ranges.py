"""Decide on a score range in one act, once its sample was read.

A coordinator looks at a range (`preview`), draws some of it and reads those on the review card like
any other item (`draw`), and gives the rest "no harm" if all of them were (`decide_rest`).
That is the only outcome of a range: nobody is declared to violate a policy by a decision that
nobody read for.
Any coordinator of the team can take the whole act back for a day (`undo`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError
from evenhand.data.records import Outcome, Role
from evenhand.data.store import (
    score_ranges,
    score_ranges_decided,
    score_ranges_drawn,
    score_ranges_undone,
)
from evenhand.data.taxonomy import FAST_LABELS, Policy, Request, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from random import Random

    from evenhand.data.records import Actor
    from evenhand.data.settings import QualitySettings
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
NewRange = score_ranges.NewRange
ScoreRange = score_ranges.ScoreRange
RangeState = score_ranges.RangeState
Check = score_ranges_drawn.Check
MOST = score_ranges_drawn.MOST
UNDO_WITHIN = score_ranges.VOUCHES
KEEPING = (Role.COORDINATOR,)
LEAST_DRAWN, MOST_DRAWN = 5, 50
PAST_DAYS = 30
BARS = 10
# Nobody may foresee which items are drawn.
CHANCE = SystemRandom()
# A life may be at risk: these are never decided by range.
LABELS = tuple(one.value for one in (*Policy, *Request) if one not in FAST_LABELS)


@dataclass(frozen=True, slots=True)
class Preview:
    """What stands in a range now, and how such items were decided before.

    *items* are open; *more* says that others wait beside the `MOST` of one act.
    *bars* are (low, high, how many) over the range.
    *decided* were read and decided in the last 30 days, *no_harm* of them with that outcome;
    *interval* is the 95 % interval of that share, None without any.
    """

    items: int
    more: bool
    bars: tuple[tuple[float, float, int], ...]
    decided: int
    no_harm: int
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A range with how far the reading of its sample is, while it is being checked.

    *mine* says that the actor drew it, *may_undo* that its act can be taken back now.
    """

    range: ScoreRange
    check: Check | None
    mine: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Of what was decided by range and read by another person: *harm* of *read*.

    *other* counts every outcome but "no harm"; *interval* is the 95 % interval of the share of
    harm, None without any.
    """

    read: int
    harm: int
    other: int
    interval: tuple[float, float] | None


def may_keep(actor: Actor) -> bool:
    """Say whether a person may decide by range."""
    return not actor.roles.isdisjoint(KEEPING)


def preview(store: Store, actor: Actor, wanted: NewRange, now: datetime) -> Preview:
    """Show what a range holds, before anything is drawn.

    Raises:
        InputError: The label may not be decided by range, or the scores are out of order.
        NotAllowed: The actor is no coordinator, or no person.
    """
    from evenhand.classifiers.intervals import wilson  # noqa: PLC0415 - only figures need it

    access.require_person(actor, *KEEPING)
    _check(wanted)
    with store.read() as conn:
        found = score_ranges_drawn.waiting(conn, actor, wanted)
        before = score_ranges_drawn.past(conn, actor, wanted, now - timedelta(days=PAST_DAYS))
    decided, good = sum(before.values()), before.get(Outcome.NO_HARM.value, 0)
    return Preview(
        min(len(found), MOST),
        len(found) > MOST,
        bars_of([score for _, score in found[:MOST]], wanted.low, wanted.high),
        decided,
        good,
        wilson(good, decided),
    )


def bars_of(
    scores: Sequence[float], low: float, high: float
) -> tuple[tuple[float, float, int], ...]:
    """Count scores in equal parts of a range; a score on a border belongs to the upper part.

    >>> bars_of([0.0, 0.05, 0.1, 1.0], 0.0, 1.0)[:2]
    ((0.0, 0.1, 2), (0.1, 0.2, 1))
    """
    width = (high - low) / BARS
    if not width:
        return ((low, high, len(scores)),)
    counts = Counter(min(BARS - 1, int((one - low) / width)) for one in scores)
    edges = [round(low + place * width, 4) for place in range(BARS + 1)]
    return tuple((edges[place], edges[place + 1], counts[place]) for place in range(BARS))


def draw(  # noqa: PLR0913 - who draws how many of what, when, for how long, and by which chance
    store: Store,
    actor: Actor,
    wanted: NewRange,
    *,
    now: datetime,
    count: int = 10,
    lease_minutes: float = 10,
    rng: Random = CHANCE,
) -> ScoreRange:
    """Fix what is in a range and claim *count* of it, drawn at random, for the actor to read.

    Raises:
        InputError: Label, scores or *count* do not fit, or nothing of the range waits.
        NotAllowed: The actor is no coordinator, or no person.
    """
    access.require_person(actor, *KEEPING)
    _check(wanted)
    if not LEAST_DRAWN <= count <= MOST_DRAWN:
        msg = f"{count} items cannot be drawn; ask for {LEAST_DRAWN} to {MOST_DRAWN}"
        raise InputError(msg)
    until = now + timedelta(minutes=lease_minutes)
    with store.write() as conn:
        return score_ranges_drawn.begin(
            conn, actor, wanted, count=count, now=now, until=until, rng=rng
        )


def claim_again(  # noqa: PLR0913 - whose range, when, for how long, and by which chance
    store: Store,
    actor: Actor,
    range_id: str,
    *,
    now: datetime,
    lease_minutes: float = 10,
    rng: Random = CHANCE,
) -> int:
    """Claim once more what was drawn and is still open; say how many items that were.

    What somebody else decided meanwhile, or what is gone, is replaced by another draw.

    Raises:
        InputError: The range is not being checked, or somebody else drew it.
        NotAllowed: The actor is no coordinator, or no person.
        NotFound: The team has no such range.
    """
    access.require_person(actor, *KEEPING)
    until = now + timedelta(minutes=lease_minutes)
    with store.write() as conn:
        return score_ranges_drawn.claim_again(conn, actor, range_id, now=now, until=until, rng=rng)


def decide_rest(  # noqa: PLR0913 - whose act, when, how much is read twice, and who is told
    store: Store,
    actor: Actor,
    range_id: str,
    now: datetime,
    *,
    quality: QualitySettings,
    progress: Callable[[int, int], None] | None = None,
) -> ScoreRange:
    """Give the rest of a range "no harm", if all that was drawn of it was read and is no harm.

    If anything else was found, the range is closed as not uniform and its items stay.
    It goes on where it stopped when it was cut off, and what somebody decided meanwhile stands.
    *progress* is told how many are behind and how many there are.

    Raises:
        InputError: The sample is not read to its end or too long ago, somebody else drew it, or
            the range is closed.
        NotAllowed: The actor is no coordinator, or no person.
        NotFound: The team has no such range.
    """
    access.require_person(actor, *KEEPING)
    version = load_taxonomy().version
    with store.write() as conn:
        found = score_ranges_decided.begin(conn, actor, range_id, now)
    total = len(found.members) - len(found.drawn)
    while found.state is RangeState.DECIDING:
        with store.write() as conn:
            found = score_ranges_decided.put_batch(
                conn, actor, range_id, policy_version=version, quality=quality, now=now
            )
        if progress is not None:
            progress(total - found.remaining, total)
    return found


def undo(
    store: Store,
    actor: Actor,
    range_id: str,
    now: datetime,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ScoreRange:
    """Open again what a range's act decided, unless somebody decided or appealed since.

    What was read of it stays decided; an undo that was cut off goes on.

    Raises:
        InputError: Nothing was decided by it, or more than 24 hours ago.
        NotAllowed: The actor is no coordinator, or no person.
        NotFound: The team has no such range.
    """
    access.require_person(actor, *KEEPING)
    with store.write() as conn:
        found = score_ranges_undone.begin(conn, actor, range_id, now)
    total = found.remaining
    while found.state is RangeState.UNDOING:
        with store.write() as conn:
            found = score_ranges_undone.put_batch(conn, actor, range_id, now)
        if progress is not None:
            progress(total - found.remaining, total)
    return found


def end(store: Store, actor: Actor, range_id: str, now: datetime) -> None:
    """Give a range up that the actor drew; its items stay where they are.

    Raises:
        InputError: It is not being checked, or somebody else drew it.
        NotAllowed: The actor is no coordinator, or no person.
        NotFound: The team has no such range.
    """
    access.require_person(actor, *KEEPING)
    with store.write() as conn:
        score_ranges.end(conn, actor, range_id, now)


def newest(store: Store, actor: Actor, now: datetime) -> list[Standing]:
    """List the team's ranges, the newest first, with how far each is.

    Raises:
        NotAllowed: The actor is no coordinator, or no person.
    """
    access.require_person(actor, *KEEPING)
    with store.read() as conn:
        return [
            Standing(
                one,
                score_ranges_drawn.check(conn, one, now)
                if one.state is RangeState.CHECKING
                else None,
                one.made_by_id == actor.id,
                _may_undo(one, now),
            )
            for one in score_ranges.newest(conn, actor)
        ]


def _may_undo(one: ScoreRange, now: datetime) -> bool:
    if one.state is RangeState.UNDOING:
        return True
    acted = one.state is RangeState.DECIDING or (one.state is RangeState.DONE and one.decided > 0)
    return acted and one.decided_at is not None and one.decided_at >= now - UNDO_WITHIN


def error_rate(store: Store, actor: Actor) -> ErrorRate:
    """Tell how often what was decided by range was harm, by those who read it again.

    Raises:
        NotAllowed: The actor is no coordinator, or no person.
    """
    from evenhand.classifiers.intervals import wilson  # noqa: PLC0415 - only figures need it

    access.require_person(actor, *KEEPING)
    with store.read() as conn:
        found = score_ranges_undone.read_again(conn, actor)
    return ErrorRate(found.read, found.harm, found.other, wilson(found.harm, found.read))


def _check(wanted: NewRange) -> None:
    if wanted.label not in LABELS:
        msg = f"{wanted.label!r} is not decided by range; choose one of {', '.join(LABELS)}"
        raise InputError(msg)
    if not 0 <= wanted.low <= wanted.high <= 1:
        msg = (
            f"the scores {wanted.low} to {wanted.high} are no range; choose two of 0 to 1, "
            "the lower one first"
        )
        raise InputError(msg)
