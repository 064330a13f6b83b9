"""Charts carry the numbers they are given, and can be read without telling colours apart."""

from __future__ import annotations

import itertools
import json
import math
from datetime import date, timedelta

import plotly.io
import pytest
from streamlit.elements.lib import streamlit_plotly_theme as stand_ins

from evenhand.dashboard import charts
from evenhand.dashboard.charts import Apart, Filled, Named, Stage
from evenhand.dashboard.look import DARK, LIGHT, chart_colours, shades

FIRST = date(2026, 11, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(3)]
# Linear RGB as people see it without red, and without green, cones (Machado, Oliveira and
# Fernandes 2009, severity 1).
BLIND = {
    "red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


def linear(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]


def lab(rgb):
    """CIE L*a*b* (D65) of linear RGB."""
    red, green, blue = (min(1.0, max(0.0, one)) for one in rgb)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in xyz)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def seen(colour, kind):
    rgb = linear(colour)
    return lab(sum(a * b for a, b in zip(row, rgb, strict=True)) for row in BLIND[kind])


def contrast(one, other):
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (
            sum(a * b for a, b in zip(weights, linear(colour), strict=True))
            for colour in (one, other)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def test_road_draws_each_step_as_part_of_its_own_whole():
    """A third and the two thirds that are left; a step without a share is an empty track."""
    figure = charts.road([Stage("<b>Decided</b>: 10 of 30", 1 / 3), Stage("2 of 5", None)])
    done, left = figure.data

    assert list(done.x) == [1 / 3, 0]
    assert list(left.x) == [1 - 1 / 3, 1]
    assert [one.text for one in figure.layout.annotations] == ["<b>Decided</b>: 10 of 30", "2 of 5"]
    assert list(left.marker.pattern.shape) == ["", "/"]


def test_filled_bars_say_how_much_is_there_and_of_what():
    """Each part has a colour and a pattern; what is left is the track."""
    rows = [Filled("<b>Hate</b>: 20 of 50", "English 15 · Vietnamese 5", (0.3, 0.1))]
    rows += [Filled("<b>Spam</b>: 90", "English 45 · Vietnamese 45", (0.5, 0.5))]
    figure = charts.filled(rows, ["English", "Vietnamese"])
    english, vietnamese, left = figure.data

    assert [list(one.x) for one in figure.data] == [[0.3, 0.5], [0.1, 0.5], [0.6, 0.0]]
    assert [english.marker.pattern.shape, vietnamese.marker.pattern.shape] == ["", "/"]
    assert left.showlegend is False
    assert {one.text for one in figure.layout.annotations} == {
        text for row in rows for text in (row.words, row.detail)
    }


def test_differences_are_dots_with_intervals_and_a_sign_for_each_result():
    """Better, worse and no certain difference differ in shape, not only in colour."""
    rows = [
        Apart("Hate: 50% → 75%", 25.0, 10.0, 40.0, "better"),
        Apart("Spam: 80% → 55%", -25.0, -40.0, -10.0, "worse"),
        Apart("Scam: 70% → 71%", 1.0, -2.0, 4.0, "same"),
    ]
    figure = charts.apart(rows, "points", 45.0, ",.")

    assert [one.x[0] for one in figure.data] == [25.0, -25.0, 1.0]
    assert [(one.error_x.arrayminus[0], one.error_x.array[0]) for one in figure.data] == [
        (15.0, 15.0),
        (15.0, 15.0),
        (3.0, 3.0),
    ]
    assert len({one.marker.symbol for one in figure.data}) == 3
    assert figure.layout.xaxis.range == (-45.0, 45.0)
    assert [one.text for one in figure.layout.annotations] == [row.words for row in rows]


def test_ages_put_a_number_into_every_part_that_is_not_empty():
    """Nobody needs the colours to read how many wait for how long."""
    numbers = [(3, 0), (0, 0), (1, 2), (9, 1)]
    bands = [Named(name, values) for name, values in zip("abcd", numbers, strict=True)]
    figure = charts.ages(["harm", "requests"], bands, ",.")

    assert [list(one.x) for one in figure.data] == [list(values) for values in numbers]
    assert [bool(words) for words in figure.data[0].texttemplate] == [True, False]
    assert figure.layout.separators == ",."


def test_ages_say_the_sum_at_the_end_of_each_bar():
    """Parts too narrow for a number can still be read, and the longest bar leaves room for it."""
    numbers = [(3, 0), (0, 0), (1, 2), (1_230, 1)]
    bands = [Named(name, values) for name, values in zip("abcd", numbers, strict=True)]
    figure = charts.ages(["harm", "requests"], bands, ",.")

    assert [(one.x, one.text) for one in figure.layout.annotations] == [(1_234, "1.234"), (3, "3")]
    assert figure.layout.xaxis.range[1] > 1_234


def test_road_leaves_room_for_words_of_two_lines():
    """A long name stands above its numbers, so that neither is cut on a telephone."""
    one = charts.road([Stage("Came in: 5", 0.5)] * 2)
    two = charts.road([Stage("<b>Came in</b><br>5 of 10", 0.5)] * 2)

    assert two.layout.height - one.layout.height == 2 * charts.LINE_PX
    assert [said.align for said in two.layout.annotations] == ["left", "left"]


def test_line_at_none_runs_through_marks_and_not_through_words():
    """One piece for each row, shorter than the way to the next."""
    rows = [Apart("a", 1.0, 0.0, 2.0, "same"), Apart("b", 1.0, 0.0, 2.0, "same")]
    pieces = charts.apart(rows, "points", 5.0).layout.shapes

    assert [(one.x0, one.x1) for one in pieces] == [(0, 0), (0, 0)]
    assert [one.y1 - one.y0 for one in pieces] == pytest.approx([0.32, 0.32])


def test_days_give_each_named_series_a_colour_and_a_pattern_of_its_own():
    """Six topics differ in colour and pattern; civic posts and the rest are grey."""
    series = [Named(f"topic {number}", (number, 2, 3)) for number in range(6)]
    series += [Named("civic", (1, 1, 1), quiet=True), Named("rest", (4, 4, 4), quiet=True)]
    figure = charts.by_day(DAYS, series)
    named = figure.data[:6]

    assert [list(one.y) for one in figure.data] == [list(one.values) for one in series]
    assert len({one.marker.color for one in named}) == 6
    assert len({one.marker.pattern.shape for one in named}) == 6
    assert [one.marker.color for one in figure.data[6:]] == [charts.GREY, charts.TRACK]


def test_days_of_the_rest_alone_are_pale():
    """Where nothing can be named there is one pale series."""
    figure = charts.by_day(DAYS, [Named("rest", (4, 4, 4), quiet=True)])

    assert [one.marker.color for one in figure.data] == [charts.TRACK]


def test_spread_draws_a_bar_over_each_part_with_its_number():
    """Nothing is written over an empty part; a part without a width is still seen."""
    bars = [(0.0, 0.1, 3), (0.1, 0.2, 0)]
    figure = charts.spread(bars, ["0,0–0,1", "0,1–0,2"], "score", ",.")
    [drawn] = figure.data

    assert ([0.05, 0.15], [3, 0]) == (pytest.approx(list(drawn.x)), list(drawn.y))
    assert [True, False] == [bool(words) for words in drawn.texttemplate]
    assert ["0,0–0,1", "0,1–0,2"] == list(drawn.hovertext)
    [one] = charts.spread([(0.2, 0.2, 4)], ["0,2"], "score", ",.").data
    assert one.width == (charts.LEAST_WIDTH,)


@pytest.mark.parametrize(
    "figure",
    [
        charts.road([Stage("a", 0.5)]),
        charts.ages(["a"], [Named(name, (1,)) for name in "abcd"]),
        charts.spread([(0.0, 0.1, 3)], ["a"], "score", ".,"),
        charts.by_day(DAYS, [Named("a", (1, 2, 3))]),
        charts.filled([Filled("a", "b", (0.5,))], ["x"]),
        charts.apart([Apart("a", 1.0, 0.0, 2.0, "same")], "points", 5.0),
    ],
    ids=["road", "ages", "spread", "by_day", "filled", "apart"],
)
def test_chart_is_small_still_and_of_one_look(figure):
    """Every chart has the one template, cannot be dragged out of place, and weighs little."""
    made = json.loads(figure.to_json())

    assert figure.layout.template == plotly.io.templates[charts.NAME]
    assert made["layout"]["template"]["layout"]["dragmode"] is False
    assert len(figure.to_json()) < 20_000


def test_colours_are_the_stand_ins_that_the_browser_replaces():
    """The names of places are Streamlit's; another version may rename them."""
    first = [getattr(stand_ins, f"CATEGORY_{number}") for number in range(10)]
    mixed = [getattr(stand_ins, f"SEQUENTIAL_{number}") for number in range(10)]

    assert first == [*charts.SERIES, charts.GREY, charts.TRACK, charts.AMBER, charts.MUTED]
    assert mixed == list(charts.SHADES)
    assert (charts.INK, charts.PAPER) == (stand_ins.GRAY_90, stand_ins.BG_COLOR)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_series_stand_out_from_the_paper(palette):
    """What is drawn keeps 3:1 on its ground (WCAG 1.4.11)."""
    assert len(chart_colours(palette)) == len(shades(palette)) == 10
    for colour in palette.series:
        assert contrast(colour, palette.paper) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_series_can_be_told_apart(palette, kind):
    """Any two series differ by 10 and neighbours by 20 (CIE76; 2.3 is just noticeable)."""
    colours = [seen(colour, kind) for colour in palette.series]

    assert min(math.dist(*pair) for pair in itertools.combinations(colours, 2)) >= 10
    assert min(math.dist(*pair) for pair in itertools.pairwise(colours)) >= 20


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_can_be_read_on_their_colours(palette):
    """The ink of a cell or of an age band keeps 4.5:1 on it."""
    places = dict(zip(charts.SHADES, shades(palette), strict=True))
    places |= {charts.AMBER: palette.amber, charts.INK: palette.ink, charts.PAPER: palette.paper}
    pairs = [*charts.AGES, *((shade, charts.INK) for shade in charts.SHADES[:5])]

    assert min(contrast(places[ground], places[ink]) for ground, ink in pairs) >= 4.5
