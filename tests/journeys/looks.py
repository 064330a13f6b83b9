"""Every page of the navigation as somebody looks at it: as it opens, then part after part.

Parts are found by the keys of widgets and by roles, so that they are the same in every language.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from evenhand.dashboard import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

PAGES = tuple(app.PAGES)
IDLE = '[data-test-script-state="notRunning"]'
# Charts, tables and the card are drawn after the script has ended.
DRAWN_MS = 350
# A busy machine takes its time to hear a press.
BEGIN_MS = 4_000
LISTEN = """() => {
  window.began = false
  const app = document.querySelector("[data-test-script-state]")
  new MutationObserver((_, me) => {
    if (app.dataset.testScriptState === "notRunning") return
    window.began = true
    me.disconnect()
  }).observe(
    app,
    { attributes: true, attributeFilter: ["data-test-script-state"] })
}"""
FOUND = "[class*='st-key-evenhand-queues-open-'] button:visible"
# A second press puts these away again.
PANELS = ("p", "s")
COVERED = "[class*='st-key-evenhand-models-cover-'] button:visible"


def settle(page: Page) -> None:
    """Wait until a page is drawn."""
    page.get_by_test_id("stHeading").first.wait_for()
    page.locator(IDLE).wait_for()
    page.wait_for_timeout(DRAWN_MS)
    page.locator(IDLE).wait_for()


def _at_rest(page: Page) -> None:
    """Wait until a page that was just opened grows no more: its heading comes long before its end.

    A page draws its heading in a first run of the script, and the rest may come in a second one.
    """
    size, before = "document.querySelector('[data-testid=stMain]').innerText.length", -1
    for _ in range(40):
        settle(page)
        now = page.evaluate(size)
        if now == before:
            return
        before = now


@contextmanager
def _drawn_anew(page: Page) -> Iterator[None]:
    """Wait until what is pressed in the block has been answered, if it asks for anything."""
    # The end of an earlier answer is not the beginning of this one.
    settle(page)
    page.evaluate(LISTEN)
    yield
    # A hint that fades in under the pointer has no contrast yet.
    page.mouse.move(0, 0)
    # Not `wait_for_function`, which our policy for content forbids: it makes code of a text.
    for _ in range(BEGIN_MS // 50):
        if page.evaluate("window.began"):
            break
        page.wait_for_timeout(50)
    settle(page)


def _choices(page: Page, key: str) -> range:
    """Number the buttons of a segmented control, once it is there."""
    buttons = page.locator(f".st-key-{key} button")
    buttons.first.wait_for()
    return range(buttons.count())


def choose(page: Page, key: str, at: int) -> None:
    """Press the button number *at* of a segmented control."""
    with _drawn_anew(page):
        page.locator(f".st-key-{key} button").nth(at).click()


def press(page: Page, key: str) -> None:
    """Press the first button whose key begins so."""
    with _drawn_anew(page):
        page.locator(f"[class*='st-key-{key}'] button:visible").first.click()


def unfold(page: Page) -> None:
    """Open whatever is folded."""
    main = page.get_by_test_id("stMain")
    for _ in range(40):
        closed = main.locator("details:not([open]) > summary:visible")
        if not closed.count():
            break
        closed.first.click()
        page.wait_for_timeout(60)
    settle(page)


def tabs(page: Page) -> Iterator[str]:
    """Show one tab after the other."""
    # Not by role: behind a box that was open a moment ago everything is still hidden from readers.
    found = page.get_by_test_id("stMain").locator("[role=tab]")
    for at in range(1, found.count()):
        found.nth(at).click()
        page.wait_for_timeout(DRAWN_MS)
        unfold(page)
        yield f"tab {at}"


def looks(page: Page, url: str, name: str, *, boxes: bool = False) -> Iterator[str]:
    """Open a page, then show each of its parts; give the name of each while it is on screen.

    With *boxes* the lists that can be chosen from are opened too.
    """
    page.goto(f"{url}/{name}")
    _at_rest(page)
    for look in PARTS.get(name, _plain)(page):
        yield look
        if boxes and look.startswith("part"):
            yield from options(page)


def _plain(page: Page) -> Iterator[str]:
    unfold(page)
    yield "as it opens"
    yield from tabs(page)


def _review(page: Page) -> Iterator[str]:
    card = page.locator(".eh[data-item]:not([data-item=''])")
    card.wait_for()
    card.locator(".why summary").click()
    # The cover, the thread, the sample of the wave, several policies, the reasons to skip.
    for key in ("", "v", "t", "w", "p", "s"):
        if key:
            page.keyboard.press(key)
            settle(page)
        yield f"after {key or 'opening'}"
        if key in PANELS:
            page.keyboard.press(key)
    page.keyboard.press("?")
    page.wait_for_timeout(DRAWN_MS)
    yield "the keys"
    page.keyboard.press("?")


def _requests(page: Page) -> Iterator[str]:
    yield "waiting"
    choose(page, "evenhand-requests-view", 1)
    yield "logged"
    choose(page, "evenhand-requests-view", 0)
    press(page, "evenhand-requests-take-")
    yield "the form"
    press(page, "evenhand-requests-save")
    yield "what is missing"
    press(page, "evenhand-requests-put_back")


def options(page: Page) -> Iterator[str]:
    """Open the boxes that let one choose from a list, one after the other."""
    boxes = page.get_by_test_id("stMain").get_by_role("combobox")
    for at in range(boxes.count()):
        shown = page.get_by_role("listbox")
        boxes.nth(at).press("ArrowDown")
        page.wait_for_timeout(DRAWN_MS)
        if not shown.count():
            # A box that was drawn anew meanwhile takes a second key.
            boxes.nth(at).press("ArrowDown")
        shown.wait_for()
        yield f"box {at}"
        page.keyboard.press("Escape")
        shown.wait_for(state="detached")


def _queues(page: Page) -> Iterator[str]:
    part = "evenhand-queues-part"
    for at in _choices(page, part):
        choose(page, part, at)
        unfold(page)
        yield f"part {at}"
        yield from tabs(page)
    page.goto(page.url.partition("?")[0] + "?part=search&q=dong")
    settle(page)
    page.locator(FOUND).first.wait_for()
    for at in range(page.locator(FOUND).count()):
        with _drawn_anew(page):
            page.locator(FOUND).nth(at).click()
        yield f"opened text {at}"


def _quality(page: Page) -> Iterator[str]:
    part = "evenhand-quality-part"
    for at in _choices(page, part):
        choose(page, part, at)
        unfold(page)
        yield f"part {at}"
        yield from tabs(page)
    # The last part is practice.
    for key in ("evenhand-quality-begin", "evenhand-quality-uncover"):
        if page.locator(f".st-key-{key} button").count():
            press(page, key)
            yield key


def _coverage(page: Page) -> Iterator[str]:
    part = "evenhand-coverage-part"
    for at in _choices(page, part):
        choose(page, part, at)
        unfold(page)
        yield f"part {at}"
    page.goto(page.url.partition("?")[0] + "?part=flags&of=source_id")
    settle(page)
    unfold(page)
    yield "by source"


def _reports(page: Page) -> Iterator[str]:
    days = "evenhand-reports-days"
    for at in _choices(page, days):
        choose(page, days, at)
        yield f"days {at}"


def _models(page: Page) -> Iterator[str]:
    unfold(page)
    yield "as it opens"
    yield from tabs(page)
    if page.locator(COVERED).count():
        page.locator(COVERED).last.click()
        settle(page)
        yield "a text uncovered"


PARTS = {
    "review": _review,
    "requests": _requests,
    "coverage": _coverage,
    "queues": _queues,
    "quality": _quality,
    "models": _models,
    "reports": _reports,
}
