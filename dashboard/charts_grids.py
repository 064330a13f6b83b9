"""Grids in the look of `charts`: a cell for each row and column, darker for more, with its words.

Plotly reads a little markup, so names of teams, which people typed, are escaped here.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from evenhand.dashboard.charts import GREY, INK, SHADES, TEXT, figure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARE_PX = 27
COUNT_PX = 68
AXIS_PX = 44
# Up to the middle of the shades: the same ink stays readable on all of them, in both lights.
PALE = SHADES[:5]
SCALE = [(place / (len(PALE) - 1), shade) for place, shade in enumerate(PALE)]
FEW = [(0, GREY), (1, GREY)]


def shares(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    words: Sequence[Sequence[str]],
) -> go.Figure:
    """Draw shares in low cells, a team a column; without a share, but with words, it is grey."""
    few = [
        [0 if one is None and said else None for one, said in zip(*row, strict=True)]
        for row in zip(values, words, strict=True)
    ]
    grey = _layer(few, colorscale=FEW, opacity=0.25)
    layers = [grey, _layer(values, colorscale=SCALE, zmin=0, zmax=1)]
    return _grid(layers, rows, [escape(name) for name in columns], words, SHARE_PX)


def counts(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[int | None]],
    words: Sequence[Sequence[str]],
) -> go.Figure:
    """Draw numbers in high cells; None has no colour.

    Lines of names and *words* are parted by "<br>".
    """
    layer = _layer(values, colorscale=SCALE, zmin=0)
    return _grid([layer], rows, columns, words, COUNT_PX)


def _layer(values: Sequence[Sequence[float | None]], **look: object) -> go.Heatmap:
    cells = [list(row) for row in values]
    return go.Heatmap(z=cells, showscale=False, xgap=3, ygap=3, hoverinfo="skip", **look)


def _grid(
    layers: Sequence[go.Heatmap],
    rows: Sequence[str],
    columns: Sequence[str],
    words: Sequence[Sequence[str]],
    cell_px: int,
) -> go.Figure:
    font = {"color": INK, "size": TEXT}
    figure = figure_of(layers, cell_px * len(rows) + AXIS_PX)
    for row, line in enumerate(words):
        for column, text in enumerate(line):
            figure.add_annotation(x=column, y=row, text=text, showarrow=False, font=font)
    figure.update_layout(
        xaxis={"side": "top"} | _axis(columns),
        yaxis={"autorange": "reversed"} | _axis(rows),
    )
    return figure


def _axis(names: Sequence[str]) -> dict[str, object]:
    """Name places by number, so that two of one name stay two."""
    return {
        "showgrid": False,
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "tickfont": {"color": INK, "size": TEXT},
    }
