"""Search inside items on the queues page, with the team's saved views; all of it in the address.

Nothing of a text is shown before somebody opens it, and then as letters only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import routing, saved_views, search
from evenhand.dashboard.jobs.search import Asked
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import address
from evenhand.dashboard.views import queues_words as worded
from evenhand.data.records import ItemState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.saved_views import SavedView
    from evenhand.dashboard.jobs.search import Found, Look
    from evenhand.dashboard.shell import Shell

PAGE = "queues"
FIELDS = saved_views.FIELDS[PAGE]
BEFORE = "before"
SAID = "evenhand.queues.search.said"
VIEW = "evenhand-queues-view"


def draw(shell: Shell) -> None:
    """Draw the form, what it finds, and the saved views."""
    widgets.quiet(shell.say("queues.search_lead"))
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))
    fields = _form(shell)
    _views(shell, fields)
    if not any(fields.values()):
        widgets.empty(shell.say("queues.ask_first"))
        return
    asked = Asked(
        words=fields["q"],
        queue=fields["queue"],
        label=fields["label"],
        lang=fields["lang"],
        state=fields["state"],
        source=fields["source"],
    )
    before = st.query_params.get(BEFORE)
    with widgets.told(shell):
        _results(shell, search.find(shell.store, shell.actor, asked, before=before))


def _key(field: str) -> str:
    return f"evenhand-queues-find-{field}"


# --- the form ---------------------------------------------------------------------------------


def _form(shell: Shell) -> dict[str, str]:
    """Draw the form and give what its fields say, as it was last sent or as the address says."""
    offered = _offered(shell)
    address.begin(_key("q"), "q")
    for field, words in offered.items():
        address.begin(_key(field), field, words)
    with st.form("evenhand.queues.find"):
        st.text_input(shell.say("queues.words"), key=_key("q"), max_chars=search.LONGEST_QUERY)
        with st.container(horizontal=True):
            for field, words in offered.items():
                st.selectbox(
                    shell.say(f"queues.{field}"),
                    list(words),
                    format_func=words.__getitem__,
                    key=_key(field),
                    width=180,
                )
        label = widgets.main_label(shell.say("queues.search"))
        if st.form_submit_button(label, type="primary"):
            address.keep({BEFORE: ""})
    fields = {field: str(st.session_state[_key(field)] or "") for field in FIELDS}
    address.keep(fields)
    return fields


def _offered(shell: Shell) -> dict[str, dict[str, str]]:
    """Give the words of each filter's choices by their keys, the first for all."""
    there = routing.choices(shell.store, shell.actor, shell.now())
    states = {one.value: shell.say(f"terms.item_state_{one.value}") for one in ItemState}
    found = {
        "queue": {name: worded.queue(shell, name) for name in search.QUEUES},
        "label": {name: worded.label(shell, name) for name in there.labels},
        "lang": {code: worded.lang(shell, code) for code in there.langs},
        "state": states,
        "source": {key: plain_name(name) for key, name in there.sources.items()},
    }
    return {field: {"": shell.say("queues.any")} | words for field, words in found.items()}


# --- what was found ---------------------------------------------------------------------------


def _results(shell: Shell, look: Look) -> None:
    if look.since is None:
        widgets.empty(shell.say("queues.no_items"))
        return
    since = shell.moment(look.since)
    if look.found:
        widgets.quiet(shell.say("queues.found", n=len(look.found), since=since))
    else:
        widgets.empty(shell.say("queues.found_none", since=since))
    for found in look.found:
        with st.container(border=True, key=f"evenhand-found-{found.item_id}"):
            _found(shell, found)
    with st.container(horizontal=True):
        if look.before is not None:
            st.button(
                shell.say("queues.further"),
                key="evenhand.queues.further",
                on_click=address.keep,
                args=({BEFORE: look.before},),
            )
        if BEFORE in st.query_params:
            st.button(
                shell.say("queues.newest"),
                key="evenhand.queues.newest",
                on_click=address.keep,
                args=({BEFORE: ""},),
            )


def _found(shell: Shell, found: Found) -> None:
    name = shell.say("queues.item", id=found.item_id)
    st.markdown(f"**{name}** · {worded.label(shell, found.label)}")
    facts = {
        "state": shell.say(f"terms.item_state_{found.state.value}"),
        "queue": worded.queue(shell, found.queue),
        "lang": worded.lang(shell, found.lang),
        "source": found.source_name,
        "made": shell.moment(found.created_at),
    }
    if found.team_name is not None:
        facts["team"] = found.team_name
    if found.decided_at is not None:
        facts["decided"] = shell.moment(found.decided_at)
    with st.container(horizontal=True, gap="medium"):
        for key, value in facts.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(f"queues.{key}"))
                widgets.show_untrusted(shell, value, limit=80)
    marks = {"escalated": found.escalated, "edited": found.edited_after_review}
    if said := ", ".join(shell.say(f"queues.{mark}") for mark, holds in marks.items() if holds):
        widgets.quiet(said)
    _text(shell, found)


def _text(shell: Shell, found: Found) -> None:
    if not found.has_text:
        widgets.quiet(shell.say("queues.no_text"))
        return
    pressed = st.button(
        shell.say("queues.open"),
        key=f"evenhand.queues.open.{found.item_id}",
        help=shell.say("queues.open_hint", severity=worded.severity(found.label)),
    )
    if pressed:
        with widgets.told(shell):
            opened = search.open_item(shell.store, shell.actor, found.item_id, shell.now())
            if opened.name:
                widgets.show_untrusted(shell, opened.name)
            widgets.show_untrusted(shell, opened.text)


# --- saved views ------------------------------------------------------------------------------


def _views(shell: Shell, fields: Mapping[str, str]) -> None:
    found = saved_views.list_views(shell.store, shell.actor, PAGE)
    with st.expander(shell.say("queues.views", n=len(found))):
        widgets.quiet(shell.say("queues.views_lead"))
        if found:
            _choose(shell, found)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                shell.say("queues.view_name"),
                key="evenhand-queues-view-name",
                max_chars=saved_views.LONGEST_NAME,
            )
            pressed = st.button(shell.say("queues.save"), key="evenhand.queues.save")
        if pressed:
            with widgets.told(shell):
                saved_views.save(shell.store, shell.actor, PAGE, name or "", fields, shell.now())
                _say_next("queues.saved")


def _choose(shell: Shell, found: Sequence[SavedView]) -> None:
    by_id = {one.id: one for one in found}
    if st.session_state.get(VIEW) not in by_id:
        # Somebody else removed the one that was chosen here.
        st.session_state.pop(VIEW, None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # The names were typed by people; the choices of this box are letters only.
        chosen = st.selectbox(
            shell.say("queues.view"),
            list(by_id),
            format_func=lambda key: plain_name(by_id[key].name),
            key=VIEW,
        )
        st.button(
            shell.say("queues.apply"),
            key="evenhand.queues.apply",
            on_click=_apply,
            args=(by_id[chosen],),
        )
        removed = st.button(shell.say("queues.remove"), key="evenhand.queues.remove")
    if removed:
        with widgets.told(shell):
            saved_views.remove(shell.store, shell.actor, chosen)
            st.session_state.pop(VIEW, None)
            _say_next("queues.removed")


def _apply(view: SavedView) -> None:
    """Show what a view says, from the newest on."""
    said = saved_views.fields_of(PAGE, view)
    for field, value in said.items():
        # What no longer exists (a source) is passed over when the form is drawn.
        st.session_state[_key(field)] = value
    address.keep({**said, BEFORE: ""})


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
