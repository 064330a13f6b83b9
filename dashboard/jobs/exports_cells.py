"""What stands in the cells of an export, and what keeps a spreadsheet from running a text.

A spreadsheet runs a cell that begins like a formula, so text that does so gets one apostrophe in
front, and so does text that begins with one: taking one apostrophe off gives the text back.
Signs that are skipped in front of a formula (blanks, marks that nobody sees, quotes) count too.
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

# One value of an export: its column says which of these it is.
Value = str | int | bool | datetime | None
MARK = "'"
# What begins a formula or a call of a program, with its full-width twins, and what may hide it.
STARTS = frozenset("=+-@|%'\"＝＋－＠｜％")
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

    >>> safe("=1+1"), safe("'t is"), safe("lũ lên"), safe(" @SUM(1)")
    ("'=1+1", "''t is", 'lũ lên', "' @SUM(1)")
    """
    first = text[:1]
    is_risky = first and (first in STARTS or unicodedata.category(first) in SKIPPED)
    return MARK + text if is_risky else text


def unsafe(cell: str) -> str:
    """Take off what `safe` put in front.

    >>> unsafe(safe("=1+1"))
    '=1+1'
    """
    return cell.removeprefix(MARK)


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
