"""`evenhand export`: a file of the team's work from the terminal."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from evenhand.dashboard.cli import COULD_NOT, DONE, WRONG_USE, app, run
from evenhand.dashboard.jobs.exports import COLUMNS, What
from evenhand.dashboard.jobs.exports_files import read_csv
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.review_floor import NOON, put_item


@pytest.fixture
def workspace(tmp_path):
    """One item that waits."""
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    store = open_store(load_settings(tmp_path).url)
    with store.write() as conn:
        put_item(conn, label="spam")
    store.close()
    return tmp_path


def call(workspace, *arguments):
    """Run the command; its exit code is what `main` would end with."""
    parts = ["export", *arguments, "--workspace", str(workspace)]
    ended = CliRunner().invoke(app, parts)
    code = ended.exit_code
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):

        def again():
            raise ended.exception

        code = run(again)
    return code, ended.stdout


def test_items_are_written_to_a_file_and_counted(workspace):
    """As a sentence, and as JSON for programs; a file that is there is replaced."""
    out = workspace / "items.csv"
    code, said = call(workspace, "items", "--out", str(out))
    _, told = call(workspace, "items", "--from", "2026-11-24", "--out", str(out), "--json")
    [row] = read_csv(out, COLUMNS[What.ITEMS])

    assert DONE == code
    assert f"1 rows written to {out}" in said
    assert {"file": str(out), "rows": 1, "mended": 0} == json.loads(told)
    assert NOON == row[1]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_every_format_is_written(kind, workspace):
    """Each begins as such files begin."""
    out = workspace / "out"
    code, _ = call(workspace, "decisions", "--format", kind, "--out", str(out))
    begins = {"csv": '\ufeff"decision"'.encode(), "xlsx": b"PK", "parquet": b"PAR1"}[kind]

    assert DONE == code
    assert out.read_bytes().startswith(begins)


def test_ending_of_the_name_says_what_the_file_is(workspace):
    """A spreadsheet opens no CSV that is called .xlsx; an option says otherwise, else it is CSV."""
    begins = {}
    for name, more in (("a.xlsx", ()), ("a.PARQUET", ()), ("a.txt", ()), ("b.xlsx", ("csv",))):
        chosen = [one for kind in more for one in ("--format", kind)]
        assert DONE == call(workspace, "items", "--out", str(workspace / name), *chosen)[0]
        begins[name] = (workspace / name).read_bytes()[:2]

    assert {"a.xlsx": b"PK", "a.PARQUET": b"PA"}.items() <= begins.items()
    assert [b"\xef\xbb"] * 2 == [begins["a.txt"], begins["b.xlsx"]]


def test_wrong_use_is_told(workspace, capsys):
    """A day that is none, and a place that is none."""
    out = workspace / "out.csv"
    first, _ = call(workspace, "items", "--from", "yesterday", "--out", str(out))
    second, _ = call(workspace, "items", "--out", str(workspace / "no" / "out.csv"))
    told = capsys.readouterr().err

    assert (WRONG_USE, WRONG_USE) == (first, second)
    assert "'yesterday' is no day; write it as 2026-11-01" in told
    assert "cannot be written" in told
    assert not out.exists()
    assert COULD_NOT != first
