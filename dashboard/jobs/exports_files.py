"""Exports as files: CSV, XLSX and Parquet, row by row in bounded memory, and CSV read back.

A file is written under another name beside its place and renamed when it is whole.
"""

from __future__ import annotations

import csv
import os
import re
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from evenhand.dashboard.jobs.exports_cells import Column, Kind, from_cell, to_cell, whole
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from evenhand.dashboard.jobs.exports_cells import Value

    Row = tuple[Value, ...]

# Excel takes a file without this mark for Latin letters.
ENCODING = "utf-8-sig"
# What one sheet of XLSX holds, the heading among the rows, and one cell of it in UTF-16 units.
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
# The sign that begins what a reader would take for an escape, and what XML cannot hold.
LIKE_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
AT_ONCE = 10_000
# Beside times, which a spreadsheet has no type for that keeps microseconds and the zone.
AS_TEXT = frozenset({Kind.TEXT, Kind.TIME})


class Format(StrEnum):
    """What a file can be."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Counted:
    """Rows on their way into a file: how many went by, and how many texts had to be mended."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.rows = 0
        self.mended = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.rows += 1
            # Most values are no text or hold plain letters alone.
            yield tuple(
                [
                    self._whole(value) if isinstance(value, str) and not value.isascii() else value
                    for value in row
                ]
            )

    def _whole(self, text: str) -> str:
        made, was_broken = whole(text)
        self.mended += was_broken
        return made


def write(
    path: Path,
    kind: Format,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    before: Callable[[Counted], None] | None = None,
) -> Counted:
    """Write *rows* under *columns* into a file, and count them.

    Args:
        path: Where to; what is there is replaced.
        kind: What the file is.
        columns: One for each value of a row.
        rows: Read once, as they are written.
        before: Called when the file is whole and does not have its name yet.

    Raises:
        InputError: The place cannot be written, or XLSX cannot hold so many rows or so long a cell.
    """
    counted = Counted(rows)
    with _in_place(path) as temporary:
        WRITERS[kind](temporary, columns, counted)
        if before is not None:
            before(counted)
    return counted


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written ({type(error).__name__}); name a file in another folder"
        raise InputError(msg) from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    with path.open("w", encoding=ENCODING, newline="") as file:
        # Quoted, so that a reader that also takes semicolons or tabs for separators cuts no text.
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([column.name for column in columns])
        writer.writerows([_csv_cell(value) for value in row] for row in rows)


def _csv_cell(value: Value) -> str | int:
    return value if type(value) is int else to_cell(value)


def read_csv(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    """Read an exported CSV file back into the values that were written.

    Args:
        path: The file.
        columns: Those it was written with; `exports.COLUMNS` has them by what was exported.

    Raises:
        InputError: Its heading is another one.
    """
    with path.open(encoding=ENCODING, newline="") as file:
        # A post may be longer than the limit that Python's reader sets itself.
        csv.field_size_limit(2**31 - 1)
        reader = csv.reader(file)
        heading = next(reader, [])
        if heading != [column.name for column in columns]:
            msg = f"{path} does not have the columns of this export; export it again"
            raise InputError(msg)
        for row in reader:
            cells = zip(row, columns, strict=True)
            yield tuple(from_cell(cell, column.kind) for cell, column in cells)


def _write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415 - other commands start without
    from xlsxwriter.worksheet import Worksheet  # noqa: PLC0415 - the same

    class Sheet(Worksheet):  # type: ignore[misc]  # it has no types
        @staticmethod
        def _escape_control_characters(data: object) -> object:
            return escaped(data) if isinstance(data, str) else data

        def _xml_rich_inline_string(self, string: str, attributes: object) -> None:
            # A text that looks like XlsxWriter's own markup is a text all the same.
            self._xml_inline_string(string, 0, attributes)

    # Rows go to disk as they come; text is text, whatever it looks like.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(path, options) as book:
        sheet = book.add_worksheet(worksheet_class=Sheet)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.name)
        for number, row in enumerate(rows, start=1):
            if number >= MOST_ROWS:
                msg = f"a sheet of XLSX holds {MOST_ROWS - 1} rows; choose csv or parquet"
                raise InputError(msg)
            for at, (value, column) in enumerate(zip(row, columns, strict=True)):
                if value is not None:
                    _write_cell(sheet, (number, at), value, column)


def _write_cell(sheet: Any, place: tuple[int, int], value: Value, column: Column) -> None:  # noqa: ANN401 - XlsxWriter's sheet has no types of use
    if column.kind is Kind.YES:
        sheet.write_boolean(*place, value)
    elif column.kind in AS_TEXT:
        text = value if isinstance(value, str) else cast("datetime", value).isoformat()
        _write_text(sheet, place, text, column)
    else:
        sheet.write_number(*place, value)


def _write_text(sheet: Any, place: tuple[int, int], text: str, column: Column) -> None:  # noqa: ANN401 - the same
    # A sign has two units at most.
    if 2 * len(text) > LONGEST_CELL and len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        msg = (
            f"row {place[0]}, {column.name}: a cell of XLSX holds {LONGEST_CELL} signs; choose csv "
            "or parquet"
        )
        raise InputError(msg)
    sheet.write_string(*place, text)


def escaped(text: str) -> str:
    """Write a text as XLSX has it (ST_Xstring): `_xHHHH_` for each sign that XML cannot hold.

    XlsxWriter's own way is not used: of two things that look like escapes and share a sign it
    escapes one, so `_x0041_x0041_` would come back as another text.
    """
    return CONTROL.sub(lambda sign: f"_x{ord(sign[0]):04X}_", LIKE_ESCAPE.sub("_x005F_", text))


def _write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - other commands start without
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    types = {
        Kind.TEXT: pa.string(),
        Kind.WHOLE: pa.int64(),
        Kind.YES: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema([(column.name, types[column.kind]) for column in columns])
    with pq.ParquetWriter(path, schema) as writer:
        for part in _batches(rows):
            values = zip(*part, strict=True)
            arrays = [pa.array(one, kind.type) for one, kind in zip(values, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _batches(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    walk = iter(rows)
    while part := tuple(islice(walk, AT_ONCE)):
        yield part


WRITERS = {Format.CSV: _write_csv, Format.XLSX: _write_xlsx, Format.PARQUET: _write_parquet}
