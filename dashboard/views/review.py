"""The review page: choose a queue and a filter, then one card and one key per decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.component import card
from evenhand.dashboard.card.desk import Desk, put_down
from evenhand.dashboard.views import review_filter

if TYPE_CHECKING:
    from evenhand.dashboard.shell import Shell

DESK = "evenhand.review.desk"
QUEUE = "evenhand.review.queue"
ALL = "all"
QUEUES = (ALL, "fast", "harm", "request")


def page(shell: Shell) -> None:
    """Draw the page."""
    # The text and the decisions stand side by side, so that no text moves a button.
    st.set_page_config(layout="wide")
    with widgets.told(shell):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.title(shell.say("review.title"), anchor=False, width="content")
            chosen = _choose(shell)
            only, line = review_filter.choose(shell)
        review_filter.tell(shell, line)
        desk = cast("Desk", st.session_state.setdefault(DESK, Desk()))
        queues = None if chosen == ALL else (chosen,)
        if (queues, only) != (desk.queues, desk.only):
            put_down(shell, desk, queues, only)
        _card(shell, desk)


def _choose(shell: Shell) -> str:
    names = {ALL: shell.say("review.queue_all")}
    names |= {queue: shell.say(f"terms.queue_{queue}").capitalize() for queue in QUEUES[1:]}
    chosen = st.segmented_control(
        shell.say("review.queue"),
        QUEUES,
        format_func=names.__getitem__,
        default=ALL,
        required=True,
        key=QUEUE,
        bind="query-params",
        label_visibility="collapsed",
        width="content",
    )
    return str(chosen or ALL)


# The rerun on a timer shows what has come in; nothing is claimed for somebody who went away.
@st.fragment(run_every="20s")
def _card(shell: Shell, desk: Desk) -> None:
    with widgets.told(shell):
        card(shell, desk)
