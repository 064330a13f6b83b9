"""The demo as somebody meets it: one command, a page within seconds, one click to be anybody."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.server import browsing, free_port

FIRST_PAGE_S = 10.0
# The trickle's longest pause, and what a loaded machine takes beside it.
NEXT_POST_S = 60.0
END_S = 30.0
PEOPLE = {
    "Lan": (
        "Review",
        "Requests",
        "My shift",
        "Overview",
        "Coverage & deadlines",
        "Trends",
        "Quality",
        "Policies",
        "Care",
    ),
    "Minh": (
        *(
            "Review",
            "Requests",
            "My shift",
            "Overview",
            "Coverage & deadlines",
            "Trends",
            "Alerts",
            "Simulator",
            "Reports",
            "Queues",
        ),
        *("Quality", "Policies", "Models", "Sources", "Care"),
    ),
    "Hoa": (
        *("Overview", "Coverage & deadlines", "Trends", "Alerts", "Simulator", "Reports"),
        "Policies",
    ),
    "Ana": (
        "Overview",
        "Coverage & deadlines",
        "Trends",
        *("Alerts", "Simulator", "Reports"),
        "Quality",
        "Policies",
        "Models",
    ),
    "Kim": (
        *("Overview", "Coverage & deadlines", "Trends", "Alerts", "Simulator", "Reports"),
        *("Queues", "Quality", "Policies", "Models", "Sources"),
    ),
}


@dataclass(frozen=True)
class Demo:
    """A running demo; *folder* is where its temporary folders go."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    started_s: float

    @property
    def url(self) -> str:
        """Give the address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def workspace(self) -> Path:
        """Find the throw-away workspace."""
        (found,) = self.folder.glob("evenhand-demo-*")
        return found

    @property
    def log(self) -> str:
        """Read what was printed on standard error."""
        return (self.folder / "err").read_text("utf-8")

    def asked(self, query: str) -> int:
        """Read one number from the store, without writing."""
        with sqlite3.connect(f"file:{self.workspace}/evenhand.sqlite?mode=ro", uri=True) as conn:
            return int(conn.execute(query).fetchone()[0])

    def workers(self) -> list[int]:
        """List the processes that work on this demo's folder, by what they were started with."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"worker" in words and any(str(self.folder).encode() in word for word in words):
                found.append(int(entry.name))
        return found


@contextmanager
def demonstrating(folder: Path, posts: int = 300):
    """Run `evenhand demo` until the block ends."""
    port, begun = free_port(), time.monotonic()
    command = [sys.executable, "-m", "evenhand.dashboard", "demo"]
    command += ["--posts", str(posts), "--port", str(port)]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            command, stdout=out, stderr=err, cwd=folder, env={**kept, "TMPDIR": str(folder)}
        )
        try:
            wait_for(lambda: answers(port), 60)
            yield Demo(process, port, folder, time.monotonic() - begun)
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def wait_for(what, within_s):
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    pytest.fail(f"nothing came within {within_s} seconds")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with demonstrating(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="module")
def browser():
    with browsing() as opened:
        yield opened


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def become(page, demo, name):
    """Sign in as one of the simulated people with one click."""
    page.goto(f"{demo.url}/login?lang=en")
    page.get_by_role("button", name=name).click()
    page.get_by_test_id("stAppViewContainer").wait_for()
    page.get_by_test_id("stHeading").first.wait_for()


def test_first_page_is_there_within_ten_seconds(running):
    """The server does not wait for the posts, and its page offers five people."""
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/login", timeout=10) as answer:
        page = answer.read().decode()
    printed = (running.folder / "out").read_text("utf-8")

    assert running.started_s < FIRST_PAGE_S
    assert list(PEOPLE) == re.findall(r"<b>(\w+)</b>", page)
    for name in PEOPLE:
        assert re.search(rf"^  {name} +\w+ +\S{{12}}$", printed, re.MULTILINE)


def test_preparation_ends_and_its_bar_goes(running, page):
    """The sign-in page shows how far the preparation is, and at its end the form for names."""
    wait_for(lambda: "kind=demo seconds=" in running.log, NEXT_POST_S)
    page.goto(f"{running.url}/login?lang=en")

    expect(page.get_by_label("Name")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert 300 <= running.asked("SELECT count(*) FROM post")
    assert "step_failed" not in running.log


@pytest.mark.parametrize("name", PEOPLE)
def test_one_click_leads_to_pages_without_an_error(running, page, name):
    """Everybody gets exactly the pages of their role, and each one is drawn."""
    wait_for(lambda: "kind=demo seconds=" in running.log, NEXT_POST_S)
    become(page, running, name)
    links = page.get_by_test_id("stSidebarNavLink")
    # A menu of one page is not drawn.
    shown = PEOPLE[name] if len(PEOPLE[name]) > 1 else ()
    expect(links).to_have_count(len(shown))
    assert list(shown) == [one.strip() for one in links.all_inner_texts()]

    for title in PEOPLE[name]:
        if shown:
            links.filter(has_text=title).click()
        expect(page.get_by_test_id("stHeading").filter(has_text=title).first).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=20_000)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert "page_failed" not in running.log


def test_trickle_brings_a_new_post_while_the_demo_runs(running):
    """A new post comes in by itself, dated now, and the store counts it."""
    wait_for(lambda: "kind=demo seconds=" in running.log, NEXT_POST_S)
    query = "SELECT count(*) FROM post"
    before = running.asked(query)
    wait_for(lambda: running.asked(query) > before, NEXT_POST_S)

    newest = running.asked("SELECT max(published_at) FROM post") / 1_000_000
    assert time.time() - newest < NEXT_POST_S


def test_sigterm_leaves_no_process_and_no_folder(tmp_path, page):
    """Also with a browser looking on, and in the middle of the preparation."""
    with demonstrating(tmp_path, posts=20_000) as demo:
        become(page, demo, "Hoa")
        workers = wait_for(demo.workers, END_S)
        demo.process.send_signal(signal.SIGTERM)
        code = demo.process.wait(END_S)

    assert 0 == code
    assert 1 == len(workers)
    assert [] == demo.workers()
    assert {"out", "err"} == {one.name for one in tmp_path.iterdir()}


def test_server_says_so_when_its_worker_is_gone(tmp_path):
    """The pages go on, and the terminal says what no longer happens and what to do."""
    with demonstrating(tmp_path) as demo:
        (worker,) = wait_for(demo.workers, END_S)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: "the worker ended with code" in demo.log, END_S)

        assert answers(demo.port)
    assert "start `evenhand worker`" in demo.log


def test_worker_ends_when_its_server_is_killed(tmp_path):
    """Nothing goes on in the background that nobody sees."""
    with demonstrating(tmp_path) as demo:
        wait_for(demo.workers, END_S)
        demo.process.kill()
        demo.process.wait(END_S)
        wait_for(lambda: not demo.workers(), END_S)

    assert [] == demo.workers()
