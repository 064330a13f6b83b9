"""CSV: delimiters, headers, quotes over lines, and rows that are broken."""

from __future__ import annotations

import base64
import json

import pytest

from evenhand.connectors import files_csv
from evenhand.connectors.files_table import Row
from evenhand.data.errors import UnreadableFile
from tests.file_floor import open_file, read_file


def parsed(text, delimiter=","):
    """Give the cells of good rows and the places of the others."""
    content = text if isinstance(text, bytes) else text.encode()
    columns = files_csv.read_header([content], delimiter)
    rows = list(files_csv.read_rows([content], delimiter, columns))
    good = [list(row.cells.values()) for row in rows if isinstance(row, Row)]
    return good, [(row.place, row.reason) for row in rows if not isinstance(row, Row)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_guessed_from_the_header_and_the_rows(tmp_path, delimiter):
    """Other delimiters inside the texts do not mislead."""
    path = tmp_path / "a.csv"
    rows = [["id", "text"], ["1", "a, b; c"], ["2", "x; y, z"], ["3", "plain"]]
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in rows]
    path.write_text("\n".join(lines))

    assert ["a, b; c", "x; y, z", "plain"] == read_file(path).texts


def test_delimiter_of_a_named_column_wins(tmp_path):
    """The column that the person names tells what separates it."""
    path = tmp_path / "a.csv"
    path.write_text("mã,số;lời nhắn\n1,2;xin chào\n")

    assert ["xin chào"] == read_file(path, text="lời nhắn").texts


def test_file_of_one_column_is_read(tmp_path):
    """Nothing separates anything then."""
    path = tmp_path / "a.csv"
    path.write_text("text\nxin chào\ntạm biệt\n")

    assert ["xin chào", "tạm biệt"] == read_file(path).texts


def test_quoted_cells_keep_line_ends_quotes_and_delimiters():
    """As RFC 4180 has it, with the line of the row's beginning."""
    good, bad = parsed('text,n\r\n"one\r\ntwo, ""three""",1\r\nnext,2\r\n')

    assert [['one\r\ntwo, "three"', "1"], ["next", "2"]] == good
    assert [] == bad


def test_empty_lines_are_no_rows_and_spare_empty_cells_are_let_go():
    """Spreadsheets write both."""
    good, bad = parsed("text,n\n\na,1,,\n\nb,2\n\n")

    assert [["a", "1"], ["b", "2"]] == good
    assert [] == bad


def test_rows_with_too_few_or_too_many_cells_are_set_aside():
    """A cell that moved would be taken for another column's."""
    good, bad = parsed("text,n\na,1\nb\nc,3,more\nd,4\n")

    assert [["a", "1"], ["d", "4"]] == good
    assert ["line 3", "line 4"] == [place for place, _ in bad]
    assert "has 1 cells, but the header has 2" == bad[0][1]


def test_quote_that_is_never_closed_costs_its_own_line_only():
    """The rows behind it are read as if it were not there."""
    good, bad = parsed('text,n\na,1\n"b,2\nc,3\n"d, e",4\nf,5\n')

    assert [["a", "1"], ["c", "3"], ["d, e", "4"], ["f", "5"]] == good
    assert ["line 3"] == [place for place, _ in bad]

    good, bad = parsed('text,n\na,1\n"b,2\nc,3\n')

    assert [["a", "1"], ["c", "3"]] == good
    assert [("line 3", "opens a quote that is never closed")] == bad


def test_row_that_swallows_too_much_is_one_row_set_aside():
    """Beyond the limit its end is looked for without holding it, and the next row is read."""
    lines = 10_000
    swallowed = ("long " * 200 + "\n") * lines
    good, bad = parsed(f'text,n\na,1\n"{swallowed}",2\nb,3\n')

    assert [["a", "1"], ["b", "3"]] == good
    assert [f"lines 3 to {3 + lines}"] == [place for place, _ in bad]

    good, bad = parsed(f'text,n\na,1\n"{swallowed}')

    assert [["a", "1"]] == good
    assert [f"lines 3 to {2 + lines}"] == [place for place, _ in bad]


def test_inner_quotes_and_bare_carriage_returns_are_set_aside():
    """What two programs would read in two ways is not guessed."""
    good, bad = parsed('text,n\n"he said "hi" to me",1\nb\rc,2\nd,3\n')

    assert [["d", "3"]] == good
    assert ["line 2", "line 3"] == [place for place, _ in bad]
    assert "quote" in bad[0][1]
    assert "carriage return" in bad[1][1]


def test_nuls_and_bytes_that_are_no_utf8_stay_in_their_rows():
    """NUL is a character that is taken out later; a wrong byte costs its row."""
    good, bad = parsed(b"text,n\na\0b,1\n\xff\xfe,2\n\xed\xa0\x80,3\nc,4\n")

    assert [["a\0b", "1"], ["c", "4"]] == good
    assert ["line 3", "line 4"] == [place for place, _ in bad]


def test_lines_of_old_macintosh_programs_are_lines(tmp_path):
    """A carriage return alone ends a line where there is no line feed."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\r1,one\r2,two\r")

    assert ["one", "two"] == read_file(path).texts


def test_columns_of_the_same_name_are_told_apart(tmp_path):
    """The first keeps its name; nothing of the second is lost from the row's content."""
    path = tmp_path / "a.csv"
    path.write_text("text,text\na,b\na,c\n")

    assert ("text", "text (2)") == open_file(path).survey().found
    assert 2 == len({post.native_key for post in read_file(path).posts})


@pytest.mark.parametrize("content", [b"", b"\n\n", b'"text\n', b"\xfftext\na\n"])
def test_file_without_a_readable_header_is_refused(tmp_path, content):
    """The first row names the columns, or nothing can be said of the others."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match="the first row must name the columns"):
        read_file(path)


def test_missing_text_column_names_the_columns_and_the_option_without_showing_a_post(tmp_path):
    """A file without a header has a post where names should be, and that is not repeated."""
    path = tmp_path / "a.csv"
    path.write_text("4711,Nước lên nhanh ở phường mình rồi bà con ơi cứu với,\x1b[2J\n1,b,c\n")

    with pytest.raises(UnreadableFile, match="--text") as caught:
        read_file(path)
    assert "4711, (a long text), ?[2J" in str(caught.value)


def test_long_lists_of_columns_are_cut(tmp_path):
    """A wide file does not fill the screen."""
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{n}" for n in range(500)) + "\n")

    with pytest.raises(UnreadableFile, match="and 470 more"):
        read_file(path)


def test_good_csv_of_other_programs_is_read_as_they_mean_it(shared):
    """The cases of csv-spectrum give exactly the cells that their JSON names."""
    lines = (shared / "hostile" / "csv" / "csv_spectrum.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    for case in cases:
        content = base64.b64decode(case["b64"])
        columns = files_csv.read_header([content], ",")
        rows = [dict(row.cells) for row in files_csv.read_rows([content], ",", columns)]

        assert json.loads(case["expected_json"]) == rows, case["name"]
    assert len(cases) >= 4
