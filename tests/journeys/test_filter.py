"""The filter of the review page in a real browser: by keys, by address, and without barriers."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evenhand.dashboard.jobs import languages
from evenhand.dashboard.words.forms import LANGUAGE_NAMES
from tests.journeys.review_desk import decisions, person, speak
from tests.review_floor import put_item

SCAM, SPAM = "Chuyển tiền ngay để nhận quà", "Buy two, get three"
BUTTON = {"en": re.compile("^(filter_list )?Filter"), "vi": re.compile("^(filter_list )?Bộ lọc")}
CHIP = {"en": "Vietnamese", "vi": "Tiếng Việt"}
READS = {"en": "Languages you read", "vi": "Ngôn ngữ bạn đọc được"}


@pytest.fixture
def two(floor):
    """A scam in Vietnamese that comes first, and spam in English."""
    with floor.write() as conn:
        put_item(conn, "scam_fraud", SCAM, priority=5.0, lang="vi")
        put_item(conn, "spam", SPAM, priority=1.0, lang="en")


def shows(page, text):
    expect(page.locator(".eh .text").first).to_contain_text(text)


@pytest.mark.usefixtures("two")
def test_filter_is_set_and_cleared_by_keys_and_types_nothing_into_the_card(floor, visit):
    """Letters that decide on the card are letters in the box; the address keeps the filter."""
    page = visit("An", "review")
    shows(page, SCAM)
    page.get_by_role("button", name=BUTTON["en"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name=re.compile("Reasons")).focus()
    page.keyboard.type("Spam")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Apply").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only: Spam")).to_be_visible()
    shows(page, SPAM)
    page.wait_for_url(re.compile("label=spam"))
    page.reload()
    expect(page.get_by_text("Only: Spam")).to_be_visible()
    shows(page, SPAM)
    page.get_by_role("button", name=re.compile("Clear the filter")).focus()
    page.keyboard.press("Enter")
    shows(page, SCAM)

    expect(page.get_by_text("Only: Spam")).to_have_count(0)
    assert "label" not in page.url
    assert decisions(floor) == []


@pytest.mark.usefixtures("two")
def test_link_of_a_colleague_shows_what_one_can_read(floor, visit, clock):
    """The filter narrows; languages that one does not read stay away, and the page says so."""
    languages.choose(floor, person(floor, "Bình"), ["en"], clock.now())
    try:
        page = visit("Bình", "review?label=spam,scam_fraud,politics&lang=vi,en")
        shows(page, SPAM)
        said = "something that is not there, so it was left out: reasons, languages"
        expect(page.get_by_text(said)).to_be_visible()
        page.wait_for_url(re.compile("lang=en(&|$)"))
    finally:
        languages.choose(floor, person(floor, "Bình"), [], clock.now())


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("form", [("en", "light", "desk"), ("vi", "dark", "telephone")])
def test_open_filter_has_no_serious_barrier_and_never_scrolls_sideways(floor, visit, clock, form):
    """In both languages, light and dark, on a desk and a telephone; what one reads stays there."""
    lang, scheme, width = form
    languages.choose(floor, person(floor, "An"), ["vi"], clock.now())
    page = visit("An", "review?label=scam_fraud,spam", width, scheme)
    shows(page, SCAM)
    speak(page, LANGUAGE_NAMES[lang])
    page.get_by_role("button", name=BUTTON[lang]).click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_role("combobox", name=re.compile(READS[lang])).wait_for()
    expect(body.get_by_text(CHIP[lang], exact=True)).to_have_count(1)
    serious = [
        one["id"]
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]

    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    languages.choose(floor, person(floor, "An"), [], clock.now())
