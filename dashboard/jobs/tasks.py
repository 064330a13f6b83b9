"""Asking the worker for machine work, and following how far it is."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import OPERATOR_ID, require
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import tasks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.tasks import Task

# A worker reports after every page or part, seconds apart; so long a silence means that it died.
PATIENCE = timedelta(minutes=5)


class TaskKind(StrEnum):
    """What the worker can be asked for."""

    TRAIN = "train"
    THRESHOLDS = "thresholds"
    PULL = "pull"
    TEST_SOURCE = "test_source"
    EXPORT = "export"
    REPORT = "report"
    LEARNING_DRAW = "learning_draw"
    RESCORE = "rescore"
    DRIFT = "drift"
    LABEL_ERRORS = "label_errors"


ROLES = {
    TaskKind.TRAIN: (Role.ANALYST, Role.ADMIN),
    TaskKind.THRESHOLDS: (Role.ANALYST, Role.ADMIN),
    TaskKind.PULL: (Role.COORDINATOR, Role.ADMIN),
    TaskKind.TEST_SOURCE: (Role.COORDINATOR, Role.ADMIN),
    TaskKind.EXPORT: (Role.ANALYST, Role.ADMIN),
    TaskKind.REPORT: (Role.LEADER, Role.COORDINATOR, Role.ANALYST, Role.ADMIN),
    TaskKind.LEARNING_DRAW: (Role.COORDINATOR,),
    # A promotion asks for it, whoever promotes.
    TaskKind.RESCORE: (Role.ANALYST, Role.COORDINATOR, Role.ADMIN),
    TaskKind.DRIFT: (Role.ANALYST, Role.ADMIN),
    TaskKind.LABEL_ERRORS: (Role.ANALYST, Role.ADMIN),
}


def ask(
    store: Store,
    actor: Actor,
    kind: str,
    args: Mapping[str, object],
    now: datetime,
) -> str:
    """Queue a task for the worker and return its id.

    Raises:
        InputError: There is no such kind.
        NotAllowed: The actor's roles do not cover it.
    """
    require(actor, *ROLES[_kind(kind)])
    person_id = None if actor.id == OPERATOR_ID else actor.id
    with store.write() as conn:
        return tasks.ask(conn, kind, args, person_id=person_id, now=now)


def latest(store: Store, actor: Actor, kind: str) -> Task | None:
    """Show the task of this kind that was asked for last.

    Raises:
        InputError: There is no such kind.
        NotAllowed: The actor's roles do not cover it.
    """
    require(actor, *ROLES[_kind(kind)])
    with store.read() as conn:
        return tasks.latest(conn, kind)


def next_task(store: Store, now: datetime) -> Task | None:
    """Take the next task, for the worker; one that lost its worker comes again."""
    with store.write() as conn:
        return tasks.next_task(conn, now=now, patience=PATIENCE)


def progress(
    store: Store, task_id: str, steps: tuple[int, int], message: str, now: datetime
) -> None:
    """Report *steps* (done, total) and one line for the screen."""
    done, total = steps
    with store.write() as conn:
        tasks.progress(conn, task_id, done=done, total=total, message=message, now=now)


def finish(store: Store, task_id: str, *, ok: bool, message: str, now: datetime) -> None:
    """End a task with one line of what came of it."""
    with store.write() as conn:
        tasks.finish(conn, task_id, ok=ok, message=message, now=now)


def give_back(store: Store, task_id: str) -> None:
    """Leave a task unfinished for the next worker, because this one was told to stop."""
    with store.write() as conn:
        tasks.give_back(conn, task_id)


def _kind(kind: str) -> TaskKind:
    try:
        return TaskKind(kind)
    except ValueError as error:
        known = ", ".join(one.value for one in TaskKind)
        msg = f"no task is called {kind!r}; the worker knows {known}"
        raise InputError(msg) from error
