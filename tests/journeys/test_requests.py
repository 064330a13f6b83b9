"""Answering a request in a real browser: taken, written from a template, refused, logged."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import func, select

from evenhand.dashboard.jobs import access, claims, decisions
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome, Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.journeys.conftest import PASSWORD
from tests.journeys.looks import settle
from tests.journeys.review_desk import WIDTHS
from tests.journeys.server import serving
from tests.review_floor import put_item

ACCOUNT = "u/danang_helpdesk"
# What a hostile post tries: a picture that signs one out, a link, markup.
TEXT = "Điểm tiêm mở cửa đến mấy giờ? ![](/auth/logout) [đây](http://x.test) :red[**!**]"


@pytest.fixture
def server(tmp_path):
    (tmp_path / "evenhand.toml").write_text(f'accounts = ["{ACCOUNT}"]\n', "utf-8")
    store, now = open_store(load_settings(tmp_path).url), datetime.now(UTC)
    for name in ("Minh Trần", "Hoa Lê"):
        access.add_person(
            store,
            access.operator(),
            name,
            PASSWORD,
            roles=[Role.REVIEWER],
            team="Help desk",
            now=now,
        )
    put_request(store, "question", TEXT, now - timedelta(minutes=2))
    put_request(store, "self_harm_risk", "Tôi mệt quá rồi.", now - timedelta(minutes=1))
    store.close()
    with serving(tmp_path) as running:
        yield running


def put_request(store, label, text, now):
    """Put an item in that a reviewer has decided to need an answer."""
    with store.write() as conn:
        put_item(conn, label, text, queue="request", due_at=now + timedelta(hours=1))
    reviewer = access.list_people(store, access.operator())[0].actor()
    [item] = claims.claim_next(store, reviewer, now=now, count=1)
    decision = Decision(
        str(uuid4()), item.id, item.claim.number, item.version, Outcome.NEEDS_ANSWER
    )
    decisions.decide(store, reviewer, decision, now=now)


@pytest.fixture
def open_page(visit):
    """Sign somebody in and open the requests page."""

    def opening(name, *look):
        page = visit(name, "requests", *look)
        page.get_by_role("heading", name="Requests").wait_for()
        return page

    return opening


def read(server, *columns, **where):
    """Read columns of one table from the server's store."""
    store = open_store(load_settings(server.workspace).url)
    with store.read() as conn:
        query = select(*columns)
        for name, value in where.items():
            query = query.where(columns[0].table.c[name] == value)
        rows = conn.execute(query).all()
    store.close()
    return rows


def waiting(page, text):
    return page.locator("[class*=st-key-evenhand-request-]").filter(has_text=text)


def code(page, words):
    """Find the ready text by what it says: while the page is drawn anew there may be two."""
    return page.get_by_test_id("stCode").filter(has_text=words)


def fill(page, label, words):
    field = page.get_by_label(label, exact=True)
    field.fill(words)
    field.press("Tab")


def test_reviewer_answers_from_a_template_and_the_log_keeps_it(server, open_page):
    """A gap in the template holds the response back; filled, it is logged once and all agrees."""
    asked = []
    page = open_page("Minh Trần")
    page.on("request", lambda request: asked.append(request.url))
    expect(waiting(page, "mở cửa")).to_contain_text(TEXT)
    waiting(page, "mở cửa").get_by_role("button", name="Answer").press("Enter")
    expect(page.get_by_text("Yours for another 10 minutes")).to_be_visible()

    other = open_page("Hoa Lê")
    expect(waiting(other, "mở cửa")).to_contain_text("somebody else has it now")
    expect(waiting(other, "mở cửa").get_by_role("button")).to_have_count(0)

    fill(page, "Your answer", "Đến 20 giờ, cả thứ Bảy.")
    fill(page, "Link to the source", "https://soyte.example/tiem")
    fill(page, "Phone of the service", "1022")
    fill(page, "Name of the team", "Tổ trực Sở Y tế")
    page.get_by_role("button", name="Log the response").click()

    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Not logged yet. Still to be filled in: Opening hours.")
    assert read(server, func.count(tables.response.c.id)) == [(0,)]

    fill(page, "Opening hours", "7–20 giờ")
    expect(code(page, "xin gọi 1022 (7–20 giờ).")).to_be_visible()
    # By keys alone: from the last field, Tab leads to the button.
    page.get_by_label("Link, or what came of it").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Log the response")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Logged. Evenhand sent nothing")).to_be_visible()
    expect(waiting(page, "mở cửa")).to_have_count(0)
    logged = tables.response.c
    [row] = read(
        server,
        logged.item_id,
        logged.template_id,
        logged.template_version,
        logged.account,
        logged.text,
        logged.kind,
        logged.language,
        logged.given_by,
    )
    assert row[1:4] == ("answer_question", 1, ACCOUNT)
    assert row.text.startswith("Xin chào, cảm ơn bạn đã hỏi. Đến 20 giờ, cả thứ Bảy.\n")
    assert "{" not in row.text
    assert (row.kind, row.language) == ("public_reply", "vi")
    [minh] = read(server, tables.person.c.id, name="Minh Trần")
    assert row.given_by == minh.id
    assert read(server, tables.item.c.state, id=row.item_id) == [("answered",)]
    [entry] = read(server, tables.ledger.c.actor, tables.ledger.c.data, action="responded")
    assert entry.actor == str(minh.id)
    assert '"template_id":"answer_question","template_version":1' in entry.data
    assert "20 giờ" not in entry.data

    other.reload()
    expect(waiting(other, "Self-harm")).to_be_visible()
    expect(waiting(other, "mở cửa")).to_have_count(0)
    assert [url for url in asked if "logout" in url or "x.test" in url] == []


def test_draft_is_kept_when_the_page_is_left_and_the_item_put_back(open_page):
    """What was written comes back to its writer, whether the page was left or the item put back."""
    page = open_page("Minh Trần")
    waiting(page, "mở cửa").get_by_role("button", name="Answer").click()
    fill(page, "Phone of the service", "1022")
    expect(code(page, "xin gọi 1022 ({Opening hours})")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Phone of the service")).to_have_value("1022")

    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_text("Your draft is kept for when you take it again.")).to_be_visible()
    waiting(page, "mở cửa").get_by_role("button", name="Go on writing").click()
    expect(page.get_by_label("Phone of the service")).to_have_value("1022")


def test_writing_on_takes_an_item_again_that_ran_out(server, open_page):
    """Whoever goes on writing after the end keeps the item, as long as nobody else wanted it."""
    page = open_page("Minh Trần")
    waiting(page, "mở cửa").get_by_role("button", name="Answer").click()
    fill(page, "Phone of the service", "1022")
    expect(code(page, "1022")).to_be_visible()
    change_claim(server, claim_until=datetime.now(UTC) - timedelta(seconds=1))
    fill(page, "Opening hours", "7–20 giờ")
    expect(code(page, "7–20 giờ")).to_be_visible()

    [held] = read(server, tables.item.c.claim_until, label="question")
    assert held.claim_until > datetime.now(UTC) + timedelta(minutes=9)


def test_words_are_not_lost_when_somebody_else_took_the_item(server, open_page):
    """Whoever wrote too long is told so, can copy what was written, and logs nothing."""
    page = open_page("Minh Trần")
    waiting(page, "mở cửa").get_by_role("button", name="Answer").click()
    fill(page, "Phone of the service", "1022")
    expect(code(page, "1022")).to_be_visible()
    [hoa] = read(server, tables.person.c.id, name="Hoa Lê")
    change_claim(server, claimed_by=hoa.id)
    fill(page, "Your answer", "Đến 20 giờ.")

    expect(page.get_by_role("alert")).to_contain_text("it may be with somebody else now")
    expect(code(page, "Đến 20 giờ.")).to_be_visible()
    expect(page.get_by_role("button", name="Log the response")).to_have_count(0)
    page.get_by_role("button", name="Back to the list").click()
    expect(waiting(page, "mở cửa")).to_contain_text("somebody else has it now")


def change_claim(server, **values):
    """Let time or somebody else go by, straight in the store."""
    store = open_store(load_settings(server.workspace).url)
    with store.write() as conn:
        conn.execute(tables.item.update().where(tables.item.c.label == "question").values(**values))
    store.close()


def test_hard_text_is_covered_until_it_is_asked_for(open_page):
    """A severe post shows only on demand, by key as well as by click."""
    page = open_page("Minh Trần")
    hard = waiting(page, "Self-harm")
    expect(hard).to_contain_text("Covered for your sake")
    expect(hard).not_to_contain_text("Tôi mệt quá rồi.")
    hard.get_by_role("button", name="Show the text").press("Enter")
    expect(hard).to_contain_text("Tôi mệt quá rồi.")


def test_follow_up_is_logged_on_the_item_just_answered(server, open_page):
    """Free words, another kind, and the history shows both."""
    page = open_page("Minh Trần")
    waiting(page, "mở cửa").get_by_role("button", name="Answer").click()
    answer_freely(page, "Đến 20 giờ.")
    page.get_by_text("Responses to this item").click()
    # A press is lost where the page is drawn anew under it.
    settle(page)
    page.get_by_role("button", name="Log a follow-up").click()
    expect(page.get_by_role("heading", name="Follow-up")).to_be_visible()
    answer_freely(page, "Thứ Bảy cũng mở.")

    assert [row.text for row in read(server, tables.response.c.text)] == [
        "Đến 20 giờ.",
        "Thứ Bảy cũng mở.",
    ]
    page.get_by_text("Responses to this item").click()
    for words in ("Đến 20 giờ.", "Thứ Bảy cũng mở."):
        expect(code(page, words)).to_be_visible()


def answer_freely(page, words):
    page.get_by_label("Template").click()
    page.get_by_role("option", name="Free text, no template").click()
    fill(page, "Text", words)
    page.get_by_role("button", name="Log the response").click()
    expect(page.get_by_text("Logged. Evenhand sent nothing")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_list_and_form_are_accessible_and_fit(open_page, width, scheme):
    """Neither the list nor the form has a serious barrier, and nothing scrolls sideways."""
    page = open_page("Minh Trần", width, scheme)
    expect(waiting(page, "mở cửa")).to_be_visible()
    check(page, WIDTHS[width])
    waiting(page, "mở cửa").get_by_role("button", name=re.compile("Answer|Go on")).click()
    expect(page.get_by_role("button", name="Log the response")).to_be_visible()
    check(page, WIDTHS[width])
    page.get_by_role("button", name="Log the response").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, WIDTHS[width])


def check(page, width):
    page.wait_for_timeout(500)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in serious] == []
