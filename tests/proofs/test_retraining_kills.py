"""Re-scorings and draws killed at every commit, and trainings midway: the end is as of one run.

Run by `make prove`; each task runs in a process of its own, with the real models, and is killed by
SIGKILL before or after one of its commits, on both engines.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from evenhand.classifiers import shelf
from evenhand.classifiers.shelf import Card
from evenhand.dashboard.jobs import serving_model
from evenhand.data import tables
from evenhand.data.records import Text
from evenhand.data.settings import Settings
from evenhand.data.store import models, rescoring, shipped, tasks
from evenhand.data.store.arrivals import Stored
from evenhand.data.store.models import Model, ModelState
from tests.fakes import FakeTagger
from tests.retraining_floor import decided
from tests.review_floor import NOON, put_post, rolled_up

ROOT = Path(__file__).parent.parent.parent
LONGEST_S = 300
# Six batches with one commit each, a task's start and end, and what registers the model.
MOST_COMMITS = 40
RISK = "I want to kill myself tonight, I have the pills ready"
WORKER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from evenhand.dashboard.jobs import retraining_drawing, retraining_rescore, retraining_run
from evenhand.dashboard.jobs import serving_model, tasks
from evenhand.data.settings import Settings
from evenhand.data.store.connect import open_store

url, folder, when, last, seconds = sys.argv[1:]
store, left, settings = open_store(url), int(last), Settings(workspace=Path(folder))
now = lambda: datetime.fromtimestamp(float(seconds), UTC)

def count(_conn):
    # "commit" comes before the engine's own commit, "begin" after the commit of what was before.
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(store._writer, when, count)
task = tasks.next_task(store, now())
if task.kind == "rescore":
    tagger = serving_model.tagger_of(store, settings, clock=now)
    retraining_rescore.rescore(store, tagger, task, clock=now, at_once=5)
elif task.kind == "learning_draw":
    retraining_drawing.run_task(store, task, now)
else:
    retraining_run.run_task(retraining_run.Means(store, settings, now), task)
"""


@pytest.fixture
def place(store, store_url, actors, tmp_path):
    """Thirty tagged posts, a third of which only the promoted model would put before people."""
    loaded = shelf.load()
    card = Card(**{**loaded.card.__dict__, "name": "team"})
    saved = shelf.save(replace(loaded, card=card), tmp_path / "models" / "own")
    with store.write() as conn:
        shipped.ensure(conn, NOON)
        for at in range(30):
            text = f"{RISK}, goodbye {chr(97 + at)}" if at % 3 == 0 else f"Cầu {at} mở cửa lại rồi"
            post_id = put_post(conn, text, flagged=False, lang="en" if at % 3 == 0 else "vi")
            (tag,) = FakeTagger().tag([Text("1", text)])
            rescoring.put_tags(conn, [(Stored(post_id, 1), tag)], shadow=False, now=NOON)

    def ask(kind, args):
        with store.write() as conn:
            if kind == "rescore":
                made = Model(saved.id, ModelState.ACTIVE, "own", saved.content_hash, {}, NOON)
                models.register(conn, replace(made, card=asdict(saved)))
            return tasks.ask(conn, kind, args, person_id=actors.coordinator.id, now=NOON)

    def start(when, last, at):
        arguments = [store_url, str(tmp_path), when, str(last), str(at.timestamp())]
        return subprocess.Popen(
            [sys.executable, "-c", WORKER, *arguments], cwd=ROOT, stderr=subprocess.PIPE
        )

    def finish(process):
        _, err = process.communicate(timeout=LONGEST_S)
        assert process.returncode in {0, -9}, err.decode()[-2000:]
        return process.returncode == 0

    return SimpleNamespace(
        store=store, ask=ask, start=start, finish=finish, folder=tmp_path, model=saved.id
    )


def run_with_kills(place, when):
    """Kill the first run at its first commit, the next at its second, until one comes through."""
    at = NOON
    for last in range(1, MOST_COMMITS):
        if place.finish(place.start(when, last, at)):
            return last - 1
        # So long a silence means that the worker died.
        at += timedelta(minutes=6)
    pytest.fail("no run came through")


def state_of(place, kind):
    with place.store.read() as conn:
        found = tasks.latest(conn, kind)
    return found.state.value, found.message


def count(place, table, *where):
    with place.store.read() as conn:
        return conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


@pytest.mark.parametrize("when", ["commit", "begin"])
def test_rescoring_comes_through_with_every_post_once(place, when):
    """Thirty tags, ten flags, ten items, and roll-ups that agree."""
    place.ask("rescore", {"version": place.model})
    kills = run_with_kills(place, when)
    kept, anew = rolled_up(place.store)

    assert kills > 3
    assert ("done", "30 posts were tagged again, 10 of them are new in the queue") == state_of(
        place, "rescore"
    )
    assert 30 == count(place, tables.tag, tables.tag.c.model.not_in(["fake-1"]))
    assert 10 == count(place, tables.item) == count(place, tables.post, tables.post.c.flagged)
    assert 10 == count(place, tables.flag)
    assert kept == anew


@pytest.mark.parametrize("when", ["commit", "begin"])
def test_draw_spends_its_budget_once(place, when):
    """However often its worker died."""
    place.ask("learning_draw", {"n": 9})
    run_with_kills(place, when)

    assert ("done", "9 posts were drawn into the queue") == state_of(place, "learning_draw")
    assert 9 == count(place, tables.draw) == count(place, tables.item) == count(place, tables.flag)


@pytest.mark.parametrize("share", [2, 30])
def test_training_that_is_killed_leaves_the_active_model_serving(place, clock, share):
    """Nothing is on the shelf, the shipped model tags, and the next run comes to a candidate."""
    decided(place.store, 1_200)
    place.ask("train", {})
    process = place.start("commit", 10**9, NOON)
    while _done(place) < share:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            pytest.fail(f"the training ended before {share} %: {state_of(place, 'train')}")
    process.kill()
    place.finish(process)
    settings = Settings(workspace=place.folder)
    serving = serving_model.tagger_of(place.store, settings, clock=clock.now)
    assert ["builtin"] == _names(place)
    assert serving.model.startswith("builtin@")
    with place.store.write() as conn:
        conn.execute(update(tables.task).values(beat_at=NOON - timedelta(minutes=6)))

    assert place.finish(place.start("commit", 10**9, NOON))
    assert ["builtin", "team"] == _names(place)
    assert "done" == state_of(place, "train")[0]
    assert [] == list(place.folder.rglob(".unfinished*"))


def _done(place):
    with place.store.read() as conn:
        return tasks.latest(conn, "train").done


def _names(place):
    with place.store.read() as conn:
        return sorted(one.version.partition("@")[0] for one in models.list_all(conn))
