"""Every page, full of what a team has: no serious barrier, no scrolling sideways, one language.

Each page is seen twice, so that it is seen in both lights, at both widths and in both languages,
and all pages together are seen in every pair of them.
"""

from __future__ import annotations

import string

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import update

from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import entries
from evenhand.data import tables
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.furnished_floor import EVERYTHING, PASSWORD, furnish
from tests.journeys.looks import PAGES, looks
from tests.journeys.server import browsing, serving, sign_in

DESK, TELEPHONE = 1440, 390
# One way and its opposite, for a page; the next page gets the other two.
FORMS = (
    ((DESK, "light", "en"), (TELEPHONE, "dark", "vi")),
    ((DESK, "dark", "vi"), (TELEPHONE, "light", "en")),
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
OVER = """() => [...document.querySelectorAll("[data-testid=stMain], body")]
  .reduce((most, one) => Math.max(most, one.scrollWidth - one.clientWidth), 0)"""
# Everything that is read, letter by letter as it stands in one place.
SAID = """() => {
  const roots = [document.body], said = new Set()
  for (const root of roots) {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) roots.push(one.shadowRoot)
      for (const name of ["aria-label", "placeholder", "title", "alt"])
        if (one.getAttribute(name)) said.add(one.getAttribute(name).trim())
      for (const child of one.childNodes)
        if (child.nodeType === 3 && child.textContent.trim()) said.add(child.textContent.trim())
    }
  }
  return [...said]
}"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("access")
    furnish(folder)
    store = open_store(load_settings(folder).url)
    with serving(folder) as server, browsing() as browser:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        sign_in(page, server, EVERYTHING, PASSWORD)
        yield server, store, page
    store.close()


def english():
    """List what is worded in English alone: wordings without places that Vietnamese words anew."""
    found = set()
    for first, second in entries().values():
        for wording in first if isinstance(first, tuple) else (first,):
            is_whole = not any(name for _, name, _, _ in string.Formatter().parse(wording))
            if is_whole and wording != second:
                found.add(wording)
    # The name of a language is the same in all of them.
    vietnamese = {entry[1] for entry in entries().values()}
    return found - vietnamese - set(forms.LANGUAGE_NAMES.values())


@pytest.mark.parametrize("name", PAGES)
def test_page_is_open_to_everybody(name, town):
    """Each of its parts, in two forms: no barrier, nothing too wide, no English in Vietnamese."""
    server, store, page = town
    barriers, over, strays = [], [], []
    for width, scheme, lang in FORMS[PAGES.index(name) % 2]:
        with store.write() as conn:
            conn.execute(update(tables.person).values(language=lang))
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for look in looks(page, server.url, name):
            where = f"{look}, {width}, {scheme}, {lang}"
            barriers += [(where, *one) for one in serious(page)]
            over += [(where, by)] if (by := page.evaluate(OVER)) > 1 else []
            if lang == "vi":
                strays += sorted(english().intersection(page.evaluate(SAID)))
            assert lang == page.evaluate("document.documentElement.lang")

    assert [] == barriers
    assert [] == over
    assert [] == strays
    assert "page_failed" not in server.log


def serious(page):
    """Name what axe finds serious or worse, with the first places of it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_is_open_to_everybody(scheme, town):
    """The sign-in page in both languages, as it opens and after a wrong password."""
    server, _, page = town
    context = page.context.browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": TELEPHONE, "height": 844}
    )
    door = context.new_page()
    for lang in forms.LANGUAGES:
        door.goto(f"{server.url}/login?lang={lang}")
        assert [] == serious(door)
        door.locator("input[name=name]").fill("Nobody")
        door.locator("input[type=password]").fill("wrong password")
        door.keyboard.press("Enter")
        door.locator("[role=alert]").wait_for()

        assert [] == serious(door)
        assert lang == door.evaluate("document.documentElement.lang")
        assert door.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
