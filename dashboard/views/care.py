"""The Care page: one's own breaks, record, opt-outs and limits; for coordinators the sums too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import care
from evenhand.dashboard.views.coverage_words import separators
from evenhand.dashboard.words import forms
from evenhand.data.records import Role
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.care import Day, Standing, Summed, Week
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.care.said"
SHOWN = "evenhand.care.shown"
ITEMS, MINUTES = "items", "minutes"
CHART_PX = 260
HIGHEST = 5
SUMS = ("people", "hours", "items", "severe", "milder")


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "care.title", "care.lead")
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))
    with widgets.told(shell):
        standing = care.standing(shell.store, shell.actor, shell.settings.care, shell.now())
        _break(shell, standing)
        _record(shell, standing)
        _opt_outs(shell)
        _limits(shell)
        if Role.COORDINATOR in shell.actor.roles:
            _team(shell)


def _say_next(key: str) -> None:
    st.session_state[SAID] = key


# --- the break --------------------------------------------------------------------------------


def _break(shell: Shell, standing: Standing) -> None:
    widgets.section(shell, "care.break")
    length = shell.settings.care.break_min
    lead = shell.say("care.break_lead", minutes=standing.break_after_min, length=length)
    widgets.quiet(lead)
    if standing.rest is None:
        if st.button(shell.say("care.take_rest"), key="evenhand-care-rest"):
            care.begin_rest(shell.store, shell.actor, shell.settings.care, shell.now())
            _say_next("care.rest_began")
            st.rerun()
        return
    st.markdown(shell.say("care.resting", at=shell.moment(standing.rest.until)))
    if st.button(shell.say("care.end_rest"), key="evenhand-care-go-on"):
        care.end_rest(shell.store, shell.actor, shell.now())
        _say_next("care.rest_ended")
        st.rerun()


# --- the record -------------------------------------------------------------------------------


def _record(shell: Shell, standing: Standing) -> None:
    widgets.section(shell, "care.record", "care.record_lead")
    days = care.exposure(shell.store, shell.actor, shell.now())
    widgets.tiles(shell, _tiles(shell, standing, days))
    if not any(sum(day.items) for day in days):
        widgets.empty(shell.say("care.nothing_read"))
        return
    names = {ITEMS: shell.say("care.by_items"), MINUTES: shell.say("care.by_minutes")}
    shown = st.segmented_control(
        shell.say("care.shown"),
        list(names),
        format_func=names.__getitem__,
        default=ITEMS,
        required=True,
        key=SHOWN,
        label_visibility="collapsed",
    )
    _chart(shell, days, str(shown or ITEMS))


def _tiles(shell: Shell, standing: Standing, days: Sequence[Day]) -> list[widgets.Tile]:
    today, cap = days[-1], standing.severe_a_day
    limit = shell.say("care.severe_free") if cap is None else shell.say("care.severe_of", n=cap)
    counted = {
        "items": (sum(today.items), sum(sum(day.items) for day in days)),
        "minutes": (_minutes(today.seconds), _minutes([sum(day.seconds) for day in days])),
    }
    figures = [
        (name, now, shell.say(f"care.{name}_base", n=every))
        for name, (now, every) in counted.items()
    ]
    figures.append(("severe", standing.severe_today, limit))
    stretch = shell.say("care.stretch_base", n=standing.break_after_min)
    figures.append(("stretch", _minutes([standing.read_s]), stretch))
    return [
        widgets.Tile(
            shell.say(f"care.{name}_tile"),
            shell.number(value),
            base,
            shell.say(f"care.{name}_definition"),
        )
        for name, value, base in figures
    ]


def _minutes(seconds: Sequence[float]) -> int:
    return round(sum(seconds) / 60)


def _chart(shell: Shell, days: Sequence[Day], shown: str) -> None:
    # The most severe lies at the bottom, where days compare best.
    series = [
        charts.Named(
            shell.say("care.severity", n=severity),
            tuple(
                day.items[severity - 1] if shown == ITEMS else _minutes([day.seconds[severity - 1]])
                for day in days
            ),
        )
        for severity in range(HIGHEST, 0, -1)
    ]
    sums = ", ".join(f"{one.name}: {shell.number(sum(one.values))}" for one in series)
    alt = shell.say(f"care.chart_alt_{shown}", first=days[0].on, last=days[-1].on, sums=sums)
    st.plotly_chart(
        charts.by_day([day.on for day in days], series, separators(shell)),
        height=CHART_PX,
        theme="streamlit",
        config=charts.CONFIG,
        key=f"evenhand-care-{shown}",
        alt=alt,
    )
    with st.expander(shell.say("care.numbers")):
        rows = [
            {shell.say("care.day"): forms.day(day.on, shell.lang)}
            | {one.name: shell.number(one.values[at]) for one in series}
            for at, day in reversed(list(enumerate(days)))
        ]
        st.dataframe(rows, hide_index=True, alt=shell.say("care.numbers"))


# --- opting out -------------------------------------------------------------------------------


def _opt_outs(shell: Shell) -> None:
    widgets.section(shell, "care.opt_outs", "care.opt_outs_lead")
    out = care.opt_outs(shell.store, shell.actor)
    lists = load_taxonomy()
    for label in care.OFFERED:
        st.toggle(
            lists.entry(label).wording[shell.lang].name,
            value=label not in out,
            key=f"evenhand-care-label-{label}",
            on_change=_choose,
            args=(shell, label),
        )


def _choose(shell: Shell, label: str) -> None:
    if st.session_state[f"evenhand-care-label-{label}"]:
        care.opt_in(shell.store, shell.actor, label)
        _say_next("care.opted_in")
    else:
        care.opt_out(shell.store, shell.actor, label, shell.now())
        _say_next("care.opted_out")


# --- limits -----------------------------------------------------------------------------------


def _limits(shell: Shell) -> None:
    widgets.section(shell, "care.limits", "care.severe_lead")
    own, rules = care.own_limits(shell.store, shell.actor), shell.settings.care
    stretch = _number(
        shell,
        "stretch",
        own.break_after_min,
        (care.SHORTEST_STRETCH, care.LONGEST_STRETCH, rules.break_after_min),
    )
    most = care.MOST_SEVERE if rules.severe_a_day is None else rules.severe_a_day
    severe = _number(shell, "severe", own.severe_a_day, (0, most, min(20, most)))
    if rules.severe_a_day is not None:
        widgets.quiet(shell.say("care.team_limit", n=rules.severe_a_day))
    if st.button(shell.say("care.save"), key="evenhand-care-save"):
        new = care.Limits(stretch, severe)
        care.set_limits(shell.store, shell.actor, new, shell.now())
        _say_next("care.limits_saved")
        st.rerun()


def _number(shell: Shell, name: str, own: int | None, bounds: tuple[int, int, int]) -> int | None:
    """Ask for a number from the first to the second of *bounds*, or for none at all."""
    lowest, highest, usual = bounds
    wanted = st.toggle(
        shell.say(f"care.own_{name}"), value=own is not None, key=f"evenhand-care-own-{name}"
    )
    if not wanted:
        return None
    chosen = st.number_input(
        shell.say(f"care.{name}"),
        min_value=lowest,
        max_value=highest,
        value=min(max(usual if own is None else own, lowest), highest),
        step=5 if lowest else 1,
        key=f"evenhand-care-number-{name}",
        width=260,
    )
    return int(chosen)


# --- the team ---------------------------------------------------------------------------------


def _team(shell: Shell) -> None:
    widgets.section(shell, "care.team", "care.team_lead")
    weeks = care.team_weeks(shell.store, shell.actor, shell.now())
    columns = {shell.say("care.week_from", day=week.first): _sums(shell, week) for week in weeks}
    # Few columns: a table that scrolls inside itself could not be reached by the keyboard.
    rows = [
        {shell.say("care.week"): shell.say(f"care.team_{name}")}
        | {column: sums[name] for column, sums in columns.items()}
        for name in SUMS
    ]
    st.table(rows, hide_index=True, border="horizontal")


def _sums(shell: Shell, week: Week) -> dict[str, str]:
    few, whole = shell.say("care.too_few"), week.everything

    def items(part: Summed | None) -> str:
        return few if part is None else shell.number(part.items)

    return {
        "people": few if whole is None else shell.number(whole.people),
        "hours": few if whole is None else shell.number(round(whole.seconds / 3600, 1)),
        "items": items(whole),
        "severe": items(week.severe),
        "milder": items(week.milder),
    }
