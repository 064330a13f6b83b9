"""Charts of the trends page, in the look of `charts`: one small chart a topic, ratios, shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log10
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from evenhand.dashboard.charts import (
    AMBER,
    GREY,
    INK,
    MUTED,
    SERIES,
    TEXT,
    figure_of,
    line_at,
    with_interval,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

SMALL_PX = 190
HALF_DAY = timedelta(hours=12)
RATIO_PX = 72
# Above this many points their marks would run together.
MOST_MARKED = 31
# As many dates as have room side by side: fewer points than this have their own below each.
MOST_DATED = 6
MARKS = {"rising": "triangle-up", "same": "circle", "falling": "triangle-down"}
# The axis of ratios reads in equal steps of doubling.
TICKS = (0.1, 0.25, 0.5, 1, 2, 4, 10, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Point:
    """A count with the range behind it and its *words*; None where it is not shown."""

    posts: int | None
    low: int | None
    high: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its interval; *move* is a key of `MARKS`."""

    words: str
    value: float
    low: float
    high: float
    move: str


def small(days: Sequence[date], points: Sequence[Point], top: float, separators: str) -> go.Figure:
    """Draw one topic's counts by day with their ranges, up to *top*; what is not shown is a gap."""
    marked = len(points) <= MOST_MARKED
    ranges = {
        "type": "data",
        "symmetric": False,
        "array": [(one.high or 0) - (one.posts or 0) if one.high else 0 for one in points],
        "arrayminus": [(one.posts or 0) - (one.low or 0) if one.high else 0 for one in points],
        "color": GREY,
        "thickness": 1.5,
        "width": 0,
    }
    figure = figure_of(
        [
            go.Scatter(
                x=list(days),
                y=[one.posts for one in points],
                mode="lines+markers",
                line={"color": SERIES[0], "width": 1.5},
                marker={"color": SERIES[0], "size": 5 if marked else 3},
                error_y=ranges if any(one.high for one in points) else None,
                connectgaps=False,
                showlegend=False,
                hovertext=[one.words for one in points],
                hoverinfo="text",
            )
        ],
        SMALL_PX,
    )
    room = max(HALF_DAY, (days[-1] - days[0]) / len(days) / 3)
    figure.update_layout(
        separators=separators,
        yaxis={"range": [0, top * 1.05], "tickformat": ",d", "nticks": 4},
        xaxis={
            "type": "date",
            # Room at both ends, or the first and the last mark are cut in two, and their dates.
            "range": [_midnight(days[0]) - room, _midnight(days[-1]) + room],
            "tickformat": "%-d/%-m",
            "showgrid": False,
            **({"tickvals": list(days)} if len(days) <= MOST_DATED else {"nticks": 5}),
        },
    )
    return figure


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def ratios(rows: Sequence[Ratio], axis: str, separators: str) -> go.Figure:
    """Draw ratios as marks with their intervals around a line at 1, one below the other."""
    colours = {"rising": AMBER, "same": MUTED, "falling": SERIES[0]}
    low, high = min(one.low for one in rows), max(one.high for one in rows)
    ends = log10(min(low, 0.5)) - 0.05, log10(max(high, 2.0)) + 0.05
    figure = figure_of(
        [
            with_interval(
                (one.low, one.value, one.high),
                place,
                (MARKS[one.move], colours[one.move]),
                one.words,
            )
            for place, one in enumerate(rows)
        ],
        RATIO_PX * len(rows) + 56,
    )
    line_at(figure, 1, len(rows))
    for place, one in enumerate(rows):
        # On an axis of logarithms an annotation's place is a logarithm.
        figure.add_annotation(
            x=ends[0],
            y=place,
            text=one.words,
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            yshift=9,
            align="left",
            font={"color": INK, "size": TEXT},
        )
    shown = [tick for tick in TICKS if ends[0] <= log10(tick) <= ends[1]]
    figure.update_layout(
        separators=separators,
        xaxis={
            "type": "log",
            "range": list(ends),
            "tickvals": shown,
            "ticktext": [f"×{tick:g}".replace(".", separators[0]) for tick in shown],
            "showgrid": False,
            "title": {"text": axis},
        },
        yaxis={"visible": False, "range": [len(rows) - 0.6, -0.9]},
    )
    return figure
