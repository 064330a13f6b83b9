"""What stands in the cells of an export, and what keeps a spreadsheet from running a text.

A spreadsheet runs a cell that begins like a formula, so text that does so gets one apostrophe in
front, and so does text that begins with one: taking one apostrophe off gives the text back.
Signs that are skipped in front of a formula (blanks, marks that nobody sees, quotes) count too.
Where columns are separated by semicolons or tabs, as in most of Europe and in Viet Nam, a cell may
begin within a text, and so may a row: after these signs and after the end of a line an apostrophe
holds back what would run there.
Numbers are no text: a negative number stays one.
The cells that such a rule must hold back: OWASP, "CSV Injection"; Grafana broke negative numbers
by prefixing them (grafana/grafana#17363).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise

# One value of an export: its column says which of these it is.
Value = str | int | bool | datetime | None
MARK = "'"
# What begins a formula or a call of a program, with its full-width twins, and what may hide it.
RUNS = frozenset("=+-@|%＝＋－＠｜％")
QUOTES = frozenset("'\"")
STARTS = RUNS | QUOTES
# Where a cell or a row may begin within a text, and what would run after it.
WITHIN = re.compile("[;\t\r\n]")
RUNNING = re.compile("[=+\\-@|%＝＋－＠｜％]")
# Control signs, signs that nobody sees, and blanks of every kind.
SKIPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
HALF = re.compile("[\ud800-\udfff]")
REPLACED = "\N{REPLACEMENT CHARACTER}"
TRUE, FALSE = "true", "false"


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    WHOLE = "whole number"
    YES = "yes or no"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export; every one may be empty."""

    name: str
    kind: Kind = Kind.TEXT


def whole(text: str) -> tuple[str, bool]:
    """Replace halves of surrogate pairs, which no file can hold, and say whether there were any.

    >>> whole("lũ 🌊")
    ('lũ 🌊', False)
    """
    made = HALF.sub(REPLACED, text)
    return made, made != text


def safe(text: str) -> str:
    """Put one apostrophe in front of what a spreadsheet might run.

    >>> safe("=1+1"), safe("'t is"), safe("lũ lên"), safe(" @SUM(1)"), safe("a; b;=1+1")
    ("'=1+1", "''t is", 'lũ lên', "' @SUM(1)", "a; b;'=1+1")
    """
    first = text[:1]
    if first.isalnum() and WITHIN.search(text) is None:
        # Most of what an export holds.
        return text
    parts = _parts(text)
    is_risky = first and (first in STARTS or unicodedata.category(first) in SKIPPED)
    return (MARK if is_risky else "") + MARK.join(parts)


def unsafe(cell: str) -> str:
    """Take off what `safe` put in.

    >>> unsafe(safe("=1+1")), unsafe(safe("a; b;=1+1"))
    ('=1+1', 'a; b;=1+1')
    """
    first, *rest = _parts(cell.removeprefix(MARK))
    # An apostrophe that stood there before has one more in front.
    return first + "".join(part.removeprefix(MARK) for part in rest)


def _parts(text: str) -> list[str]:
    """Cut a text at each place inside of it where a cell may begin that would run."""
    begins = WITHIN.search(text)
    if begins is None or RUNNING.search(text, begins.end()) is None:
        return [text]
    places, runs = [len(text)], False
    for at in range(len(text) - 1, begins.start() - 1, -1):
        sign = text[at]
        if runs and WITHIN.match(sign):
            places.append(at + 1)
        runs = sign in RUNS or (runs and (sign in QUOTES or unicodedata.category(sign) in SKIPPED))
    return [text[a:b] for a, b in pairwise([0, *reversed(places)])]


def to_cell(value: Value) -> str:
    """Write a value as a cell of CSV.

    Nothing is an empty cell, and so the empty text is a lone apostrophe.
    Times are ISO 8601 in UTC.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value) or MARK
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def from_cell(cell: str, kind: Kind) -> Value:
    """Read a cell of CSV back into its value."""
    if not cell:
        return None
    if kind is Kind.TEXT:
        return unsafe(cell)
    if kind is Kind.YES:
        return cell == TRUE
    if kind is Kind.TIME:
        return datetime.fromisoformat(cell)
    return int(cell)
