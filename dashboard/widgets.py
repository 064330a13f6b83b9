"""Pieces that all pages are drawn with, among them the only renderer of untrusted text.

Streamlit's other elements read markup: `st.markdown`, `st.write`, labels, captions and messages
fetch pictures and make links out of what a post says.
Whatever was written by others goes through `show_untrusted`; all else here takes our own words.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from evenhand.dashboard.jobs import access, tryout
from evenhand.dashboard.look import LIGHT, PRINT
from evenhand.dashboard.plain import make_plain
from evenhand.dashboard.words import forms, glossary
from evenhand.data.errors import (
    AlreadyDecided,
    ClaimLost,
    EvenhandError,
    InputError,
    NotAllowed,
    NotFound,
    WaveUnread,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from evenhand.dashboard.shell import Shell

# Where the sidebar keeps the language, for messages that are drawn when a page broke.
LANGUAGE_KEY = "evenhand.language"
# Where the script keeps the pages that the person may open.
PAGES_KEY = "evenhand.pages"
LONGEST_SHOWN = 5_000
# Three abreast on a desk, or two by two where they are four; always two on a telephone (`MANNERS`).
TILE_PX, WIDE_PX = 224, 344
TWO_BY_TWO = 4
# Streamlit's page is always `lang="en"`, in which a screen reader then pronounces Vietnamese.
# Its frame has words of its own, in English only: a menu, a way home, a way past the menu.
SPEAKING = """export default ({ data }) => {
  document.documentElement.lang = data.lang
  for (const one of document.querySelectorAll("[aria-label], [data-testid=stSkipToContent]")) {
    const label = one.getAttribute("aria-label")
    const own = one.dataset.own ?? label ?? one.textContent
    if (!Object.hasOwn(data.frame, own)) continue
    one.dataset.own = own
    if (label) one.setAttribute("aria-label", data.frame[own])
    else one.textContent = data.frame[own]
  }
}"""
FRAME = ("shell.main_menu", "shell.home", "shell.skip_to_content")
# Streamlit sets every text from left to right; like this each paragraph goes by its own letters.
# The page itself scrolls, so that Tab stops at it, and Streamlit does not show that.
# The parts of its fields for a date are narrower than a finger (WCAG 2.2, 2.5.8: 24 pixels).
# Figures below one another are parted by a line.
# On a telephone two tiles stand side by side, their labels in as many lines as they take.
# Its own file of a table hands on cells that a spreadsheet runs as formulas; ours do not
# (`measures.sheets.as_csv`).
MANNERS = """
[data-testid=stText], [data-testid=stText] *, [data-testid=stCode] code, textarea, input {
  unicode-bidi: plaintext; text-align: start;
}
[data-testid=stMain]:focus-visible { outline: 2px solid currentColor; outline-offset: -4px; }
[data-testid=stElementToolbarButton]:has([aria-label^="Download as CSV"]) { display: none; }
[class*=st-key-evenhand-figure-] {
  border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding-top: 0.4rem;
}
@media (max-width: 640px) {
  [data-testid=stHorizontalBlock] > [data-testid=stLayoutWrapper]:has(
    > [data-testid=stVerticalBlock] > [data-testid=stElementContainer] > [data-testid=stMetric]
  ) { flex: 1 1 40%; }
  [data-testid=stMetricLabel] p { white-space: normal; }
}
[role=spinbutton][contenteditable] { display: inline-block; min-width: 24px; text-align: center; }
"""
# Streamlit writes in white on the accent, which is pale in the dark (2:1): what was chosen in a box
# stands on the accent of the light palette in both lights (7:1).
CHIPS = f"[data-testid=stMultiSelect] [data-tag] {{ background-color: {LIGHT.accent}; }}"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a page.

    *base* says what it is a share of or counted over ("412 of 1,930"); *definition* says how it
    is counted, and is the docstring of its measure or its wording in the glossary.
    """

    label: str
    value: str
    base: str
    definition: str


def quiet(words: str) -> None:
    """Draw small print in our own words; Streamlit's caption is too pale to read (3.9:1)."""
    st.markdown(f":small[:gray[{words}]]")


def header(shell: Shell, title: str, lead: str | None = None) -> None:
    """Open a page with its title and one sentence on what it is for; keys of the glossary."""
    st.title(shell.say(title), anchor=False)
    if lead is not None:
        quiet(shell.say(lead))


def section(shell: Shell, title: str, lead: str | None = None) -> None:
    """Open a part of a page; keys of the glossary."""
    st.header(shell.say(title), anchor=False)
    if lead is not None:
        quiet(shell.say(lead))


def show_untrusted(shell: Shell, text: str | None, *, limit: int = LONGEST_SHOWN) -> None:
    """Draw text that somebody else wrote: as letters only, cleaned, and cut after *limit*."""
    shown, left = make_plain(text or "", limit)
    if not shown:
        quiet(shell.say("shell.no_text"))
        return
    # `st.text` interprets nothing: no links, no pictures, no markup.
    st.text(shown, width="stretch")
    if left:
        quiet(shell.say("shell.truncated", n=left))


def show_copyable(text: str) -> None:
    """Draw text to be taken elsewhere: as letters only, with a button that copies all of it."""
    st.code(make_plain(text)[0], language=None, wrap_lines=True)


def tiles(shell: Shell, shown: Sequence[Tile]) -> None:
    """Draw figures side by side, each with what it is counted over and how."""
    width = WIDE_PX if len(shown) == TWO_BY_TWO else TILE_PX
    with st.container(horizontal=True, gap="small"):
        for tile in shown:
            with st.container(border=True, width=width, height="stretch", gap="xxsmall"):
                st.metric(tile.label, tile.value, help=tile.definition)
                quiet(tile.base)
    with st.expander(shell.say("shell.how_counted")):
        for tile in shown:
            st.markdown(f"**{tile.label}**: {tile.definition}")


def main_label(words: str) -> str:
    """Word the label of a filled button (`type="primary"`), so that it can be read in both lights.

    Its colour is set in `look`.
    """
    return f":violet[{words}]"


def empty(message: str) -> None:
    """Say that there is nothing here, and what that means."""
    with st.container(border=True):
        st.markdown(message)


def error_words(shell: Shell, error: EvenhandError) -> str:
    """Word an error for the screen: what happened and what to do next."""
    if isinstance(error, NotAllowed):
        role = error.role
        named = shell.say(f"terms.role_{role}") if role in _ROLES else role
        return shell.say("shell.error_not_allowed", role=named)
    for kind, key in _ERRORS:
        if isinstance(error, kind):
            return shell.say(key)
    return shell.say("shell.error_other")


_ROLES = frozenset({"reviewer", "coordinator", "analyst", "leader", "admin"})
_ERRORS: tuple[tuple[type[EvenhandError], str], ...] = (
    (ClaimLost, "shell.error_claim_lost"),
    (AlreadyDecided, "shell.error_already_decided"),
    (NotFound, "shell.error_not_found"),
    (WaveUnread, "shell.error_wave_unread"),
    (InputError, "shell.error_input"),
)
# These say all there is to say; the others carry a line of their own.
_SELF_EXPLAINING = (NotAllowed, ClaimLost, AlreadyDecided, NotFound, WaveUnread)


def is_self_explaining(error: EvenhandError) -> bool:
    """Say whether `error_words` says all there is to say of *error*."""
    return isinstance(error, _SELF_EXPLAINING)


def show_error(shell: Shell, error: EvenhandError) -> None:
    """Draw what went wrong: a sentence in the person's language, then the error's own line."""
    st.error(error_words(shell, error))
    if not is_self_explaining(error):
        st.text(make_plain(str(error), LONGEST_SHOWN)[0], width="stretch")


@contextmanager
def told(shell: Shell) -> Iterator[None]:
    """Draw an expected error of the block instead of letting it end the page."""
    try:
        yield
    except EvenhandError as error:
        show_error(shell, error)


def speak(shell: Shell) -> None:
    """Tell the browser the language of the page, and let each text run in its own direction."""
    frame = {glossary.say(key, "en"): shell.say(key) for key in FRAME}
    _speaking()(key="evenhand.lang", data={"lang": shell.lang, "frame": frame})


@cache
def _speaking() -> Callable[..., object]:
    made = st.components.v2.component(
        "evenhand_lang", js=SPEAKING, css=MANNERS + CHIPS + PRINT, isolate_styles=False
    )
    return cast("Callable[..., object]", made)


def hinted_button(words: tuple[str, str], key: str) -> bool:
    """Draw a button with its label and its hint, and say whether it was pressed."""
    label, hint = words
    return st.button(label, key=key, help=hint)


def sidebar(shell: Shell, token: str) -> None:
    """Draw who is signed in, the language and the way out."""
    with st.sidebar:
        if shell.settings.demo:
            st.info(_demo_words(shell))
        with st.container(gap="xxsmall"):
            quiet(shell.say("shell.signed_in_as"))
            st.text(make_plain(shell.actor.name, 80)[0])
            quiet(_roles(shell))
        st.segmented_control(
            shell.say("shell.language_switch"),
            list(forms.LANGUAGES),
            format_func=forms.LANGUAGE_NAMES.__getitem__,
            default=shell.lang,
            required=True,
            key=LANGUAGE_KEY,
            on_change=_choose_language,
            args=(shell,),
        )
        if st.button(shell.say("shell.sign_out"), key="evenhand.sign_out", width="stretch"):
            access.sign_out(shell.store, token, shell.now())
            leave("/login?why=left")
        speak(shell)


def _demo_words(shell: Shell) -> str:
    """Say that this is the demo, and how far its preparation is while it goes on."""
    under_way = tryout.preparation(shell.store)
    if under_way is None:
        return shell.say("shell.demo_banner")
    done, total = under_way
    if not total:
        return shell.say("shell.demo_starting")
    return shell.say("shell.demo_growing", n=done, total=total)


def know_pages(pages: Mapping[str, st.Page]) -> None:
    """Keep the pages that the person may open, by name, for `lead_on`."""
    st.session_state[PAGES_KEY] = pages


def lead_on(shell: Shell, ways: Sequence[tuple[str, Mapping[str, str], str]]) -> None:
    """Draw a link to the first page of *ways* that the person may open.

    A way is a page's name, the fields of its address, and the key of its wording.
    """
    known: Mapping[str, st.Page] = st.session_state.get(PAGES_KEY, {})
    for name, fields, words in ways:
        if name in known:
            label, icon = shell.say(words), ":material/arrow_forward:"
            st.page_link(known[name], label=label, icon=icon, query_params=dict(fields))
            return


def alerts_link(shell: Shell, n: int | None) -> None:
    """Draw how many alerts are open, as the way to them; nothing where none is."""
    known: Mapping[str, st.Page] = st.session_state.get(PAGES_KEY, {})
    if n and "alerts" in known:
        label = shell.say("alerts.open_now", n=n)
        st.page_link(known["alerts"], label=label, icon=":material/notifications:")


def start_page(shell: Shell, pages: Sequence[st.Page]) -> st.Page:
    """Make the page behind the bare address, which leads on to the first that is open."""

    def begin() -> None:
        if pages:
            st.switch_page(pages[0])
        st.title("Evenhand", anchor=False)
        empty(shell.say("shell.no_page"))

    return st.Page(begin, title="Evenhand", url_path="start", default=True, visibility="hidden")


def leave(address: str) -> None:
    """Send the browser to a page outside Streamlit and stop drawing."""
    context = get_script_run_ctx()
    if context is not None:
        message = ForwardMsg()
        message.auth_redirect.url = address
        context.enqueue(message)
    st.stop()


def _roles(shell: Shell) -> str:
    held = sorted(role.value for role in shell.actor.roles)
    return ", ".join(shell.say(f"terms.role_{role}") for role in held)


def _choose_language(shell: Shell) -> None:
    access.set_language(shell.store, shell.actor, st.session_state[LANGUAGE_KEY])
