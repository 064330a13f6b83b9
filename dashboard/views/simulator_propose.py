"""Propose the thresholds that were tried: the worker makes a candidate, two persons decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining_thresholds, simulating
from evenhand.dashboard.jobs.retraining_thresholds import LONGEST_REASON, Proposal, Wanted
from evenhand.dashboard.views import models_parts, models_proposed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.dashboard.jobs.simulating_reading import Ground
    from evenhand.dashboard.shell import Shell

KIND = "thresholds"
FORM = "evenhand-simulator-propose"
# Where a candidate stands, or the policies' severities: the first that a person may open.
WAYS: list[tuple[str, Mapping[str, str], str]] = [
    ("models", {}, "simulator.go_models"),
    ("policies", {}, "simulator.go_policies"),
]


def draw(shell: Shell, ground: Ground, wanted: Mapping[str, float]) -> None:
    """Draw the way from what was tried to a candidate, for those who may train."""
    widgets.section(shell, "simulator.propose_part", "simulator.propose_lead")
    if models_parts.may_train(shell):
        _said()
        if not models_parts.is_busy(shell, KIND):
            _form(shell, ground, wanted)
        models_parts.follow(shell, KIND)
    else:
        st.info(shell.say("simulator.propose_others"))
    widgets.quiet(shell.say("simulator.severities_fixed"))
    widgets.lead_on(shell, WAYS)


def _said() -> None:
    said = st.session_state.pop(models_parts.SAID, None)
    if said is not None:
        st.success(said)


def _form(shell: Shell, ground: Ground, wanted: Mapping[str, float]) -> None:
    moved = {
        label: (ground.present[label], to)
        for label, to in sorted(wanted.items())
        if abs(to - ground.present[label]) > simulating.ROUNDING
    }
    if not moved:
        widgets.empty(shell.say("simulator.propose_none"))
        return
    with st.form(FORM):
        lines = models_proposed.moved(shell, Proposal(ground.model, moved, ""))
        st.text("\n".join(f"• {one}" for one in lines), width="stretch")
        reason = st.text_area(
            shell.say("simulator.reason"),
            max_chars=LONGEST_REASON,
            key=f"{FORM}-reason",
        )
        widgets.quiet(shell.say("simulator.reason_hint"))
        widgets.quiet(shell.say("simulator.propose_gates"))
        label = widgets.main_label(shell.say("simulator.propose"))
        if st.form_submit_button(label, type="primary"):
            thresholds = {name: to for name, (_, to) in moved.items()}
            asked = Wanted(ground.model, thresholds, reason)
            models_parts.do(
                shell,
                "simulator.proposed",
                lambda: retraining_thresholds.propose(shell.store, shell.actor, asked, shell.now()),
            )
