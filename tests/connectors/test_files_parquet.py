"""Parquet: read by a child process, so that nothing in a file can end ours."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from evenhand.connectors import files_parquet
from evenhand.data.errors import UnreadableFile
from tests.file_floor import read_file


def write(path, **columns):
    parquet.write_table(pa.table(columns), path)
    return path


def test_types_of_tables_come_out_as_texts_numbers_and_times(tmp_path):
    """Whole numbers stay exact, "not a number" is nothing, nested cells are left out."""
    times = pa.array(
        [1_763_596_800_123_456_789, None, 0], pa.timestamp("ns", tz="Asia/Ho_Chi_Minh")
    )
    path = write(
        tmp_path / "a.parquet",
        id=pa.array([2**60, 2**60 + 1, None], pa.int64()),
        text=pa.array(["một", "NA", "ba"]).dictionary_encode(),
        created_at=times,
        likes=pa.array([1.0, float("nan"), None]),
        tags=pa.array([["x"], [], None]),
        raw=pa.array([b"\xff", b"", None]),
        price=pa.array([Decimal("1.5"), None, None]),
    )
    found = read_file(path)

    assert ["một", "NA", "ba"] == found.texts
    assert 3 == len({post.native_key for post in found.posts})
    assert [1, 0, 0] == [post.reach for post in found.posts]
    assert datetime(2025, 11, 20, 0, 0, 0, 123_456, tzinfo=UTC) == found.posts[0].published_at
    assert [False, True, True] == [post.published_suspect for post in found.posts]


def test_dates_and_plain_timestamps_are_times(tmp_path):
    """A day is its first moment, a time without a zone is UTC."""
    text = ["a"]
    days = write(tmp_path / "a.parquet", text=text, date=pa.array([date(2026, 11, 20)]))
    plain = pa.array([datetime(2026, 11, 20, 8)], pa.timestamp("ms"))  # noqa: DTZ001 - as written
    times = write(tmp_path / "b.parquet", text=text, date=plain)

    assert datetime(2026, 11, 20, tzinfo=UTC) == read_file(days).posts[0].published_at
    assert datetime(2026, 11, 20, 8, tzinfo=UTC) == read_file(times).posts[0].published_at


def test_packed_parquet_is_unpacked_and_read(tmp_path):
    """One layer of gzip around it."""
    inner = write(tmp_path / "a.parquet", text=["a", "b"])
    packed = tmp_path / "a.parquet.gz"
    packed.write_bytes(gzip.compress(inner.read_bytes()))

    assert ["a", "b"] == read_file(packed).texts


def test_cell_that_is_no_utf8_or_too_long_costs_its_row(tmp_path):
    """The others of its batch are read."""
    bad = pa.StringArray.from_buffers(
        3, pa.py_buffer(b"\0\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0"), pa.py_buffer(b"a\xff\xfec")
    )
    broken = write(tmp_path / "a.parquet", text=bad)
    long = write(tmp_path / "b.parquet", text=["a", "x" * 20_000_000, "c"])
    for path in (broken, long):
        found = read_file(path)

        assert ["a", "c"] == found.texts
        assert ["row 2"] == [one.place for one in found.aside]


def test_many_batches_give_each_row_once(tmp_path):
    """Row by row, in the file's order."""
    path = write(tmp_path / "a.parquet", text=[f"row {n}" for n in range(3_500)])

    assert [f"row {n}" for n in range(3_500)] == read_file(path).texts


def test_file_that_breaks_off_keeps_the_batches_before(tmp_path):
    """Damage in a later part costs what follows it."""
    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"row {n} {n * 7919 % 10_007}" for n in range(4_000)]})
    parquet.write_table(table, path, row_group_size=1_000, use_dictionary=False)
    content = bytearray(path.read_bytes())
    third = parquet.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    content[third : third + 200] = b"\xff" * 200
    path.write_bytes(content)
    found = read_file(path)

    assert 2_000 == len(found.posts)
    assert ["after row 2000"] == [one.place for one in found.aside]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"text\na\n"])
def test_what_is_no_parquet_is_refused(tmp_path, content):
    """Whatever its name says."""
    path = tmp_path / "a.parquet"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile):
        read_file(path)


def test_child_that_falls_silent_is_given_up():
    """A hanging reader is damage, not a hanging import; half a line is no answer."""
    reading, writing = os.pipe()
    try:
        with os.fdopen(reading, "rb") as pipe:
            os.write(writing, b'{"columns": ["text"]}\n["a')

            assert [{"columns": ["text"]}] == list(files_parquet.answers_of(pipe, silence_s=0.05))
    finally:
        os.close(writing)


def test_table_without_readable_columns_has_no_text(tmp_path):
    """A table of lists and pictures is no table of posts."""
    path = write(tmp_path / "a.parquet", raw=pa.array([b"x"]), tags=pa.array([["a"]]))

    with pytest.raises(UnreadableFile, match="raw, tags"):
        read_file(path)
