"""The pictures of README and help, taken in a running demo: `python -m tests.make_pictures`.

`--all FOLDER` takes every page in both languages, both lights and two widths instead, to look at.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from tests.journeys.server import browsing, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

IMG = Path(__file__).parent.parent / "docs" / "img"
READY_S = 240.0
# The worker gives way to whoever clicks, so a busy machine takes its time.
TRAINING_MS = 600_000
CANDIDATE = re.compile("^team@")
LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}
WIDTHS = {"desk": (1440, 900), "telephone": (390, 844)}
# Who can open a page in the demo.
PEOPLE = {
    "review": "Lan",
    "requests": "Lan",
    "shift": "Lan",
    "overview": "Hoa",
    "coverage": "Hoa",
    "trends": "Hoa",
    "alerts": "Minh",
    "simulator": "Hoa",
    "reports": "Hoa",
    "queues": "Minh",
    "quality": "Minh",
    "policies": "Minh",
    "models": "Ana",
    "sources": "Minh",
    "care": "Lan",
}


@dataclass(frozen=True)
class Shot:
    """One picture: which page, in which language, light and width."""

    page: str
    lang: str = "en"
    scheme: str = "light"
    width: str = "desk"

    @property
    def name(self) -> str:
        """Name the file of a picture to look at."""
        return f"{self.page}-{self.lang}-{self.scheme}-{self.width}.png"


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo until the block ends and give its address once all posts are prepared."""
    port = free_port()
    command = [sys.executable, "-m", "evenhand.dashboard", "demo", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/login?lang=en", timeout=5) as answer:  # noqa: S310 - our own loopback
                if b"simulated posts" not in answer.read():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(1.0)
    message = f"the demo was not ready within {READY_S:.0f} seconds"
    raise TimeoutError(message)


@contextmanager
def opened(browser: Browser, url: str, shot: Shot) -> Iterator[Page]:
    """Sign in as whoever can see the page, choose the language and open it."""
    width, height = WIDTHS[shot.width]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.scheme
    )
    try:
        page = context.new_page()
        page.goto(f"{url}/login?lang={shot.lang}")
        page.get_by_role("button", name=PEOPLE[shot.page]).first.click()
        page.get_by_test_id("stHeading").first.wait_for()
        page.goto(f"{url}/{shot.page}")
        _settle(page)
        _speak(page, shot)
        yield page
    finally:
        context.close()


def _speak(page: Page, shot: Shot) -> None:
    on_telephone = shot.width == "telephone"
    if on_telephone:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebar").get_by_text(LANGUAGES[shot.lang], exact=True).click()
    _settle(page)
    if on_telephone:
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        _settle(page)


def _settle(page: Page) -> None:
    page.get_by_test_id("stHeading").first.wait_for()
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    # Charts and the card are drawn after the script has ended.
    page.wait_for_timeout(2_500)


def take_readme(browser: Browser, url: str) -> None:
    """Take the pictures of the README."""
    IMG.mkdir(exist_ok=True)
    with opened(browser, url, Shot("review")) as page:
        page.screenshot(path=IMG / "review.png")
    with opened(browser, url, Shot("requests", lang="vi")) as page:
        page.get_by_role("button", name="Trả lời", exact=True).first.click()
        _settle(page)
        page.screenshot(path=IMG / "requests.png")
    for name in ("overview", "coverage"):
        with opened(browser, url, Shot(name)) as page:
            page.screenshot(path=IMG / f"{name}.png")
    with opened(browser, url, Shot("simulator")) as page:
        # What it comes to stands below what can be tried.
        found = page.get_by_role("heading", name="What it comes to")
        found.evaluate("heading => heading.scrollIntoView()")
        _settle(page)
        page.screenshot(path=IMG / "simulator.png")
    with opened(browser, url, Shot("sources", scheme="dark")) as page:
        page.screenshot(path=IMG / "sources.png")


def train(browser: Browser, url: str) -> None:
    """Let the demo's worker train a candidate, so that the models page has one to show."""
    with opened(browser, url, Shot("models")) as page:
        page.get_by_role("button", name="Train a candidate").click()
        page.get_by_role("heading", name=CANDIDATE).wait_for(timeout=TRAINING_MS)


def take_candidate(browser: Browser, url: str) -> None:
    """Take the picture of the help page on retraining: a candidate with its comparison."""
    with opened(browser, url, Shot("models")) as page:
        made = page.get_by_role("heading", name=CANDIDATE)
        page.set_viewport_size({"width": WIDTHS["desk"][0], "height": 1_080})
        made.evaluate("heading => heading.scrollIntoView()")
        _settle(page)
        page.screenshot(path=IMG / "models.png")


def take_all(browser: Browser, url: str, folder: Path) -> None:
    """Take every page in every form, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for form in product(PEOPLE, LANGUAGES, ("light", "dark"), WIDTHS):
        shot = Shot(*form)
        with opened(browser, url, shot) as page:
            width, _ = WIDTHS[shot.width]
            tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": width, "height": min(int(tall) + 20, 6_000)})
            page.wait_for_timeout(1_500)
            page.screenshot(path=folder / shot.name)
            print(shot.name, file=sys.stderr)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    folder = parser.parse_args().all
    with demo() as url, browsing() as browser:
        train(browser, url)
        if folder is None:
            take_readme(browser, url)
            take_candidate(browser, url)
        else:
            take_all(browser, url, folder)


if __name__ == "__main__":
    main()
