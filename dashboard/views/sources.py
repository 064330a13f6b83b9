"""The sources page: where posts come from, how well that works, and what was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import sourcing
from evenhand.data.records import SourceState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evenhand.dashboard.jobs.sourcing import Overview, SourceLine
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.sources.said"


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "sources.title", "sources.lead")
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))
    with widgets.told(shell):
        overview = sourcing.overview(shell.store, shell.actor, shell.now())
        _tiles(shell, overview)
        if not overview.lines:
            widgets.empty(shell.say("sources.none"))
        for line in overview.lines:
            _source(shell, line, overview.days)
        _proposal(shell)


def _tiles(shell: Shell, overview: Overview) -> None:
    live = [line for line in overview.lines if line.state is not SourceState.RETIRED]
    well = [line for line in live if line.state in {SourceState.ACTIVE, SourceState.WAITING}]
    days = overview.days
    base = shell.say("sources.over_days", days=days)
    widgets.tiles(
        shell,
        [
            widgets.Tile(
                shell.say("sources.read_tile"),
                shell.number(len(well)),
                shell.say("sources.read_base", n=len(live)),
                shell.say("sources.read_definition"),
            ),
            widgets.Tile(
                shell.say("sources.gaps_tile"),
                _count(shell, sum(line.gap_count for line in live)),
                base,
                shell.say("sources.gaps_definition", days=days),
            ),
            widgets.Tile(
                shell.say("sources.set_aside_tile"),
                _count(shell, sum(line.set_aside for line in live)),
                base,
                shell.say("sources.set_aside_definition", days=days),
            ),
        ],
    )


def _count(shell: Shell, losses: int) -> str:
    """Write a count that stops at sourcing.MOST."""
    return shell.number(losses) + ("+" if losses >= sourcing.MOST else "")


def _source(shell: Shell, line: SourceLine, days: int) -> None:
    with st.container(border=True, key=f"evenhand-source-{line.id}"):
        # The name was typed by somebody, so it is drawn as text.
        widgets.show_untrusted(shell, line.name, limit=80)
        _facts(shell, line)
        if line.last_error and line.failures:
            widgets.quiet(shell.say("sources.last_error"))
            widgets.show_untrusted(shell, line.last_error, limit=400)
        _losses(shell, line, days)
        _actions(shell, line)


def _facts(shell: Shell, line: SourceLine) -> None:
    state = shell.say(f"terms.source_state_{line.state.value}")
    if line.failures > 1:
        state = f"{state} ({shell.say('sources.failures', n=line.failures)})"
    facts = {
        "sources.kind": line.kind,
        "sources.state": state,
        "sources.last_ok": _when(shell, line.last_ok_at, "sources.never"),
        "sources.next_run": _next(shell, line),
    }
    with st.container(horizontal=True, gap="medium"):
        for key, value in facts.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(key))
                st.text(value)


def _next(shell: Shell, line: SourceLine) -> str:
    if line.state is SourceState.PROPOSED:
        return shell.say("sources.on_approval")
    if line.state in {SourceState.RETIRED, SourceState.REFUSED} or not line.is_pulled:
        return shell.say("sources.no_more")
    if line.next_run_at is not None and line.next_run_at <= shell.now():
        return shell.say("sources.due")
    return _when(shell, line.next_run_at, "sources.due")


def _when(shell: Shell, at: datetime | None, otherwise: str) -> str:
    return shell.say(otherwise) if at is None else shell.since(at)


def _losses(shell: Shell, line: SourceLine, days: int) -> None:
    counted = [
        shell.say("sources.gaps_count", n=line.gap_count),
        shell.say("sources.set_aside_rows", n=line.set_aside),
    ]
    if not line.gap_count and not line.set_aside:
        if line.last_ok_at is not None:
            widgets.quiet(shell.say("sources.losses_none", days=days))
        return
    with st.expander(f"{shell.say('sources.losses')}: {', '.join(counted)}"):
        for gap in line.gaps:
            since = shell.moment(gap.since) if gap.since else shell.say("sources.gap_open")
            until = shell.moment(gap.until) if gap.until else shell.say("sources.gap_open")
            words = shell.say("sources.gap_line", since=since, until=until, reason=gap.reason)
            widgets.show_untrusted(shell, words, limit=400)
        for aside in line.set_aside_rows:
            widgets.show_untrusted(shell, f"{aside.place}: {aside.reason}", limit=400)


def _actions(shell: Shell, line: SourceLine) -> None:
    if line.state is SourceState.RETIRED:
        return
    if line.state is SourceState.PROPOSED and line.proposed_by == shell.actor.id:
        widgets.quiet(shell.say("sources.needs_second"))
    with st.container(horizontal=True):
        if line.state is not SourceState.PROPOSED and line.is_pulled:
            _button(shell, line, "pull_now", "pull_asked", sourcing.pull_now)
        elif line.state is SourceState.PROPOSED and line.proposed_by != shell.actor.id:
            _button(shell, line, "approve", "approved", sourcing.approve)
        _button(shell, line, "retire", "retired", sourcing.retire)


def _button(
    shell: Shell,
    line: SourceLine,
    label: str,
    done: str,
    job: Callable[..., object],
) -> None:
    hint = shell.say("sources.approve_hint") if label == "approve" else None
    key = f"evenhand.sources.{label}.{line.id}"
    if st.button(shell.say(f"sources.{label}"), key=key, help=hint):
        with widgets.told(shell):
            job(shell.store, shell.actor, line.name, shell.now())
            _say_next(f"sources.{done}")


def _proposal(shell: Shell) -> None:
    widgets.section(shell, "sources.propose", "sources.propose_lead")
    with st.form("evenhand.sources.propose"):
        name = st.text_input(shell.say("sources.name"), max_chars=80)
        kind = st.selectbox(shell.say("sources.kind"), sourcing.kinds())
        options = st.text_area(
            shell.say("sources.options"),
            placeholder=shell.say("sources.options_hint"),
            height=120,
        )
        may_train = st.checkbox(shell.say("sources.may_train"), value=False)
        label = widgets.main_label(shell.say("sources.submit"))
        if st.form_submit_button(label, type="primary"):
            with widgets.told(shell):
                wanted = sourcing.read_proposal(name, kind, options, may_train=may_train)
                sourcing.propose(shell.store, shell.actor, wanted, shell.now())
                _say_next("sources.proposed")


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
