"""Care in a real browser: breaks release, opt-outs are respected, covers say what they hide."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import delete

from evenhand.dashboard.jobs import care, claims
from evenhand.data import tables_review
from evenhand.data.settings import CareSettings
from tests.journeys.review_desk import WIDTHS, an_item, decisions, on_screen, person, saved, speak
from tests.review_floor import item_row, put_flag, put_item, put_items

RULES = CareSettings()
TITLES = {"English": "Care", "Tiếng Việt": "Chăm sóc"}


@pytest.fixture(autouse=True)
def rested(floor):
    """Begin each journey without what the one before it left of breaks and opt-outs."""
    with floor.write() as conn:
        for name in ("rest", "reading", "opt_out", "limits", "exposure"):
            conn.execute(delete(getattr(tables_review, name)))


def states(floor, ids):
    return {item_row(floor, item_id).state for item_id in ids}


def test_break_by_key_releases_the_claims_and_ends_by_key(floor, desk):
    """B gives everything back at once and counts down; B again brings the next item."""
    ids = put_items(floor, 12, label="spam")
    page = desk()
    on_screen(page, ids[0])
    page.keyboard.press("n")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Time for a break")).to_be_visible()
    expect(page.locator(".eh .left")).to_have_text(re.compile(r"It goes on in (10:00|9:\d\d)"))
    saved(page)

    assert decisions(floor) == [(ids[0], "no_harm", None)]
    assert states(floor, ids[1:]) == {"open"}
    assert not claims.held(floor, person(floor, "An"), datetime.now(UTC))
    expect(page.locator(".eh .desk")).to_be_hidden()
    # Keys that decide do nothing now.
    page.keyboard.press("1")
    page.keyboard.press("u")
    page.keyboard.press("b")
    on_screen(page, ids[1])
    expect(page.locator(".eh .notice")).to_have_count(0)
    assert decisions(floor) == [(ids[0], "no_harm", None)]


def test_timer_ends_the_reading_after_a_decision(floor, desk):
    """Whoever has read for the time they set is sent to rest, and nothing is lost."""
    actor, now = person(floor, "An"), datetime.now(UTC)
    care.set_limits(floor, actor, care.Limits(10, None), now)
    care.note_reads(floor, actor, [care.Read(1, 299.9)] * 2, RULES, now)
    ids = put_items(floor, 12, label="spam")
    page = desk()
    on_screen(page, ids[0])
    page.wait_for_timeout(400)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Time for a break")).to_be_visible()
    expect(page.locator(".eh .empty")).to_contain_text("You have been reading for a while")

    assert decisions(floor) == [(ids[0], "no_harm", None)]
    assert states(floor, ids[1:]) == {"open"}
    expect(page.locator(".eh .notice")).to_have_count(0)
    page.get_by_role("button", name="End the break").click()
    on_screen(page, ids[1])


def test_tab_in_the_background_is_not_read(floor, desk):
    """Time counts while the post is in sight, and only then."""
    put_items(floor, 2, label="spam")
    page = desk()
    an_item(page)
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { get: () => true, configurable: true })
          document.dispatchEvent(new Event("visibilitychange"))
        }"""
    )
    page.wait_for_timeout(3000)
    page.keyboard.press("n")
    saved(page)
    hidden = sum(sum(day.seconds) for day in care.exposure(floor, person(floor, "An"), utc()))
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { get: () => false, configurable: true })
          document.dispatchEvent(new Event("visibilitychange"))
        }"""
    )
    page.wait_for_timeout(3000)
    page.keyboard.press("n")
    saved(page)
    both = sum(sum(day.seconds) for day in care.exposure(floor, person(floor, "An"), utc()))

    assert hidden < 2.5
    assert both - hidden >= 3


def utc():
    return datetime.now(UTC)


def test_opt_out_is_respected_from_the_page_to_the_card(floor, desk):
    """What is switched off is given back, does not come again, and comes to a colleague."""
    with floor.write() as conn:
        led = put_item(conn, "self_harm_risk", queue="fast", text="tôi mệt lắm").id
        second = put_item(conn, "spam", priority=5.0, text="bán hàng")
        put_flag(conn, int(second.post_id), "self_harm_risk", score=0.3, band="check")
        mild = put_item(conn, "spam", text="trúng thưởng").id
    page = desk()
    on_screen(page, led)
    page.get_by_role("link", name="Care").click()
    page.get_by_role("heading", name="What you would rather not read").wait_for()
    page.get_by_text("Self-harm or suicide risk").click()
    expect(page.get_by_text("Kept from you from now on.")).to_be_visible()
    assert states(floor, [led, second.id, mild]) == {"open"}

    page.get_by_role("link", name="Review").click()
    on_screen(page, mild)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="All done here")).to_be_visible()
    assert decisions(floor) == [(mild, "no_harm", None)]
    colleague = desk("Bình")
    on_screen(colleague, led)


def test_cover_has_a_line_of_facts_that_is_read_out_instead_of_the_post(floor, desk):
    """Neither the screen nor a screen reader gets a word of the post before it is asked for."""
    with floor.write() as conn:
        put_item(conn, "violence_threat", queue="fast", text="tao đập nát nhà mày", lang="vi")
    page = desk()
    line = "Threat of violence · severity 5 of 5 · Vietnamese · 5 words · r/danang"
    expect(page.locator(".eh .gist")).to_have_text(line)
    expect(page.locator(".eh .unseen[role=status]")).to_contain_text(line)
    assert "đập nát" not in page.locator(".eh").inner_text()
    page.keyboard.press("v")
    expect(page.locator(".eh .text")).to_have_text("tao đập nát nhà mày")


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [
        ("desk", "light", "English"),
        ("desk", "dark", "Tiếng Việt"),
        ("telephone", "light", "Tiếng Việt"),
        ("telephone", "dark", "English"),
    ],
)
def test_care_page_and_break_have_no_serious_barrier(floor, desk, width, scheme, lang):
    """Axe finds nothing serious, and nothing is wider than the screen."""
    actor = person(floor, "Chi")
    reads = [care.Read(severity, 200.0) for severity in (1, 2, 3, 4, 5, 5)]
    care.note_reads(floor, actor, reads, RULES, utc())
    put_items(floor, 3, label="spam")
    page = desk("Chi", width=WIDTHS[width], scheme=scheme, bypass_csp=True)
    speak(page, lang)
    an_item(page)
    page.keyboard.press("b")
    page.locator(".eh .left").wait_for()
    check(page)
    page.goto(page.url.replace("/review", "/care"))
    page.get_by_role("heading", name=TITLES[lang], exact=True).wait_for()
    page.get_by_test_id("stPlotlyChart").wait_for()
    page.get_by_test_id("stTable").wait_for()
    check(page)


def check(page):
    found = [
        (one["id"], one["nodes"][0]["html"][:120])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
