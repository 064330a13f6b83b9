"""Macros on the queues page: those in use, and the form for a new one.

Their names were typed by people, so they are drawn as letters only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import library, macros
from evenhand.dashboard.jobs.macros import NewMacro
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import queues_words as worded
from evenhand.data.records import Outcome
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.library import Template
    from evenhand.dashboard.jobs.macros import Macro
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.queues.macros.said"
FORM = "evenhand-macros-"
LONGEST = 200


def draw(shell: Shell) -> None:
    """Draw the team's macros and, for coordinators, the form."""
    widgets.quiet(shell.say("macros.lead"))
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))
    found = macros.list_active(shell.store, shell.actor)
    templates = {one.id: one for one in library.templates(shell.store, shell.lang)}
    may_keep = macros.may_keep(shell.actor)
    widgets.section(shell, "macros.in_use")
    if not found:
        widgets.empty(shell.say("macros.none"))
    for one in found:
        with st.container(border=True, key=f"evenhand-macro-{one.id}"):
            _macro(shell, one, templates)
            if may_keep:
                _end(shell, one)
    if may_keep:
        widgets.section(shell, "macros.add_part")
        _add(
            shell, [key for key in macros.KEYS if key not in {one.key for one in found}], templates
        )


def _macro(shell: Shell, one: Macro, templates: Mapping[str, Template]) -> None:
    st.markdown(f"**{shell.say('macros.letter', letter=one.key)}**")
    widgets.show_untrusted(shell, one.name, limit=LONGEST)
    template = templates.get(one.template_id)
    facts = {
        "decides": _decision(shell, one.outcome, one.policies),
        "begins": one.template_id if template is None else _template(shell, template),
        "made_by": worded.by(shell, one.made_by, one.made_at),
    }
    with st.container(horizontal=True, gap="medium"):
        for key, value in facts.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(f"macros.{key}"))
                widgets.show_untrusted(shell, value, limit=LONGEST)
    if template is None:
        widgets.quiet(shell.say("macros.gone"))


def _decision(shell: Shell, outcome: Outcome, policies: Sequence[str]) -> str:
    said = _outcome(shell, outcome)
    named = ", ".join(worded.label(shell, policy) for policy in policies)
    return f"{said}: {named}" if named else said


def _outcome(shell: Shell, outcome: Outcome) -> str:
    return _big(shell.say(f"terms.outcome_{outcome.value}"))


def _template(shell: Shell, one: Template) -> str:
    return f"{_big(shell.say(f'terms.response_{one.kind.value}'))}: {plain_name(one.name)}"


def _end(shell: Shell, one: Macro) -> None:
    words = shell.say("macros.end"), shell.say("macros.end_hint")
    if widgets.hinted_button(words, key=f"evenhand.macros.end.{one.id}"):
        with widgets.told(shell):
            macros.end(shell.store, shell.actor, one.id, shell.now())
            _say_next("macros.ended")


def _add(shell: Shell, free: Sequence[str], templates: Mapping[str, Template]) -> None:
    if not free:
        widgets.quiet(shell.say("macros.no_key", n=len(macros.KEYS)))
        return
    if not templates:
        widgets.quiet(shell.say("macros.no_template"))
        return
    new = _fields(shell, free, templates)
    label = widgets.main_label(shell.say("macros.add"))
    if st.button(label, key="evenhand.macros.add", type="primary"):
        if new is None:
            st.error(shell.say("macros.choose_template"))
            return
        with widgets.told(shell):
            macros.add(shell.store, shell.actor, new, shell.now())
            for name in ("key", "name", "outcome", "policies", "template"):
                st.session_state.pop(FORM + name, None)
            _say_next("macros.added")


def _fields(
    shell: Shell, free: Sequence[str], templates: Mapping[str, Template]
) -> NewMacro | None:
    """Draw the fields and give what they say; None until a template is chosen."""
    # Somebody else may have taken the key that was chosen here.
    if st.session_state.get(FORM + "key") not in free:
        st.session_state.pop(FORM + "key", None)
    left, right = st.columns([1, 3])
    with left:
        key = st.selectbox(shell.say("macros.key_label"), free, key=FORM + "key")
    with right:
        name = st.text_input(
            shell.say("macros.name"),
            key=FORM + "name",
            max_chars=macros.LONGEST_NAME,
            placeholder=shell.say("macros.name_hint"),
        )
    outcome = st.selectbox(
        shell.say("macros.outcome"),
        macros.OUTCOMES,
        format_func=lambda one: _outcome(shell, one),
        key=FORM + "outcome",
    )
    policies = _policies(shell) if outcome is Outcome.VIOLATES else ()
    template = st.selectbox(
        shell.say("macros.template"),
        sorted(templates, key=lambda one: _template(shell, templates[one])),
        format_func=lambda one: _template(shell, templates[one]),
        index=None,
        placeholder=shell.say("macros.choose"),
        help=shell.say("macros.template_hint"),
        key=FORM + "template",
    )
    if template is None:
        return None
    return NewMacro(key, name, outcome, policies, templates[template].kind, template)


def _policies(shell: Shell) -> tuple[str, ...]:
    chosen = st.multiselect(
        shell.say("macros.policies"),
        [one.value for one in Policy],
        format_func=lambda one: worded.label(shell, one),
        placeholder=shell.say("macros.choose"),
        key=FORM + "policies",
    )
    return tuple(chosen)


def _big(words: str) -> str:
    return words[:1].upper() + words[1:]


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
