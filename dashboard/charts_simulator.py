"""The simulator's chart, in the look of `charts`: recall against workload, two points named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from evenhand.dashboard.charts import AMBER, GREY, NAME, SERIES

if TYPE_CHECKING:
    from collections.abc import Sequence

CURVE_PX = 360
# The sign says which point it is without its colour.
NOW, CHOSEN = "circle", "diamond"


@dataclass(frozen=True, slots=True)
class Spot:
    """One set of thresholds: items a day, recall 0-1 with its bounds, and *words* that say both."""

    items: float
    recall: float | None
    low: float
    high: float
    words: str


def trade(
    spots: Sequence[Spot],
    marked: Sequence[tuple[str, Spot]],
    axes: tuple[str, str],
    separators: str,
) -> go.Figure:
    """Draw recall against workload: the bounds as a band, the present and the chosen point named.

    Where only bounds are known the point is missing and the band stays.
    """
    ordered = sorted(spots, key=lambda one: one.items)
    figure = go.Figure(data=[*_band(ordered), _line(ordered), *_marks(marked)])
    figure.update_layout(
        template=NAME,
        height=CURVE_PX,
        separators=separators,
        xaxis={"title": {"text": axes[0]}, "rangemode": "tozero", "tickformat": ",.0f"},
        yaxis={"title": {"text": axes[1]}, "range": [0, 1.02], "tickformat": ".0%"},
        legend={"orientation": "h", "y": 1.12, "x": 0},
        hovermode="closest",
    )
    return figure


def _band(spots: Sequence[Spot]) -> list[go.Scatter]:
    plain = {
        "x": [one.items for one in spots],
        "mode": "lines",
        "line": {"color": GREY, "width": 1, "dash": "dot"},
        "showlegend": False,
        "hoverinfo": "skip",
    }
    return [
        go.Scatter(y=[one.low for one in spots], **plain),
        go.Scatter(y=[one.high for one in spots], **plain),
    ]


def _line(spots: Sequence[Spot]) -> go.Scatter:
    return go.Scatter(
        x=[one.items for one in spots],
        y=[one.recall for one in spots],
        mode="lines+markers",
        line={"color": SERIES[0], "width": 1.5},
        marker={"color": SERIES[0], "size": 6},
        hovertext=[one.words for one in spots],
        hoverinfo="text",
        showlegend=False,
        connectgaps=False,
    )


def _marks(marked: Sequence[tuple[str, Spot]]) -> list[go.Scatter]:
    looks = ((NOW, SERIES[0]), (CHOSEN, AMBER))
    return [
        go.Scatter(
            x=[one.items],
            y=[_middle(one)],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 14, "color": colour},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [one.high - _middle(one)],
                "arrayminus": [_middle(one) - one.low],
                "color": colour,
                "thickness": 1.5,
                "width": 6,
            },
            hovertext=[one.words],
            hoverinfo="text",
        )
        for (name, one), (symbol, colour) in zip(marked, looks, strict=False)
    ]


def _middle(one: Spot) -> float:
    """Give where a mark stands: between the bounds where there is no number."""
    return one.recall if one.recall is not None else (one.low + one.high) / 2
