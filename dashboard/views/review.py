"""The review page: choose a queue, then one card and one key per decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.component import card
from evenhand.dashboard.card.desk import Desk, Place, put_down
from evenhand.dashboard.jobs import claims

if TYPE_CHECKING:
    from evenhand.dashboard.shell import Shell

DESK = "evenhand.review.desk"
QUEUES = ("fast", "harm", "request")


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "review.title", "review.lead")
    with widgets.told(shell):
        place = Place(shell.store, shell.actor, shell.settings)
        desk = _desk()
        _choose(shell, place, desk)
        _card(shell, place, desk)


def _desk() -> Desk:
    return cast("Desk", st.session_state.setdefault(DESK, Desk()))


def _choose(shell: Shell, place: Place, desk: Desk) -> None:
    names = {"all": shell.say("review.queue_all")}
    names |= {queue: shell.say(f"terms.queue_{queue}") for queue in QUEUES}
    chosen = st.segmented_control(
        shell.say("review.queue"),
        list(names),
        format_func=names.__getitem__,
        default="all",
        key="evenhand.review.queue",
        bind="query-params",
    )
    queues = None if chosen in {None, "all"} else (str(chosen),)
    if queues != desk.queues:
        put_down(place, desk, shell.now())
        desk.queues = queues


@st.fragment(run_every="20s")
def _card(shell: Shell, place: Place, desk: Desk) -> None:
    waiting = claims.waiting(shell.store, shell.actor, desk.queues)
    card(shell, place, desk, waiting=waiting)
