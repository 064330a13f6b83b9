"""`evenhand import`: what goes where, with which exit code, and what a kill costs."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

import pytest

KEYS = ["read", "kept", "duplicate", "set_aside", "flagged", "seconds"]


@pytest.fixture
def start(tmp_path):
    """Start the command in a folder of its own, without a workspace named outside."""

    def begin(*arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "evenhand.dashboard", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={key: value for key, value in os.environ.items() if key != "EVENHAND_WORKSPACE"},
        )

    return begin


@pytest.fixture
def evenhand(start):
    """Run the command to its end: exit code, output, messages."""

    def call(*arguments):
        process = start(*arguments)
        out, said = process.communicate(timeout=120)
        return process.returncode, out.decode(), said.decode()

    return call


@pytest.fixture
def workspace(evenhand, tmp_path):
    assert 0 == evenhand("init", "--workspace", "ws")[0]
    return tmp_path / "ws"


def query(workspace, sql):
    with sqlite3.connect(workspace / "evenhand.sqlite") as conn:
        return conn.execute(sql).fetchall()


def test_import_prints_the_contract_and_shows_the_guessed_columns(evenhand, workspace, tmp_path):
    """One JSON object on standard output; the mapping and what was set aside go to the other."""
    (tmp_path / "tin.csv").write_text("Nội dung;Nhãn\nnước lên;x\nnước lên;x\nhỏng\n", "utf-8")
    code, out, said = evenhand("import", "tin.csv", "--json", "--workspace", workspace)
    result = json.loads(out)

    assert 0 == code
    assert KEYS == list(result)
    assert [3, 1, 1, 1] == [result[key] for key in KEYS[:4]]
    assert "CSV with semicolons" in said
    assert re.search(r"text +from Nội dung \(guessed\)", said)
    assert "not used: Nhãn" in said
    assert "set aside line 4: has 1 cells, but the header has 2" in said
    assert [("tin", "file", "active")] == query(workspace, "SELECT name, kind, state FROM source")


def test_every_distinct_row_of_a_real_file_is_kept_once(evenhand, workspace, shared):
    """The sum is the file's 22,668 rows; the same command again adds none."""
    path = shared / "datasets" / "crisislex_t26.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)][1:]
    command = ("import", path, "--text", "text", "--source", "crisislex", "--json")
    ends = [evenhand(*command, "--workspace", workspace) for _ in range(2)]
    first, again = (json.loads(out) for _, out, _ in ends)
    print(first, again)

    assert [0, 0] == [code for code, _, _ in ends]
    assert (22_668, len(set(rows)), len(rows) - len(set(rows)), 0) == (
        first["read"],
        first["kept"],
        first["duplicate"],
        first["set_aside"],
    )
    assert (22_668, 0, 22_668, 0) == (
        again["read"],
        again["kept"],
        again["duplicate"],
        again["flagged"],
    )
    assert first["flagged"] > 0
    assert [(first["kept"],)] == query(workspace, "SELECT count(*) FROM post")
    assert [(first["flagged"],)] == query(workspace, "SELECT count(*) FROM item")


def test_killed_import_is_taken_up_by_the_next(start, evenhand, workspace, tmp_path):
    """Killed between two pages: the same command again loses nothing and repeats nothing."""
    rows = 12_000
    text = "".join(f"Row {n}: the water at gate {n} rises.\n" for n in range(rows))
    (tmp_path / "a.csv").write_text("text\n" + text)
    command = ("import", "a.csv", "--json", "--workspace", workspace)
    process = start(*command)
    store, stored = workspace / "evenhand.sqlite", 0
    while not stored:
        assert process.poll() is None
        time.sleep(0.05)
        if store.exists():
            found = query(workspace, "SELECT name FROM sqlite_master WHERE name = 'post'")
            stored = query(workspace, "SELECT count(*) FROM post")[0][0] if found else 0
    process.kill()
    process.communicate(timeout=30)
    stored = query(workspace, "SELECT count(*) FROM post")[0][0]
    code, out, said = evenhand(*command)
    ended = json.loads(out)

    assert 0 == code
    assert 0 < stored < rows
    assert 0 == stored % 1_000
    assert f"went on after row {stored:,}" in said
    assert (rows, rows - stored, stored) == (ended["read"], ended["kept"], ended["duplicate"])
    assert [(rows,)] == query(workspace, "SELECT count(DISTINCT native_key) FROM post")


def test_missing_text_column_is_wrong_use(evenhand, workspace, tmp_path):
    """The columns found and the option to use; nothing is stored."""
    (tmp_path / "a.csv").write_text("betreff,inhalt\na,b\n")
    code, out, said = evenhand("import", "a.csv", "--json", "--workspace", workspace)
    named = evenhand("import", "a.csv", "--text", "body", "--workspace", workspace)

    assert (2, "") == (code, out)
    assert "it has betreff, inhalt; name one with --text" in said
    assert 2 == named[0]
    assert "no column 'body'" in named[2]
    assert not (workspace / "evenhand.sqlite").exists()
    assert 0 == evenhand("import", "a.csv", "--text", "inhalt", "--workspace", workspace)[0]


def test_nothing_readable_is_wrong_use_with_every_row_listed(evenhand, workspace, tmp_path):
    """The counts are printed, and each reason; beyond twenty a number stands for the rest."""
    (tmp_path / "a.csv").write_text("text,n\n" + "half\n" * 25)
    code, out, said = evenhand("import", "a.csv", "--json", "--workspace", workspace)

    assert 2 == code
    assert [25, 0, 0, 25] == [json.loads(out)[key] for key in KEYS[:4]]
    assert 20 == said.count("set aside line ")
    assert "and 5 more set aside" in said
    assert "nothing in the file could be read" in said
    assert [(25,)] == query(workspace, "SELECT count(*) FROM set_aside")


def test_file_without_rows_is_done_with_a_warning(evenhand, workspace, tmp_path):
    """A header alone is a table of nothing; an empty file is none."""
    (tmp_path / "a.csv").write_text("id,text\n")
    (tmp_path / "b.csv").write_text("")
    header = evenhand("import", "a.csv", "--workspace", workspace)
    empty = evenhand("import", "b.csv", "--workspace", workspace)

    assert 0 == header[0]
    assert header[1].startswith("rows read: 0;")
    assert "no rows" in header[2]
    assert 2 == empty[0]


def test_dry_run_shows_and_writes_nothing(evenhand, workspace, tmp_path):
    """Neither a store nor a key is made."""
    (tmp_path / "a.csv").write_text("text\na\na\n")
    before = sorted(path.name for path in workspace.rglob("*"))
    code, out, said = evenhand("import", "a.csv", "--dry-run", "--json", "--workspace", workspace)

    assert 0 == code
    assert [2, 1, 1, 0, None] == [json.loads(out)[key] for key in KEYS[:5]]
    assert "nothing was stored" in said
    assert before == sorted(path.name for path in workspace.rglob("*"))


def test_workspace_before_the_verb_and_a_summary_for_people(evenhand, workspace, tmp_path):
    """Without --json a sentence; the key is made for its owner only."""
    (tmp_path / "a.csv").write_text("text\nhello there\n")
    code, out, _ = evenhand("--workspace", workspace, "import", "a.csv", "--source", "Góp ý")

    assert 0 == code
    assert out.startswith("rows read: 1; 1 kept (0 put before people), 0 known already")
    assert [("Góp ý",)] == query(workspace, "SELECT name FROM source")
    assert 0o600 == (workspace / "keys" / "pseudonyms.key").stat().st_mode & 0o777


def test_import_without_a_workspace_says_what_to_do(evenhand, tmp_path):
    """Before anything is read."""
    (tmp_path / "a.csv").write_text("text\na\n")
    code, _, said = evenhand("import", "a.csv")

    assert 2 == code
    assert "--workspace" in said
