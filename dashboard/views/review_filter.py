"""The filter of the review page: what a reviewer wants to see alone, kept in the address.

Behind the same button stand the languages that a person reads, which last until they change them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import filters, languages
from evenhand.dashboard.jobs.filters import BETWEEN, FIELDS, Filter
from evenhand.dashboard.plain import make_plain
from evenhand.dashboard.views import address
from evenhand.dashboard.views import queues_words as worded

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.filters import Offered
    from evenhand.dashboard.shell import Shell

# Which fields of the address asked for what there is not.
BAD = "evenhand.review.filter.bad"
READS = "evenhand-review-reads"
SEPARATOR = " · "
LONGEST_LINE = 400


def choose(shell: Shell) -> tuple[Filter, str]:
    """Draw the filter behind its button; give what it says, and the same in one line of words."""
    choices = filters.offered(shell.store, shell.actor, shell.now())
    _begin(choices)
    words = _words(shell, choices)
    count = sum(len(st.session_state[_key(field)]) for field in FIELDS)
    label = shell.say("filters.title_on", n=count) if count else shell.say("filters.title")
    with st.popover(label, icon=":material/filter_list:", key="evenhand-review-filter"):
        widgets.quiet(shell.say("filters.lead"))
        with st.form("evenhand.review.filter", border=False):
            for field, named in words.items():
                st.multiselect(
                    shell.say(f"filters.{field}"),
                    list(named),
                    format_func=named.__getitem__,
                    key=_key(field),
                    placeholder=shell.say("filters.all"),
                )
            st.form_submit_button(shell.say("filters.apply"), on_click=_forget_bad)
        st.divider()
        _reads(shell)
    chosen = {field: tuple(st.session_state[_key(field)]) for field in FIELDS}
    address.keep({field: BETWEEN.join(values) for field, values in chosen.items()})
    line = SEPARATOR.join(words[field][one] for field in FIELDS for one in chosen[field])
    return Filter(chosen["label"], chosen["lang"], chosen["source"]), line


def tell(shell: Shell, line: str) -> None:
    """Say what is filtered, with a way out, and what of the address was left out."""
    bad: list[str] = st.session_state.get(BAD, [])
    if bad:
        names = ", ".join(shell.say(f"filters.{field}").lower() for field in bad)
        st.info(shell.say("filters.left_out", names=names), icon=":material/link_off:")
    if not line:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # Names of sources were typed by people, so all of it is letters only.
        widgets.show_untrusted(shell, shell.say("filters.only", names=line), limit=LONGEST_LINE)
        st.button(
            shell.say("filters.clear"),
            key="evenhand.review.filter.clear",
            icon=":material/close:",
            on_click=_clear,
        )


def _reads(shell: Shell) -> None:
    """Let a person choose the languages that they read."""
    # At every turn, because another wording of the box would empty it.
    st.session_state[READS] = sorted(languages.own(shell.store, shell.actor))
    codes = languages.offered(shell.store, shell.actor, shell.now())
    with st.form("evenhand.review.reads", border=False):
        st.multiselect(
            shell.say("filters.reads"),
            codes,
            format_func=lambda code: worded.lang(shell, code),
            key=READS,
            help=shell.say("filters.reads_hint"),
            max_selections=languages.MOST,
            placeholder=shell.say("filters.reads_all"),
        )
        st.form_submit_button(shell.say("filters.reads_save"), on_click=_save, args=(shell,))


def _save(shell: Shell) -> None:
    chosen = st.session_state[READS]
    languages.choose(shell.store, shell.actor, chosen, shell.now())


def _key(field: str) -> str:
    return f"evenhand-review-filter-{field}"


def _begin(choices: Offered) -> None:
    """Let the fields that were not drawn yet begin with what the address says."""
    if all(_key(field) in st.session_state for field in FIELDS):
        for field, known in choices.known().items():
            # A language that was given up meanwhile, or a source that is gone.
            held = st.session_state[_key(field)]
            st.session_state[_key(field)] = [one for one in held if one in known]
        return
    asked = {field: st.query_params.get(field, "") for field in FIELDS}
    values, bad = filters.from_address(choices, asked)
    for field in FIELDS:
        st.session_state[_key(field)] = values[field]
    st.session_state[BAD] = bad


def _words(shell: Shell, choices: Offered) -> dict[str, dict[str, str]]:
    """Word the values of each field."""
    return {
        "label": {one: worded.label(shell, one) for one in choices.labels},
        "lang": {one: worded.lang(shell, one) for one in choices.langs},
        # The names were typed by people; the choices of a box are letters only.
        "source": {one: make_plain(name, 80)[0] for one, name in choices.sources.items()},
    }


def _forget_bad() -> None:
    st.session_state.pop(BAD, None)


def _clear() -> None:
    _forget_bad()
    for field in FIELDS:
        st.session_state[_key(field)] = []
