"""Reviewing in a real browser: fast, correct, and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from evenhand.dashboard.jobs import claims, ingest
from evenhand.data import tables
from evenhand.data.records import Page as Fetched
from evenhand.data.records import Post, SourceSpec, Upsert
from evenhand.data.store import sources
from tests.fakes import FakeTagger
from tests.journeys.relay import Relay
from tests.journeys.review_desk import (
    RECORD,
    an_item,
    decisions,
    on_screen,
    person,
    pressed,
    saved,
    showing,
    speak,
)
from tests.review_floor import put_flag, put_item, put_items

ROUNDS_OF_TWO = 8
# What each key decides: outcome and policy.
KEYS = {
    "n": ("no_harm", None),
    "e": ("not_sure", None),
    "a": ("needs_answer", None),
    "d": ("already_answered", None),
    "1": ("violates", "scam_fraud"),
    "2": ("violates", "spam"),
    "3": ("violates", "harassment"),
    "4": ("violates", "hate"),
    "5": ("violates", "violence_threat"),
    "6": ("violates", "self_harm_risk"),
    "7": ("violates", "health_misinformation"),
    "9": ("violates", "doxxing"),
}


def test_twelve_quick_keys_make_twelve_decisions_each_on_the_item_on_screen(floor, desk):
    """At 40 ms spacing nothing is lost, doubled or put on another item, and every key meets one.

    On a machine that does ten other things the next items may come too late for a key, which then
    decides nothing; so there are three rounds in which all twelve can meet one.
    """
    ids = put_items(floor, 60, label="spam")
    page = desk()
    page.evaluate(RECORD)
    decided = 0
    for _ in range(3):
        on_screen(page, ids[decided])
        for key in KEYS:
            page.keyboard.press(key)
            page.wait_for_timeout(40)
        saved(page)
        keys = pressed(page)
        met = [(item, *KEYS[key]) for key, item in keys if item]
        assert ids[: len(met)] == [item for item, *_ in met]
        assert met == decisions(floor)
        if all(item for _, item in keys[-len(KEYS) :]):
            expect(page.locator(".eh .count").first).to_have_text(f"{len(met)} decided")
            return
        decided = len(met)
    pytest.fail("in none of three rounds all twelve keys met an item")


def test_undo_takes_back_the_last_decision_and_the_one_before(floor, desk):
    """U brings the last item back to the screen, also before its decision was saved."""
    ids = put_items(floor, 5, label="spam")
    page = desk()
    on_screen(page, ids[0])
    for key in "nnn":
        page.keyboard.press(key)
    page.keyboard.press("u")
    on_screen(page, ids[2])
    saved(page)
    assert [item for item, *_ in decisions(floor)] == ids[:2]

    page.keyboard.press("u")
    on_screen(page, ids[1])
    saved(page)
    page.keyboard.press("1")
    saved(page)
    assert decisions(floor) == [(ids[0], "no_harm", None), (ids[1], "violates", "scam_fraud")]


def test_skip_asks_for_a_reason_and_passes_the_item_on(floor, desk):
    """S opens the reasons, a digit chooses one, and no decision is written."""
    ids = put_items(floor, 3, label="spam")
    page = desk()
    on_screen(page, ids[0])
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="I lack context")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("2")
    on_screen(page, ids[1])
    saved(page)

    with floor.read() as conn:
        row = conn.execute(select(tables.skip).where(tables.skip.c.item_id == int(ids[0]))).one()
    assert row.reason == "context"
    assert decisions(floor) == []


def test_severe_text_is_nowhere_in_the_page_until_it_is_asked_for(floor, desk):
    """Covered means covered: not in the text, the reasons, the announcement or the thread."""
    quote = {"label": "hate", "kind": "model", "id": "cút đi", "spans": [[5, 11]], "weight": 1.0}
    with floor.write() as conn:
        made = put_item(conn, "hate", "Bọn nó cút đi", post={"context_key": "t9"})
        put_flag(conn, int(made.post_id), "harassment", reasons=[quote])
    page = desk()
    on_screen(page, made.id)
    page.keyboard.press("t")
    page.locator(".eh .thread").wait_for()
    page.wait_for_timeout(400)
    everything = "document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot"
    covered = page.evaluate(f"{everything}.querySelector('.eh').textContent")
    spoken = page.locator(".eh").aria_snapshot()

    assert "Hate speech" in covered
    assert [word for word in ("Bọn", "cút") if word in covered or word in spoken] == []
    page.keyboard.press("v")
    expect(page.locator(".eh .scroll .text").first).to_have_text("Bọn nó cút đi")
    assert "cút đi”" in page.evaluate(f"{everything}.querySelector('.why').textContent")
    page.keyboard.press("v")
    expect(page.locator(".eh .cover")).to_be_visible()


def test_lost_claim_is_told_in_a_sentence_and_the_next_item_is_there(floor, desk):
    """A coordinator took the item away: nothing is written, and the reviewer reads why."""
    ids = put_items(floor, 3, label="spam")
    page = desk()
    speak(page, "Tiếng Việt")
    on_screen(page, ids[0])
    page.locator(".eh .note").fill("ghi chú của tôi")
    page.keyboard.press("Enter")
    claims.unassign(floor, person(floor, "Chi"), ids[0], datetime.now(UTC))
    page.keyboard.press("n")

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Bạn đã hết thời gian giữ mục này")
    expect(notice).to_contain_text("ghi chú của tôi")
    on_screen(page, ids[1])
    page.keyboard.press("e")
    saved(page)
    assert decisions(floor) == [(ids[1], "not_sure", None)]
    page.get_by_role("button", name="Đã hiểu").click()
    expect(notice).to_have_count(0)


def test_claim_that_runs_out_leaves_the_screen_with_a_word(floor, desk):
    """When the countdown ends the item goes, undecided, and the next one comes."""
    ids = put_items(floor, 2, label="spam")
    short = claims.claim_next(
        floor, person(floor, "An"), now=datetime.now(UTC), count=1, lease_minutes=0.2
    )
    page = desk()
    on_screen(page, short[0].id)

    expect(page.get_by_role("alert")).to_contain_text("ran out", timeout=20_000)
    showing(page, *ids).wait_for()
    page.keyboard.press("n")
    saved(page)
    assert len(decisions(floor)) == 1


def test_two_browsers_press_twelve_keys_each_and_make_twenty_four_decisions(floor, desk):
    """At 40 ms spacing each key of either decides the item on its screen, and no item twice."""
    put_items(floor, 24 * ROUNDS_OF_TWO + 24, label="spam")
    pages = [desk("An"), desk("Bình")]
    for page in pages:
        an_item(page)
        page.evaluate(RECORD)
    # Some rounds, as above: on a busy machine the next items may come too late for a key.
    for _ in range(ROUNDS_OF_TWO):
        for key in KEYS:
            for page in pages:
                page.keyboard.press(key)
            pages[0].wait_for_timeout(40)
        for page in pages:
            saved(page)
        keys = [pressed(page) for page in pages]
        met = [(item, *KEYS[key]) for mine in keys for key, item in mine if item]
        done = decisions(floor)
        assert len(met) == len({item for item, *_ in met})
        assert sorted(met) == sorted(done)
        if all(item for mine in keys for _, item in mine[-len(KEYS) :]):
            return
        for page in pages:
            an_item(page)
    pytest.fail("in no round all twenty-four keys met an item")


def test_ten_seconds_without_a_line_lose_nothing(server, floor, desk):
    """What is decided while the line is cut is counted, and saved once it is back."""
    ids = put_items(floor, 12, label="spam")
    with Relay(server.port) as relay:
        page = desk(url=relay.url)
        unsaved = page.locator(".eh .saved")
        on_screen(page, ids[0])
        page.keyboard.press("n")
        saved(page)
        relay.cut()
        for key in "12e":
            page.keyboard.press(key)
        expect(unsaved).to_have_text("3 unsaved")
        page.wait_for_timeout(5_000)
        # By now Streamlit would say so too, in a dialog that takes the keys: the card puts it away.
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".eh")).to_contain_text("No connection just now")
        for key in "an":
            page.keyboard.press(key)
        expect(unsaved).to_have_text("5 unsaved")
        page.wait_for_timeout(5_000)
        expect(unsaved).to_have_text("5 unsaved")
        relay.mend()
        expect(unsaved).to_have_text("all saved", timeout=30_000)
        page.keyboard.press("n")
        saved(page)

    wanted = [KEYS[key] for key in "n12eann"]
    assert [(item, *one) for item, one in zip(ids[:7], wanted, strict=True)] == decisions(floor)


def test_reload_of_the_tab_asks_first_and_loses_nothing(server, floor, desk):
    """Leaving with unsaved decisions is warned of, and what was kept is sent by the new page."""
    ids = put_items(floor, 4, label="spam")
    asked = []
    with Relay(server.port) as relay:
        page = desk(url=relay.url)
        on_screen(page, ids[0])
        # A browser asks only somebody who has touched the page.
        page.locator(".eh .scroll").click()
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        relay.cut()
        page.keyboard.press("2")
        expect(page.locator(".eh .saved")).to_have_text("1 unsaved")
        relay.mend()
        page.reload()
        on_screen(page, ids[1])
        saved(page)

    assert asked == ["beforeunload"]
    assert decisions(floor) == [(ids[0], "violates", "spam")]


def test_keys_are_heard_through_an_input_method_and_not_while_typing(floor, desk):
    """A Vietnamese input method hides the letter; the place on the board counts then."""
    ids = put_items(floor, 5, label="spam")
    page = desk()
    on_screen(page, ids[0])
    page.keyboard.press("m")
    page.keyboard.type("n1 đê")
    expect(page.locator(".eh .note")).to_have_value("n1 đê")
    page.keyboard.press("Enter")
    for init in (
        {"key": "Process", "code": "KeyN"},
        {"key": "ă", "code": "Digit1"},
        {"key": "N", "code": "KeyN", "ctrlKey": True},
        {"key": "n", "code": "KeyN", "repeat": True},
        {"key": "r", "code": "KeyR"},
        {"key": "c", "code": "KeyC"},
    ):
        page.evaluate(
            "init => document.body.dispatchEvent(new KeyboardEvent('keydown', init))",
            init | {"bubbles": True},
        )
    on_screen(page, ids[2])
    saved(page)

    assert decisions(floor) == [(ids[0], "no_harm", None), (ids[1], "violates", "scam_fraud")]
    with floor.read() as conn:
        notes = conn.execute(select(tables.decision.c.note).order_by(tables.decision.c.id.desc()))
        assert list(notes.scalars())[:2] == ["", "n1 đê"]


def test_imported_posts_are_reviewed_with_their_reasons_marked(floor, desk):
    """What real ingest stored reaches the screen with what led to it, and Coverage's item moves."""
    now = datetime.now(UTC)
    with floor.write() as conn:
        source = sources.propose(conn, SourceSpec(f"tệp {now:%f}", "file"), person_id=None, now=now)
    post = Post(f"k{now:%f}", "file", "Cảnh báo: tin nhắn lừa đảo 🙏", now, now)
    ingest.ingest_page(
        floor,
        source_id=source.id,
        page=Fetched((Upsert(post),), {}),
        tagger=FakeTagger(),
        now=now,
    )
    page = desk()
    expect(page.locator(".eh mark")).to_have_text("lừa đảo")
    expect(page.locator(".eh .flags")).to_contain_text("Scam or fraud")
    page.get_by_role("button", name="Scam or fraud").click()
    saved(page)

    assert [one[1:] for one in decisions(floor)] == [("violates", "scam_fraud")]
    expect(page.get_by_role("heading", name="All done here")).to_be_visible()


def test_other_queue_takes_the_old_items_off_the_screen_without_a_word(floor, desk):
    """Whoever changes the queue knows why the post went, and gets one of the new queue."""
    put_items(floor, 2, label="spam")
    with floor.write() as conn:
        wanted = put_item(conn, "question", "Mấy giờ mở cửa?", queue="request", priority=-9.0).id
    page = desk()
    an_item(page)
    page.get_by_test_id("stMain").get_by_role("radio", name="Requests").click()
    on_screen(page, wanted)

    expect(page.get_by_role("alert")).to_have_count(0)
    held = claims.held(floor, person(floor, "An"), datetime.now(UTC))
    assert [item.id for item in held] == [wanted]


def test_keys_do_nothing_on_another_page_and_the_card_is_there_again_after(floor, desk):
    """Leaving the page takes the keys along; coming back brings the same item."""
    ids = put_items(floor, 4, label="spam")
    page = desk()
    on_screen(page, ids[0])
    page.keyboard.press("n")
    saved(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Requests").click()
    page.get_by_role("heading", name="Requests").wait_for()
    for key in "n12":
        page.keyboard.press(key)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Review").click()
    on_screen(page, ids[1])
    page.keyboard.press("e")
    on_screen(page, ids[2])
    saved(page)

    assert decisions(floor) == [(ids[0], "no_harm", None), (ids[1], "not_sure", None)]
