"""Candidates: what stands for and against each, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining_promotion as promotion
from evenhand.dashboard.jobs import retraining_shadow
from evenhand.dashboard.jobs.retraining_thresholds import proposal_of
from evenhand.dashboard.views import (
    models_active,
    models_compare,
    models_gate,
    models_learnt,
    models_parts,
    models_proposed,
    models_shadow,
)
from evenhand.dashboard.views import models_words as worded
from evenhand.data.errors import WorseThanCurrent
from evenhand.data.records import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from evenhand.dashboard.jobs.retraining import ModelLine, Overview
    from evenhand.dashboard.shell import Shell

OPEN = ("candidate", "shadow")
SHOWN = 4
# The other obstacles stand in the tables below them.
MOST_SAID = 6
REFUSED = "evenhand.models.refused"


def draw(shell: Shell, found: Overview) -> None:
    """Draw the candidates, the newest first and open."""
    widgets.section(shell, "models.candidates", "models.candidates_lead")
    lines = [line for line in found.models if line.state in OPEN]
    if not lines:
        widgets.empty(shell.say("models.candidates_none"))
        return
    first = next((line for line in lines if line.asked_at is not None), lines[0])
    _candidate(shell, first, found.active)
    for line in [line for line in lines if line is not first][: SHOWN - 1]:
        box = st.expander(
            _title(shell, line), on_change="rerun", key=f"evenhand-models-box-{line.version}"
        )
        # What is closed costs nothing.
        if box.open:
            with box:
                _candidate(shell, line, found.active)


def _title(shell: Shell, line: ModelLine) -> str:
    key = "models.title_against" if line.obstacles else "models.title_clear"
    return shell.say(
        key,
        model=line.version,
        at=shell.moment(line.registered_at),
        n=len(line.obstacles),
    )


def _candidate(shell: Shell, line: ModelLine, active: ModelLine) -> None:
    reports = models_parts.measured(shell, line.version)
    with st.container(border=True, key=f"evenhand-models-{line.version}"):
        st.subheader(line.version, anchor=False)
        _facts(shell, line)
        models_proposed.draw(shell, line, reports)
        _verdict(shell, line)
        _actions(shell, line)
        names = ["compare", "gate", "learnt", "shadow"]
        tabs = st.tabs([shell.say(f"models.tab_{name}") for name in names])
        with tabs[0]:
            models_compare.draw(shell, line.version, reports)
        with tabs[1]:
            measured = models_parts.measured(shell, active.version)
            gate = models_gate.gate_of({}, reports)
            models_gate.draw(shell, gate, models_gate.gate_of(active.card, measured))
            models_gate.examples(shell, reports, measured)
        with tabs[2]:
            models_learnt.draw(shell, line, reports)
        with tabs[3]:
            models_shadow.draw(shell, line)


def _facts(shell: Shell, line: ModelLine) -> None:
    made = "trained" if proposal_of(line.card) is None else "proposed"
    values = {
        "models.state": shell.say(f"models.state_{line.state}"),
        f"models.{made}_at": shell.moment(line.registered_at),
        f"models.{made}_by": models_active.named(shell, line),
    }
    if line.asked_at is not None:
        values["models.asked_by"] = f"{worded.person(line.asked_by)}, {shell.moment(line.asked_at)}"
    models_parts.facts(shell, values)


def _verdict(shell: Shell, line: ModelLine) -> None:
    if not line.obstacles:
        st.success(shell.say("models.clear"), icon=":material/check:")
        return
    st.warning(shell.say("models.against", n=len(line.obstacles)), icon=":material/block:")
    _list(shell, line.obstacles)


def _list(shell: Shell, sentences: tuple[str, ...]) -> None:
    said = [f"• {worded.obstacle(shell, one)}" for one in sentences]
    st.text("\n".join(said[:MOST_SAID]), width="stretch")
    if len(said) > MOST_SAID:
        widgets.quiet(shell.say("models.against_more", n=len(said) - MOST_SAID))


def _actions(shell: Shell, line: ModelLine) -> None:
    if models_parts.may_train(shell):
        _try_out(shell, line)
    if line.asked_at is None:
        if models_parts.may_train(shell):
            _ask(shell, line)
    elif line.may_promote:
        _promote(shell, line)
    else:
        widgets.quiet(shell.say(_why_not(shell, line)))
    if models_parts.may_train(shell):
        _act(
            shell,
            line,
            "withdraw",
            lambda: promotion.withdraw(shell.store, shell.actor, line.version, shell.now()),
        )


def _try_out(shell: Shell, line: ModelLine) -> None:
    name = "stop_shadow" if line.state == "shadow" else "start_shadow"
    job = getattr(retraining_shadow, name)
    _act(shell, line, name, lambda: job(shell.store, shell.actor, line.version, shell.now()))


def _promote(shell: Shell, line: ModelLine) -> None:
    _act(
        shell,
        line,
        "promote",
        lambda: promotion.promote(
            shell.store, shell.settings, shell.actor, line.version, shell.now()
        ),
        main=True,
    )


def _why_not(shell: Shell, line: ModelLine) -> str:
    """Say why somebody who sees a request cannot promote it: in their own hand, or it fails."""
    if line.obstacles:
        return "models.promote_blocked"
    promoting = {Role.ANALYST, Role.COORDINATOR, Role.ADMIN}
    return "models.needs_second" if shell.actor.roles & promoting else "models.promote_others"


def _act(
    shell: Shell,
    line: ModelLine,
    name: str,
    job: Callable[[], object],
    *,
    main: bool = False,
) -> None:
    """Draw a button with what it will do beside it."""
    words, means = shell.say(f"models.{name}"), shell.say(f"models.{name}_means")
    if models_parts.act(f"evenhand.models.{name}.{line.version}", words, means, main=main):
        models_parts.do(shell, f"models.{name}_done", job, model=line.version)


def _ask(shell: Shell, line: ModelLine) -> None:
    words, means = shell.say("models.ask"), shell.say("models.ask_means")
    if not models_parts.act(f"evenhand.models.ask.{line.version}", words, means):
        return
    try:
        promotion.ask_promotion(shell.store, shell.actor, line.version, shell.now())
    except WorseThanCurrent:
        # The card has the same sentences, in the person's language.
        st.error(shell.say("models.ask_refused", model=line.version))
        _list(shell, line.obstacles)
    else:
        st.session_state[models_parts.SAID] = shell.say("models.ask_done", model=line.version)
        st.rerun()
