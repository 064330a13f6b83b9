"""Signing in, looking round in two languages and leaving, in a real browser."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evenhand.dashboard.jobs import access, tryout
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store import tasks
from evenhand.data.store.connect import open_store
from tests.journeys.server import browsing, serving, sign_in

PASSWORD = "mưa rào buổi chiều"
WIDTHS = {"desk": 1440, "telephone": 390}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("sign-in")
    (workspace / "evenhand.toml").write_text('organisation = "Sở Y tế <b>"\n', "utf-8")
    store = open_store(load_settings(workspace).url)
    for name, role in (("Minh Trần", Role.COORDINATOR), ("Hoa Lê", Role.LEADER)):
        access.add_person(
            store,
            access.operator(),
            name,
            PASSWORD,
            roles=[role],
            team="Help desk",
            now=datetime.now(UTC),
        )
    store.close()
    with serving(workspace) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with browsing() as running:
        yield running


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": WIDTHS["desk"], "height": 900})
    yield context.new_page()
    context.close()


def revoke(server, name):
    """End every session of a person, as an administrator would."""
    store = open_store(load_settings(server.workspace).url)
    person = next(one for one in access.list_people(store, access.operator()) if one.name == name)
    access.revoke_all(store, access.operator(), person.id, datetime.now(UTC))
    store.close()


def test_server_answers_within_four_seconds(server):
    """The sign-in page does not wait for the heavy libraries."""
    assert server.started_s < 4


def test_person_signs_in_changes_the_language_and_signs_out(server, page):
    """The whole way in and out works, and the chosen language is still there next time."""
    sign_in(page, server, "Minh Trần", PASSWORD)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("Minh Trần")).to_be_visible()
    expect(sidebar.get_by_text("coordinator")).to_be_visible()

    sidebar.get_by_text("Tiếng Việt").click()
    expect(sidebar.get_by_text("điều phối viên")).to_be_visible()
    page.reload()
    expect(sidebar.get_by_text("điều phối viên")).to_be_visible()

    sidebar.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login?why=left")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(f"{server.url}/sources")
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fsources$"))


def test_wrong_password_is_told_what_to_do(server, page):
    """A wrong password leads to a sentence, in the language of the page."""
    page.goto(f"{server.url}/login?lang=vi")
    page.get_by_label("Tên").fill("Minh Trần")
    page.get_by_label("Mật khẩu").fill("không phải")
    page.get_by_role("button", name="Đăng nhập").click()

    expect(page.get_by_role("alert")).to_contain_text("không khớp")
    expect(page.get_by_label("Tên")).to_have_value("Minh Trần")
    expect(page.get_by_label("Mật khẩu")).to_have_value("")


def test_open_page_goes_to_the_sign_in_page_after_revocation(server, page):
    """Whoever is shut out sees it at the next click, and nothing is done any more."""
    sign_in(page, server, "Hoa Lê", PASSWORD)
    revoke(server, "Hoa Lê")
    # A look-up counts for five seconds.
    page.wait_for_timeout(5_500)
    page.get_by_test_id("stSidebar").get_by_text("Tiếng Việt").click()

    page.wait_for_url("**/login?why=ended")
    expect(page.get_by_text("Your session has ended")).to_be_visible()


def test_pages_fetch_nothing_from_elsewhere_and_break_no_rule(server, page):
    """All comes from this server, and the content policy blocks only Streamlit's one line."""
    asked, blocked = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: blocked.append(message.text))
    sign_in(page, server, "Minh Trần", PASSWORD)
    page.wait_for_timeout(500)

    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    refused = [text for text in blocked if "Content Security Policy" in text]
    assert all("inline script" in text for text in refused)
    assert len(refused) <= 1


def test_demo_lets_one_in_with_a_click_in_the_chosen_language(tmp_path, page):
    """In the demo nobody types a password, and the language of the sign-in page goes along."""
    (tmp_path / "evenhand.toml").write_text("demo = true\n", "utf-8")
    store, now = open_store(load_settings(tmp_path).url), datetime.now(UTC)
    access.add_person(
        store,
        access.operator(),
        "Lan",
        None,
        roles=[Role.ADMIN],
        team="Demo",
        now=now,
        simulated=True,
    )
    with store.write() as conn:
        tasks.ask(conn, tryout.PREPARATION, {}, person_id=None, now=now)
        task = tasks.next_task(conn, now=now, patience=timedelta(minutes=5))
        tasks.progress(conn, task.id, done=4210, total=10_000, message="", now=now)
    store.close()
    with serving(tmp_path) as demo:
        page.goto(f"{demo.url}/login")
        expect(page.get_by_role("status")).to_contain_text("4,210 of 10,000")
        page.get_by_role("link", name="Tiếng Việt").click()
        expect(page.get_by_role("status")).to_contain_text("4.210 trên 10.000")
        page.get_by_role("button", name=re.compile("Lan")).click()
        expect(page.get_by_test_id("stSidebar").get_by_text("mô phỏng")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in_page_fits_and_is_accessible(server, browser, width, scheme):
    """The page has no barrier that axe finds, and never scrolls sideways."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{server.url}/login?lang=vi")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sources_page_is_accessible_and_fits_a_telephone(server, browser, scheme):
    """A page inside the dashboard has no serious barrier, and never scrolls sideways."""
    context = browser.new_context(
        viewport={"width": WIDTHS["telephone"], "height": 844},
        color_scheme=scheme,
        bypass_csp=True,
    )
    page = context.new_page()
    sign_in(page, server, "Minh Trần", PASSWORD)
    page.goto(f"{server.url}/sources")
    page.get_by_role("heading", name=re.compile("Sources|Nguồn tin")).wait_for()
    page.wait_for_timeout(500)

    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["telephone"]
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in serious] == []
    context.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/_stcore/metrics", 401),
        ("/_stcore/health", 401),
        ("/_stcore/agent/openapi.json", 401),
        ("/media/anything.csv", 401),
        ("/healthz", 200),
        ("/readyz", 200),
    ],
)
def test_running_server_keeps_its_inside_closed(server, path, status):
    """Of the running service, strangers reach the health checks and the sign-in page only."""
    try:
        with urllib.request.urlopen(f"{server.url}{path}", timeout=10) as answer:  # noqa: S310 - our own server
            seen, headers = answer.status, answer.headers
    except urllib.error.HTTPError as error:
        seen, headers = error.code, error.headers

    assert seen == status
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
