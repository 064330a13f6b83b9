"""What a candidate with proposed thresholds changes: the thresholds, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st
from babel import Locale
from babel.numbers import format_decimal

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs.retraining_thresholds import proposal_of
from evenhand.dashboard.views import models_words as worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.retraining import ModelLine
    from evenhand.dashboard.jobs.retraining_thresholds import Proposal
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.models_parts import Measured

UNTESTED = "not enough evidence"


def draw(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> None:
    """Draw what moved, what the comparison cannot say of it, and why it was proposed."""
    found = proposal_of(line.card)
    if found is None:
        return
    st.markdown(shell.say("models.same_weights", model=found.model))
    st.text("\n".join(f"• {one}" for one in moved(shell, found)), width="stretch")
    if untested := _untested(found, reports):
        names = worded.listed(worded.label(shell, one) for one in untested)
        widgets.quiet(shell.say("models.moved_untested", labels=names))
    widgets.quiet(shell.say("models.proposed_why"))
    widgets.show_untrusted(shell, found.reason)


def moved(shell: Shell, found: Proposal) -> list[str]:
    """Say of each threshold from what to what it moves, and what that does."""
    return [
        shell.say(
            "models.moved_lower" if after < before else "models.moved_higher",
            label=worded.label(shell, label),
            before=number(shell, before),
            after=number(shell, after),
        )
        for label, (before, after) in found.moved.items()
    ]


def number(shell: Shell, threshold: float) -> str:
    """Write a threshold with four digits, for they lie near 1."""
    return format_decimal(threshold, format="0.0000", locale=Locale(shell.lang))


def _untested(found: Proposal, reports: Mapping[str, Measured]) -> list[str]:
    lines: Sequence[Mapping[str, object]] = ()
    if "backtest" in reports:
        told = reports["backtest"].data.get("lines") or ()
        lines = cast("Sequence[Mapping[str, object]]", told)
    tested = {one.get("label") for one in lines if one.get("verdict") != UNTESTED}
    return [label for label in found.moved if label not in tested]
