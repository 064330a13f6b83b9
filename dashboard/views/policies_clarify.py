"""What left people unsure, on the policies page: figures, the items behind, and the sentences.

A text opens one by one, on the ground of its flag, as in a search; sentences are letters only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card.payload import label_name
from evenhand.dashboard.jobs import clarifying, search
from evenhand.dashboard.views import queues_words
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evenhand.dashboard.jobs.clarifying import DoubtedItem, Line, Unsure
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.clarify.said"
LONGEST = clarifying.LONGEST
DASH = "–"


def say_what_was_done(shell: Shell) -> None:
    """Say at the head of the page what the last press came to."""
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))


def under(shell: Shell, lines: Sequence[Line]) -> None:
    """Draw the clarifications of one policy, under its wording."""
    if not lines:
        return
    widgets.quiet(shell.say("clarify.clarified"))
    for line in lines:
        with st.container(border=True, gap="xsmall"):
            _sentence(shell, line)
            _end(shell, line)


def draw(shell: Shell, waiting: Sequence[Line]) -> None:
    """Draw the part for those who word policies; nothing for others."""
    reads = bool(shell.actor.roles.intersection(clarifying.READING))
    if not reads and not (waiting and shell.actor.roles.intersection(clarifying.APPROVING)):
        return
    widgets.section(shell, "clarify.title", "clarify.lead")
    if reads:
        found = clarifying.unsure(shell.store, shell.actor, shell.now())
        _figures(shell, found)
        _behind(shell, found)
    if waiting:
        st.subheader(shell.say("clarify.waiting", n=len(waiting)), anchor=False)
    for line in waiting:
        with st.container(border=True, key=f"evenhand-clarification-{line.clarification.id}"):
            _waiting(shell, line)
    if reads:
        _propose(shell)


# --- what was not sure -------------------------------------------------------------------------


def _figures(shell: Shell, found: Sequence[Unsure]) -> None:
    if not found:
        widgets.empty(shell.say("clarify.none"))
        return
    columns = ("label", "lang", "unsure", "decided", "share", "settled")
    heads = [shell.say(f"clarify.col_{name}") for name in columns]
    rows = [dict(zip(heads, _row(shell, one), strict=True)) for one in found]
    st.dataframe(rows, hide_index=True, alt=shell.say("clarify.title"))
    widgets.quiet(shell.say("clarify.how"))


def _row(shell: Shell, one: Unsure) -> tuple[str, ...]:
    value, interval = one.unsure.value, one.unsure.interval
    share = DASH
    if value is not None and interval is not None:
        low, high = (forms.tenths(end, shell.lang) for end in interval)
        share = f"{forms.tenths(value, shell.lang)} ({low} – {high})"
    return (
        queues_words.label(shell, one.label),
        queues_words.lang(shell, one.lang),
        shell.number(one.unsure.part),
        shell.number(one.unsure.n),
        share,
        shell.number(one.settled),
    )


def _behind(shell: Shell, found: Sequence[Unsure]) -> None:
    if not found:
        return
    by_key = {f"{one.label} {one.lang}": one for one in found}
    box = st.expander(shell.say("clarify.items"), on_change="rerun", key="evenhand-clarify-items")
    if not box.open:
        return
    with box:
        chosen = st.selectbox(
            shell.say("clarify.choose"),
            list(by_key),
            format_func=lambda key: _chosen(shell, by_key[key]),
            key="evenhand-clarify-choice",
        )
        one = by_key[chosen]
        items = clarifying.items_behind(shell.store, shell.actor, one.label, one.lang, shell.now())
        if not items:
            widgets.empty(shell.say("clarify.items_none"))
        for item in items:
            with st.container(border=True, key=f"evenhand-doubted-{item.item_id}"):
                _item(shell, item)


def _chosen(shell: Shell, one: Unsure) -> str:
    return shell.say(
        "clarify.chosen",
        label=queues_words.label(shell, one.label),
        language=queues_words.lang(shell, one.lang),
        n=one.unsure.part,
    )


def _item(shell: Shell, item: DoubtedItem) -> None:
    state = shell.say(f"terms.item_state_{item.state.value}")
    line = shell.say("clarify.item_line", state=state, since=shell.since(item.unsure_at))
    settled = f", {shell.say('clarify.item_settled')}" if item.settled else ""
    st.markdown(f"**{shell.say('clarify.item', id=item.item_id)}**")
    widgets.quiet(f"{line}{settled}")
    if not item.has_text:
        widgets.quiet(shell.say("clarify.no_text"))
        return
    pressed = st.button(
        shell.say("clarify.open"),
        key=f"evenhand.clarify.open.{item.item_id}",
        help=shell.say("clarify.open_hint"),
    )
    if pressed:
        with widgets.told(shell):
            opened = search.open_item(shell.store, shell.actor, item.item_id, shell.now())
            if opened.name:
                widgets.show_untrusted(shell, opened.name)
            widgets.show_untrusted(shell, opened.text)


# --- the sentences -----------------------------------------------------------------------------


def _sentence(shell: Shell, line: Line, langs: Sequence[str] | None = None) -> None:
    one = line.clarification
    for lang in langs or (shell.lang,):
        widgets.show_untrusted(shell, one.sentences[lang], limit=LONGEST)
    known = {"name": line.proposed_by, "at": shell.moment(one.approved_at or one.proposed_at)}
    if line.approved_by is None:
        said = shell.say("clarify.by", **known)
    else:
        said = shell.say("clarify.by_two", other=line.approved_by, **known)
    widgets.show_untrusted(shell, said, limit=LONGEST)
    if line.simulated:
        widgets.quiet(shell.say("clarify.simulated"))


def _waiting(shell: Shell, line: Line) -> None:
    st.markdown(f"**{label_name(line.clarification.label, shell.lang)}**")
    _sentence(shell, line, list(line.clarification.sentences))
    if line.own:
        widgets.quiet(shell.say("clarify.needs_second"))
    with st.container(horizontal=True):
        if line.may_approve:
            _button(shell, line, ("approve", "approved"), clarifying.approve)
        _end(shell, line)


def _end(shell: Shell, line: Line) -> None:
    if line.may_end:
        _button(shell, line, ("end", "ended"), clarifying.end)


def _button(shell: Shell, line: Line, words: tuple[str, str], job: Callable[..., object]) -> None:
    """Draw a button; *words* are its label and what is said when it is done."""
    label, done = words
    key = f"evenhand.clarify.{label}.{line.clarification.id}"
    if st.button(shell.say(f"clarify.{label}"), key=key):
        with widgets.told(shell):
            job(shell.store, shell.actor, line.clarification.id, shell.now())
            _say_next(f"clarify.{done}")


def _propose(shell: Shell) -> None:
    with st.expander(shell.say("clarify.word_it")), st.form("evenhand.clarify.propose"):
        widgets.quiet(shell.say("clarify.word_lead"))
        label = st.selectbox(
            shell.say("clarify.label"),
            clarifying.LABELS,
            format_func=lambda one: label_name(one, shell.lang),
            key="evenhand.clarify.label",
        )
        sentences: Mapping[str, str] = {
            lang: st.text_area(
                shell.say(f"clarify.sentence_{lang}"),
                key=f"evenhand.clarify.sentence.{lang}",
                max_chars=LONGEST,
                height=80,
            )
            or ""
            for lang in forms.LANGUAGES
        }
        pressed = st.form_submit_button(
            widgets.main_label(shell.say("clarify.send")), type="primary"
        )
    if pressed:
        with widgets.told(shell):
            clarifying.propose(shell.store, shell.actor, str(label), sentences, shell.now())
            _say_next("clarify.proposed")


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
