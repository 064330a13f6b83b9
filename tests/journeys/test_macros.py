"""A macro in a real browser: one key decides on the card, and the response is begun."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from evenhand.dashboard.jobs import macros
from evenhand.data import tables
from evenhand.data.records import Outcome, ResponseKind
from tests.journeys.review_desk import decisions, on_screen, person, saved, speak
from tests.review_floor import put_items

# The page, the button that takes an item, and how the template of a Vietnamese post begins.
REQUESTS = {"English": "Requests", "Tiếng Việt": "Yêu cầu"}
ANSWER = {"English": "Answer", "Tiếng Việt": "Trả lời"}
BEGINNING = "Chúng tôi báo cáo bài đăng này theo quy định"


@pytest.fixture
def macro(floor):
    """A macro of the team: a scam that is spam too, and the report to the platform."""
    new = macros.NewMacro(
        key="G",
        name="Lừa đảo: báo nền tảng",
        outcome=Outcome.VIOLATES,
        policies=("scam_fraud", "spam"),
        kind=ResponseKind.PLATFORM_REPORT,
        template_id="platform_report",
    )
    coordinator, now = person(floor, "Chi"), datetime.now(UTC)
    made = macros.add(floor, coordinator, new, now)
    yield made
    macros.end(floor, coordinator, made.id, datetime.now(UTC))


@pytest.mark.parametrize("lang", ["English", "Tiếng Việt"])
def test_one_key_decides_and_begins_the_response_that_a_person_finishes(floor, macro, desk, lang):
    """The decision names the macro's policies; the form has its template, and nothing is logged."""
    ids = put_items(floor, 2, label="scam_fraud")
    page = desk("An")
    speak(page, lang)
    on_screen(page, ids[0])
    shown = page.get_by_role("button", name=macro.name)
    expect(shown).to_have_attribute("aria-keyshortcuts", "G")
    page.keyboard.press("g")
    on_screen(page, ids[1])
    saved(page)

    assert decisions(floor)[-1] == (ids[0], "violates", "scam_fraud")
    with floor.read() as conn:
        of_item = tables.decision.c.item_id == int(ids[0])
        row = conn.execute(select(tables.decision).where(of_item)).one()
        assert [name for name, _ in row.also] == ["spam"]
    page.get_by_test_id("stSidebar").get_by_role("link", name=REQUESTS[lang]).click()
    page.get_by_role("heading", name=REQUESTS[lang], exact=True).wait_for()
    page.get_by_role("button", name=ANSWER[lang], exact=True).first.click()
    expect(page.get_by_test_id("stMain")).to_contain_text(BEGINNING)
    with floor.read() as conn:
        assert conn.execute(select(tables.response)).all() == []
