"""The review page to hostile texts, to eyes, to ears and to fingers, in a real browser."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evenhand.dashboard.jobs import claims
from tests.journeys.review_desk import WIDTHS, an_item, decisions, person, saved, speak
from tests.review_floor import put_item, put_items


def test_hostile_texts_stay_text(server, floor, desk, shared):
    """No post runs a script, fetches anything or breaks the page, whatever it holds."""
    texts = _hostile(shared / "hostile" / "strings")
    assert len(texts) > 1_500
    bundles = ["\n".join(texts[at : at + 12]) for at in range(0, len(texts), 12)]
    with floor.write() as conn:
        for number, bundle in enumerate(bundles):
            put_item(conn, "spam", bundle, priority=float(-number))
    asked, refused, opened = [], [], []
    page = desk()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: refused.append(message.text))
    wide, foreign = [], []
    for _ in bundles:
        an_item(page)
        box = page.locator(".eh .scroll")
        wide.append(box.evaluate("(box) => box.scrollWidth > box.clientWidth + 1"))
        foreign += box.evaluate("(box) => [...box.querySelectorAll('*')].map((e) => e.tagName)")
        page.keyboard.press("n")
    saved(page)

    assert set(foreign) <= {"P", "MARK", "DIV"}
    assert not any(wide)
    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert [line for line in refused if "Content Security Policy" in line] == []
    assert opened == []
    assert len(decisions(floor)) == len(bundles)


def _hostile(folder):
    """Read every naughty string; no store holds NUL or half a surrogate."""
    texts = []
    for path in sorted(folder.glob("*.jsonl")):
        for case in map(json.loads, path.read_text("utf-8").splitlines()):
            found = case.get("s") or case.get("cell") or b64decode(case.get("b64", "")).decode()
            texts.append(found.replace("\0", "").encode("utf-8", "replace").decode())
    return texts


def test_nothing_moves_whatever_the_length_of_the_text(floor, desk):
    """Buttons stand in the same place under one word and under fifteen thousand letters."""
    with floor.write() as conn:
        for number, words in enumerate(("ngập", "nước lên nhanh quá " * 800, "x" * 3_000)):
            put_item(conn, "spam", words, priority=float(-number))
    for width in WIDTHS.values():
        page = desk(width=width)
        places = []
        for _ in range(3):
            an_item(page)
            places.append(page.get_by_role("button", name="No harm").bounding_box())
            page.keyboard.press("n")
            page.wait_for_timeout(300)
        for _ in range(3):
            page.keyboard.press("u")
            page.wait_for_timeout(300)
        saved(page)
        claims.release_all(floor, person(floor, "An"), datetime.now(UTC))

        assert places[0] == places[1] == places[2]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [
        (WIDTHS["desk"], "light", "English"),
        (WIDTHS["desk"], "dark", "Tiếng Việt"),
        (WIDTHS["telephone"], "light", "Tiếng Việt"),
        (WIDTHS["telephone"], "dark", "English"),
    ],
)
def test_page_has_no_serious_barrier(floor, desk, width, scheme, lang):
    """Axe finds nothing serious on a post, a covered one, the skip reasons, the keys, the end."""
    with floor.write() as conn:
        put_item(conn, "spam", "Nước lên nhanh " * 300, priority=2.0)
        put_item(conn, "hate", "Covered", priority=1.0)
    page = desk(width=width, scheme=scheme, bypass_csp=True)
    speak(page, lang)
    serious = []
    an_item(page)
    for keys in ("", "s", "Escape", "?", "?", "n", "v", "n"):
        if keys:
            page.keyboard.press(keys)
        page.wait_for_timeout(350)
        found = Axe().run(page).response["violations"]
        serious += [
            (keys, one["id"], [node["html"][:150] for node in one["nodes"]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]

    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_next_item_is_announced_and_the_focus_is_kept(floor, desk):
    """Whoever hears the page hears the next item, and a pressed button keeps its focus."""
    with floor.write() as conn:
        put_item(conn, "spam", "bài thứ nhất", priority=2.0)
        put_item(conn, "spam", "bài thứ hai", priority=1.0)
    page = desk()
    an_item(page)
    button = page.get_by_role("button", name="No harm")
    button.click()

    expect(page.locator(".eh .unseen[role=status]")).to_have_text("Spam. bài thứ hai")
    expect(button).to_be_focused()


def test_serving_process_never_loads_scikit_learn(server, floor, desk):
    """After a review the process has numpy's libraries open, and none of scikit-learn's."""
    put_items(floor, 2, label="spam")
    page = desk()
    an_item(page)
    page.keyboard.press("n")
    saved(page)
    loaded = Path(f"/proc/{server.process.pid}/maps").read_text("utf-8")

    assert "/numpy/" in loaded
    assert "/sklearn/" not in loaded
