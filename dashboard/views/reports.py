"""The reports page: ask the worker for a transparency report, follow it, and take it away."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import reports, reports_asked, tasks
from evenhand.dashboard.jobs.reports import Fault, Wanted
from evenhand.dashboard.jobs.tasks import TaskKind
from evenhand.dashboard.plain import make_plain
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evenhand.dashboard.jobs.reports_asked import Made
    from evenhand.dashboard.shell import Shell

MONTH, WEEKS, OWN = "month", "weeks", "own"
PRESETS: dict[str, Callable[[datetime], Wanted]] = {
    MONTH: reports_asked.last_month,
    WEEKS: reports_asked.last_weeks,
}
FOLLOWED = "evenhand.reports.followed"
READY = "evenhand.reports.ready"
OPEN_STATES = frozenset({"asked", "running"})
POLL = "2s"
DAY = timedelta(days=1)
# How many are drawn at once: a quarter of weeks.
ABREAST = 13
FIELD_PX = 200
LONGEST = 300


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "reports.title", "reports.lead")
    with widgets.told(shell):
        found = reports_asked.finished(shell.settings, shell.actor)
        _new(shell)
        _follow(shell)
        _finished(shell, found)
        widgets.quiet(shell.say("reports.terminal"))


def _new(shell: Shell) -> None:
    widgets.section(shell, "reports.new")
    wanted = _wanted(shell)
    lang = st.segmented_control(
        shell.say("reports.language"),
        list(forms.LANGUAGES),
        format_func=forms.LANGUAGE_NAMES.__getitem__,
        default=shell.lang,
        required=True,
        key="evenhand-reports-language",
    )
    fault = reports.fault(wanted, shell.now())
    if fault is None:
        widgets.quiet(
            f"{shell.say('report.window', first=wanted.first, last=wanted.last)}. "
            f"{shell.say('reports.as_of')}"
        )
    else:
        st.error(_refusal(shell, wanted, fault))
    words, is_shut = shell.say("reports.ask"), fault is not None or _is_busy(shell)
    pressed = st.button(
        # A button that cannot be pressed is not filled, so it takes ordinary letters.
        words if is_shut else widgets.main_label(words),
        type="primary",
        key="evenhand-reports-ask",
        disabled=is_shut,
    )
    if pressed:
        reports_asked.ask(shell.store, shell.actor, wanted, lang or shell.lang, shell.now())
        st.rerun()


def _wanted(shell: Shell) -> Wanted:
    """Let the days be chosen: the usual ones with one press, or any."""
    preset = st.segmented_control(
        shell.say("reports.days"),
        (*PRESETS, OWN),
        format_func=lambda name: shell.say(f"reports.days_{name}"),
        # A demo has no month that is over.
        default=WEEKS if shell.settings.demo else MONTH,
        required=True,
        key="evenhand-reports-days",
    )
    now = shell.now()
    if preset in PRESETS:
        return PRESETS[preset](now)
    usual = reports_asked.last_weeks(now)
    with st.container(horizontal=True, gap="small"):
        first, last = (
            st.date_input(
                shell.say(f"reports.{name}"),
                value=at,
                format="DD/MM/YYYY",
                key=f"evenhand-reports-{name}",
                width=FIELD_PX,
            )
            for name, at in (("from", usual.first), ("to", usual.last))
        )
    return Wanted(first, last)


def _refusal(shell: Shell, wanted: Wanted, fault: Fault) -> str:
    whole = shell.now().astimezone(UTC).date() - DAY
    return shell.say(
        f"reports.fault_{fault.value}", first=wanted.first, last=wanted.last, whole=whole
    )


def _is_busy(shell: Shell) -> bool:
    task = tasks.latest(shell.store, shell.actor, TaskKind.REPORT)
    return task is not None and task.state.value in OPEN_STATES


def _follow(shell: Shell) -> None:
    """Show how far the newest task is, looking again every two seconds while it goes on."""
    if st.session_state.pop(READY, False):
        st.success(shell.say("reports.ready"))
    st.fragment(_followed, run_every=POLL if _is_busy(shell) else None)(shell)


def _followed(shell: Shell) -> None:
    task = tasks.latest(shell.store, shell.actor, TaskKind.REPORT)
    if task is None:
        return
    state = task.state.value
    if state in OPEN_STATES:
        st.session_state[FOLLOWED] = task.id
        since = shell.since(task.created_at)
        st.info(
            shell.say(
                "reports.task_waits" if state == "asked" else "reports.task_runs", since=since
            )
        )
    elif st.session_state.pop(FOLLOWED, None) == task.id:
        # It ended since the page was drawn: the list and the button change too.
        st.session_state[READY] = state == "done"
        st.rerun()
    elif state == "failed":
        since = shell.since(task.ended_at or task.created_at)
        st.warning(shell.say("reports.task_failed", since=since))
        st.text(make_plain(task.message, LONGEST)[0], width="stretch")


def _finished(shell: Shell, found: list[Made]) -> None:
    widgets.section(shell, "reports.made")
    if not found:
        widgets.empty(shell.say("reports.made_none"))
        return
    begin, pages = 0, -(-len(found) // ABREAST)
    if pages > 1:
        begin = ABREAST * (min(st.pagination(pages, key="evenhand-reports-page"), pages) - 1)
    for one in found[begin : begin + ABREAST]:
        with st.container(border=True, key=f"evenhand-report-{one.name}", gap="xsmall"):
            _one(shell, one)


def _one(shell: Shell, one: Made) -> None:
    days = shell.say("report.window", first=one.wanted.first, last=one.wanted.last)
    st.markdown(f"**{days}** · {forms.LANGUAGE_NAMES[one.lang]}")
    at, ago = shell.moment(one.made_at), shell.since(one.made_at)
    widgets.quiet(shell.say("reports.made_line", at=at, ago=ago, entry=one.entry))
    with st.container(horizontal=True, gap="small"):
        for kind, mime, read in (
            ("html", "text/html", reports_asked.as_html),
            ("zip", "application/zip", reports_asked.as_zip),
        ):
            st.download_button(
                shell.say(f"reports.take_{kind}"),
                # Read when it is asked for, so that the page does not carry every report.
                partial(read, shell.settings, shell.actor, one.name),
                file_name=f"report_{one.name}.{kind}",
                mime=mime,
                key=f"evenhand-reports-{kind}-{one.name}",
                help=shell.say(f"reports.take_{kind}_hint"),
                on_click="ignore",
            )
