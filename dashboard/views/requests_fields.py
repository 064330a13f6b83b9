"""The fields of a response: the template and its placeholders, then what was done with the text."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import library, requests
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import requests_draft
from evenhand.dashboard.views.requests_draft import FREE
from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import entries
from evenhand.data.records import Recipient, ResponseKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.library import Template
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.requests_draft import Draft

KEY = "evenhand.requests"
LONGEST_VALUE = 2_000
LONGEST_FIELD = 300
# Placeholders that are filled with sentences.
SENTENCES = frozenset(
    {
        "answer",
        "correct_statement",
        "how_the_scam_works",
        "message_in_two_sentences",
        "need",
        "question",
        "reason_in_own_words",
        "what_to_do_now",
        "what_was_done",
    },
)


def collect(shell: Shell, draft: Draft) -> None:
    """Take over what stands in the fields."""
    at = _key(draft, "")
    given = {
        str(key).removeprefix(at): value
        for key, value in st.session_state.items()
        if str(key).startswith(at)
    }
    draft.kind = given.get("kind", draft.kind)
    draft.language = given.get("language", draft.language)
    draft.template = given.get(_template_name(draft), draft.template)
    draft.text = given.get("text", draft.text)
    draft.channel = given.get("channel", draft.channel)
    draft.account = given.get("account", draft.account)
    draft.recipient = given.get("recipient", draft.recipient)
    draft.result = given.get("result", draft.result)
    if "given_at" in given:
        naive = cast("datetime | None", given["given_at"])
        draft.given_at = None if naive is None else naive.replace(tzinfo=shell.zone)
    for name, value in given.items():
        if name.startswith("value."):
            draft.values[name.removeprefix("value.")] = str(value)


def draw_text(shell: Shell, draft: Draft, lang: str) -> Template | None:
    """Draw what is said, and give the template that it follows; None for free text."""
    widgets.section(shell, "requests.text_part")
    left, right = st.columns(2)
    with left:
        st.selectbox(
            shell.say("requests.kind"),
            list(ResponseKind),
            format_func=lambda kind: _big(shell.say(f"terms.response_{kind}")),
            key=_bound(draft, "kind", draft.kind),
        )
    with right:
        st.segmented_control(
            shell.say("requests.language"),
            requests_draft.languages(lang),
            format_func=lambda one: forms.LANGUAGE_NAMES.get(one, shell.say("review.lang_other")),
            required=True,
            key=_bound(draft, "language", draft.language),
        )
    known = library.templates(shell.store, draft.language, draft.kind)
    template = requests_draft.choose(draft, known)
    _choose_template(shell, draft, known, template)
    if template is None:
        label, key = shell.say("requests.text"), _bound(draft, "text", draft.text)
        st.text_area(label, key=key, height=180, max_chars=requests.LONGEST_TEXT)
    else:
        _placeholders(shell, draft, library.placeholders(template.body))
    written = _preview(shell, draft, template)
    widgets.quiet(shell.say("requests.preview"))
    widgets.show_copyable(written)
    if template is not None:
        st.button(
            shell.say("requests.change_wording"),
            key=f"{KEY}.change_wording",
            help=shell.say("requests.change_wording_hint"),
            on_click=_free,
            args=(draft, written),
        )
    return template


def _preview(shell: Shell, draft: Draft, template: Template | None) -> str:
    """Write the text as it stands, with the names of its fields where they are still empty."""
    if template is None:
        return requests_draft.compose(draft, None)
    filled = {name: value for name, value in draft.values.items() if value.strip()}
    names = library.placeholders(template.body)
    labels = {name: f"{{{placeholder_name(shell, name)}}}" for name in names}
    return library.fill(template.body, labels | filled)


def _choose_template(
    shell: Shell, draft: Draft, known: Sequence[Template], template: Template | None
) -> None:
    if not known:
        widgets.quiet(shell.say("requests.no_template"))
        return
    names = {one.id: plain_name(one.name) for one in known} | {FREE: shell.say("requests.free")}
    chosen = FREE if template is None else template.id
    st.selectbox(
        shell.say("requests.template"),
        list(names),
        format_func=names.__getitem__,
        key=_bound(draft, _template_name(draft), chosen),
    )


def _free(draft: Draft, written: str) -> None:
    draft.template, draft.text = FREE, written
    st.session_state[_key(draft, _template_name(draft))] = FREE
    st.session_state[_key(draft, "text")] = written


def _placeholders(shell: Shell, draft: Draft, names: Sequence[str]) -> None:
    """Draw one field for each placeholder: short ones side by side, sentences across."""
    for long, group in groupby(names, key=SENTENCES.__contains__):
        together = list(group)
        width = 1 if long else 2
        for start in range(0, len(together), width):
            row = together[start : start + width]
            for column, name in zip(st.columns(len(row)), row, strict=True):
                with column:
                    _placeholder(shell, draft, name, long=long)


def _placeholder(shell: Shell, draft: Draft, name: str, *, long: bool) -> None:
    key = _bound(draft, f"value.{name}", draft.values.get(name, ""))
    label = placeholder_name(shell, name)
    if long:
        st.text_area(label, key=key, height=96, max_chars=LONGEST_VALUE)
    else:
        st.text_input(label, key=key, max_chars=LONGEST_FIELD, live=True)


def placeholder_name(shell: Shell, name: str) -> str:
    """Word a placeholder; one that the team made up is read from its own name."""
    key = f"placeholders.{name}"
    return shell.say(key) if key in entries() else _big(name.replace("_", " "))


def draw_log(shell: Shell, draft: Draft, *, may_tell_police: bool) -> None:
    """Draw where, from which account, when, and with what result the answer was given."""
    widgets.section(shell, "requests.log_part", "requests.log_lead")
    if draft.kind is ResponseKind.PASSED_TO_SERVICE:
        _choose_recipient(shell, draft, may_tell_police=may_tell_police)
    left, right = st.columns(2)
    with left:
        st.text_input(
            shell.say("requests.channel"),
            key=_bound(draft, "channel", draft.channel),
            max_chars=LONGEST_FIELD,
        )
    with right:
        _choose_account(shell, draft)
    left, right = st.columns(2)
    with left:
        given_at = None
        if draft.given_at is not None:
            given_at = draft.given_at.astimezone(shell.zone).replace(tzinfo=None)
        st.datetime_input(
            shell.say("requests.given_at"),
            value=None,
            key=_bound(draft, "given_at", given_at),
            step=timedelta(minutes=5),
            format="DD/MM/YYYY",
        )
    with right:
        st.text_input(
            shell.say("requests.result"),
            key=_bound(draft, "result", draft.result),
            max_chars=LONGEST_FIELD,
        )


def _choose_account(shell: Shell, draft: Draft) -> None:
    accounts = shell.settings.accounts
    if accounts:
        if draft.account not in accounts:
            draft.account = accounts[0]
        st.selectbox(
            shell.say("requests.account"),
            accounts,
            key=_bound(draft, "account", draft.account),
        )
        return
    st.warning(shell.say("requests.no_account"))
    st.code(f'accounts = ["{shell.say("requests.account_example")}"]', language=None)


def _choose_recipient(shell: Shell, draft: Draft, *, may_tell_police: bool) -> None:
    open_to = [one for one in Recipient if may_tell_police or one is not Recipient.POLICE]
    st.selectbox(
        shell.say("requests.recipient"),
        open_to,
        index=None,
        placeholder=shell.say("requests.choose"),
        format_func=lambda one: _big(shell.say(f"terms.recipient_{one}")),
        key=_bound(draft, "recipient", draft.recipient if draft.recipient in open_to else None),
    )
    if not may_tell_police:
        widgets.quiet(shell.say("requests.police_hint"))


def _key(draft: Draft, name: str) -> str:
    return f"{KEY}.{draft.uuid}.{name}"


def _template_name(draft: Draft) -> str:
    return f"template.{draft.kind.value}.{draft.language}"


def _bound(draft: Draft, name: str, value: object) -> str:
    """Give the key of a field, which shows *value* when it is drawn for the first time."""
    key = _key(draft, name)
    st.session_state.setdefault(key, value)
    return key


def _big(words: str) -> str:
    return words[:1].upper() + words[1:]
