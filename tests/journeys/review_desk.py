"""Sitting down at the review page in a real browser, and reading what came of it."""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

from playwright.sync_api import expect
from sqlalchemy import select

from evenhand.dashboard.card.seals import Seals
from evenhand.dashboard.jobs import access
from evenhand.data import tables
from evenhand.data.pseudonym import load_or_make_key
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store

WIDTHS = {"desk": 1440, "telephone": 390}
TITLES = {"English": "Review", "Tiếng Việt": "Duyệt bài"}
# Notes which item is on screen at each key, before the card hears of it.
RECORD = """() => {
  const card = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot
  const root = card.querySelector(".eh")
  window.pressed = []
  window.addEventListener("keydown", (event) => pressed.push([event.key, root.dataset.item]), true)
}"""


def person(store, name):
    found = access.list_people(store, access.operator())
    return next(one.actor() for one in found if one.name == name)


# By whose names a page knows its items.
SEALS = WeakKeyDictionary()


def note_seals(page, workspace, name):
    """Remember whose page it is, so that a test can tell its items."""
    store = open_store(load_settings(workspace).url)
    try:
        SEALS[page] = Seals(load_or_make_key(workspace / "keys"), person(store, name).id)
    finally:
        store.close()


def showing(page, *item_ids):
    """Find the card while it shows one of these items."""
    names = (SEALS[page].seal(item_id) for item_id in item_ids)
    return page.locator(", ".join(f".eh[data-item='{name}']" for name in names))


def on_screen(page, item_id):
    """Wait until an item is on screen."""
    showing(page, item_id).wait_for()


def pressed(page):
    """List the keys that were pressed and the items that were on screen then; see RECORD."""
    return [(key, SEALS[page].open(name) if name else "") for key, name in page.evaluate("pressed")]


def saved(page):
    """Wait until the server has everything."""
    expect(page.locator(".eh .saved")).to_have_text(re.compile("all saved|đã lưu hết"))


def decisions(store):
    """List the standing decisions in their order: item, outcome, policy."""
    query = (
        select(tables.decision)
        .join(
            tables.current_decision, tables.current_decision.c.decision_id == tables.decision.c.id
        )
        .join(tables.item, tables.item.c.id == tables.decision.c.item_id)
        .where(tables.item.c.state != "void")
        .order_by(tables.decision.c.id)
    )
    with store.read() as conn:
        return [(str(row.item_id), row.outcome, row.policy) for row in conn.execute(query)]


def an_item(page):
    """Wait until any item is on screen."""
    page.locator(".eh[data-item]:not([data-item=''])").wait_for()


def speak(page, lang):
    """Choose a language in the sidebar, which a telephone opens first and closes again."""
    sidebar = page.get_by_test_id("stSidebar")
    opener = page.get_by_test_id("stExpandSidebarButton")
    hidden = opener.is_visible()
    if hidden:
        opener.click()
    sidebar.get_by_text(lang).click()
    page.get_by_role("heading", name=TITLES[lang]).wait_for()
    if hidden:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
