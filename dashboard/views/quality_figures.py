"""The figures of the quality page: agreement, confusion, second readings, gold, appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import quality
from evenhand.dashboard.jobs.measures import figures
from evenhand.dashboard.views.coverage_words import DASH, percent, separators
from evenhand.dashboard.views.quality_parts import named
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.dashboard.jobs.measures.agreement import Agreement
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.quality import GoldFigure, Overview, Twice
    from evenhand.dashboard.shell import Shell

WINDOW = "evenhand.quality.window"
USUAL_DAYS = 28


def draw(shell: Shell) -> None:
    """Draw the figures of the chosen window."""
    days = st.segmented_control(
        shell.say("quality.window"),
        list(figures.WINDOWS),
        format_func=lambda n: shell.say("quality.window_days", n=n),
        default=USUAL_DAYS,
        required=True,
        key=WINDOW,
        label_visibility="collapsed",
    )
    settings = shell.settings.quality
    found = quality.overview(
        shell.store, shell.actor, int(days or USUAL_DAYS), settings, shell.now()
    )
    _tiles(shell, found)
    _by_policy(shell, found.by_policy)
    _confused(shell, found)
    _twice(shell, found)
    _gold(shell, found)


# --- tiles ------------------------------------------------------------------------------------


def _tiles(shell: Shell, found: Overview) -> None:
    whole = next((one for one in found.gold if one.expected is None), None)
    gold = None if whole is None else whole.right
    widgets.tiles(
        shell,
        [
            _agreement_tile(shell, found.overall, "percent", "percent_agreement"),
            _agreement_tile(shell, found.overall, "alpha", "krippendorff_alpha"),
            _agreement_tile(shell, found.overall, "ac1", "gwet_ac1"),
            _share_tile(shell, "gold", gold, 0 if whole is None else whole.n),
            _share_tile(shell, "overturned", found.overturned, found.overturned.n),
            _share_tile(shell, "by_wave", found.by_wave, found.by_wave.n),
        ],
    )


def _agreement_tile(shell: Shell, found: Agreement, name: str, measure: str) -> widgets.Tile:
    value, interval = getattr(found, name), getattr(found, f"{name}_interval")
    shown = DASH
    base = shell.say("quality.n_items", n=found.n_units)
    if interval is not None:
        write = percent if name == "percent" else _coefficient
        shown = write(shell, value)
        low, high = (write(shell, end) for end in interval)
        base = shell.say("quality.interval", low=low, high=high, n=found.n_units)
    label, definition = shell.say(f"quality.tile_{name}"), shell.say(f"coverage.def_{measure}")
    return widgets.Tile(label, shown, base, definition)


_SHARES = {
    "gold": ("gold_accuracy", "quality.interval_readings", "quality.n_readings"),
    "by_wave": ("wave_errors", "quality.interval_copies", "quality.n_copies"),
    "overturned": ("overturn_rate", "quality.interval_appeals", "quality.n_appeals"),
}


def _share_tile(shell: Shell, name: str, share: Share | None, n: int) -> widgets.Tile:
    measure, with_interval, without = _SHARES[name]
    shown = DASH
    base = shell.say(without, n=n, part=0 if share is None else share.part)
    if share is not None and share.interval is not None:
        shown = percent(shell, share.value)
        low, high = (percent(shell, end) for end in share.interval)
        base = shell.say(with_interval, low=low, high=high, n=n)
    label, definition = shell.say(f"quality.tile_{name}"), shell.say(f"quality.def_{measure}")
    return widgets.Tile(label, shown, base, definition)


def _coefficient(shell: Shell, value: float) -> str:
    return forms.score(value, shell.lang)


# --- by policy --------------------------------------------------------------------------------


def _by_policy(shell: Shell, found: Mapping[str, Agreement]) -> None:
    widgets.section(shell, "quality.by_policy", "quality.by_policy_lead")
    rows = []
    for policy, one in found.items():
        if one.ac1 is not None and one.ac1_interval is not None:
            low, high = one.ac1_interval
            words = _policy_line(shell, policy, one)
            rows.append(charts.Apart(words, one.ac1, low, high, "same"))
    if not rows:
        widgets.empty(shell.say("quality.policy_none"))
    else:
        axis, signs = shell.say("quality.axis_ac1"), separators(shell)
        st.plotly_chart(
            charts.apart(rows, axis, 1.0, signs),
            theme="streamlit",
            config=charts.CONFIG,
            key="evenhand-quality-policies",
            alt=shell.say("quality.chart_alt", rows="; ".join(row.words for row in rows)),
        )
    rest = [named(shell, policy) for policy, one in found.items() if one.ac1_interval is None]
    if rest:
        widgets.quiet(shell.say("quality.policy_rest", labels="; ".join(rest)))
    with st.expander(shell.say("quality.numbers")):
        table = [_policy_row(shell, policy, one) for policy, one in found.items()]
        st.dataframe(table, hide_index=True, alt=shell.say("quality.by_policy"))


def _policy_line(shell: Shell, policy: str, one: Agreement) -> str:
    low, high = one.ac1_interval or (0.0, 0.0)
    return shell.say(
        "quality.policy_line",
        policy=named(shell, policy),
        value=_coefficient(shell, one.ac1 or 0.0),
        low=_coefficient(shell, low),
        high=_coefficient(shell, high),
        n=one.n_units,
    )


def _policy_row(shell: Shell, policy: str, one: Agreement) -> dict[str, object]:
    return {
        shell.say("quality.col_policy"): named(shell, policy),
        shell.say("quality.col_items"): shell.number(one.n_units),
        shell.say("quality.col_same"): percent(shell, one.percent),
        shell.say("quality.col_alpha"): _spread(shell, one.alpha, one.alpha_interval),
        shell.say("quality.col_ac1"): _spread(shell, one.ac1, one.ac1_interval),
    }


def _spread(shell: Shell, value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None or interval is None:
        return shell.say("quality.too_little")
    low, high = (_coefficient(shell, end) for end in interval)
    return f"{_coefficient(shell, value)} ({low} – {high})"


# --- the rest ---------------------------------------------------------------------------------


def _confused(shell: Shell, found: Overview) -> None:
    widgets.section(shell, "quality.confused", "quality.confused_lead")
    if not found.confused:
        widgets.empty(shell.say("quality.confused_none"))
        return
    rows = [
        {
            shell.say("quality.col_first"): named(shell, one.first),
            shell.say("quality.col_second"): named(shell, one.second),
            shell.say("quality.col_confused"): shell.number(one.n_units),
            shell.say("quality.col_of"): shell.number(one.of_units),
        }
        for one in found.confused
    ]
    st.dataframe(rows, hide_index=True, alt=shell.say("quality.confused"))


def _twice(shell: Shell, found: Overview) -> None:
    widgets.section(shell, "quality.twice", "quality.twice_lead")
    if not found.twice:
        widgets.empty(shell.say("quality.twice_none"))
        return
    rows = [_twice_row(shell, one) for one in found.twice]
    st.dataframe(rows, hide_index=True, alt=shell.say("quality.twice"))


def _twice_row(shell: Shell, one: Twice) -> dict[str, object]:
    fits = shell.say("quality.too_little")
    if one.as_asked is not None:
        fits = shell.say("quality.fits_yes" if one.as_asked else "quality.fits_no")
    return {
        shell.say("quality.col_queue"): shell.say(f"terms.queue_{one.queue}"),
        shell.say("quality.col_decided"): shell.number(one.chosen.n),
        shell.say("quality.col_chosen"): shell.number(one.chosen.part),
        shell.say("quality.col_read"): shell.number(one.read),
        shell.say("quality.col_asked"): forms.percent(one.asked, shell.lang),
        shell.say("quality.col_achieved"): _share(shell, one.chosen),
        shell.say("quality.col_fits"): fits,
    }


def _share(shell: Shell, share: Share) -> str:
    if share.value is None or share.interval is None:
        return shell.say("quality.too_little")
    low, high = (forms.tenths(end, shell.lang) for end in share.interval)
    return f"{forms.tenths(share.value, shell.lang)} ({low} – {high})"


def _gold(shell: Shell, found: Overview) -> None:
    widgets.section(shell, "quality.gold_by_policy")
    rows = [_gold_row(shell, one) for one in found.gold if one.expected is not None]
    if not rows:
        widgets.empty(shell.say("quality.gold_none"))
        return
    st.dataframe(rows, hide_index=True, alt=shell.say("quality.gold_by_policy"))


def _gold_row(shell: Shell, one: GoldFigure) -> dict[str, object]:
    few = shell.say("quality.too_little")
    return {
        shell.say("quality.col_policy"): named(shell, one.expected or ""),
        shell.say("quality.col_readings"): shell.number(one.n),
        shell.say("quality.col_right"): few if one.right is None else _share(shell, one.right),
    }
