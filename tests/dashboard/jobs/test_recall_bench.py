"""The interval of recall holds the truth, in a simulation that knows it; its rivals do not all."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

BENCH = Path(__file__).parents[3] / "bench"
RUNS = 60
# Of 60 runs 93 % hold the truth; fewer than 51 would do so by chance in one of 100 tests a cell.
LEAST = 51 / RUNS


@pytest.fixture(scope="module")
def bench():
    """Import the bench, which is a script and no part of the package, with fewer posts."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(BENCH))
    module = importlib.import_module("recall")
    patch.setattr(module, "POSTS", 10_000)
    yield module
    patch.undo()


@pytest.fixture(scope="module")
def cells(bench):
    """All cells, with a budget of 500 and few runs."""
    return [cell.figures() for cell in bench.simulate(RUNS, 500, 1)]


def test_interval_holds_the_truth_in_every_cell(cells):
    """Thirty cells of prevalence, flag share and model."""
    assert 30 == len(cells)
    assert LEAST <= min(cell["ours_coverage"] for cell in cells)


def test_interval_holds_the_truth_over_all_cells(cells):
    """Of 1,800 runs, 93 % at least cannot be doubted."""
    runs = RUNS * len(cells)
    held = round(sum(cell["ours_coverage"] for cell in cells) * RUNS)

    assert binomtest(held, runs).proportion_ci(0.95).low >= 0.93


def test_interval_is_shorter_than_that_of_an_even_draw(cells):
    """On the average of all cells, for the same number of posts read."""
    ratios = [cell["ours_width"] / cell["even_width"] for cell in cells]

    assert np.mean(ratios) < 0.95


def test_rivals_fail_where_the_model_is_blind_or_sure(cells):
    """Korn and Graubard's interval alone, and the prior for each band of score."""
    assert LEAST > min(cell["korn_graubard_coverage"] for cell in cells)
    assert LEAST > min(cell["beta_trap_coverage"] for cell in cells)


def test_bench_asks_the_estimators_for_chances_and_interval_only(bench):
    """It makes its posts, draws and counts itself."""
    made_in = {name: getattr(one, "__module__", "") for name, one in vars(bench).items()}
    asked = {name for name, module in made_in.items() if "estimates" in module}

    assert {"Audited", "Cohort", "inclusion", "recall"} == asked


def test_bench_knows_the_truth(bench):
    """Posts have the share of harm and of flags that the cell says, flags the highest signal."""
    harm, flagged, scores = bench.posts(np.random.default_rng(2), (0.05, 0.08), "good")

    assert pytest.approx(0.05, abs=0.01) == harm.mean()
    assert pytest.approx(0.08, abs=0.001) == flagged.mean()
    assert scores[flagged].min() >= scores[~flagged].max()
    assert np.all((scores >= 0) & (scores <= 1))


def test_interval_by_reach_holds_the_truth_in_every_cell(bench):
    """Eighteen cells; with the spread of the few cases seen alone it does not hold it."""
    by_reach = importlib.import_module("recall_reach")
    assert by_reach.recall is bench
    cells = [cell.figures() for cell in by_reach.simulate(RUNS, 500, 1)]

    assert 18 == len(cells)
    assert LEAST <= min(cell["ours_coverage"] for cell in cells)
    assert LEAST > min(cell["cases_alone_coverage"] for cell in cells)
