"""Small charts beside a figure: eight weeks at a glance, in the look of `charts`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from evenhand.dashboard.charts import AMBER, INK, MUTED, NAME, SERIES

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL_PX = 84
TEXT = 11


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its value and bounds, None where there is none, and the *words* that say it."""

    value: float | None
    low: float | None
    high: float | None
    words: str


def trend(weeks: Sequence[Week], top: float | None = None) -> go.Figure:
    """Draw values by week as dots with their intervals, from 0 up; a week without one is a gap.

    *top* is the end of the axis, where it has one: 1 for shares.
    """
    known = [(place, week) for place, week in enumerate(weeks) if week.value is not None]
    figure = go.Figure(
        go.Scatter(
            x=[place for place, _ in known],
            y=[week.value for _, week in known],
            mode="lines+markers",
            line={"color": MUTED, "width": 1},
            marker={"color": SERIES[0], "size": [6] * (len(known) - 1) + [9]},
            error_y=_errors([week for _, week in known]),
            hovertext=[week.words for _, week in known],
            hoverinfo="text",
            showlegend=False,
        )
    )
    ends = [end for _, week in known for end in (week.value, week.high) if end is not None]
    _settle(figure, len(weeks))
    figure.update_yaxes(range=[0, 1.12 * (top or max(ends, default=1.0))])
    if known:
        place, week = known[-1]
        _mark_last(figure, place, week)
    return figure


def _errors(weeks: Sequence[Week]) -> dict[str, object]:
    """Draw the interval of each value; a bound that is not known is not drawn."""
    pairs = [(week.value or 0.0, week) for week in weeks]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if week.high is None else week.high - value for value, week in pairs],
        "arrayminus": [0 if week.low is None else value - week.low for value, week in pairs],
        "color": SERIES[0],
        "thickness": 1.5,
        "width": 3,
    }


def growth(weeks: Sequence[Week]) -> go.Figure:
    """Draw by how much something grew or shrank in each week as bars from a line at none.

    What grows has a pattern, so that it is told apart without its colour.
    """
    values = [week.value or 0 for week in weeks]
    grew = [value > 0 for value in values]
    figure = go.Figure(
        go.Bar(
            x=list(range(len(weeks))),
            y=values,
            marker={
                "color": [AMBER if one else SERIES[0] for one in grew],
                "pattern": {"shape": ["/" if one else "" for one in grew], "size": 5},
                "line": {"width": 0},
            },
            hovertext=[week.words for week in weeks],
            hoverinfo="text",
            showlegend=False,
        )
    )
    _settle(figure, len(weeks))
    figure.add_hline(y=0, line={"color": MUTED, "width": 1})
    return figure


def _settle(figure: go.Figure, weeks: int) -> None:
    figure.update_layout(
        template=NAME,
        height=SMALL_PX,
        margin={"t": 6, "b": 6, "l": 2, "r": 2},
        xaxis={"visible": False, "range": [-0.6, weeks - 0.4]},
        yaxis={"visible": False},
    )


def _mark_last(figure: go.Figure, place: int, week: Week) -> None:
    """Stress the newest value, which the figure beside it continues."""
    figure.add_scatter(
        x=[place],
        y=[week.value],
        mode="markers",
        marker={"symbol": "circle-open", "size": 12, "color": INK, "line": {"width": 1.5}},
        hoverinfo="skip",
        showlegend=False,
    )
