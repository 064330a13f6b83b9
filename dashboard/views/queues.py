"""The queues page for coordinators: what waits, who works, routes, macros, and search in items."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import alerts, presence
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import (
    address,
    queues_macros,
    queues_ranges,
    queues_routes,
    queues_search,
)
from evenhand.dashboard.views import queues_words as worded
from evenhand.dashboard.views.coverage_words import separators
from evenhand.dashboard.widgets import Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.presence import Capacity, Presence, Standing, Waits
    from evenhand.dashboard.shell import Shell

# The name of the choice in the address: /queues?part=search.
PART = "part"
KEY = "evenhand-queues-part"
FAST = "fast"
BANDS = 4


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "queues.title", "queues.lead")
    parts = {
        "waits": _waits,
        "routes": queues_routes.draw,
        "macros": queues_macros.draw,
        "ranges": queues_ranges.draw,
        "search": queues_search.draw,
    }
    address.begin(KEY, PART, parts, "waits")
    chosen = st.segmented_control(
        shell.say("queues.part"),
        list(parts),
        format_func=lambda part: shell.say(f"queues.part_{part}"),
        required=True,
        key=KEY,
        label_visibility="collapsed",
    )
    chosen = chosen or "waits"
    address.keep({PART: chosen}, {PART: "waits"})
    with widgets.told(shell):
        parts[chosen](shell)


def _waits(shell: Shell) -> None:
    widgets.alerts_link(shell, alerts.open_count(shell.store, shell.actor, shell.now()))
    found = presence.standing_of(shell.store, shell.actor, shell.now())
    widgets.tiles(shell, _tiles(shell, found))
    _hint(shell, found)
    if found.waits:
        _chart(shell, found.waits)
        _table(shell, found.waits)
        _langs(shell, found.langs)
    else:
        widgets.empty(shell.say("queues.nothing_waits"))
    if found.present is not None:
        _present(shell, found.present)


def _tiles(shell: Shell, found: Standing) -> list[Tile]:
    figures = {
        "waiting": (found.items, _urgent(found)),
        "overdue": (found.overdue, found.items),
        "held": (found.held, found.items),
        "people": (found.reviewers, found.reviewers),
    }
    return [
        Tile(
            shell.say(f"queues.{name}_tile"),
            shell.number(value),
            shell.say(f"queues.{name}_base", n=base),
            shell.say(f"queues.{name}_definition"),
        )
        for name, (value, base) in figures.items()
    ]


def _urgent(found: Standing) -> int:
    return sum(one.items for one in found.waits if one.queue == FAST)


def _hint(shell: Shell, found: Standing) -> None:
    """Say whether the people at work are enough for what waits."""
    if found.present is None:
        return
    known = {"here": len(found.present), "people": found.reviewers}
    if _urgent(found) and not found.present:
        st.warning(shell.say("queues.hint_urgent"), icon=":material/priority_high:")
    elif found.overdue:
        words = shell.say("queues.hint_overdue", n=found.overdue, **known)
        st.warning(words, icon=":material/schedule:")
    else:
        st.info(shell.say("queues.hint_calm", **known), icon=":material/check:")


def _chart(shell: Shell, waits: Sequence[Waits]) -> None:
    widgets.section(shell, "queues.by_label")
    total: Counter[str] = Counter()
    by_band: list[Counter[str]] = [Counter() for _ in range(BANDS)]
    for one in waits:
        total[one.label] += one.items
        for band, count in enumerate(one.by_age):
            by_band[band][one.label] += count
    labels = sorted(total, key=lambda label: (-total[label], label))
    bands = [
        charts.Named(shell.say(f"coverage.band_{band}"), tuple(counts[label] for label in labels))
        for band, counts in enumerate(by_band)
    ]
    sums = {f"b{band}": sum(named.values) for band, named in enumerate(bands)}
    names = [worded.counted_label(shell, one) for one in labels]
    st.plotly_chart(
        charts.ages(names, bands, separators(shell)),
        theme="streamlit",
        config=charts.CONFIG,
        key="evenhand-queues-waits",
        alt=shell.say("queues.chart_alt", **sums),
    )


def _table(shell: Shell, waits: Sequence[Waits]) -> None:
    with st.expander(shell.say("queues.by_place")):
        rows = [
            {
                "queue": worded.queue(shell, one.queue),
                "label": worded.counted_label(shell, one.label),
                "lang": worded.lang(shell, one.lang) if one.lang else shell.say("queues.any_lang"),
                "items": shell.number(one.items),
                "held": shell.number(one.held),
                "overdue": shell.number(one.overdue),
                "escalated": shell.number(one.escalated),
                "oldest": shell.moment(one.oldest_at),
            }
            for one in presence.drawn_together(waits)
        ]
        _frame(shell, rows, "by_place")


def _langs(shell: Shell, langs: Sequence[Capacity]) -> None:
    """Show what waits in each language beside how many people read it: counts alone."""
    widgets.section(shell, "queues.by_lang", "queues.by_lang_lead")
    unread = [one for one in langs if one.items and not one.readers]
    if unread:
        names = ", ".join(worded.lang(shell, one.lang) for one in unread)
        words = shell.say("queues.no_readers", n=sum(one.items for one in unread), langs=names)
        st.warning(words, icon=":material/translate:")
    rows = [
        {
            "lang": worded.lang(shell, one.lang),
            "items": shell.number(one.items),
            "overdue": shell.number(one.overdue),
            "readers": shell.number(one.readers),
        }
        for one in langs
    ]
    # Few columns: a table that scrolls inside itself could not be reached by the keyboard.
    titled = [{shell.say(f"queues.col_{key}"): cell for key, cell in row.items()} for row in rows]
    st.table(titled, hide_index=True, border="horizontal")


def _present(shell: Shell, present: Sequence[Presence]) -> None:
    widgets.section(shell, "queues.present", "queues.present_lead")
    if not present:
        widgets.empty(shell.say("queues.nobody_present"))
        return
    rows = [
        {
            "name": plain_name(one.name),
            "reading": shell.number(one.reading),
            "answering": shell.number(one.answering),
            "since": "–" if one.since is None else shell.moment(one.since),
        }
        for one in present
    ]
    _frame(shell, rows, "present")


def _frame(shell: Shell, rows: Sequence[dict[str, str]], name: str) -> None:
    """Draw a table whose cells are letters only: names were typed by people."""
    titled = [{shell.say(f"queues.col_{key}"): cell for key, cell in row.items()} for row in rows]
    st.dataframe(titled, hide_index=True, alt=shell.say(f"queues.{name}"))
