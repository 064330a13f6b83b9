"""Files of exports: nothing in them runs, and every value comes back, in all three formats."""

from __future__ import annotations

import csv
import json
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs import exports_files
from evenhand.dashboard.jobs.exports_cells import Column, Kind, safe, unsafe, whole
from evenhand.dashboard.jobs.exports_files import Format, read_csv, write
from evenhand.data.errors import InputError
from tests import xlsx_reader

COLUMNS = (
    Column("text"),
    Column("count", Kind.WHOLE),
    Column("yes", Kind.YES),
    Column("at", Kind.TIME),
)
AT = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
# What a spreadsheet program takes for the beginning of a formula or of a call.
RUNS = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "\t", "\r", "\n")
FORMULAS = RUNS[:10]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.sampled_from(
    [
        "<r>",
        "<r><t>x</t></r>",
        "_x0041_",
        "_x005F_x0041_",
        "_x0041_x0041_x0041_",
        "=_xFFFF_xffff_",
        "'",
        "''",
        "",
        "\r\n",
        "a\rb",
        "\0",
        "￾",
    ]
)
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        # Every row of an export names something; XLSX has no place for one that is all empty.
        st.integers(-(2**53), 2**53),
        st.none() | st.booleans(),
        st.none()
        | st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
    ),
    max_size=12,
)


def hostile_cells(shared):
    """Read every hostile string there is, and which of them a spreadsheet would run."""
    found = []
    for path in sorted((shared / "hostile" / "strings").glob("*.jsonl")):
        for case in map(json.loads, path.read_text("utf-8").splitlines()):
            said = case.get("s") or case.get("cell") or b64decode(case.get("b64", "")).decode()
            found.append((said, bool(case.get("dangerous"))))
    return found


def back(path, kind, columns=COLUMNS):
    """Read a file back into rows, each format by its own reader."""
    if kind is Format.CSV:
        return list(read_csv(path, columns))
    if kind is Format.PARQUET:
        return [tuple(row.values()) for row in pq.read_table(path).to_pylist()]
    rows = list(xlsx_reader.cells(path))
    assert [("inlineStr", column.name) for column in columns] == [*rows[0].values()]
    return [
        tuple(_of_xlsx(row.get(at), column) for at, column in enumerate(columns))
        for row in rows[1:]
    ]


def _of_xlsx(cell, column):
    if cell is None:
        return None
    kind, value = cell
    if column.kind in {Kind.TEXT, Kind.TIME}:
        assert kind == "inlineStr"
        return value if column.kind is Kind.TEXT else datetime.fromisoformat(value)
    if column.kind is Kind.YES:
        assert kind == "b"
        return value == "1"
    assert kind == "n"
    return int(value)


@pytest.mark.parametrize("kind", Format)
def test_every_hostile_cell_comes_back(kind, shared, tmp_path):
    """All families of hostile strings, as they are, beside numbers that stay numbers.

    One of them is no text at all (it holds half a sign, which no store takes): that is replaced
    and counted.
    """
    cells = [said for said, _ in hostile_cells(shared)]
    rows = [(cell, -at, at % 2 == 0, AT) for at, cell in enumerate(cells)]
    path = tmp_path / f"out.{kind.value}"
    counted = write(path, kind, COLUMNS, rows)

    assert len(cells) > 1_600
    assert (len(cells), 1) == (counted.rows, counted.mended)
    assert [(whole(row[0])[0], *row[1:]) for row in rows] == back(path, kind)
    assert [path] == list(tmp_path.iterdir())


def test_no_hostile_cell_runs_in_csv(shared, tmp_path):
    """What is known to run has an apostrophe in front, and so has whatever looks like it."""
    cells = hostile_cells(shared)
    dangerous = [said for said, runs in cells if runs]
    write(tmp_path / "out.csv", Format.CSV, COLUMNS[:1], [(said,) for said, _ in cells])
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [row[0] for row in csv.reader(file)][1:]

    assert len(dangerous) > 80
    assert [said for said in dangerous if not safe(said).startswith("'")] == []
    assert [one for one in written if one.startswith(RUNS)] == []
    assert [one for one in written if one.lstrip('\ufeff\u200b\xa0 "').startswith(RUNS)] == []


def test_no_hostile_cell_runs_in_xlsx(shared, tmp_path):
    """Nothing is a formula, a link or a number that was text; the file has no other parts."""
    cells = [(said,) for said, _ in hostile_cells(shared)]
    write(tmp_path / "out.xlsx", Format.XLSX, COLUMNS[:1], cells)
    kinds = {kind for row in xlsx_reader.cells(tmp_path / "out.xlsx") for kind, _ in row.values()}
    names = xlsx_reader.parts(tmp_path / "out.xlsx")

    assert 0 == xlsx_reader.formulas(tmp_path / "out.xlsx")
    assert {"inlineStr"} == kinds
    assert [name for name in names if "rels" in name and "sheet" in name] == []
    assert [name for name in names if "vba" in name.lower() or "external" in name.lower()] == []


@pytest.mark.parametrize("kind", Format)
@given(rows=ROWS)
def test_whatever_is_written_comes_back(kind, rows, tmp_path_factory):
    """Any text that is one, negative numbers, nothing at all beside the empty text."""
    path = tmp_path_factory.mktemp("export") / f"out.{kind.value}"
    counted = write(path, kind, COLUMNS, rows)

    assert len(rows) == counted.rows
    assert rows == back(path, kind)


@given(TEXTS)
def test_apostrophes_are_all_that_is_put_in_and_they_are_taken_out(text):
    """One in front at most, and one at most where a cell may begin within the text."""
    made = safe(text)
    more = len(made) - len(text)

    assert made.replace("'", "") == text.replace("'", "")
    assert 0 <= more <= 1 + sum(text.count(sign) for sign in ";\t\r\n")
    assert text == unsafe(made)
    assert not made.startswith(RUNS)


@given(st.text(alphabet="a;=-\t\n\r'\" \u200b,", max_size=14))
def test_cell_that_begins_within_a_text_is_held_back_and_comes_back(text):
    """Separators, line ends, quotes and blanks in any order, before what would run."""
    made = safe(text)

    assert text == unsafe(made)
    for cell in re.split("[;\t\r\n]", made):
        assert not cell.lstrip('\u200b "').startswith(FORMULAS)


def test_plain_text_with_semicolons_and_lines_stays_as_it_is():
    """Only what would run is touched, and a long run of line ends takes no time."""
    for text in ("một; hai", "dòng một\n- dòng hai", "a;b", "x\n\n\ny = 1"):
        assert safe(text) == text.replace("\n-", "\n'-")
    many = "\n" * 300_000 + "="
    assert many == unsafe(safe(many))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_no_cell_runs_where_columns_are_separated_otherwise(separator, shared, tmp_path):
    """A spreadsheet of Viet Nam or of most of Europe opens CSV by semicolons."""
    traps = [f"x{sign}{more}=1+1" for sign in ";\t\r\n" for more in ("", " ", "'", '"', "\n")]
    cells = [said for said, _ in hostile_cells(shared)] + traps
    cells += [f"{before}{said}" for said, _ in hostile_cells(shared) for before in (";", "a\n")]
    rows = [("one", whole(cell)[0], "last") for cell in cells]
    write(tmp_path / "out.csv", Format.CSV, [Column(name) for name in "abc"], rows)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        read = [cell for row in csv.reader(file, delimiter=separator) for cell in row]

    hidden = '\ufeff\u200b\xa0\t\n " '
    assert [] == [cell for cell in read if cell.lstrip(hidden).startswith(FORMULAS)]


def test_texts_are_quoted_and_numbers_are_not(tmp_path):
    """So that a reader that separates by semicolons too cuts no text into two cells."""
    write(tmp_path / "out.csv", Format.CSV, COLUMNS, [("một; hai", -5, True, None)])
    [_, line] = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()

    assert '"một; hai",-5,"true",""' == line


def test_negative_numbers_are_numbers_in_every_format(tmp_path):
    """A rule for texts must not touch them."""
    row = ("-5", -5, None, AT)
    for kind in Format:
        write(tmp_path / kind.value, kind, COLUMNS, [row])
    written = (tmp_path / "csv").read_text("utf-8-sig").splitlines()
    [_, cells] = xlsx_reader.cells(tmp_path / "xlsx")
    [values] = pq.read_table(tmp_path / "parquet").to_pylist()

    assert '"\'-5",-5,"","2026-11-24T12:00:00.123456+00:00"' == written[1]
    assert [("inlineStr", "-5"), ("n", "-5")] == [cells[0], cells[1]]
    assert ("-5", -5, None, AT) == tuple(values.values())


def test_times_are_written_in_utc_whatever_their_zone(tmp_path):
    """Parquet says so in its type."""
    there = AT.astimezone(timezone(timedelta(hours=7)))
    write(tmp_path / "out.csv", Format.CSV, COLUMNS[3:], [(there,)])
    write(tmp_path / "out.parquet", Format.PARQUET, COLUMNS, [(None, None, None, there)])
    table = pq.read_table(tmp_path / "out.parquet")

    assert "2026-11-24T12:00:00.123456+00:00" in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert "timestamp[us, tz=UTC]" == str(table.schema.field("at").type)
    assert ["string", "int64", "bool"] == [str(one) for one in table.schema.types[:3]]
    assert table["at"].to_pylist() == [AT]


@pytest.mark.parametrize("kind", Format)
def test_half_a_sign_is_replaced_and_counted(kind, tmp_path):
    """No file holds one; the rest of the text stays."""
    counted = write(tmp_path / "out", kind, COLUMNS[:1], [("a\ud83cb",), ("c",)])

    assert (2, 1) == (counted.rows, counted.mended)
    assert [("a\N{REPLACEMENT CHARACTER}b",), ("c",)] == back(tmp_path / "out", kind, COLUMNS[:1])


def test_xlsx_is_refused_where_it_would_cut(tmp_path, monkeypatch):
    """A cell or a sheet that is too long names the formats that hold it; no file is left."""
    path = tmp_path / "out.xlsx"
    fits = "🌊" * (exports_files.LONGEST_CELL // 2) + "x"
    write(path, Format.XLSX, COLUMNS[:1], [(fits,)])
    assert [(fits,)] == back(path, Format.XLSX, COLUMNS[:1])
    path.unlink()

    with pytest.raises(InputError, match="row 1, text: a cell of XLSX holds 32767"):
        write(path, Format.XLSX, COLUMNS[:1], [(f"{fits}x",)])
    monkeypatch.setattr(exports_files, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="holds 2 rows; choose csv or parquet"):
        write(path, Format.XLSX, COLUMNS[:1], [("x",)] * 3)

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", Format)
def test_export_of_nothing_has_its_heading(kind, tmp_path):
    """An empty window is a file all the same."""
    write(tmp_path / "out", kind, COLUMNS, [])

    assert [] == back(tmp_path / "out", kind)


@pytest.mark.parametrize("kind", Format)
def test_broken_export_leaves_the_old_file_as_it_was(kind, tmp_path):
    """The new one gets its name when it is whole."""
    path = tmp_path / "out"
    path.write_text("before", "utf-8")

    def rows():
        yield ("a",)
        msg = "the store is gone"
        raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="the store is gone"):
        write(path, kind, COLUMNS[:1], rows())

    assert "before" == path.read_text("utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_place_that_cannot_be_written_is_named(tmp_path):
    """With what to do about it."""
    with pytest.raises(InputError, match=r"cannot be written \(FileNotFoundError\)"):
        write(tmp_path / "none" / "out.csv", Format.CSV, COLUMNS, [])


def test_csv_of_other_columns_is_refused(tmp_path):
    """Reading back needs the columns that it was written with."""
    write(tmp_path / "out.csv", Format.CSV, COLUMNS, [])

    with pytest.raises(InputError, match="does not have the columns of this export"):
        list(read_csv(tmp_path / "out.csv", COLUMNS[1:]))
