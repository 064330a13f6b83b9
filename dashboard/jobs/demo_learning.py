"""The demo's learning draw: one of its coordinators sends unflagged posts to be read for learning.

Without them hardly anything that the team read is harmless, and no candidate could be trained.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import demo, retraining_draws, tasks
from evenhand.data.records import Role
from evenhand.data.store import tasks as task_store

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.store.connect import Store

# Of 10,000 posts in three weeks, drawn once, on the first fetch of the third week.
POSTS_DRAWN = 150
AFTER = timedelta(days=14)


def draw(store: Store, posts: int, now: datetime) -> int:
    """Draw as a coordinator would on the page Models, and say how many posts were asked for.

    Args:
        store: The demo's.
        posts: How many posts the whole stream has; a smaller one draws fewer.
        now: The simulated time.
    """
    # It learns with scikit-learn, which whoever only shows the demo does without.
    from evenhand.dashboard.jobs import retraining_drawing  # noqa: PLC0415 - see above

    coordinator = next(
        actor for member, actor in demo.people(store) if member.role is Role.COORDINATOR
    )
    left = retraining_draws.budget(store, coordinator, now).left
    wanted = min(left, round(POSTS_DRAWN * posts / demo.POSTS))
    if wanted == 0:
        return 0
    asked = retraining_draws.draw_learning(store, coordinator, wanted, now)
    with store.write() as conn:
        task = task_store.start(conn, asked, now=now)
    if task is not None:
        retraining_drawing.run_task(store, task, lambda: now)
    return wanted


def is_due(store: Store, began: datetime, now: datetime) -> bool:
    """Say whether the third week has begun and nothing was drawn yet."""
    with store.read() as conn:
        return now >= began + AFTER and (
            task_store.latest(conn, tasks.TaskKind.LEARNING_DRAW) is None
        )
