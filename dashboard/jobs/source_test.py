"""Try a source without taking a post, so that whoever approves it knows whether it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.connectors.catalog import open_connector
from evenhand.dashboard.jobs import tasks
from evenhand.data.errors import EvenhandError
from evenhand.data.store import sources

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.pulling import Means
    from evenhand.data.store.tasks import Task


def run_task(means: Means, task: Task) -> None:
    """Do the try that somebody asked for in the browser; its argument is {"source": name}."""
    try:
        with means.store.read() as conn:
            found = sources.get(conn, str(task.args.get("source", "")))
        result = open_connector(found.spec, means.tools).check()
        ok, message = result.ok, result.message
    except EvenhandError as error:
        ok, message = False, str(error)
    tasks.finish(means.store, task.id, ok=ok, message=message, now=means.now())
