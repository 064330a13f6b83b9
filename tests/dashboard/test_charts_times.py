"""Charts of times, deadlines and teams carry their numbers, and read without their colours."""

from __future__ import annotations

import json

import plotly.io
import pytest

from evenhand.dashboard import charts, charts_small, charts_times
from evenhand.dashboard.charts_small import Week
from evenhand.dashboard.charts_times import Axis, Waiting

AXIS = Axis("since", [(1.0, "1 h"), (24.0, "1 day")])
BANDS = [(name, name.upper()) for name in "abc"]
WEEKS = [
    Week(None, None, None, "first"),
    Week(0.5, 0.4, 0.6, "second"),
    Week(0.8, None, None, "third"),
]


def test_curves_stay_up_for_what_is_open():
    """Half end after 2 h, the others wait for 30 h: the line goes on at a half until then."""
    [drawn] = charts_times.curves([Waiting("harm", [2.0], [0.5], 30.0)], AXIS, "wait").data

    assert [1 / 60, 2.0, 30.0] == pytest.approx(list(drawn.x))
    assert [1.0, 0.5, 0.5] == list(drawn.y)
    assert "hv" == drawn.line.shape


def test_curves_differ_in_colour_and_dash_and_end_at_once_at_the_first_minute():
    """Six queues at most; a wait of nothing has no place on a logarithm."""
    some = [Waiting(f"q{n}", [0.0], [0.4], 0.0) for n in range(7)]
    drawn = charts_times.curves(some, AXIS, "wait").data

    assert 6 == len(drawn) == len({one.line.dash for one in drawn})
    assert 6 == len({one.line.color for one in drawn})
    assert all(one.x[-1] == pytest.approx(1 / 60, abs=1e-3) for one in drawn)


def test_steps_that_nobody_sees_are_not_sent():
    """A thousand ends of a thousandth each are a few hundred points, with the last one."""
    shares = [1 - (n + 1) / 1000 for n in range(1000)]
    one = Waiting("a", [float(n + 1) for n in range(1000)], shares, 0.0)
    [drawn] = charts_times.curves([one], AXIS, "wait").data

    assert len(drawn.x) < 260
    assert (1000.0, 0.0) == (drawn.x[-1], drawn.y[-1])


def test_burn_down_tells_each_band_and_parts_what_is_overdue():
    """The sum of the queues stands at the end of each bar, in words."""
    figure = charts_times.burn_down(BANDS, [("urgent", (1, 0, 2)), ("harm", (3, 0, 0))], ",.")

    assert [[1, 0, 2], [3, 0, 0]] == [list(one.x) for one in figure.data]
    assert [("A", 4), ("B", 0), ("C", 2)] == [
        (one.text, one.x) for one in figure.layout.annotations
    ]
    assert 2 == len({one.marker.pattern.shape for one in figure.data})
    assert 0.5 == figure.layout.shapes[0].y0


def test_names_that_people_typed_are_letters():
    """Plotly makes links and bold type of what looks like markup."""
    name = '<a href="https://x.example">team</a>'
    figures = (
        charts_times.beside([name], ("came", [2]), ("done", [1])),
        charts_times.curves([Waiting(name, [1.0], [0.5], 2.0)], AXIS, "wait"),
    )

    assert all("<a" not in figure.to_json() for figure in figures)
    assert all("\\u003ca" not in figure.to_json() for figure in figures)


def test_plan_and_what_was_done_stand_side_by_side():
    """Both with their numbers, one with a pattern."""
    figure = charts_times.beside(["a", "b"], ("came", [5, 1]), ("done", [3, 2]), ",.")

    assert [[5, 1], [3, 2]] == [list(one.x) for one in figure.data]
    assert ["/", ""] == [one.marker.pattern.shape for one in figure.data]


def test_small_trend_leaves_out_weeks_without_a_value_and_marks_the_newest():
    """A gap is no zero; a bound that is not known is not drawn."""
    drawn, newest = charts_small.trend(WEEKS, 1.0).data

    assert [1, 2] == list(drawn.x)
    assert [0.5, 0.8] == list(drawn.y)
    assert pytest.approx([0.1, 0]) == list(drawn.error_y.array)
    assert pytest.approx([0.1, 0]) == list(drawn.error_y.arrayminus)
    assert (2,) == newest.x
    assert ("second", "third") == drawn.hovertext


def test_small_trend_of_nothing_is_empty():
    """No week has 30 items."""
    [drawn] = charts_small.trend(WEEKS[:1]).data

    assert [] == list(drawn.x or [])


def test_growth_has_a_pattern_and_shrinking_has_none():
    """They are told apart without their colours."""
    weeks = [Week(value, None, None, "w") for value in (4, -3, None)]
    [drawn] = charts_small.growth(weeks).data

    assert [4, -3, 0] == list(drawn.y)
    assert ["/", "", ""] == list(drawn.marker.pattern.shape)
    assert 2 == len(set(drawn.marker.color))


@pytest.mark.parametrize(
    "figure",
    [
        charts_times.curves([Waiting("a", [1.0], [0.5], 2.0)], AXIS, "wait"),
        charts_times.burn_down(BANDS, [("urgent", (1, 0, 2))]),
        charts_times.beside(["a"], ("came", [5]), ("done", [3])),
        charts_small.trend(WEEKS),
        charts_small.growth(WEEKS),
    ],
    ids=["curves", "burn_down", "beside", "trend", "growth"],
)
def test_chart_is_small_still_and_of_one_look(figure):
    """Every chart has the one template, cannot be dragged out of place, and weighs little."""
    made = json.loads(figure.to_json())

    assert figure.layout.template == plotly.io.templates[charts.NAME]
    assert made["layout"]["template"]["layout"]["dragmode"] is False
    assert len(figure.to_json()) < 20_000
