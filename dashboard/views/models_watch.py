"""Watching: has what comes in changed, and which decisions deserve a second look?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining, retraining_doubts
from evenhand.dashboard.jobs.measures import sheets
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import coverage_words, models_parts
from evenhand.dashboard.views import models_words as worded
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.retraining_doubts import ErrorLine
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.models_parts import Measured

ORDER = ("alarm", "watch", "not enough evidence", "steady")
STATES = {
    "alarm": "drift_alarm",
    "watch": "drift_watch",
    "steady": "drift_steady",
    "not enough evidence": "drift_unshown",
}
SERIES = {
    "length": "series_length",
    "language": "series_language",
    "source": "series_source",
    "unknown words": "series_unknown",
}
PAGE = 5


def draw(shell: Shell, reports: Mapping[str, Measured]) -> None:
    """Draw drift and doubtful labels, of the active model."""
    widgets.section(shell, "models.drift", "models.drift_lead")
    _ask(shell, "drift", reports)
    if "drift" in reports:
        _drift(shell, reports["drift"])
    if not models_parts.may_train(shell):
        return
    widgets.section(shell, "models.doubts", "models.doubts_lead")
    _ask(shell, "label_errors", reports)
    if "label_errors" in reports:
        _doubts(shell)


def _ask(shell: Shell, kind: str, reports: Mapping[str, Measured]) -> None:
    if models_parts.may_train(shell):
        job = retraining.ask_drift if kind == "drift" else retraining.ask_label_errors
        busy = models_parts.is_busy(shell, kind)
        pressed = st.button(
            shell.say(f"models.ask_{kind}"), key=f"evenhand.models.ask_{kind}", disabled=busy
        )
        if pressed:
            models_parts.do(
                shell,
                "models.task_asked",
                lambda: job(shell.store, shell.actor, shell.now()),
            )
    models_parts.follow(shell, kind, told=kind == "drift" and kind in reports)


def _drift(shell: Shell, report: Measured) -> None:
    data = report.data
    lines = cast("Sequence[Mapping[str, object]]", data.get("lines") or ())
    before, after = (
        [forms.day(date.fromisoformat(day), shell.lang) for day in cast("list[str]", data[side])]
        for side in ("before", "after")
    )
    st.markdown(
        shell.say(
            "models.drift_line",
            n=sum(line["state"] == "alarm" for line in lines),
            before=f"{before[0]} {worded.DASH} {before[1]}",
            after=f"{after[0]} {worded.DASH} {after[1]}",
        )
    )
    rows = sorted(lines, key=lambda line: ORDER.index(str(line["state"])))
    if moved := [_row(shell, line) for line in rows if line["state"] in ORDER[:2]]:
        st.dataframe(moved, hide_index=True, alt=shell.say("models.drift_alt"))
    with st.expander(shell.say("models.drift_all")):
        every = [_row(shell, line) for line in rows]
        st.dataframe(every, hide_index=True, alt=shell.say("models.drift_all"))
    widgets.quiet(shell.say("models.drift_how"))


def _row(shell: Shell, line: Mapping[str, object]) -> dict[str, str]:
    psi = cast("float | None", line["psi"])
    first, second = cast("Sequence[int]", line["posts"])
    return {
        shell.say("models.col_series"): _series(shell, str(line["name"])),
        shell.say("models.col_change"): shell.say(f"models.{STATES[str(line['state'])]}"),
        shell.say("models.col_direction"): _direction(shell, line),
        shell.say("models.col_psi"): worded.DASH if psi is None else shell.number(psi),
        shell.say("models.col_posts"): f"{shell.number(first)} → {shell.number(second)}",
    }


def _series(shell: Shell, name: str) -> str:
    if name in SERIES:
        return shell.say(f"models.{SERIES[name]}")
    for start, key in (("score: ", "series_score"), ("put before people: ", "series_put")):
        if name.startswith(start):
            return shell.say(f"models.{key}", label=worded.label(shell, name.removeprefix(start)))
    return name


def _direction(shell: Shell, line: Mapping[str, object]) -> str:
    """Word which way it moved; for languages and sources also which of them."""
    if not line["direction"]:
        return worded.DASH
    words = shell.say(f"models.direction_{line['direction']}")
    shares = [worded.percent(shell, cast("float", line[side])) for side in ("before", "after")]
    name, category = str(line["name"]), str(line["category"])
    if name == "language":
        return f"{words}: {worded.language(shell, category)}, {shares[0]} → {shares[1]}"
    if name == "source":
        return f"{words}: {plain_name(category)}, {shares[0]} → {shares[1]}"
    if name.startswith("put before people: "):
        return f"{words}: {shares[0]} → {shares[1]}"
    return words


def _doubts(shell: Shell) -> None:
    found = retraining_doubts.label_errors(shell.store, shell.actor)
    if not found:
        widgets.quiet(shell.say("models.doubts_none"))
        return
    st.markdown(shell.say("models.doubts_line", n=len(found)))
    at = models_parts.page_of("doubts", len(found), PAGE)
    for one in found[at : at + PAGE]:
        with st.container(border=True):
            _doubt(shell, one)
    _save(shell, found)


def _doubt(shell: Shell, one: ErrorLine) -> None:
    given = "models.doubt_yes" if one.given else "models.doubt_no"
    where = worded.where(shell, one.label, one.lang)
    st.markdown(f"**{where}**: {shell.say(given)}")
    widgets.quiet(
        shell.say(
            "models.doubt_score",
            item=one.item_id,
            score=worded.whole(shell, one.score),
            at=shell.moment(one.decided_at),
        )
    )
    key = f"doubt.{one.item_id}.{one.label}"
    models_parts.covered_text(shell, key, one.text, is_covered=one.severe)


def _save(shell: Shell, found: Sequence[ErrorLine]) -> None:
    names = ("item", "label", "language", "given", "believed")
    columns = tuple(shell.say(f"models.col_{name}") for name in names)
    rows = tuple(
        (
            one.item_id,
            worded.label(shell, one.label),
            worded.language(shell, one.lang),
            shell.say("models.yes" if one.given else "models.no"),
            one.score,
        )
        for one in found
    )
    sheet = sheets.Sheet("labels-to-look-at", columns, rows)
    st.download_button(
        shell.say("models.doubts_csv"),
        sheets.as_csv(sheet),
        file_name=coverage_words.file_name(shell, sheet),
        mime="text/csv",
        key="evenhand-models-doubts-csv",
        on_click="ignore",
    )
