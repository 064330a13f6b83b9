"""A wave, several policies and help lines on the card, in a real browser and by keys alone."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from evenhand.data import tables, tables_review
from evenhand.data.settings import load_settings
from evenhand.data.tables_review import signature
from tests.journeys.conftest import PEOPLE, staffed
from tests.journeys.review_desk import an_item, decisions, on_screen, saved, showing, speak
from tests.journeys.server import serving
from tests.review_floor import put_item, put_items
from tests.wave_floor import NEAR, SCAM, bring, put_floor, rows

NUMBERS = itertools.count(1)
CRISIS = '[[help_line]]\nname = "Đường dây nóng"\ncontact = "0000 111"\nlabels = ["help_needed"]\n'


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("wave")
    staffed(workspace, PEOPLE)
    file = workspace / "evenhand.toml"
    file.write_text(file.read_text("utf-8") + CRISIS, "utf-8")
    assert load_settings(workspace).help_line
    with serving(workspace) as running:
        yield running


@pytest.fixture
def wave(floor, make_post):
    """A wave of four posts, one of them with hostile words."""
    names = f"nguồn {next(NUMBERS)}", f"nguồn {next(NUMBERS)}"
    made = put_floor(floor, names)
    with floor.write() as conn:
        # What the test before brought is out of the window.
        conn.execute(delete(signature))
    texts = (SCAM, NEAR + " <img src=x onerror=alert(1)> **đậm**", SCAM, NEAR)
    bring(made, made.one, *(make_post(content=text) for text in texts), now=datetime.now(UTC))
    return made


@pytest.mark.parametrize("lang", ["English", "Tiếng Việt"])
def test_wave_is_sampled_cleaned_and_decided_by_keys(floor, wave, desk, lang):
    """No decision before the sample; what does not belong leaves; one decision stands for all."""
    page = desk("An")
    speak(page, lang)
    an_item(page)
    said = {
        "English": ("×4 near-copies", "Open the spot-check first", "left the wave", "1"),
        "Tiếng Việt": ("×4 bài gần giống nhau", "Hãy mở phần kiểm tra", "đã rời đợt", "1"),
    }[lang]
    expect(page.locator(".eh .facts .copies")).to_have_text(said[0])
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text(said[1])
    assert decisions(floor) == []
    assert page.locator(".eh .sample").count() == 0

    page.keyboard.press("w")
    copies = page.locator(".eh .sample .around")
    expect(copies).to_have_count(3)
    assert page.locator(".eh .sample ins").count() >= 1
    assert page.locator(".eh .sample").locator("img, strong, em").count() == 0
    copies.first.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".eh .sample [role=status]")).to_contain_text(said[2])
    expect(copies).to_have_count(2)
    newest = max(rows(wave, tables_review.wave), key=lambda row: row.id)
    assert newest.members == 3
    page.keyboard.press("w")
    expect(page.locator(".eh .sample")).to_have_count(0)
    page.keyboard.press("1")
    saved(page)

    [(_, outcome, policy)] = decisions(floor)
    assert (outcome, policy) == ("violates", "scam_fraud")
    page.keyboard.press("u")
    expect(page.locator(".eh .facts .copies")).to_have_text(said[0].replace("4", "3"))
    saved(page)
    assert decisions(floor) == []


def test_several_policies_are_one_decision_by_keys(floor, desk):
    """Numbers choose, arrows weigh, and the same key decides; Escape leaves all as it was."""
    ids = put_items(floor, 2, label="spam")
    page = desk("An")
    on_screen(page, ids[0])
    for key in ("p", "3", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".eh .several")).to_have_class("choices several off")
    for key in ("p", "4", "2", "3", "3", "ArrowRight"):
        page.keyboard.press(key)
    pressed = page.locator(".eh .several button[aria-pressed=true]")
    assert [one.get_attribute("data-policy") for one in pressed.all()] == ["spam", "hate"]
    expect(page.locator(".eh .weights p")).to_contain_text("Spam")
    page.keyboard.press("p")
    on_screen(page, ids[1])
    saved(page)

    with floor.read() as conn:
        of_item = tables.decision.c.item_id == int(ids[0])
        row = conn.execute(select(tables.decision).where(of_item)).one()
    assert (str(row.item_id), row.policy) == (ids[0], "hate")
    assert [name for name, _ in row.also] == ["spam"]
    assert row.also[0][1] > 1


def test_help_lines_stand_with_a_call_for_help_and_nowhere_else(floor, desk):
    """Whoever reads a call for help sees whom to name in the response, also under the cover."""
    with floor.write() as conn:
        call = put_item(conn, "help_needed", "Nhà tôi ngập, cần thuyền", priority=9.0)
        other = put_item(conn, "spam", "mua ngay", priority=1.0)
    page = desk("An")
    on_screen(page, call.id)
    expect(page.locator(".eh .helplines")).to_contain_text("Đường dây nóng")
    page.keyboard.press("a")
    showing(page, other.id).wait_for()
    expect(page.locator(".eh .helplines")).to_have_count(0)
