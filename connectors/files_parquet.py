"""Parquet, read in a process of its own: a mutated file can crash or hang the library.

Run as a program, this module reads Parquet from its standard input and writes JSON lines: first
the columns, then a list of cells a row (or a sentence for a row that cannot be read), last the
number of rows.
The child may use a bounded amount of memory, and is ended when it falls silent.
"""

from __future__ import annotations

import json
import math
import selectors
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from evenhand.connectors.files_bytes import MOST_BYTES, Damaged
from evenhand.connectors.files_table import Row
from evenhand.data.errors import UnreadableFile
from evenhand.data.records import SetAside

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pyarrow import Array, DataType, RecordBatch
    from pyarrow.parquet import ParquetFile

    from evenhand.connectors.files_table import Read

MAGIC = b"PAR1"
BATCH_ROWS = 1_000
# Address space of the child. The library itself takes 0.5 GiB of it; a batch of posts some MiB.
MOST_MEMORY = 2 * 2**30
# The longest silence; a batch takes milliseconds, loading the library seconds on a busy machine.
MOST_SILENCE_S = 30.0
CHUNK = 2**16
# Longer cells are no part of a post, and must not pass through the pipe.
LONGEST_CELL = 2**20
# Nested and binary columns hold no text of a post; they are named, but not read.
_FLAT = ("string", "large_string", "int", "uint", "float", "double", "halffloat", "bool")
_FLAT_TOO = ("timestamp", "date", "dictionary<values=string", "null", "decimal")


def read_columns(file: BinaryIO) -> tuple[str, ...]:
    """Read the columns' names.

    Raises:
        UnreadableFile: It is no Parquet, or a damaged one.
    """
    with _answers(file, "columns") as answers:
        return _columns(next(answers, None))


def _columns(answer: object) -> tuple[str, ...]:
    columns = answer.get("columns") if isinstance(answer, dict) else None
    if not isinstance(columns, list):
        msg = "the Parquet file is damaged or cannot be read; write it anew, or save it as CSV"
        raise UnreadableFile(msg)
    return tuple(str(name) for name in columns)


def read_rows(file: BinaryIO) -> Iterator[Read]:
    """Read the rows; nested and binary cells are left out.

    Raises:
        Damaged: The child ended or fell silent before the last row.
    """
    number = 0
    with _answers(file, "rows") as answers:
        columns = _columns(next(answers, None))
        for answer in answers:
            if isinstance(answer, dict) and answer.get("rows") == number:
                return
            number += 1
            if isinstance(answer, list) and len(answer) == len(columns):
                yield Row(f"row {number}", dict(zip(columns, answer, strict=True)))
            else:
                yield SetAside(f"row {number}", "has a cell that cannot be read")
    msg = "the Parquet file is damaged"
    raise Damaged(msg)


@contextmanager
def _answers(file: BinaryIO, what: str) -> Iterator[Iterator[object]]:
    file.seek(0)
    command = [sys.executable, "-P", "-m", "evenhand.connectors.files_parquet", what]
    try:
        child = subprocess.Popen(  # noqa: S603 - our own module, the file on its standard input
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        msg = f"no process can be started to read Parquet ({type(error).__name__}); free memory"
        raise UnreadableFile(msg) from error
    try:
        yield answers_of(cast("IO[bytes]", child.stdout))
    finally:
        child.kill()
        child.wait()
        cast("IO[bytes]", child.stdout).close()


def answers_of(pipe: IO[bytes], silence_s: float = MOST_SILENCE_S) -> Iterator[object]:
    """Decode line by line until the child ends, falls silent or says too much."""
    rest = b""
    size = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(silence_s):
            chunk = cast("io.BufferedReader", pipe).read1(CHUNK)
            size += len(chunk)
            if not chunk or size > MOST_BYTES:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield json.loads(line)


def _serve(what: str) -> None:
    """Be the child."""
    import resource  # noqa: PLC0415 - only the child needs it, and not every system has it

    resource.setrlimit(resource.RLIMIT_AS, _lower(resource.getrlimit(resource.RLIMIT_AS)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - under the limit, too

    # Nothing is read ahead, so that memory holds one batch.
    file = ParquetFile(sys.stdin.buffer, pre_buffer=False)
    schema = file.schema_arrow
    _say({"columns": [str(name) for name in schema.names]})
    if what == "rows":
        _say({"rows": _say_rows(file, [_is_flat(field.type) for field in schema])})


def _lower(limits: tuple[int, int]) -> tuple[int, int]:
    hard = limits[1]
    most = MOST_MEMORY if hard < 0 else min(hard, MOST_MEMORY)
    return (most, hard)


def _is_flat(kind: DataType) -> bool:
    return str(kind).startswith((*_FLAT, *_FLAT_TOO))


def _say_rows(file: ParquetFile, flat: list[bool]) -> int:
    count = 0
    if not any(flat):
        return count
    for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
        for row in zip(*_columns_of(batch, flat), strict=True):
            count += 1
            _say("has a cell that cannot be read" if _BAD in row else row)
    return count


class _Bad:
    """Stands for a cell that cannot be read."""


_BAD = _Bad()


def _columns_of(batch: RecordBatch, flat: list[bool]) -> Iterator[list[object]]:
    for column, is_flat in zip(batch.columns, flat, strict=True):
        if is_flat:
            yield [_plain(cell) for cell in _cells(column)]
        else:
            yield [None] * batch.num_rows


def _cells(column: Array) -> list[object]:
    if str(column.type).startswith("timestamp"):
        # Nanoseconds would be lost or refused; a post's time is good to the microsecond.
        zone = column.type.tz
        column = column.cast(_micros(zone), safe=False)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, LookupError):
        return [_cell(column, at) for at in range(len(column))]


def _micros(zone: str | None) -> DataType:
    import pyarrow as pa  # noqa: PLC0415 - loaded already, by the child only

    return pa.timestamp("us", tz=zone)


def _cell(column: Array, at: int) -> object:
    try:
        return column[at].as_py()
    except (ValueError, OverflowError, LookupError):
        return _BAD


def _plain(cell: object) -> object:
    """Make a cell something that JSON holds; "not a number" is nothing."""
    if cell is None or isinstance(cell, bool | int | _Bad):
        return cell
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    text = cell if isinstance(cell, str) else str(cell)
    return text if len(text) <= LONGEST_CELL else _BAD


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    _serve(sys.argv[1])
