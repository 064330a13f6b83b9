"""`evenhand pull` as an operator meets it: real praw, real model, a server of recorded answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import access, sourcing
from evenhand.data import tables
from evenhand.data.records import Actor, Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.conftest import NOON
from tests.connectors.reddit_server import (
    BROKEN,
    COMMENTS,
    ENVIRON,
    LONG,
    SECRET,
    SUBMISSIONS,
    Answer,
    RedditServer,
    names_of,
    recorded,
    settings_block,
)

NAME = "hỏi đáp"


@pytest.fixture
def reddit(shared):
    server = RedditServer(shared)
    server.serve("new", recorded(shared, SUBMISSIONS)[0])
    server.serve("comments", *recorded(shared, COMMENTS))
    yield server
    server.close()


@pytest.fixture
def place(tmp_path, reddit):
    """A workspace whose evenhand.toml lists one source, and the command line in it."""
    folder = tmp_path / "ws"
    said = []

    def start(*arguments):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
        return subprocess.Popen(
            [sys.executable, "-m", "evenhand.dashboard", *arguments, "--workspace", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=clean | ENVIRON,
        )

    def evenhand(*arguments):
        process = start(*arguments)
        out, errors = process.communicate(timeout=120)
        said.append(out + errors)
        return SimpleNamespace(returncode=process.returncode, stdout=out, stderr=errors)

    assert 0 == evenhand("init").returncode
    # A known key: hashes of another one could hold a name of four letters by chance.
    (folder / "keys").mkdir(mode=0o700)
    key = folder / "keys" / "pseudonyms.key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    with (folder / "evenhand.toml").open("a", encoding="utf-8") as file:
        file.write(settings_block(reddit, NAME))
    return SimpleNamespace(folder=folder, start=start, run=evenhand, said=said, reddit=reddit)


def in_store(place, job):
    """Do *job* with the workspace's store."""
    store = open_store(f"sqlite:///{place.folder / 'evenhand.sqlite'}")
    try:
        return job(store)
    finally:
        store.close()


def approve(place):
    """Let a second person approve the source, as on the Sources page."""

    def job(store):
        number = access.add_person(
            store,
            access.operator(),
            "Lan",
            "a-long-password",
            roles=[Role.COORDINATOR],
            team="Tổ trực",
            now=NOON,
        )
        person = Actor(number, "Lan", frozenset({Role.COORDINATOR}), "1")
        sourcing.approve(store, person, NAME, NOON)

    in_store(place, job)


def propose_and_approve(place):
    """Propose what the settings list, as any `evenhand pull` does, and approve it."""
    settings = load_settings(place.folder)
    in_store(place, lambda store: sourcing.sync_sources(store, settings, NOON))
    approve(place)


def search(place, shared):
    """List the author names and post ids of the recordings that any file of the workspace holds."""
    answers = [recorded(shared, SUBMISSIONS)[0], recorded(shared, COMMENTS)[0]]
    ids = {child["data"]["name"] for answer in answers for child in answer.children}
    files = [path for path in place.folder.rglob("*") if path.is_file()]
    stored = b"\n".join([*place.said, *(path.read_bytes() for path in files)]).lower()
    # The search finds what is there: a title, in the store or in its write-ahead log.
    assert answers[0].children[5]["data"]["title"].encode().lower() in stored
    assert SECRET.encode() not in stored
    return [one for one in names_of(*answers) | ids if one.lower().encode() in stored]


def posts(place):
    def job(store):
        with store.read() as conn:
            return conn.execute(select(func.count()).select_from(tables.post)).scalar_one()

    return in_store(place, job)


def test_pull_keeps_what_was_recorded_and_no_name(place, shared):
    """From the settings to stored posts: two persons, every post once, no author's name at all."""
    proposed = place.run("pull")
    refused = place.run("pull", NAME)
    unread = len(place.reddit.hits)
    approve(place)
    first = place.run("pull", "--json")
    again = place.run("pull", NAME, "--json")
    counted = json.loads(first.stdout)
    assert (0, 2, 0) == (proposed.returncode, refused.returncode, unread)
    assert b"waits for a second person" in proposed.stderr
    assert b"waits for a second person" in refused.stderr
    assert (0, 0) == (first.returncode, again.returncode), first.stderr
    assert (200, 200, 0, 0) == tuple(
        counted[name] for name in ("read", "kept", "duplicate", "set_aside")
    )
    assert [(NAME, 200, "active", None)] == [
        (one["name"], one["kept"], one["state"], one["error"]) for one in counted["sources"]
    ]
    assert (0, 200) == (json.loads(again.stdout)["kept"], posts(place))
    assert b"200 read, 200 kept" in first.stderr
    assert [] == search(place, shared)
    assert len(names_of(*recorded(shared, SUBMISSIONS), *recorded(shared, COMMENTS))) > 150


def test_pull_says_what_went_wrong_and_fails(place):
    """A source in trouble is printed with its state and its sentence; the exit code is 1."""
    propose_and_approve(place)
    place.reddit.spoil("new", BROKEN["html"], times=0)
    dry = place.run("pull", "--dry-run")
    unasked = len(place.reddit.hits)
    failed = place.run("pull")
    place.reddit.mend()
    place.reddit.spoil("comments", lambda one: Answer(429, {"Retry-After": "600"}, one.body))
    waiting = place.run("pull", NAME)
    early = place.run("pull", NAME, "--json")

    assert (0, f"{NAME}\n", 0) == (dry.returncode, dry.stdout.decode(), unasked)
    assert (1, 1, 1) == (failed.returncode, waiting.returncode, early.returncode)
    assert f"{NAME}: 0 read, 0 kept".encode() in failed.stdout
    assert b"failing" in failed.stdout
    assert b"it is tried again" in failed.stdout
    assert f"{NAME}: 100 read, 100 kept".encode() in waiting.stdout
    assert b"waiting until 20" in waiting.stdout
    assert b"reddit asks to wait" in waiting.stdout
    assert "waiting" == json.loads(early.stdout)["sources"][0]["state"]
    assert 1 == place.reddit.count("comments")
    assert 100 == posts(place)


def test_pull_that_is_killed_between_two_pages_goes_on_where_it_was(place, shared):
    """SIGKILL while a page is asked for; the next pull starts at once and misses nothing."""
    pages = recorded(shared, LONG)[5:]
    place.reddit.serve("comments", *pages)
    propose_and_approve(place)
    running = []

    def kill(_):
        if running and place.reddit.count("comments") == 3:
            running.pop().kill()

    place.reddit.on_hit = kill
    killed = place.start("pull", "--json")
    running.append(killed)
    out, _ = killed.communicate(timeout=60)
    before, left = posts(place), search(place, shared)
    ended = json.loads(place.run("pull", "--json").stdout)
    again = json.loads(place.run("pull", NAME, "--json").stdout)
    expected = 100 + sum(len(page.children) for page in pages)

    assert (-9, b"") == (killed.returncode, out)
    assert 100 < before < expected
    assert expected == before + ended["kept"] == posts(place)
    assert 0 == again["kept"]
    assert [] == left


def test_pull_of_an_unknown_source_is_wrong_use(place):
    """A name that no source has ends with 2 and lists the names that there are."""
    ended = place.run("pull", "nobody")

    assert 2 == ended.returncode
    assert "no source is called 'nobody'" in ended.stderr.decode()
    assert NAME in ended.stderr.decode()
    assert b"" == ended.stdout
