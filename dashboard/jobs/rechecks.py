"""When stored posts are asked about again, so that what is deleted elsewhere goes here too.

Once a day a sweep walks over the posts of the last 30 days, newest first; once a week it goes on
to all of them.
Where it stands is kept beside the source's cursor and moves with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.data.store.rechecks import Part

EVERY = timedelta(days=1)
WHOLE_EVERY = timedelta(days=7)
YOUNG = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One source's sweep.

    *began_at* and *whole_at* say when the last sweep, and the last over all posts, began; *below*
    is the post's id that the present one goes on below, None where none is under way.
    """

    began_at: datetime
    whole_at: datetime
    below: int | None = None
    is_whole: bool = False

    def since(self) -> datetime | None:
        """Give the oldest time of arrival that this sweep covers; None is all."""
        return None if self.is_whole else self.began_at - YOUNG


def start(sweep: Sweep, now: datetime) -> Sweep | None:
    """Go on with the sweep under way, begin a new one when its time has come, or do nothing."""
    if sweep.below is not None:
        return sweep
    if now - sweep.began_at < EVERY:
        return None
    is_whole = now - sweep.whole_at >= WHOLE_EVERY
    return Sweep(now, now if is_whole else sweep.whole_at, None, is_whole)


def move(sweep: Sweep, part: Part) -> Sweep:
    """Move past a part that was asked about."""
    return replace(sweep, below=None if part.ended else part.below)


def read(raw: object, now: datetime) -> Sweep:
    """Read what `write` wrote; anything else is a source read for the first time just now."""
    if not isinstance(raw, dict):
        return Sweep(now, now)
    try:
        began, whole = (datetime.fromisoformat(raw[name]) for name in ("began_at", "whole_at"))
        below = raw["below"]
        return Sweep(began, whole, None if below is None else int(below), bool(raw["is_whole"]))
    except (KeyError, TypeError, ValueError):
        return Sweep(now, now)


def write(sweep: Sweep) -> Mapping[str, object]:
    """Write it as plain JSON."""
    return {
        "began_at": sweep.began_at.isoformat(),
        "whole_at": sweep.whole_at.isoformat(),
        "below": sweep.below,
        "is_whole": sweep.is_whole,
    }
