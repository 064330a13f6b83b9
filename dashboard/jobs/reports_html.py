"""A report as one page of HTML that holds all it needs: no script, no picture, no request.

Charts are SVG that this module draws: bars with their interval, so that a report needs no browser
to be made and opens wherever it is sent.
Each chart has a text for those who do not see it, and its numbers in a table below.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from evenhand.dashboard import look
from evenhand.dashboard.jobs import reports_text as text
from evenhand.dashboard.words.glossary import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.reports_parts import Cell, Chapter, Figure, Report, Table
    from evenhand.dashboard.look import Palette

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# Measures of a chart, in its own units.
ROW, BAR, LABELS, WIDTH, VALUES = 28, 16, 330, 860, 90
# More bars than these are read off the table.
MOST_BARS = 24
INTERVAL = ("low", "high")
# Set to the right also where no row has a value.
NUMBERS = frozenset({"share", *INTERVAL, *text.HOURS})
STYLE = """
:root{color-scheme:light dark;%(light)s}
@media (prefers-color-scheme:dark){:root{%(dark)s}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem 4rem;background:var(--paper);
color:var(--ink);font:1rem/1.55 %(font)s}
h1{font-size:1.8rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.35rem;margin:3rem 0 .5rem;border-top:1px solid var(--line);padding-top:1.5rem}
h3{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.5rem 0;max-width:46rem}
.muted,details p{color:var(--muted)}
nav ul{columns:2;padding-left:1.2rem}
a{color:var(--accent)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;margin:1.25rem 0}
dl>div{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem}
dt{color:var(--muted)}
dd{margin:0}
dd.value{font-weight:600;font-size:1.1rem;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--muted);margin-top:.4rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:anywhere}
td.n,th.n{text-align:right;white-space:nowrap}
svg{display:block;width:100%%;min-width:38rem;height:auto;margin:.5rem 0 1rem}
@media (max-width:30rem){nav ul{columns:1}}
svg text{fill:var(--ink);font:13px %(font)s}
.bar{fill:var(--accent)}
.track{fill:var(--track)}
.span{stroke:var(--ink);stroke-width:1.5}
@media print{body{max-width:none;padding:0;font-size:10pt}nav{display:none}
h2{break-after:avoid}h3{break-after:avoid}svg,tr,dl>div{break-inside:avoid}
details::details-content{content-visibility:visible;display:block}svg{min-width:0}
.wide{overflow:visible}}
"""
COLOURS = ("paper", "panel", "ink", "muted", "line", "accent", "track")


def html(report: Report, lang: str) -> str:
    """Write the whole report."""
    title = escape(text.title(report, lang))
    parts = [
        "<!doctype html>",
        f'<html lang="{lang}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>",
        f"<style>{_style()}</style>",
        "</head>",
        "<body>",
        f"<header><h1>{title}</h1>",
        *(f"<p>{escape(sentence)}</p>" for sentence in text.opening(report, lang)),
        "</header>",
        _contents(report, lang),
        "<main>",
        *(_chapter(chapter, lang) for chapter in report.chapters),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _style() -> str:
    lights = {"light": _colours(look.LIGHT), "dark": _colours(look.DARK)}
    return STYLE % {**lights, "font": look.FONT}


def _colours(palette: Palette) -> str:
    return "".join(f"--{name}:{getattr(palette, name)};" for name in COLOURS)


def _contents(report: Report, lang: str) -> str:
    title = say("report.contents", lang)
    links = "".join(
        f'<li><a href="#{chapter.name}">{escape(text.chapter_title(chapter, lang))}</a></li>'
        for chapter in report.chapters
    )
    return f'<nav aria-label="{title}"><h2>{title}</h2><ul>{links}</ul></nav>'


def _chapter(chapter: Chapter, lang: str) -> str:
    title = escape(text.chapter_title(chapter, lang))
    parts = [
        f'<section id="{chapter.name}"><h2>{title}</h2>',
        f'<p class="muted">{escape(text.lead(chapter, lang))}</p>',
    ]
    if chapter.figures:
        parts.append(_figures(chapter.figures, lang))
    parts += [_table(table, lang) for table in chapter.tables]
    return "\n".join([*parts, "</section>"])


def _figures(figures: Sequence[Figure], lang: str) -> str:
    how = escape(say("report.definition", lang))
    boxes = "".join(
        f"<div><dt>{escape(text.name(one, lang))}</dt>"
        f'<dd class="value">{escape(text.value(one, lang))}</dd>'
        f"<dd><details><summary>{how}</summary>"
        f"<p>{escape(text.definition(one, lang))}</p></details></dd></div>"
        for one in figures
    )
    return f"<dl>{boxes}</dl>"


def _table(table: Table, lang: str) -> str:
    title = escape(text.table_title(table, lang))
    if not table.rows:
        return f"<h3>{title}</h3><p>{escape(say('report.empty', lang))}</p>"
    numeric = {
        column
        for at, column in enumerate(table.columns)
        if column in NUMBERS or any(_is_number(row[at]) for row in table.rows)
    }
    heads = "".join(
        f'<th scope="col"{_side(column in numeric)}>{escape(text.heading(column, lang))}</th>'
        for column in table.columns
    )
    rows = "".join(f"<tr>{_row(table, row, numeric, lang)}</tr>" for row in table.rows)
    # A table that is wider than the screen is scrolled by keys too.
    wide = f'<div class="wide" role="region" tabindex="0" aria-label="{title}">'
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<h3>{title}</h3>{wide}{_chart(table, lang)}{body}</div>"


def _row(table: Table, row: Sequence[Cell], numeric: set[str], lang: str) -> str:
    cells = []
    for at, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        words = escape(text.cell(column, value, lang))
        tag = ("th", ' scope="row"') if at == 0 else ("td", "")
        cells.append(f"<{tag[0]}{tag[1]}{_side(column in numeric)}>{words}</{tag[0]}>")
    return "".join(cells)


def _side(is_number: bool) -> str:  # noqa: FBT001 - one fact of a column
    return ' class="n"' if is_number else ""


def _is_number(value: Cell) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _chart(table: Table, lang: str) -> str:
    """Draw one bar for each row that has a number; "" where there is nothing to compare."""
    if table.bar is None:
        return ""
    at = table.columns.index(table.bar)
    shown = [row for row in table.rows if _is_number(row[at]) and row[at]][:MOST_BARS]
    if not shown:
        return ""
    # What stands before the first number names the row.
    named = _named(table)
    ends = [table.columns.index(one) for one in INTERVAL] if "low" in table.columns else []
    # A share is shown of the whole.
    most = 1.0 if table.bar == "share" else max(float(row[at] or 0) for row in shown)  # type: ignore[arg-type]  # numbers, as looked at above
    names = [
        " · ".join(text.cell(table.columns[one], row[one], lang) for one in named) for row in shown
    ]
    values = [text.cell(table.bar, row[at], lang) for row in shown]
    drawn = [
        _bar(number, (names[number], values[number]), [row[one] for one in (at, *ends)], most)
        for number, row in enumerate(shown)
    ]
    told = "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    alt = escape(say("report.chart_alt", lang, title=text.table_title(table, lang), rows=told))
    height = ROW * len(shown)
    return (
        f'<svg role="img" aria-label="{alt}" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}">{"".join(drawn)}</svg>'
    )


def _named(table: Table) -> list[int]:
    first = next(
        (
            at
            for at, column in enumerate(table.columns)
            if column == table.bar or (column != "severity" and _is_number(table.rows[0][at]))
        ),
        1,
    )
    return list(range(max(1, first)))


def _bar(number: int, words: tuple[str, str], ends: Sequence[Cell], most: float) -> str:
    top, room = number * ROW, WIDTH - LABELS - VALUES
    places = [round(LABELS + room * float(one or 0) / most, 1) for one in ends]  # type: ignore[arg-type]  # numbers only
    middle, wide = top + ROW / 2, round(places[0] - LABELS, 1)
    name = words[0] if len(words[0]) <= 50 else f"{words[0][:49]}…"  # noqa: PLR2004 - what fits
    parts = [
        f'<text x="{LABELS - 10}" y="{middle + 4.5}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="track" x="{LABELS}" y="{top + 6}" width="{room}" height="{BAR}" rx="2"/>',
        f'<rect class="bar" x="{LABELS}" y="{top + 6}" width="{wide}" height="{BAR}" rx="2"/>',
    ]
    if len(places) > 1:
        parts.append(
            f'<line class="span" x1="{places[1]}" y1="{middle}" x2="{places[2]}" y2="{middle}"/>'
        )
    parts.append(f'<text x="{WIDTH - VALUES + 10}" y="{middle + 4.5}">{escape(words[1])}</text>')
    return "".join(parts)
