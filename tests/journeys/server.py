"""Starts and stops a real server on a free loopback port, and a real browser to look at it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

START_S = 60.0
STOP_S = 15.0
# What has to be quick is measured in bench/; a busy machine is no reason for a journey to fail.
PATIENCE_MS = 20_000
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAM = """
import sys
from pathlib import Path
from evenhand.dashboard.asgi import serve
from evenhand.data.settings import load_settings
serve(load_settings(Path(sys.argv[1])), port=int(sys.argv[2]))
"""


@dataclass
class Server:
    """A running server; *started_s* is how long it took until it answered."""

    workspace: Path
    port: int
    process: subprocess.Popen[bytes]
    started_s: float = 0.0

    @property
    def url(self) -> str:
        """Give the address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Read what the server printed."""
        return (self.workspace / "server.log").read_text("utf-8")

    def kill(self) -> None:
        """End it by SIGKILL, as a crash would."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it again where it was, and wait until it answers."""
        begun = time.monotonic()
        self.process = _start(self.workspace, self.port)
        _wait(self.process, self.port, self.workspace)
        self.started_s = time.monotonic() - begun


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(workspace: Path, toml: str = "") -> Iterator[Server]:
    """Serve *workspace*, which gets an evenhand.toml if it has none, until the block ends."""
    workspace.mkdir(parents=True, exist_ok=True)
    settings = workspace / "evenhand.toml"
    if not settings.exists():
        settings.write_text(toml, "utf-8")
    port, begun = free_port(), time.monotonic()
    server = Server(workspace, port, _start(workspace, port))
    try:
        _wait(server.process, port, workspace)
        server.started_s = time.monotonic() - begun
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            server.kill()


def _start(workspace: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, str(workspace), str(port)]
    with (workspace / "server.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


def _wait(process: subprocess.Popen[bytes], port: int, workspace: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    message = f"the server did not start:\n{(workspace / 'server.log').read_text('utf-8')}"
    raise AssertionError(message)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start Chromium, whichever of its names it goes by here."""
    expect.set_options(timeout=PATIENCE_MS)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, server: Server, name: str, password: str) -> None:
    """Sign in through the form and wait until the dashboard is drawn."""
    page.goto(f"{server.url}/login?lang=en")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_test_id("stAppViewContainer").wait_for()
    page.get_by_test_id("stHeading").first.wait_for()
