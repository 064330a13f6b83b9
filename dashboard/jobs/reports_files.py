"""A report as files in a folder: HTML and Markdown in a language, CSV and JSON in none.

CSV and JSON use the names of columns and of the closed lists, so that programs can read two
reports together; each file gets its name when it is whole.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import reports_text as text
from evenhand.dashboard.jobs.measures.sheets import Sheet, as_csv
from evenhand.dashboard.jobs.reports_html import html
from evenhand.dashboard.jobs.reports_markdown import markdown
from evenhand.dashboard.jobs.reports_reasons import EMPTY
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evenhand.dashboard.jobs.measures.sheets import Cell as SheetCell
    from evenhand.dashboard.jobs.reports_parts import Cell, Report, Table

HTML, JSON = "report.html", "report.json"
# The table of the last chapter, which says as of which entry a report is.
LEDGER = "ledger.csv"
# Written after all others, so that a folder that has it holds a whole report.
LAST = "statement_of_reasons.csv"
FIGURES = ("chapter", "figure", "unit", "value", "low", "high", "part", "n", "why")
# Machines read one language.
MACHINE = "en"


def write(report: Report, folder: Path, lang: str) -> list[str]:
    """Write all files of a report and list their names.

    Raises:
        InputError: The folder cannot be written.
    """
    names = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files(report, lang):
            temporary = folder / f".{name}.part"
            temporary.write_bytes(content)
            temporary.replace(folder / name)
            names.append(name)
    except OSError as error:
        msg = f"{folder} cannot be written ({type(error).__name__}); name another folder"
        raise InputError(msg) from error
    return names


def files(report: Report, lang: str) -> Iterator[tuple[str, bytes]]:
    """Give each file of a report by its name."""
    yield HTML, html(report, lang).encode()
    yield "report.md", markdown(report, lang).encode()
    yield JSON, as_json(report)
    yield "figures.csv", as_csv(_figures(report))
    for chapter in report.chapters:
        for table in chapter.tables:
            yield f"{table.name}.csv", as_csv(_sheet(table))
    yield LAST, as_csv(_reasons(report))


def as_json(report: Report) -> bytes:
    """Write a report for programs, with the definitions of its figures."""
    # As they are: there may be a hundred thousand of them.
    whole = {**asdict(replace(report, reasons=())), "reasons": report.reasons}
    for chapter in report.chapters:
        for one in chapter.figures:
            whole.setdefault("definitions", {})[one.name] = text.definition(one, MACHINE)
    whole["no_compliance"] = text.opening(report, MACHINE)[-1]
    out = io.BytesIO()
    with io.TextIOWrapper(out, encoding="utf-8", newline="\n") as file:
        # Part by part: `dumps` keeps a list of all parts, several times as large as the text.
        json.dump(whole, file, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
        file.write("\n")
        file.flush()
        return out.getvalue()


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    msg = f"a report holds no {type(value).__name__}"
    raise TypeError(msg)


def _figures(report: Report) -> Sheet:
    rows = [
        (
            chapter.name,
            one.name,
            one.unit.value,
            one.value,
            one.low,
            one.high,
            one.part,
            one.n,
            None if one.why is None else one.why.value,
        )
        for chapter in report.chapters
        for one in chapter.figures
    ]
    return Sheet("figures", FIGURES, tuple(rows))


def _sheet(table: Table) -> Sheet:
    rows = tuple(tuple(_cell(value) for value in row) for row in table.rows)
    return Sheet(table.name, table.columns, rows)


def _cell(value: Cell) -> SheetCell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else value


def _reasons(report: Report) -> Sheet:
    columns = tuple(EMPTY)
    rows = tuple(tuple(_text(one[name]) for name in columns) for one in report.reasons)
    return Sheet("statement_of_reasons", columns, rows)


def _text(value: object) -> str:
    """Write a field of a statement of reasons: a list as JSON, as its interface takes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
