"""The policies page: the closed lists with the model's view of their examples, and statements.

What left people unsure is clarified here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.payload import label_name
from evenhand.dashboard.jobs import clarifying, policies
from evenhand.dashboard.views import policies_clarify, policies_statements
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evenhand.dashboard.jobs.clarifying import Line
    from evenhand.dashboard.jobs.policies import Example, Overview, Worded
    from evenhand.dashboard.shell import Shell


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "policies.title", "policies.lead")
    policies_statements.say_what_was_done(shell)
    policies_clarify.say_what_was_done(shell)
    with widgets.told(shell):
        found = policies.overview(shell.store, shell.actor, shell.now())
        _disagreements(shell, found)
        clarified = clarifying.listing(shell.store, shell.actor)
        _list(shell, "policies.harms", found.policies, clarified.in_force)
        _list(shell, "policies.requests", found.requests, clarified.in_force)
        widgets.quiet(shell.say("policies.wording", wording=found.wording))
        policies_clarify.draw(shell, clarified.waiting)
    policies_statements.draw(shell)


def _disagreements(shell: Shell, found: Overview) -> None:
    widgets.section(shell, "policies.disagreements", "policies.disagreements_lead")
    if found.measured_at is None:
        widgets.empty(shell.say("policies.not_measured"))
        return
    known = {
        "model": found.model,
        "scored": found.scored,
        "since": shell.since(found.measured_at),
    }
    number = len(found.disagreements)
    if not number:
        st.success(shell.say("policies.agree_all", **known), icon=":material/check:")
        return
    st.warning(shell.say("policies.disagree_count", n=number, **known), icon=":material/rule:")
    with st.expander(shell.say("policies.show_disagreements", n=number)):
        for example in found.disagreements:
            with st.container(border=True, gap="xsmall"):
                widgets.show_untrusted(shell, example.text)
                widgets.quiet(_disagreement(shell, example))


def _disagreement(shell: Shell, example: Example) -> str:
    return shell.say(
        "policies.missed" if example.is_one else "policies.overdone",
        label=label_name(example.label, shell.lang),
        band=shell.say(f"terms.band_{example.band}"),
        score=forms.score(example.score or 0.0, shell.lang),
    )


def _list(
    shell: Shell,
    title: str,
    listed: Iterable[Worded],
    clarified: Mapping[str, tuple[Line, ...]],
) -> None:
    widgets.section(shell, title, f"{title}_lead")
    for one in listed:
        box = st.expander(
            _title(shell, one), on_change="rerun", key=f"evenhand-policies-{one.entry.id}"
        )
        # What is closed costs nothing.
        if box.open:
            with box:
                _worded(shell, one, clarified.get(one.entry.id, ()))


def _title(shell: Shell, one: Worded) -> str:
    name = f"**{one.entry.wording[shell.lang].name}**"
    severity = shell.say("policies.severity", severity=one.entry.severity)
    # A second sign beside colour: somebody who leafs through sees where to look.
    differs = any(example.agrees is False for example in one.examples)
    note = f" · :orange[:material/rule: {shell.say('policies.otherwise')}]" if differs else ""
    return f"{name} · {severity}{note}"


def _worded(shell: Shell, one: Worded, clarified: tuple[Line, ...]) -> None:
    wording = one.entry.wording[shell.lang]
    for title, text in (("means", wording.definition), ("not_this", wording.not_this)):
        widgets.quiet(shell.say(f"policies.{title}"))
        st.text(text, width="stretch")
    policies_clarify.under(shell, clarified)
    if one.entry.covered:
        widgets.quiet(shell.say("policies.covered"))
    if one.by_statement:
        st.info(shell.say("policies.by_statement"))
    own = [example for example in one.examples if example.lang == shell.lang]
    for title, is_one in (("is_one", True), ("is_not_one", False)):
        st.markdown(f"**{shell.say(f'policies.{title}')}**")
        for example in own:
            if example.is_one is is_one:
                _example(shell, example)


def _example(shell: Shell, example: Example) -> None:
    with st.container(border=True, gap="xsmall"):
        # Links in an example must not be links.
        widgets.show_untrusted(shell, example.text)
        if example.agrees is not None:
            widgets.quiet(_scored(shell, example))


def _scored(shell: Shell, example: Example) -> str:
    score = forms.score(example.score or 0.0, shell.lang)
    if example.band == "nothing":
        said = shell.say("policies.scored_left", score=score)
    else:
        band = shell.say(f"terms.band_{example.band}")
        said = shell.say("policies.scored_put", band=band, score=score)
    return said if example.agrees else f"{said} · **{shell.say('policies.otherwise')}**"
