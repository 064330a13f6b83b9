"""Machine tasks that a browser asks for and the worker runs: train, test a source, export, report.

A worker that dies leaves its task *running*; `next_task` takes it up again once its sign of life
is old enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, insert, or_, select, update

from evenhand.data.store import dialect
from evenhand.data.tables import task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Row


class TaskState(StrEnum):
    """Where a task stands."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """One machine task; *done* of *total* steps, *message* is one line for the screen."""

    id: str
    kind: str
    args: Mapping[str, object]
    state: TaskState
    done: int
    total: int
    message: str
    asked_by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def ask(
    conn: Connection,
    kind: str,
    args: Mapping[str, object],
    *,
    person_id: str | None,
    now: datetime,
) -> str:
    """Queue a task and return its id."""
    row = {
        "kind": kind,
        "args": dict(args),
        "state": TaskState.ASKED.value,
        "done": 0,
        "total": 0,
        "message": "",
        "asked_by": None if person_id is None else int(person_id),
        "created_at": now,
    }
    return str(conn.execute(insert(task).values(**row).returning(task.c.id)).scalar_one())


def next_task(conn: Connection, *, now: datetime, patience: timedelta) -> Task | None:
    """Take the task that waits longest, or one whose worker gave no sign for *patience*."""
    query = (
        select(task.c.id)
        .where(
            or_(
                task.c.state == TaskState.ASKED.value,
                and_(task.c.state == TaskState.RUNNING.value, task.c.beat_at <= now - patience),
            ),
        )
        .order_by(task.c.id)
        .limit(1)
    )
    task_id = conn.execute(dialect.free_rows(query)).scalar()
    if task_id is None:
        return None
    return start(conn, str(task_id), now=now)


def start(conn: Connection, task_id: str, *, now: datetime) -> Task | None:
    """Take a task, whoever waits longer; None where there is none of this id."""
    begun = {"state": TaskState.RUNNING.value, "started_at": now, "beat_at": now}
    conn.execute(update(task).where(task.c.id == int(task_id)).values(begun))
    return get(conn, task_id)


def progress(  # noqa: PLR0913 - two counts, a line and the time are one report
    conn: Connection,
    task_id: str,
    *,
    done: int,
    total: int,
    message: str,
    now: datetime,
) -> None:
    """Report how far a running task is; this is also its sign of life."""
    _set(conn, task_id, done=done, total=total, message=message, beat_at=now)


def keep(conn: Connection, task_id: str, args: Mapping[str, object], *, now: datetime) -> None:
    """Note in a running task's arguments how far it is, so that it can be taken up there."""
    _set(conn, task_id, args=dict(args), beat_at=now)


def finish(
    conn: Connection,
    task_id: str,
    *,
    ok: bool,
    message: str,
    now: datetime,
) -> None:
    """End a running task, with one line of what came of it; an ended one stays as it is."""
    state = TaskState.DONE if ok else TaskState.FAILED
    _set(conn, task_id, state=state.value, message=message, beat_at=now, ended_at=now)


def give_back(conn: Connection, task_id: str) -> None:
    """Let a running task be taken again at once: its worker was told to stop."""
    _set(conn, task_id, state=TaskState.ASKED.value)


def get(conn: Connection, task_id: str) -> Task | None:
    """Find a task; None where there is none."""
    row = conn.execute(select(task).where(task.c.id == int(task_id))).first()
    return None if row is None else _task(row)


def latest(conn: Connection, kind: str) -> Task | None:
    """Find the task of a kind that was asked for last."""
    query = select(task).where(task.c.kind == kind).order_by(task.c.id.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _task(row)


def unfinished(conn: Connection, kind: str) -> Task | None:
    """Find the first task of a kind that waits or runs."""
    open_states = (TaskState.ASKED.value, TaskState.RUNNING.value)
    query = select(task).where(task.c.kind == kind, task.c.state.in_(open_states))
    row = conn.execute(query.order_by(task.c.id).limit(1)).first()
    return None if row is None else _task(row)


def _set(conn: Connection, task_id: str, **values: object) -> None:
    running = and_(task.c.id == int(task_id), task.c.state == TaskState.RUNNING.value)
    conn.execute(update(task).where(running).values(**values))


def _task(row: Row[tuple[object, ...]]) -> Task:
    return Task(
        id=str(row.id),
        kind=row.kind,
        args=cast("Mapping[str, object]", row.args),
        state=TaskState(row.state),
        done=row.done,
        total=row.total,
        message=row.message,
        asked_by=None if row.asked_by is None else str(row.asked_by),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
