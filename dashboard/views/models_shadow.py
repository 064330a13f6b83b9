"""A model in the shadow: how often it agrees with the active one, and on which posts not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining_shadow
from evenhand.dashboard.views import models_parts
from evenhand.dashboard.views import models_words as worded
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.retraining import ModelLine
    from evenhand.dashboard.jobs.retraining_shadow import Agreement, Disagreement
    from evenhand.dashboard.shell import Shell
    from evenhand.data.records import Score

# As many texts as one looks through at a time.
PAGE = 5


def draw(shell: Shell, line: ModelLine) -> None:
    """Draw what the shadow run has shown so far."""
    seen = retraining_shadow.shadow_view(shell.store, shell.actor, line.version)
    if seen.since is None:
        key = "models.shadow_begins" if line.state == "shadow" else "models.shadow_none"
        widgets.empty(shell.say(key))
        return
    st.markdown(shell.say("models.shadow_line", n=seen.posts, since=shell.moment(seen.since)))
    differing = [one for one in seen.labels if one.only_active or one.only_shadow]
    if differing:
        _counts(shell, seen.labels)
    else:
        widgets.quiet(shell.say("models.shadow_same"))
    if seen.disagreements:
        _list(shell, line.version, seen.disagreements)
    if seen.counted_only:
        widgets.quiet(shell.say("models.shadow_counted", n=seen.counted_only))


def _counts(shell: Shell, labels: Sequence[Agreement]) -> None:
    rows = [
        {
            shell.say("models.col_label"): worded.label(shell, one.label),
            shell.say("models.col_both"): one.both,
            shell.say("models.col_only_active"): one.only_active,
            shell.say("models.col_only_shadow"): one.only_shadow,
        }
        for one in labels
        if one.both or one.only_active or one.only_shadow
    ]
    st.dataframe(rows, hide_index=True, alt=shell.say("models.shadow_alt"))
    widgets.quiet(shell.say("models.shadow_how"))


def _list(shell: Shell, version: str, found: Sequence[Disagreement]) -> None:
    st.markdown(shell.say("models.shadow_list", n=len(found)))
    at = models_parts.page_of(f"shadow-{version}", len(found), PAGE)
    for one in found[at : at + PAGE]:
        with st.container(border=True):
            _said(shell, one)
            key = f"{version}.{one.item_id}.{one.label}"
            models_parts.covered_text(shell, key, one.text, is_covered=one.severe)


def _said(shell: Shell, one: Disagreement) -> None:
    where = worded.where(shell, one.label, one.lang)
    way = "models.only_shadow" if one.shadow.band.value != "nothing" else "models.only_active"
    st.markdown(f"**{where}**: {shell.say(way)}")
    widgets.quiet(
        shell.say(
            "models.both_scores",
            active=_score(shell, one.active),
            shadow=_score(shell, one.shadow),
        )
    )


def _score(shell: Shell, score: Score) -> str:
    band = shell.say(f"terms.band_{score.band.value}")
    return f"{forms.score(score.score, shell.lang)} ({band})"
