"""JSON lines and arrays: what is a row, and what damage costs."""

from __future__ import annotations

import json

import pytest

from evenhand.connectors import files_json
from evenhand.connectors.files_bytes import Damaged
from evenhand.connectors.files_table import Row
from tests.file_floor import open_file, read_file

SMALL = 7


def pieces(content, size=SMALL):
    return (content[at : at + size] for at in range(0, len(content), size))


def split(reads):
    rows = list(reads)
    good = [dict(row.cells) for row in rows if isinstance(row, Row)]
    return good, [(row.place, row.reason) for row in rows if not isinstance(row, Row)]


def test_each_line_is_one_object_and_bad_lines_cost_themselves():
    """What is no object, no JSON or too deep is set aside with its line."""
    deep = b"[" * 100_000
    lines = [
        b'{"a": 1}',
        b"",
        b"[1]",
        b'{"a": ',
        deep,
        b'{"a": 2} {"a": 3}',
        b'\xff{"a": 4}',
        b'{"a": 5}',
    ]
    good, bad = split(files_json.read_lines(pieces(b"\n".join(lines), 1_000)))

    assert [{"a": 1}, {"a": 5}] == good
    assert [f"line {n}" for n in (3, 4, 5, 6, 7)] == [place for place, _ in bad]
    assert ["no object", "not JSON", "too deeply", "not JSON", "not UTF-8"] == [
        next(word for word in ("no object", "not JSON", "too deeply", "not UTF-8") if word in why)
        for _, why in bad
    ]


def test_numbers_that_json_has_not_are_no_value_and_huge_ones_stay_digits():
    """Programs write NaN; a number of 5,000 digits is kept as it stands."""
    digits = "9" * 5_000
    line = f'{{"a": NaN, "b": Infinity, "c": -Infinity, "d": {digits}, "e": 12}}'.encode()
    good, bad = split(files_json.read_lines([line]))

    assert [{"a": None, "b": None, "c": None, "d": digits, "e": 12}] == good
    assert [] == bad


def test_inner_objects_are_brought_up_one_level(tmp_path):
    """So that exports of platforms have columns to name."""
    path = tmp_path / "a.jsonl"
    row = {"full_text": "xin chào", "user": {"screen_name": "An"}, "id_str": "1", "lang": "vi"}
    path.write_text(json.dumps(row))
    columns = open_file(path).survey().columns

    assert "user.screen_name" == columns.author
    assert "full_text" == columns.text
    assert ["xin chào"] == read_file(path).texts


@pytest.mark.parametrize("size", [1, 3, 64, 10_000])
def test_array_is_read_object_by_object_in_pieces_of_any_size(size):
    """Brackets, commas and quotes inside texts mislead nobody."""
    rows = [{"text": 'a],[{"'}, {"text": "ế 👩‍👩‍👧"}, {"n": 1.5}, {"deep": [[1], {"x": "]"}]}]
    content = json.dumps(rows, ensure_ascii=False, indent=2).encode()
    good, bad = split(files_json.read_array(pieces(content, size)))

    assert rows == good
    assert [] == bad


@pytest.mark.parametrize("content", [b"[]", b" [ ] ", b"[\n]\n"])
def test_empty_array_has_no_rows(content):
    """And is no damage."""
    assert ([], []) == split(files_json.read_array(pieces(content)))


def test_elements_that_are_no_objects_or_no_utf8_cost_themselves():
    """Where an element ends is known, so the next one is read."""
    content = b'[{"a": 1}, 5, "x", null, {"a": "\xff"}, {"a": 2}] trailing'
    good, bad = split(files_json.read_array(pieces(content)))

    assert [{"a": 1}, {"a": 2}] == good
    assert ["entry 2", "entry 3", "entry 4", "entry 5", "after the array"] == [p for p, _ in bad]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'[{"a": 1}, {"a": ', "entry 2 is not JSON"),
        (b'[{"a": 1}, {a: 2}, {"a": 3}]', "entry 2 is not JSON"),
        (b'[{"a": 1} {"a": 2}]', "a comma is missing"),
        (b'[{"a": 1}', "not closed"),
        (b'[{"a": 1},]', "entry 2 is not JSON"),
        (b'[{"a": 1},' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_damage_in_an_array_ends_it_after_the_rows_before(content, why):
    """Where the next element begins is not known any more."""
    found = []
    with pytest.raises(Damaged, match=why):
        found.extend(files_json.read_array(pieces(content, 10_000)))
    rows = files_json.read_array(pieces(content, 10_000))

    assert {"a": 1} == next(rows).cells


def test_damaged_array_keeps_its_first_rows_and_says_where_it_ends(tmp_path):
    """The rest is one row set aside."""
    path = tmp_path / "a.json"
    path.write_text('[{"text": "a"}, {"text": "b"}, {"text": ')
    found = read_file(path)

    assert ["a", "b"] == found.texts
    assert ["after entry 2"] == [one.place for one in found.aside]


def test_element_that_never_ends_is_given_up():
    """An open quote cannot fill the memory: the file is not read to its end."""
    left = iter([b'[{"text": "', *[b"x" * 2**20] * 200])

    with pytest.raises(Damaged):
        list(files_json.read_array(left))
    assert len(list(left)) > 100


def test_lone_surrogates_become_a_mark(tmp_path):
    """JSON can write them, a database cannot hold them."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "\\ud800", "text": "x\\ud83dy \\u0000 z", "author": "\\udc00a"}')
    found = read_file(path)

    assert ["x\ufffdy  z"] == found.texts
