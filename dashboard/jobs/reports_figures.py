"""The figures of a transparency report; each docstring is the definition that stands beside it.

They count items as they stood at the report's moment (`report_items`), where the pages count how
items stand now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import estimates_time
from evenhand.dashboard.jobs.estimates_time import Wait
from evenhand.dashboard.jobs.measures.figures import LEAST_N, Share
from evenhand.data.records import Outcome
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.estimates_time import Quantile
    from evenhand.data.store.report_items import ItemThen
    from evenhand.data.store.report_rows import AppealThen, Posts

POLICIES = frozenset(one.value for one in Policy)
REQUESTS = frozenset(one.value for one in Request)
ASKED = frozenset({Outcome.NEEDS_ANSWER.value, Outcome.ALREADY_ANSWERED.value})
SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Times:
    """The time by which half and nine in ten of *n* items are through; None under 30."""

    n: int
    median: Quantile | None
    p90: Quantile | None


def flagged(posts: Posts) -> Share:
    """Posts that were flagged, of the posts that came in during the window.

    A flag says that a person should look; it is no finding, and this is no share of harm.
    Posts that were only drawn at random are left out.
    The interval is Wilson's, at 95 %; under 30 posts only the counts are shown.
    """
    return Share(posts.flagged, posts.arrived)


def decided(items: Sequence[ItemThen]) -> Share:
    """Items on which a decision stood, of the items made in the window.

    An item that waited counts as not decided, and so does one whose decision was taken back or
    whose post was deleted before anybody decided.
    The interval is Wilson's, at 95 %; under 30 items only the counts are shown.
    """
    return Share(sum(one.said is not None for one in items), len(items))


def precision(items: Iterable[ItemThen]) -> Share:
    """Items decided as they were flagged, of the flagged items made in the window and decided.

    As flagged means: the decision names the policy that the item was flagged for, among others
    perhaps; or, for a question, complaint or call for help, that it needs an answer or has one.
    Items that left people unsure are left out, and so is what was drawn at random and what waited.
    The interval is Wilson's, at 95 %; under 30 items only the counts are shown.
    """
    right = of = 0
    for one in items:
        if one.said is None or one.said.outcome == Outcome.NOT_SURE.value:
            continue
        if one.label in POLICIES:
            of += 1
            right += one.label in {name for name, _ in one.said.policies}
        elif one.label in REQUESTS:
            of += 1
            right += one.said.outcome in ASKED
    return Share(right, of)


def answered(items: Iterable[ItemThen]) -> Share:
    """Items with a logged response, of the items made in the window that needed an answer.

    An item needs an answer when its decision says so, in its outcome or by a macro that begins the
    response; one that waited for it, or whose post was deleted meanwhile, counts as not answered.
    The interval is Wilson's, at 95 %; under 30 items only the counts are shown.
    """
    asked = [one for one in items if one.needs_answer]
    return Share(sum(one.answered_at is not None for one in asked), len(asked))


def time_to_decision(items: Sequence[ItemThen], at: datetime) -> Times:
    """Hours from the making of an item until its first decision that was not taken back.

    The time by which half of the items made in the window were decided, and nine in ten (Kaplan
    and Meier's estimate, bounds at 95 %).
    An item without a decision counts as waiting until the report's moment, and one whose post was
    deleted first for as long as it was there.
    Where too few are through, the longest wait so far is given as "at least"; under 30 items there
    is none.
    """
    return _times([_wait(one, one.decided_at, at) for one in items])


def time_to_response(items: Iterable[ItemThen], at: datetime) -> Times:
    """Hours from the making of an item that needed an answer until its first response was logged.

    Counted as the time to a decision is; an item without a response counts as waiting until the
    report's moment, and so does what was flagged as a request and was not decided by then.
    """
    asked = [one for one in items if one.needs_answer or _may_ask(one)]
    return _times([_wait(one, one.answered_at, at) for one in asked])


def _may_ask(one: ItemThen) -> bool:
    """Say whether somebody may wait for an answer, though nobody has decided that they do."""
    return one.label in REQUESTS and one.said is None and one.void_at is None


def _wait(one: ItemThen, ended_at: datetime | None, at: datetime) -> Wait:
    until = ended_at or min(one.void_at or at, at)
    waited = (until - one.created_at).total_seconds() / SECONDS
    return Wait(max(0.0, waited), ended_at is not None)


def _times(waits: Sequence[Wait]) -> Times:
    if len(waits) < LEAST_N:
        return Times(len(waits), None, None)
    median, p90 = estimates_time.median_wait(waits), estimates_time.p90_wait(waits)
    return Times(len(waits), median, p90)


def overturned(appeals: Iterable[AppealThen]) -> Share:
    """Appeals by which another decision came to stand, of those filed in the window and decided.

    Those that waited, and those that somebody was not sure about, count nowhere.
    Another decision may follow from new facts as well as from a mistake.
    The interval is Wilson's, at 95 %; under 30 appeals only the counts are shown.
    """
    ended = [one.result for one in appeals if one.result is not None]
    return Share(sum(result == "overturned" for result in ended), len(ended))
