"""A report as Markdown: what people typed stays letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import reports_text as text
from evenhand.dashboard.words.glossary import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.reports_parts import Chapter, Figure, Report, Table

# Signs that Markdown reads; a line's end would end a row.
SIGNS = frozenset("\\`*_{}[]<>#|!~&")


def markdown(report: Report, lang: str) -> str:
    """Write the whole report."""
    parts = [f"# {plain(text.title(report, lang))}"]
    parts += [plain(sentence) for sentence in text.opening(report, lang)]
    for chapter in report.chapters:
        parts += _chapter(chapter, lang)
    return "\n\n".join(parts) + "\n"


def plain(words: str) -> str:
    """Keep words from being markup, on one line."""
    return "".join(f"\\{sign}" if sign in SIGNS else sign for sign in " ".join(words.split()))


def _chapter(chapter: Chapter, lang: str) -> list[str]:
    parts = [f"## {text.chapter_title(chapter, lang)}", plain(text.lead(chapter, lang))]
    if chapter.figures:
        parts.append(_figures(chapter.figures, lang))
    for table in chapter.tables:
        parts += [f"### {text.table_title(table, lang)}", _table(table, lang)]
    return parts


def _figures(figures: Sequence[Figure], lang: str) -> str:
    lines = [
        f"- **{text.name(one, lang)}**: {plain(text.value(one, lang))}\n"
        f"  - {plain(text.definition(one, lang))}"
        for one in figures
    ]
    return "\n".join(lines)


def _table(table: Table, lang: str) -> str:
    if not table.rows:
        return say("report.empty", lang)
    heads = [text.heading(column, lang) for column in table.columns]
    rows = [
        [
            plain(text.cell(column, value, lang))
            for column, value in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
