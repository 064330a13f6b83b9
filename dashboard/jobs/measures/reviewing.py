"""What people decided on, of what was put before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.data.store.rollups import ItemCounts
    from evenhand.data.store.waves_counted import Behind

# The parts that items can be split into, as the roll-up keeps them.
SPLITS = ("queue", "label", "lang")
# More lines than this are added up in the last one.
MOST_LINES = 13
REST = ""
# What a flag can name; a random draw names none of them.
LABELS = frozenset(one.value for one in (*Policy, *Request))


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the items of a window; *key* is a queue, a label or a language, "" the rest."""

    key: str
    made: int
    reviewed: Share
    harm: int
    responded: Share
    void: int


def review_coverage(items: Sequence[ItemCounts]) -> Share:
    """Items with a decision, of the items made in the window.

    An item that is open or in somebody's hands counts as not decided, and so does one whose post
    was deleted before anybody decided (void); one that became void later counts as decided.
    "Not sure" is a decision here, and so is one by score range, though nobody read that item.
    Items of random draws are among them.
    Without items the share is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    return Share(sum(one.decided for one in items), made(items))


def made(items: Sequence[ItemCounts]) -> int:
    """Items made in the window: one for each post and queue that it was put into.

    Items for audits and second looks count too, so there can be more items than flagged posts.
    """
    return sum(one.made for one in items)


def harm(items: Sequence[ItemCounts]) -> int:
    """Items whose decision says that a policy is violated, of the items made in the window."""
    return sum(one.harm for one in items)


def void(items: Sequence[ItemCounts]) -> int:
    """Items made in the window whose post was deleted since, before or after the decision.

    They stay in every other count.
    """
    return sum(one.void for one in items)


def decided_by_wave(behind: Behind) -> Share:
    """Near-copies on whose wave somebody decided, of those that joined a wave in the window.

    Such a flagged post has no item of its own: it stands behind the item of another one, and
    counts as not decided while that one waits.
    They are decided together, so the share has no interval; under 30 only the counts are shown.
    """
    return Share(behind.decided, behind.posts)


def posts_decided(items: Sequence[ItemCounts], behind: Behind) -> Share:
    """Flagged posts that are decided, by a decision of their own or by wave.

    Of all that were put before people for a flag in the window: the items made for one, and the
    near-copies that joined a wave.
    Items of random draws are left out, and a post in two queues counts twice.
    Near-copies are decided together, so the share has no interval; under 30 only the counts are
    shown.
    """
    flagged = [one for one in items if one.label in LABELS]
    own = review_coverage(flagged)
    return Share(own.part + behind.decided, own.n + behind.posts)


def response_coverage(items: Sequence[ItemCounts]) -> Share:
    """Items with a logged response, of the items made in the window that need an answer.

    An item needs an answer when its decision says so, in its outcome or by a macro that begins the
    response; while it is not decided it is not counted here, and one that waits for its answer, or
    whose post was deleted meanwhile, counts as not answered.
    Without such items the share is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    return Share(sum(one.answered for one in items), sum(one.needs_answer for one in items))


def split(items: Sequence[ItemCounts], by: str) -> list[Line]:
    """Split the items of the window by queue, reason or language, the most items first.

    Each line counts as the whole does.
    The smallest lines are added up as one where there are many.
    """
    parts: dict[str, list[ItemCounts]] = {}
    for one in items:
        parts.setdefault(getattr(one, by), []).append(one)
    ordered = sorted(parts.items(), key=lambda part: (-made(part[1]), part[0]))
    if len(ordered) > MOST_LINES:
        rest = [one for _, part in ordered[MOST_LINES - 1 :] for one in part]
        ordered = [*ordered[: MOST_LINES - 1], (REST, rest)]
    return [_line(key, part) for key, part in ordered]


def _line(key: str, part: Sequence[ItemCounts]) -> Line:
    return Line(
        key=key,
        made=made(part),
        reviewed=review_coverage(part),
        harm=harm(part),
        responded=response_coverage(part),
        void=void(part),
    )
