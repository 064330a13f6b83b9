"""The page Queues in a test, at the part that its address names."""

from __future__ import annotations

from datetime import UTC

from streamlit.testing.v1 import AppTest

from evenhand.dashboard.shell import Shell
from evenhand.data.settings import Settings


def shown(store, clock, folder, part, actor, spoken="en"):  # noqa: PLR0913, PLR0917 - a workspace, a part, a person
    """Draw a part for an actor, as its address opens it."""
    shell = Shell(store, Settings(workspace=folder), actor, spoken, clock.now, UTC)
    app = AppTest.from_function(_draw, args=(shell,), default_timeout=30)
    app.query_params["part"] = part
    app.run()
    assert not app.exception
    return app


def _draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.queues import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)
