"""A leader goes from a figure to what stands behind it, and takes a transparency report away.

What is behind a figure is counts and tables: no text of a post that nobody was asked to read, and
nobody's name, on the pages as in the report.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import TimeoutError, expect  # noqa: A004 - Playwright's own

from evenhand.dashboard import worker
from evenhand.dashboard.jobs import access, pulling, reports_asked
from evenhand.dashboard.logs import open_log
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.coverage_floor import fill
from tests.fakes import FakeTagger
from tests.journeys.looks import press, settle, unfold
from tests.journeys.server import browsing, serving, sign_in

PASSWORD = "mưa rào buổi chiều"
LEADER, REVIEWER = "Linh Đỗ", "Quách Thị Lựu"
# Longer than the usual wait: the worker's turn lies in between.
MADE_MS = 60_000
DAYS = timedelta(days=28)
UNREAD = """
    SELECT content FROM post_version
    WHERE content <> ''
    AND NOT EXISTS (SELECT 1 FROM flag WHERE flag.post_id = post_version.post_id)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("leader")
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


@pytest.fixture
def page(server):
    with browsing() as browser:
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, accept_downloads=True
        )
        shown = context.new_page()
        sign_in(shown, server, LEADER, PASSWORD)
        yield shown
        context.close()


def unread(server):
    """List the texts that nobody was asked to read, past all of the program's own readers."""
    path = load_settings(server.workspace).url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        return [text for (text,) in conn.execute(UNREAD)]


def work(server):
    """Do the task that waits longest, as the worker beside the server does."""
    settings = load_settings(server.workspace)
    store = open_store(settings.url)
    try:
        means = pulling.means_of(
            store, settings, FakeTagger(), clock=lambda: datetime.now(UTC), environ={}
        )
        return worker.do_task(worker.Bench(means, open_log(io.StringIO()), lambda: False))
    finally:
        store.close()


def taken(page, key):
    """Press until a file comes; a page that is drawn anew may swap the button under the press."""
    for _ in range(3):
        settle(page)
        try:
            with page.expect_download(timeout=10_000) as waiting:
                page.locator(f"[class*='st-key-{key}'] button:visible").first.click()
        except TimeoutError:
            continue
        return waiting.value
    pytest.fail("three presses brought no file")


def told(words, texts):
    """List what may not be told and is: texts of unread posts, and names of people."""
    assert len(texts) > 1_000
    return [text for text in (*texts, LEADER, REVIEWER) if text in words]


def test_leader_goes_from_a_figure_to_its_counts_and_to_a_report(server, page):
    """Overview, the link beside a figure, Coverage with its tables, and the report as one file."""
    texts = unread(server)
    page.goto(f"{server.url}/overview")
    settle(page)
    figure = page.locator(".st-key-evenhand-figure-review")
    share = figure.get_by_test_id("stMetricValue").inner_text()
    part, n = re.search(r"([\d,]+) of ([\d,]+)", figure.inner_text()).groups()

    figure.get_by_role("link", name="Where it is missing: Coverage").click()
    page.wait_for_url(re.compile("/coverage"))
    settle(page)
    tile = page.get_by_test_id("stMetric").filter(has_text="Review coverage")
    expect(tile.get_by_test_id("stMetricValue")).to_have_text(share)
    unfold(page)
    file = taken(page, "evenhand-coverage-csv-items-by-").path()
    _, *rows = csv.reader(io.StringIO(file.read_text("utf-8-sig")))
    made, decided = (sum(int(row[at]) for row in rows) for at in (1, 2))
    assert (number(part), number(n)) == (decided, made)
    assert [] == told(page.get_by_test_id("stMain").inner_text(), texts)

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Reports").click()
    page.wait_for_url(re.compile("/reports"))
    settle(page)
    expect(page.get_by_text("None yet. Choose days above")).to_be_visible()
    page.get_by_text("last 28 whole days", exact=True).click()
    settle(page)
    press(page, "evenhand-reports-ask")
    expect(page.get_by_text("Waits for the worker")).to_be_visible()
    assert work(server).counts["kind"] == "report"
    expect(page.get_by_text("The report is ready below.")).to_be_visible(timeout=MADE_MS)

    file = taken(page, "evenhand-reports-html-")
    html = file.path().read_text("utf-8")
    today = datetime.now(UTC).date()
    days = f"{today - DAYS}_{today - reports_asked.DAY}"
    assert f"report_{days}_en.html" == file.suggested_filename
    assert "Transparency report" in html
    assert "How much harm was missed" in html
    assert [] == told(html, texts)
    assert taken(page, "evenhand-reports-zip-").path().read_bytes().startswith(b"PK")


def number(text):
    return int(re.sub(r"\D", "", text))
