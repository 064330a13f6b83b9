"""A served Evenhand killed midway while two browsers and six consoles work: nothing said is lost.

Run by `make prove`, on both engines.  The browsers sit at the served process, each console is a
process with its own connection to the same store; all of them race for the same items.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from evenhand.dashboard.jobs import access
from evenhand.data import tables
from evenhand.data.records import Role
from evenhand.data.store.connect import open_store
from tests.journeys.review_desk import an_item, note_seals, person, pressed
from tests.journeys.server import browsing, serving, sign_in
from tests.race_floor import Pace, Race, check_whole, decided, outcome, put_reviewers, put_work

ITEMS = 10_000
CONSOLES = range(10, 16)
LEASE_S = 4.0
KILLS = 3
LONGEST_S = 1_200.0
BETWEEN_KEYS_MS = 60
PASSWORD = "mưa rào buổi chiều"
SITTING = ("Dung", "Giang")
# SQLite gives its file to many processes in no order: consoles without a pause would starve the
# server for half a minute at a time.
PACE_S = 0.05
PATIENCE_MS = 180_000
# As RECORD, but the card may be made anew, and keys in a dialog over it are no decisions.
NOTE = """() => {
  window.pressed = []
  window.addEventListener("keydown", (event) => {
    const card = document.querySelector("[data-testid=stBidiComponentIsolated]")
    const root = card?.shadowRoot?.querySelector(".eh")
    const over = event.composedPath()[0].closest?.("[role=dialog]")
    pressed.push([event.key, root && !over ? root.dataset.item : ""])
  }, true)
}"""

pytestmark = pytest.mark.usefixtures("actors")


@pytest.fixture
def server(store, store_url, tmp_path):
    """Serve the store to two more reviewers; nothing is read twice by chance."""
    for name in SITTING:
        access.add_person(
            store,
            access.operator(),
            name,
            PASSWORD,
            roles=[Role.REVIEWER],
            team="Tổ trực",
            now=datetime.now(UTC),
        )
    put_reviewers(store, CONSOLES)
    put_work(store, ITEMS)
    toml = f'store_url = "{store_url}"\n[quality]\ndouble_share = 0\n'
    with serving(tmp_path / "served", toml) as running:
        yield running


@pytest.fixture
def pages(server):
    """Two browsers at the served process, which note every key and the item it met."""
    with browsing() as browser:
        made = []
        for name in SITTING:
            page = browser.new_context().new_page()
            sign_in(page, server, name, PASSWORD)
            note_seals(page, server.workspace, name)
            an_item(page)
            page.evaluate(NOTE)
            made.append(page)
        yield made


def press(pages, times=1):
    """Let every browser press a key, *times* over, without waiting for anything to be saved."""
    for _ in range(times):
        for page in pages:
            page.keyboard.press("n")
            page.wait_for_timeout(BETWEEN_KEYS_MS)


def saved(page):
    """Wait until the server has everything, also after it was away."""
    said = page.locator(".eh .saved")
    expect(said).to_have_text("all saved", timeout=PATIENCE_MS)


def press_until_decided(store, pages, count):
    """Press keys until that many items are decided, by whomever."""
    until = time.monotonic() + LONGEST_S
    while decided(store) < count:
        assert time.monotonic() < until, f"{decided(store)} decisions, not {count}"
        press(pages)


def kill_and_start(server, pages):
    """Kill the server between keys, press on while it is away, and wait until all is saved."""
    press(pages, 3)
    server.kill()
    press(pages, 2)
    server.start()
    for page in pages:
        saved(page)


def met(page):
    """List the items that met a key in this browser."""
    return [item for _, item in pressed(page) if item]


def by(store, name):
    """List the items whose decisions are this person's."""
    query = select(tables.decision.c.item_id).where(
        tables.decision.c.reviewer_id == int(person(store, name).id)
    )
    with store.read() as conn:
        return [str(item_id) for item_id in conn.execute(query).scalars()]


def test_server_that_is_killed_midway_loses_nothing_that_was_decided(
    store, store_url, server, pages, tmp_path
):
    """10,000 items: what met a key in a browser is decided by its person, once, as is all else."""
    begun = time.monotonic()
    race = Race.begin(store_url, tmp_path, CONSOLES, Pace(LEASE_S, PACE_S))
    try:
        for kill in range(KILLS):
            press_until_decided(store, pages, ITEMS * (kill + 1) // (KILLS + 1))
            kill_and_start(server, pages)
        press_until_decided(store, pages, ITEMS)
        for page in pages:
            saved(page)
        race.finish(LONGEST_S)
    finally:
        race.stop()
    fresh = open_store(store_url)
    try:
        found = outcome(fresh, race.answers())
        engine = "SQLite" if fresh.is_sqlite else "PostgreSQL"
        keys = {name: met(page) for name, page in zip(SITTING, pages, strict=True)}
        theirs = {name: by(fresh, name) for name in SITTING}
        count = sum(map(len, keys.values()))
        seconds = round(time.monotonic() - begun, 1)
        line = {"engine": engine, "kills": KILLS, "by_browser": count, **found, "seconds": seconds}
        print(json.dumps(line))
        check_whole(fresh, found, ITEMS)
    finally:
        fresh.close()

    assert {name: sorted(one) for name, one in keys.items()} == {
        name: sorted(one) for name, one in theirs.items()
    }
    assert found["acknowledged"] + count == ITEMS
    assert all(len(one) > 10 * KILLS for one in keys.values())
