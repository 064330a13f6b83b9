"""The labels so far, and the button that asks for a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import retraining
from evenhand.dashboard.views import coverage_words, models_parts
from evenhand.dashboard.views import models_words as worded
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.retraining import Overview
    from evenhand.dashboard.shell import Shell

# What `classifiers.team` asks for before a head moves: texts that say yes, and as many no.
FEWEST = 50
OTHER = "other"
# Decisions that an audit drew are kept for measuring.
HELD_ORIGIN = "audit"


@dataclass(slots=True)
class _Sums:
    """How many decisions say yes and no to a label in one language."""

    yes: int = 0
    no: int = 0


def draw(shell: Shell, found: Overview) -> None:
    """Draw the labels, then what can be made of them."""
    widgets.section(shell, "models.labels", "models.labels_lead")
    heads = _heads(found.active.card)
    sums = _sums(found)
    if not any(one.yes or one.no for by_lang in sums.values() for one in by_lang.values()):
        widgets.empty(shell.say("models.labels_none"))
    columns = st.columns(2, gap="medium")
    for column, (name, kinds) in zip(
        columns, (("policies", Policy), ("requests", Request)), strict=True
    ):
        labels = [one.value for one in kinds if one.value in heads]
        with column:
            widgets.quiet(shell.say(f"models.{name}"))
            _bars(shell, name, labels, sums)
    rest = [worded.label(shell, name) for name in worded.LABELS if name not in heads]
    if rest:
        widgets.quiet(shell.say("models.labels_rest", labels=worded.listed(rest)))
    _numbers(shell, found)
    _training(shell)


def _heads(card: Mapping[str, object]) -> frozenset[str]:
    labels = card.get("labels")
    return frozenset(labels) if isinstance(labels, (list, tuple)) else frozenset()


def _sums(found: Overview) -> dict[str, dict[str, _Sums]]:
    sums = {label: {lang: _Sums() for lang in (*LANGUAGES, OTHER)} for label in worded.LABELS}
    for one in found.label_counts:
        if one.origin == HELD_ORIGIN:
            continue
        cell = sums[one.label][one.lang if one.lang in LANGUAGES else OTHER]
        cell.yes += one.yes
        cell.no += one.no
    return sums


def _bars(
    shell: Shell, name: str, labels: Sequence[str], sums: Mapping[str, Mapping[str, _Sums]]
) -> None:
    langs = [*LANGUAGES]
    if any(sums[label][OTHER].yes for label in labels):
        langs.append(OTHER)
    rows = [_row(shell, label, sums[label], langs) for label in labels]
    said = "; ".join(
        f"{coverage_words.unmarked(row.words)} ({_by_language(shell, sums[label], langs)})"
        for row, label in zip(rows, labels, strict=True)
    )
    figure = charts.filled(rows, [worded.language(shell, lang) for lang in langs])
    models_parts.chart(figure, f"labels-{name}", shell.say("models.labels_alt", rows=said))


def _row(
    shell: Shell, label: str, sums: Mapping[str, _Sums], langs: Sequence[str]
) -> charts.Filled:
    yes = sum(one.yes for one in sums.values())
    whole = max(yes, FEWEST)
    words = shell.say(
        "models.labels_row" if yes < FEWEST else "models.labels_row_full",
        label=worded.label(shell, label),
        n=yes,
        need=FEWEST,
    )
    # Codes: the names, which the legend gives, do not fit beside the longest label.
    detail = " · ".join(f"{lang} {shell.number(sums[lang].yes)}" for lang in langs)
    return charts.Filled(words, detail, tuple(sums[lang].yes / whole for lang in langs))


def _by_language(shell: Shell, sums: Mapping[str, _Sums], langs: Sequence[str]) -> str:
    return " · ".join(
        f"{worded.language(shell, lang)} {shell.number(sums[lang].yes)}" for lang in langs
    )


def _numbers(shell: Shell, found: Overview) -> None:
    with st.expander(shell.say("models.labels_table")):
        rows = [
            {
                shell.say("models.col_label"): worded.label(shell, one.label),
                shell.say("models.col_language"): worded.language(shell, one.lang),
                shell.say("models.col_origin"): shell.say(f"models.from_{one.origin}"),
                shell.say("models.col_yes"): one.yes,
                shell.say("models.col_no"): one.no,
            }
            for one in found.label_counts
        ]
        st.dataframe(rows, hide_index=True, alt=shell.say("models.labels_table"))
        widgets.quiet(shell.say("models.labels_origins"))
        if simulated := sum(one.simulated for one in found.label_counts):
            widgets.quiet(shell.say("models.labels_simulated", n=simulated))


def _training(shell: Shell) -> None:
    if not models_parts.may_train(shell):
        widgets.quiet(shell.say("models.train_others"))
    elif not models_parts.is_busy(shell, "train"):
        words, means = shell.say("models.train"), shell.say("models.train_means")
        if models_parts.act("evenhand.models.train", words, means, main=True):
            models_parts.do(
                shell,
                "models.train_asked",
                lambda: retraining.ask_training(shell.store, shell.actor, shell.now()),
            )
    models_parts.follow(shell, "train")
