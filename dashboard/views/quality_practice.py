"""Practice: one item whose outcome is known, a decision, and why; and one's own hidden gold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.payload import label_name
from evenhand.dashboard.jobs import decisions, quality_gold
from evenhand.dashboard.plain import make_plain
from evenhand.dashboard.views import quality_parts
from evenhand.dashboard.words import forms
from evenhand.data.records import Decision, Outcome

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.quality_gold import GoldRead
    from evenhand.dashboard.shell import Shell
    from evenhand.data.records import Item

BEGUN = "evenhand.quality.begun"
DONE = "evenhand.quality.done"
UNCOVERED = "evenhand.quality.uncovered"
AT_ONCE = 50


def draw(shell: Shell) -> None:
    """Draw the item that is practised on, or what came of it; then one's own results."""
    widgets.quiet(shell.say("quality.practice_lead"))
    done = st.session_state.get(DONE)
    if done is not None:
        _told(shell, str(done))
    elif st.session_state.get(BEGUN):
        _item(shell)
    elif st.button(shell.say("quality.practice_begin"), key="evenhand.quality.begin"):
        st.session_state[BEGUN] = True
        st.rerun()
    _own(shell)


def _item(shell: Shell) -> None:
    lease = shell.settings.review.lease_minutes
    item = quality_gold.practise(shell.store, shell.actor, shell.now(), lease_minutes=lease)
    if item is None or item.claim is None:
        widgets.empty(shell.say("quality.practice_none"))
        return
    with st.container(border=True, key="evenhand-quality-practice"):
        if item.severe and st.session_state.get(UNCOVERED) != item.id:
            labels = ", ".join(label_name(one.label, shell.lang) for one in item.flags)
            widgets.quiet(shell.say("quality.practice_covered", labels=labels))
            if st.button(shell.say("quality.practice_uncover"), key="evenhand.quality.uncover"):
                st.session_state[UNCOVERED] = item.id
                st.rerun()
        else:
            widgets.show_untrusted(shell, item.text)
    with st.form("evenhand.quality.practice"):
        truth = quality_parts.truth_field(
            shell, "quality.practice_decide", "evenhand.quality.practice.truth", list(Outcome)
        )
        label = widgets.main_label(shell.say("quality.practice_send"))
        if st.form_submit_button(label, type="primary"):
            _decide(shell, item, truth)


def _decide(shell: Shell, item: Item, truth: str) -> None:
    outcome, policy = quality_parts.parted(truth)
    number = 0 if item.claim is None else item.claim.number
    said = Decision(str(uuid4()), item.id, number, item.version, outcome, policy)
    with widgets.told(shell):
        decisions.decide(shell.store, shell.actor, said, now=shell.now())
        st.session_state[DONE] = item.id
        st.rerun()


def _told(shell: Shell, item_id: str) -> None:
    found = quality_gold.explained(shell.store, shell.actor, item_id)
    if found is not None:
        expected = quality_parts.named(shell, found.expected)
        if found.right:
            st.success(shell.say("quality.practice_right", expected=expected))
        else:
            said = quality_parts.named(shell, found.said)
            st.warning(shell.say("quality.practice_wrong", said=said, expected=expected))
        widgets.show_untrusted(shell, found.explanation, limit=quality_parts.LONGEST)
    if st.button(shell.say("quality.practice_next"), key="evenhand.quality.next"):
        del st.session_state[DONE]
        st.rerun()


def _own(shell: Shell) -> None:
    widgets.section(shell, "quality.own", "quality.own_lead")
    found = quality_gold.own_results(shell.store, shell.actor, shell.now())
    if not found:
        widgets.empty(shell.say("quality.own_none"))
        return
    right = sum(one.right for one in found)
    st.markdown(shell.say("quality.own_line", right=right, n=len(found)))
    rows = [_row(shell, one) for one in found[:AT_ONCE]]
    st.dataframe(rows, hide_index=True, alt=shell.say("quality.own"))


def _row(shell: Shell, one: GoldRead) -> dict[str, object]:
    return {
        shell.say("quality.col_day"): forms.day(
            one.decided_at.astimezone(shell.zone).date(), shell.lang
        ),
        shell.say("quality.col_said"): quality_parts.named(shell, one.said),
        shell.say("quality.col_expected"): quality_parts.named(shell, one.expected),
        shell.say("quality.col_why"): make_plain(one.explanation, quality_parts.LONGEST)[0],
    }
