"""The appeals of the quality page: what waits, who may read it, and the form to file one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import appeals
from evenhand.dashboard.views import quality_parts
from evenhand.data.records import ItemState

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.appeals import Line
    from evenhand.dashboard.shell import Shell


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
    with st.expander(shell.say("quality.appeal_file")), st.form("evenhand.quality.appeal"):
        number = quality_parts.number_field(shell, "evenhand.quality.appeal.item")
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
                    shell.store, shell.actor, number, str(side), ground or "", shell.now()
                ),
            )
