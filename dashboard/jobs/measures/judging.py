"""How often a flag was right, what was decided, and how often people could not or would not say."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.records import Outcome
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evenhand.data.store.rollup_outcomes import Outcomes
    from evenhand.data.store.rollups import ItemCounts
    from evenhand.data.store.signs_judged import Judged

# What precision can be parted by: why it was flagged, its language, source, or model version.
PARTS = ("label", "lang", "source_id", "model")
# Or by the rule, key or statement behind it, of which an item may have several.
SIGN = "sign"
# Or by the score of the flag, in these bins: finer ones would leave few in each.
SCORE = "score"
EDGES = (0.5, 0.6, 0.7, 0.8, 0.9)
POLICIES = frozenset(one.value for one in Policy)
REQUESTS = frozenset(one.value for one in Request)
UNSURE = Outcome.NOT_SURE.value
ASKED = frozenset({Outcome.NEEDS_ANSWER.value, Outcome.ALREADY_ANSWERED.value})


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one part of the items; *key* is a value of the part's column."""

    key: str
    share: Share


@dataclass(frozen=True, slots=True)
class SignPart:
    """The share of the items that one sign spoke for: its label, kind and id."""

    label: str
    kind: str
    id: str
    share: Share


@dataclass(frozen=True, slots=True)
class Bin:
    """The share of the items whose flag had a score from *low* on; *mean* is their mean score."""

    low: float
    mean: float
    share: Share


def precision(outcomes: Iterable[Outcomes]) -> Share:
    """Items decided as they were flagged, of the flagged items made in the window and decided.

    As flagged means: the decision names the policy that the item was flagged for, among others
    perhaps; or, for a question, complaint or call for help, that it needs an answer or has one.
    Items that left people unsure are left out, and so is what was drawn at random; what waits is
    not counted.
    What a score range decided counts as flagged wrongly, though nobody read it.
    A post in a wave counts once, with its item.
    Without items it is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    right = of = 0
    for one in outcomes:
        if one.outcome == UNSURE or one.label not in POLICIES | REQUESTS:
            continue
        of += one.leading
        right += _right(one)
    return Share(right, of)


def _right(one: Outcomes) -> int:
    if one.label in POLICIES:
        return one.items if one.policy == one.label else 0
    return one.leading if one.outcome in ASKED else 0


def precision_by(outcomes: Sequence[Outcomes], part: str) -> list[Part]:
    """Measure precision for each value of *part*, the one with most decisions first."""
    groups: dict[str, list[Outcomes]] = {}
    for one in outcomes:
        groups.setdefault(str(getattr(one, part)), []).append(one)
    found = [Part(key, precision(group)) for key, group in groups.items()]
    return sorted((one for one in found if one.share.n), key=lambda one: (-one.share.n, one.key))


def precision_by_sign(judged: Iterable[Judged]) -> list[SignPart]:
    """Items decided as they were flagged, for each rule, key or statement behind the flag.

    Counted as precision is, over the newest 5,000 decided items made in the window.
    An item counts under each of its signs, so the lines do not add up; what only a model's words
    spoke for stands in none.
    It is no share of what the sign finds: what it alone would bring is not known.
    Under 30 only the counts are shown; the intervals are Wilson's, at 95 %, one line at a time.
    """
    groups: dict[tuple[str, str, str], list[bool]] = {}
    for one, right in _sure(judged):
        for sign in one.signs:
            groups.setdefault((one.label, *sign), []).append(right)
    found = [SignPart(*key, Share(sum(hits), len(hits))) for key, hits in groups.items()]
    return sorted(found, key=lambda one: (-one.share.n, one.label, one.kind, one.id))


def calibration(judged: Iterable[Judged]) -> list[Bin]:
    """Items decided as they were flagged, by the score of the flag, beside the mean score.

    Counted as precision is, over the newest 5,000 decided items made in the window.
    A calibrated model is right as often as its scores say; where the share lies above the mean
    score it is too careful, below it too sure.
    Only flagged posts are seen, and each was flagged with a second sign beside its score: of the
    scores of all posts it says nothing.
    Under 30 only the counts are shown; the intervals are Wilson's, at 95 %, one bin at a time.
    Source: reliability diagrams, DeGroot and Fienberg, The Comparison and Evaluation of
    Forecasters (1983).
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in (*EDGES, 1.0)]
    for one, right in _sure(judged):
        if one.score is not None:
            bins[bisect_right(EDGES, one.score)].append((one.score, right))
    lows = (0.0, *EDGES)
    return [
        Bin(low, mean(score for score, _ in some), Share(sum(hit for _, hit in some), len(some)))
        for low, some in zip(lows, bins, strict=True)
        if some
    ]


def _sure(judged: Iterable[Judged]) -> Iterator[tuple[Judged, bool]]:
    """Pair the flagged items that were decided for sure with whether that was as flagged."""
    for one in judged:
        if one.outcome != UNSURE and one.label in POLICIES:
            yield one, one.label in one.policies
        elif one.outcome != UNSURE and one.label in REQUESTS:
            yield one, one.outcome in ASKED


def outcome_mix(outcomes: Iterable[Outcomes]) -> list[Part]:
    """Decided items made in the window by what was decided: the share of each outcome.

    An item counts once, however many policies its decision names.
    A response that a macro begins is no outcome of its own.
    Without items it is blank; under 30 only the counts are shown.
    The intervals are Wilson's, at 95 %, one outcome at a time.
    """
    counts = dict.fromkeys((one.value for one in Outcome), 0)
    for one in outcomes:
        counts[one.outcome] += one.leading
    n = sum(counts.values())
    return [Part(outcome, Share(count, n)) for outcome, count in counts.items()]


def skip_rate(items: Iterable[ItemCounts]) -> Share:
    """Items that somebody passed on at least once, of the items made in the window.

    Passing on is allowed and nobody's fault: a high share says that items reach the wrong people.
    Without items it is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    rows = list(items)
    return Share(sum(one.skipped for one in rows), sum(one.made for one in rows))


def escalation_rate(items: Iterable[ItemCounts]) -> Share:
    """Items that were passed on to a coordinator, of the items made in the window.

    The third person who passes an item on escalates it.
    Without items it is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    rows = list(items)
    return Share(sum(one.escalated for one in rows), sum(one.made for one in rows))


def not_sure_rate(items: Iterable[ItemCounts]) -> Share:
    """Items whose decision is "not sure", of the decided items made in the window.

    A high share says that the wording of a policy leaves something open.
    Without items it is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    rows = list(items)
    return Share(sum(one.unsure for one in rows), sum(one.decided for one in rows))
