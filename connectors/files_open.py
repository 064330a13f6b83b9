"""What a file is, told by its content and its ending, and its rows until the end or damage."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from evenhand.connectors import files_csv, files_json, files_parquet
from evenhand.connectors.files_bytes import (
    Damaged,
    as_utf8,
    head_of,
    is_packed,
    looks_unmarked,
    open_plain,
    refuse_bomb,
    unpacked,
)
from evenhand.connectors.files_table import Row, Table
from evenhand.data.errors import UnreadableFile
from evenhand.data.records import SetAside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evenhand.connectors.files_table import Read

# JSON lines need not have the same fields; those of the first rows are shown and guessed from.
SAMPLE_ROWS = 1_000
_TABS = frozenset({".tsv", ".tab"})
_CSV = _TABS | {".csv"}
_LINES = frozenset({".jsonl", ".ndjson"})
_PARQUET = frozenset({".parquet", ".pq"})


def open_table(path: Path, encoding: str | None, is_text: Callable[[str], bool]) -> Table:
    """Recognise a file; nothing of a packed one is believed before it is known to be no bomb.

    *encoding* is what a person says, or None; *is_text* tells the name of a column of texts, by
    which the delimiter of CSV is guessed.

    Raises:
        UnreadableFile: It is no table, or cannot be read at all.
    """
    refuse_bomb(path)
    try:
        return _table(path, encoding, is_text)
    except Damaged as damage:
        msg = f"{path} cannot be read: {damage}"
        raise UnreadableFile(msg) from damage


def until_damage(table: Table) -> Iterator[Read]:
    """Read rows until the end or the first damage, which is set aside as one row."""
    place = "the beginning"
    try:
        for read in table.rows():
            place = read.place
            yield read
    except Damaged as damage:
        yield SetAside(f"after {place}", f"nothing more can be read: {damage}")


def _table(path: Path, encoding: str | None, is_text: Callable[[str], bool]) -> Table:
    start = next(unpacked(path), b"")
    if start.startswith(files_parquet.MAGIC) or _ending(path) in _PARQUET:
        return _parquet(path)

    def chunks() -> Iterator[bytes]:
        return as_utf8(unpacked(path), encoding)

    head = head_of(chunks())
    if looks_unmarked(head):
        msg = f"{path} looks like UTF-16 without a mark; say --encoding utf-16-le"
        raise UnreadableFile(msg)
    return _json(_ending(path), head, chunks) or _csv(_ending(path), head, chunks, is_text)


def _json(ending: str, head: bytes, chunks: Callable[[], Iterator[bytes]]) -> Table | None:
    """Tell JSON by the file's ending, else by its first letter."""
    first = head.lstrip()[:1]
    if ending in _CSV or (ending not in {*_LINES, ".json"} and first not in {b"{", b"["}):
        return None
    if first == b"[" and ending not in _LINES:
        return _sampled("JSON array", lambda: files_json.read_array(chunks()))
    return _sampled("JSON lines", lambda: files_json.read_lines(chunks()))


def _csv(
    ending: str,
    head: bytes,
    chunks: Callable[[], Iterator[bytes]],
    is_text: Callable[[str], bool],
) -> Table:
    # Old Macintosh programs end lines with a carriage return alone.
    old = b"\r" in head and b"\n" not in head
    delimiter = "\t"
    if ending not in _TABS:
        delimiter = files_csv.guess_delimiter(head.decode("utf-8", "replace"), is_text)

    def lines() -> Iterator[bytes]:
        whole = chunks()
        return (chunk.replace(b"\r", b"\n") for chunk in whole) if old else whole

    columns = files_csv.read_header(lines(), delimiter)
    form = files_csv.describe(delimiter)
    return Table(form, columns, lambda: files_csv.read_rows(lines(), delimiter, columns))


def _parquet(path: Path) -> Table:
    with _seekable(path) as file:
        columns = files_parquet.read_columns(file)

    def rows() -> Iterator[Read]:
        with _seekable(path) as file:
            yield from files_parquet.read_rows(file)

    return Table("Parquet", columns, rows)


@contextmanager
def _seekable(path: Path) -> Iterator[BinaryIO]:
    """Open the file, or what is packed in it: Parquet is read from its end."""
    with open_plain(path) as plain:
        if not is_packed(plain):
            yield plain
            return
    with tempfile.TemporaryFile() as file:
        try:
            for chunk in unpacked(path):
                file.write(chunk)
            file.flush()
        except OSError as error:
            msg = f"{path} cannot be unpacked ({type(error).__name__}); free the disk"
            raise UnreadableFile(msg) from error
        yield file


def _ending(path: Path) -> str:
    """Give the ending that says what the file is, beneath .gz."""
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    return endings[-1] if endings else ""


def _sampled(form: str, rows: Callable[[], Iterator[Read]]) -> Table:
    """Make a table of JSON, whose columns are the fields of its first rows."""
    columns: dict[str, None] = {}
    try:
        for read in islice(rows(), SAMPLE_ROWS):
            if isinstance(read, Row):
                columns.update(dict.fromkeys(read.cells))
    except Damaged:
        # It is met again, and set aside, when the rows are read.
        return Table(form, tuple(columns), rows)
    return Table(form, tuple(columns), rows)
