"""Charts: numbers and words in, Plotly figures out; the only place that knows Plotly.

Colours are named by their place in the theme's lists (`look.chart_colours`, `look.shades`), and the
browser puts in those of its own light: the stand-ins below are what Streamlit's frontend replaces
(streamlit/elements/lib/streamlit_plotly_theme.py).
No chart needs its colours to be read: each has its numbers or a pattern beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import plotly.io

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Figure = go.Figure
SERIES = tuple(f"#00000{place}" for place in range(1, 7))
GREY, TRACK, AMBER, MUTED = "#000007", "#000008", "#000009", "#000010"
SHADES = tuple(f"#0000{place}" for place in range(11, 21))
INK, PAPER = "#000037", "#000038"
# Each age band with the colour of the numbers in it: darker is older, the oldest stands out.
AGES = ((SHADES[1], INK), (SHADES[4], INK), (SHADES[9], PAPER), (AMBER, PAPER))
TEXT = 13
# Plain first: most of what is drawn needs no pattern.
PATTERNS = ("", "/", ".", "\\", "x", "-")
NAME = "evenhand"
# No tool bar, no zooming by accident while scrolling on a telephone, no link outside.
CONFIG: dict[str, object] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showTips": False,
    "doubleClick": False,
    "scrollZoom": False,
}
BAR_PX, THICK_PX = 62, 21
# What a second line of words takes.
LINE_PX = 18
# Room at the end of the longest bar for its sum.
ROOM = 1.25
# How far a line runs over and under a mark, in rows.
LINE_REACH = 0.16
ROW_PX = 38
DAYS_PX = 380
SPREAD_PX = 280
LEAST_WIDTH = 0.01
PART_PX = 46
APART_PX = 54
# Better, no different, worse: the sign says so without its colour.
MARKS = {"better": "triangle-right", "same": "circle", "worse": "triangle-left"}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a road: *words* say the numbers, *share* (0-1) is drawn; None draws no share."""

    words: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Filled:
    """How full one thing is: *words* and *detail* say it, *parts* (0-1) fill its bar in turn."""

    words: str
    detail: str
    parts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """A difference with its interval, in percentage points; *mark* is a key of `MARKS`."""

    words: str
    point: float
    low: float
    high: float
    mark: str


@dataclass(frozen=True, slots=True)
class Named:
    """Numbers under one name, in the order of the chart's other axis; *quiet* ones are grey."""

    name: str
    values: tuple[int, ...]
    quiet: bool = False


def _template() -> go.layout.Template:
    axis = {"fixedrange": True, "automargin": True, "ticks": "", "zeroline": False}
    return go.layout.Template(
        layout={
            "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
            "bargap": 0.25,
            "barcornerradius": 3,
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": axis,
            "yaxis": axis,
            "legend": {
                "orientation": "h",
                "yanchor": "top",
                "y": -0.12,
                "xanchor": "left",
                "x": 0,
                "itemclick": False,
                "itemdoubleclick": False,
            },
        },
    )


plotly.io.templates[NAME] = _template()


def figure_of(data: Sequence[object], height: int) -> go.Figure:
    """Make a figure of *data* in the one look, *height* pixels high."""
    figure = go.Figure(data=data)
    figure.update_layout(template=NAME, height=height)
    return figure


def road(stages: Sequence[Stage]) -> go.Figure:
    """Draw the steps of a road one below the other, each as a part of its own whole.

    A step with too few cases shows its words and an empty track; words may take two lines.
    """
    places = list(range(len(stages)))
    shares = [stage.share or 0 for stage in stages]
    hover = {"hoverinfo": "text", "hovertext": [stage.words for stage in stages]}
    row_px = BAR_PX + LINE_PX * any("<br>" in stage.words for stage in stages)
    across = {"y": places, "orientation": "h", "width": THICK_PX / row_px, "showlegend": False}
    across |= hover
    figure = figure_of(
        [
            go.Bar(x=shares, marker={"color": SERIES[0]}, **across),
            go.Bar(x=[1 - share for share in shares], marker=_track(stages), **across),
        ],
        row_px * len(stages) + 8,
    )
    look = {"font": {"color": INK, "size": 14}, "align": "left"}
    _write_above(figure, [stage.words for stage in stages], 11, **look)
    figure.update_layout(
        barmode="stack",
        xaxis={"visible": False, "range": [0, 1]},
        yaxis={"visible": False, "range": [len(stages) - 0.6, -0.75]},
    )
    return figure


def _track(stages: Sequence[Stage]) -> dict[str, object]:
    shapes = ["/" if stage.share is None else "" for stage in stages]
    return {
        "color": TRACK,
        "line": {"width": 0},
        "pattern": {"shape": shapes, "fgcolor": MUTED, "fgopacity": 0.35, "size": 6},
    }


def filled(rows: Sequence[Filled], parts: Sequence[str]) -> go.Figure:
    """Draw how full each of *rows* is, by its *parts*, one row below the other."""
    places = list(range(len(rows)))
    across = {"y": places, "orientation": "h", "width": 0.3, "hoverinfo": "skip"}
    figure = figure_of(
        [
            *(
                go.Bar(
                    x=[row.parts[at] for row in rows],
                    name=name,
                    marker=_marker(SERIES[at], PATTERNS[at]),
                    **across,
                )
                for at, name in enumerate(parts)
            ),
            go.Bar(
                x=[max(0.0, 1 - sum(row.parts)) for row in rows],
                marker={"color": TRACK, "line": {"width": 0}},
                showlegend=False,
                **across,
            ),
        ],
        PART_PX * len(rows) + 48,
    )
    _write_above(figure, [row.words for row in rows], 7)
    details = [row.detail for row in rows]
    _write_above(figure, details, 7, x=1.0, xanchor="right", font={"color": MUTED, "size": 12})
    figure.update_layout(
        barmode="stack",
        barcornerradius=0,
        legend={"traceorder": "normal", "y": 0},
        xaxis={"visible": False, "range": [0, 1]},
        yaxis={"visible": False, "range": [len(rows) - 0.5, -0.75]},
    )
    return figure


def apart(rows: Sequence[Apart], axis: str, reach: float, separators: str = ".,") -> go.Figure:
    """Draw differences as dots with their intervals around a line at none.

    *axis* names what is drawn from -*reach* to *reach*: the same for charts side by side.
    """
    colours = {"better": SERIES[0], "same": MUTED, "worse": AMBER}
    looks = {mark: (symbol, colours[mark]) for mark, symbol in MARKS.items()}
    figure = figure_of(
        [
            with_interval((row.low, row.point, row.high), place, looks[row.mark], row.words)
            for place, row in enumerate(rows)
        ],
        APART_PX * len(rows) + 64,
    )
    line_at(figure, 0, len(rows))
    _write_above(figure, [row.words for row in rows], 9, x=-reach)
    figure.update_layout(
        separators=separators,
        xaxis={
            "range": [-reach, reach],
            "showgrid": False,
            "nticks": 5,
            "title": {"text": axis, "standoff": 8},
        },
        yaxis={"visible": False, "range": [len(rows) - 0.5, -0.8]},
    )
    return figure


def line_at(figure: go.Figure, x: float, rows: int) -> None:
    """Draw a line at *x* through the marks of *rows*, in pieces: their words lie between them."""
    line = {"color": MUTED, "width": 1}
    for place in range(rows):
        ends = {"x0": x, "x1": x, "y0": place - LINE_REACH, "y1": place + LINE_REACH}
        figure.add_shape(type="line", layer="below", line=line, **ends)


def with_interval(
    ends: tuple[float, float, float], place: int, look: tuple[str, str], words: str
) -> go.Scatter:
    """Draw one mark with its interval, *ends* being (low, value, high), on the row *place*.

    *look* is the mark's symbol and colour, *words* what is said of it under the pointer.
    """
    (low, value, high), (symbol, colour) = ends, look
    error = {"type": "data", "symmetric": False, "array": [high - value]}
    error |= {"arrayminus": [value - low], "color": colour, "thickness": 2, "width": 4}
    said = {"mode": "markers", "showlegend": False, "hoverinfo": "text", "hovertext": [words]}
    mark = {"symbol": symbol, "size": 11, "color": colour}
    return go.Scatter(x=[value], y=[place], marker=mark, error_x=error, **said)


def _write_above(figure: go.Figure, words: Sequence[str], up_px: int, **where: object) -> None:
    """Write a line above each place; *where* changes what an annotation is by default."""
    usual = {"x": 0, "xanchor": "left", "font": {"color": INK, "size": TEXT}}
    for place, line in enumerate(words):
        figure.add_annotation(
            y=place, text=line, showarrow=False, yanchor="bottom", yshift=up_px, **(usual | where)
        )


def ages(rows: Sequence[str], bands: Sequence[Named], separators: str = ".,") -> go.Figure:
    """Draw what waits, a bar for each of *rows*, parted by the age *bands*, the youngest first.

    *separators* are the signs for decimals and thousands.
    """
    sums = [sum(counts) for counts in zip(*(band.values for band in bands), strict=True)]
    top, font = max(sums, default=0) or 1, {"color": INK, "size": TEXT}
    figure = figure_of(
        [
            go.Bar(
                y=list(rows),
                x=list(band.values),
                name=band.name,
                orientation="h",
                marker=_marker(colour, ""),
                # A number in each part that is not empty.
                texttemplate=["%{x:,}" if value else "" for value in band.values],
                textposition="inside",
                textangle=0,
                insidetextanchor="middle",
                insidetextfont={"color": ink, "size": TEXT},
                hovertemplate=f"%{{y}}<br>{band.name}: %{{x:,}}<extra></extra>",
            )
            for band, (colour, ink) in zip(bands, AGES, strict=True)
        ],
        ROW_PX * len(rows) + 96,
    )
    figure.update_layout(
        barmode="stack",
        separators=separators,
        uniformtext={"mode": "hide", "minsize": 11},
        legend={"traceorder": "normal"},
        xaxis={"showgrid": True, "range": [0, ROOM * top], "tickformat": ",d", "nticks": 6},
        yaxis={"autorange": "reversed", "tickfont": {"color": INK, "size": TEXT}},
    )
    # Parts too narrow for a number of their own are read in the sum at the end of their bar.
    for name, total in zip(rows, sums, strict=True):
        words = format(total, ",").replace(",", separators[1])
        figure.add_annotation(
            x=total, y=name, text=words, showarrow=False, xanchor="left", xshift=4, font=font
        )
    return figure


def spread(
    bars: Sequence[tuple[float, float, int]], words: Sequence[str], axis: str, separators: str
) -> go.Figure:
    """Draw how many lie in each part of *axis*; *bars* are (low, high, count), named by *words*."""
    counts = [count for *_, count in bars]
    figure = figure_of(
        [
            go.Bar(
                x=[(low + high) / 2 for low, high, _ in bars],
                y=counts,
                width=[max(high - low, LEAST_WIDTH) for low, high, _ in bars],
                marker=_marker(SERIES[0], ""),
                texttemplate=["%{y:,}" if count else "" for count in counts],
                textposition="outside",
                textfont={"color": INK, "size": TEXT},
                cliponaxis=False,
                hovertext=list(words),
                hovertemplate="%{hovertext}: %{y:,}<extra></extra>",
            )
        ],
        SPREAD_PX,
    )
    figure.update_layout(
        separators=separators,
        margin={"t": 24},
        xaxis={"tickformat": ".2f", "nticks": 6, "showgrid": False, "title": {"text": axis}},
        yaxis={"rangemode": "tozero", "tickformat": ",d", "nticks": 4},
    )
    return figure


def by_day(days: Sequence[date], series: Sequence[Named], separators: str = ".,") -> go.Figure:
    """Draw numbers by day as stacked bars, the first of *series* at the bottom.

    Up to six named series have colours and patterns of their own; of the quiet ones the last is
    pale.
    """
    markers = _markers(series)
    figure = figure_of(
        [
            go.Bar(
                x=list(days),
                y=list(one.values),
                name=one.name,
                marker=marker,
                hovertemplate=f"{one.name}: %{{y:,}}<extra></extra>",
            )
            for one, marker in zip(series, markers, strict=True)
        ],
        DAYS_PX,
    )
    figure.update_layout(
        barmode="stack",
        hovermode="x unified",
        separators=separators,
        legend={"traceorder": "normal"},
        yaxis={"tickformat": ",d", "nticks": 5, "rangemode": "tozero"},
        xaxis={"type": "date", "tickformat": "%-d/%-m", "hoverformat": "%-d/%-m/%Y", "nticks": 7},
    )
    return figure


def _markers(series: Sequence[Named]) -> list[dict[str, object]]:
    quiet = [GREY] * (sum(one.quiet for one in series) - 1) + [TRACK]
    named = iter(zip(SERIES, PATTERNS, strict=True))
    pale = iter(quiet)
    return [_marker(next(pale), "") if one.quiet else _marker(*next(named)) for one in series]


def _marker(colour: str, shape: str) -> dict[str, object]:
    pattern: dict[str, object] = {
        "shape": shape,
        "fillmode": "overlay",
        "fgcolor": PAPER,
        "fgopacity": 0.5,
        "size": 6,
        "solidity": 0.2,
    }
    return {"color": colour, "line": {"color": PAPER, "width": 0.5}, "pattern": pattern}
