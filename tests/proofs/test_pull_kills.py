"""Pulls that are killed at every commit: nothing is lost, nothing comes twice, no name stays.

Run by `make prove`; each pull is a process of its own with the real praw, and is killed by SIGKILL
before or after one of its commits, on both engines.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import sourcing
from evenhand.data import tables
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.store import rollups_anew, sources
from tests.conftest import NOON
from tests.connectors.reddit_server import (
    LONG,
    SUBMISSIONS,
    RedditServer,
    names_of,
    recorded,
    source_of,
)

ROOT = Path(__file__).parent.parent.parent
NAME = "hỏi đáp"
KEY = b"k" * 32
LONGEST_S = 120
# Three pages of comments and two of submissions, each a commit with its cursor and one for the
# lease; then one for the lease, the state and its end.
MOST_COMMITS = 40
PULLER = """
import json, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from evenhand.connectors.base import Tools
from evenhand.dashboard.jobs import pulling
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.settings import Settings
from evenhand.data.store.connect import open_store
from tests.connectors.reddit_server import ENVIRON
from tests.fakes import FakeTagger

url, folder, name, when, last = sys.argv[1:]
store, left = open_store(url), int(last)

def count(_conn):
    # "commit" comes before the engine's own commit, "begin" after the commit of what was before.
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(store._writer, when, count)
now = lambda: datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
means = pulling.Means(store, Settings(workspace=Path(folder)),
                      Tools(Pseudonyms(b"k" * 32), now, ENVIRON), FakeTagger())
ended = pulling.pull_through(means, name)
print(json.dumps([ended.state, ended.error, ended.counts.kept, left]))
"""


@pytest.fixture
def reddit(shared):
    server = RedditServer(shared)
    server.serve("new", recorded(shared, SUBMISSIONS)[0])
    server.serve("comments", *recorded(shared, LONG)[8:])
    yield server
    server.close()


@pytest.fixture
def puller(store, store_url, reddit, actors, tmp_path):
    """Start one pull that is killed at its *last*-th commit (0: never); gives what it printed."""
    sourcing.propose(store, actors.admin, source_of(reddit, NAME), NOON)
    sourcing.approve(store, actors.coordinator, NAME, NOON)

    def pull(when, last):
        ended = subprocess.run(
            [sys.executable, "-c", PULLER, store_url, str(tmp_path), NAME, when, str(last)],
            cwd=ROOT,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
        assert ended.returncode in {0, -9}, ended.stderr.decode()
        return json.loads(ended.stdout) if ended.returncode == 0 else None

    return pull


def expected(reddit):
    """List the keys of all posts that the server has."""
    keys = Pseudonyms(KEY)
    return sorted(
        keys.native("reddit", child["data"]["name"])
        for answer in reddit.answers.values()
        for child in answer.children
    )


@pytest.fixture
def empty(store, puller):  # noqa: ARG001 - what it put in stays
    """Take everything out that pulls put in, and free the source."""
    with store.read() as conn:
        pulled = [
            table
            for table in reversed(tables.metadata.sorted_tables)
            if conn.execute(select(table).limit(1)).first() is None
        ]

    def take_out():
        with store.write() as conn:
            for table in pulled:
                conn.execute(table.delete())
            conn.execute(
                tables.source.update().values(
                    cursor=None, lease_by=None, lease_until=None, next_run_at=None, state="active"
                )
            )

    return take_out


def rows(store, table):
    with store.read() as conn:
        return sorted(map(repr, conn.execute(select(table))))


def written(store):
    """Read the store's file and write-ahead log as they lie on the disk; nothing on PostgreSQL.

    Another process reads: closing the file here would let go of the locks that SQLite holds on it.
    """
    if not store.is_sqlite:
        return b""
    files = sorted(store.path.parent.glob(f"{store.path.name}*"))
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout.lower()


def check_whole(store, reddit):
    """Every post is there once, with one version and its items, and the figures add up."""
    with store.read() as conn:
        keys = sorted(conn.execute(select(tables.post.c.native_key)).scalars())
        versions = conn.execute(select(func.count()).select_from(tables.post_version)).scalar_one()
        flagged = conn.execute(select(func.count()).where(tables.post.c.flagged)).scalar_one()
        items = conn.execute(select(tables.item.c.post_id)).scalars().all()
        cursor = sources.get(conn, NAME).cursor["walk"]
    figures = (tables.rollup_post, tables.rollup_mark, tables.rollup_item)
    before = [rows(store, table) for table in figures]
    with store.write() as conn:
        rollups_anew.rebuild(conn)

    assert expected(reddit) == keys
    assert len(keys) == versions
    assert flagged == len(items) == len(set(items)) > 0
    assert [rows(store, table) for table in figures] == before
    assert [] == rows(store, tables.gap)
    assert [] == cursor["waiting"]
    assert all(walk["in_progress"] is None for walk in cursor["walks"].values())


@pytest.mark.parametrize("when", ["commit", "begin"])
def test_pull_that_is_killed_at_any_commit_loses_nothing(store, reddit, puller, empty, when):
    """Killed at its first commit, its second, and so on; each time it is pulled to its end."""
    names = names_of(*(one for one in reddit.answers.values() if one.children), keys=("author",))
    kills = 0
    for last in range(1, MOST_COMMITS):
        if puller(when, last) is not None:
            break
        kills += 1
        found = written(store)
        assert [] == [one for one in names if one.lower().encode() in found]
        state, error, _, _ = puller(when, 0)
        check_whole(store, reddit)
        assert ("active", None) == (state, error)
        # Once more: nothing is new.
        assert 0 == puller(when, 0)[2]
        empty()
    print(f"{kills} kills at {when}, {'SQLite' if store.is_sqlite else 'PostgreSQL'}")

    assert 10 <= kills < MOST_COMMITS - 1


def test_pull_that_is_killed_again_and_again_gets_there(store, reddit, puller):
    """Every run is killed at its fifth commit, after two pages; the walk comes through."""
    runs = 0
    while len(rows(store, tables.post)) < len(expected(reddit)):
        assert puller("commit", 5) is None
        runs += 1
        assert runs < 10
    last = puller("commit", 0)
    check_whole(store, reddit)

    assert runs >= 2
    assert ["active", None, 0] == last[:3]
