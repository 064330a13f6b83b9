"""The worker's loop: steps when they are due, failures that stay their own, an end when told."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from evenhand.classifiers import shelf
from evenhand.classifiers.shelf import Card
from evenhand.connectors.base import Tools
from evenhand.dashboard.jobs import (
    access,
    demo,
    demo_history,
    serving_model,
    sourcing,
    tasks,
    tryout,
)
from evenhand.dashboard.jobs.pulling import Means
from evenhand.dashboard.logs import ALLOWED, open_log
from evenhand.dashboard.worker import Bench, Done, Step, do_task, steps_of, work
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import SourceSpec, SourceState
from evenhand.data.settings import RetentionSettings, load_settings
from evenhand.data.store import models, sources
from evenhand.data.store import tasks as task_store
from evenhand.data.store.models import Model, ModelState
from evenhand.data.store.tasks import TaskState
from tests.audit_floor import audit_rows, put_day
from tests.fakes import FakeTagger
from tests.review_floor import item_row, put_items, put_post


class Loop:
    """A loop under a hand-wound clock, which ends after *rounds* sleeps."""

    def __init__(self, clock, rounds):
        self.clock = clock
        self.left = rounds
        self.sleeps = []
        self.stream = io.StringIO()

    def wait(self, seconds):
        """Move the clock instead of sleeping."""
        self.sleeps.append(seconds)
        self.left -= 1
        self.clock.advance(seconds=seconds)

    def run(self, steps, **more):
        """Run the steps and give the log's lines."""
        work(
            steps,
            now=self.clock.now,
            wait=self.wait,
            stopped=lambda: self.left <= 0,
            log=open_log(self.stream),
            **more,
        )
        return self.stream.getvalue().splitlines()


def step(name, every_s, run):
    return Step(name, timedelta(seconds=every_s), run)


@pytest.fixture
def bench(store, clock, tmp_path):
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    stream = io.StringIO()
    means = Means(
        store,
        load_settings(tmp_path),
        Tools(Pseudonyms(b"k" * 32), clock.now),
        FakeTagger(),
    )
    made = Bench(means, open_log(stream), lambda: False)
    return SimpleNamespace(it=made, stream=stream, store=store, clock=clock)


# ------------------------------------------------------------------------------ the loop


def test_steps_run_at_once_and_then_at_their_own_pace(clock):
    """Each step has its own pause, and the loop sleeps a second at most."""
    ran = []
    steps = [
        step("quick", 1, lambda: ran.append("quick") or Done()),
        step("slow", 10, lambda: ran.append("slow") or Done()),
    ]
    loop = Loop(clock, rounds=11)
    loop.run(steps)

    assert ran[:2] == ["quick", "slow"]
    assert (11, 2) == (ran.count("quick"), ran.count("slow"))
    assert set(loop.sleeps) == {1.0}


def test_step_may_say_itself_when_it_wants_to_run_again(clock):
    """The demo's trickle chooses each pause anew."""
    pauses = iter([0.25, 0.5, 100, 100])
    ran = []

    def run():
        ran.append(clock.now())
        return Done(again=timedelta(seconds=next(pauses)))

    begun = clock.now()
    Loop(clock, rounds=3).run([step("trickle", 1, run)])

    assert [0.0, 0.25, 0.75] == [(at - begun).total_seconds() for at in ran]


def test_failing_step_is_logged_by_its_kind_and_the_others_go_on(clock):
    """What an error says may quote a post, so only its kind and place are written down."""
    ran = []

    def fail():
        ran.append("bad")
        message = "bài đăng của một người"
        raise LookupError(message)

    steps = [step("bad", 1, fail), step("good", 1, lambda: ran.append("good") or Done())]
    lines = Loop(clock, rounds=40).run(steps)

    assert 40 == ran.count("good")
    assert 2 == ran.count("bad") == len(lines)
    assert all("event=step_failed step=bad error=LookupError" in line for line in lines)
    assert all("test_worker.py:" in line for line in lines)
    assert "người" not in "".join(lines)


def test_loop_ends_between_two_steps_when_told_to_stop(clock):
    """The present step is finished, the next one is not begun."""
    loop, ran = Loop(clock, rounds=1), []

    def last():
        ran.append("last")
        loop.left = 0
        return Done()

    loop.run([step("last", 1, last), step("never", 1, lambda: ran.append("never") or Done())])

    assert ["last"] == ran
    assert [] == loop.sleeps


def test_once_runs_every_step_and_does_not_sleep(clock):
    """`evenhand worker --once` is for a timer that starts it."""
    loop, ran = Loop(clock, rounds=5), []
    loop.run(
        [step(name, 9, lambda name=name: ran.append(name) or Done()) for name in "ab"], once=True
    )

    assert (["a", "b"], []) == (ran, loop.sleeps)


def test_step_is_logged_when_it_did_something(clock):
    """An idle worker is silent."""
    found = iter([0, 3, 0])
    steps = [step("sweep", 1, lambda: Done({"expired": next(found)}))]
    lines = Loop(clock, rounds=3).run(steps)

    assert 1 == len(lines)
    assert "event=step_finished step=sweep expired=3" in lines[0]


def test_log_holds_listed_keys_only():
    """A key that nobody allowed never reaches the log, whatever it holds."""
    stream = io.StringIO()
    open_log(stream).info("source_pulled", source="r/danang", text="Nước lên", author="An")
    line = stream.getvalue()

    assert "event=source_pulled source=r/danang" in line
    assert "Nước" not in line
    assert "author" not in line
    assert {"text", "name", "author", "password", "token"}.isdisjoint(ALLOWED)


# ------------------------------------------------------------------------------ the steps


def test_steps_take_back_claims_and_propose_the_settings_sources(bench, actors):
    """A claim that ran out is open again; what evenhand.toml lists waits for a second person."""
    from evenhand.dashboard.jobs import claims  # noqa: PLC0415 - beside its only use

    (item_id,) = put_items(bench.store, 1)
    claims.claim_next(bench.store, actors.an, now=bench.clock.now(), lease_minutes=5)
    bench.clock.advance(minutes=6)
    for one in steps_of(bench.it):
        one.run()

    assert "open" == item_row(bench.store, item_id).state
    assert [
        "tasks",
        "sync",
        "pull",
        "trial",
        "sweep",
        "statements",
        "waves",
        "examples",
        "profile",
        "audits",
        "retention",
        "whatif",
        "alerts",
    ] == [one.name for one in steps_of(bench.it)]


def test_audit_of_the_day_before_comes_before_retention(bench):
    """With texts held for a day only, retention waits half an hour after midnight for the draw."""
    settings = bench.it.means.settings
    short = settings.model_copy(update={"retention": RetentionSettings(unflagged_days=1)})
    it = replace(bench.it, means=replace(bench.it.means, settings=short))
    bench.clock.at = bench.clock.at.replace(hour=0, minute=14) + timedelta(days=1)
    # Erasable at once, and of a day that is over since 14 minutes.
    put_day(bench.store, [0.1] * 3, at=bench.clock.at - timedelta(days=1, minutes=10))
    steps = {one.name: one for one in steps_of(it)}
    early = (steps["audits"].run(), steps["retention"].run())
    bench.clock.advance(minutes=10)
    drawn = steps["audits"].run()
    bench.clock.advance(minutes=10)
    late = steps["retention"].run()

    assert (Done({"days": 0}), timedelta(minutes=15)) == (early[0], early[1].again)
    assert Done({"days": 1}) == drawn
    assert [("audited", 3, 3)] == [
        (one.state, one.frame, one.drawn) for one in audit_rows(bench.store)
    ]
    # What was drawn waits to be read.
    assert Done({"erased": 0}) == late


def test_task_of_an_unknown_kind_ends_with_a_sentence(bench, actors):
    """Nobody waits for a task that this worker cannot do."""
    tasks.ask(bench.store, actors.analyst, "export", {}, bench.clock.now())
    do_task(bench.it)
    task = tasks.latest(bench.store, actors.analyst, "export")

    assert TaskState.FAILED == task.state
    assert "at the terminal" in task.message


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("train", "no label yet"),
        ("thresholds", "were tried with"),
        ("learning_draw", "no unflagged post"),
        ("rescore", "is active by now"),
        ("drift", "try again tomorrow"),
        ("label_errors", ""),
    ],
)
def test_every_task_about_models_is_done_and_answered(bench, kind, said):
    """In an empty workspace each ends with a sentence; none is left running."""
    with bench.store.write() as conn:
        args = {"n": 3, "version": "team@1"}
        task_id = task_store.ask(conn, kind, args, person_id=None, now=bench.clock.now())
    do_task(bench.it)
    with bench.store.read() as conn:
        task = task_store.get(conn, task_id)

    assert task.state in {TaskState.DONE, TaskState.FAILED}
    assert said in task.message
    assert task.message


def test_rescoring_begins_with_the_model_that_was_promoted_a_second_ago(bench):
    """The worker looks for it, although it looked half a minute ago at the latest."""
    means = bench.it.means
    loaded = shelf.load()
    card = Card(**{**loaded.card.__dict__, "name": "team"})
    saved = shelf.save(replace(loaded, card=card), means.settings.workspace / "models" / "own")
    serving = serving_model.tagger_of(bench.store, means.settings, clock=bench.clock.now)
    with bench.store.write() as conn:
        put_post(conn, flagged=False)
        made = Model(saved.id, ModelState.ACTIVE, "own", saved.content_hash, {}, bench.clock.now())
        models.register(conn, made)
        task_store.ask(
            conn, "rescore", {"version": saved.id}, person_id=None, now=bench.clock.now()
        )
    do_task(replace(bench.it, means=replace(means, tagger=serving)))
    with bench.store.read() as conn:
        task = task_store.latest(conn, "rescore")

    assert TaskState.DONE == task.state, task.message


def test_pages_about_models_load_no_model_library():
    """The browser's process asks, shows and promotes; the worker trains and tags."""
    parts = ("promotion", "shadow", "draws", "doubts", "thresholds")
    names = ", ".join(f"retraining_{one}" for one in parts)
    program = (
        f"import sys; from evenhand.dashboard.jobs import retraining, {names}; "
        "print([m for m in sys.modules if m.startswith(('sklearn', 'scipy', 'evenhand.cla'))])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )

    assert "[]" == ended.stdout.strip()


def test_refused_model_is_logged_by_its_version_alone(bench):
    """Its sentence names a folder, and only listed keys get into the log."""
    folder = bench.it.means.settings.workspace / "models" / "team-1"
    folder.mkdir(parents=True)
    with bench.store.write() as conn:
        made = Model("team@1", ModelState.SHADOW, "team-1", "h", {}, bench.clock.now())
        models.register(conn, made)
    next(one for one in steps_of(bench.it) if one.name == "trial").run()

    assert "event=model_refused model=team@1" in bench.stream.getvalue()
    assert str(folder) not in bench.stream.getvalue()


def test_pull_that_was_asked_for_is_tried_and_answered(bench, actors):
    """The click on "Read now" gets an answer, here that the source's kind is unknown."""
    sourcing.propose(bench.store, actors.admin, SourceSpec("Bản tin", "nothing"), bench.clock.now())
    sourcing.approve(bench.store, actors.coordinator, "Bản tin", bench.clock.now())
    sourcing.pull_now(bench.store, actors.admin, "Bản tin", bench.clock.now())
    do_task(bench.it)
    with bench.store.read() as conn:
        task = task_store.latest(conn, sourcing.PULL)

    assert TaskState.FAILED == task.state
    assert task.message


@pytest.mark.parametrize(
    ("file", "state"), [("posts.csv", TaskState.DONE), ("missing.csv", TaskState.FAILED)]
)
def test_source_is_tried_before_it_is_approved(bench, actors, tmp_path, file, state):
    """A proposed source is tried without taking a post, and the answer is one sentence."""
    (tmp_path / "posts.csv").write_text("text\nNước lên nhanh\n", "utf-8")
    wanted = SourceSpec("Bản tin", "file", {"path": str(tmp_path / file)})
    sourcing.propose(bench.store, actors.admin, wanted, bench.clock.now())
    tasks.ask(bench.store, actors.admin, "test_source", {"source": "Bản tin"}, bench.clock.now())
    do_task(bench.it)
    task = tasks.latest(bench.store, actors.admin, "test_source")

    assert state == task.state
    assert task.message


def test_try_of_an_unknown_source_says_so(bench, actors):
    """A name that no source has gets a sentence too."""
    tasks.ask(bench.store, actors.admin, "test_source", {"source": "?"}, bench.clock.now())
    do_task(bench.it)
    task = tasks.latest(bench.store, actors.admin, "test_source")

    assert (TaskState.FAILED, True) == (task.state, "no source is called" in task.message)


def test_task_that_breaks_is_ended_and_told_to_the_log(bench):
    """A preparation whose arguments are damaged does not leave the bar on the page for ever."""
    with bench.store.write() as conn:
        task_store.ask(
            conn, tryout.PREPARATION, {"posts": "x"}, person_id=None, now=bench.clock.now()
        )
    with pytest.raises(KeyError):
        do_task(bench.it)

    assert tryout.preparation(bench.store) is None


def test_no_task_is_nothing_to_do(bench):
    """An empty list of tasks costs one look."""
    assert Done() == do_task(bench.it)
    assert "" == bench.stream.getvalue()


# ------------------------------------------------------------------------------ the demo


@pytest.fixture
def demonstration(store, clock, tmp_path):
    settings = demo.make_folder(tmp_path / "demo")
    demo.settle(store, demo.Plan(60, 3, clock.now()), clock.now())
    stream = io.StringIO()
    means = Means(store, settings, Tools(Pseudonyms(b"k" * 32), clock.now), FakeTagger())
    told = SimpleNamespace(stop=False)
    made = Bench(means, open_log(stream), lambda: told.stop)
    return SimpleNamespace(it=made, told=told, stream=stream, store=store, clock=clock)


def test_demo_is_prepared_and_then_trickles(demonstration):
    """The task fills the demo, and from then on new posts come in by themselves."""
    trickle = next(one for one in steps_of(demonstration.it) if one.name == "trickle")
    assert Done() == trickle.run()
    do_task(demonstration.it)
    before = demo_history.next_index(demonstration.store)
    demonstration.clock.advance(seconds=30)
    done = trickle.run()

    assert tryout.preparation(demonstration.store) is None
    assert (60, 61) == (before, demo_history.next_index(demonstration.store))
    assert timedelta(seconds=5) <= done.again <= timedelta(seconds=20)
    with demonstration.store.read() as conn:
        states = {one.state for one in sources.list_all(conn)}
    assert {SourceState.ACTIVE} == states
    assert "kind=demo" in demonstration.stream.getvalue()


def test_demo_that_is_stopped_is_given_back_and_finished_by_the_next_worker(demonstration):
    """Ctrl-C in the middle of the preparation costs nothing."""
    demonstration.told.stop = True
    do_task(demonstration.it)
    assert (0, 0) == tryout.preparation(demonstration.store)
    demonstration.told.stop = False
    do_task(demonstration.it)

    assert tryout.preparation(demonstration.store) is None
    assert 60 == demo_history.next_index(demonstration.store)


def test_demo_tells_how_far_it_is(demonstration):
    """The entrance reads the progress while the task runs."""
    seen = []
    demonstration.it = Bench(
        demonstration.it.means,
        demonstration.it.log,
        lambda: seen.append(tryout.preparation(demonstration.store)) or False,
    )
    do_task(demonstration.it)

    assert seen[0] == (0, 0)
    assert seen[-1][1] == 60
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert access.list_people(demonstration.store, access.operator())
