"""How the simulator page words its numbers, and the tables behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import format_decimal

from evenhand.dashboard.charts_simulator import Spot
from evenhand.dashboard.jobs import simulating, simulating_waiting
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views import queues_words
from evenhand.dashboard.views.coverage_words import percent
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.simulating import Outlook, Point, Precision, Range
    from evenhand.dashboard.jobs.simulating_waiting import Waiting
    from evenhand.dashboard.shell import Shell


YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison: what thresholds come to, and what becomes of the backlog."""

    outlook: Outlook
    waiting: Waiting


def threshold(shell: Shell, present: float, value: float) -> str:
    """Word a threshold with four digits, and say which one is in force."""
    words = format_decimal(value, format="0.0000", locale=Locale(shell.lang))
    return shell.say("simulator.now", value=words) if value == present else words


def workload(shell: Shell, of: Range) -> str:
    """Word items a day with their interval."""
    value, low, high = (shell.number(round(one)) for one in of)
    return shell.say("simulator.between", value=value, low=low, high=high)


def recall(shell: Shell, of: Estimate) -> str:
    """Word recall with its bounds, or the bounds and why there is no number."""
    return _share(shell, of.value, (of.low, of.high), of.reason.value if of.reason else "")


def precision(shell: Shell, of: Precision) -> str:
    """Word precision with its bounds; where nobody has read there are none to give."""
    if of.why is simulating.Why.NOBODY_READ:
        return shell.say("simulator.why_nobody_read")
    return _share(shell, of.value, (of.low, of.high), of.why.value if of.why else "")


def _share(shell: Shell, value: float | None, bounds: tuple[float, float], why: str) -> str:
    low, high = (percent(shell, one) for one in bounds)
    if value is None:
        reason = shell.say(f"simulator.why_{why}")
        return shell.say("simulator.only_between", low=low, high=high, why=reason)
    words = percent(shell, value)
    return shell.say("simulator.between", value=words, low=low, high=high)


def clear(shell: Shell, of: Waiting) -> str:
    """Word the days until nothing waits."""
    if of.clear_days is None:
        return shell.say("simulator.never")
    if of.clear_days > YEAR_DAYS:
        return shell.say("simulator.hardly")
    return _days(shell, of.clear_days)


def wait(shell: Shell, of: Waiting) -> str:
    """Word how long what comes in today waits."""
    if of.wait_days is None:
        return shell.say("simulator.nobody_decides")
    return _days(shell, of.wait_days)


def _days(shell: Shell, days: float) -> str:
    if days < 1:
        return forms.pause(timedelta(hours=max(1, round(24 * days))), shell.lang)
    return shell.say("simulator.days", n=shell.number(round(days, 1)))


def result_rows(shell: Shell, sides: Sequence[Side]) -> list[dict[str, str]]:
    """Make the table of before and after."""
    later = shell.say("simulator.backlog_later", days=simulating_waiting.AHEAD_DAYS)
    figures = (
        (shell.say("simulator.workload"), [_workload(shell, one) for one in sides]),
        (shell.say("simulator.recall"), [recall(shell, one.outlook.recall) for one in sides]),
        (
            shell.say("simulator.precision"),
            [precision(shell, one.outlook.precision) for one in sides],
        ),
        (shell.say("simulator.clear"), [clear(shell, one.waiting) for one in sides]),
        (shell.say("simulator.wait"), [wait(shell, one.waiting) for one in sides]),
        (later, [workload(shell, one.waiting.by_day[-1]) for one in sides]),
    )
    names = tuple(shell.say(f"simulator.col_{one}") for one in ("figure", "before", "after"))
    return [dict(zip(names, (name, *cells), strict=True)) for name, cells in figures]


def _workload(shell: Shell, one: Side) -> str:
    return "–" if one.outlook.workload is None else workload(shell, one.outlook.workload)


def sentence(shell: Shell, now: Outlook, tried: Outlook) -> str:
    """Say in one sentence what the moved thresholds change."""
    if now.workload is None or tried.workload is None:
        return ""
    by = round(tried.workload.value) - round(now.workload.value)
    if tried == now:
        return shell.say("simulator.same", items=shell.number(round(now.workload.value)))
    before, after = (recall(shell, one.recall) for one in (now, tried))
    key = "simulator.more" if by >= 0 else "simulator.fewer"
    return shell.say(key, n=shell.number(abs(by)), before=before, after=after)


def spot(shell: Shell, workload: Range | None, found: Estimate) -> Spot:
    """Make one point of the chart."""
    items = 0.0 if workload is None else workload.value
    words = shell.say(
        "simulator.spot", items=shell.number(round(items)), recall=recall(shell, found)
    )
    return Spot(items, found.value, found.low, found.high, words)


def curve_sheet(shell: Shell, curve: Sequence[Point]) -> Sheet:
    """Make the table behind the chart."""
    names = ("shift", "items", "recall", "low", "high")
    rows = []
    for one in curve:
        made = spot(shell, one.workload, one.recall)
        rows.append((one.by, round(made.items), made.recall, made.low, made.high))
    columns = tuple(shell.say(f"simulator.col_{name}") for name in names)
    return Sheet("simulator", columns, tuple(rows))


def table(shell: Shell, sheet: Sheet) -> list[dict[str, str]]:
    """Write the table as people read it: a move and a count as numbers, shares as percent."""
    return [
        dict(
            zip(
                sheet.columns,
                (
                    shell.number(float(str(row[0]))),
                    shell.number(int(str(row[1]))),
                    *(
                        forms.percent(one if isinstance(one, float) else None, shell.lang)
                        for one in row[2:]
                    ),
                ),
                strict=True,
            )
        )
        for row in sheet.rows
    ]


def label_rows(shell: Shell, now: Outlook, tried: Outlook) -> list[dict[str, str]]:
    """Make the table of policies and requests."""
    before = {one.label: one for one in now.labels}
    after = {one.label: one for one in tried.labels}
    rows = []
    for name in sorted({*before, *after}):
        stays = after.get(name)
        cells = {
            "label": queues_words.label(shell, name),
            "posts_before": _per_day(shell, before.get(name)),
            "posts_after": _per_day(shell, stays),
            "right": "–" if stays is None else precision(shell, stays.precision),
        }
        rows.append({shell.say(f"simulator.col_{key}"): words for key, words in cells.items()})
    return rows


def _per_day(shell: Shell, one: simulating.ByLabel | None) -> str:
    return forms.tenth(0.0 if one is None else one.per_day, shell.lang)


def order_rows(shell: Shell, before: Counter[str], after: Counter[str]) -> list[dict[str, str]]:
    """Make the table of the next claims by label."""
    names = tuple(shell.say(f"simulator.col_{one}") for one in ("label", "before", "after"))
    return [
        dict(
            zip(
                names,
                (
                    queues_words.label(shell, name),
                    shell.number(before[name]),
                    shell.number(after[name]),
                ),
                strict=True,
            )
        )
        for name in sorted({*before, *after}, key=lambda one: (-before[one], one))
    ]
