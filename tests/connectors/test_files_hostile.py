"""Files made to do harm: each is read in a child of 512 MiB and 10 seconds.

What must hold stands in the folder's own list: an error with a reason or a correct reading, no
crash, no hang, and every row kept, known or set aside with its place.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = Path(__file__).parent.parent / "hostile_child.py"
KINDS = {"import", "csv", "json", "parquet", "archive"}
# Of each file read as it lies there: rows, kept, duplicate; None where it must be refused.
EXPECTED = {
    "import_csv/cut_mid_row.csv": (31, 1, 29),
    "import_csv/excel_named.csv": None,
    "import_csv/header_only.csv": (0, 0, 0),
    "import_csv/lang_trap.csv": (2, 2, 0),
    "import_csv/random.csv": None,
    "import_json/bigint.jsonl": (1, 0, 0),
    "import_json/bom.jsonl": (3, 1, 2),
    "import_json/dates.jsonl": (21, 5, 0),
    "import_json/extra_fields.jsonl": (1, 1, 0),
    "import_json/nan.jsonl": (2, 2, 0),
    "import_json/utf32.jsonl": (2, 1, 1),
    "archives/bomb_100MB.gz": None,
    "archives/bomb_200MB.xz": None,
    "archives/many_entries.zip": None,
    "archives/nested_2levels.zip": None,
    "archives/overlap.zip": None,
    "archives/slip_abs.zip": None,
    "parquet/ARROW-GH-41321.parquet": None,
    "parquet/ARROW-RS-GH-6229-LEVELS.parquet": None,
}
# Lists of cases: unpacked and read one by one below, and in test_files_csv.
LISTS = {"csv/csv_spectrum.jsonl", "json/json_test_suite.jsonl", "parquet/mutated.jsonl"}
MOST_GROWTH_KIB = 64 * 1024


def read_in_child(path):
    """Read a file in the child and check what must hold of any file."""
    ended = subprocess.run(
        [sys.executable, str(CHILD), str(path)],
        capture_output=True,
        cwd=path.parent if path.parent.name == "cases" else None,
        timeout=30,
        check=False,
    )
    assert 0 == ended.returncode, ended.stderr.decode()[-500:]
    found = json.loads(ended.stdout)
    if "unreadable" in found:
        assert found["unreadable"]
    else:
        assert found["read"] == found["kept"] + found["duplicate"] + len(found["set_aside"])
        assert all(place and reason for place, reason in found["set_aside"])
    return found


def cases_of(path, folder):
    """Write the cases of a list as files, with their descriptions."""
    folder.mkdir()
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        target = folder / case["name"].replace("/", "_")
        target.write_bytes(base64.b64decode(case["b64"]))
        yield case, target


@pytest.fixture
def hostile(shared):
    return shared / "hostile"


def test_every_hostile_file_that_concerns_imports_is_tried(hostile):
    """The list and these tests name the same files, so that a new case is not forgotten."""
    listed = json.loads((hostile / "MANIFEST.json").read_text("utf-8"))["files"]

    assert set(EXPECTED) | LISTS == {one["file"] for one in listed if one["kind"] in KINDS}


@pytest.mark.parametrize("name", EXPECTED)
def test_hostile_file_is_read_or_refused_and_never_loses_a_row(hostile, name):
    """The counts are worked out by hand from the files."""
    found = read_in_child(hostile / name)
    expected = EXPECTED[name]

    if expected is None:
        assert "unreadable" in found
    else:
        assert expected == (found["read"], found["kept"], found["duplicate"])


def test_bombs_are_refused_without_taking_memory(hostile):
    """The packed one at the limit of what it unpacks to; the other packing is not read at all."""
    packed = read_in_child(hostile / "archives" / "bomb_100MB.gz")
    other = read_in_child(hostile / "archives" / "bomb_200MB.xz")

    assert "MiB" in packed["unreadable"]
    assert "xz" in other["unreadable"]
    assert packed["grown_kib"] < MOST_GROWTH_KIB
    assert other["grown_kib"] < MOST_GROWTH_KIB


def test_texts_that_look_like_nothing_stay_texts(hostile):
    """What somebody wrote is no truth value and no missing value."""
    found = read_in_child(hostile / "import_csv" / "lang_trap.csv")

    assert ["NO", "x"] == found["texts"]


def test_half_a_row_is_set_aside_with_its_line(hostile):
    """The file breaks off inside its last row."""
    found = read_in_child(hostile / "import_csv" / "cut_mid_row.csv")

    assert ["line 32"] == [place for place, _ in found["set_aside"]]


def test_json_parsing_cases_give_rows_or_a_reason(hostile, tmp_path):
    """What must be rejected gives no post; nothing crashes, hangs or is lost."""
    tried = 0
    for case, path in cases_of(hostile / "json" / "json_test_suite.jsonl", tmp_path / "cases"):
        found = read_in_child(path)
        tried += 1

        if case["expect"] == "reject":
            assert not found.get("kept"), case["name"]
    assert tried >= 70


def test_mutated_parquet_gives_an_error_or_rows(hostile, tmp_path):
    """The library may crash; then its own process does, and the import says so."""
    tried = 0
    for case, path in cases_of(hostile / "parquet" / "mutated.jsonl", tmp_path / "cases"):
        target = path.with_suffix(".parquet")
        path.rename(target)
        found = read_in_child(target)
        tried += 1

        assert "unreadable" in found or found["set_aside"] or found["kept"], case["name"]
    assert tried >= 18
