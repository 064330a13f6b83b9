"""The page "My shift": a person's own day, for themselves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import claims
from evenhand.dashboard.jobs.measures import sheets
from evenhand.dashboard.jobs.measures import shift as measures
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views.coverage_words import file_name, separators
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.measures.sheets import Cell
    from evenhand.dashboard.jobs.measures.shift import Hour, Shift
    from evenhand.dashboard.shell import Shell

CHART_PX = 250
URGENT = "fast"
BANDS = ("late", "in_1", "in_4", "in_8")


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "shift.title", "shift.lead")
    with widgets.told(shell):
        found = measures.shift(
            shell.store, shell.actor, shell.settings.care, shell.now(), shell.zone
        )
        widgets.tiles(shell, _tiles(shell, found))
        _waiting(shell, found)
        _held(shell, found)
        _today(shell, found)
        _due(shell, found)
        _break(shell, found)


def _tiles(shell: Shell, found: Shift) -> list[widgets.Tile]:
    waits = measures.waiting_for_you(found.waiting)
    urgent = found.waiting.get(URGENT, 0)
    first = shell.say("shift.held_by_you_none")
    if found.held:
        first = shell.say("shift.held_by_you_base", left=found.held[0].until - shell.now())
    late = measures.overdue(found.due)
    full = any(count >= claims.MOST_COUNTED for count in found.waiting.values())
    shown = shell.say("shift.over", n=waits) if full else shell.number(waits)
    values = {
        "waiting_for_you": (shown, shell.say("shift.waiting_for_you_base", urgent=urgent)),
        "held_by_you": (shell.number(measures.held_by_you(found.held)), first),
        "due_soon": (
            shell.number(measures.due_soon(found.due)),
            shell.say("shift.due_soon_base", n=late),
        ),
        "to_follow_up": (
            shell.number(measures.to_follow_up(found.follow_ups)),
            shell.say("shift.to_follow_up_base"),
        ),
    }
    return [
        widgets.Tile(shell.say(f"shift.{name}_tile"), value, base, shell.say(f"shift.def_{name}"))
        for name, (value, base) in values.items()
    ]


def _waiting(shell: Shell, found: Shift) -> None:
    widgets.section(shell, "shift.waiting")
    if not any(found.waiting.values()):
        widgets.empty(shell.say("shift.waiting_none"))
    else:
        columns = _columns(shell, "queue", "items")
        rows = [(_queue(shell, queue), shell.number(n)) for queue, n in found.waiting.items() if n]
        _table(columns, rows)
    with st.container(horizontal=True):
        for place in ("review", "requests"):
            _go(shell, place)


def _held(shell: Shell, found: Shift) -> None:
    widgets.section(shell, "shift.held")
    if not found.held:
        widgets.empty(shell.say("shift.held_none"))
        return
    # One line for what is alike: ten items of one queue are held together and end together.
    ends: dict[tuple[str, bool], list[datetime]] = {}
    for one in found.held:
        ends.setdefault((one.queue, one.answering), []).append(one.until)
    rows = [
        (
            _queue(shell, queue),
            shell.say("shift.to_answer" if answering else "shift.to_decide"),
            shell.number(len(until)),
            forms.pause(min(until) - shell.now(), shell.lang),
        )
        for (queue, answering), until in ends.items()
    ]
    _table(_columns(shell, "queue", "for", "items", "left"), rows)


def _today(shell: Shell, found: Shift) -> None:
    widgets.section(shell, "shift.today")
    if not found.hours:
        widgets.empty(shell.say("shift.today_none"))
        return
    sums = {
        kind: sum(hour.counts[at] for hour in found.hours) for at, kind in enumerate(measures.KINDS)
    }
    st.markdown(shell.say("shift.today_line", **sums))
    series = [
        charts.Named(
            shell.say(f"shift.kind_{kind}"), tuple(hour.counts[at] for hour in found.hours)
        )
        for at, kind in enumerate(measures.KINDS)
    ]
    # The clock on the wall: the browser would set a time with a zone by its own.
    hours = [hour.at.replace(tzinfo=None) for hour in found.hours]
    figure = charts.by_day(hours, series, separators(shell))
    figure.update_layout(height=CHART_PX)
    figure.update_xaxes(tickformat="%H:%M", hoverformat="%H:%M")
    words = ", ".join(f"{one.name} {shell.number(sum(one.values))}" for one in series)
    st.plotly_chart(
        figure,
        theme="streamlit",
        config=charts.CONFIG,
        key="evenhand-shift-today",
        alt=shell.say("shift.today_alt", sums=words),
    )
    _numbers(shell, found.hours)


def _numbers(shell: Shell, hours: Sequence[Hour]) -> None:
    kinds = tuple(shell.say(f"shift.kind_{kind}") for kind in measures.KINDS)
    named = [(f"{hour.at:%H:%M}", hour.counts) for hour in hours]
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, *counts) for name, counts in named)
    sheet = Sheet("my-shift", (*_columns(shell, "hour"), *kinds), rows)
    with st.expander(shell.say("shift.numbers")):
        shown = [(name, *map(shell.number, counts)) for name, counts in named]
        _table(sheet.columns, shown)
        widgets.quiet(shell.say("shift.def_today_by_hour"))
        st.download_button(
            shell.say("shift.csv"),
            sheets.as_csv(sheet),
            file_name=file_name(shell, sheet),
            mime="text/csv",
            key="evenhand-shift-csv",
            on_click="ignore",
        )


def _due(shell: Shell, found: Shift) -> None:
    widgets.section(shell, "shift.due", "shift.due_lead")
    if not found.due:
        widgets.empty(shell.say("shift.due_none"))
        return
    rows = [(_queue(shell, one.queue), *map(shell.number, one.by_hours)) for one in found.due]
    _table(_columns(shell, "queue", *BANDS), rows)


def _break(shell: Shell, found: Shift) -> None:
    widgets.section(shell, "shift.break")
    standing = found.standing
    if standing.rest is not None:
        st.markdown(shell.say("shift.resting", at=shell.moment(standing.rest.until)))
    else:
        read = round(standing.read_s / 60)
        st.markdown(shell.say("shift.break_line", read=read, limit=standing.break_after_min))
    _go(shell, "care")


def _go(shell: Shell, place: str) -> None:
    words = f"shift.go_{place}"
    widgets.lead_on(shell, [(place, {}, words)])


def _queue(shell: Shell, queue: str) -> str:
    return shell.say(f"terms.queue_{queue}")


def _columns(shell: Shell, *names: str) -> tuple[str, ...]:
    return tuple(shell.say(f"shift.col_{name}") for name in names)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    shown = [dict(zip(columns, row, strict=True)) for row in rows]
    st.table(shown, hide_index=True, border="horizontal")
