"""Times and deadlines on the coverage page: what is due when, and how long each step takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts_times, widgets
from evenhand.dashboard.jobs.estimates_time import Pace
from evenhand.dashboard.jobs.measures import burning, timely
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views import coverage_parts, times_words
from evenhand.dashboard.views import coverage_words as worded

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.measures.sheets import Cell
    from evenhand.dashboard.jobs.measures.timely import Deadlines
    from evenhand.dashboard.jobs.measures.timing import Times
    from evenhand.dashboard.shell import Shell

STEP, SLICE = "step", "slice"
MEASURES = {
    "seen": "time_to_review",
    "decided": "time_to_decision",
    "answered": "time_to_response",
}
# Where lengths are written on the axis, in hours: from 5 minutes to 30 days.
TICKS = (1 / 12, 0.5, 2, 8, 24, 72, 168, 720)
OVERDUE, SOON = slice(0, 1), slice(1, 3)


def draw(shell: Shell, days: int) -> None:
    """Draw the part."""
    # What is due does not depend on the choices, which stand with what they change.
    due = st.container()
    widgets.section(shell, "coverage.times", "coverage.times_lead")
    with st.container(horizontal=True, gap="medium"):
        step = _chosen(shell, STEP, "step", tuple(timely.STEPS), "decided")
        by = _chosen(shell, SLICE, "slice", timely.SLICES, timely.SLICES[0])
    choice = (step, by)
    found = timely.times_and_deadlines(shell.store, shell.actor, days, choice, shell.now())
    with due:
        _burn(shell, found)
    _times(shell, found, step, by)


def _chosen(shell: Shell, name: str, word: str, known: tuple[str, ...], usual: str) -> str:
    words = {one: shell.say(f"coverage.{word}_{one}") for one in known}
    return coverage_parts.choice(shell.say(f"coverage.{word}_by"), words, name, usual)


def _burn(shell: Shell, found: Deadlines) -> None:
    widgets.section(shell, "coverage.burn")
    counts = burning.burn_down(found.due)
    if not sum(counts):
        st.markdown(shell.say("coverage.burn_none"))
        return
    overdue, soon = sum(counts[OVERDUE]), sum(counts[SOON])
    st.markdown(shell.say("coverage.burn_line", overdue=overdue, n=sum(counts), soon=soon))
    st.markdown(f"{_clearing(shell, found)} {_ages(shell, found)}")
    bands = [shell.say(f"coverage.burn_{band}") for band in range(burning.BANDS)]
    parts = [(shell.say(f"terms.queue_{one.queue}"), one.by_hours) for one in found.due]
    named = [(band, shell.number(n)) for band, n in zip(bands, counts, strict=True)]
    figure = charts_times.burn_down(named, parts, worded.separators(shell))
    sums = "; ".join(f"{band} {n}" for band, n in zip(bands, counts, strict=True))
    coverage_parts.chart(figure, "burn", shell.say("coverage.burn_alt", sums=sums))
    rows: list[tuple[Cell, ...]] = [(name, *by_hours, sum(by_hours)) for name, by_hours in parts]
    columns = (shell.say("coverage.col_queue"), *bands, shell.say("coverage.col_all"))
    made = Sheet("deadlines", columns, tuple(rows))
    measures = ("burn_down", "time_to_clear", "age_of_backlog")
    coverage_parts.numbers(shell, made, measures, wide=True)


def _clearing(shell: Shell, found: Deadlines) -> str:
    one = found.clearing
    if one.reason is Pace.TOO_FEW or one.value is None or one.low is None:
        return shell.say("coverage.clearing_growing")
    days, low = (shell.number(round(value, 1)) for value in (one.value, one.low))
    ends = shell.say("coverage.clearing_open", low=low)
    if one.high is not None:
        high = shell.number(round(one.high, 1))
        ends = shell.say("coverage.clearing_range", low=low, high=high)
    return shell.say("coverage.clearing_line", days=days, range=ends)


def _ages(shell: Shell, found: Deadlines) -> str:
    ages = (found.ages.median_h, found.ages.p90_h, found.ages.oldest_h)
    median, p90, oldest = (times_words.length(shell, one or 0.0) for one in ages)
    return shell.say("coverage.age_line", median=median, p90=p90, oldest=oldest)


def _times(shell: Shell, found: Deadlines, step: str, by: str) -> None:
    if step == "decided":
        share = found.in_time
        words = worded.share_with_interval(shell, share)
        st.markdown(shell.say("coverage.in_time_line", part=share.part, n=share.n, share=words))
    drawn = [(key, one) for key, one in found.times.items() if one.curve is not None]
    if drawn:
        _curves(shell, found, by, drawn[: charts_times.MOST_CURVES])
    else:
        widgets.empty(shell.say("coverage.times_none"))
    in_time = ("decided_in_time",) if step == "decided" else ()
    measures = (MEASURES[step], *in_time)
    coverage_parts.numbers(shell, _sheet(shell, found, step, by), measures, wide=True)


def _curves(shell: Shell, found: Deadlines, by: str, drawn: list[tuple[str, Times]]) -> None:
    named = [(worded.slice_name(shell, by, key, found.team_names), one) for key, one in drawn]
    for name, one in named:
        line = shell.say(
            "coverage.times_line",
            part=name,
            median=times_words.median(shell, one),
            p90=times_words.quantile(shell, one.p90),
        )
        # A team's name is somebody else's text, and stays as it was written.
        widgets.show_untrusted(shell, line if by == "team_id" else f"{line[0].upper()}{line[1:]}")
    some = [
        charts_times.Waiting(
            shell.say("coverage.curve_name", part=name, n=one.n, still=one.still),
            one.curve.hours.tolist(),
            one.curve.waiting.tolist(),
            (one.median and one.median.at_least) or (one.p90 and one.p90.at_least) or 0.0,
        )
        for name, one in named
        if one.curve is not None
    ]
    ticks = [(hours, times_words.length(shell, hours)) for hours in TICKS]
    axis = charts_times.Axis(shell.say("coverage.curve_axis"), ticks)
    figure = charts_times.curves(some, axis, shell.say("coverage.curve_share"))
    parts = " ".join(
        shell.say(
            "coverage.times_line",
            part=name,
            median=times_words.quantile(shell, one.median),
            p90=times_words.quantile(shell, one.p90),
        )
        for name, one in named
    )
    coverage_parts.chart(figure, "curves", shell.say("coverage.curve_alt", parts=parts))


def _sheet(shell: Shell, found: Deadlines, step: str, by: str) -> Sheet:
    names = ("n", "ended", "still", "median", "low", "high", "p90", "low", "high")
    head, *columns = (
        shell.say(f"coverage.slice_{by}").capitalize(),
        *(shell.say(f"coverage.col_{name}") for name in names),
    )
    for at, of in ((4, 3), (5, 3), (7, 6), (8, 6)):
        columns[at] = f"{columns[of]}, {columns[at]}"
    parts = [
        (worded.slice_name(shell, by, key, found.team_names), one)
        for key, one in found.times.items()
    ]
    rows = [
        (
            name,
            *(one.n, one.ended, one.still),
            *times_words.minutes(one.median),
            *times_words.minutes(one.p90),
        )
        for name, one in (*parts, (shell.say("coverage.col_all"), found.all_times))
    ]
    return Sheet(f"time-until-{step}-by-{by}", (head, *columns), tuple(rows))
