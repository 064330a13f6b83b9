"""`evenhand classify` over folders: wrong use, the summary, and files made to do harm."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys

import pytest

# Of each file: the rows that are read, as worked out by hand for the importer, and those of them
# that have no text; None where the whole file is set aside.
EXPECTED = {
    "import_csv/cut_mid_row.csv": 31,
    "import_csv/excel_named.csv": None,
    "import_csv/header_only.csv": 0,
    "import_csv/lang_trap.csv": 2,
    "import_csv/random.csv": None,
    "import_json/bigint.jsonl": 1,
    "import_json/bom.jsonl": 3,
    "import_json/dates.jsonl": 21,
    "import_json/extra_fields.jsonl": 1,
    "import_json/nan.jsonl": 2,
    "import_json/utf32.jsonl": 2,
    "archives/bomb_100MB.gz": None,
    "archives/bomb_200MB.xz": None,
    "archives/many_entries.zip": None,
    "archives/nested_2levels.zip": None,
    "archives/overlap.zip": None,
    "archives/slip_abs.zip": None,
    "parquet/ARROW-GH-41321.parquet": None,
    "parquet/ARROW-RS-GH-6229-LEVELS.parquet": None,
}
LISTS = ("csv/csv_spectrum.jsonl", "json/json_test_suite.jsonl", "parquet/mutated.jsonl")
LONGEST_S = 300


@pytest.fixture
def evenhand(tmp_path):
    def call(*arguments, **environment):
        kept = {key: value for key, value in os.environ.items() if key != "EVENHAND_WORKSPACE"}
        return subprocess.run(
            [sys.executable, "-m", "evenhand.dashboard", "classify", *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            timeout=LONGEST_S,
            check=False,
            env=kept | environment,
        )

    return call


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.jsonl").write_text('{"id": "1", "text": "fine"}\nno json\n', "utf-8")
    return made


def aside(output):
    lines = (output / "set-aside.jsonl").read_text("ascii").splitlines()
    return [json.loads(line) for line in lines]


def test_summary_is_one_json_line(evenhand, folder, tmp_path):
    """Rows, parts, seconds and the model on standard output; the rest on standard error."""
    ended = evenhand("--input", folder, "--output", "out", "--workers", "1")
    told = json.loads(ended.stdout)

    assert 0 == ended.returncode
    assert (2, 1, 1, 1, 1) == tuple(
        told[key] for key in ("rows", "tagged", "set_aside", "parts", "scored")
    )
    assert {"files", "seconds", "model"} < set(told)
    assert b"set-aside.jsonl lists what was set aside" in ended.stderr
    (part,) = (path for path in (tmp_path / "out").iterdir() if path.name.startswith("a.jsonl."))
    assert told["model"] == json.loads(part.read_text("ascii"))["model"]
    assert part.name.endswith(f".{told['model']}.jsonl")


def test_whoever_watches_sees_how_far_it_is(evenhand, folder):
    """On a terminal only, and never on standard output."""
    watched = evenhand(
        "--input", folder, "--output", "out", "--workers", "1", FORCE_COLOR="1", COLUMNS="200"
    )
    alone = evenhand("--input", folder, "--output", "again", "--workers", "1")

    assert b"file 1 of 1, 1 posts read" in watched.stderr
    assert b"posts read" not in alone.stderr
    assert 2 == json.loads(watched.stdout)["rows"]


def test_folder_gives_the_tags_that_the_file_gives(evenhand, folder, tmp_path):
    """One file to standard output and the same file in parts are the same lines."""
    one = evenhand("--input", folder / "a.jsonl")
    evenhand("--input", folder, "--output", "out", "--workers", "1")
    (part,) = (path for path in (tmp_path / "out").iterdir() if path.name.startswith("a.jsonl."))

    assert one.stdout == part.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--input", "in"), b"name a folder for them with --output"),
        (("--input", "in/a.jsonl", "--workers", "2"), b"are for folders"),
        (("--input", "in/a.jsonl", "--cluster", "local"), b"are for folders"),
        (
            (
                "--input",
                "in",
                "--output",
                "out",
                "--cluster",
                "tcp://127.0.0.1:9",
                "--workers",
                "2",
            ),
            b"leave --workers out",
        ),
        (("--input", "in", "--output", "in/out"), b"would be read the next time"),
        (("--input", "in", "--output", "out", "--model", "in"), b"card.json cannot be read"),
    ],
)
def test_wrong_use_is_refused_with_what_to_do(evenhand, folder, arguments, told):
    """Nothing is written and nothing of Python is shown."""
    ended = evenhand(*arguments)

    assert ended.returncode in {1, 2}
    assert told in ended.stderr
    assert b"Traceback" not in ended.stderr
    assert ["a.jsonl"] == [path.name for path in folder.iterdir()]


def test_folder_of_nothing_readable_is_wrong_use(evenhand, folder, tmp_path):
    """The list says why, and the exit code is 2."""
    (folder / "a.jsonl").write_text("no json\n", "utf-8")
    ended = evenhand("--input", folder, "--output", "out", "--workers", "1")

    assert 2 == ended.returncode
    assert b"nothing in" in ended.stderr
    assert 1 == len(aside(tmp_path / "out"))


def test_dry_run_counts_and_writes_nothing(evenhand, folder, tmp_path):
    """Neither for a folder nor for a file."""
    ended = evenhand("--input", folder, "--output", "out", "--dry-run")
    refused = evenhand("--input", folder, "--output", folder / "a.jsonl", "--dry-run")
    one = evenhand("--input", folder / "a.jsonl", "--output", "tags.jsonl", "--dry-run")

    assert (0, 2, 0) == (ended.returncode, refused.returncode, one.returncode)
    assert 1 == json.loads(ended.stdout)["scored"]
    assert ["in"] == [path.name for path in tmp_path.iterdir()]


def test_hostile_files_are_tagged_or_set_aside_and_cost_no_other(evenhand, shared, tmp_path):
    """Damaged tables, bombs, archives and Parquet made to crash the reader, all in one folder.

    Every row of each is tagged or listed with its file; no process crashes or hangs.
    """
    folder = tmp_path / "hostile"
    for name in EXPECTED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shared / "hostile" / name, folder / name)
    cases = [case for name in LISTS for case in cases_of(shared / "hostile" / name, folder)]
    ended = evenhand("--input", folder, "--output", "out", "--workers", "1")
    told = json.loads(ended.stdout)
    rows = rows_by_file(tmp_path / "out")

    assert 0 == ended.returncode, ended.stderr[-500:]
    assert len(EXPECTED) + len(cases) == told["files"]
    assert told["rows"] == sum(rows.values()) == told["tagged"] + told["set_aside"]
    assert {name: 1 if count is None else count for name, count in EXPECTED.items()} == {
        name: rows.get(name, 0) for name in EXPECTED
    }
    assert [] == [
        name for name in EXPECTED if EXPECTED[name] is None and not refused(name, tmp_path)
    ]
    assert len(cases) > 90
    # Cases hold no posts, so what can be read of them is set aside for want of a text.
    assert [] == [name for name in cases if name.startswith("parquet") and not rows.get(name)]


def cases_of(path, folder):
    """Write the cases of a list as files, and give their names below the folder."""
    kind = path.parent.name
    (folder / "cases" / kind).mkdir(parents=True, exist_ok=True)
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        ending = ".parquet" if kind == "parquet" else ""
        target = folder / "cases" / kind / (case["name"].replace("/", "_") + ending)
        target.write_bytes(base64.b64decode(case["b64"]))
        yield target.relative_to(folder).as_posix()


def rows_by_file(output):
    """Count what was tagged and what was set aside, by the file it came from."""
    rows = {}
    for one in aside(output):
        rows[one["file"]] = rows.get(one["file"], 0) + 1
    for part in output.rglob("*.jsonl"):
        if part.name != "set-aside.jsonl":
            name = part.relative_to(output).as_posix().rsplit(".", 4)[0]
            rows[name] = rows.get(name, 0) + len(part.read_text("ascii").splitlines())
    return rows


def refused(name, tmp_path):
    """Say whether a file was set aside as a whole, with a reason."""
    told = [one for one in aside(tmp_path / "out") if one["file"] == name]
    return [("the file", True)] == [(one["place"], bool(one["reason"])) for one in told]
