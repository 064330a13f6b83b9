"""The simulator's chart holds the numbers it is given and tells points apart without colour."""

from __future__ import annotations

from evenhand.dashboard import charts_simulator
from evenhand.dashboard.charts_simulator import Spot

LOW, NOW, HIGH = (
    Spot(5, 0.2, 0.1, 0.3, "five"),
    Spot(10, 0.5, 0.4, 0.6, "ten"),
    Spot(20, None, 0.5, 0.9, "twenty"),
)
AXES = ("Items a day", "Recall")


def test_curve_runs_by_workload_with_its_bounds_and_a_gap_where_no_number_is():
    """The order given does not matter; a missing number is no zero."""
    figure = charts_simulator.trade([HIGH, LOW, NOW], [("Now", NOW)], AXES, ".,")
    low, high, line, mark = figure.data

    assert (list(low.y), list(high.y)) == ([0.1, 0.4, 0.5], [0.3, 0.6, 0.9])
    assert (list(line.x), list(line.y)) == ([5, 10, 20], [0.2, 0.5, None])
    assert not line.connectgaps
    assert (list(mark.x), list(mark.y), mark.name) == ([10], [0.5], "Now")


def test_present_and_chosen_point_differ_in_shape_and_bear_their_bounds():
    """Without a number the chosen one stands in the middle of its bounds."""
    figure = charts_simulator.trade(
        [LOW, NOW, HIGH], [("Now", NOW), ("With these", HIGH)], AXES, ".,"
    )
    now, chosen = figure.data[-2:]

    assert (now.marker.symbol, chosen.marker.symbol) == ("circle", "diamond")
    assert [round(one, 3) for one in (*now.error_y.array, *now.error_y.arrayminus)] == [0.1, 0.1]
    assert list(chosen.y) == [0.7]
    assert [round(one, 3) for one in (*chosen.error_y.array, *chosen.error_y.arrayminus)] == [
        0.2,
        0.2,
    ]
