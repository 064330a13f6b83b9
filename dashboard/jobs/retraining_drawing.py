"""Drawing posts to learn from, in the worker: scores and texts in, items for the queue out.

The texts go to the choice alone, which sees no source, topic or author (`classifiers.active`).
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from evenhand.classifiers.active import Scored, learning_draw
from evenhand.dashboard.jobs import ingest, tasks
from evenhand.dashboard.jobs.access import OPERATOR_ID
from evenhand.data.errors import EvenhandError, InputError
from evenhand.data.records import Band, Flag, Origin
from evenhand.data.store import draws, ledger, machine_texts
from evenhand.data.store import tasks as task_store
from evenhand.data.store.draws import DrawKind, NewDraw

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evenhand.classifiers.active import Drawn
    from evenhand.data.store.connect import Store
    from evenhand.data.store.machine_texts import MachineText
    from evenhand.data.store.tasks import Task

# The choice compares texts with each other; of more posts it looks at a random part.
MOST_COMPARED = 20_000


def run_task(store: Store, task: Task, clock: Callable[[], datetime]) -> None:
    """Draw as a coordinator asked, and say how many posts came into the queue."""
    try:
        made = draw(store, task, clock)
    except EvenhandError as error:
        tasks.finish(store, task.id, ok=False, message=str(error), now=clock())
        return
    message = f"{made} posts were drawn into the queue"
    tasks.finish(store, task.id, ok=True, message=message, now=clock())


def draw(store: Store, task: Task, clock: Callable[[], datetime]) -> int:
    """Choose the posts and put them up, all in one transaction; give their number.

    A task that lost its worker after that transaction draws nothing more.

    Raises:
        InputError: There is nothing to draw from, or the budget was spent meanwhile.
    """
    if task.args.get("drawn") is not None:
        return int(str(task.args["drawn"]))
    wanted = int(str(task.args.get("n", 0)))
    chosen = _choose(store, wanted, seed=int(task.id))
    now = clock()
    with store.write() as conn:
        new = [_new(text, one, share, now) for text, one, share in chosen]
        made = draws.put(conn, DrawKind.LEARNING, new, person_id=task.asked_by, now=now)
        task_store.keep(conn, task.id, {**task.args, "drawn": made}, now=now)
        data = {"kind": DrawKind.LEARNING.value, "posts": made}
        ledger.append(
            conn,
            at=now,
            actor=task.asked_by or OPERATOR_ID,
            action="posts_drawn",
            subject=f"task:{task.id}",
            data=data,
        )
    return made


def _choose(store: Store, n: int, *, seed: int) -> list[tuple[MachineText, Drawn, float]]:
    """Give the chosen posts, each with the share of all posts that was looked at."""
    with store.read() as conn:
        ids = machine_texts.drawable(conn)
        if not ids:
            msg = (
                "no unflagged post is held that may train; wait for new posts, or let a source "
                "train"
            )
            raise InputError(msg)
        part = ids
        if len(ids) > MOST_COMPARED:
            part = sorted(Random(seed).sample(ids, MOST_COMPARED))  # noqa: S311 - repeatable, no secret
        texts = machine_texts.of(conn, part)
        scores = machine_texts.scores_of(conn, part)
    scored = [Scored(str(one.post_id), one.text, scores.get(one.post_id, {})) for one in texts]
    by_id = {str(one.post_id): one for one in texts}
    chosen = learning_draw(scored, min(n, len(scored)), seed=seed)
    return [(by_id[one.post_id], one, len(part) / len(ids)) for one in chosen]


def _new(text: MachineText, one: Drawn, share: float, now: datetime) -> NewDraw:
    blind = Flag(Origin.AUDIT, draws.LABEL, Band.CHECK, 0.0)
    return NewDraw(
        post_id=one.post_id,
        version=text.version,
        reason=one.reason,
        probability=None if one.probability is None else one.probability * share,
        item=ingest.item_for([blind], text.reach, text.lang, now),
    )
