"""Tables of figures, and the CSV file of each.

What a spreadsheet might run is held back as in an export (`exports_cells.safe`): taking one
apostrophe off gives the text back.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from evenhand.dashboard.jobs.exports_cells import safe

# A whole number is a count, a fraction is a share 0-1, None is a figure that is not shown.
Cell = str | int | float | date | None
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: *name* is part of its file's name; each row has a cell for each column."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_csv(sheet: Sheet) -> bytes:
    """Write a sheet as CSV that spreadsheets read as UTF-8 and run nothing of.

    Shares have four decimals, days are ISO 8601, what is not shown is empty.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe(column) for column in sheet.columns])
    writer.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    # Excel takes a file without this mark for Latin letters.
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, float):
        return str(round(cell, DIGITS))
    return cell.isoformat() if isinstance(cell, date) else str(cell)
