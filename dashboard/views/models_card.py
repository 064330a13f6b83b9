"""The card of a model, on the page and as a Markdown file: what it is, learnt from, and is weak at.

It names no person: a card is made to be handed on.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard.jobs import statements
from evenhand.dashboard.views import models_compare, models_gate
from evenhand.dashboard.views import models_words as worded
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenhand.dashboard.jobs.retraining import ModelLine
    from evenhand.dashboard.shell import Shell
    from evenhand.dashboard.views.models_parts import Measured

# Digits of a hash that a reader compares.
DIGITS = 16
HELD_OUT = (
    "col_label",
    "col_language",
    "col_measured_on",
    "col_positives",
    "col_precision",
    "col_recall",
)


def draw(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> None:
    """Draw the card behind its title, with the file."""
    box = st.expander(
        shell.say("models.card"), on_change="rerun", key=f"evenhand-models-card-{line.version}"
    )
    if not box.open:
        return
    text = as_markdown(shell, line, reports)
    with box:
        st.download_button(
            shell.say("models.card_save"),
            text,
            file_name=f"{line.version.replace('@', '-')}.md",
            mime="text/markdown",
            key=f"evenhand-models-card-file-{line.version}",
            on_click="ignore",
        )
        # The title stands above it already, and a heading less keeps the page's order.
        st.markdown(text.partition("\n")[2].replace("\n## ", "\n#### "))


def as_markdown(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> str:
    """Write the card of a model."""
    parts = [
        f"# {shell.say('models.card_title', model=line.version)}",
        *_facts(shell, line),
        *_limits(shell, line),
        *_sources(shell, line.card),
        *_labels(shell, line.card),
        *_held_out(shell, line.card),
        *_rows(shell, "tab_compare", models_compare.table(shell, reports)),
        *_gate(shell, line.card, reports),
        *_statements(shell),
    ]
    return "\n".join(parts) + "\n"


def _facts(shell: Shell, line: ModelLine) -> list[str]:
    card = line.card
    values = (
        ("state", shell.say(f"models.state_{line.state}")),
        ("since", shell.moment(line.registered_at)),
        ("based_on", line.based_on),
        ("recipe", card.get("recipe")),
        ("code_version", card.get("code_version")),
        ("content_hash", str(card.get("content_hash") or "")[:DIGITS]),
        ("data_hash", str(card.get("data_hash") or "")[:DIGITS]),
        ("lexicon", str(card.get("lexicon") or "")[:DIGITS]),
        ("licences", "; ".join(cast("Iterable[str]", card.get("licences") or ()))),
    )
    return [
        "",
        *(f"- {shell.say(f'models.card_{key}')}: {value}" for key, value in values if value),
    ]


def _limits(shell: Shell, line: ModelLine) -> list[str]:
    limits = cast("Iterable[str]", line.card.get("limits") or ())
    title = f"\n## {shell.say('models.card_limits')}\n"
    return [title, worded.weak_at(shell, line.card), "", *(f"- {limit}" for limit in limits)]


def _sources(shell: Shell, card: Mapping[str, object]) -> list[str]:
    sources = cast("Sequence[Mapping[str, object]]", card.get("sources") or ())
    rows = [(str(one.get("name")), shell.number(int(str(one.get("rows", 0))))) for one in sources]
    origins = cast("Mapping[str, Mapping[str, int]]", card.get("origins") or {})
    own = [
        (
            shell.say(f"models.from_{origin}"),
            worded.listed(
                f"{worded.language(shell, lang)} {shell.number(n)}" for lang, n in langs.items()
            ),
        )
        for origin, langs in origins.items()
    ]
    return [
        *_table(shell, "card_sources", ("col_source", "col_rows"), rows),
        *_table(shell, "card_origins", ("col_origin", "col_labels"), own),
    ]


def _labels(shell: Shell, card: Mapping[str, object]) -> list[str]:
    thresholds = cast("Mapping[str, float]", card.get("thresholds") or {})
    off = cast("Mapping[str, Sequence[str]]", card.get("off") or {})
    rows = [
        (
            worded.label(shell, name),
            forms.score(threshold, shell.lang),
            worded.listed(
                worded.language(shell, lang) for lang, names in off.items() if name in names
            ),
        )
        for name, threshold in thresholds.items()
    ]
    return _table(shell, "card_thresholds", ("col_label", "col_threshold", "col_off"), rows)


def _held_out(shell: Shell, card: Mapping[str, object]) -> list[str]:
    """Write what was measured, before a release, on rows that the model did not learn from."""
    results = cast("Mapping[str, object]", card.get("results") or {})
    lines = cast("Sequence[Mapping[str, object]]", results.get("held_out") or ())
    rows = [
        (
            worded.label(shell, str(line["label"])),
            worded.language(shell, str(line["lang"])),
            _measured_on(shell, line),
            shell.number(int(str(line.get("positives", 0)))),
            _share(shell, line, "precision"),
            _share(shell, line, "recall"),
        )
        for line in lines
        if line.get("label") in worded.LABELS
    ]
    return _table(shell, "card_held_out", HELD_OUT, rows)


def _measured_on(shell: Shell, line: Mapping[str, object]) -> str:
    source = line.get("source")
    return shell.say(f"models.held_{source}") if source in {"sets", "seeds"} else worded.DASH


def _share(shell: Shell, line: Mapping[str, object], figure: str) -> str:
    if line.get("note"):
        return shell.say("models.verdict_untested")
    value, interval = line.get(figure), line.get(f"{figure}_interval")
    if not isinstance(value, float) or not isinstance(interval, (list, tuple)):
        return worded.DASH
    low, high = (worded.whole(shell, end) for end in interval)
    share = worded.whole(shell, value)
    return shell.say("models.share_interval", share=share, low=low, high=high)


def _statements(shell: Shell) -> list[str]:
    """Count the statements in force: they, and no model, find misinformation."""
    counts = Counter(one.worded.policy for one in statements.in_force(shell.store, shell.now()))
    rows = [(worded.label(shell, name), shell.number(n)) for name, n in sorted(counts.items())]
    title = f"\n## {shell.say('models.card_statements')}\n"
    if not rows:
        return [title, shell.say("models.card_no_statement")]
    return _table(shell, "card_statements", ("col_label", "col_in_force"), rows)


def _gate(shell: Shell, card: Mapping[str, object], reports: Mapping[str, Measured]) -> list[str]:
    gate = models_gate.gate_of(card, reports)
    if gate is None:
        return []
    rows = models_gate.table(shell, gate, None)
    return _rows(shell, "tab_gate", rows)


def _rows(shell: Shell, title: str, rows: Sequence[Mapping[str, object]]) -> list[str]:
    if not rows:
        return []
    return _written(
        shell, title, list(rows[0]), [[str(one) for one in row.values()] for row in rows]
    )


def _table(
    shell: Shell, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[str]:
    if not rows:
        return []
    return _written(shell, title, [shell.say(f"models.{name}") for name in columns], rows)


def _written(
    shell: Shell, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> list[str]:
    return [
        f"\n## {shell.say(f'models.{title}')}\n",
        f"| {' | '.join(columns)} |",
        f"|{' --- |' * len(columns)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
