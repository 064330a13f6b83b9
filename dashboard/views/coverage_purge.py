"""Posts that their platforms deleted, on the coverage page: how long they stayed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs.measures import purging
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views import coverage_parts, times_words

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.estimates_time import Quantile
    from evenhand.dashboard.jobs.measures.purging import Lag, Purges
    from evenhand.dashboard.shell import Shell

LINES = {
    "platform": ("coverage.purge_platform", "coverage.purge_platform_few"),
    "learned": ("coverage.purge_learned", "coverage.purge_learned_few"),
}


def draw(shell: Shell, days: int) -> None:
    """Draw the section."""
    found = purging.read(shell.store, shell.actor, days, shell.now())
    widgets.section(shell, "coverage.purge")
    lags = [(since, one) for since, one in found.lags.items() if one.n]
    if not lags:
        st.markdown(shell.say("coverage.purge_none"))
    else:
        posts, still = sum(one.n for _, one in lags), sum(one.still for _, one in lags)
        line = shell.say("coverage.purge_texts", n=found.texts, posts=posts, still=still)
        st.markdown(line)
    for since, one in lags:
        st.markdown(_line(shell, since, one))
    coverage_parts.numbers(shell, _sheet(shell, found), ("purge_lag", "texts_purged"), wide=True)


def _line(shell: Shell, since: str, one: Lag) -> str:
    known, few = LINES[since]
    if one.too_few:
        return shell.say(few, n=one.n)
    return shell.say(known, median=_time(shell, one.median), p95=_time(shell, one.p95), n=one.n)


def _time(shell: Shell, of: Quantile | None) -> str:
    words, ends = times_words.quantile(shell, of), times_words.bounds(shell, of)
    return words if ends is None else f"{words} ({ends})"


def _sheet(shell: Shell, found: Purges) -> Sheet:
    names = ("posts", "erased", "held", "median", "low", "high", "p95", "low", "high")
    columns = [shell.say(f"coverage.col_{name}") for name in names]
    for at, of in ((4, 3), (5, 3), (7, 6), (8, 6)):
        columns[at] = f"{columns[of]}, {columns[at]}"
    rows = [
        (
            shell.say(f"coverage.purge_row_{since}"),
            *(one.n, one.ended, one.still),
            *times_words.minutes(one.median),
            *times_words.minutes(one.p95),
        )
        for since, one in found.lags.items()
    ]
    return Sheet("purges", (shell.say("coverage.purge_since"), *columns), tuple(rows))
