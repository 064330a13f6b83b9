"""The active model: since when, by whom, how neutral, where it is weak, its card, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining_promotion
from evenhand.dashboard.views import models_card, models_gate, models_parts
from evenhand.dashboard.views import models_words as worded

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.retraining import ModelLine, Overview
    from evenhand.dashboard.shell import Shell


def draw(shell: Shell, line: ModelLine) -> None:
    """Draw the active model."""
    widgets.section(shell, "models.active")
    reports = models_parts.measured(shell, line.version)
    gate = models_gate.gate_of(line.card, reports)
    with st.container(border=True, key="evenhand-models-active"):
        st.subheader(line.version, anchor=False)
        models_parts.facts(
            shell,
            {
                "models.since": shell.moment(line.promoted_at or line.registered_at),
                "models.promoted_by": promoter(shell, line),
                "models.neutrality": models_gate.short(shell, gate),
            },
        )
        st.markdown(worded.weak_at(shell, line.card))
        if models_parts.is_busy(shell, "rescore"):
            models_parts.follow(shell, "rescore")
        models_card.draw(shell, line, reports)
        if line.may_roll_back:
            _way_back(shell, line)


def promoter(shell: Shell, line: ModelLine) -> str:
    """Name who promoted a model, or say that it came with Evenhand."""
    if line.promoted_by is not None:
        return worded.person(line.promoted_by)
    return shell.say("models.shipped" if line.is_shipped else "models.nobody")


def _way_back(shell: Shell, line: ModelLine) -> None:
    words = shell.say("models.roll_back")
    means = shell.say("models.roll_back_means", model=line.replaced)
    if models_parts.act("evenhand.models.roll_back", words, means):
        models_parts.do(
            shell,
            "models.rolled_back",
            lambda: retraining_promotion.rollback(shell.store, shell.actor, shell.now()),
        )


def history(shell: Shell, found: Overview) -> None:
    """List every model that there was."""
    widgets.section(shell, "models.history", "models.history_lead")
    rows = [
        {
            shell.say("models.col_model"): line.version,
            shell.say("models.col_state"): shell.say(f"models.state_{line.state}"),
            shell.say("models.col_since"): shell.moment(line.registered_at),
            shell.say("models.col_based_on"): line.based_on or worded.DASH,
            shell.say("models.col_trained_by"): named(shell, line),
            shell.say("models.col_asked_by"): worded.person(line.asked_by),
            shell.say("models.col_promoted_by"): worded.person(line.promoted_by),
        }
        for line in found.models
    ]
    st.dataframe(rows, hide_index=True, alt=shell.say("models.history"))


def named(shell: Shell, line: ModelLine) -> str:
    """Name who trained a model."""
    return shell.say("models.shipped") if line.is_shipped else worded.person(line.trained_by)
