"""The card as a Streamlit component (version 2).

The browser shows what was prefetched and sends every decision with the item and version that were
on screen; this side answers each message once and hands over the next items.
Native buttons apply a second quick press to the wrong item (streamlit/streamlit#8365), which is
why this exists; it can go when a press carries what was shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.card import desk as desks
from evenhand.dashboard.card import payload
from evenhand.dashboard.jobs import claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from evenhand.dashboard.card.desk import Desk, Refusal
    from evenhand.dashboard.shell import Shell

KEY = "evenhand.card"
# Joined into one module: what Streamlit loads from a blob cannot import its neighbours.
SCRIPTS = (
    "card.js", "acts.js", "several.js", "wave.js", "post.js", "keys.js", "screen.js",
)  # fmt: skip
SPOKEN = (
    "saved", "unsaved", "decided", "waiting", "undo", "keys", "close", "post", "why", "simulated",
    "edited", "no_text", "yours_for", "covered", "covered_lead", "uncover", "cover",
    "hidden_reasons", "thread", "thread_title", "thread_alone", "this_post", "decisions",
    "outcomes", "violates", "flagged_for", "no_harm", "not_sure", "needs_answer",
    "already_answered", "note", "skip", "skip_why", "skip_lead", "back", "fetching", "taking_back",
    "nothing", "nothing_lead", "away", "away_lead", "go_on", "dismiss", "your_note", "ended",
    "withdrawn", "nothing_to_undo", "offline", "keys_title", "key_policies", "key_cover",
    "key_scroll", "key_note", "statement_claim", "statement_truth", "statement_source",
    "several", "several_lead", "several_done", "severity_of", "severity_less", "severity_more",
    "macros", "macro", "help_lines",
)  # fmt: skip
SPOKEN_OF_WAVES = ("open", "sample", "marks", "unread")
SPOKEN_OF_CARE = ("rest", "rest_asked", "rest_taken", "rest_left", "take_rest", "end_rest")


def card(shell: Shell, desk: Desk) -> None:
    """Show the card and take its messages; call it inside a fragment."""
    desks.refill(shell, desk)
    data = payload.card_data(shell, desk) | {
        "refused": [
            {"uuid": one.uuid, "sentence": refusal_words(shell, one)} for one in desk.refused
        ],
        "waiting_shown": waiting_words(shell, desk.waiting),
        "policies": payload.policies(shell.lang),
        "macros": [payload.macro(one) for one in desk.macros],
        "skips": [
            {"id": reason, "name": shell.say(f"review.skip_{reason}")}
            for reason in desks.SKIP_REASONS
        ],
        "words": {name: shell.say(f"review.{name}") for name in SPOKEN}
        | {name: shell.say(f"care.{name}") for name in SPOKEN_OF_CARE}
        | {f"wave_{name}": shell.say(f"waves.{name}") for name in SPOKEN_OF_WAVES},
    }
    mounted()(key=KEY, data=data, on_batch_change=partial(_receive, shell, desk))


def refusal_words(shell: Shell, refusal: Refusal) -> str:
    """Word why a message was not carried out, and how to go on."""
    if refusal.late_undo:
        return shell.say("review.undo_late")
    said = widgets.error_words(shell, refusal.error)
    return said if widgets.is_self_explaining(refusal.error) else f"{said} {refusal.error}"


def waiting_words(shell: Shell, waiting: int) -> str:
    """Write how many items wait, with a plus where counting stopped."""
    return shell.number(waiting) + ("+" if waiting >= claims.MOST_COUNTED else "")


@cache
def mounted() -> Callable[..., object]:
    """Register the component once in this process and give what mounts it."""
    folder = files("evenhand.dashboard.card")
    scripts = [folder.joinpath(name).read_text("utf-8") for name in SCRIPTS]
    made = st.components.v2.component(
        "evenhand_card",
        css=folder.joinpath("card.css").read_text("utf-8"),
        js="\n".join(scripts),
    )
    return cast("Callable[..., object]", made)


def _receive(shell: Shell, desk: Desk) -> None:
    take_batch(shell, desk, st.session_state.get(KEY))


def take_batch(shell: Shell, desk: Desk, state: object) -> None:
    """Hand the messages in the component's *state* to the desk; it may hold anything."""
    batch = state.get("batch") if isinstance(state, Mapping) else None
    messages = batch.get("messages") if isinstance(batch, Mapping) else None
    if isinstance(messages, list):
        desks.receive(shell, desk, messages)
