"""Charts of trends carry their numbers, and can be read without telling colours apart."""

from __future__ import annotations

from datetime import date, timedelta
from math import log10

import pytest
from streamlit.elements.lib import streamlit_plotly_theme as stand_ins

from evenhand.dashboard import charts_trends
from evenhand.dashboard.charts_trends import Point, Ratio

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(4)]
POINTS = [
    Point(10, 4, 19, "1/11: 10"),
    Point(None, None, None, "2/11: –"),
    Point(20, 12, 31, "3/11: 20"),
    Point(0, None, None, "4/11: 0"),
]


def test_small_chart_leaves_a_gap_where_nothing_is_shown():
    """A line that goes on over a gap would show a number that nobody was told."""
    figure = charts_trends.small(DAYS, POINTS, 31, ",.")
    (line,) = figure.data

    assert list(line.y) == [10, None, 20, 0]
    assert line.connectgaps is False
    assert list(line.error_y.array) == [9, 0, 11, 0]
    assert list(line.error_y.arrayminus) == [6, 0, 8, 0]
    assert figure.layout.yaxis.range[1] == pytest.approx(32.55)
    assert figure.layout.separators == ",."


def test_small_chart_of_few_weeks_has_each_date_below_its_point():
    """A date beside a point would name another week than the one that is drawn."""
    few = charts_trends.small(DAYS, POINTS, 31, ".,")
    many = charts_trends.small([*DAYS, *DAYS], [*POINTS, *POINTS], 31, ".,")

    assert list(few.layout.xaxis.tickvals) == DAYS
    assert many.layout.xaxis.tickvals is None


def test_small_charts_share_what_they_are_given_as_top():
    """The same top gives the same axis, whatever is drawn."""
    one = charts_trends.small(DAYS, POINTS, 100, ".,")
    other = charts_trends.small(DAYS, POINTS[:1] * 4, 100, ".,")

    assert one.layout.yaxis.range == other.layout.yaxis.range


def test_ratios_say_their_direction_by_their_sign():
    """Up, a circle and down; a doubling and a halving are as far from 1."""
    rows = [
        Ratio("All posts", 1.1, 0.9, 1.3, "same"),
        Ratio("Health", 2.0, 1.6, 2.5, "rising"),
        Ratio("Sport", 0.5, 0.4, 0.6, "falling"),
    ]
    figure = charts_trends.ratios(rows, "times", ",.")

    assert [one.marker.symbol for one in figure.data] == ["circle", "triangle-up", "triangle-down"]
    assert figure.layout.xaxis.type == "log"
    low, high = figure.layout.xaxis.range
    assert low < log10(0.4) < log10(2.5) < high
    assert list(figure.layout.xaxis.ticktext) == ["×0,5", "×1", "×2"]
    assert [one.text for one in figure.layout.annotations] == ["All posts", "Health", "Sport"]


def test_colours_are_stand_ins_that_the_browser_replaces():
    """No chart has a colour of its own in either light."""
    figure = charts_trends.small(DAYS, POINTS, 31, ".,")
    colour = figure.data[0].line.color.upper()

    assert colour in {one.upper() for one in vars(stand_ins).values() if isinstance(one, str)}
