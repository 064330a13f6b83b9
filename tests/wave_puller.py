"""Takes pages of near-copies in, from where their sources' cursors stand, until it is killed.

`python -m tests.wave_puller` reads lines "URL POINT" and forks one process for each, which ends
itself by SIGKILL before its POINT-th statement or commit (0: never); its exit code is printed.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta

from sqlalchemy import event

from evenhand.dashboard.jobs.grouping import Groups
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data.records import Delete, Page, Post, Upsert
from evenhand.data.store import sources
from evenhand.data.store.connect import open_store
from tests.conftest import NOON
from tests.fakes import FakeTagger
from tests.wave_floor import NEAR, OTHER, SCAM

NAMES = ("nguồn một", "nguồn hai")


def a_post(key, text, at=0):
    """Make a post, or the state it has *at* that many minutes past noon."""
    return Upsert(
        Post(
            native_key=key,
            platform="reddit",
            content=text,
            published_at=NOON - timedelta(hours=1),
            fetched_at=NOON + timedelta(minutes=at),
            updated_at=NOON + timedelta(minutes=at) if at else None,
            author_ref=f"author of {key}",
        )
    )


# Which source each page is from, and what is on it; the first is there before anybody is killed.
PAGES = (
    (0, (a_post("k0", SCAM), a_post("k1", NEAR), a_post("k2", SCAM), a_post("o0", OTHER))),
    (
        1,
        (
            a_post("k3", SCAM.upper()),
            a_post("k4", NEAR),
            a_post("k5", SCAM + " !"),
            a_post("o1", OTHER),
            a_post("p0", "Cầu mở cửa lại rồi"),
        ),
    ),
    # A copy becomes something else, another one and the first of its wave are deleted.
    (0, (a_post("k1", "Cầu đóng cửa", at=2), Delete("k2", "gone"), Delete("k0", "gone"))),
    (1, (a_post("k6", SCAM), a_post("k3", SCAM), a_post("o2", OTHER + " nhé"))),
    (0, (a_post("p1", "Trời đẹp"),)),
)


def pull(store, pages=PAGES):
    """Ingest every page that its source's cursor has not passed."""
    groups = Groups()
    for at, (number, events) in enumerate(pages):
        with store.read() as conn:
            source = sources.get(conn, NAMES[number])
        if (source.cursor or {"next": 0})["next"] > at:
            continue
        ingest_page(
            store,
            source_id=source.id,
            page=Page(events, {"next": at + 1}),
            tagger=FakeTagger(),
            now=NOON + timedelta(minutes=at),
            groups=groups,
        )


def pull_until(url, point):
    """Pull, and die before statement or commit number *point* of the writer."""
    store, left = open_store(url, migrate=False), point

    def count(*_):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if point:
        event.listen(store._writer, "before_cursor_execute", count)
        event.listen(store._writer, "commit", count)
    pull(store)
    store.close()


def main():
    """Fork a process for each line."""
    for line in sys.stdin:
        url, point = line.split()
        child = os.fork()
        if not child:
            pull_until(url, int(point))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
