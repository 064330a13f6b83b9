"""Hostile words wherever outsiders' words can come to: on every page they are letters and no more.

In a real browser with the real policy for content: nothing runs, nothing is fetched, nothing of the
words is read as markup, and no page is broken by them.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from evenhand.dashboard.plain import make_plain
from tests import outsiders
from tests.furnished_floor import ARABIC, EVERYTHING, PASSWORD, furnish
from tests.journeys.looks import PAGES, looks, settle
from tests.journeys.server import browsing, serving, sign_in

# Places of one line; the others are places of many.
LINES = frozenset(
    {"card line", "channel", "clarification", "drift", "macro", "model card", "person", "route"}
    | {"rule", "saved_view", "source", "statement", "task", "team"}
)
# What stands on which page, every bit of it, and what may stand there in part (a text is covered,
# or not shown to whoever may still read it).
SHOWN = {
    "review": ("card line", "rule", "thread"),
    "requests": ("response", "channel", "result"),
    "queues": ("found", "route", "macro", "saved_view", "source", "team"),
    "quality": ("gold",),
    "policies": ("statement",),
    "models": ("model card", "task", "drift"),
    "sources": ("error", "gap", "set aside", "source"),
    "alerts": ("mute",),
}
PARTLY = {
    "review": ("card",),
    "requests": ("request",),
    "quality": ("ground",),
    # A clarification that is shown is shown in one language.
    "policies": ("clarification",),
    "models": ("model text",),
}
# Between the words of a copy stand those of the first post that it left out.
# A source's name is cut where a chart has no room.
MIXED = {"review": ("copy",), "coverage": ("source",)}
FIRST_WORD = 9
# The first letters are enough to know a text by; errors and excerpts are cut after 400.
COMPARED = 300
WIDTHS = (390, 1440)
# Whatever is called here leaves a trace instead of stopping the page.
TRAPS = """for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = () => { window.ran = name }"""
EVERYWHERE = """
  const roots = [document]
  for (const root of roots)
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) roots.push(one.shadowRoot)
"""
# What words might be made into; the ways past the menu and to a heading are Streamlit's own, those
# to other pages ours.
MADE = f"""() => {{ {EVERYWHERE}
  const wanted = "img, iframe, object, embed, frame, video, audio, math, form, base, a, .katex, " +
    "[onerror], [onload], [onclick], [onmouseover], meta[http-equiv], link[rel=import]"
  const own = "[data-testid=stSidebarNav], [data-testid=stSidebarHeader], " +
    "[data-testid=stSkipToContent], [data-testid=stPageLink], [aria-label='Link to heading']"
  return roots.flatMap((root) => [...root.querySelectorAll(wanted)])
    .filter((one) => !one.closest(own)).map((one) => one.outerHTML.slice(0, 200))
}}"""
# All that can be read: texts, also in components and in tables, and what stands in fields.
READ = f"""() => {{ {EVERYWHERE}
  const said = (root) => [...(root.body ?? root).children]
    .filter((one) => !one.matches("noscript, script, style")).map((one) => one.textContent)
  return roots.map((root) => said(root).join("\\n") +
    [...root.querySelectorAll("input, textarea")].map((one) => one.value).join("\\n")).join("\\n")
}}"""
# What Streamlit reads as markup: labels, messages, headings, options.
INTERPRETED = """() => [...document.querySelectorAll("[data-testid=stMarkdownContainer]")]
  .map((one) => one.innerHTML)"""
WIDE = """() => [...document.querySelectorAll("[data-testid=stMain], body")]
  .some((one) => one.scrollWidth > one.clientWidth + 1)"""
LONG = "sanitizer_cases"
LEFT = "Điểm tiêm"
AWAY = "Content Security Policy"


class Watch:
    """What a page does that no page of ours does; `page` is watched from here on."""

    def __init__(self, page, url):
        self.page, self.asked, self.refused, self.opened = page, [], [], []
        pages = "|".join((*PAGES, "login", "start"))
        own = rf"(http|ws)://{re.escape(url.partition('://')[2])}/"
        inner = rf"(({pages})/)?_stcore/|static/|media/|favicon|({pages})(\?|$)|$"
        self.known = re.compile(rf"(data|blob):|{own}({inner})")
        page.add_init_script(TRAPS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.refused.append(message.text))
        page.on("dialog", lambda dialog: (self.opened.append(dialog.message), dialog.dismiss()))

    def found(self):
        """List what was asked for, refused, opened or run."""
        # Streamlit's own page has one script in its head, which the policy refuses.
        refused = {line for line in self.refused if AWAY in line and "inline script" not in line}
        ran = self.page.evaluate("window.ran")
        asked = [url for url in self.asked if not self.known.match(url)]
        return sorted({*asked, *refused, *self.opened, *([ran] if ran else [])})


@pytest.fixture(scope="module")
def town(shared, tmp_path_factory):
    """A workspace in which hostile people wrote all that people outside can write."""
    crowd = outsiders.Outsiders(outsiders.families(shared / "hostile" / "strings"), LINES)
    folder = tmp_path_factory.mktemp("hostile")
    furnish(folder, crowd, responses=len(crowd.bundles))
    with serving(folder) as server, browsing() as browser:
        context = browser.new_context(viewport={"width": WIDTHS[-1], "height": 900})
        page = context.new_page()
        sign_in(page, server, EVERYTHING, PASSWORD)
        yield server, page, crowd


@pytest.fixture
def page(town):
    """A window in which somebody who sees every page is signed in."""
    server, first, _ = town
    made = first.context.new_page()
    yield made
    made.close()
    assert "page_failed" not in server.log


def squeezed(text):
    """Leave out what parts words: a page may break lines wherever it likes."""
    return "".join(text.split())


def is_wide(page):
    """Say whether a page stays wider than its window; charts take a moment to fit in."""
    for _ in range(20):
        page.wait_for_timeout(200)
        if not page.evaluate(WIDE):
            return False
    return True


def written(crowd, place):
    """Give the words of a place as they must come out, as far as they are compared."""
    return [squeezed(make_plain(words)[0])[:COMPARED] for words in crowd.written[place]]


def test_every_string_is_written_somewhere(town, shared):
    """All families are dealt to every page, and the logged responses hold every string."""
    _, _, crowd = town
    by_family = outsiders.families(shared / "hostile" / "strings")
    whole = "\n".join(crowd.written[outsiders.ALL_OF_THEM])

    assert len(by_family) == 6
    assert sum(map(len, by_family.values())) > 1_600
    assert not [one for texts in by_family.values() for one in texts if one not in whole]
    for name, whole_places in SHOWN.items():
        places = (*whole_places, *PARTLY.get(name, ()))
        # Fragments of whole pages are too long for a line, so no name is one.
        dealt = {family for family in by_family if family != LONG or set(places) - LINES}
        words = "\n".join(words for place in places for words in crowd.written[place])
        assert dealt <= {one for one in dealt if any(map(words.count, by_family[one]))}, name


@pytest.mark.parametrize("name", PAGES)
def test_words_stay_letters_on(name, town, page):
    """Each part of each page shows them as they are, runs and fetches nothing, keeps its form."""
    server, _, crowd = town
    watch = Watch(page, server.url)
    read, markup, made, wide = "", [], set(), []
    for look in looks(page, server.url, name, boxes=True):
        read += squeezed(page.evaluate(READ)) + "\n"
        markup += page.evaluate(INTERPRETED)
        made.update(page.evaluate(MADE))
        # The file that Streamlit would make of a table hands formulas on.
        assert 0 == page.get_by_role("button", name=re.compile("^Download as CSV")).count()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide += [(look, width)] * is_wide(page)

    assert [] == watch.found()
    assert set() == made
    assert [] == [one[:300] for one in markup if outsiders.TOKEN in one]
    assert [] == wide
    for place in SHOWN.get(name, ()):
        assert [] == [words for words in written(crowd, place) if words not in read], place
    for place in PARTLY.get(name, ()):
        assert any(words in read for words in written(crowd, place)), place
    for place in MIXED.get(name, ()):
        assert any(words[:FIRST_WORD] in read for words in written(crowd, place)), place
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(len(PAGES))


@pytest.mark.parametrize(
    "address",
    ["queues?part=search&q={}&source={}&before={}", "queues?part={}", "coverage?days={}&by={}"],
)
def test_words_in_an_address_are_letters(address, town, page, shared):
    """Somebody who is sent such a link sees the page as ever."""
    server, _, _ = town
    watch = Watch(page, server.url)
    for texts in outsiders.families(shared / "hostile" / "strings").values():
        said = quote(f"{outsiders.SPOOF.format(outsiders.TOKEN)} {texts[0][:200]}")
        page.goto(f"{server.url}/{address.replace('{}', said)}")
        settle(page)

        assert [] == watch.found()
        assert [] == page.evaluate(MADE)
        assert [] == [one for one in page.evaluate(INTERPRETED) if outsiders.TOKEN in one]
        assert not is_wide(page)


def test_words_at_the_door_are_letters(town, shared):
    """A name that cannot sign in comes back as it was typed, if at all."""
    server, first, _ = town
    context = first.context.browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    watch = Watch(page, server.url)
    for texts in list(outsiders.families(shared / "hostile" / "strings").values())[:4]:
        page.goto(f"{server.url}/login?lang={quote(texts[0][:50])}&why={quote(texts[1][:50])}")
        page.locator("input[name=name]").fill(outsiders.SPOOF.format(outsiders.TOKEN))
        page.locator("input[type=password]").fill(texts[2][:100])
        page.locator("form button").first.click()
        page.locator("input[name=name]").wait_for()

        assert [] == watch.found()
        assert 0 == page.locator("main img, main a[href*=evil], form strong, form em").count()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


# Of the first line of a text with Arabic in it, from which side its letters begin.
SIDE = """(one) => {
  const range = document.createRange(), text = document.createTreeWalker(one, 4).nextNode()
  range.setStart(text, 0)
  range.setEnd(text, 1)
  const letter = range.getBoundingClientRect(), box = one.getBoundingClientRect()
  return letter.left - box.left > box.right - letter.right ? "right" : "left"
}"""


def test_texts_from_right_to_left_begin_at_the_right(town, tmp_path):
    """Also where Streamlit draws them, on a telephone; Vietnamese begins at the left as ever."""
    _, first, _ = town
    furnish(tmp_path)
    with serving(tmp_path) as server:
        context = first.context.browser.new_context(viewport={"width": 390, "height": 900})
        page = context.new_page()
        sign_in(page, server, EVERYTHING, PASSWORD)
        page.goto(f"{server.url}/requests")
        settle(page)
        texts = page.get_by_test_id("stText")
        sides = [texts.filter(has_text=words).first.evaluate(SIDE) for words in (ARABIC[:20], LEFT)]

        context.close()

    assert ["right", "left"] == sides
