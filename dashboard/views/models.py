"""The models page: what is active, what was learnt, what is proposed, what is drawn to learn from.

The page only asks and shows; whatever needs the model itself is done by the worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining
from evenhand.dashboard.views import (
    models_active,
    models_candidates,
    models_draw,
    models_labels,
    models_watch,
)
from evenhand.dashboard.views import models_parts as parts

if TYPE_CHECKING:
    from evenhand.dashboard.shell import Shell


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "models.title", "models.lead")
    said = st.session_state.pop(parts.SAID, None)
    if said is not None:
        st.success(said)
    with widgets.told(shell):
        found = retraining.overview(shell.store, shell.actor, shell.now())
        models_active.draw(shell, found.active)
        models_labels.draw(shell, found)
        models_candidates.draw(shell, found)
        models_draw.draw(shell, found)
        models_watch.draw(shell, parts.measured(shell, found.active.version))
        models_active.history(shell, found)
