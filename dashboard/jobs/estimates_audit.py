"""What a random audit of unflagged posts says of the harm that was missed.

The design: each unflagged post is drawn on its own (Poisson sampling), with a chance that is half
the same for all and half proportional to sqrt(r (1 - r)), r being the model's score: where the
model is in doubt an audit sees more misses, and the even half keeps what the model does not know
at all measurable.
Posts are neither sorted into groups by score nor drawn to make one figure's variance smallest.
A prior for each group of scores (Beta(1/3, 2/3)) must not come back: its intervals look short and
miss the truth, since a grain of prior times very many harmless posts makes misses of nothing;
`bench/recall.py` measures it beside.

Nothing here knows a store or a clock; whoever draws keeps each post's inclusion with the draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evenhand.dashboard.jobs.estimates_interval import Weighed, interval, weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

# The share of the budget that is drawn without a look at scores. With a quarter, the intervals of
# `bench/recall.py` are up to 1.3 times as wide, and 0.92 times in the best cell.
EVEN = 0.5
# Fewer audited posts make no estimate; the bounds stand.
LEAST_AUDITED = 30
# Where more of the audited posts wait, those that are decided may be the easy ones.
MOST_OPEN = 0.2
# A recall whose interval is wider says too little to be read as a number; the bounds stand.
# That the audit saw five cases at least is no further condition: tried, it withheld one in five
# numbers of a cell and made those left no truer.
WIDEST = 0.4


class Reason(StrEnum):
    """Why a number is missing although its bounds are there."""

    # There are no unflagged posts, so there is no share of them.
    NO_POSTS = "no_posts"
    # Neither the queue nor the audit found any harm: a share of nothing.
    NO_HARM = "no_harm"
    # Fewer than 30 audited posts are decided.
    TOO_FEW = "too_few"
    # More than one in five audited posts are undecided.
    AUDIT_OPEN = "audit_open"
    # The audit saw no missed harm, which does not make it zero.
    NONE_SEEN = "none_seen"
    # Flagged posts wait and none is decided, so that nothing says how many of them are harm.
    UNDECIDED = "undecided"
    # The interval is wider than 0.4.
    TOO_WIDE = "too_wide"
    # No post that is harm has a reach that is known and above 0.
    NO_REACH = "no_reach"


class Audited(NamedTuple):
    """One post that an audit drew; *harm* is None while undecided, unsure or void."""

    inclusion: float
    harm: bool | None
    in_slice: str = ""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The posts of a window and slice: *found* of those *decided*, of those *flagged*, are harm.

    *unflagged* counts the posts that an audit could draw; every other post is among the flagged,
    whatever for.
    *least* is the smallest inclusion of all those posts, drawn or not; where it was not kept, the
    smallest of those drawn stands in, which is too high if the least likely posts alone are harm.
    """

    unflagged: int
    flagged: int
    decided: int
    found: int
    least: float = 1.0

    def __post_init__(self) -> None:
        if self.unflagged < 0 or not 0 <= self.found <= self.decided <= self.flagged:
            msg = f"{self}: found, decided and flagged must not be less, one than the other"
            raise ValueError(msg)

    @property
    def undecided(self) -> int:
        """Flagged posts that nobody decided on, or that left people unsure."""
        return self.flagged - self.decided


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % bounds; *value* is None for a *reason*, the bounds stand.

    *n* audited posts are decided and *seen* of them are harm; *open_rows* wait or left people
    unsure.
    """

    value: float | None
    low: float
    high: float
    n: int
    seen: int
    open_rows: int
    reason: Reason | None = None


def inclusion(scores: Floats, budget: float) -> Floats:
    """Chance of each unflagged post of being drawn for the audit, 0-1.

    min(1, c (0.5 / M + 0.5 w / sum of w)) with w = sqrt(r (1 - r)), r the model's score of the
    post and M the number of posts; c is such that the chances add up to the budget, the number
    of posts to be read.
    None is under half the budget / M, whatever the score.
    A budget of M or more draws all.
    The number drawn varies around the budget, by about its square root.
    Poisson sampling: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992).

    Args:
        scores: (n_posts,), each 0-1; ties and an empty array are fine.
        budget: at least 0.
    """
    if not (budget >= 0 and np.all((scores >= 0) & (scores <= 1))):
        msg = f"scores must be 0-1 and the budget ({budget}) at least 0"
        raise ValueError(msg)
    if budget >= len(scores):
        return np.ones(len(scores))
    doubt = np.sqrt(scores * (1 - scores))
    total = float(doubt.sum())
    uneven = doubt / total if total > 0 else np.full(len(scores), 1 / len(scores))
    chances = budget * (EVEN / len(scores) + (1 - EVEN) * uneven)
    certain = chances >= 1
    # What a post has above 1 goes to the others, of which some may then reach 1.
    while certain.any():
        rest = (budget - certain.sum()) / chances[~certain].sum()
        over = ~certain & (rest * chances >= 1)
        if not over.any():
            return np.where(certain, 1.0, rest * chances)
        certain |= over
    return chances


def draw(chances: Floats, rng: np.random.Generator) -> Bools:
    """Draw each post on its own with its chance, which has to be kept with the draw.

    A draw that must be cut to a hard limit is cut at random: then all chances shrink alike, and
    the estimates do not change.
    """
    drawn: Bools = rng.random(len(chances)) < chances
    return drawn


def elusion(rows: Sequence[Audited], cohort: Cohort) -> Estimate:
    """Share of unflagged posts that are harm, estimated from the audit, 0-1.

    (sum of 1 / inclusion over audited posts that are harm) / (the same sum over all audited posts
    that are decided).
    Audited posts that are undecided, unsure or deleted are left out, as if they were harm as
    often as the others; their number stands beside.
    Blank without unflagged posts, under 30 decided audited posts, where more than one in five are
    undecided and where the audit saw no harm: then only the bounds are given.
    The bounds are Korn and Graubard's (1998) at 95 % with one more case at the upper end.
    It does not know what reviewers of the audit overlook.
    Share: Hájek (1971); name: Grossman and Cormack, Glossary of Technology-Assisted Review (2013).
    """
    found = missed(rows, cohort)
    if cohort.unflagged == 0:
        return replace(found, value=None, reason=Reason.NO_POSTS)
    return _scaled(found, cohort.unflagged)


def missed(rows: Sequence[Audited], cohort: Cohort) -> Estimate:
    """Posts that are harm and were not flagged, estimated from the audit: elusion x unflagged.

    A post that the audit itself found counts as missed, since the queue would not have shown it;
    hence the lower bound is at least the number of those.
    Blank under 30 decided audited posts, where more than one in five are undecided and where the
    audit saw no harm: then only the bounds are given, never zero.
    Without unflagged posts nothing can be missed, and once all of them are audited the number is
    exact.
    Source: as of elusion.
    """
    rows_of_harm = [row.harm for row in rows if row.harm is not None]
    n, seen = len(rows_of_harm), sum(rows_of_harm)
    _check(rows, cohort)
    low, high = float(seen), float(cohort.unflagged - n + seen)
    open_rows = len(rows) - n
    if n == 0:
        reason = Reason.TOO_FEW if cohort.unflagged else None
        return Estimate(None if reason else 0.0, low, high, n, seen, open_rows, reason)
    weighed = _weighed(rows, cohort)
    bounds = tuple(one * cohort.unflagged for one in interval(weighed))
    low, high = max(low, bounds[0]), min(high, bounds[1])
    value = min(max(weighed.share * cohort.unflagged, low), high)
    reason = None if low == high else _thin(n, seen, open_rows)
    return Estimate(None if reason else value, low, high, n, seen, open_rows, reason)


def prevalence(rows: Sequence[Audited], cohort: Cohort) -> Estimate:
    """Share of all posts that are harm, flagged or not, 0-1: an incident rate.

    (found + waiting + missed) / (flagged + unflagged); waiting is the harm expected among flagged
    posts that are undecided, as often as among those decided.
    At the lower bound none of those is harm, at the upper bound each.
    Posts are counted, not views: it does not know how many people saw them.
    Blank where the missed harm or the share among flagged posts is not known.
    Source: the post-weighted variant of Meta, "Prevalence" (Transparency Center, 2019).
    """
    number = missed(rows, cohort)
    posts = cohort.unflagged + cohort.flagged
    low = cohort.found + number.low
    high = cohort.found + cohort.undecided + number.high
    value, reason = number.value, number.reason
    if posts == 0:
        value, reason, posts = None, Reason.NO_POSTS, 1
    elif cohort.undecided and not cohort.decided:
        value, reason = None, Reason.UNDECIDED
    elif value is not None:
        value += cohort.found + _waiting(cohort)
    return _scaled(replace(number, value=value, low=low, high=high, reason=reason), posts)


def recall(rows: Sequence[Audited], cohort: Cohort) -> Estimate:
    """Share of the harm that was found: found / (found + waiting + missed), 0-1.

    Found: flagged posts of the window that a person decided are harm.
    Missed: harm among unflagged posts, estimated from the audit.
    Waiting: the harm expected among flagged posts that are undecided or left people unsure, as
    often as among those decided; while it waits it is not found, so that a backlog never makes
    the share better.
    The bounds are those of the missed harm at 95 %; at the lower one every waiting post is harm,
    at the upper one none is.
    Blank without any harm, under 30 decided audited posts, where more than one in five audited
    posts are undecided, where the audit saw no missed harm (it is never 100 % for that), and where
    the bounds are more than 0.4 apart; the bounds are given all the same.
    While nothing is found and the audit saw harm, it is 0.
    It does not know harm in posts that no source brought, nor what reviewers overlook.
    Sources: sensitivity in CDC, Updated Guidelines for Evaluating Public Health Surveillance
    Systems (MMWR 50, RR-13, 2001); bounds after Korn and Graubard (1998).
    """
    number = missed(rows, cohort)
    if cohort.found + number.seen == 0:
        # Found is 0 of an unknown number; that is 0, or a share of nothing.
        return replace(number, value=None, low=0.0, high=1.0, reason=Reason.NO_HARM)
    low = cohort.found / (cohort.found + cohort.undecided + number.high)
    high = cohort.found / (cohort.found + number.low)
    value, reason = None, number.reason
    if low == high:
        value, reason = low, None
    elif number.value is not None:
        value = cohort.found / (cohort.found + _waiting(cohort) + number.value)
        if high - low > WIDEST:
            value, reason = None, Reason.TOO_WIDE
    return replace(number, value=value, low=low, high=high, reason=reason)


def by_slice(
    measure: Callable[[Sequence[Audited], Cohort], Estimate],
    rows: Sequence[Audited],
    cohorts: Mapping[str, Cohort],
) -> dict[str, Estimate]:
    """Give a figure of each slice from its own audited posts and its own counts.

    The slices are estimated apart, so their missed harm need not add up to that of all.
    """
    split: dict[str, list[Audited]] = {name: [] for name in cohorts}
    for row in rows:
        split[row.in_slice].append(row)
    return {name: measure(split[name], cohort) for name, cohort in cohorts.items()}


def expected_interval(scores: Floats, budget: float, *, found: int, guess: float) -> Estimate:
    """Bounds of recall that a budget would buy, before it is spent: a plan, no finding.

    The bounds that recall would have if the audit saw what is expected, for *guess* missed posts
    among the unflagged ones: half of them spread as the scores say, half anywhere.
    The guess is the caller's: from an earlier audit, or several to choose from.
    Real bounds scatter around these.

    Args:
        scores: (n_posts,) of the unflagged posts, each 0-1.
        budget: posts to be read.
        found: flagged posts that are harm.
        guess: more than 0, at most the number of posts.
    """
    if not 0 < guess <= len(scores):
        msg = f"the guess ({guess}) must be above 0 and at most {len(scores)}, the posts"
        raise ValueError(msg)
    if budget <= 0:
        return Estimate(None, 0.0, 1.0, 0, 0, 0, Reason.TOO_FEW)
    chances = inclusion(scores, budget)
    # With scores of zero throughout, all of the guess lies anywhere.
    by_score = scores / scores.sum() if scores.any() else np.full(len(scores), 1 / len(scores))
    harm = np.minimum(1.0, guess * (0.5 * by_score + 0.5 / len(scores)))
    bounds = interval(_expected(chances, harm))
    seen, n = float((chances * harm).sum()), float(chances.sum())
    low, high = (found / (found + max(seen, one * len(scores))) for one in reversed(bounds))
    value = found / (found + float(harm.sum()))
    return Estimate(value, min(low, value), max(high, value), round(n), round(seen), 0)


def _expected(chances: Floats, harm: Floats) -> Weighed:
    """Work out what a sample is expected to say if each post is harm with a chance of its own."""
    posts = len(chances)
    share = float(harm.mean())
    squares = (1 - chances) / chances * (harm * (1 - 2 * share) + share**2)
    weight = max(posts / float(chances.sum()), float((harm / chances).sum() / harm.sum()))
    variance = float(squares.sum()) / posts**2
    return Weighed(share, variance, weight / posts, float(chances.min()), posts)


def _weighed(rows: Sequence[Audited], cohort: Cohort) -> Weighed:
    """Weigh the rows that are decided, as if the others had been drawn less often, all alike."""
    decided = np.array([row.harm is not None for row in rows])
    chances = np.array([row.inclusion for row in rows], dtype=np.float64)
    least = min(cohort.least, float(chances.min()))
    # Certain draws bring all posts, so that a row that is not there is known to be missing.
    drawn = float(cohort.unflagged) if least == 1 else float((1 / chances).sum())
    answered = min(1.0, float((1 / chances[decided]).sum()) / drawn)
    harm = np.array([row.harm for row in rows if row.harm is not None], dtype=np.bool_)
    weighed = weigh(answered * chances[decided], harm, cohort.unflagged)
    return replace(weighed, least=answered * least)


def _waiting(cohort: Cohort) -> float:
    """Give the harm expected among undecided flagged posts, at least one of the others decided."""
    return cohort.undecided * cohort.found / cohort.decided if cohort.undecided else 0.0


def _thin(n: int, seen: int, open_rows: int) -> Reason | None:
    if n < LEAST_AUDITED:
        return Reason.TOO_FEW
    if open_rows > MOST_OPEN * (n + open_rows):
        return Reason.AUDIT_OPEN
    return Reason.NONE_SEEN if seen == 0 else None


def _scaled(one: Estimate, by: int) -> Estimate:
    value = None if one.value is None else one.value / by
    return replace(one, value=value, low=one.low / by, high=one.high / by)


def _check(rows: Sequence[Audited], cohort: Cohort) -> None:
    if len(rows) > cohort.unflagged:
        msg = f"{len(rows)} audited posts of {cohort.unflagged}: count the window's own draws only"
        raise ValueError(msg)
    if not all(0 < one <= 1 for one in (cohort.least, *(row.inclusion for row in rows))):
        msg = "an inclusion is a chance above 0 and at most 1; keep it as it was at the draw"
        raise ValueError(msg)
