"""Pages of near-copies whose ingest is killed at every statement: the waves end as in one run.

Run by `make prove`; each ingest is a process of its own that ends itself by SIGKILL, on both
engines.  Half of the wave comes after its decision, and its first post is deleted meanwhile.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url, select

from evenhand.data import tables
from evenhand.data.store import sources, wave_members
from evenhand.data.store.connect import open_store
from evenhand.data.tables_review import item_text, signature, wave, wave_member
from tests.review_floor import replay, rolled_up, standing
from tests.wave_floor import claim, decide, post_id, put_floor
from tests.wave_puller import PAGES, pull

ROOT = Path(__file__).parent.parent.parent
LONGEST_S = 60
KILLED = -9


@pytest.fixture
def place(store, store_url, actors, tmp_path, request):
    """A store in which a wave of three was decided; `copy()` gives the address of a fresh copy."""
    put_floor(store)
    pull(store, PAGES[:1])
    floor = SimpleNamespace(store=store)
    two = [claim(floor, actors.an), claim(floor, actors.an)]
    first = str(post_id(floor, "k0"))
    decide(floor, actors.an, next(one for one in two if one.post_id == first))
    store.close()
    url = make_url(store_url)

    @contextmanager
    def copy():
        if url.get_backend_name() == "sqlite":
            path = tmp_path / "copy.sqlite"
            shutil.copyfile(url.database, path)
            yield f"sqlite:///{path}"
            for one in tmp_path.glob("copy.sqlite*"):
                one.unlink()
        else:
            with request.getfixturevalue("postgres").database(url.database) as made:
                yield made

    return SimpleNamespace(copy=copy)


@pytest.fixture
def puller():
    """A process that forks one that pulls, and is killed at a point; gives how it ended."""
    command = [sys.executable, "-m", "tests.wave_puller"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, bufsize=1, **pipes) as process:

        def run(url, point):
            process.stdin.write(f"{url} {point}\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield run
        process.stdin.close()
        process.wait(LONGEST_S)


def state(url):
    """Read what a store holds, by the names of its posts, and check that the figures agree."""
    store = open_store(url, migrate=False)
    try:
        found = _state(store)
        kept, anew = rolled_up(store)
        rows, logs = standing(store), replay(store)
    finally:
        store.close()

    assert kept == anew
    assert rows == logs
    return found


def _state(store):
    post, item, event = tables.post, tables.item, tables.item_event
    with store.read() as conn:
        posts = conn.execute(select(post).order_by(post.c.native_key)).all()
        name = {one.id: one.native_key for one in posts}
        item_name = {
            one.id: (name[one.post_id], one.queue, one.purpose)
            for one in conn.execute(select(item))
        }
        items = conn.execute(select(item)).all()
        events = conn.execute(select(event).order_by(event.c.id)).all()
        waves = {one.id: one for one in conn.execute(select(wave))}
        members = conn.execute(select(wave_member)).all()
        figures = [
            sorted(map(repr, conn.execute(select(table))))
            for table in (tables.rollup_post, tables.rollup_mark, tables.rollup_item)
        ]
        cursors = {one.name: one.cursor for one in sources.list_all(conn)}
        by_wave = wave_members.decided_by_wave(conn)
        texts = conn.execute(select(item_text)).all()
        signed = sorted(name[one.post_id] for one in conn.execute(select(signature)))
    return {
        "posts": [
            (one.native_key, one.version, one.flagged, bool(one.deleted_at)) for one in posts
        ],
        "items": sorted((*item_name[one.id], one.state) for one in items),
        "events": sorted((item_name[one.item_id], one.kind) for one in events),
        "waves": sorted((name[one.first_post_id], one.members) for one in waves.values()),
        "members": sorted(
            (
                name[one.post_id],
                name[waves[one.wave_id].first_post_id],
                round(one.similarity, 6),
                one.left_at is not None,
            )
            for one in members
        ),
        "texts": sorted((item_name[one.item_id], one.folded) for one in texts),
        "signed": signed,
        "figures": figures,
        "cursors": cursors,
        "decided_by_wave": by_wave,
    }


def test_waves_end_as_in_one_run_wherever_their_ingest_is_killed(place, puller):
    """Killed before its first statement, its second, and so on, each time from the same start."""
    with place.copy() as url:
        before = state(url)
        assert puller(url, 0) == 0
        whole = state(url)
        assert puller(url, 0) == 0
        assert state(url) == whole
    kills = 0
    while True:
        with place.copy() as url:
            if (ended := puller(url, kills + 1)) != KILLED:
                break
            kills += 1
            assert puller(url, 0) == 0
            assert state(url) == whole, f"killed before statement {kills}"
    print(f"{kills} kills, {make_url(url).get_backend_name()}")

    assert ended == 0
    assert kills > 4 * len(PAGES)
    assert len(before["members"]) == 3
    assert len(whole["posts"]) == 12
    # The second wave's item waits still; the first one's went with the post that it showed.
    assert [("k0", "harm", "review", "void"), ("o0", "harm", "review", "claimed")] == whole["items"]
    assert [("k0", 7), ("o0", 3)] == whole["waves"]
    assert 10 == len(whole["members"]) == len({one[0] for one in whole["members"]})
    assert 6 == whole["decided_by_wave"]


def test_ingest_that_is_killed_again_and_again_gets_there(place, puller):
    """Every run dies a little later than the one before; what they leave adds up to one run."""
    with place.copy() as url:
        puller(url, 0)
        whole = state(url)
    with place.copy() as url:
        kills = 0
        while puller(url, kills + 20) == KILLED:
            kills += 1
            assert kills < 200
        assert puller(url, 0) == 0
        found = state(url)

    assert kills >= 3
    assert whole == found
