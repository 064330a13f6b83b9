"""Routes on the queues page: in force, waiting for a second person, ended; and the form.

Names of routes, teams and sources were typed by people, so they are drawn as letters only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import routing
from evenhand.dashboard.jobs.routing import Rule
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import queues_words as worded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evenhand.dashboard.jobs.routing import Choices, Line, Listing
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.queues.said"
LONGEST = 200


def draw(shell: Shell) -> None:
    """Draw the routes in their order and, for coordinators, the form."""
    widgets.quiet(shell.say("queues.routes_lead"))
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))
    found = routing.listing(shell.store, shell.actor, shell.now())
    parts = {"in_force": found.in_force, "waiting": found.waiting, "ended": found.ended}
    names = [shell.say(f"queues.{name}", n=len(part)) for name, part in parts.items()]
    for tab, (name, part) in zip(st.tabs(names), parts.items(), strict=True):
        with tab:
            _part(shell, name, part, found)
    if found.may_propose:
        _propose(shell)


def _part(shell: Shell, name: str, part: Sequence[Line], found: Listing) -> None:
    if not part:
        widgets.empty(shell.say(f"queues.none_{name}"))
    for line in part:
        with st.container(border=True, key=f"evenhand-route-{line.route.id}"):
            st.markdown(f"**{shell.say('queues.position', n=line.route.rule.position)}**")
            widgets.show_untrusted(shell, line.route.rule.name, limit=LONGEST)
            _facts(shell, line)
            if line.would_take is not None:
                widgets.quiet(_would_take(shell, line.would_take, found.made, found.capped))
            _actions(shell, line)


def _facts(shell: Shell, line: Line) -> None:
    one = line.route
    rule = one.rule
    facts = {
        "labels": ", ".join(worded.label(shell, key) for key in rule.labels)
        or shell.say("queues.every_label"),
        "langs": ", ".join(worded.lang(shell, code) for code in rule.langs)
        or shell.say("queues.any_lang"),
        "sources": ", ".join(line.sources) or shell.say("queues.every_source"),
        "team": line.team,
        "proposed_by": worded.by(shell, line.proposed_by, one.proposed_at),
    }
    if line.approved_by is not None and one.approved_at is not None:
        facts["approved_by"] = worded.by(shell, line.approved_by, one.approved_at)
    if line.ended_by is not None and one.ended_at is not None:
        facts["ended_by"] = worded.by(shell, line.ended_by, one.ended_at)
    with st.container(horizontal=True, gap="medium"):
        for key, value in facts.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(f"queues.{key}"))
                widgets.show_untrusted(shell, value, limit=LONGEST)


def _would_take(shell: Shell, taken: int, made: int, capped: bool) -> str:  # noqa: FBT001 - a fact of the preview
    key = "would_take_capped" if capped else "would_take"
    return shell.say(f"queues.{key}", n=taken, made=made)


def _actions(shell: Shell, line: Line) -> None:
    if line.own and line.route.approved_at is None and line.may_end:
        widgets.quiet(shell.say("queues.needs_second"))
    with st.container(horizontal=True):
        if line.may_approve:
            _button(shell, line, ("approve", "approve_hint", "approved"), routing.approve)
        if line.may_end:
            label = "end" if line.route.approved_at else "set_aside"
            _button(shell, line, (label, "end_hint", "ended_now"), routing.end)


def _button(
    shell: Shell, line: Line, words: tuple[str, str, str], job: Callable[..., object]
) -> None:
    """Draw a button; *words* are its label, what it means, and what is said when it is done."""
    label, hint, done = words
    pressed = st.button(
        shell.say(f"queues.{label}"),
        key=f"evenhand.queues.{label}.{line.route.id}",
        help=shell.say(f"queues.{hint}"),
    )
    if pressed:
        with widgets.told(shell):
            job(shell.store, shell.actor, line.route.id, shell.now())
            _say_next(f"queues.{done}")


def _propose(shell: Shell) -> None:
    with st.expander(shell.say("queues.propose")):
        widgets.quiet(shell.say("queues.propose_lead"))
        offered = routing.choices(shell.store, shell.actor, shell.now())
        with st.form("evenhand.queues.propose"):
            rule = _fields(shell, offered)
            with st.container(horizontal=True):
                counted = st.form_submit_button(shell.say("queues.count"))
                label = widgets.main_label(shell.say("queues.submit"))
                sent = st.form_submit_button(label, type="primary")
        with widgets.told(shell):
            if counted:
                found = routing.preview(shell.store, shell.actor, rule, shell.now())
                st.info(_would_take(shell, found.taken, found.made, found.capped))
            elif sent:
                routing.propose(shell.store, shell.actor, rule, shell.now())
                _say_next("queues.proposed")


def _fields(shell: Shell, offered: Choices) -> Rule:
    choose = shell.say("queues.choose")
    name = st.text_input(shell.say("queues.name"), placeholder=shell.say("queues.name_hint"))
    position = st.number_input(
        shell.say("queues.position_label"), 1, routing.LAST_POSITION, 1, format="%d"
    )
    labels = st.multiselect(
        shell.say("queues.labels"),
        offered.labels,
        format_func=lambda key: worded.label(shell, key),
        placeholder=choose,
    )
    langs = st.multiselect(
        shell.say("queues.langs"),
        offered.langs,
        format_func=lambda code: worded.lang(shell, code),
        placeholder=choose,
    )
    sources = st.multiselect(
        shell.say("queues.sources"),
        list(offered.sources),
        format_func=lambda key: plain_name(offered.sources[key]),
        placeholder=choose,
    )
    team = st.selectbox(
        shell.say("queues.team"),
        list(offered.teams),
        format_func=lambda key: plain_name(offered.teams[key]),
    )
    return Rule(
        name=name,
        position=int(position),
        labels=tuple(labels),
        langs=tuple(langs),
        sources=tuple(sources),
        team_id=team or "",
    )


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
