"""Machine tasks: asked for, taken once, reported on, taken again when a worker dies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evenhand.data.store import tasks
from evenhand.data.store.tasks import TaskState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)


def ask(store, kind="pull", **args):
    with store.write() as conn:
        return tasks.ask(conn, kind, args, person_id=None, now=NOW)


def take(store, now=NOW):
    with store.write() as conn:
        return tasks.next_task(conn, now=now, patience=PATIENCE)


def test_task_waits_as_it_was_asked_for(store):
    """Kind and arguments are kept; nothing is done yet."""
    task_id = ask(store, source="r/đànẵng")
    with store.read() as conn:
        found = tasks.get(conn, task_id)

    assert (found.kind, found.args, found.state) == (
        "pull",
        {"source": "r/đànẵng"},
        TaskState.ASKED,
    )
    assert (found.done, found.total, found.message, found.started_at) == (0, 0, "", None)


def test_tasks_are_taken_in_order_and_once(store):
    """The one that waits longest comes first, and no worker gets one that another has."""
    first, second = ask(store), ask(store, "export")

    assert [take(store).id, take(store).id, take(store)] == [first, second, None]


def test_task_is_taken_again_when_its_worker_went_silent(store):
    """A sign of life keeps it; after five silent minutes another worker has it."""
    task_id = ask(store)
    take(store)
    with store.write() as conn:
        later = NOW + timedelta(minutes=4)
        tasks.progress(conn, task_id, done=1, total=3, message="page 1", now=later)

    assert take(store, NOW + timedelta(minutes=8)) is None
    again = take(store, NOW + timedelta(minutes=9))
    assert (again.id, again.state, again.done) == (task_id, TaskState.RUNNING, 1)


@pytest.mark.parametrize(("ok", "state"), [(True, TaskState.DONE), (False, TaskState.FAILED)])
def test_task_ends_once(store, ok, state):
    """A late report or a second end of a worker that was given up changes nothing."""
    task_id = ask(store)
    take(store)
    with store.write() as conn:
        tasks.finish(conn, task_id, ok=ok, message="40 posts", now=NOW)
        tasks.progress(conn, task_id, done=9, total=9, message="late", now=NOW + PATIENCE)
        tasks.finish(conn, task_id, ok=not ok, message="late", now=NOW + PATIENCE)
        found = tasks.get(conn, task_id)

    assert (found.state, found.message, found.ended_at) == (state, "40 posts", NOW)
    assert take(store, NOW + 2 * PATIENCE) is None


def test_task_that_nobody_runs_takes_no_report(store):
    """Only a running task can be reported on."""
    task_id = ask(store)
    with store.write() as conn:
        tasks.finish(conn, task_id, ok=True, message="x", now=NOW)

        assert tasks.get(conn, task_id).state is TaskState.ASKED


def test_latest_is_the_task_of_a_kind_that_was_asked_for_last(store):
    """Other kinds do not count."""
    ask(store)
    wanted = ask(store)
    ask(store, "export")
    with store.read() as conn:
        assert tasks.latest(conn, "pull").id == wanted
        assert tasks.latest(conn, "train") is None
        assert tasks.get(conn, "404") is None
