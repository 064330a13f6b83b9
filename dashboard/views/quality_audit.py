"""The audits of the quality page: what they say, the week's budget, and how another one is set."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import audit_budget, demo_recall
from evenhand.dashboard.jobs.audit_budget import DAYS, WEEKS
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import quality_parts
from evenhand.dashboard.views.coverage_words import DASH, percent, unmarked
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from datetime import date

    from evenhand.dashboard.jobs.audit_budget import Plan, Standing, Waiting
    from evenhand.dashboard.jobs.demo_recall import Beside
    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.measures.missing import Missing, Part
    from evenhand.dashboard.shell import Shell

# As many rows as a table shows without a bar of its own.
LAST_DAYS = 9
STEP = 50
SHARES_OF_HARM = ("recall", "recall_by_reach")


def draw(shell: Shell) -> None:
    """Draw what the audits say, the days, the budget and the form."""
    found = audit_budget.standing(shell.store, shell.actor, shell.now())
    widgets.quiet(shell.say("quality_audit.lead"))
    _tiles(shell, found)
    _beside(shell)
    _slices(shell, found)
    _days(shell, found.missing)
    _budget(shell, found)
    if found.waiting is None:
        _form(shell, found)
    else:
        _decide(shell, found.waiting, found.missing)


# --- what is known ------------------------------------------------------------------------------


def _tiles(shell: Shell, found: Standing) -> None:
    widgets.section(shell, "quality_audit.known")
    part, audited = found.missing.whole, len(found.missing.audited)
    widgets.quiet(shell.say("quality_audit.window", n=audited, days=DAYS))
    if not audited:
        # No bounds either: those of no post would say that none was missed.
        widgets.empty(shell.say("quality_audit.none_drawn"))
        return
    figures = {name: getattr(part, name) for name in ("recall", "missed", "elusion", "prevalence")}
    figures["recall_by_reach"] = found.weighted.recall
    widgets.tiles(shell, [_tile(shell, name, figure) for name, figure in figures.items()])


def _tile(shell: Shell, name: str, figure: Estimate) -> widgets.Tile:
    return widgets.Tile(
        shell.say(f"quality_audit.tile_{name}"),
        _written(shell, name, figure.value),
        _base(shell, name, figure),
        shell.say(f"coverage.def_{name}"),
    )


def _written(shell: Shell, name: str, value: float | None) -> str:
    if value is None:
        return DASH
    if name == "missed":
        return forms.number(round(value), shell.lang)
    # The small shares are of all posts, where a tenth of a percent is a difference.
    return percent(shell, value) if name in SHARES_OF_HARM else forms.tenths(value, shell.lang)


def _base(shell: Shell, name: str, figure: Estimate) -> str:
    low, high = (_written(shell, name, end) for end in (figure.low, figure.high))
    bounds = shell.say("quality_audit.bounds", low=low, high=high, n=figure.n)
    if figure.reason is None:
        return bounds
    return f"{shell.say(f'quality_audit.why_{figure.reason}')} · {bounds}"


def _beside(shell: Shell) -> None:
    """Say in a demo what is measured beside what is true; elsewhere nobody knows the truth."""
    found = demo_recall.beside(shell.store, shell.settings)
    if not found:
        return
    with st.container(border=True):
        st.markdown(f"**{shell.say('quality_audit.simulated')}**")
        for one in found:
            st.markdown(_line(shell, one))


def _line(shell: Shell, one: Beside) -> str:
    measured = one.measured
    return shell.say(
        f"quality_audit.beside_{one.window}",
        measured=percent(shell, measured.value),
        low=percent(shell, measured.low),
        high=percent(shell, measured.high),
        true=percent(shell, one.true.recall),
        n=measured.n,
    )


def _slices(shell: Shell, found: Standing) -> None:
    with st.expander(shell.say("quality_audit.slices")):
        missing = found.missing
        langs = {_lang(shell, one): part for one, part in missing.by_lang.items()}
        named = {quality_parts.named(shell, one): part for one, part in missing.by_policy.items()}
        sources = {
            plain_name(one) or shell.say("coverage.no_source"): part
            for one, part in found.by_source.items()
        }
        for by, parts in (("lang", langs), ("policy", named), ("source", sources)):
            first = shell.say(f"quality_audit.col_{by}")
            rows = [{first: name, **_slice(shell, part)} for name, part in parts.items()]
            st.dataframe(rows, hide_index=True, alt=shell.say(f"quality_audit.by_{by}"))


def _lang(shell: Shell, lang: str) -> str:
    return forms.LANGUAGE_NAMES.get(lang, lang or shell.say("review.lang_other"))


def _slice(shell: Shell, part: Part) -> dict[str, object]:
    recall = part.recall
    value, low, high = (percent(shell, one) for one in (recall.value, recall.low, recall.high))
    key = "spread" if recall.reason is None else "spread_only"
    return {
        shell.say("quality_audit.col_found"): shell.number(part.cohort.found),
        shell.say("quality_audit.col_seen"): shell.number(recall.seen),
        shell.say("quality_audit.col_recall"): shell.say(
            f"quality_audit.{key}", value=value, low=low, high=high
        ),
    }


# --- the days -----------------------------------------------------------------------------------


def _days(shell: Shell, found: Missing) -> None:
    widgets.section(shell, "quality_audit.days", "quality_audit.days_lead")
    audited = {one.day: one for one in found.audited}
    days = sorted({*audited, *found.not_audited}, reverse=True)[:LAST_DAYS]
    rows = [_day(shell, day, found) for day in days]
    st.dataframe(rows, hide_index=True, alt=shell.say("quality_audit.days"))


def _day(shell: Shell, day: date, found: Missing) -> dict[str, object]:
    audit = next((one for one in found.audited if one.day == day), None)
    state = "audited" if audit is not None else found.not_audited[day]
    numbers: dict[str, int | None] = dict.fromkeys(("frame", "drawn", "read"))
    if audit is not None:
        numbers = {"frame": audit.frame, "drawn": audit.drawn, "read": found.read.get(day, 0)}
    return {
        shell.say("quality_audit.col_day"): forms.day(day, shell.lang),
        shell.say("quality_audit.col_state"): shell.say(f"quality_audit.state_{state}"),
        **{
            shell.say(f"quality_audit.col_{name}"): (
                DASH if number is None else forms.number(number, shell.lang)
            )
            for name, number in numbers.items()
        },
    }


# --- the budget ---------------------------------------------------------------------------------


def _budget(shell: Shell, found: Standing) -> None:
    widgets.section(shell, "quality_audit.budget", "quality_audit.budget_lead")
    week, number = found.week, int(found.week.week.partition("W")[2])
    lines = (
        ("quality_audit.week_all", week.used, week.limit),
        ("quality_audit.week_audits", week.audited, week.audits),
    )
    stages = [
        charts.Stage(
            shell.say(key, week=number, used=used, limit=limit), used / limit if limit else None
        )
        for key, used, limit in lines
    ]
    st.plotly_chart(
        charts.road(stages),
        theme="streamlit",
        config=charts.CONFIG,
        key="evenhand-audit-budget",
        alt="; ".join(unmarked(one.words) for one in stages),
    )


def _form(shell: Shell, found: Standing) -> None:
    audits = st.slider(
        shell.say("quality_audit.ask_audits"),
        min_value=0,
        max_value=found.most,
        value=min(found.in_force.audits, found.most),
        step=STEP,
        key="evenhand.audit.audits",
    )
    _plan(shell, audit_budget.plan(found.missing, int(audits)), int(audits))
    rest = max(found.in_force.weekly - found.in_force.audits, 0)
    weekly = st.number_input(
        shell.say("quality_audit.ask_weekly", most=found.most),
        min_value=int(audits),
        max_value=found.most,
        value=max(int(audits), min(int(audits) + rest, found.most)),
        step=STEP,
        key=f"evenhand.audit.weekly.{audits}",
        width=320,
    )
    if st.button(shell.say("quality_audit.propose"), key="evenhand.audit.propose"):
        quality_parts.do(
            shell,
            "quality_audit.proposed",
            lambda: audit_budget.propose(
                shell.store, shell.actor, int(weekly), int(audits), shell.now()
            ),
        )


def _plan(shell: Shell, plan: Plan | None, audits: int) -> None:
    if plan is None:
        widgets.quiet(shell.say("quality_audit.plan_none"))
        return
    words = {
        "n": plan.posts,
        "day": round(plan.posts / 7),
        "weeks": WEEKS,
        "low": percent(shell, plan.low),
        "high": percent(shell, plan.high),
    }
    key = "plan" if plan.is_measurable else "plan_wide"
    with st.container(border=True):
        st.markdown(shell.say(f"quality_audit.{key}", **words))
        if plan.posts < audits:
            widgets.quiet(shell.say("quality_audit.plan_all"))
        assumed = "plan_assumed" if plan.is_assumed else "plan_basis"
        widgets.quiet(shell.say(f"quality_audit.{assumed}", value=percent(shell, plan.value)))


def _decide(shell: Shell, waiting: Waiting, found: Missing) -> None:
    one = waiting.budget
    with st.container(border=True):
        words = shell.say("quality_audit.waits", weekly=one.weekly, audits=one.audits)
        st.markdown(f"**{words}**")
        quality_parts.facts(shell, {"quality_audit.proposed_by": waiting.proposed_by})
        _plan(shell, audit_budget.plan(found, one.audits), one.audits)
        if waiting.own:
            widgets.quiet(shell.say("quality_audit.needs_second"))
        with st.container(horizontal=True):
            jobs = {"put_aside": audit_budget.put_aside}
            if not waiting.own:
                jobs = {"approve": audit_budget.approve, **jobs}
            for name, job in jobs.items():
                if st.button(shell.say(f"quality_audit.{name}"), key=f"evenhand.audit.{name}"):
                    quality_parts.do(
                        shell,
                        f"quality_audit.done_{name}",
                        partial(job, shell.store, shell.actor, str(one.id), shell.now()),
                    )
