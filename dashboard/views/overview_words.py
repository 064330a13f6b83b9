"""How the overview words its figures: values, intervals, what changed, and the small charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard import charts_small
from evenhand.dashboard.charts_small import Week
from evenhand.dashboard.jobs.estimates_time import Pace
from evenhand.dashboard.jobs.measures import changing
from evenhand.dashboard.jobs.measures.changing import Change
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views import coverage_words, times_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.charts import Figure
    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.sheets import Cell
    from evenhand.dashboard.jobs.measures.summary import Backlog, Counted, Summary, Timed
    from evenhand.dashboard.shell import Shell

    # Where a figure leads: pages with their address and wording, the first that is open is taken.
    Way = tuple[str, Mapping[str, str], str]

WINDOW = {"days": "28"}
COVERAGE: Way = ("coverage", WINDOW, "overview.to_coverage")
TIMES: Way = ("coverage", WINDOW | {"part": "times"}, "overview.to_times")
QUALITY: Way = ("quality", {}, "overview.to_quality")
QUEUES: Way = ("queues", {}, "overview.to_queues")
REQUESTS: Way = ("requests", {}, "overview.to_requests")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its name, value, what it is counted over, what changed, and where to act.

    The first line of *base* stands under the value: its interval, if it has one.
    *chart* has its description in *alt*; a figure without a trend has none.
    """

    name: str
    value: str
    base: tuple[str, ...]
    change: str
    ways: tuple[Way, ...]
    chart: Figure | None = None
    alt: str = ""


def rows(shell: Shell, found: Summary) -> list[Row]:
    """Word the five figures in their order."""
    return [
        _recall(shell, found),
        _share(shell, found, "review", (QUEUES, COVERAGE)),
        _decision(shell, found),
        _share(shell, found, "response", (REQUESTS, COVERAGE)),
        _backlog(shell, found),
    ]


def _recall(shell: Shell, found: Summary) -> Row:
    of = found.recall
    weeks = [_recall_of_week(shell, found, at, one) for at, one in enumerate(of.by_week)]
    change = changing.of_estimates(of.before, of.now)
    said = shell.say("overview.change_recall_none")
    if of.now is not None:
        before = coverage_words.percent(shell, of.before.value if of.before else None)
        said = shell.say(f"overview.change_{change}", **_unless_unknown(change, before))
    return Row(
        name="recall",
        value=coverage_words.percent(shell, of.now.value if of.now else None),
        base=_recall_base(shell, of.now),
        change=said,
        ways=(QUALITY, COVERAGE),
        chart=charts_small.trend(weeks, 1.0) if of.now is not None else None,
        alt=_alt(shell, "share", weeks),
    )


def _recall_base(shell: Shell, of: Estimate | None) -> tuple[str, ...]:
    if of is None:
        return (shell.say("overview.recall_none"),)
    low, high = (coverage_words.percent(shell, end) for end in (of.low, of.high))
    bounds = shell.say("overview.interval", low=low, high=high)
    counts = shell.say("overview.recall_base", n=of.n, seen=of.seen)
    if of.reason is None:
        return (bounds, counts)
    return (bounds, shell.say(f"overview.recall_{of.reason}"), counts)


def _recall_of_week(shell: Shell, found: Summary, at: int, of: Estimate | None) -> Week:
    if of is None or of.value is None:
        words = shell.say("overview.recall_week_none")
        return Week(None, None, None, _of_week(shell, found, at, words))
    ends = (coverage_words.percent(shell, end) for end in (of.value, of.low, of.high))
    share, low, high = ends
    words = shell.say("coverage.split_share", share=share, low=low, high=high)
    return Week(of.value, of.low, of.high, _of_week(shell, found, at, words))


def _share(shell: Shell, found: Summary, name: str, ways: tuple[Way, ...]) -> Row:
    of: Counted = getattr(found, name)
    counts = shell.say(f"overview.{name}_base", part=of.now.part, n=of.now.n)
    change = changing.of_shares(of.before, of.now)
    before = coverage_words.percent(shell, of.before.value)
    weeks = [_share_of_week(shell, found, at, one) for at, one in enumerate(of.by_week)]
    return Row(
        name=name,
        value=coverage_words.percent(shell, of.now.value),
        base=(_interval(shell, of.now), counts),
        change=shell.say(f"overview.change_{change}", **_unless_unknown(change, before)),
        ways=ways,
        chart=charts_small.trend(weeks, 1.0),
        alt=_alt(shell, "share", weeks),
    )


def _unless_unknown(change: Change, before: str) -> dict[str, str]:
    return {} if change is Change.UNKNOWN else {"before": before}


def _interval(shell: Shell, of: Share) -> str:
    if of.interval is None:
        return coverage_words.certainty(shell, of)
    low, high = (coverage_words.percent(shell, end) for end in of.interval)
    return shell.say("overview.interval", low=low, high=high)


def _share_of_week(shell: Shell, found: Summary, at: int, of: Share) -> Week:
    low, high = of.interval or (None, None)
    words = coverage_words.share(shell, of)
    return Week(of.value, low, high, _of_week(shell, found, at, words))


def _of_week(shell: Shell, found: Summary, at: int, words: str) -> str:
    return shell.say("overview.trend_words", first=found.weeks[at].first, value=words)


def _alt(shell: Shell, kind: str, weeks: Sequence[Week]) -> str:
    return shell.say(f"overview.trend_{kind}_alt", weeks="; ".join(one.words for one in weeks))


def _decision(shell: Shell, found: Summary) -> Row:
    of: Timed = found.decision
    weeks = []
    for at, one in enumerate(of.by_week):
        half = one.median
        value, low, high = (half.value, half.low, half.high) if half else (None, None, None)
        words = times_words.median(shell, one)
        weeks.append(Week(value, low, high, _of_week(shell, found, at, words)))
    change = changing.of_medians(of.before, of.now)
    name = "change" if change is Change.UNKNOWN else "change_decision"
    before = times_words.quantile(shell, of.before.median)
    ends = times_words.bounds(shell, of.now.median)
    counts = shell.say("overview.decision_base", n=of.now.n, still=of.now.still)
    lines: tuple[str, ...] = (counts,) if ends is None else (_ends(shell, ends), counts)
    if of.now.median is None:
        lines = (shell.say("coverage.time_few", n=of.now.n),)
    return Row(
        name="decision",
        value=times_words.quantile(shell, of.now.median),
        base=lines,
        change=shell.say(f"overview.{name}_{change}", **_unless_unknown(change, before)),
        ways=(QUEUES, TIMES),
        chart=charts_small.trend(weeks),
        alt=_alt(shell, "time", weeks),
    )


def _ends(shell: Shell, ends: str) -> str:
    return shell.say("overview.interval_of", ends=ends)


def _backlog(shell: Shell, found: Summary) -> Row:
    of: Backlog = found.backlog
    age = shell.say("overview.backlog_none")
    if of.oldest_at is not None:
        age = shell.say("overview.backlog_oldest", age=shell.now() - of.oldest_at)
    change = changing.of_backlog(of.clearing)
    name = "overview.clear_too_few"
    counts: dict[str, int] = {}
    if change is not Change.UNKNOWN:
        name = f"overview.change_backlog_{change}"
        counts = {"arrived": of.arrived, "decided": of.decided}
    weeks = [
        Week(grown, None, None, _of_week(shell, found, at, shell.number(grown)))
        for at, grown in enumerate(of.growth)
    ]
    return Row(
        name="backlog",
        value=shell.number(of.items),
        base=(age, clearing(shell, of)) if of.items else (age,),
        change=shell.say(name, **counts),
        ways=(QUEUES, TIMES),
        chart=charts_small.growth(weeks),
        alt=_alt(shell, "growth", weeks),
    )


def clearing(shell: Shell, of: Backlog) -> str:
    """Say in how many days the backlog is cleared, or why that cannot be said."""
    one = of.clearing
    if one.reason is Pace.TOO_FEW:
        return shell.say("overview.clear_too_few")
    if one.value is None:
        return shell.say("overview.clear_growing")
    days, low = (shell.number(round(value or 0.0, 1)) for value in (one.value, one.low))
    if one.high is None:
        return shell.say("overview.clear_open", days=days, low=low)
    high = shell.number(round(one.high, 1))
    return shell.say("overview.clear_days", days=days, low=low, high=high)


def sheet(shell: Shell, found: Summary) -> Sheet:
    """Make the table of the eight weeks, the newest first."""
    names = ("week", "review", "made", "median", "response", "asked", "growth")
    columns = tuple(shell.say(f"overview.col_{name}") for name in names)
    cells: list[tuple[Cell, ...]] = [
        (
            week.first,
            review.value,
            review.n,
            times_words.minutes(times.median)[0],
            response.value,
            response.n,
            growth,
        )
        for week, review, times, response, growth in zip(
            found.weeks,
            found.review.by_week,
            found.decision.by_week,
            found.response.by_week,
            found.backlog.growth,
            strict=True,
        )
    ]
    return Sheet("overview", columns, tuple(reversed(cells)))
