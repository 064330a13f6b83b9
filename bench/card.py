"""How soon the next item is on screen after a key: the review card beside a bare Streamlit page.

Fills a workspace with synthetic posts through the real ingest (tagged by a stand-in that flags one
in eight, since the classifier has a bench of its own), serves it, and presses decision keys in
headless Chromium. The other side is the least that native Streamlit can do: a heading and nine
buttons with key shortcuts in one fragment, no store at all, with the same server options. Keys
alternate between the two, so that both meet the same load of the machine.

A time runs from the key event's own time stamp until after the frame that shows another item.
Then keys go to the card alone, five a second, to see whether it ever runs dry.

Prints one JSON line: times in ms, `ratio` is card p95 / fragment p95 (goal: `p95` at most 100).
`ack_*` is until the server has saved the decision; `dry` counts keys that met no item;
`cpu_ms_per_decision` is the serving process's CPU (null without /proc).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data.records import Band, Page, Post, Reason, Role, Score, SourceSpec, Tag, Upsert
from evenhand.data.settings import load_settings
from evenhand.data.store import sources
from evenhand.data.store.connect import open_store
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Page as Tab

    from evenhand.data.records import Text

ROOT = Path(__file__).resolve().parent.parent
NAME, PASSWORD = "An", "bench only, on loopback"
PAGE = 1_000
EVERY = 8
# Not hate or threats: their cover would hide what the bench wants to see painted.
LABELS = (Policy.SCAM_FRAUD, Policy.SPAM, Request.QUESTION)
WORDS = (
    *("nước", "lên", "ngập", "đường", "chợ", "trường", "hôm nay", "sáng mai", "bà con", "ơi"),
    *("the", "bus", "is", "late", "again", "tonight", "who", "knows", "when", "office", "opens"),
)
# Texts end in one of so many ways, and begin with a number of their own.
ENDINGS = 5_000
STEADY_S = 0.2
START_S = 60.0
FRAGMENT = """
import streamlit as st

def step():
    st.session_state.at += 1

@st.fragment
def card():
    st.header(f"Item {st.session_state.setdefault('at', 0)}")
    for number in range(1, 10):
        st.button(f"Decision {number}", shortcut=str(number), on_click=step)

card()
"""
# SHOWN is the expression that names the item on screen; a time is kept after the frame in which it
# has changed.
WATCH = """() => {
  window.shown = () => SHOWN
  window.times = []
  window.dry = 0
  window.addEventListener("keydown", (event) => {
    const before = window.shown()
    if (!before) { window.dry += 1; return }
    const look = () => window.shown() === before
      ? requestAnimationFrame(look)
      : requestAnimationFrame(() => setTimeout(keep))
    const keep = () => times.push(performance.now() - event.timeStamp)
    requestAnimationFrame(look)
  }, true)
}"""
CARD = 'document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot'
CARD_ITEM = f'{CARD}.querySelector(".eh").dataset.item'
FRAGMENT_ITEM = 'document.querySelector("[data-testid=stHeading]").textContent'
SAVED = f'() => !{CARD}.querySelector(".saved").classList.contains("unsaved")'


class Stand:
    """Tags by number: every eighth post is flagged for the next of LABELS."""

    model = "bench-1"

    def __init__(self) -> None:
        # What is said of a post is one of four things: made once, not for each of a million.
        self._said = {label: self._tag(label) for label in (None, *LABELS)}

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Tag each text by the number in its id."""
        return [replace(self._said[_label(int(one.id[3:]))], id=one.id) for one in texts]

    def _tag(self, label: Policy | Request | None) -> Tag:
        reason = () if label is None else (Reason(label, "model", "nước", ((0, 4),), 1.0),)
        return Tag(
            id="",
            lang="vi",
            topics={"weather": 0.8},
            civic=False,
            sentiment="neutral",
            sentiment_scores={"negative": 0.1, "neutral": 0.8, "positive": 0.1},
            harms={policy.value: _score(policy is label) for policy in Policy},
            requests={request.value: _score(request is label) for request in Request},
            reasons=reason,
            model=self.model,
        )


def _label(number: int) -> Policy | Request | None:
    return None if number % EVERY else LABELS[number // EVERY % len(LABELS)]


def _score(hit: bool) -> Score:  # noqa: FBT001 - a private switch
    return Score(0.9, Band.FLAG) if hit else Score(0.01, Band.NOTHING)


def fill(workspace: Path, posts: int) -> None:
    """Make a workspace with one reviewer and *posts* posts."""
    (workspace / "evenhand.toml").write_text("", "utf-8")
    store = open_store(load_settings(workspace).url)
    now, rng = datetime.now(UTC), random.Random(7)
    access.add_person(
        store,
        access.operator(),
        NAME,
        PASSWORD,
        roles=[Role.REVIEWER],
        team="Bench",
        now=now,
    )
    with store.write() as conn:
        source = sources.propose(conn, SourceSpec("bench", "file"), person_id=None, now=now).id
    endings, stand = [_words(rng) for _ in range(ENDINGS)], Stand()
    # One page at a time: memory is the same at any size.
    for start in range(0, posts, PAGE):
        made = [_post(number, endings, now) for number in range(start, min(posts, start + PAGE))]
        page = Page(tuple(map(Upsert, made)), {"at": start})
        ingest_page(store, source_id=source, page=page, tagger=stand, now=now)
    store.close()


def _words(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(4, 60)))


def _post(number: int, endings: Sequence[str], now: datetime) -> Post:
    return Post(
        native_key=f"key{number}",
        platform="reddit",
        content=f"nước {number} {endings[number % ENDINGS]}",
        published_at=now - timedelta(seconds=30 * number),
        fetched_at=now,
        reach=number * 7919 % 201,
    )


@contextmanager
def bare_page(folder: Path, port: int) -> Iterator[str]:
    """Serve the fragment page until the block ends."""
    script = folder / "fragment.py"
    script.write_text(FRAGMENT, "utf-8")
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "runner.postScriptGC": "false",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    with (folder / "fragment.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield _answering(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait()


def _answering(url: str) -> str:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return url
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    message = f"{url} did not answer within {START_S:.0f} s; see its log"
    raise RuntimeError(message)


def press(tab: Tab, key: str, number: int) -> None:
    """Press a key and wait until its time is known; *number* are known before."""
    tab.bring_to_front()
    tab.keyboard.press(key)
    tab.wait_for_function("(n) => window.times.length > n", arg=number)


def measure(card: Tab, bare: Tab, keys: int) -> tuple[list[float], list[float], list[float]]:
    """Press *keys* keys on either side in turn; give both times and the card's until saved."""
    acks = []
    for number in range(keys):
        begun = time.perf_counter()
        press(card, "n", number)
        card.wait_for_function(SAVED)
        acks.append(1000 * (time.perf_counter() - begun))
        press(bare, "1", number)
    return card.evaluate("times"), bare.evaluate("times"), acks


def steady(card: Tab, keys: int, pid: int) -> tuple[int, float | None]:
    """Press five keys a second; count those that met no item, and the CPU for each in ms."""
    card.bring_to_front()
    before = cpu_s(pid)
    for _ in range(keys):
        card.keyboard.press("n")
        time.sleep(STEADY_S)
    card.wait_for_function(SAVED)
    after = cpu_s(pid)
    spent = None if before is None or after is None else 1000 * (after - before) / keys
    return card.evaluate("dry"), spent


def cpu_s(pid: int) -> float | None:
    """Read how much CPU a process has used, where the system tells."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return None
    fields = path.read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def summary(times: list[float]) -> tuple[float, float]:
    """Give the median and the 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def run(posts: int, keys: int) -> dict[str, object]:
    """Fill, serve, press and sum up."""
    # The journeys' own helpers; bench/ is no package, so their folder is named here.
    sys.path.insert(0, str(ROOT))
    from tests.journeys.server import browsing, free_port, serving, sign_in  # noqa: PLC0415 - above

    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        workspace = Path(folder)
        begun = time.perf_counter()
        fill(workspace, posts)
        filled_s = time.perf_counter() - begun
        with (
            serving(workspace) as server,
            bare_page(workspace, free_port()) as address,
            browsing() as browser,
        ):
            card, bare = browser.new_page(), browser.new_page()
            sign_in(card, server, NAME, PASSWORD)
            bare.goto(address)
            bare.get_by_role("button", name="Decision 9").wait_for()
            card.wait_for_function(f"() => Boolean({CARD_ITEM})")
            card.evaluate(WATCH.replace("SHOWN", CARD_ITEM))
            bare.evaluate(WATCH.replace("SHOWN", FRAGMENT_ITEM))
            ours, theirs, acks = measure(card, bare, keys)
            dry, cpu_ms = steady(card, keys, server.process.pid)
    p50, p95 = summary(ours)
    bare_p50, bare_p95 = summary(theirs)
    ack_p50, ack_p95 = summary(acks)
    return {
        "bench": "card",
        "p50": round(p50, 1),
        "p95": round(p95, 1),
        "fragment_p50": round(bare_p50, 1),
        "fragment_p95": round(bare_p95, 1),
        "ratio": round(p95 / bare_p95, 3),
        "ack_p50": round(ack_p50, 1),
        "ack_p95": round(ack_p95, 1),
        "dry": dry,
        "cpu_ms_per_decision": None if cpu_ms is None else round(cpu_ms, 1),
        "n": keys,
        "posts": posts,
        "fill_s": round(filled_s, 1),
    }


def main() -> None:
    """Read the options and print the JSON line."""
    reader = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    reader.add_argument("--posts", type=int, default=100_000, help="posts in the workspace")
    reader.add_argument("--keys", type=int, default=60, help="decision keys on either side")
    options = reader.parse_args()
    print(json.dumps(run(options.posts, options.keys)))


if __name__ == "__main__":
    main()
