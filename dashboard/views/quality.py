"""The quality page: figures of reading, audits, appeals, gold items, and practice.

Everybody sees the parts that their roles open; the jobs behind them check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import appeals, audit_budget, quality, quality_gold
from evenhand.dashboard.views import (
    quality_appeals,
    quality_audit,
    quality_figures,
    quality_golds,
    quality_parts,
    quality_practice,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from evenhand.dashboard.shell import Shell

PART = "evenhand.quality.part"
PARTS: dict[str, tuple[frozenset[str], Callable[[Shell], None]]] = {
    "figures": (frozenset(quality.READING), quality_figures.draw),
    "audit": (frozenset(audit_budget.SEEING), quality_audit.draw),
    "appeals": (frozenset(appeals.FILING), quality_appeals.draw),
    "gold": (frozenset(quality_gold.KEEPING), quality_golds.draw),
    "practice": (frozenset(quality_gold.PRACTISING), quality_practice.draw),
}


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "quality.title", "quality.lead")
    quality_parts.say_what_was_done()
    mine = [name for name, (roles, _) in PARTS.items() if roles & shell.actor.roles]
    if not mine:
        widgets.empty(shell.say("shell.no_page"))
        return
    chosen = st.segmented_control(
        shell.say("quality.part"),
        mine,
        format_func=lambda name: shell.say(f"quality.part_{name}"),
        default=mine[0],
        required=True,
        key=PART,
        bind="query-params",
        label_visibility="collapsed",
    )
    with widgets.told(shell):
        PARTS[str(chosen or mine[0])][1](shell)
