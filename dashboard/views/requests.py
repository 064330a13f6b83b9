"""The requests page: what waits for an answer, the form that logs one, and what was logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import requests
from evenhand.dashboard.views import requests_form
from evenhand.dashboard.views.requests_draft import Desk
from evenhand.dashboard.views.requests_log import label_name, origin, show
from evenhand.dashboard.words import forms
from evenhand.data.errors import EvenhandError

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.requests import Waiting
    from evenhand.dashboard.shell import Shell

DESK = "evenhand.requests.desk"
PAGE = 20
LONGEST_EXCERPT = 600


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "requests.title", "requests.lead")
    with widgets.told(shell):
        desk = cast("Desk", st.session_state.setdefault(DESK, Desk()))
        if not requests_form.draw(shell, desk):
            _lists(shell, desk)


def _lists(shell: Shell, desk: Desk) -> None:
    if desk.refused is not None:
        widgets.show_error(shell, desk.refused)
        desk.refused = None
    if desk.said is not None:
        st.success(shell.say(desk.said))
    if desk.answered is not None:
        _history(shell, desk, desk.answered)
    with st.container(horizontal=True, gap="medium"):
        view = _choice(shell, "view", ("waiting", "logged"), desk)
        order = _choice(shell, "order", ("newest", "urgent"), desk) if view == "waiting" else ""
    if view == "logged":
        _logged(shell, desk)
    else:
        _waiting(shell, desk, urgent=order == "urgent")


def _choice(shell: Shell, name: str, options: tuple[str, ...], desk: Desk) -> str:
    def from_the_top() -> None:
        desk.pages = 1

    words = {one: shell.say(f"requests.{name}_{one}") for one in options}
    chosen = st.segmented_control(
        shell.say(f"requests.{name}"),
        options,
        format_func=words.__getitem__,
        default=options[0],
        required=True,
        key=f"evenhand.requests.{name}",
        bind="query-params",
        on_change=from_the_top,
    )
    return str(chosen)


def _waiting(shell: Shell, desk: Desk, *, urgent: bool) -> None:
    found: list[Waiting] = []
    more = True
    for _ in range(desk.pages):
        key = found[-1].key if found else None
        # One more than is shown tells whether anything follows.
        got = requests.waiting(
            shell.store, shell.actor, now=shell.now(), limit=PAGE + 1, before=key, urgent=urgent
        )
        found += got[:PAGE]
        more = len(got) > PAGE
        if not more:
            break
    if not found:
        widgets.empty(shell.say("requests.none"))
    for one in found:
        _item(shell, desk, one)
    _more(shell, desk, more=more)


def _item(shell: Shell, desk: Desk, one: Waiting) -> None:
    with st.container(border=True, key=f"evenhand-request-{one.item_id}", gap="xsmall"):
        st.markdown(f"**{label_name(shell, one.label)}** · {_due(shell, one)}")
        waited = forms.pause(shell.now() - one.decided_at, shell.lang)
        origin(
            shell,
            one.source_name,
            one.lang,
            shell.say("requests.posted", when=shell.since(one.published_at)),
            shell.say("requests.waited", length=waited),
        )
        _text(shell, desk, one)
        if one.taken:
            widgets.quiet(shell.say("requests.taken"))
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            name = "go_on" if one.mine or one.begun else "take"
            key = f"evenhand.requests.take.{one.item_id}"
            label = shell.say(f"requests.{name}")
            # A callback runs before the list is drawn anew, where the button may be gone.
            st.button(label, key=key, on_click=_take, args=(shell, desk, one.item_id))
            if one.begun or one.by_macro:
                widgets.quiet(shell.say("requests.begun" if one.begun else "requests.by_macro"))


def _take(shell: Shell, desk: Desk, item_id: str) -> None:
    try:
        requests_form.take(shell, desk, item_id)
    except EvenhandError as error:
        desk.clear()
        desk.refused = error


def _due(shell: Shell, one: Waiting) -> str:
    left = one.due_at - shell.now()
    if left.total_seconds() < 0:
        return f":red[{shell.say('requests.overdue', length=forms.pause(-left, shell.lang))}]"
    return shell.say("requests.due", length=forms.pause(left, shell.lang))


def _text(shell: Shell, desk: Desk, one: Waiting) -> None:
    if one.text is None:
        widgets.quiet(shell.say("requests.closed_text"))
        return
    requests_form.text(shell, desk, one, limit=LONGEST_EXCERPT)


def _logged(shell: Shell, desk: Desk) -> None:
    found: list[requests.Logged] = []
    more = True
    for _ in range(desk.pages):
        key = found[-1].key if found else None
        got = requests.logged(shell.store, shell.actor, PAGE + 1, key)
        found += got[:PAGE]
        more = len(got) > PAGE
        if not more:
            break
    if not found:
        widgets.empty(shell.say("requests.none_logged"))
    for one in found:
        with st.container(border=True, key=f"evenhand-response-{one.key}", gap="small"):
            origin(shell, one.source_name, one.lang, label_name(shell, one.label))
            show(shell, one)
            _follow_up(shell, desk, one, "list")
    _more(shell, desk, more=more)


def _history(shell: Shell, desk: Desk, item_id: str) -> None:
    found = requests.history(shell.store, shell.actor, item_id)
    with st.expander(shell.say("requests.history"), key="evenhand.requests.history"):
        for one in found:
            show(shell, one)
        if found:
            _follow_up(shell, desk, found[-1], "history")


def _follow_up(shell: Shell, desk: Desk, one: requests.Logged, place: str) -> None:
    key = f"evenhand.requests.follow_up.{place}.{one.key}"
    if st.button(shell.say("requests.follow_up"), key=key):
        requests_form.follow_up(shell, desk, one)
        st.rerun()


def _more(shell: Shell, desk: Desk, *, more: bool) -> None:
    if more and st.button(shell.say("requests.more"), key="evenhand.requests.more"):
        desk.pages += 1
        st.rerun()
