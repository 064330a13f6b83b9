"""Machine work: who may ask for what, and how far it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs import access, tasks
from evenhand.dashboard.jobs.tasks import PATIENCE, ROLES, TaskKind
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.records import Role
from evenhand.data.store.tasks import TaskState
from tests.conftest import NOON

WHO = {
    "an": Role.REVIEWER,
    "coordinator": Role.COORDINATOR,
    "leader": Role.LEADER,
    "analyst": Role.ANALYST,
    "admin": Role.ADMIN,
}


@pytest.mark.parametrize("kind", list(TaskKind))
@pytest.mark.parametrize("name", WHO)
def test_task_is_asked_for_by_those_whose_work_it_is(store, actors, name, kind):
    """Each kind has its roles; others are refused and nothing is queued."""
    actor = getattr(actors, name)
    if WHO[name] in ROLES[kind]:
        task_id = tasks.ask(store, actor, kind, {}, NOON)

        assert tasks.latest(store, actor, kind).id == task_id
        return
    with pytest.raises(NotAllowed):
        tasks.ask(store, actor, kind, {}, NOON)
    with pytest.raises(NotAllowed):
        tasks.latest(store, actor, kind)
    assert tasks.next_task(store, NOON) is None


def test_every_kind_has_its_roles():
    """A kind that is added says who may ask for it."""
    assert set(ROLES) == set(TaskKind)
    assert not [kind for kind, roles in ROLES.items() if Role.REVIEWER in roles]


@pytest.mark.parametrize("kind", ["", "shell", "TRAIN", "train; export"])
def test_task_of_an_unknown_kind_is_refused(store, actors, kind):
    """The sentence names the kinds there are."""
    with pytest.raises(InputError, match="the worker knows train"):
        tasks.ask(store, actors.admin, kind, {}, NOON)


def test_operator_at_the_terminal_may_ask(store):
    """Nobody's name is written down for it."""
    task_id = tasks.ask(store, access.operator(), TaskKind.PULL, {"source": "s"}, NOON)
    found = tasks.latest(store, access.operator(), TaskKind.PULL)

    assert (found.id, found.asked_by, found.args) == (task_id, None, {"source": "s"})


def test_progress_and_end_are_seen_by_those_who_asked(store, actors):
    """Steps and one line while it runs, one line when it ends."""
    tasks.ask(store, actors.coordinator, TaskKind.PULL, {}, NOON)
    taken = tasks.next_task(store, NOON)
    tasks.progress(store, taken.id, (2, 5), "trang 2", NOON)
    running = tasks.latest(store, actors.admin, TaskKind.PULL)
    tasks.finish(store, taken.id, ok=False, message="reddit answers 503", now=NOON)
    ended = tasks.latest(store, actors.admin, TaskKind.PULL)

    assert (running.done, running.total, running.message) == (2, 5, "trang 2")
    assert (ended.state, ended.message, ended.ended_at) == (
        TaskState.FAILED,
        "reddit answers 503",
        NOON,
    )


def test_task_of_a_dead_worker_comes_again(store, actors):
    """After five silent minutes, and not before."""
    tasks.ask(store, actors.admin, TaskKind.REPORT, {}, NOON)
    first = tasks.next_task(store, NOON)

    assert tasks.next_task(store, NOON + PATIENCE - timedelta(seconds=1)) is None
    assert tasks.next_task(store, NOON + PATIENCE).id == first.id
