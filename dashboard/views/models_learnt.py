"""What a candidate learnt from, what it kept, and whose labels were set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import retraining_doubts
from evenhand.dashboard.jobs.retraining_thresholds import proposal_of
from evenhand.dashboard.views import models_card, models_parts
from evenhand.dashboard.views import models_words as worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.dashboard.jobs.retraining import ModelLine
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.models_parts import Measured

KINDS = {
    "disagrees with everybody": "suspect_everybody",
    "one class": "suspect_one_class",
    "gold": "suspect_gold",
}


def draw(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> None:
    """Draw what the heads learnt from, those that stayed, and the suspects."""
    report, proposed = reports.get("labels"), proposal_of(line.card)
    if proposed is not None:
        st.markdown(shell.say("models.learnt_nothing", model=proposed.model))
        models_card.draw(shell, line, reports)
        return
    if report is None:
        widgets.empty(shell.say("models.learnt_none"))
    else:
        _learnt(shell, report.data)
        _kept(shell, report.data)
    _suspects(shell, line)
    models_card.draw(shell, line, reports)


def _learnt(shell: Shell, data: Mapping[str, object]) -> None:
    trained = cast("Mapping[str, Mapping[str, object]]", data.get("trained") or {})
    evidence = cast("Mapping[str, Mapping[str, object]]", data.get("evidence") or {})
    st.markdown(
        shell.say("models.learnt_line", n=len(trained), held=int(str(data.get("held_out", 0))))
    )
    rows = [
        {
            shell.say("models.col_label"): worded.label(shell, name),
            shell.say("models.col_yes"): counts["yes"],
            shell.say("models.col_no"): counts["no"],
            shell.say("models.col_threshold"): _number(shell, evidence, name, "threshold"),
            shell.say("models.col_own_precision"): _precision(shell, evidence.get(name, {})),
        }
        for name, counts in trained.items()
    ]
    st.dataframe(rows, hide_index=True, alt=shell.say("models.tab_learnt"))
    widgets.quiet(shell.say("models.learnt_how"))


def _number(shell: Shell, evidence: Mapping[str, Mapping[str, object]], name: str, key: str) -> str:
    value = evidence.get(name, {}).get(key)
    return worded.DASH if value is None else shell.number(float(cast("float", value)))


def _precision(shell: Shell, own: Mapping[str, object]) -> str:
    found = own.get("interval")
    if found is None:
        return shell.say("models.too_few_reviewed", n=int(str(own.get("reviewed", 0))))
    low, high = (worded.whole(shell, end) for end in cast("list[float]", found))
    share = worded.whole(shell, cast("float", own["precision"]))
    return shell.say("models.share_interval", share=share, low=low, high=high)


def _kept(shell: Shell, data: Mapping[str, object]) -> None:
    kept = cast("Mapping[str, str]", data.get("kept") or {})
    if not kept:
        return
    st.markdown(shell.say("models.kept_line"))
    said = [
        f"• {worded.label(shell, name)}: {worded.kept_why(shell, why)}"
        for name, why in kept.items()
    ]
    st.text("\n".join(said), width="stretch")


def _suspects(shell: Shell, line: ModelLine) -> None:
    if not models_parts.may_train(shell):
        return
    found = retraining_doubts.suspects(shell.store, shell.actor, line.version)
    if not found:
        widgets.quiet(shell.say("models.suspects_none"))
        return
    st.markdown(shell.say("models.suspects_line", n=len({one.name for one in found})))
    rows = [
        {
            shell.say("models.col_person"): worded.person(one.name),
            shell.say("models.col_why"): shell.say(
                f"models.{KINDS.get(one.kind, 'suspect_everybody')}"
            ),
            shell.say("models.col_label"): worded.label(shell, one.label)
            if one.label
            else worded.DASH,
            shell.say("models.col_compared"): one.n,
            shell.say("models.col_agreement"): worded.whole(shell, one.agreement),
            shell.say("models.col_expected"): worded.whole(shell, one.expected),
        }
        for one in found
    ]
    st.dataframe(rows, hide_index=True, alt=shell.say("models.suspects"))
    widgets.quiet(shell.say("models.suspects_how"))
