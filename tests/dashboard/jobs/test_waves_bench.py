"""The bench of waves plants what it says and finds all of it again."""

from __future__ import annotations

import importlib
import random
from pathlib import Path

import pytest

from evenhand.dashboard.jobs.grouping import Groups

BENCH = Path(__file__).parents[3] / "bench"


@pytest.fixture(scope="module")
def bench():
    """Import the bench, which is a script and no part of the package."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(BENCH))
    yield importlib.import_module("waves")
    patch.undo()


@pytest.fixture(scope="module")
def planned(bench):
    """500 copies among 1,500 other posts."""
    return bench.plan(1_500, random.Random(7))  # noqa: S311 - repeatable posts, no secret


def test_wave_is_planted_in_twenty_variants_of_one_label(planned):
    """All copies are flagged alike; about one other post in eight is."""
    texts = {one.content for one in planned.posts if one.native_key in planned.copies}
    flagged = [key for key, tag in planned.tags.items() if tag.flagged]

    assert (len(planned.posts), len(planned.copies), len(texts)) == (2_000, 500, 20)
    assert {planned.tags[key].flagged for key in planned.copies} == {("spam",)}
    assert 100 < len(set(flagged) - planned.copies) < 300


def test_wave_becomes_one_item_one_decision_and_one_undo(bench, planned, store):
    """On both engines."""
    bench.take_in([(store, Groups())], planned)
    first, figures = bench.found(store, planned)

    assert (figures["recall"], figures["items_of_copies"]) == (1.0, 1)
    assert (figures["false_merges"], figures["strangers_in_the_wave"]) == (0, 0)
    assert bench.one_decision(store, first) == {"decided_by_one": 500, "decided_after_undo": 0}
