"""The card of a model, on the page and as a Markdown file: what it is, learnt from, and is weak at.

It names no person: a card is made to be handed on.
Names of data sets, licences and limits are whatever was given to the training: letters only, on
the page as in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import statements
from evenhand.dashboard.jobs.retraining_thresholds import proposal_of
from evenhand.dashboard.plain import make_plain
from evenhand.dashboard.views import models_compare, models_gate, models_proposed
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
LONGEST = 2_000
# What Markdown reads as markup at the place where it stands in our lines and cells.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~$#!])")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a card under its title: lines of text, and below them a table if there is one."""

    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def draw(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> None:
    """Draw the card behind its title, with the file."""
    box = st.expander(
        shell.say("models.card"), on_change="rerun", key=f"evenhand-models-card-{line.version}"
    )
    if not box.open:
        return
    parts = card_parts(shell, line, reports)
    with box:
        st.download_button(
            shell.say("models.card_save"),
            as_markdown(shell, line, reports),
            file_name=f"{line.version.replace('@', '-')}.md",
            mime="text/markdown",
            key=f"evenhand-models-card-file-{line.version}",
            on_click="ignore",
        )
        for part in parts:
            _draw_part(shell, part)


def _draw_part(shell: Shell, part: Part) -> None:
    if part.title:
        st.markdown(f"**{part.title}**")
    if part.lines:
        widgets.show_untrusted(shell, "\n".join(f"• {one}" for one in part.lines))
    if part.rows:
        # It scrolls inside itself, where the keyboard reaches it, and its cells are letters only.
        rows = [dict(zip(part.columns, row, strict=True)) for row in part.rows]
        st.dataframe(rows, hide_index=True, alt=part.title)


def as_markdown(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> str:
    """Write the card of a model."""
    written = [f"# {shell.say('models.card_title', model=line.version)}"]
    for part in card_parts(shell, line, reports):
        written += [f"\n## {part.title}\n"] if part.title else [""]
        written += [f"- {_literal(one)}" for one in part.lines]
        if part.rows:
            lines = (part.columns, ("---",) * len(part.columns), *part.rows)
            written += [""] * bool(part.lines)
            written += [f"| {' | '.join(map(_literal, one))} |" for one in lines]
    return "\n".join(written) + "\n"


def _literal(words: str) -> str:
    """Write *words* so that Markdown shows them as they are."""
    return " ".join(_MARKUP.sub(r"\\\1", words).split())


def card_parts(shell: Shell, line: ModelLine, reports: Mapping[str, Measured]) -> list[Part]:
    """Give the parts of a card in their order, without those that have nothing to say."""
    found = [
        _facts(shell, line),
        _proposal(shell, line.card),
        _limits(shell, line),
        *_sources(shell, line.card),
        _labels(shell, line.card),
        _held_out(shell, line.card),
        _rows(shell, "tab_compare", models_compare.table(shell, reports)),
        _gate(shell, line.card, reports),
        _statements(shell),
    ]
    return [part for part in found if part.lines or part.rows]


def _facts(shell: Shell, line: ModelLine) -> Part:
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
        ("licences", "; ".join(map(_plain, _listed(card, "licences")))),
    )
    lines = (
        f"{shell.say(f'models.card_{key}')}: {_plain(value)}" for key, value in values if value
    )
    return Part("", tuple(lines))


def _listed(card: Mapping[str, object], key: str) -> Iterable[object]:
    return cast("Iterable[object]", card.get(key) or ())


def _plain(value: object) -> str:
    return make_plain(str(value), LONGEST)[0]


def _proposal(shell: Shell, card: Mapping[str, object]) -> Part:
    """Write what somebody proposed, and why; a card that learnt has nothing of it."""
    title, found = shell.say("models.card_proposal"), proposal_of(card)
    if found is None:
        return Part(title)
    lines = (
        shell.say("models.same_weights", model=_plain(found.model)),
        *models_proposed.moved(shell, found),
        f"{shell.say('models.card_reason')}: {_plain(found.reason)}",
    )
    return Part(title, lines)


def _limits(shell: Shell, line: ModelLine) -> Part:
    limits = map(_plain, _listed(line.card, "limits"))
    lines = (worded.weak_at(shell, line.card), *limits)
    return Part(shell.say("models.card_limits"), lines)


def _sources(shell: Shell, card: Mapping[str, object]) -> list[Part]:
    sources = cast("Sequence[Mapping[str, object]]", card.get("sources") or ())
    rows = [
        (_plain(one.get("name")), shell.number(int(str(one.get("rows", 0))))) for one in sources
    ]
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
        _table(shell, "card_sources", ("col_source", "col_rows"), rows),
        _table(shell, "card_origins", ("col_origin", "col_labels"), own),
    ]


def _labels(shell: Shell, card: Mapping[str, object]) -> Part:
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


def _held_out(shell: Shell, card: Mapping[str, object]) -> Part:
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


def _statements(shell: Shell) -> Part:
    """Count the statements in force: they, and no model, find misinformation."""
    counts = Counter(one.worded.policy for one in statements.in_force(shell.store, shell.now()))
    rows = [(worded.label(shell, name), shell.number(n)) for name, n in sorted(counts.items())]
    if not rows:
        title = shell.say("models.card_statements")
        return Part(title, (shell.say("models.card_no_statement"),))
    return _table(shell, "card_statements", ("col_label", "col_in_force"), rows)


def _gate(shell: Shell, card: Mapping[str, object], reports: Mapping[str, Measured]) -> Part:
    gate = models_gate.gate_of(card, reports)
    return _rows(shell, "tab_gate", [] if gate is None else models_gate.table(shell, gate, None))


def _rows(shell: Shell, title: str, rows: Sequence[Mapping[str, object]]) -> Part:
    columns = tuple(rows[0]) if rows else ()
    cells = tuple(tuple(map(str, row.values())) for row in rows)
    return Part(shell.say(f"models.{title}"), (), columns, cells)


def _table(shell: Shell, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Part:
    names = tuple(shell.say(f"models.{name}") for name in columns)
    return Part(shell.say(f"models.{title}"), (), names, tuple(map(tuple, rows)))
