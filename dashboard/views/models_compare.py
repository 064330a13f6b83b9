"""A candidate beside the active model, label by label and language by language."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.views import coverage_words, models_parts
from evenhand.dashboard.views import models_words as worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.models_parts import Measured

UNTESTED = "not enough evidence"
FIGURES = ("recall", "precision")
# The axis reaches at least so far to both sides: a difference of one point is a small one.
FEWEST_POINTS = 5.0
VERDICTS = {
    "better": "verdict_better",
    "same": "verdict_same",
    "worse": "verdict_worse",
    UNTESTED: "verdict_untested",
}


def draw(shell: Shell, version: str, reports: Mapping[str, Measured]) -> None:
    """Draw recall and precision of both models with the interval of the difference."""
    report = reports.get("backtest")
    if report is None:
        widgets.empty(shell.say("models.compare_none"))
        return
    lines = cast("Sequence[Mapping[str, object]]", report.data.get("lines") or ())
    tested = [line for line in lines if line.get("verdict") != UNTESTED]
    moved = _drawn([line for line in tested if any(_is_apart(line, one) for one in FIGURES)])
    margin = float(cast("float", report.data.get("margin", 0.0)))
    st.markdown(shell.say("models.compare_line", n=len(tested), total=len(lines)))
    if moved:
        _pictures(shell, version, moved)
        widgets.quiet(shell.say("models.compare_how", margin=round(100 * margin)))
    if len(moved) < len(tested):
        widgets.quiet(shell.say("models.compare_still"))
    with st.expander(shell.say("models.compare_table")):
        shown = table(shell, reports)
        st.dataframe(shown, hide_index=True, alt=shell.say("models.compare_table"))
        widgets.quiet(shell.say("models.compare_terms"))


def table(shell: Shell, reports: Mapping[str, Measured]) -> list[dict[str, object]]:
    """Write every line of the comparison; none where there was no comparison."""
    if "backtest" not in reports:
        return []
    lines = reports["backtest"].data.get("lines") or ()
    return [_row(shell, line) for line in cast("Sequence[Mapping[str, object]]", lines)]


def _is_apart(line: Mapping[str, object], figure: str) -> bool:
    pair = _pair(line, figure)
    return pair["interval"] is not None and any(
        [*cast("Sequence[float]", pair["interval"]), pair["difference"]]
    )


def _pair(line: Mapping[str, object], figure: str) -> Mapping[str, object]:
    return cast("Mapping[str, object]", line[figure])


def _drawn(lines: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Leave out the sum over languages where each language speaks for itself, unless it fails."""
    alone = Counter(str(line["label"]) for line in lines if line["lang"] != "all")
    return [
        line
        for line in lines
        if line["lang"] != "all" or line["verdict"] == "worse" or alone[str(line["label"])] < 2  # noqa: PLR2004 - one language is not all
    ]


def _pictures(shell: Shell, version: str, lines: Sequence[Mapping[str, object]]) -> None:
    rows = {
        figure: [_apart(shell, line, figure) for line in lines if _pair(line, figure)["interval"]]
        for figure in FIGURES
    }
    ends = [abs(end) for own in rows.values() for row in own for end in (row.low, row.high)]
    reach = max(FEWEST_POINTS, *(1.08 * end for end in ends))
    axis, separators = shell.say("models.axis_points"), coverage_words.separators(shell)
    for column, figure in zip(st.columns(2, gap="medium"), FIGURES, strict=True):
        words = shell.say(f"models.figure_{figure}")
        said = "; ".join(coverage_words.unmarked(row.words) for row in rows[figure])
        with column:
            st.markdown(words)
            models_parts.chart(
                charts.apart(rows[figure], axis, reach, separators),
                f"{figure}-{version}",
                shell.say("models.compare_alt", figure=words.replace("*", ""), rows=said),
            )


def _apart(shell: Shell, line: Mapping[str, object], figure: str) -> charts.Apart:
    pair = _pair(line, figure)
    difference = float(cast("float", pair["difference"]))
    low, high = cast("Sequence[float]", pair["interval"])
    words = shell.say(
        "models.compare_row",
        where=worded.where(shell, str(line["label"]), str(line["lang"])),
        before=worded.whole(shell, cast("float | None", pair["active"])),
        after=worded.whole(shell, cast("float | None", pair["candidate"])),
        points=worded.points(shell, difference),
    )
    # A recall that may have fallen counts against the candidate, also where chance could do it.
    is_against = high < 0 or (figure == "recall" and line["verdict"] == "worse" and difference < 0)
    mark = "better" if low > 0 else "worse" if is_against else "same"
    return charts.Apart(words, 100 * difference, 100 * low, 100 * high, mark)


def _row(shell: Shell, line: Mapping[str, object]) -> dict[str, object]:
    row: dict[str, object] = {
        shell.say("models.col_label"): worded.label(shell, str(line["label"])),
        shell.say("models.col_language"): worded.language(shell, str(line["lang"])),
        shell.say("models.col_verdict"): shell.say(
            f"models.{VERDICTS.get(str(line['verdict']), 'verdict_untested')}"
        ),
        shell.say("models.col_texts"): line["n"],
        shell.say("models.col_positives"): line["positives"],
    }
    for figure in (*FIGURES, "ap"):
        pair = _pair(line, figure)
        before, after = (worded.whole(shell, cast("float | None", pair[one])) for one in _SIDES)
        name = shell.say(f"models.col_{figure}")
        row[name] = f"{before} → {after}"
        row[shell.say("models.col_difference", figure=name)] = _interval(shell, pair)
    return row


_SIDES = ("active", "candidate")


def _interval(shell: Shell, pair: Mapping[str, object]) -> str:
    found = cast("Sequence[float] | None", pair["interval"])
    if found is None:
        return worded.DASH
    low, high = (worded.points(shell, end) for end in found)
    point = worded.points(shell, cast("float | None", pair["difference"]))
    return shell.say("models.point_interval", point=point, low=low, high=high)
