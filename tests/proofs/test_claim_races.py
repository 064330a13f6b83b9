"""Many reviewers in many processes on one queue, some of them killed: nothing twice, nothing lost.

Run by `make prove`; each process is a console with its own connection to the same store.
"""

from __future__ import annotations

import json
import time

import pytest

from evenhand.data.store.connect import open_store
from tests.race_floor import (
    Pace,
    Race,
    check_whole,
    outcome,
    put_reviewers,
    put_work,
    wait_until_decided,
)

ITEMS = 10_000
LEASE_S = 4.0
KILLS = 6
LONGEST_S = 900.0

pytestmark = pytest.mark.usefixtures("actors")


@pytest.fixture
def race(store, store_url, tmp_path):
    """Put the items in and start as many reviewers as asked for."""
    begun = []

    def begin(count):
        put_work(store, ITEMS)
        numbers = range(10, 10 + count)
        put_reviewers(store, numbers)
        begun.append(Race.begin(store_url, tmp_path, numbers, Pace(LEASE_S)))
        return begun[-1]

    yield begin
    for one in begun:
        one.stop()


def report(url, race, begun, **more):
    """Read and print what came of a race, from a store that was opened after it."""
    fresh = open_store(url)
    try:
        found = outcome(fresh, race.answers())
        engine = "SQLite" if fresh.is_sqlite else "PostgreSQL"
        seconds = round(time.monotonic() - begun, 1)
        print(json.dumps({"engine": engine, **more, **found, "seconds": seconds}))
        check_whole(fresh, found, ITEMS)
    finally:
        fresh.close()
    return found


@pytest.mark.parametrize("reviewers", [2, 8])
def test_race_decides_every_item_once(store_url, race, reviewers):
    """10,000 items, most first claims left to run out, stale numbers sent: one decision each."""
    begun = time.monotonic()
    running = race(reviewers)
    running.finish(LONGEST_S)
    found = report(store_url, running, begun, reviewers=reviewers)

    assert found["acknowledged"] == ITEMS
    assert found["claims"] >= 2 * ITEMS
    assert found["expired"] > ITEMS / 2
    assert found["stale_refused"] > ITEMS / 10


@pytest.mark.parametrize("reviewers", [2, 8])
def test_race_with_kills_decides_every_item_once(store, store_url, race, reviewers):
    """Six times midway a process dies by SIGKILL and another takes over; nothing said is lost."""
    begun = time.monotonic()
    running = race(reviewers)
    for kill in range(KILLS):
        wait_until_decided(store, ITEMS * (kill + 1) // (KILLS + 1), LONGEST_S)
        number = 10 + kill % reviewers
        running.kill(number)
        running.start(number)
    running.finish(LONGEST_S)
    found = report(store_url, running, begun, reviewers=reviewers, kills=KILLS)

    assert found["claims"] >= 2 * ITEMS
    # A killed process may have had one write that it could not acknowledge.
    assert ITEMS - KILLS <= found["acknowledged"] <= ITEMS
