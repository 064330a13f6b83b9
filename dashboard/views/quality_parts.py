"""Pieces that the parts of the quality page share: what was done, truths, the two lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.payload import label_name
from evenhand.data.records import Outcome
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evenhand.dashboard.shell import Shell

SAID = "evenhand.quality.said"
LONGEST = 2_000
LONGEST_NUMBER = 18
POLICIES = tuple(one.value for one in Policy)


def say_what_was_done() -> None:
    """Say at the head of the page what the last press came to."""
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(said)


def do(shell: Shell, said: str, job: Callable[[], object]) -> None:
    """Do what a button asks, then draw the page anew with *said* at its head."""
    with widgets.told(shell):
        job()
        st.session_state[SAID] = shell.say(said)
        st.rerun()


def named(shell: Shell, truth: str) -> str:
    """Word a policy, or an outcome that names none."""
    if truth in POLICIES:
        return label_name(truth, shell.lang)
    return shell.say(f"terms.outcome_{truth}") if truth in set(Outcome) else truth


def facts(shell: Shell, values: Mapping[str, str]) -> None:
    """Draw values side by side, each under its key; names of people are letters only."""
    with st.container(horizontal=True, gap="medium"):
        for key, value in values.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(key))
                widgets.show_untrusted(shell, value, limit=LONGEST)


def truth_field(shell: Shell, label: str, key: str, outcomes: Sequence[Outcome]) -> str:
    """Let somebody choose one policy, or an outcome that names none; give its id."""
    options = [*(one.value for one in outcomes if one is not Outcome.VIOLATES), *POLICIES]
    return str(
        st.selectbox(shell.say(label), options, format_func=lambda one: named(shell, one), key=key)
    )


def parted(truth: str) -> tuple[Outcome, str | None]:
    """Take a chosen truth apart into outcome and policy."""
    return (Outcome.VIOLATES, truth) if truth in POLICIES else (Outcome(truth), None)


def number_field(shell: Shell, key: str) -> str:
    """Let somebody name an item by its number."""
    typed = st.text_input(shell.say("quality.item_number"), key=key, max_chars=LONGEST_NUMBER)
    return (typed or "").strip()
