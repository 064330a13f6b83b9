"""The neutrality gate of a model, bound by bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.views import models_words as worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.models_parts import Measured


def gate_of(
    card: Mapping[str, object], reports: Mapping[str, Measured]
) -> Mapping[str, object] | None:
    """Find a model's gate: measured here, or before its release as its card says."""
    if "neutrality" in reports:
        return reports["neutrality"].data
    results = card.get("results")
    if not isinstance(results, dict) or not (found := results.get("neutrality")):
        return None
    # A release is held to bounds on labelled sets too, which no team has.
    return {**found, "bounds": [*found["bounds"], *(results.get("labelled_bounds") or ())]}


def short(shell: Shell, gate: Mapping[str, object] | None) -> str:
    """Say in a few words whether the gate holds."""
    if gate is None:
        return shell.say("models.gate_unknown")
    bounds = bounds_of(gate)
    failed = sum(not bound.get("passed") for bound in bounds)
    if failed:
        return shell.say("models.gate_fails", n=failed, total=len(bounds))
    return shell.say("models.gate_holds", total=len(bounds))


def bounds_of(gate: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """Give the bounds of a gate."""
    return cast("Sequence[Mapping[str, object]]", gate.get("bounds") or ())


def draw(
    shell: Shell, gate: Mapping[str, object] | None, active: Mapping[str, object] | None
) -> None:
    """Draw the bounds as a table, those that fail first, beside the *active* model's figures."""
    if gate is None:
        widgets.empty(shell.say("models.gate_unknown_long"))
        return
    st.markdown(_sentence(shell, gate))
    widgets.quiet(shell.say("models.gate_how"))
    st.dataframe(table(shell, gate, active), hide_index=True, alt=shell.say("models.gate_alt"))


def examples(shell: Shell, reports: Mapping[str, Measured], active: Mapping[str, Measured]) -> None:
    """Say how many worded examples of the policies the model judges otherwise."""
    if "examples" not in reports:
        return
    n, total = _judged(reports["examples"])
    words = shell.say("models.examples_line", n=n, total=total)
    if "examples" in active:
        words = f"{words} {shell.say('models.examples_active', n=_judged(active['examples'])[0])}"
    st.markdown(words)


def _judged(report: Measured) -> tuple[int, int]:
    otherwise = cast("Sequence[object]", report.data.get("disagreements") or ())
    return len(otherwise), int(str(report.data.get("scored", 0)))


def table(
    shell: Shell, gate: Mapping[str, object], active: Mapping[str, object] | None
) -> list[dict[str, str]]:
    """Write the bounds, those that fail first; with *active*, its figure beside each."""
    before = {} if active is None else {str(one["name"]): one for one in bounds_of(active)}
    bounds = sorted(bounds_of(gate), key=lambda bound: bool(bound.get("passed")))
    rows = []
    for bound in bounds:
        row = _row(shell, bound)
        if active is not None:
            was = before.get(str(bound["name"]), {})
            row[shell.say("models.col_active")] = _measured(shell, was)
        rows.append(row)
    return rows


def _sentence(shell: Shell, gate: Mapping[str, object]) -> str:
    bounds = bounds_of(gate)
    failed = sum(not bound.get("passed") for bound in bounds)
    overall = cast("Mapping[str, float]", gate.get("overall") or {})
    return shell.say(
        "models.gate_failed_line" if failed else "models.gate_held_line",
        n=failed,
        total=len(bounds),
        put=int(overall.get("put", 0)),
        of=int(overall.get("of", 0)),
    )


def _row(shell: Shell, bound: Mapping[str, object]) -> dict[str, str]:
    allowed = str(bound["bound"])
    limit = cast("float | None", bound.get("limit"))
    holds = "models.holds" if bound.get("passed") else "models.holds_not"
    return {
        shell.say("models.col_bound"): worded.bound_name(shell, str(bound["name"])),
        shell.say("models.col_holds"): shell.say(holds),
        shell.say("models.col_measured"): _measured(shell, bound),
        shell.say("models.col_limit"): worded.percent(shell, limit),
        shell.say("models.col_allowed"): worded.bound_words(shell, allowed),
    }


def _measured(shell: Shell, bound: Mapping[str, object]) -> str:
    measured = cast("float | None", bound.get("measured"))
    return worded.bound_value(shell, str(bound.get("bound", "")), measured)
