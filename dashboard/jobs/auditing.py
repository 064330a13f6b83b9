"""The audit's draw, in the worker: each UTC day that is over is one frame, drawn once.

Every post of the frame gets one chance (`estimates_audit.inclusion`), whatever its words, topic or
source; no text is read for it.
The part of the week's budget that audits have is shared evenly over the frames that are still to be
drawn in the week; what learning has spent already, nobody can draw any more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from evenhand.dashboard.jobs import ingest
from evenhand.dashboard.jobs.estimates_audit import draw, inclusion
from evenhand.data.records import Band, Flag, Origin
from evenhand.data.store import audits, draws, models
from evenhand.data.store.audits import Audit, AuditState
from evenhand.data.store.draws import DrawKind, NewDraw
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    import numpy.typing as npt

    from evenhand.data.store.audits import Counted, InFrame
    from evenhand.data.store.connect import Store
    from evenhand.data.store.draws import Budget

    Floats = npt.NDArray[np.float64]

DAY = timedelta(days=1)
SUNDAY = 7
# A page of posts that came in just before midnight may be stored a little after it.
SETTLED = timedelta(minutes=15)
REASON = "audit"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The posts of a frame that were drawn, each with its chance; *least* is the frame's lowest."""

    posts: Sequence[tuple[InFrame, float]]
    least: float | None


def draw_due(
    store: Store,
    now: datetime,
    rng: np.random.Generator | None = None,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Audit every day that is over and has no audit yet; say how many days were dealt with.

    Without an *rng* nobody can foresee what is drawn.

    Each day is one transaction, so that a crash leaves it whole or undone.
    A day whose texts are gone, or for which the week's budget is spent, is noted as not audited.
    """
    waiting = due(store, now)
    rng = np.random.default_rng() if rng is None else rng
    for at, day in enumerate(waiting):
        if stopped():
            return at
        _draw_day(store, day, later=len(waiting) - at - 1, now=now, rng=rng)
    return len(waiting)


def due(store: Store, now: datetime) -> list[date]:
    """List the days that are over and have no audit yet, oldest first."""
    with store.read() as conn:
        first = audits.first_undrawn(conn)
    last = (now - SETTLED).date() - DAY
    if first is None or first > last:
        return []
    return [first + n * DAY for n in range((last - first).days + 1)]


def comes_first(now: datetime) -> bool:
    """Say whether the day before ended so lately that its audit may still be due.

    Until then retention waits, or it might take texts of a frame that nobody has drawn.
    """
    return (now - 2 * SETTLED).date() < now.date()


def share_of_day(budget: Budget, later: int, now: datetime) -> float:
    """Say how many posts a frame may hope for: an even part of what is left for audits this week.

    Args:
        budget: The week's.
        later: How many other days wait for their audit already.
        now: The time of the draw; each day until Sunday will bring one frame more.
    """
    return budget.left_for_audits / (1 + later + SUNDAY - now.isoweekday())


def choose(frame: Sequence[InFrame], hoped: float, most: int, rng: np.random.Generator) -> Chosen:
    """Give each post its one chance; what goes beyond *most* is cut at random.

    A cut takes each drawn post alike, so all chances shrink by the same factor.
    """
    if not frame:
        return Chosen((), None)
    chances: Floats = inclusion(np.array([one.score for one in frame]), hoped)
    places = np.flatnonzero(draw(chances, rng))
    if len(places) > most:
        chances = chances * (most / len(places))
        places = np.sort(rng.choice(places, most, replace=False))
    drawn = [(frame[at], float(chances[at])) for at in places.tolist()]
    return Chosen(drawn, float(chances.min()))


def _draw_day(
    store: Store, day: date, *, later: int, now: datetime, rng: np.random.Generator
) -> None:
    with store.read() as conn:
        # Read outside of the write, which reviewers wait for; the frame is what it is here.
        frame = audits.frame_of(conn, day)
        counted = audits.counted(conn, day, len(frame))
    with store.write() as conn:
        draws.lock(conn)
        if audits.has(conn, day):
            # Another worker was quicker.
            return
        budget, active = draws.budget_of(conn, now), models.active(conn)
        hoped = share_of_day(budget, later, now)
        state = _state(frame, counted, hoped)
        chosen = Chosen((), None)
        if state is AuditState.AUDITED:
            chosen = choose(frame, hoped, budget.left_for_audits, rng)
        row = Audit(
            day=day,
            drawn_at=now,
            state=state,
            frame=len(frame),
            flagged=counted.flagged,
            gone=counted.gone,
            budget=hoped,
            drawn=len(chosen.posts),
            least=chosen.least,
            model=None if active is None else active.version,
            policy_version=load_taxonomy().version,
            langs=Counter(one.lang for one in frame),
            scores=in_hundredths(frame),
            sources=Counter(str(one.source_id) for one in frame),
        )
        audits.put(conn, row)
        new = [_new(one, chance, now) for one, chance in chosen.posts]
        draws.put(conn, DrawKind.AUDIT, new, person_id=None, now=now)


def in_hundredths(frame: Sequence[InFrame]) -> list[int]:
    """Count posts by their score, rounded to hundredths: 101 numbers."""
    steps = np.rint(np.array([one.score for one in frame]) * (audits.STEPS - 1))
    return [int(n) for n in np.bincount(steps.astype(int), minlength=audits.STEPS)]


def _state(frame: Sequence[InFrame], counted: Counted, hoped: float) -> AuditState:
    if counted.gone:
        return AuditState.TEXTS_GONE
    return AuditState.NO_BUDGET if frame and hoped == 0 else AuditState.AUDITED


def _new(one: InFrame, chance: float, now: datetime) -> NewDraw:
    blind = Flag(Origin.AUDIT, draws.LABEL, Band.CHECK, 0.0)
    return NewDraw(
        post_id=str(one.post_id),
        version=one.version,
        reason=REASON,
        probability=chance,
        item=ingest.item_for([blind], one.reach, one.lang, now),
    )
