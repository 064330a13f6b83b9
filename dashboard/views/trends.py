"""The trends page: what people write about, what rises, and how sure that is; posts are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, charts_grids, charts_trends, widgets
from evenhand.dashboard.jobs.measures import figures, sheets, trends
from evenhand.dashboard.views import address
from evenhand.dashboard.views import trends_words as worded
from evenhand.dashboard.views.coverage_words import file_name, separators

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.measures.rising import Volume
    from evenhand.dashboard.jobs.measures.sheets import Sheet
    from evenhand.dashboard.jobs.measures.trends import Trends
    from evenhand.dashboard.shell import Shell

# The names of the choices in the address: /trends?days=90&scale=own.
DAYS, SCALE = "days", "scale"
USUAL = 28
SAME, OWN = "same", "own"
# Two abreast on a desk, one above the other on a telephone.
SMALL_PX = 336
CIVIC_PX = 260


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "trends.title", "trends.lead")
    words = {str(days): shell.say("trends.window_days", days=days) for days in figures.WINDOWS}
    days = int(_choice(shell.say("trends.window"), words, DAYS, str(USUAL)))
    with widgets.told(shell):
        found = trends.trends(shell.store, shell.actor, days, shell.now())
        window = found.window
        widgets.quiet(shell.say("trends.window_line", first=window.first, last=window.last))
        if not found.arrived:
            widgets.empty(shell.say("trends.nothing"))
            return
        st.markdown(shell.say("trends.line", n=found.arrived, civic=found.civic))
        _volumes(shell, found)
        _rising(shell, found)
        _tones(shell, found)
        _civic(shell, found)


def _choice(label: str, words: Mapping[str, str], name: str, usual: str) -> str:
    """Let one of *words* be chosen, and keep it in the address under *name*."""
    key = f"evenhand-trends-{name}"
    address.begin(key, name, words, usual)
    chosen = st.segmented_control(
        label, list(words), format_func=words.__getitem__, required=True, key=key
    )
    address.keep({name: chosen or usual}, {name: usual})
    return chosen or usual


def _volumes(shell: Shell, found: Trends) -> None:
    widgets.section(shell, "trends.volumes", "trends.volumes_lead")
    if not found.volumes:
        widgets.empty(shell.say("trends.volumes_none"))
        return
    words = {one: shell.say(f"trends.scale_{one}") for one in (SAME, OWN)}
    scale = _choice(shell.say("trends.scale"), words, SCALE, SAME)
    highest = max(_top(one) for one in found.volumes)
    with st.container(horizontal=True, gap="small"):
        for one in found.volumes:
            top = highest if scale == SAME else _top(one)
            with st.container(border=True, width=SMALL_PX, gap="xxsmall"):
                st.markdown(f"**{worded.volume_name(shell, one)}**")
                points = worded.points(shell, found.steps, one)
                figure = charts_trends.small(found.steps, points, top, separators(shell))
                _chart(figure, f"topic-{one.topic}", worded.volume_alt(shell, found, one))
    widgets.quiet(shell.say("trends.gaps"))
    if len(found.steps) < (found.window.last - found.window.first).days:
        widgets.quiet(shell.say("trends.weeks"))
    _numbers(shell, worded.volumes_sheet(shell, found), ("topic_volumes",))


def _top(one: Volume) -> float:
    return max((step.high or 0 for step in one.steps), default=0) or 1


def _rising(shell: Shell, found: Trends) -> None:
    widgets.section(shell, "trends.rising", "trends.rising_lead")
    changes = found.changes
    if changes.everything is None:
        widgets.empty(shell.say("trends.rising_few"))
        return
    for line in worded.rising_lines(shell, changes):
        st.markdown(line)
    figure = charts_trends.ratios(
        worded.ratios(shell, changes), shell.say("trends.ratio_axis"), separators(shell)
    )
    _chart(figure, "rising", worded.ratio_alt(shell, changes))
    widgets.quiet(shell.say("trends.signs"))
    _numbers(shell, worded.changes_sheet(shell, changes), ("rising_topics",), shares=False)


def _tones(shell: Shell, found: Trends) -> None:
    widgets.section(shell, "trends.tones", "trends.tones_lead")
    if not found.tones:
        widgets.empty(shell.say("trends.tones_none", withheld=found.withheld))
        return
    columns = worded.tones(shell, found)
    values = [one.row.posts[: len(columns)] for one in found.tones]
    words = [worded.tone_cells(shell, one, len(columns)) for one in found.tones]
    figure = charts_grids.counts(worded.tone_rows(shell, found), columns, values, words)
    _chart(figure, "tones", worded.tones_alt(shell, found))
    withheld, civic = found.withheld, found.civic
    widgets.quiet(shell.say("trends.tones_withheld", withheld=withheld, civic=civic))
    _numbers(shell, worded.tones_sheet(shell, found), ("tones", "tone_shares", "withheld"))


def _civic(shell: Shell, found: Trends) -> None:
    widgets.section(shell, "trends.civic", "trends.civic_lead")
    if not found.civic:
        widgets.empty(shell.say("trends.civic_none"))
        return
    series = [charts.Named(shell.say("terms.topic_civic"), found.civic_by_day)]
    figure = charts.by_day(found.days, series, separators(shell))
    figure.update_layout(showlegend=False, height=CIVIC_PX)
    window = found.window
    alt = shell.say("trends.civic_alt", first=window.first, last=window.last, n=found.civic)
    _chart(figure, "civic", alt)
    _numbers(shell, worded.civic_sheet(shell, found), ("civic_volume",))


def _chart(figure: charts.Figure, name: str, alt: str) -> None:
    st.plotly_chart(
        figure, theme="streamlit", config=charts.CONFIG, key=f"evenhand-trends-{name}", alt=alt
    )


def _numbers(shell: Shell, sheet: Sheet, measures: Sequence[str], *, shares: bool = True) -> None:
    """Draw the same numbers as a table, how each is counted, and the file."""
    with st.expander(shell.say("trends.numbers")):
        shown = worded.table(shell, sheet, shares=shares)
        # It scrolls inside itself, so it has to be one that the keyboard can reach.
        st.dataframe(shown, hide_index=True, alt=shell.say("trends.numbers"))
        for measure in measures:
            widgets.quiet(shell.say(f"coverage.def_{measure}"))
        st.download_button(
            shell.say("trends.csv"),
            sheets.as_csv(sheet),
            file_name=file_name(shell, sheet),
            mime="text/csv",
            key=f"evenhand-trends-csv-{sheet.name}",
            on_click="ignore",
        )
