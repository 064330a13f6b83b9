"""The learning draw: a coordinator sends unflagged posts to the queue, within the weekly budget.

Nobody chooses them: the worker draws a third where the model is uncertain, a third for variety and
a third at random, from every unflagged post whose text is held and may train.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.retraining import SEEING
from evenhand.dashboard.jobs.tasks import TaskKind
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import draws, tasks

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.draws import Budget


def budget(store: Store, actor: Actor, now: datetime) -> Budget:
    """Show how many unflagged posts may still be put before people this week.

    All draws count: learning, audit and drift.
    """
    access.require(actor, *SEEING)
    with store.read() as conn:
        return draws.budget_of(conn, now)


def draw_learning(store: Store, actor: Actor, n: int, now: datetime) -> str:
    """Ask the worker to draw *n* posts into the queue, and give the task's id.

    Raises:
        InputError: *n* is below 1 or beyond what is left of the week's budget, or a draw waits or
            runs already.
        NotAllowed: The actor is no coordinator, or no person.
    """
    access.require_person(actor, Role.COORDINATOR)
    with store.write() as conn:
        week = draws.budget_of(conn, now)
        if not 1 <= n <= week.left:
            msg = (
                f"{n} posts cannot be drawn: {week.left} of this week's {week.limit} are left; "
                "draw fewer, or wait until Monday"
            )
            raise InputError(msg)
        if tasks.unfinished(conn, TaskKind.LEARNING_DRAW) is not None:
            msg = "a draw was asked for already; wait until it has ended"
            raise InputError(msg)
        return tasks.ask(conn, TaskKind.LEARNING_DRAW, {"n": n}, person_id=actor.id, now=now)
