"""The simulator page: thresholds, severities and capacity are tried, thresholds also proposed."""

from __future__ import annotations

from functools import partial
from math import log
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, charts_simulator, widgets
from evenhand.dashboard.jobs import simulating, simulating_reading, simulating_waiting
from evenhand.dashboard.jobs.measures import sheets
from evenhand.dashboard.views import queues_words, simulator_propose
from evenhand.dashboard.views import simulator_words as worded
from evenhand.dashboard.views.coverage_words import file_name, separators
from evenhand.dashboard.views.simulator_words import Side

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from evenhand.dashboard.jobs.simulating import Outlook
    from evenhand.dashboard.jobs.simulating_reading import Ground
    from evenhand.dashboard.shell import Shell

KEY = "evenhand-simulator-"
HIGHEST_SEVERITY = 5
MOST_DECISIONS = 100_000
UNKNOWN = ("days", "recall", "lower", "people", "rest")


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "simulator.title", "simulator.lead")
    with widgets.told(shell):
        ground = simulating_reading.ground(shell.store, shell.actor, shell.now())
        now = simulating.outlook(ground.seen, {})
        _about(shell, ground)
        if now.workload is None:
            days = len(ground.seen.days)
            widgets.empty(shell.say("simulator.nothing", days=days))
            return
        wanted = _try(shell, ground, now)
        simulator_propose.draw(shell, ground, wanted)
        _unknown(shell)


def _about(shell: Shell, ground: Ground) -> None:
    seen = ground.seen
    if not seen.days or ground.counted_at is None:
        return
    read = sum(row.harm is not None for _, row in seen.drawn)
    first, last = seen.days[0], seen.days[-1]
    days = len(seen.days)
    widgets.quiet(shell.say("simulator.ground", days=days, first=first, last=last, read=read))
    ago = shell.since(ground.counted_at)
    widgets.quiet(shell.say("simulator.model", model=ground.model, ago=ago))
    if ground.left_out:
        widgets.quiet(shell.say("simulator.left_out", days=ground.left_out))


def _try(shell: Shell, ground: Ground, now: Outlook) -> dict[str, float]:
    """Draw what can be moved and what it comes to, and give the thresholds as they stand."""
    widgets.section(shell, "simulator.try_part")
    usual = 0 if now.workload is None else round(now.workload.value)
    capacity = st.number_input(
        shell.say("simulator.capacity"),
        min_value=0,
        max_value=MOST_DECISIONS,
        value=usual,
        help=shell.say("simulator.capacity_hint"),
        key=f"{KEY}capacity",
    )
    labels = simulating.labels_with_data(ground.seen)
    wanted = _thresholds(shell, ground, labels)
    severities = _severities(shell, ground)
    to = simulating.moves(wanted, ground.present)
    tried = simulating.outlook(ground.seen, to)
    _results(shell, ground, (now, tried), (to, int(capacity)))
    _curve(shell, ground, (now, tried), labels)
    _labels(shell, now, tried)
    _order(shell, ground, severities)
    return wanted


def _thresholds(shell: Shell, ground: Ground, labels: list[str]) -> dict[str, float]:
    wanted = {}
    with st.expander(shell.say("simulator.thresholds"), expanded=True):
        widgets.quiet(shell.say("simulator.thresholds_hint" if labels else "simulator.no_labels"))
        for label in labels:
            present = ground.present[label]
            chosen = st.select_slider(
                queues_words.label(shell, label),
                simulating.choices(label, present),
                value=present,
                format_func=partial(worded.threshold, shell, present),
                key=f"{KEY}threshold-{label}",
            )
            wanted[label] = float(chosen)
    return wanted


def _severities(shell: Shell, ground: Ground) -> dict[str, int]:
    found = {}
    with st.expander(shell.say("simulator.severities")):
        widgets.quiet(shell.say("simulator.severities_hint"))
        for label in sorted({label for label, _ in ground.first}):
            found[label] = st.slider(
                queues_words.label(shell, label),
                1,
                HIGHEST_SEVERITY,
                max(1, queues_words.severity(label)),
                key=f"{KEY}severity-{label}",
            )
    return found


def _results(
    shell: Shell,
    ground: Ground,
    outlooks: tuple[Outlook, Outlook],
    tried: tuple[simulating.Moves, int],
) -> None:
    widgets.section(shell, "simulator.result_part")
    to, capacity = tried
    sides = []
    for found, moved in zip(outlooks, (simulating.Moves(), to), strict=True):
        coming = simulating.workload(ground.seen, moved, ahead=simulating_waiting.AHEAD_DAYS)
        if coming is not None:
            waits = simulating_waiting.waiting(ground.backlog, coming, capacity)
            sides.append(Side(found, waits))
    st.markdown(worded.sentence(shell, *outlooks))
    st.table(worded.result_rows(shell, sides), hide_index=True, border="horizontal")
    with st.expander(shell.say("simulator.how")):
        for name in ("workload", "recall", "precision", "waiting"):
            widgets.quiet(shell.say(f"simulator.def_{name}"))


def _curve(
    shell: Shell, ground: Ground, outlooks: tuple[Outlook, Outlook], labels: list[str]
) -> None:
    widgets.section(shell, "simulator.curve_part", "simulator.curve_lead")
    curve = simulating.curve(ground.seen, ground.present, labels)
    spots = [worded.spot(shell, one.workload, one.recall) for one in curve]
    now, chosen = (worded.spot(shell, one.workload, one.recall) for one in outlooks)
    names = shell.say("simulator.col_before"), shell.say("simulator.col_after")
    marked = [(names[0], now)] if now == chosen else list(zip(names, (now, chosen), strict=True))
    axes = shell.say("simulator.workload"), shell.say("simulator.recall")
    st.plotly_chart(
        charts_simulator.trade(spots, marked, axes, separators(shell)),
        theme="streamlit",
        config=charts.CONFIG,
        key=f"{KEY}curve",
        alt=shell.say("simulator.curve_alt", now=now.words, chosen=chosen.words),
    )
    with st.expander(shell.say("simulator.numbers")):
        sheet = worded.curve_sheet(shell, curve)
        st.table(worded.table(shell, sheet), hide_index=True, border="horizontal")
        st.download_button(
            shell.say("simulator.csv"),
            sheets.as_csv(sheet),
            file_name=file_name(shell, sheet),
            mime="text/csv",
            key=f"{KEY}csv",
            on_click="ignore",
        )


def _labels(shell: Shell, now: Outlook, tried: Outlook) -> None:
    rows = worded.label_rows(shell, now, tried)
    if rows:
        widgets.section(shell, "simulator.labels_part", "simulator.labels_lead")
        st.table(rows, hide_index=True, border="horizontal")


def _order(shell: Shell, ground: Ground, severities: Mapping[str, int]) -> None:
    if not ground.first:
        widgets.quiet(shell.say("simulator.order_none"))
        return
    present = {label: max(1, queues_words.severity(label)) for label in severities}
    found: tuple[Counter[str], Counter[str]] = simulating_waiting.first_claims(
        ground.first, present, severities, log
    )
    st.header(shell.say("simulator.order_part", n=sum(found[0].values())), anchor=False)
    widgets.quiet(shell.say("simulator.severities_hint"))
    st.table(worded.order_rows(shell, *found), hide_index=True, border="horizontal")


def _unknown(shell: Shell) -> None:
    widgets.section(shell, "simulator.unknown_part")
    for name in UNKNOWN:
        st.markdown(shell.say(f"simulator.unknown_{name}"))
