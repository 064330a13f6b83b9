"""What other thresholds would do, worked out from what was counted, read and audited.

Nothing here knows a store or a clock, and nothing is changed by it.
A threshold that is raised leaves out posts that people have read, so that what is lost is known;
one that is lowered brings posts that nobody but the audit has read, so that what is won is an
estimate with bounds, and mostly a wide one.
The harm that there is does not hang on thresholds: only who finds it does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from evenhand.dashboard.jobs import estimates_audit
from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, Estimate
from evenhand.data.store.whatif import ALWAYS, LAST, STEPS, Counts, added, threshold_of
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from evenhand.data.store.whatif import Counted, Key

# As `classifiers.thresholds` has them; this module is loaded where no model library is.
FLOORS: Mapping[str, float] = {
    label.value: 0.3 if label is Policy.HATE else 0.5 for label in (*Policy, *Request)
}
BY_STATEMENT = frozenset({Policy.HEALTH_MISINFORMATION.value, Policy.DISASTER_MISINFORMATION.value})
REQUESTS = frozenset(one.value for one in Request)
ROUNDING = 1e-9
# Fewer days say nothing of how days vary; fewer posts read make no share.
LEAST_DAYS = 7
LEAST_READ = 30
# Left out on each side of a 95 % interval.
TAIL = 0.025
SHIFTS = (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)


class Why(StrEnum):
    """Why a number is missing."""

    # Fewer than seven days are counted.
    FEW_DAYS = "few_days"
    # Fewer than 30 posts were read.
    FEW_READ = "few_read"
    # A lower threshold brings posts of which the audit has read fewer than 30.
    NOBODY_READ = "nobody_read"


class Range(NamedTuple):
    """A number with its 95 % bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a window.

    *days* were counted, *rows* are their counts; of *audited* days *frame* posts were unflagged,
    and *drawn* are those that the audit read, each under the key it is counted by.
    *least* is the smallest chance in these frames.
    """

    days: tuple[date, ...]
    rows: tuple[Counted, ...]
    audited: frozenset[date] = frozenset()
    frame: int = 0
    drawn: tuple[tuple[Key, Audited], ...] = ()
    least: float = 1.0


@dataclass(frozen=True, slots=True)
class Precision:
    """Share of posts before people that were rightly there, with its bounds, of *read* posts."""

    value: float | None
    low: float
    high: float
    read: int
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class ByLabel:
    """Posts a day that one label puts before people, and how many of those read were right."""

    label: str
    per_day: float
    precision: Precision


@dataclass(frozen=True, slots=True)
class Outlook:
    """What some thresholds come to; *workload* is None under seven days."""

    workload: Range | None
    recall: Estimate
    precision: Precision
    labels: tuple[ByLabel, ...]


class Point(NamedTuple):
    """One point of the curve: how far thresholds are moved, and what that comes to."""

    by: float
    workload: Range | None
    recall: Estimate


Moves = dict[str, int]


def moves(thresholds: Mapping[str, float], present: Mapping[str, float]) -> Moves:
    """Turn thresholds into steps, the nearest ones, those that differ from the present alone.

    None goes below its floor, whatever was asked.
    """
    found = {}
    for label, wanted in thresholds.items():
        asked = max(wanted, FLOORS[label])
        if abs(asked - present[label]) > ROUNDING:
            found[label] = min(LAST, max(floor_step(label), round(STEPS * log_odds(asked))))
    return found


def floor_step(label: str) -> int:
    """Give the first step that is not below the floor of a label."""
    return ceil(STEPS * log_odds(FLOORS[label]) - ROUNDING)


def choices(label: str, present: float) -> list[float]:
    """List the thresholds that can be tried: every step from the floor up, and the present one."""
    steps = {threshold_of(step) for step in range(floor_step(label), LAST + 1, 2)}
    return sorted(steps | {present})


def log_odds(threshold: float) -> float:
    """Give the log-odds of a threshold under 1; those of 1 are taken as the last step's."""
    return log(threshold / (1 - threshold)) if threshold < 1 else LAST / STEPS


def is_put(key: Key, to: Moves) -> bool:
    """Say whether posts of this key are put before people once thresholds are moved."""
    return key.kept or any(
        one.step >= to[one.label] if one.label in to else one.put for one in key.puts
    )


def outlook(seen: Seen, to: Moves) -> Outlook:
    """Say what moved thresholds come to; without moves, what the present ones do."""
    return Outlook(workload(seen, to), recall(seen, to), precision(seen, to), by_label(seen, to))


def workload(seen: Seen, to: Moves, ahead: int = 1) -> Range | None:
    """Items that come in for a decision on a day to come, on average over *ahead* days.

    What is put before people now counts with its items: near-copies behind a wave make none.
    What a lower threshold adds has no items yet: it is counted as grouped into waves as often as
    the rest, and at the upper bound as not grouped at all.
    The bounds are a 95 % prediction interval for days that vary as those counted did, and at least
    as chance does (Student's t; the variance is at least the mean).
    It knows no weekday and no event to come: a flood breaks it.
    Blank under seven days.
    """
    if len(seen.days) < LEAST_DAYS:
        return None
    before = [one for one in seen.rows if is_put(one.key, {})]
    posts = sum(one.counts.posts for one in before)
    grouped = sum(one.counts.items for one in before) / posts if posts else 1.0
    usual, most = (_by_day(seen, to, share) for share in (grouped, max(1.0, grouped)))
    middle = _forecast(usual, ahead)
    return Range(middle.value, middle.low, _forecast(most, ahead).high)


def _by_day(seen: Seen, to: Moves, grouped: float) -> list[float]:
    found = dict.fromkeys(seen.days, 0.0)
    for one in seen.rows:
        if one.day in found and is_put(one.key, to):
            was = is_put(one.key, {})
            found[one.day] += one.counts.items if was else one.counts.posts * grouped
    return list(found.values())


def _forecast(days: Sequence[float], ahead: int) -> Range:
    """Predict the mean of the *ahead* next days from days that are alike."""
    # It takes a quarter of a second to load, and few pages need it.
    from scipy.special import stdtrit  # noqa: PLC0415 - see above

    n = len(days)
    mean = sum(days) / n
    variance = max(mean, sum((day - mean) ** 2 for day in days) / (n - 1))
    half = float(stdtrit(n - 1, 1 - TAIL)) * sqrt(variance * (1 / ahead + 1 / n))
    return Range(mean, max(0.0, mean - half), mean + half)


def recall(seen: Seen, to: Moves) -> Estimate:
    """Share of the harm that would be found: (kept + won) / (found + waiting + missed), 0-1.

    Found, waiting and missed are those of the audited days under the present thresholds: what harm
    there is does not change.
    Kept is the found harm that the moved thresholds still put before people; what falls out is
    known, for it was read.
    Won is the missed harm that they would bring, estimated from the audited posts among it; it is
    taken as decided rightly, as the audit's readers did.
    The lower bound takes the least that may be won and the most that may stay missed, the upper
    one the other way round, each at 95 %, so that together they are rather too wide.
    Blank where the audit leaves the missed harm unknown, and where the bounds are more than 0.4
    apart.
    Posts are counted here, items on other pages: a post that stood in two queues counts once.
    """
    cohort, kept = _cohort(seen, to)
    rows = [row for _, row in seen.drawn]
    won = [_if(row, is_put(key, to)) for key, row in seen.drawn]
    left = [_if(row, not is_put(key, to)) for key, row in seen.drawn]
    every, more, rest = (estimates_audit.missed(part, cohort) for part in (rows, won, left))
    if not _lowers(seen, to):
        # Nothing new comes before people, so nothing can be won: known, not estimated.
        more, rest = replace(more, value=0.0, low=0.0, high=0.0), every
    if cohort.found + every.seen == 0:
        return replace(every, value=None, low=0.0, high=1.0, reason=estimates_audit.Reason.NO_HARM)
    low = (kept + more.low) / (cohort.found + cohort.undecided + more.low + rest.high)
    high = (kept + more.high) / (cohort.found + more.high + rest.low)
    reason, value = every.reason, None
    if every.value is not None:
        waiting = cohort.undecided * cohort.found / cohort.decided if cohort.decided else 0.0
        found = min(more.value or 0.0, every.value)
        value = (kept + found) / (cohort.found + waiting + every.value)
        low, high = min(low, value), max(high, value)
        if high - low > estimates_audit.WIDEST:
            value, reason = None, estimates_audit.Reason.TOO_WIDE
    return replace(every, value=value, low=low, high=high, reason=reason)


def _cohort(seen: Seen, to: Moves) -> tuple[Cohort, int]:
    """Count the audited days under the present thresholds, and the found harm that is kept."""
    now, kept = Counts(0, 0, 0, 0, 0), 0
    for one in seen.rows:
        if one.day in seen.audited and is_put(one.key, {}):
            now = added(now, one.counts)
            kept += one.counts.harm if is_put(one.key, to) else 0
    return Cohort(seen.frame, now.posts, now.decided, now.harm, seen.least), kept


def _if(row: Audited, which: bool) -> Audited:  # noqa: FBT001 - a row and whether it counts
    return row if row.harm is None else row._replace(harm=row.harm and which)


def _lowers(seen: Seen, to: Moves) -> bool:
    """Say whether anything comes before people that is not there now."""
    keys = [one.key for one in seen.rows] + [key for key, _ in seen.drawn]
    return any(is_put(key, to) and not is_put(key, {}) for key in keys)


def precision(seen: Seen, to: Moves) -> Precision:
    """Share of the posts before people that were rightly put there, 0-1, of those read.

    Rightly: a person decided that it violates a policy, or that it needed an answer or had one.
    Posts that stay are read: their share has Wilson's 95 % interval (1927), blank under 30.
    Posts that a lower threshold adds were read by the audit alone: where that is fewer than 30 of
    them, the share of all is not known, for nobody has read there.
    Where it is enough, harm among them is estimated from the audit and both parts are added up by
    their posts, bounds with bounds; an answer that they need is not counted.
    """
    stays, new = _parts(seen, to)
    kept = _wilson(stays)
    if not new.posts:
        return kept
    band = [(key, row) for key, row in seen.drawn if is_put(key, to) and not is_put(key, {})]
    read = sum(row.harm is not None for _, row in band)
    if read < LEAST_READ:
        return replace(kept, value=None, why=Why.NOBODY_READ, read=read)
    own = estimates_audit.elusion(
        [row for _, row in band], Cohort(max(new.posts, len(band)), 0, 0, 0, seen.least)
    )
    if kept.value is None or own.value is None:
        return replace(kept, value=None, why=Why.NOBODY_READ, read=read)
    posts = stays.posts + new.posts
    pairs = ((kept.value, own.value), (kept.low, own.low), (kept.high, own.high))
    value, low, high = ((a * stays.posts + b * new.posts) / posts for a, b in pairs)
    return Precision(value, low, high, kept.read + read)


def _parts(seen: Seen, to: Moves) -> tuple[Counts, Counts]:
    """Add up what stays before people and what comes there."""
    stays = new = Counts(0, 0, 0, 0, 0)
    for one in seen.rows:
        if is_put(one.key, to) and is_put(one.key, {}):
            stays = added(stays, one.counts)
        elif is_put(one.key, to):
            new = added(new, one.counts)
    return stays, new


def _wilson(counts: Counts) -> Precision:
    from evenhand.classifiers.intervals import wilson  # noqa: PLC0415 - commands start without

    right, read = counts.harm + counts.asked, counts.decided
    low, high = wilson(right, read) or (0.0, 1.0)
    if read < LEAST_READ:
        return Precision(None, low, high, read, Why.FEW_READ)
    return Precision(right / read, low, high, read)


def by_label(seen: Seen, to: Moves) -> tuple[ByLabel, ...]:
    """Give each label that puts posts before people: posts a day, and how many were right.

    A post with two labels counts under both, so the parts add up to more than the whole.
    Posts that a lower threshold adds are in the posts a day, and not in the share.
    """
    posts: Counter[str] = Counter()
    read: defaultdict[str, Counts] = defaultdict(lambda: Counts(0, 0, 0, 0, 0))
    for one in seen.rows:
        for each in one.key.puts:
            if each.step >= to[each.label] if each.label in to else each.put:
                posts[each.label] += one.counts.posts
                if is_put(one.key, {}):
                    read[each.label] = added(read[each.label], one.counts)
    days = max(1, len(seen.days))
    return tuple(
        ByLabel(label, posts[label] / days, _wilson(read[label])) for label in sorted(posts)
    )


def labels_with_data(seen: Seen) -> list[str]:
    """List the labels whose threshold decides anything in what was counted."""
    found = {each.label for one in seen.rows for each in one.key.puts if each.step != ALWAYS}
    return [one for one in FLOORS if one in found - BY_STATEMENT]


def shifted(present: Mapping[str, float], labels: Iterable[str], by: float) -> dict[str, float]:
    """Move the thresholds of *labels* by the same amount of log-odds, down to the floor."""
    return {
        one: max(FLOORS[one], 1 / (1 + exp(-log_odds(present[one]) - by))) if by else present[one]
        for one in labels
    }


def curve(seen: Seen, present: Mapping[str, float], labels: Sequence[str]) -> list[Point]:
    """Follow all thresholds together, from 3 lower to 3 higher in the log-odds."""
    found = []
    for by in SHIFTS:
        to = moves(shifted(present, labels, by), present)
        found.append(Point(by, workload(seen, to), recall(seen, to)))
    return found
