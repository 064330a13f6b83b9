"""A leader opens the coverage page, and every number on it is the one that SQL counts."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect  # noqa: A004 - Playwright's own

from evenhand.dashboard.jobs import access
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.coverage_floor import fill
from tests.journeys.server import browsing, serving, sign_in

PASSWORD = "mưa rào buổi chiều"
WIDTHS = {"desk": 1440, "telephone": 390}
DAY_MICROS = 86_400_000_000
# Plain SQL on the tables themselves; no roll-up is read.
POSTS = "SELECT count(*) FROM post WHERE day >= :first"
ITEMS = "SELECT count(*) FROM item WHERE created_at >= :since"
DECIDED = """
    SELECT count(DISTINCT item.id) FROM item
    JOIN current_decision ON current_decision.item_id = item.id
    JOIN decision ON decision.id = current_decision.decision_id
    WHERE item.created_at >= :since"""
NEEDS = " AND decision.outcome = 'needs_answer'"
ANSWERED = " AND EXISTS (SELECT 1 FROM response WHERE response.item_id = item.id)"
LIVE = "SELECT count(*) FROM item WHERE state IN ('open', 'claimed')"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("coverage")
    (workspace / "evenhand.toml").write_text('organisation = "Đà Nẵng"\n', "utf-8")
    store, now = open_store(load_settings(workspace).url), datetime.now(UTC)
    for name, role in (("An", Role.REVIEWER), ("Linh Đỗ", Role.LEADER)):
        access.add_person(
            store, access.operator(), name, PASSWORD, roles=[role], team="Tổ trực", now=now
        )
    token = access.sign_in(store, "An", PASSWORD, client="test", now=now)
    fill(store, access.actor_of(store, token, now), now)
    store.close()
    with serving(workspace) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with browsing() as running:
        yield running


@pytest.fixture
def page(browser):
    context = browser.new_context(
        viewport={"width": WIDTHS["desk"], "height": 900}, accept_downloads=True
    )
    yield context.new_page()
    context.close()


def sql(server, query, days=28):
    """Count past all of the program's readers."""
    now = datetime.now(UTC)
    first = (now.date() - timedelta(days=days - 1) - datetime(1970, 1, 1, tzinfo=UTC).date()).days
    today = first + days - 1
    values = {
        "first": first,
        "today": today,
        "since": first * DAY_MICROS,
        "now": int(now.timestamp() * 1e6),
    }
    path = load_settings(server.workspace).url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        return conn.execute(query, values).fetchone()[0]


def open_page(page, server, address=""):
    sign_in(page, server, "Linh Đỗ", PASSWORD)
    page.goto(f"{server.url}/coverage{address}")
    page.locator(".js-plotly-plot").nth(2).wait_for()


def tile(page, label):
    """Read a tile: its value and the line below it."""
    box = page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{label}"))
    value = box.get_by_test_id("stMetricValue").inner_text()
    base = box.locator("xpath=ancestor::*[@data-testid='stVerticalBlock'][1]").inner_text()
    return value.strip(), base.strip().splitlines()[-1]


def number(text):
    return int(re.sub(r"\D", "", text))


def numbers(page, place):
    """Find what can be opened under a chart."""
    found = page.get_by_test_id("stExpander")
    return found.filter(has_text="The numbers, and how they are counted").nth(place)


def open_numbers(page, place):
    numbers(page, place).locator("summary").click()


def pressed(page, button):
    """Press until a file comes: a page that is drawn anew may swap the button under the press."""
    for _ in range(3):
        page.locator('[data-test-script-state="notRunning"]').wait_for()
        try:
            with page.expect_download(timeout=10_000) as waiting:
                button.click()
        except TimeoutError:
            continue
        return waiting.value
    pytest.fail("three presses brought no file")


def saved(page, place, folder):
    """Save the file under a chart and read its rows, the head first."""
    open_numbers(page, place)
    button = numbers(page, place).get_by_role("button", name="Save as CSV")
    button.wait_for()
    download = pressed(page, button)
    path = folder / download.suggested_filename
    download.save_as(path)
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


def test_leader_reads_what_sql_counts(server, page, tmp_path):
    """The tiles, sentences and tables carry the counts of the tables, to the last one."""
    open_page(page, server)
    posts, flagged = sql(server, POSTS), sql(server, f"{POSTS} AND flagged")
    made, decided = sql(server, ITEMS), sql(server, DECIDED)
    needs, answered = sql(server, DECIDED + NEEDS), sql(server, DECIDED + NEEDS + ANSWERED)
    waits, late = sql(server, LIVE), sql(server, f"{LIVE} AND due_at <= :now")
    assert min(posts, flagged, made, decided, needs, answered, waits, late) > 0

    assert number(tile(page, "Came in")[0]) == posts
    assert number(tile(page, "Flagged")[0]) == flagged
    value, base = tile(page, "Review coverage")
    assert base.startswith(f"{decided} of {made} items, ")
    assert value == f"{round(100 * decided / made)}%"
    value, base = tile(page, "Response coverage")
    assert base.startswith(f"{answered} of {needs} needed, ")
    assert value == f"{round(100 * answered / needs)}%"
    assert number(tile(page, "Waiting now")[0]) == waits
    assert tile(page, "Overdue") == (str(late), f"of {waits} waiting")

    road = {row[0]: row[1:] for row in saved(page, 0, tmp_path)}
    harm = sql(server, f"{DECIDED} AND decision.outcome = 'violates'")
    void = sql(server, f"{ITEMS} AND state = 'void'")
    assert int(road["Violate a policy, as decided"][0]) == harm > 0
    assert int(road["Void"][0]) == void == 2
    expect(page.get_by_text(f"Of {made} items made in these 28 days, {decided}")).to_be_visible()
    expect(page.get_by_text("How much harm was missed is not measured yet")).to_be_visible()


def test_leader_reads_what_sql_counts_by_queue_and_age(server, page, tmp_path):
    """So do the parts, in the files under the charts: queues and ages."""
    open_page(page, server)
    queues = {"urgent": "fast", "harm": "harm", "requests": "request"}
    split = saved(page, 1, tmp_path)[1:]
    assert {row[0] for row in split} == set(queues)
    for name, made, decided, *_ in split:
        of_queue = f" AND queue = '{queues[name]}'"
        assert int(made) == sql(server, ITEMS + of_queue)
        assert int(decided) == sql(server, DECIDED + of_queue)
    old = f"{LIVE} AND created_at <= :now - {DAY_MICROS}"
    *waits, answers = saved(page, 2, tmp_path)[1:]
    for name, *by_age, in_all, overdue, _ in waits:
        of_queue = f" AND queue = '{queues[name]}'"
        assert int(in_all) == sql(server, LIVE + of_queue)
        assert int(by_age[-1]) == sql(server, old + of_queue)
        assert int(overdue) == sql(server, f"{LIVE} AND due_at <= :now" + of_queue)
    asks = "SELECT count(*) FROM item WHERE needs_answer AND state = 'decided'"
    assert int(answers[5]) == sql(server, asks) > 0


def test_leader_begins_on_the_overview_and_follows_a_figure(server, page):
    """The first page has the five figures; a link leads to who waits, with the right address."""
    sign_in(page, server, "Linh Đỗ", PASSWORD)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    waits = sql(server, LIVE)
    expect(page.get_by_test_id("stMetric")).to_have_count(5)
    assert number(tile(page, "Waiting now")[0]) == waits > 0

    page.get_by_role("link", name="Who waits how long: Coverage").first.click()
    page.wait_for_url("**/coverage?*part=times*")
    expect(page.get_by_role("heading", name="What is due when")).to_be_visible()
    late = sql(server, f"{LIVE} AND due_at <= :now")
    expect(page.get_by_text(f"{late} of {waits} waiting items are past their")).to_be_visible()


def test_printed_page_has_neither_menu_nor_buttons_and_is_whole(server, page):
    """On paper there is nothing to press, and the page does not end with the screen."""
    open_page(page, server)
    page.emulate_media(media="print")

    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_test_id("stDownloadButton").first).to_be_hidden()
    tall = page.evaluate("document.documentElement.scrollHeight")
    assert tall > page.viewport_size["height"]
    # Of choices the one that is made; no grid that was folded away, which would be an empty box.
    expect(page.get_by_role("radio", name="28 days")).to_be_visible()
    expect(page.get_by_role("radio", name="90 days")).to_be_hidden()
    expect(page.get_by_test_id("stDataFrame").first).to_be_hidden()
    numbers_shown = page.get_by_text("Items made in the window whose post was deleted since")
    expect(numbers_shown.first).to_be_visible()


def test_address_and_clicks_choose_the_window(server, page):
    """A link can name the window, a click changes the link, and nonsense shows the usual one."""
    open_page(page, server, "?days=7")
    assert number(tile(page, "Came in")[0]) == sql(server, POSTS, days=7)

    page.get_by_text("90 days", exact=True).click()
    page.wait_for_url("**days=90")
    expect(page.get_by_text("posts in 90 days")).to_be_visible()
    page.goto(f"{server.url}/coverage?days=100000")
    expect(page.get_by_text("posts in 28 days")).to_be_visible()


def test_page_asks_nobody_else_and_loads_no_scikit_learn(server, page):
    """Charts come from this server alone, and drawing them needs no model."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, server)

    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    maps = Path(f"/proc/{server.process.pid}/maps")
    assert not maps.exists() or "sklearn" not in maps.read_text("utf-8")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible_and_fits(server, browser, width, scheme):
    """No serious barrier in either light, with all tables open, and no wider than the screen."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    open_page(page, server)
    for place in range(3):
        open_numbers(page, place)
    page.wait_for_timeout(800)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    charts = page.get_by_test_id("stPlotlyChart").all()
    assert all(box["x"] + box["width"] <= width for box in (one.bounding_box() for one in charts))
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in serious] == []
    context.close()
