"""Grids: every cell is written, and what is not known looks like nothing else."""

from __future__ import annotations

import plotly.io
import pytest

from evenhand.dashboard import charts, charts_grids


def written(figure):
    return [one.text for one in figure.layout.annotations]


def test_shares_are_grey_for_few_and_empty_for_none():
    """A dash has no share: it is grey, and has its counts; without items there is nothing."""
    words = [["80% of 40", "– of 5"], ["", "10% of 30"]]
    figure = charts_grids.shares(["2", "1"], ["a", "b"], [[0.8, None], [None, 0.1]], words)
    grey, shares = figure.data

    assert [[None, 0], [None, None]] == [list(row) for row in grey.z]
    assert [[0.8, None], [None, 0.1]] == [list(row) for row in shares.z]
    assert ["80% of 40", "– of 5", "", "10% of 30"] == written(figure)


def test_names_of_teams_are_letters_and_two_of_one_name_stay_two():
    """Plotly makes links and bold type of what looks like markup."""
    name = '<a href="https://x.example">team</a>'
    figure = charts_grids.shares(["1"], [name, name], [[0.5, 0.4]], [["50%", "40%"]])

    assert "<a" not in figure.to_json()
    assert "\\u003ca" not in figure.to_json()
    assert 2 == len(figure.layout.xaxis.ticktext)


def test_counts_carry_their_words_and_a_dash_has_no_colour():
    """Each cell says its numbers itself; a name may have lines."""
    words = [["<b>12</b><br>20%", "–"]]
    figure = charts_grids.counts(["Sức<br>khoẻ"], ["tiêu cực", "trung tính"], [[12, None]], words)

    assert [[12, None]] == [list(row) for row in figure.data[0].z]
    assert words[0] == written(figure)
    assert ["Sức<br>khoẻ"] == list(figure.layout.yaxis.ticktext)


@pytest.mark.parametrize(
    "figure",
    [
        charts_grids.shares(["1"], ["a"], [[0.5]], [["50%"]]),
        charts_grids.counts(["1"], ["a"], [[5]], [["5"]]),
    ],
    ids=["shares", "counts"],
)
def test_grid_is_small_still_and_of_one_look(figure):
    """It has the one template, which cannot be dragged out of place, and weighs little."""
    assert plotly.io.templates[charts.NAME] == figure.layout.template
    assert figure.layout.template.layout.dragmode is False
    assert len(figure.to_json()) < 20_000
