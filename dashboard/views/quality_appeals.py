"""The appeals of the quality page: what waits, who may read it, and the form to file one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import appeals, search
from evenhand.dashboard.views import quality_parts, queues_words
from evenhand.data.records import ItemState

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.appeals import Decided, Line
    from evenhand.dashboard.shell import Shell

WORDS, CHOSEN = "evenhand.quality.appeal.words", "evenhand.quality.appeal.chosen"
# Enough of a post to recognise it by.
SHORT = 280


def draw(shell: Shell) -> None:
    """Draw what waits, then the form."""
    widgets.quiet(shell.say("quality.appeals_lead"))
    found = appeals.waiting(shell.store, shell.actor)
    st.header(shell.say("quality.appeals_waiting", n=len(found)), anchor=False)
    if not found:
        widgets.empty(shell.say("quality.appeals_none"))
    for line in found:
        with st.container(border=True, key=f"evenhand-appeal-{line.appeal.id}"):
            _one(shell, line)
    _file(shell)


def _one(shell: Shell, line: Line) -> None:
    one = line.appeal
    said = quality_parts.named(shell, one.policy or one.outcome)
    head = shell.say("quality.appeal_line", id=one.id, item=one.item_id, said=said)
    st.markdown(f"**{head}**")
    # Whoever may still read it decides without having read why it is held to be wrong.
    if not line.may_take:
        widgets.show_untrusted(shell, one.ground, limit=quality_parts.LONGEST)
    quality_parts.facts(
        shell,
        {
            "quality.side": shell.say(f"quality.side_{one.side}"),
            "quality.appeal_by": f"{line.filed_by}, {shell.moment(one.filed_at)}",
        },
    )
    if line.may_take:
        if st.button(shell.say("quality.appeal_read"), key=f"evenhand.quality.appeal.{one.id}"):
            quality_parts.do(
                shell,
                "quality.appeal_taken",
                lambda: appeals.take(
                    shell.store,
                    shell.actor,
                    one.id,
                    shell.now(),
                    shell.settings.review.lease_minutes,
                ),
            )
    elif one.took_part:
        widgets.quiet(shell.say("quality.appeal_not_you"))
    elif one.state is not ItemState.OPEN:
        widgets.quiet(shell.say("quality.appeal_in_hand"))


def _file(shell: Shell) -> None:
    with st.expander(shell.say("quality.appeal_file")):
        chosen = _choose(shell)
        _form(shell, chosen)


def _choose(shell: Shell) -> str:
    """Let a decision be chosen from what the person decided, or what words find; give its item."""
    roles, found = shell.actor.roles, None
    with widgets.told(shell):
        words = ""
        if roles.intersection(appeals.FINDING):
            words = st.text_input(
                shell.say("quality.appeal_words"),
                key=WORDS,
                max_chars=search.LONGEST_QUERY,
                help=shell.say("quality.appeal_words_hint"),
            ).strip()
        if words:
            found = appeals.find_decided(shell.store, shell.actor, words)
        elif roles.intersection(appeals.READING):
            found = appeals.own_decisions(shell.store, shell.actor, shell.now())
    if found is None:
        return ""
    if not found:
        none = "quality.appeal_found_none" if words else "quality.appeal_own_none"
        widgets.quiet(shell.say(none))
        return ""
    by_id = {one.item_id: one for one in found}
    if st.session_state.get(CHOSEN) not in by_id:
        st.session_state.pop(CHOSEN, None)
    chosen = st.selectbox(
        shell.say("quality.appeal_found" if words else "quality.appeal_own", n=len(found)),
        list(by_id),
        format_func=lambda key: _worded(shell, by_id[key]),
        index=None,
        placeholder=shell.say("quality.appeal_choose"),
        key=CHOSEN,
    )
    if chosen is None:
        return ""
    _text(shell, by_id[chosen])
    return str(chosen)


def _worded(shell: Shell, one: Decided) -> str:
    return shell.say(
        "quality.appeal_option",
        id=one.item_id,
        said=quality_parts.named(shell, one.policy or one.outcome),
        language=queues_words.lang(shell, one.lang),
        since=shell.since(one.decided_at),
    )


def _text(shell: Shell, one: Decided) -> None:
    """Draw the beginning of the post once it was asked for: it is covered like on the card."""
    if not one.has_text:
        widgets.quiet(shell.say("queues.no_text"))
        return
    if st.button(shell.say("queues.open"), key=f"evenhand.quality.appeal.open.{one.item_id}"):
        with widgets.told(shell):
            opened = appeals.open_decided(shell.store, shell.actor, one.item_id, shell.now())
            if opened.name:
                widgets.show_untrusted(shell, opened.name, limit=SHORT)
            widgets.show_untrusted(shell, opened.text, limit=SHORT)


def _form(shell: Shell, chosen: str) -> None:
    with st.form("evenhand.quality.appeal"):
        item_id = chosen
        if chosen:
            widgets.quiet(shell.say("quality.appeal_about", id=chosen))
        else:
            item_id = quality_parts.number_field(shell, "evenhand.quality.appeal.item")
        side = st.segmented_control(
            shell.say("quality.side"),
            list(appeals.SIDES),
            format_func=lambda one: shell.say(f"quality.side_{one}"),
            default=appeals.SIDES[0],
            required=True,
        )
        ground = st.text_area(shell.say("quality.ground"), key="evenhand.quality.appeal.ground")
        label = widgets.main_label(shell.say("quality.send"))
        if st.form_submit_button(label, type="primary"):
            quality_parts.do(
                shell,
                "quality.appeal_filed",
                lambda: appeals.file_appeal(
                    shell.store, shell.actor, item_id, str(side), ground or "", shell.now()
                ),
            )
