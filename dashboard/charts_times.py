"""Charts of times, deadlines and teams, in the look of `charts`.

Names that people typed come in as they are and are escaped here: Plotly reads a little markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from evenhand.dashboard.charts import (
    AMBER,
    GREY,
    INK,
    MUTED,
    PAPER,
    PATTERNS,
    SERIES,
    TEXT,
    figure_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

CURVES_PX = 340
ROW_PX = 34
PAIR_PX = 58
# Told apart without their colours.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MOST_CURVES = len(SERIES)
# A step that the eye cannot see is not sent.
LEAST_STEP = 0.004
# The axis begins at one minute: what ended at once has no place on a logarithm.
LEAST_HOURS = 1 / 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """The share that still waits after each of *hours*; flat from the last one *until* hours."""

    name: str
    hours: Sequence[float]
    shares: Sequence[float]
    until: float


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of time: its title, and where which length is written (hours)."""

    title: str
    ticks: Sequence[tuple[float, str]]


def curves(some: Sequence[Waiting], axis: Axis, share: str) -> go.Figure:
    """Draw the share that still waits over the time since the start, on a logarithmic axis.

    Each curve has a colour and a dash of its own; it stays up for what is open.
    """
    looks = zip(some, SERIES, DASHES, strict=False)
    figure = figure_of([_curve(one, colour, dash) for one, colour, dash in looks], CURVES_PX)
    figure.update_layout(
        hovermode="closest",
        legend={"traceorder": "normal", "y": -0.24},
        xaxis={
            "type": "log",
            "title": {"text": axis.title},
            "tickvals": [hours for hours, _ in axis.ticks],
            "ticktext": [words for _, words in axis.ticks],
            "showgrid": True,
        },
        yaxis={"range": [0, 1.03], "tickformat": ".0%", "nticks": 5, "title": {"text": share}},
    )
    return figure


def _curve(one: Waiting, colour: str, dash: str) -> go.Scatter:
    hours, shares, last = [LEAST_HOURS], [1.0], 1.0
    for at, left in zip(one.hours, one.shares, strict=True):
        if last - left >= LEAST_STEP or at == one.hours[-1]:
            hours.append(round(max(at, LEAST_HOURS), 4))
            shares.append(round(left, 4))
            last = left
    if one.until > hours[-1]:
        hours.append(round(one.until, 4))
        shares.append(shares[-1])
    return go.Scatter(
        x=hours,
        y=shares,
        name=escape(one.name),
        mode="lines",
        line={"color": colour, "dash": dash, "width": 2, "shape": "hv"},
        hovertemplate=f"{escape(one.name)}: %{{y:.0%}}<extra></extra>",
    )


def burn_down(
    bands: Sequence[tuple[str, str]],
    parts: Sequence[tuple[str, Sequence[int]]],
    separators: str = ".,",
) -> go.Figure:
    """Draw what is due in each of *bands*, parted by name; a line parts what is overdue.

    A band is its name and the words for how much is in it.
    """
    names = [name for name, _ in bands]
    sums = [sum(column) for column in zip(*(counts for _, counts in parts), strict=True)]
    figure = figure_of(
        [
            go.Bar(
                y=names,
                x=list(counts),
                name=name,
                orientation="h",
                marker=_marker(colour, shape),
                hovertemplate=f"%{{y}}<br>{name}: %{{x:,}}<extra></extra>",
            )
            for (name, counts), colour, shape in zip(parts, SERIES, PATTERNS, strict=False)
        ],
        ROW_PX * len(bands) + 90,
    )
    figure.add_hline(y=0.5, line={"color": AMBER, "width": 2, "dash": "dot"})
    for (name, words), count in zip(bands, sums, strict=True):
        font = {"color": INK, "size": TEXT}
        figure.add_annotation(
            x=count, y=name, text=words, showarrow=False, xanchor="left", xshift=4, font=font
        )
    figure.update_layout(
        barmode="stack",
        separators=separators,
        legend={"traceorder": "normal"},
        xaxis={
            "showgrid": True,
            "range": [0, 1.1 * max([*sums, 1])],
            "tickformat": ",d",
            "nticks": 6,
        },
        yaxis={
            "autorange": "reversed",
            "type": "category",
            "tickfont": {"color": INK, "size": TEXT},
        },
    )
    return figure


def beside(
    rows: Sequence[str],
    planned: tuple[str, Sequence[int]],
    done: tuple[str, Sequence[int]],
    separators: str = ".,",
) -> go.Figure:
    """Draw two counts for each of *rows*: what came in, grey, and below it what was done."""
    looks = ((planned, GREY, "/", MUTED), (done, SERIES[0], "", INK))
    figure = figure_of(
        [
            go.Bar(
                y=[escape(row) for row in rows],
                x=list(counts),
                name=name,
                orientation="h",
                marker=_marker(colour, shape),
                texttemplate="%{x:,}",
                textposition="outside",
                textfont={"color": ink, "size": TEXT},
                cliponaxis=False,
                hovertemplate=f"{name}: %{{x:,}}<extra></extra>",
            )
            for (name, counts), colour, shape, ink in looks
        ],
        PAIR_PX * len(rows) + 90,
    )
    most = max([*planned[1], *done[1], 1])
    figure.update_layout(
        barmode="group",
        separators=separators,
        legend={"traceorder": "normal", "y": -44 / (PAIR_PX * len(rows))},
        xaxis={"range": [0, most * 1.15], "tickformat": ",d", "nticks": 6, "showgrid": True},
        yaxis={
            "type": "category",
            "autorange": "reversed",
            "tickfont": {"color": INK, "size": TEXT},
        },
    )
    return figure


def _marker(colour: str, shape: str) -> dict[str, object]:
    pattern = {"shape": shape, "fillmode": "overlay", "fgcolor": PAPER, "fgopacity": 0.5, "size": 6}
    return {"color": colour, "line": {"color": PAPER, "width": 0.5}, "pattern": pattern}
