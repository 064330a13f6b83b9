"""The wave beside the card: how many near-copies, the spot-check, and what does not belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import waves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evenhand.dashboard.jobs.waves import Copy, Shown
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.wave.said"


def panel(shell: Shell, held: tuple[str, int] | None) -> None:
    """Draw the wave of the item that the card shows (item and claim's number); nothing for none."""
    shown = None if held is None else waves.look(shell.store, shell.actor, held, shell.now())
    if held is None or shown is None:
        return
    with st.container(border=True, key="evenhand-wave"):
        _head(shell, shown)
        if shown.sample is None:
            _ask(shell, held, shown)
            return
        widgets.quiet(shell.say("waves.opened"))
        for number, one in enumerate(shown.sample, 1):
            _copy(shell, held, number, one)


def _head(shell: Shell, shown: Shown) -> None:
    st.subheader(shell.say("waves.title", n=shown.members), anchor=False)
    first, last = shell.moment(shown.first_at), shell.moment(shown.last_at)
    widgets.quiet(shell.say("waves.lead", first=first, last=last))
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))


def _ask(shell: Shell, held: tuple[str, int], shown: Shown) -> None:
    count = min(shell.settings.waves.spot_check, shown.members - 1)
    st.markdown(shell.say("waves.ask", n=count))
    if st.button(shell.say("waves.open"), key="evenhand-wave-open"):
        waves.spot_check(shell.store, shell.actor, held, shell.now(), k=count)
        st.rerun()


def _copy(shell: Shell, held: tuple[str, int], number: int, one: Copy) -> None:
    at, percent = shell.moment(one.joined_at), round(100 * one.similarity)
    # A source's name was written outside: it goes the way of all such text.
    place = {"at_place": shell.say("waves.copy", n=number), "source": one.source_name, "at": at}
    widgets.show_untrusted(shell, shell.say("waves.from", percent=percent, **place))
    widgets.show_untrusted(shell, one.text)
    for kind in (waves.NEW, waves.GONE):
        if words := _words(kind, one.differs):
            widgets.quiet(shell.say(f"waves.{kind}"))
            widgets.show_untrusted(shell, words)
    if one.text is not None and {kind for kind, _ in one.differs} <= {waves.EQUAL}:
        widgets.quiet(shell.say("waves.same"))
    if st.button(shell.say("waves.apart", n=number), key=f"evenhand-wave-apart-{one.post_id}"):
        waves.split(shell.store, shell.actor, held, one.post_id, shell.now())
        st.session_state[SAID] = "waves.parted"
        st.rerun()


def _words(kind: str, differs: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    return " … ".join(" ".join(words) for each, words in differs if each == kind)
