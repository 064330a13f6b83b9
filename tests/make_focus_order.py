"""The focus order of the work of a day, by keys alone: `python -m tests.make_focus_order [vi]`.

Signs in, reads and decides, goes to the requests, takes one, fills its template and logs it; prints
name, role and place of every control that the focus rests on.
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select, update

from evenhand.dashboard.jobs import access
from evenhand.dashboard.words.glossary import say
from evenhand.data import tables
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.furnished_floor import PASSWORD, SETTINGS, TEAM
from tests.journeys.keyboard import Keys
from tests.journeys.server import browsing, serving
from tests.review_floor import put_item, put_post

NAME = "Lan Phạm"
ASKED = "Tôi mệt quá, không muốn sống nữa. Ai giúp tôi với?"
ANSWER = "Bạn không một mình. Hãy gọi ngay, có người nghe."


def prepare(workspace):
    """Make a workspace with one reviewer and one hard call for help that has a thread."""
    (workspace / "evenhand.toml").write_text(SETTINGS, "utf-8")
    store, now = open_store(load_settings(workspace).url), datetime.now(UTC)
    access.add_person(
        store,
        access.operator(),
        NAME,
        PASSWORD,
        roles=[Role.REVIEWER],
        team=TEAM,
        now=now,
    )
    return store


def lay_out(store, lang):
    """Put the post in, anew for each language, and let its reviewer read that language."""
    later = datetime.now(UTC) + timedelta(hours=2)
    with store.write() as conn:
        conn.execute(update(tables.item).values(state="void", claimed_by=None, claim_until=None))
        conn.execute(update(tables.person).values(language=lang, must_change=False))
        put_post(conn, "Có ai ở đó không?", context_key=f"thread {lang}", flagged=False)
        made = put_item(
            conn,
            "self_harm_risk",
            ASKED,
            post={"context_key": f"thread {lang}", "lang": lang},
            queue="fast",
            due_at=later,
            lang=lang,
        )
    return made.id


def journey(page, url, lang):
    """Do the work of a day by keys; give what the focus rested on, part after part."""
    word, keys, found = partial(say, lang=lang), Keys(page), {}
    page.goto(f"{url}/login?lang={lang}")
    found["sign in"] = keys.walk()
    keys.to(word("shell.name"))
    keys.write(NAME)
    keys.to(word("shell.password"))
    keys.write(PASSWORD)
    keys.to(word("shell.sign_in"), "button")
    keys.press("Enter")
    found |= _read(page, keys, word)
    found |= _answer(page, keys, word)
    return found


def _read(page, keys, word):
    """Uncover, read what is around it, and decide that it needs an answer."""
    card = page.locator(".eh[data-item]:not([data-item=''])")
    card.wait_for()
    page.wait_for_timeout(1_000)
    found = {"the card": keys.walk()}
    keys.to(word("review.uncover"), "button")
    keys.press("Enter")
    expect(page.locator(".eh .text").first).to_have_text(ASKED)
    keys.to(word("review.thread"), "button")
    keys.press("Enter")
    expect(page.locator(".eh .thread")).to_contain_text("Có ai ở đó không?")
    found["the card, uncovered"] = keys.walk()
    keys.to(word("review.needs_answer"), "button")
    keys.press("Enter")
    expect(page.locator(".eh .saved")).to_have_text(re.compile(word("review.saved")))
    return found


def _answer(page, keys, word):
    """Go to the requests, take the one, fill its template, and log what was answered."""
    keys.to(word("requests.title"), "link")
    keys.press("Enter")
    page.get_by_role("heading", name=word("requests.title"), exact=True).wait_for()
    take = page.get_by_role("button", name=word("requests.take"), exact=True)
    take.wait_for()
    found = {"requests": keys.walk()}
    keys.to(word("requests.take"), "button")
    keys.press("Enter")
    log = page.get_by_role("button", name=word("requests.save"), exact=True)
    log.wait_for()
    page.wait_for_timeout(1_000)
    found["the form"] = keys.walk()
    _fill(page, keys)
    keys.to(word("requests.save"), "button")
    keys.press("Enter")
    expect(page.get_by_text(word("requests.logged"))).to_be_visible()
    return found


def _fill(page, keys):
    """Write into each empty field of the template, in the order in which Tab meets them."""
    seen = set()
    keys.page.evaluate("document.activeElement?.blur()")
    for _ in range(80):
        keys.press("Tab")
        stop = keys.here()
        if stop is None or stop.number in seen:
            continue
        seen.add(stop.number)
        is_empty = page.evaluate("(document.activeElement?.value ?? 'no field') === ''")
        if stop.role == "textbox" and is_empty:
            keys.write(ANSWER)
            page.wait_for_timeout(300)
    page.wait_for_timeout(500)


def logged(store):
    """List the texts of the logged responses."""
    with store.read() as conn:
        query = select(tables.response.c.text, tables.response.c.account)
        return conn.execute(query.order_by(tables.response.c.id)).all()


def table(found):
    """Write the stops as a Markdown table."""
    lines = ["| part | nr | name | role |", "| --- | --- | --- | --- |"]
    for part, stops in found.items():
        for at, stop in enumerate(stops, 1):
            lines.append(f"| {part} | {at} | {stop.name} | {stop.role} |")
    return "\n".join(lines)


def main():
    """Print the table for one language."""
    lang = sys.argv[1] if len(sys.argv) > 1 else "en"
    with tempfile.TemporaryDirectory() as folder:
        store = prepare(Path(folder))
        lay_out(store, lang)
        with serving(Path(folder)) as server, browsing() as browser:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            print(table(journey(page, server.url, lang)))
        store.close()


if __name__ == "__main__":
    main()
