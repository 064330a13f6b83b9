"""Pieces of the coverage page that its parts share: choices, charts, and the numbers under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs.measures import sheets
from evenhand.dashboard.views import coverage_words as worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.measures.sheets import Sheet
    from evenhand.dashboard.shell import Shell


def choice(label: str, words: Mapping[str, str], name: str, usual: str) -> str:
    """Let one of *words* be chosen, and keep it in the address under *name*.

    Streamlit's own binding writes the wording into the address, which another language would not
    find again.
    """
    key = f"evenhand-coverage-{name}"
    if st.session_state.get(key) not in words:
        asked = st.query_params.get(name)
        st.session_state[key] = asked if asked in words else usual
    chosen = st.segmented_control(
        label, list(words), format_func=words.__getitem__, required=True, key=key
    )
    chosen = chosen or usual
    if chosen != usual:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
    return chosen


def chart(figure: charts.Figure, name: str, alt: str) -> None:
    """Draw a chart with its description."""
    st.plotly_chart(
        figure,
        theme="streamlit",
        config=charts.CONFIG,
        key=f"evenhand-coverage-{name}",
        alt=alt,
    )


def numbers(shell: Shell, sheet: Sheet, measures: Sequence[str], *, wide: bool = False) -> None:
    """Draw the same numbers as a table, how each is counted, and the file.

    A *wide* table scrolls inside itself, and so has to be one that the keyboard can reach.
    """
    with st.expander(shell.say("coverage.numbers")):
        shown = worded.table(shell, sheet)
        if wide:
            st.dataframe(shown, hide_index=True, alt=shell.say("coverage.numbers"))
        else:
            st.table(shown, hide_index=True, border="horizontal")
        for measure in measures:
            widgets.quiet(shell.say(f"coverage.def_{measure}"))
        _save(shell, sheet)


def _save(shell: Shell, sheet: Sheet) -> None:
    st.download_button(
        shell.say("coverage.csv"),
        sheets.as_csv(sheet),
        file_name=worded.file_name(shell, sheet),
        mime="text/csv",
        key=f"evenhand-coverage-csv-{sheet.name}",
        on_click="ignore",
    )
