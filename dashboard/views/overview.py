"""The overview: five figures, what changed, and where to act; no more than one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import alerts
from evenhand.dashboard.jobs.measures import sheets, summary
from evenhand.dashboard.views import coverage_words, overview_words

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.measures.summary import Summary
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.overview_words import Row

# Widths of the figure, its trend, and its sentence with the way on.
WIDTHS = (6, 4, 6)
DEFINITIONS = (
    *("recall", "review_coverage", "time_to_decision", "response_coverage", "backlog", "oldest_at"),
    "time_to_clear",
)


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "overview.title")
    with widgets.told(shell):
        found = summary.summary(shell.store, shell.actor, shell.now())
        window = found.window
        with st.container(horizontal=True, vertical_alignment="center"):
            widgets.quiet(shell.say("overview.window_line", first=window.first, last=window.last))
            widgets.alerts_link(shell, alerts.open_count(shell.store, shell.actor, shell.now()))
        with st.container(gap="xsmall"):
            for row in overview_words.rows(shell, found):
                _row(shell, row)
        _numbers(shell, found)


def _row(shell: Shell, row: Row) -> None:
    with st.container(key=f"evenhand-figure-{row.name}"):
        figure, trend, act = st.columns(WIDTHS, vertical_alignment="center", gap="medium")
        with figure, st.container(gap="xxsmall"):
            st.metric(shell.say(f"overview.{row.name}"), row.value)
            widgets.quiet(row.base[0])
        if row.chart is not None:
            trend.plotly_chart(
                row.chart,
                theme="streamlit",
                config=charts.CONFIG,
                key=f"evenhand-overview-{row.name}-trend",
                alt=row.alt,
            )
        with act, st.container(gap="xxsmall"):
            st.markdown(row.change)
            if len(row.base) > 1:
                widgets.quiet(" · ".join(row.base[1:]))
            widgets.lead_on(shell, row.ways)


def _numbers(shell: Shell, found: Summary) -> None:
    made = overview_words.sheet(shell, found)
    with st.expander(shell.say("coverage.numbers")):
        widgets.quiet(shell.say("overview.weeks_line"))
        alt = shell.say("coverage.numbers")
        st.dataframe(coverage_words.table(shell, made), hide_index=True, alt=alt)
        for name in DEFINITIONS:
            widgets.quiet(shell.say(f"coverage.def_{name}"))
        widgets.quiet(shell.say("overview.how_changes"))
        st.download_button(
            shell.say("coverage.csv"),
            sheets.as_csv(made),
            file_name=coverage_words.file_name(shell, made),
            mime="text/csv",
            key="evenhand-overview-csv",
            on_click="ignore",
        )
