"""The queues page in a real browser: routes by two, macros, links that say a search, access."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import delete, update

from evenhand.dashboard.jobs import claims, macros, ranges, routing, saved_views, search
from evenhand.dashboard.jobs.ranges import RangeState
from evenhand.dashboard.jobs.routing import Rule
from evenhand.dashboard.words.forms import LANGUAGE_NAMES
from evenhand.data import tables, tables_review
from evenhand.data.records import Outcome, ResponseKind, Role
from evenhand.data.store import item_texts
from tests.journeys.conftest import staffed
from tests.journeys.review_desk import person, saved, speak
from tests.journeys.server import serving
from tests.range_floor import put_scored
from tests.review_floor import put_item, put_items

PEOPLE = {"An": Role.REVIEWER, "Chi": Role.COORDINATOR, "Dung": Role.COORDINATOR}
TITLES = {"en": "Queues", "vi": "Hàng chờ"}
FORM = {"en": "Propose a route", "vi": "Đề xuất một tuyến"}
PARTS = ("waits", "routes", "macros", "ranges", "search")
# What is drawn last in each part.
SHOWS = {
    "waits": "stDataFrame",
    "routes": "stExpander",
    "macros": "stSelectbox",
    "ranges": "stHeading",
    "search": "stForm",
}
TYPED = "Lũ ![](/auth/logout) **gấp** $x^2$ <img src=x>"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("queues")
    staffed(workspace, PEOPLE)
    with serving(workspace) as running:
        yield running


@pytest.fixture(autouse=True)
def cleared(floor):
    """Begin each journey without routes, macros and saved views of the one before."""
    with floor.write() as conn:
        conn.execute(delete(tables_review.macro))
        conn.execute(delete(tables_review.route))
        conn.execute(delete(tables_review.saved_view))


def utc():
    return datetime.now(UTC)


def put(floor, text, **changes):
    with floor.write() as conn:
        made = put_item(conn, text=text, **changes)
        item_texts.index_posts(conn, [int(made.post_id)], search.folded)
    # The floor's items are as old as its noon; these were made just now.
    with floor.write() as conn:
        where = tables.item.c.id == int(made.id)
        conn.execute(update(tables.item).where(where).values(created_at=utc()))
    return made.id


def settled(page, title="Queues"):
    page.get_by_role("heading", name=title).first.wait_for()
    page.locator('[data-test-script-state="notRunning"]').wait_for()


def test_route_goes_from_one_coordinator_to_another_by_keys_alone(floor, visit):
    """One counts and proposes, the other approves; new items are held against it."""
    put(floor, "Cứu với", label="help_needed", queue="fast")
    page = visit("Chi", "queues?part=routes")
    settled(page)
    page.locator("summary", has_text="Propose a route").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("Kêu cứu")
    page.get_by_role("button", name="Count first").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("Would have taken 1 of the 1 items"))).to_be_visible()
    page.get_by_role("button", name="Propose", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Proposed. Ask another coordinator")).to_be_visible()
    page.get_by_role("tab", name=re.compile("Waiting for a second person")).click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    other = visit("Dung", "queues?part=routes")
    settled(other)
    other.get_by_role("tab", name=re.compile("Waiting for a second person")).click()
    other.get_by_role("button", name="Approve").click()
    expect(other.get_by_text("Approved. New items follow it.")).to_be_visible()
    assert ["Kêu cứu"] == [one.rule.name for one in routing.in_force(floor)]


def test_score_range_is_read_decided_and_taken_back_by_keys_alone(floor, visit):
    """The sample is read on the card like any other items, in a tab of its own."""
    page = visit("Chi", "queues?part=ranges")
    settled(page)
    # Not before: whoever signs in begins on Review, where the first items would be theirs.
    put_scored(floor, 12, label="doxxing")
    page.reload()
    settled(page)
    press(page, "Draw 10 items to read")
    expect(page.get_by_text("Drawn and held for you.")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open Review").focus()
        page.keyboard.press("Enter")
    review = opened.value
    for read in range(1, 11):
        review.locator(".eh[data-item]").first.wait_for()
        review.keyboard.press("n")
        expect(review.locator(".eh").first).to_contain_text(f"{read} decided")
    saved(review)
    review.close()

    page.reload()
    settled(page)
    expect(page.get_by_text("10 of 10 drawn items have your decision.")).to_be_visible()
    press(page, "Give the other 2 items “no harm”")
    expect(page.get_by_text("2 items got “no harm”.")).to_be_visible()
    [found] = ranges.newest(floor, person(floor, "Chi"), utc())
    assert (RangeState.DONE, 2) == (found.range.state, found.range.decided)
    press(page, "Take it all back")
    expect(page.get_by_text("Its items are open again.")).to_be_visible()
    assert 2 == ranges.preview(floor, person(floor, "Chi"), found.range.wanted, utc()).items


def press(page, name):
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_macro_is_added_and_ended_by_keys_alone(floor, visit):
    """Its key is the team's at once, and free again at once."""
    page = visit("Chi", "queues?part=macros")
    settled(page)
    expect(page.get_by_text("Your team has no macro yet")).to_be_visible()
    page.get_by_label("Name on the card").fill("Lừa đảo")
    page.get_by_role("combobox", name=re.compile("Policies")).focus()
    page.keyboard.type("Scam")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name=re.compile("Template")).focus()
    page.keyboard.type("Warn of a scam")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added. It works from the next item")).to_be_visible()
    [made] = macros.list_active(floor, person(floor, "An"))
    assert ("F", ("scam_fraud",), "scam_notice") == (made.key, made.policies, made.template_id)
    page.get_by_role("button", name="End").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The key is free again")).to_be_visible()
    assert () == macros.list_active(floor, person(floor, "An"))


def test_link_says_a_search_and_a_saved_view_says_it_to_the_team(floor, visit):
    """Another coordinator opens the address, and finds the view under its name."""
    made = put(floor, "Nước lên tới mái nhà ở Đông Hà", label="help_needed", queue="fast")
    put(floor, "Chuyện khác", label="spam")
    page = visit("Chi", "queues?part=search")
    settled(page)
    page.get_by_label("Words").fill("dong ha")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Item {made}")).to_be_visible()
    expect(page.get_by_text("Nước lên")).to_have_count(0)
    page.wait_for_url(re.compile(r"q=dong"))
    page.get_by_text(re.compile(r"Saved views \(0\)")).click()
    page.get_by_label("Name of the view").fill("Đông Hà")
    page.get_by_role("button", name="Save this search").click()
    expect(page.get_by_text("Saved for your team.")).to_be_visible()

    other = visit("Dung", page.url.rsplit("/", 1)[1])
    settled(other)
    other.get_by_role("button", name="Open the text").click()
    expect(other.get_by_text("Nước lên tới mái nhà ở Đông Hà")).to_be_visible()
    fresh = visit("Dung", "queues?part=search")
    settled(fresh)
    fresh.get_by_text(re.compile(r"Saved views \(1\)")).click()
    fresh.get_by_role("button", name="Apply").click()
    expect(fresh.get_by_text(f"Item {made}")).to_be_visible()
    expect(fresh.get_by_label("Words")).to_have_value("dong ha")


def furnished(floor):
    """Put in what each part of the page can show, with names that hold markup."""
    put_items(floor, 3, label="hate", due_at=utc() - timedelta(hours=1))
    put_items(floor, 2, label="question", queue="request", lang="en", due_at=utc())
    claims.claim_next(floor, person(floor, "An"), now=utc(), count=2, queues=["request"])
    put(floor, f"Đông Hà {TYPED}", label="help_needed", queue="fast")
    chi, dung = person(floor, "Chi"), person(floor, "Dung")
    team = next(iter(routing.choices(floor, chi, utc()).teams))
    rule = Rule(TYPED, 1, ("help_needed", "hate"), ("vi",), (), team)
    made = routing.propose(floor, chi, rule, utc())
    routing.approve(floor, dung, made.id, utc())
    routing.propose(floor, chi, Rule("Rest", 9, (), (), (), team), utc())
    hate = (Outcome.VIOLATES, ("hate", "harassment"), ResponseKind.NOTICE, "scam_notice")
    macros.add(floor, chi, macros.NewMacro("G", TYPED[:40], *hate), utc())
    saved_views.save(floor, chi, "queues", TYPED[:40], {"q": "dong"}, utc())


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [
        ("desk", "light", "en"),
        ("desk", "dark", "vi"),
        ("telephone", "light", "vi"),
        ("telephone", "dark", "en"),
    ],
)
def test_page_has_no_serious_barrier_and_never_scrolls_sideways(floor, visit, width, scheme, lang):
    """In every part, with markup in all names that people typed: they are letters only."""
    furnished(floor)
    page = visit("Chi", "review", width, scheme)
    settled(page, "Review")
    speak(page, LANGUAGE_NAMES[lang])
    address = page.url.rsplit("/", 1)[0]
    for part in PARTS:
        page.goto(f"{address}/queues?part={part}&q=dong")
        settled(page, TITLES[lang])
        page.get_by_test_id(SHOWS[part]).last.wait_for()
        if part == "routes":
            page.locator("summary", has_text=FORM[lang]).click()
        page.wait_for_timeout(1_000)
        found = [
            (part, one["id"], one["nodes"][0]["html"][:160])
            for one in Axe().run(page).response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]

        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.get_by_test_id("stMain").locator("img, .katex").count() == 0
