"""Teams on the coverage page: what is covered day by day, who is silent, plan against actual.

Teams stand in the order of their names, and no team of fewer than three people by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts_grids, charts_times, widgets
from evenhand.dashboard.jobs.measures import timely
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views import coverage_parts
from evenhand.dashboard.views import coverage_words as worded
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.sheets import Cell
    from evenhand.dashboard.jobs.measures.timely import Teams
    from evenhand.dashboard.shell import Shell


def draw(shell: Shell, days: int) -> None:
    """Draw the part."""
    found = timely.of_teams(shell.store, shell.actor, days, shell.now())
    _silent(shell, found, days)
    _heat(shell, found)
    _activity(shell, found)


def _name(shell: Shell, found: Teams, team_id: int) -> str:
    return worded.team_name(shell, team_id, found.names)


def _silent(shell: Shell, found: Teams, days: int) -> None:
    widgets.section(shell, "coverage.silent")
    if not found.silent:
        st.markdown(shell.say("coverage.silent_none"))
    for one in found.silent:
        last = shell.say("coverage.silent_never", days=days)
        if one.last is not None:
            last = shell.say("coverage.silent_last", day=one.last)
        line = shell.say(
            "coverage.silent_line",
            team=_name(shell, found, one.team_id),
            n=one.items,
            age=shell.now() - one.oldest_at,
            last=last,
        )
        widgets.show_untrusted(shell, line)
    with st.expander(shell.say("shell.how_counted")):
        widgets.quiet(shell.say("coverage.def_silent_teams"))


def _heat(shell: Shell, found: Teams) -> None:
    widgets.section(shell, "coverage.heat", "coverage.heat_lead")
    if not found.lines:
        widgets.empty(shell.say("coverage.no_cases"))
        return
    if found.steps[-1].first != found.steps[-1].last:
        widgets.quiet(shell.say("coverage.heat_weeks"))
    # The newest at the top, as nobody reads on for weeks.
    steps = list(reversed(range(len(found.steps))))
    rows = [forms.day(found.steps[at].first, shell.lang) for at in steps]
    teams = [_name(shell, found, one.team_id) for one in found.lines]
    shares = [[line.cells[at].value for line in found.lines] for at in steps]
    words = [[_cell(shell, line.cells[at]) for line in found.lines] for at in steps]
    parts = " ".join(
        shell.say(
            "coverage.heat_part",
            team=team,
            part=sum(cell.part for cell in line.cells),
            n=sum(cell.n for cell in line.cells),
        )
        for team, line in zip(teams, found.lines, strict=True)
    )
    figure = charts_grids.shares(rows, teams, shares, words)
    coverage_parts.chart(figure, "heat", shell.say("coverage.heat_alt", parts=parts))
    made = _heat_sheet(shell, found, teams)
    coverage_parts.numbers(shell, made, ("coverage_by_team_and_day",), wide=True)


def _cell(shell: Shell, of: Share) -> str:
    if of.n == 0:
        return ""
    return shell.say("coverage.heat_cell", share=worded.percent(shell, of.value), n=of.n)


def _heat_sheet(shell: Shell, found: Teams, teams: list[str]) -> Sheet:
    names = ("team", "day", "made", "decided", "review", "low", "high")
    columns = tuple(shell.say(f"coverage.col_{name}") for name in names)
    rows: list[tuple[Cell, ...]] = [
        (team, step.first, cell.n, cell.part, cell.value, *(cell.interval or (None, None)))
        for team, line in zip(teams, found.lines, strict=True)
        for step, cell in zip(found.steps, line.cells, strict=True)
    ]
    return Sheet("review-by-team-and-day", columns, tuple(rows))


def _activity(shell: Shell, found: Teams) -> None:
    if not found.activity:
        return
    widgets.section(shell, "coverage.teams", "coverage.teams_lead")
    teams = [_name(shell, found, one.team_id) for one in found.activity]
    planned = [one.arrived for one in found.activity]
    done = [one.decided for one in found.activity]
    arrived, decided = (shell.say(f"coverage.col_{name}") for name in ("arrived", "decided"))
    figure = charts_times.beside(
        teams, (arrived, planned), (decided, done), worded.separators(shell)
    )
    parts = " ".join(
        shell.say("coverage.teams_part", team=team, arrived=one.arrived, decided=one.decided)
        for team, one in zip(teams, found.activity, strict=True)
    )
    coverage_parts.chart(figure, "teams", shell.say("coverage.teams_alt", parts=parts))
    names = ("team", "arrived", "decided", "late", "answered")
    columns = tuple(shell.say(f"coverage.col_{name}") for name in names)
    rows: list[tuple[Cell, ...]] = [
        (team, one.arrived, one.decided, one.late, one.answered)
        for team, one in zip(teams, found.activity, strict=True)
    ]
    made = Sheet("teams", columns, tuple(rows))
    coverage_parts.numbers(shell, made, ("team_activity",), wide=True)
