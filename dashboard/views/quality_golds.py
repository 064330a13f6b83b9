"""The gold items of the quality page: in use, waiting for a second person, and the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import quality_gold
from evenhand.dashboard.jobs.quality_gold import NewGold
from evenhand.dashboard.views import quality_parts
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.quality_gold import Line
    from evenhand.dashboard.shell import Shell

AT_ONCE = 5


def draw(shell: Shell) -> None:
    """Draw the lists and the form."""
    share = forms.percent(shell.settings.quality.gold_share, shell.lang)
    widgets.quiet(shell.say("quality.gold_lead", percent=share))
    found = quality_gold.listing(shell.store, shell.actor)
    live = [one for one in found if one.gold.retired_at is None]
    parts = {
        "waiting": [one for one in live if one.gold.approved_by is None],
        "in_use": [one for one in live if one.gold.approved_by is not None],
        "over": [one for one in found if one.gold.retired_at is not None],
    }
    names = [shell.say(f"quality.gold_{name}", n=len(part)) for name, part in parts.items()]
    for tab, (name, part) in zip(st.tabs(names), parts.items(), strict=True):
        with tab:
            _list(shell, name, part)
    _propose(shell)


def _list(shell: Shell, name: str, part: Sequence[Line]) -> None:
    if not part:
        widgets.empty(shell.say("quality.gold_empty"))
        return
    begin = 0
    if len(part) > AT_ONCE:
        pages = -(-len(part) // AT_ONCE)
        chosen = st.pagination(pages, key=f"evenhand-quality-gold-{name}")
        begin = AT_ONCE * (min(chosen, pages) - 1)
    for line in part[begin : begin + AT_ONCE]:
        with st.container(border=True, key=f"evenhand-gold-{line.gold.id}"):
            _one(shell, line)


def _one(shell: Shell, line: Line) -> None:
    gold = line.gold
    right = quality_parts.named(shell, gold.policy or gold.outcome)
    st.markdown(f"**{shell.say('quality.gold_line', id=gold.item_id, right=right)}**")
    widgets.show_untrusted(shell, gold.explanation, limit=quality_parts.LONGEST)
    people = {"quality.gold_by": line.proposed_by}
    if line.approved_by is not None:
        people["quality.gold_approved_by"] = line.approved_by
    quality_parts.facts(shell, people)
    if line.own and gold.approved_by is None and gold.retired_at is None:
        widgets.quiet(shell.say("quality.gold_needs_second"))
    with st.container(horizontal=True):
        if line.may_approve:
            _button(shell, line, "approve")
        if gold.retired_at is None:
            _button(shell, line, "retire")


_JOBS = {
    "approve": (quality_gold.approve, "quality.gold_approved"),
    "retire": (quality_gold.retire, "quality.gold_retired"),
}


def _button(shell: Shell, line: Line, name: str) -> None:
    job, said = _JOBS[name]
    words, key = shell.say(f"quality.gold_{name}"), f"evenhand.quality.{name}.{line.gold.id}"
    if st.button(words, key=key):
        quality_parts.do(
            shell, said, lambda: job(shell.store, shell.actor, line.gold.id, shell.now())
        )


def _propose(shell: Shell) -> None:
    with (
        st.expander(shell.say("quality.gold_propose")),
        st.form("evenhand.quality.gold", clear_on_submit=False),
    ):
        widgets.quiet(shell.say("quality.gold_propose_lead"))
        number = quality_parts.number_field(shell, "evenhand.quality.gold.item")
        truth = quality_parts.truth_field(
            shell, "quality.right_outcome", "evenhand.quality.gold.truth", quality_gold.OUTCOMES
        )
        why = st.text_area(shell.say("quality.explanation"), key="evenhand.quality.gold.why")
        label = widgets.main_label(shell.say("quality.send"))
        if st.form_submit_button(label, type="primary"):
            outcome, policy = quality_parts.parted(truth)
            new = NewGold(number, outcome.value, policy, why or "")
            quality_parts.do(
                shell,
                "quality.gold_proposed",
                lambda: quality_gold.propose(shell.store, shell.actor, new, shell.now()),
            )
