"""The card as a Streamlit component (version 2).

The browser shows what was prefetched and sends every decision with the item and version that were
on screen; this side answers each message once and hands over the next items.
Native buttons apply a second quick press to the wrong item (streamlit/streamlit#8365), which is
why this exists; it can go when a press carries what was shown.
"""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard.card import desk as desks
from evenhand.dashboard.card import payload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.card.desk import Desk, Place
    from evenhand.dashboard.shell import Shell

KEY = "evenhand.card"
SPOKEN = (
    "saved", "unsaved", "decided_today", "waiting", "undo", "keys", "dismiss", "fetching",
    "nothing", "nothing_lead", "covered", "cover", "uncover", "why", "yours_for", "ended",
    "simulated", "edited", "taking_back", "decisions", "no_harm", "not_sure", "needs_answer",
    "already_answered", "thread", "thread_alone", "erased", "skip", "skip_why", "note",
    "key_policies", "key_cover",
)  # fmt: skip


@cache
def _mount() -> object:
    folder = files("evenhand.dashboard.card")
    return st.components.v2.component(
        "evenhand_card",
        html='<section class="eh" aria-live="polite"></section>',
        css=folder.joinpath("card.css").read_text("utf-8"),
        js=folder.joinpath("card.js").read_text("utf-8"),
    )


def card(shell: Shell, place: Place, desk: Desk, *, waiting: int) -> None:
    """Show the card and take its messages; call it inside a fragment."""
    desks.refill(place, desk, shell.now())
    data = payload.card_data(
        desk, say=shell.say, moment=shell.moment, lang=shell.lang, now=shell.now()
    )
    data["waiting"] = waiting
    data["policies"] = payload.policies(shell.lang)
    data["skips"] = [
        {"id": reason, "name": shell.say(f"review.skip_{reason}")} for reason in desks.SKIP_REASONS
    ]
    data["words"] = {name: shell.say(f"review.{name}") for name in SPOKEN}
    mount = cast("partial[object]", _mount())
    mount(key=KEY, data=data, on_batch_change=partial(_receive, shell, place, desk))


def _receive(shell: Shell, place: Place, desk: Desk) -> None:
    state = cast("Mapping[str, object]", st.session_state.get(KEY) or {})
    batch = cast("Mapping[str, object] | None", state.get("batch"))
    if batch:
        messages = cast("Sequence[Mapping[str, object]]", batch.get("messages") or [])
        desks.receive(place, desk, messages, shell.now())
