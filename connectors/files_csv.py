"""CSV and TSV, row by row: broken rows are found, and do not take their neighbours along."""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING

from evenhand.connectors.files_bytes import LONGEST_LINE, split_lines
from evenhand.connectors.files_table import Row
from evenhand.data.errors import UnreadableFile
from evenhand.data.records import SetAside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from evenhand.connectors.files_bytes import Line
    from evenhand.connectors.files_table import Read

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# Rows that the delimiter is guessed from.
SAMPLE_ROWS = 50
# One row over many lines may be as long as one line with its line end, so that only a row over
# several lines is ever too long.
LONGEST_ROW = LONGEST_LINE + 1
# Our own limits come first; the parser's would stop it inside a row, at a place that is not told.
_PARSER_LIMIT = LONGEST_ROW + 1


class _RowTooLong(Exception):
    """The row at hand runs on beyond LONGEST_ROW."""


class _Feed:
    """Hands lines to the parser and remembers those that the row at hand has taken."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._back: deque[Line] = deque()
        self._size = 0
        self.taken: list[Line] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._next()
        self.taken.append(line)
        self._size += len(line.text)
        if self._size > LONGEST_ROW:
            raise _RowTooLong
        return line.text

    def _next(self) -> Line:
        return self._back.popleft() if self._back else next(self._lines)

    def begin_row(self) -> None:
        self.taken, self._size = [], 0

    def give_back_all_but_the_first(self) -> None:
        self._back.extendleft(reversed(self.taken[1:]))

    def skip_row(self) -> int:
        """Walk to the line that closes the open quotes, and give its number."""
        line = self.taken[-1]
        while line.text.count('"') % 2 == 0:
            try:
                line = self._next()
            except StopIteration:
                break
        return line.number


def guess_delimiter(head: str, is_text: Callable[[str], bool]) -> str:
    """Guess what stands between the cells.

    The best has the column of the text in its header, then the most rows with as many cells as
    the header, then the most cells.
    """
    # The last line of a sample may be cut off.
    lines = head.splitlines(keepends=True)
    lines = lines[:-1] or lines
    ranked = []
    for delimiter in DELIMITERS:
        header, *rows = _sample(lines, delimiter) or [[]]
        cells = len(header)
        alike = sum(len(row) == cells for row in rows) if cells > 1 else 0
        named = any(is_text(name.strip()) for name in header)
        ranked.append(((named, alike, cells), delimiter))
    # On a tie the first one, the comma, is likeliest.
    return max(ranked, key=lambda one: one[0])[1]


def _sample(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        # What was parsed before is sample enough; the row itself is judged when it is read.
        return rows
    return rows


def parse(chunks: Iterable[bytes], delimiter: str) -> Iterator[tuple[str, list[str]] | SetAside]:
    """Parse into (place, cells); empty lines are no rows.

    A quote that is never closed costs its own line only: the lines after it are read anew.
    """
    csv.field_size_limit(_PARSER_LIMIT)
    feed = _Feed(split_lines(chunks))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _RowTooLong:
            yield _too_long(feed)
            continue
        except csv.Error as error:
            feed.give_back_all_but_the_first()
            yield SetAside(f"line {feed.taken[0].number}", _why(error))
            continue
        place = f"line {feed.taken[0].number}"
        problem = next((line.problem for line in feed.taken if line.problem), None)
        if problem is not None:
            yield SetAside(place, problem)
        elif cells:
            yield place, cells


def _too_long(feed: _Feed) -> SetAside:
    first, last = feed.taken[0].number, feed.skip_row()
    reason = f"is a row of more than {LONGEST_ROW // 2**20} MiB; a closing quote may be missing"
    return SetAside(f"lines {first} to {last}", reason)


def _why(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return "opens a quote that is never closed"
    if "expected after" in said:
        return "has a quote that is not closed, or one inside a quoted cell that is not doubled"
    if "new-line character" in said:
        return "has a bare carriage return inside a cell without quotes"
    return "is not CSV"


def read_header(chunks: Iterable[bytes], delimiter: str) -> tuple[str, ...]:
    """Read the columns' names; a name that comes again gets its number behind it.

    Raises:
        UnreadableFile: There is no header, or it cannot be read.
    """
    for one in parse(chunks, delimiter):
        if isinstance(one, SetAside):
            msg = f"the header ({one.place}) {one.reason}; the first row must name the columns"
            raise UnreadableFile(msg)
        return _distinct(name.strip() for name in one[1])
    msg = "the file is empty; the first row must name the columns"
    raise UnreadableFile(msg)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        number, wanted = 1, name
        while wanted in found:
            number += 1
            wanted = f"{name} ({number})"
        found.append(wanted)
    return tuple(found)


def read_rows(chunks: Iterable[bytes], delimiter: str, columns: Sequence[str]) -> Iterator[Read]:
    """Read the rows below the header; one with too few or too many cells is set aside.

    Empty cells beyond the header are let go: spreadsheets add them.
    """
    rows = parse(chunks, delimiter)
    next(rows, None)
    width = len(columns)
    for one in rows:
        if isinstance(one, SetAside):
            yield one
            continue
        place, cells = one
        if len(cells) < width or any(cells[width:]):
            yield SetAside(place, f"has {len(cells)} cells, but the header has {width}")
        else:
            yield Row(place, dict(zip(columns, cells, strict=False)))


def describe(delimiter: str) -> str:
    """Say in words what kind of table it is."""
    return "TSV" if delimiter == "\t" else f"CSV with {DELIMITERS[delimiter]}"
