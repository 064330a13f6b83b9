"""The learning draw: what is left of the week's budget, and how a coordinator spends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import retraining_draws
from evenhand.dashboard.views import coverage_words, models_parts
from evenhand.data.records import Role

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.retraining import Overview
    from evenhand.dashboard.shell import Shell

USUAL = 30


def draw(shell: Shell, found: Overview) -> None:
    """Draw the budget, and for coordinators the way to spend it."""
    widgets.section(shell, "models.draw", "models.draw_lead")
    budget = found.budget
    words = shell.say(
        "models.budget",
        week=int(budget.week.partition("W")[2]),
        used=budget.used,
        limit=budget.limit,
        left=budget.left,
    )
    row = charts.Stage(words, budget.used / budget.limit if budget.limit else None)
    models_parts.chart(charts.road([row]), "budget", coverage_words.unmarked(words))
    widgets.quiet(shell.say("models.budget_how"))
    if Role.COORDINATOR not in shell.actor.roles:
        widgets.quiet(shell.say("models.draw_others"))
    elif not budget.left:
        widgets.quiet(shell.say("models.draw_spent"))
    else:
        _form(shell, budget.left)
    models_parts.follow(shell, "learning_draw")


def _form(shell: Shell, left: int) -> None:
    busy = models_parts.is_busy(shell, "learning_draw")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.number_input(
            shell.say("models.draw_n"),
            min_value=1,
            max_value=left,
            value=min(USUAL, left),
            step=10,
            key="evenhand.models.draw_n",
            width=200,
        )
        pressed = st.button(
            shell.say("models.draw_press"), key="evenhand.models.draw", disabled=busy
        )
    widgets.quiet(shell.say("models.draw_means", n=int(n)))
    if pressed:
        models_parts.do(
            shell,
            "models.draw_asked",
            lambda: retraining_draws.draw_learning(shell.store, shell.actor, int(n), shell.now()),
            n=int(n),
        )
