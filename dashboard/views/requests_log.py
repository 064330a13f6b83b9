"""How logged responses are drawn: what was done, from which account, by whom, in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.requests import Logged
    from evenhand.dashboard.shell import Shell

LONGEST_NAME = 80
LONGEST_LINE = 600
KNOWN = frozenset({"en", "vi"})


def label_name(shell: Shell, label: str) -> str:
    """Word a policy or a request.

    What was drawn to be read has neither, and that it was drawn is not told: it needs an answer.
    """
    lists = load_taxonomy()
    entry = lists.policies.get(label) or lists.requests.get(label)
    if entry is not None:
        return entry.wording[shell.lang].name
    said = shell.say("terms.outcome_needs_answer")
    return f"{said[0].upper()}{said[1:]}"


def lang_name(shell: Shell, lang: str) -> str:
    """Word a language of a post."""
    return shell.say(f"review.lang_{lang if lang in KNOWN else 'other'}")


def origin(shell: Shell, source_name: str, lang: str, *facts: str) -> None:
    """Draw where a post comes from, its language, and *facts* in our own words."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # The name was typed by somebody, so it is drawn as letters.
        with st.container(width="content"):
            widgets.show_untrusted(shell, source_name, limit=LONGEST_NAME)
        with st.container(width="content"):
            widgets.quiet(" · ".join([lang_name(shell, lang), *facts]))


def show(shell: Shell, one: Logged) -> None:
    """Draw one logged response."""
    given = one.response
    kind = shell.say(f"terms.response_{given.kind.value}")
    if given.recipient is not None:
        kind = f"{kind}: {shell.say(f'terms.recipient_{given.recipient.value}')}"
    st.markdown(f"**{kind[0].upper()}{kind[1:]}**")
    facts = [
        shell.moment(given.given_at),
        given.channel,
        shell.say("requests.from_account", name=given.account),
        shell.say("requests.given_by", name=one.by),
        _words(shell, one),
    ]
    # Half of it was typed by people, so all of it is drawn as letters.
    widgets.show_untrusted(shell, " · ".join(facts), limit=LONGEST_LINE)
    widgets.show_copyable(given.text)
    if given.result:
        widgets.quiet(shell.say("requests.came_of_it"))
        widgets.show_untrusted(shell, given.result)


def _words(shell: Shell, one: Logged) -> str:
    name, version = one.response.template_id, one.response.template_version
    if name is None:
        return shell.say("requests.own_words")
    return shell.say("requests.by_template", name=name, version=version)
