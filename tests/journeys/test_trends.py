"""Trends and My shift in a real browser: numbers are what SQL counts, and nobody is kept out.

The leader reads what people write about; the reviewer reads their own day.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, expect  # noqa: A004 - Playwright's own

from evenhand.dashboard.jobs import access
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.coverage_floor import fill
from tests.journeys.looks import settle, unfold
from tests.journeys.server import browsing, serving, sign_in

PASSWORD = "mưa rào buổi chiều"
LEADER, REVIEWER = "Linh Đỗ", "An"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).date()
# Plain SQL on the tables themselves; no roll-up is read.
POSTS = "SELECT count(*) FROM post WHERE day >= :first"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("trends")
    (workspace / "evenhand.toml").write_text('organisation = "Đà Nẵng"\n', "utf-8")
    store, now = open_store(load_settings(workspace).url), datetime.now(UTC)
    for name, role in ((REVIEWER, Role.REVIEWER), (LEADER, Role.LEADER)):
        access.add_person(
            store, access.operator(), name, PASSWORD, roles=[role], team="Tổ trực", now=now
        )
    token = access.sign_in(store, REVIEWER, PASSWORD, client="test", now=now)
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
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()


def sql(server, query, days=28):
    """Count past all of the program's readers."""
    first = (datetime.now(UTC).date() - timedelta(days=days - 1) - EPOCH).days
    path = load_settings(server.workspace).url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        return conn.execute(query, {"first": first}).fetchone()[0]


def open_page(page, server, name, who=LEADER):
    sign_in(page, server, who, PASSWORD)
    page.goto(f"{server.url}/{name}")
    settle(page)


def saved(page, key):
    """Save the file under a chart and read its rows; a page drawn anew may swap the button."""
    unfold(page)
    button = page.locator(f".st-key-{key} button")
    for _ in range(3):
        settle(page)
        try:
            with page.expect_download(timeout=10_000) as waiting:
                button.click()
        except TimeoutError:
            continue
        with waiting.value.path().open(encoding="utf-8-sig") as file:
            return list(csv.reader(io.StringIO(file.read())))
    pytest.fail("three presses brought no file")


def test_leader_reads_the_cells_and_days_that_sql_counts(server, page):
    """Cells are exact or a dash, and civic posts stand by day without anything else."""
    open_page(page, server, "trends")
    _, *cells = saved(page, "evenhand-trends-csv-topics-and-sentiments")
    flood = f"{POSTS} AND topic = 'disaster' AND sentiment"
    shown = {(topic, tone): posts for topic, tone, posts, *_ in cells}
    for tone in ("negative", "neutral", "positive"):
        found = shown["Disaster, accident and emergency", tone]
        assert int(found) == sql(server, f"{flood} = '{tone}'")
    assert shown["Education", "negative"] == ""
    _, *days = saved(page, "evenhand-trends-csv-civic-by-day")
    assert sum(int(posts) for _, posts in days) == sql(server, f"{POSTS} AND civic") > 0
    posts = f"Of {sql(server, POSTS):,} posts that came in"
    expect(page.get_by_text(posts)).to_be_visible()


def test_leader_reads_what_rises_and_no_civic_topic_does(server, page):
    """The floor brings more floods by the day; the twelve civic posts a day are no topic."""
    open_page(page, server, "trends")
    expect(page.get_by_text("Rising: Disaster, accident and emergency.")).to_be_visible()
    _, *rows = saved(page, "evenhand-trends-csv-rising-topics")
    names = {row[0] for row in rows}
    assert "All posts" in names
    assert not [name for name in names if "olitic" in name or "ivic" in name]


def test_address_and_clicks_choose_window_and_scale(server, page):
    """A link names what is shown, and a click changes the link."""
    open_page(page, server, "trends?days=7")
    expect(page.get_by_text(f"Of {sql(server, POSTS, 7):,} posts that came in")).to_be_visible()
    page.get_by_text("each its own", exact=True).click()
    page.wait_for_url(re.compile("scale=own"))
    page.get_by_text("90 days", exact=True).click()
    page.wait_for_url(re.compile("days=90"))


def test_reviewer_reads_their_own_day(server, page):
    """What waits is what SQL counts; the link leads to the card."""
    open_page(page, server, "shift", REVIEWER)
    # All is in languages that An reads, and nothing is escalated.
    waits = sql(server, "SELECT count(*) FROM item WHERE state = 'open'")
    tile = page.get_by_test_id("stMetric").filter(has_text="Waiting for you")
    expect(tile.get_by_test_id("stMetricValue")).to_have_text(f"{waits:,}")
    page.get_by_role("link", name="Go to Review").click()
    page.wait_for_url("**/review")


@pytest.mark.parametrize(("name", "who"), [("trends", LEADER), ("shift", REVIEWER)])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_page_is_accessible_and_fits(server, browser, name, who, width, scheme):  # noqa: PLR0913, PLR0917 - fixtures
    """No serious barrier with all tables open, and no wider than the screen."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    open_page(page, server, name, who)
    unfold(page)
    page.wait_for_timeout(800)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in serious] == []
    context.close()
