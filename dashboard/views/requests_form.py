"""The form that a response is written and logged with, while its item is held."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import claims, library, requests
from evenhand.dashboard.views import requests_draft
from evenhand.dashboard.views.requests_fields import (
    KEY,
    collect,
    draw_log,
    draw_text,
    placeholder_name,
)
from evenhand.dashboard.views.requests_log import label_name, origin, show
from evenhand.dashboard.words import forms
from evenhand.data.errors import EvenhandError

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.library import Template
    from evenhand.dashboard.jobs.requests import Logged, Taken, Waiting
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.requests_draft import Desk, Draft

# A sign of life prolongs the claim when less than this share of it is left.
PROLONG_BELOW = 0.5


def draw(shell: Shell, desk: Desk) -> bool:
    """Draw what the person answers, and say whether there is anything."""
    if desk.follow_up is not None:
        _draw_follow_up(shell, desk, desk.follow_up)
        return True
    if desk.item_id is None and not desk.is_new:
        return False
    desk.is_new = False
    taken = requests.taken(shell.store, shell.actor, shell.now(), desk.item_id)
    if taken is not None:
        _draw_taken(shell, desk, taken)
    elif desk.item_id is not None:
        _draw_ended(shell, desk, desk.item_id)
    return taken is not None or desk.item_id is not None


def take(shell: Shell, desk: Desk, item_id: str) -> None:
    """Reserve an item for the person and open its form.

    Raises:
        EvenhandError: It cannot be had.
    """
    claim = requests.take(
        shell.store, shell.actor, item_id, shell.now(), shell.settings.review.lease_minutes
    )
    desk.clear()
    desk.item_id, desk.until = item_id, claim.until


def follow_up(shell: Shell, desk: Desk, one: Logged) -> None:
    """Open the form for one more response to an item that was answered."""
    desk.clear()
    desk.follow_up = one
    desk.draft = requests_draft.begin(
        one.label, one.response.language, one.source_name, shell.settings.accounts
    )
    desk.offer(desk.draft)


def text(shell: Shell, desk: Desk, one: Waiting, limit: int = widgets.LONGEST_SHOWN) -> None:
    """Draw a post's text; a severe one is covered until it is asked for."""
    if one.severe:
        is_open = one.item_id in desk.uncovered
        with st.container(horizontal=True, vertical_alignment="center"):
            if not is_open:
                widgets.quiet(shell.say("requests.covered"))
            st.button(
                shell.say("review.cover" if is_open else "review.uncover"),
                key=f"{KEY}.cover.{one.item_id}",
                on_click=desk.uncovered.symmetric_difference_update,
                args=({one.item_id},),
            )
        if not is_open:
            return
    widgets.show_untrusted(shell, one.text, limit=limit)


def _draw_taken(shell: Shell, desk: Desk, taken: Taken) -> None:
    one = taken.waiting
    desk.item_id, desk.until = one.item_id, taken.claim.until
    if desk.draft is None:
        accounts = shell.settings.accounts
        fresh = requests_draft.begin(
            one.label, one.lang, one.source_name, accounts, taken.beginning
        )
        stored = claims.load_draft(shell.store, shell.actor, one.item_id)
        desk.offer(fresh)
        desk.draft = requests_draft.from_data(stored, fresh)
        desk.kept = requests_draft.as_data(desk.draft)
    with st.container(border=True, key="evenhand-request-taken", gap="xsmall"):
        st.markdown(f"**{label_name(shell, one.label)}**")
        posted = shell.say("requests.posted", when=shell.since(one.published_at))
        origin(shell, one.source_name, one.lang, posted)
        if one.text is None:
            widgets.quiet(shell.say("requests.erased"))
        else:
            text(shell, desk, one)
        if one.by_macro:
            widgets.quiet(shell.say("requests.by_macro"))
        with st.container(horizontal=True, vertical_alignment="center"):
            _clock(shell, desk)
            if st.button(shell.say("requests.put_back"), key=f"{KEY}.put_back"):
                _put_back(shell, desk, one.item_id)
    _form(shell, desk, one.lang, may_tell_police=taken.may_tell_police)


def _draw_ended(shell: Shell, desk: Desk, item_id: str) -> None:
    st.warning(shell.say("requests.ended"))
    with st.container(horizontal=True):
        if st.button(shell.say("requests.take_again"), key=f"{KEY}.take_again"):
            with widgets.told(shell):
                take(shell, desk, item_id)
                st.rerun()
        if st.button(shell.say("requests.to_list"), key=f"{KEY}.to_list"):
            desk.clear()
            st.rerun()


def _draw_follow_up(shell: Shell, desk: Desk, one: Logged) -> None:
    widgets.section(shell, "requests.follow_up_part")
    with st.container(border=True, key="evenhand-request-answered", gap="small"):
        origin(shell, one.source_name, one.lang, label_name(shell, one.label))
        for earlier in requests.history(shell.store, shell.actor, one.response.item_id):
            show(shell, earlier)
        if st.button(shell.say("requests.to_list"), key=f"{KEY}.to_list"):
            desk.clear()
            st.rerun()
    police = requests.may_tell_police(shell.store, shell.actor, one.response.item_id)
    _form(shell, desk, one.lang, may_tell_police=police)


def _put_back(shell: Shell, desk: Desk, item_id: str) -> None:
    with widgets.told(shell):
        requests.put_back(shell.store, shell.actor, item_id, shell.now())
        desk.clear("requests.was_put_back")
        st.rerun()


@st.fragment(run_every="15s")
def _clock(shell: Shell, desk: Desk) -> None:
    """Say how long the item is still the person's; that alone prolongs nothing."""
    left = timedelta() if desk.until is None else desk.until - shell.now()
    if left > timedelta():
        widgets.quiet(shell.say("requests.yours", length=forms.pause(left, shell.lang)))
    else:
        widgets.quiet(shell.say("requests.time_up"))


@st.fragment
def _form(shell: Shell, desk: Desk, lang: str, *, may_tell_police: bool) -> None:
    draft = cast("Draft", desk.draft)
    collect(shell, draft)
    try:
        number = _hold(shell, desk)
    except EvenhandError as error:
        _draw_lost(shell, desk, error)
        return
    template = draw_text(shell, draft, lang)
    draw_log(shell, draft, may_tell_police=may_tell_police)
    with widgets.told(shell):
        _keep(shell, desk, number)
    label = widgets.main_label(shell.say("requests.save"))
    shut = not shell.settings.accounts
    if st.button(label, key=f"{KEY}.save", type="primary", disabled=shut):
        _save(shell, desk, template)


def _hold(shell: Shell, desk: Desk) -> int | None:
    """Prolong the claim, or take it anew if it ended meanwhile, and give its number.

    Only a person's own doing runs this, so a form that is left alone loses its item.

    Raises:
        EvenhandError: Somebody else has the item, or it waits no longer.
    """
    if desk.item_id is None:
        return None
    now, minutes = shell.now(), shell.settings.review.lease_minutes
    taken = requests.taken(shell.store, shell.actor, now, desk.item_id)
    if taken is not None and taken.claim.until - now > timedelta(minutes=minutes) * PROLONG_BELOW:
        claim = taken.claim
    else:
        claim = requests.take(shell.store, shell.actor, desk.item_id, now, minutes)
    desk.until = claim.until
    return claim.number


def _keep(shell: Shell, desk: Desk, number: int | None) -> None:
    """Save the draft if it has changed."""
    draft = cast("Draft", desk.draft)
    if desk.item_id is None or number is None:
        return
    data = requests_draft.as_data(draft)
    if data != desk.kept:
        held = (desk.item_id, number)
        claims.save_draft(shell.store, shell.actor, held, data, shell.now())
        desk.kept = data


def _draw_lost(shell: Shell, desk: Desk, error: EvenhandError) -> None:
    widgets.show_error(shell, error)
    draft = cast("Draft", desk.draft)
    known = library.templates(shell.store, draft.language, draft.kind)
    widgets.quiet(shell.say("requests.not_lost"))
    template = requests_draft.choose(draft, known)
    widgets.show_copyable(requests_draft.compose(draft, template))
    if st.button(shell.say("requests.to_list"), key=f"{KEY}.to_list"):
        desk.clear()
        st.rerun()


def _save(shell: Shell, desk: Desk, template: Template | None) -> None:
    draft = cast("Draft", desk.draft)
    written = requests_draft.compose(draft, template)
    fields, still_open = requests_draft.gaps(draft, written)
    if fields or still_open:
        known = [] if template is None else library.placeholders(template.body)
        names = [shell.say(key) for key in fields]
        names += [placeholder_name(shell, one) for one in still_open if one in known]
        # What a person typed in braces themselves is not drawn in a message: it may be markup.
        if set(still_open) - set(known):
            names.append(shell.say("requests.some_gap"))
        st.error(shell.say("requests.still_open", names=", ".join(names)))
        return
    with widgets.told(shell):
        now = shell.now()
        item_id = _item_of(desk)
        requests.respond(
            shell.store,
            shell.actor,
            requests_draft.finish(draft, item_id, template, now),
            now=now,
            follow_up=desk.follow_up is not None,
            accounts=shell.settings.accounts,
        )
        desk.remember(draft)
        desk.clear("requests.logged", answered=item_id)
        st.rerun()


def _item_of(desk: Desk) -> str:
    if desk.follow_up is not None:
        return desk.follow_up.response.item_id
    return str(desk.item_id)
