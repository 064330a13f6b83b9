"""The work of a day by keys alone: each control says what it is, is seen, and comes in order."""

from __future__ import annotations

from itertools import pairwise

import pytest

from evenhand.dashboard.widgets import FRAME
from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import say
from tests.furnished_floor import ACCOUNT
from tests.journeys.server import browsing, serving
from tests.make_focus_order import ANSWER, journey, lay_out, logged, prepare, table

CONTROLS = frozenset(
    {"button", "checkbox", "combobox", "link", "radio", "spinbutton", "switch", "tab", "textbox"}
    | {"DisclosureTriangle"}
)
# Not controls, but what scrolls has to be reached by the keyboard too.
SCROLLED = frozenset({"generic", "main", "region"})
SEQUENCE = ("frame", "sidebar", "main")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keyboard")
    store = prepare(folder)
    with serving(folder) as server, browsing() as browser:
        yield store, server, browser
    store.close()


@pytest.mark.parametrize("lang", forms.LANGUAGES)
def test_work_of_a_day_is_done_by_keys_alone(desk, lang):
    """From the sign-in over the decision to the logged response; prints every stop of the focus."""
    store, server, browser = desk
    before = len(logged(store))
    lay_out(store, lang)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    found = journey(context.new_page(), server.url, lang)
    print(table(found))
    context.close()

    [(text, account)] = logged(store)[before:]
    assert (ANSWER in text, account) == (True, ACCOUNT)
    assert "{" not in text
    for part, stops in found.items():
        odd = [stop for stop in stops if stop.role not in CONTROLS | SCROLLED]
        assert [] == odd, part
        assert [] == [stop for stop in stops if stop.role in CONTROLS and not stop.name], part
        assert [] == [stop for stop in stops if not stop.is_seen], part
        assert [] == backwards(stops), part
        assert len(stops) == len({stop.number for stop in stops})
    for stops in list(found.values())[1:]:
        said = [stop.name for stop in stops]
        assert [] == [key for key in FRAME if say(key, lang) not in said]
    assert [4, 30, 36, 14, 30] <= list(map(len, found.values()))


def backwards(stops):
    """List neighbours of which the second lies before the first, and areas in disorder."""
    areas = list(dict.fromkeys(stop.area for stop in stops))
    found = [
        (one.name, other.name)
        for one, other in pairwise(stops)
        if one.area == other.area and not one.is_before(other)
    ]
    return found + ([] if areas == sorted(areas, key=SEQUENCE.index) else [tuple(areas)])
