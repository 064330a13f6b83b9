"""Pieces that the parts of the models page share: facts, tasks that are followed, covered texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import retraining
from evenhand.dashboard.views import models_words as worded
from evenhand.data.errors import NotFound
from evenhand.data.records import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from evenhand.dashboard.shell import Shell

SAID = "evenhand.models.said"
UNCOVERED = "evenhand.models.uncovered"
OPEN_STATES = frozenset({"asked", "running"})
POLL = "2s"
LONGEST_TEXT = 2_000
MEANS_PX = 430


@dataclass(frozen=True, slots=True)
class Measured:
    """What the newest report of a kind says."""

    data: Mapping[str, object]
    made_at: datetime


def measured(shell: Shell, version: str) -> dict[str, Measured]:
    """Read the newest report of each kind about a model, by the kind's name.

    There is none of a shipped model that nothing was tagged with yet.
    """
    try:
        found = retraining.reports(shell.store, shell.actor, version)
    except NotFound:
        return {}
    return {kind.value: Measured(one.data, one.made_at) for kind, one in found.items()}


def may_train(shell: Shell) -> bool:
    """Say whether the person may train, try out and ask for a promotion."""
    return bool(shell.actor.roles & {Role.ANALYST, Role.ADMIN})


def facts(shell: Shell, values: Mapping[str, str]) -> None:
    """Draw values side by side, each under its key of the glossary; names of people are text."""
    with st.container(horizontal=True, gap="medium"):
        for key, value in values.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(key))
                st.text(value)


def chart(figure: charts.Figure, name: str, alt: str) -> None:
    """Draw a figure as every chart of the dashboard is drawn."""
    st.plotly_chart(
        figure,
        theme="streamlit",
        config=charts.CONFIG,
        key=f"evenhand-models-{name}",
        alt=alt,
    )


def act(key: str, words: str, means: str, *, main: bool = False) -> bool:
    """Draw a button with what it will do written beside it, and say whether it was pressed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        pressed = st.button(
            widgets.main_label(words) if main else words,
            type="primary" if main else "secondary",
            key=key,
        )
        # On a telephone there is no room beside it, so the words go below.
        with st.container(width=MEANS_PX):
            widgets.quiet(means)
    return pressed


def do(shell: Shell, said: str, job: Callable[[], object], **values: object) -> None:
    """Do what a button asks, then draw the page anew with *said* at its head."""
    with widgets.told(shell):
        job()
        st.session_state[SAID] = shell.say(said, **values)
        st.rerun()


def is_busy(shell: Shell, kind: str) -> bool:
    """Say whether a task of this kind waits or runs."""
    task = retraining.task_of(shell.store, shell.actor, kind)
    return task is not None and task.state.value in OPEN_STATES


def follow(shell: Shell, kind: str, *, told: bool = False) -> None:
    """Show how far the newest task of a kind is, or what came of it.

    While it goes on the page looks again every two seconds.
    What came of one that went well is not said again where a report below it *told* it.
    """
    pause = POLL if is_busy(shell, kind) else None
    st.fragment(_followed, run_every=pause)(shell, kind, told=told)


def _followed(shell: Shell, kind: str, *, told: bool) -> None:
    task = retraining.task_of(shell.store, shell.actor, kind)
    if task is None:
        return
    key = f"evenhand.models.open.{kind}"
    if task.state.value in OPEN_STATES:
        st.session_state[key] = task.id
        if task.state.value == "asked":
            st.info(shell.say("models.task_waits", since=shell.since(task.created_at)))
        else:
            _progress(shell, task.done / task.total if task.total else 0.0, task.message)
    elif st.session_state.pop(key, None) == task.id:
        # It ended since the page was drawn: what came of it changes other parts too.
        st.rerun()
    else:
        is_done = task.state.value == "done"
        said = "models.task_done" if is_done else "models.task_failed"
        widgets.quiet(shell.say(said, since=shell.since(task.ended_at or task.created_at)))
        if not (is_done and told):
            st.text(worded.ending(shell, task.message), width="stretch")


def _progress(shell: Shell, share: float, message: str) -> None:
    step = worded.step(shell, message) if message else shell.say("models.task_begins")
    percent = worded.whole(shell, share)
    st.progress(min(1.0, share), shell.say("models.task_at", percent=percent, step=step))


def covered_text(shell: Shell, key: str, text: str | None, *, is_covered: bool) -> None:
    """Draw the text of a post; one that is covered shows after a press, as on the review card."""
    if text is None:
        widgets.quiet(shell.say("models.no_text_held"))
        return
    shown: set[str] = st.session_state.setdefault(UNCOVERED, set())
    is_hidden = is_covered and key not in shown
    if is_hidden:
        widgets.quiet(shell.say("models.covered"))
    else:
        widgets.show_untrusted(shell, text, limit=LONGEST_TEXT)
    if is_covered:
        words = shell.say("models.uncover" if is_hidden else "models.cover")
        st.button(words, key=f"evenhand.models.cover.{key}", on_click=_turn, args=(key,))


def _turn(key: str) -> None:
    st.session_state[UNCOVERED] = st.session_state[UNCOVERED] ^ {key}


def page_of(name: str, total: int, size: int) -> int:
    """Let somebody leaf through a list, and say where the page begins that is shown."""
    pages = -(-total // size)
    if pages <= 1:
        return 0
    chosen = st.pagination(pages, key=f"evenhand-models-page-{name}")
    return size * (min(chosen, pages) - 1)
