"""Statements on the policies page: in force, waiting for a second person, ended; and their forms.

Everything here was typed by people, so it is drawn as letters only, addresses too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.payload import label_name
from evenhand.dashboard.jobs import statements
from evenhand.dashboard.jobs.statement_checks import LONGEST_DAYS, TOPICS, lines
from evenhand.dashboard.jobs.statements import Worded
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.statements import Line, Statement
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.statements.said"
CORRECTING = "evenhand.statements.correcting"
AT_ONCE = 5
# Long enough for a rumour, short enough that somebody looks again.
USUAL_DAYS = 60
LONGEST = 2_000


def say_what_was_done(shell: Shell) -> None:
    """Say at the head of the page what the last press came to."""
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))


def draw(shell: Shell) -> None:
    """Draw the list and, for those who may, the forms."""
    widgets.section(shell, "statements.title", "statements.lead")
    with widgets.told(shell):
        found = statements.listing(shell.store, shell.actor, shell.now())
        parts = {"in_force": found.in_force, "waiting": found.waiting, "ended": found.ended}
        names = [shell.say(f"statements.{name}", n=len(part)) for name, part in parts.items()]
        for tab, (name, part) in zip(st.tabs(names), parts.items(), strict=True):
            with tab:
                _part(shell, name, part)
        if found.may_propose:
            _propose(shell)


def _part(shell: Shell, name: str, part: Sequence[Line]) -> None:
    if not part:
        widgets.empty(shell.say(f"statements.none_{name}"))
        return
    begin = 0
    if len(part) > AT_ONCE:
        pages = -(-len(part) // AT_ONCE)
        chosen = st.pagination(pages, key=f"evenhand-statements-page-{name}")
        begin = AT_ONCE * (min(chosen, pages) - 1)
    for line in part[begin : begin + AT_ONCE]:
        with st.container(border=True, key=f"evenhand-statement-{line.statement.id}"):
            _statement(shell, line)


def _statement(shell: Shell, line: Line) -> None:
    one = line.statement
    st.markdown(f"**{shell.say('statements.number', id=one.id)}**")
    _said(shell, "wordings", *(f"“{wording}”" for wording in one.worded.wordings))
    _said(shell, "truth", one.worded.what_is_true)
    _said(shell, "source", f"{one.worded.source_name}\n{one.worded.source_url}")
    _facts(shell, line)
    _actions(shell, line)


def _said(shell: Shell, key: str, *words: str) -> None:
    """Draw what a statement says under its heading."""
    with st.container(gap=None):
        widgets.quiet(shell.say(f"statements.{key}"))
        for each in words:
            widgets.show_untrusted(shell, each, limit=LONGEST)


def _facts(shell: Shell, line: Line) -> None:
    one = line.statement
    values = {
        "policy": label_name(one.worded.policy, shell.lang),
        "language": shell.say(f"statements.lang_{one.worded.lang}"),
        "proposed_by": _by(shell, line.proposed_by, one.proposed_at),
    }
    if line.approved_by is not None and one.approved_at is not None:
        values["approved_by"] = _by(shell, line.approved_by, one.approved_at)
    if line.may_end or one.ended_at is None:
        values["expires"] = _day(shell, one.worded.expires_at)
    else:
        values["ended_at"] = _ending(shell, line)
    with st.container(horizontal=True, gap="medium"):
        for key, value in values.items():
            with st.container(width="content", gap=None):
                _said(shell, key, value)
    if line.simulated:
        widgets.quiet(shell.say("statements.simulated"))
    if one.corrects is not None and one.approved_at is None:
        widgets.quiet(shell.say("statements.corrects", id=one.corrects))


def _by(shell: Shell, name: str, at: datetime) -> str:
    return shell.say("statements.by_and_when", name=name, at=_day(shell, at))


def _day(shell: Shell, at: datetime) -> str:
    return forms.day(at.astimezone(shell.zone), shell.lang)


def _ending(shell: Shell, line: Line) -> str:
    one = line.statement
    if line.ended_by is None or one.ended_at is None:
        return shell.say("statements.expired")
    known = {"name": line.ended_by, "at": _day(shell, one.ended_at)}
    if line.corrected_by is not None:
        return shell.say("statements.replaced", id=line.corrected_by, **known)
    return shell.say("statements.withdrawn" if one.approved_at else "statements.set_aside", **known)


def _actions(shell: Shell, line: Line) -> None:
    one = line.statement
    if line.own and one.approved_at is None and line.may_end:
        widgets.quiet(shell.say("statements.needs_second"))
    with st.container(horizontal=True):
        if line.may_approve:
            _button(shell, one, ("approve", "approve_hint", "approved"), statements.approve)
        if line.may_end:
            label = "withdraw" if one.approved_at else "set_aside_it"
            _button(shell, one, (label, "withdraw_hint", "withdrawn_now"), statements.withdraw)
        if line.may_correct and st.button(
            shell.say("statements.correct"), key=f"evenhand.statements.correct.{one.id}"
        ):
            st.session_state[CORRECTING] = one.id
    if line.may_correct and st.session_state.get(CORRECTING) == one.id:
        _correct(shell, one)


def _button(
    shell: Shell, one: Statement, words: tuple[str, str, str], job: Callable[..., object]
) -> None:
    """Draw a button; *words* are its label, what it means, and what is said when it is done."""
    label, hint, done = words
    pressed = st.button(
        shell.say(f"statements.{label}"),
        key=f"evenhand.statements.{label}.{one.id}",
        help=shell.say(f"statements.{hint}"),
    )
    if pressed:
        with widgets.told(shell):
            job(shell.store, shell.actor, one.id, shell.now())
            _say_next(f"statements.{done}")


def _propose(shell: Shell) -> None:
    with st.expander(shell.say("statements.propose")):
        widgets.quiet(shell.say("statements.propose_lead"))
        worded = _form(shell, "propose", None)
        if worded is not None:
            with widgets.told(shell):
                statements.propose(shell.store, shell.actor, worded, shell.now())
                _say_next("statements.proposed")


def _correct(shell: Shell, one: Statement) -> None:
    st.subheader(shell.say("statements.correcting", id=one.id), anchor=False)
    widgets.quiet(shell.say("statements.correct_lead"))
    worded = _form(shell, f"correct.{one.id}", one.worded)
    if worded is not None:
        with widgets.told(shell):
            statements.correct(shell.store, shell.actor, one.id, worded, shell.now())
            st.session_state.pop(CORRECTING, None)
            _say_next("statements.proposed")
    if st.button(shell.say("statements.cancel"), key=f"evenhand.statements.cancel.{one.id}"):
        st.session_state.pop(CORRECTING, None)
        st.rerun()


def _form(shell: Shell, key: str, before: Worded | None) -> Worded | None:
    """Draw the form, filled with what stands *before*; give what was sent, if anything was."""
    kinds = list(TOPICS)
    with st.form(f"evenhand.statements.{key}"):
        policy = st.selectbox(
            shell.say("statements.policy"),
            kinds,
            index=0 if before is None else kinds.index(before.policy),
            format_func=lambda one: label_name(one, shell.lang),
        )
        lang = st.segmented_control(
            shell.say("statements.language"),
            list(forms.LANGUAGES),
            format_func=lambda one: shell.say(f"statements.lang_{one}"),
            default=shell.lang if before is None else before.lang,
            required=True,
        )
        wordings = st.text_area(
            shell.say("statements.wordings_label"),
            value=None if before is None else "\n".join(before.wordings),
            placeholder=shell.say("statements.wordings_hint"),
            height=110,
        )
        truth, name, address, days = _grounds(shell, before)
        label = widgets.main_label(shell.say("statements.submit"))
        if not st.form_submit_button(label, type="primary"):
            return None
    return Worded(
        policy=policy,
        topic=TOPICS[policy],
        lang=str(lang),
        wordings=tuple(lines(wordings or "")),
        what_is_true=truth,
        source_name=name,
        source_url=address,
        expires_at=shell.now() + timedelta(days=days),
    )


def _grounds(shell: Shell, before: Worded | None) -> tuple[str, str, str, int]:
    """Draw the fields for what is true instead, who published it, where, and for how many days."""
    truth = st.text_input(
        shell.say("statements.truth_label"),
        value=None if before is None else before.what_is_true,
        placeholder=shell.say("statements.truth_hint"),
    )
    name = st.text_input(
        shell.say("statements.source_name"),
        value=None if before is None else before.source_name,
    )
    address = st.text_input(
        shell.say("statements.source_url"),
        value=None if before is None else before.source_url,
        placeholder="https://",
    )
    days = st.number_input(shell.say("statements.days"), 1, LONGEST_DAYS, USUAL_DAYS, format="%d")
    return truth or "", name or "", address or "", int(days)


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
