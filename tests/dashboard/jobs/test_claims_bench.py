"""The bench of claims fills a queue that people could work on, and its reviewers share it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from sqlalchemy import func, select

from evenhand.data import tables

BENCH = Path(__file__).parents[3] / "bench"
ITEMS = 300


@pytest.fixture(scope="module")
def bench():
    """Import the bench, which is a script and no part of the package."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(BENCH))
    yield importlib.import_module("claims")
    patch.undo()


@pytest.fixture
def side(bench, store_url):
    """300 items in a store of either engine."""
    made = bench.prepare(store_url)
    bench.fill(made, ITEMS)
    yield made
    made.store.close()


def test_filled_queue_is_one_that_the_card_could_show(bench, side):
    """Each item has its post, its text, its tag, its flag and its first line in the log."""
    parts = (
        tables.post, tables.post_version, tables.tag, tables.flag, tables.item, tables.item_event,
    )  # fmt: skip
    with side.store.read() as conn:
        counts = [conn.execute(select(func.count()).select_from(one)).scalar_one() for one in parts]
        draws = conn.execute(select(func.count(tables.item.c.draw.distinct()))).scalar_one()
    [item] = bench.claim(side, side.actors[0])

    assert counts == [ITEMS] * len(parts)
    assert draws == ITEMS
    assert item.text.startswith("Nước lên ")
    assert len(item.flags) == 1


def test_race_times_every_pair_and_decides_no_item_twice(bench, side):
    """Four threads make forty pairs between them, and a claim is timed in either store."""
    bench.race(side, 4, 40)
    engine = bench.Engine(side, side)
    bench.time_claims(engine, 3)

    assert len(side.pairs[4]) == 40
    assert min(side.pairs[4]) > 0
    assert bench.twice(side) == 0
    assert len(side.claims) == 6
    assert bench.by_size(engine) == 1.0
