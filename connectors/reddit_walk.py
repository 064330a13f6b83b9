"""Walking a listing from its newest post down to what is known already.

The cursor has two parts per walk: the *watermark* (when the newest post of the last finished walk
was written) and, while a walk is under way, where it stands.
So a crash goes on in the middle and loses no tail, and a watermark never moves before everything
above it was handed over.
A listing has no anchor that deletion could take away: the walk goes by time, with an overlap.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from evenhand.data.errors import BadPayload
from evenhand.data.records import Gap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERSION = 1
# Posts come out of order by seconds to minutes; the overlap reads them twice rather than never.
OVERLAP_S = 600.0
# Pinned and late posts are single; this many old ones in a row are the known part.
OLD_IN_A_ROW = 25
# Reddit's listings end at about 1,000 items (reddit API documentation, "listings"), which is ten
# pages; what ends earlier has shown everything that there is.
CAPPED_PAGES = 10
# Against a listing of empty pages that always names a next one.
MOST_PAGES = 15


@dataclass(frozen=True, slots=True)
class Listing:
    """One answer: its children as they came, and the name of what comes after them."""

    children: Sequence[object]
    after: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A walk under way: where it goes on, its newest time, and what it has passed."""

    after: str
    ceiling: float | None
    seen: int
    pages: int
    old: int
    last: float | None


@dataclass(frozen=True, slots=True)
class Walk:
    """One listing's state: epoch seconds of the last finished walk, and the one under way."""

    watermark: float | None = None
    progress: Progress | None = None


def read_listing(answer: object) -> Listing:
    """Take a decoded answer apart.

    Raises:
        BadPayload: It is no listing; an empty answer is never "no new posts".
    """
    data = answer.get("data") if isinstance(answer, dict) else None
    children = data.get("children") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(children, list):
        kind = type(answer).__name__
        msg = f"reddit answered with something that is no listing ({kind}); it is tried again"
        raise BadPayload(msg)
    after = data.get("after")
    return Listing(children, after if isinstance(after, str) and after else None)


def created_of(child: object) -> float | None:
    """Read when a child was written, in epoch seconds; None where it does not say."""
    data = child.get("data") if isinstance(child, dict) else None
    created = data.get("created_utc") if isinstance(data, dict) else None
    if isinstance(created, bool) or not isinstance(created, int | float):
        return None
    # Beyond these a number is no time that a calendar has.
    return float(created) if 0 < created < 2**37 else None


def step(walk: Walk, listing: Listing, now: datetime) -> tuple[Walk, Gap | None]:
    """Move *walk* past one page; gives the gap if the walk ends without meeting what is known."""
    was = walk.progress or Progress("", None, 0, 0, 0, None)
    times = [at for at in map(created_of, listing.children) if at is not None]
    ceiling = was.ceiling
    if ceiling is None and times:
        # A post dated in the future must not hide those that are written until then.
        ceiling = min(max(times), now.timestamp())
    old = _old_in_a_row(times, was.old, walk.watermark)
    seen, pages = was.seen + len(listing.children), was.pages + 1
    last = times[-1] if times else was.last
    caught_up = old >= OLD_IN_A_ROW
    if listing.after not in {None, was.after} and not caught_up and pages < MOST_PAGES:
        on = Progress(listing.after, ceiling, seen, pages, old, last)
        return replace(walk, progress=on), None
    # An empty page where another one was promised is a walk that broke off.
    is_whole = listing.after is None and bool(listing.children) and pages < CAPPED_PAGES
    gap = None if caught_up or is_whole else _gap(walk.watermark, last)
    return Walk(_later(walk.watermark, ceiling)), gap


def _old_in_a_row(times: Sequence[float], old: int, watermark: float | None) -> int:
    if watermark is None:
        return 0
    for at in times:
        old = old + 1 if at < watermark - OVERLAP_S else 0
        if old >= OLD_IN_A_ROW:
            break
    return old


def _later(one: float | None, other: float | None) -> float | None:
    known = [at for at in (one, other) if at is not None]
    return max(known) if known else None


def _gap(watermark: float | None, last: float | None) -> Gap | None:
    if watermark is None or last is None or last <= watermark:
        return None
    reason = "the listing ended before the posts that are known already"
    return Gap(_at(watermark), _at(last), reason)


def _at(seconds: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def read_walks(cursor: Mapping[str, object] | None, names: Sequence[str]) -> dict[str, Walk]:
    """Read the cursor; what it does not say, or says in a broken way, starts anew.

    Starting anew is safe: known posts are stored once however often they come.
    """
    walks = cursor.get("walks") if cursor and cursor.get("v") == VERSION else None
    known = walks if isinstance(walks, dict) else {}
    return {name: _walk(known.get(name)) for name in names}


def _walk(raw: object) -> Walk:
    if not isinstance(raw, dict):
        return Walk()
    watermark = _number(raw.get("watermark"))
    progress = raw.get("in_progress")
    if not isinstance(progress, dict) or not isinstance(progress.get("after"), str):
        return Walk(watermark)
    counts = [_number(progress.get(name)) for name in ("seen", "pages", "old")]
    if None in counts:
        return Walk(watermark)
    seen, pages, old = (int(one or 0) for one in counts)
    ceiling, last = _number(progress.get("ceiling")), _number(progress.get("last"))
    return Walk(watermark, Progress(progress["after"], ceiling, seen, pages, old, last))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def read_waiting(cursor: Mapping[str, object] | None, names: Sequence[str]) -> list[str]:
    """List the walks that are still to be done in this round, whose turn it is first.

    A round in which nothing is left is over, and the next one begins with all of them.
    """
    waiting = cursor.get("waiting") if cursor else None
    left = [name for name in waiting if name in names] if isinstance(waiting, list) else []
    return left or list(names)


def write_cursor(walks: Mapping[str, Walk], waiting: Sequence[str]) -> dict[str, object]:
    """Write the cursor as plain JSON; *waiting* names the walks left in this round, in order."""
    return {
        "v": VERSION,
        "waiting": list(waiting),
        "walks": {
            name: {
                "watermark": walk.watermark,
                "in_progress": None if walk.progress is None else asdict(walk.progress),
            }
            for name, walk in walks.items()
        },
    }
