"""`evenhand classify` over folders: wrong use, the summary, and files made to do harm."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from evenhand.classifiers import shelf
from evenhand.dashboard.jobs import access, statements
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store import models
from evenhand.data.store.connect import open_store
from evenhand.data.store.models import Model, ModelState
from tests.statement_floor import DAM, SEA

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
OVER = replace(
    SEA,
    wordings=("Boiled papaya leaf cures measles",),
    what_is_true="Boiled papaya leaf does not cure measles; see a doctor.",
)


@pytest.fixture
def evenhand(tmp_path):
    def call(*arguments, before=(), **environment):
        kept = {key: value for key, value in os.environ.items() if key != "EVENHAND_WORKSPACE"}
        return subprocess.run(
            [sys.executable, "-m", "evenhand.dashboard"]
            + [str(word) for word in (*before, "classify", *arguments)],
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


@pytest.fixture
def workspace(tmp_path):
    """A team's own active model, and a statement in force beside one waiting and one over."""
    made = tmp_path / "ws"
    made.mkdir()
    (made / "evenhand.toml").write_text("", "utf-8")
    loaded, now = shelf.load(), datetime.now(UTC)
    renamed = replace(loaded, card=replace(loaded.card, name="team"))
    card = shelf.save(renamed, made / "models" / "1")
    row = Model(card.id, ModelState.ACTIVE, "1", card.content_hash, asdict(card), now)
    with closing(open_store(load_settings(made).url)) as store:
        with store.write() as conn:
            models.register(conn, row)
        place = {"roles": [Role.ANALYST], "team": "t", "now": now}
        for name in ("Ana Nguyễn", "Chi Lê"):
            access.add_person(store, access.operator(), name, None, **place)
        one, two = (found.actor() for found in access.list_people(store, access.operator()))
        later, over = now + timedelta(days=9), now - timedelta(days=1)
        for worded, at in ((SEA, later), (OVER, over)):
            listed, then = replace(worded, expires_at=at), at - timedelta(days=9)
            proposed = statements.propose(store, one, listed, then)
            statements.approve(store, two, proposed.id, then)
        statements.propose(store, one, replace(DAM, expires_at=later), now)
    return made


@pytest.fixture
def rumours(tmp_path):
    """Posts that repeat each of the workspace's statements, in as many files."""
    made = tmp_path / "rumours"
    made.mkdir()
    for name, worded in (("in_force", SEA), ("over", OVER), ("waits", DAM)):
        row = {"id": name, "text": f"{worded.wordings[0]}!"}
        (made / f"{name}.jsonl").write_text(f"{json.dumps(row)}\n", "utf-8")
    return made


def written(output):
    return {path.name: path.read_bytes() for path in output.glob("*@*.jsonl")}


def rows_of(output):
    return {
        row["id"]: row
        for content in written(output).values()
        for row in map(json.loads, content.splitlines())
    }


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


def test_workspace_gives_its_model_and_statements_to_each_way_of_scoring(
    evenhand, workspace, rumours, tmp_path
):
    """One process and two write the same bytes; only what is in force is matched."""
    common = ("--input", rumours, "--workspace", workspace, "--output")
    one = evenhand(*common, "one", "--workers", "1")
    two = evenhand(*common, "two", "--workers", "2")
    again = evenhand(*common, "one", "--workers", "1")
    told, rows = json.loads(one.stdout), rows_of(tmp_path / "one")
    version = told["statements"]["version"]

    assert (0, 0) == (one.returncode, two.returncode), two.stderr[-500:]
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert told["model"].startswith("team@")
    assert {"version": version, "ids": ["1"]} == told["statements"]
    assert f"statements in force: 1, version {version}\n" in one.stderr.decode()
    assert {"in_force": [SEA.policy], "over": [], "waits": []} == {
        name: row["flagged"] for name, row in rows.items()
    }
    assert {(told["model"], version)} == {
        (row["model"], row["statements"]) for row in rows.values()
    }
    assert all(
        name.endswith(f".{told['model']}.statements-{version}.jsonl")
        for name in written(tmp_path / "one")
    )
    assert (3, 0) == (told["scored"], json.loads(again.stdout)["scored"])


def test_workspace_is_read_only_where_the_command_line_names_it(evenhand, workspace, rumours):
    """Before the verb or after it, for a file as for a folder; the environment alone is not."""
    file = rumours / "in_force.jsonl"
    named = json.loads(evenhand("--input", file, "--workspace", workspace).stdout)
    unnamed = json.loads(evenhand("--input", file, EVENHAND_WORKSPACE=str(workspace)).stdout)
    before = evenhand("--input", file, before=("--workspace", workspace))

    assert named == json.loads(before.stdout)
    assert [SEA.policy] == named["flagged"]
    assert [] == unnamed["flagged"]
    assert unnamed["model"].startswith("builtin@")
    assert "statements" not in unnamed


def test_named_model_goes_with_the_statements_of_the_workspace(
    evenhand, workspace, rumours, tmp_path
):
    """`--model` takes the place of the active one alone, even where that was altered."""
    loaded = shelf.load()
    shelf.save(replace(loaded, card=replace(loaded.card, name="other")), tmp_path / "other")
    shutil.rmtree(workspace / "models")
    ended = evenhand(
        "--input", rumours / "in_force.jsonl", "--workspace", workspace, "--model", "other"
    )
    row = json.loads(ended.stdout)

    assert row["model"].startswith("other@")
    assert [SEA.policy] == row["flagged"]


def test_workspace_without_statements_says_so(evenhand, folder, tmp_path):
    """The parts are named as without a workspace, since they are the same."""
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "evenhand.toml").write_text("", "utf-8")
    arguments = ("--input", folder, "--output", "out", "--workers", "1")
    first = evenhand(*arguments)
    ended = evenhand(*arguments, "--workspace", "ws")
    told = json.loads(ended.stdout)

    assert (0, None, 0) == (ended.returncode, told["statements"], told["scored"])
    assert b"statements in force: 0, so no post is tagged as misinformation" in ended.stderr
    assert b"statements in force" not in first.stderr
    assert json.loads(first.stdout)["statements"] is None


def test_workspace_that_is_none_is_wrong_use(evenhand, folder, tmp_path):
    """A folder of something else, and none at all; neither is made into a workspace."""
    for name in ("in", "nowhere"):
        ended = evenhand("--input", folder, "--output", "out", "--workspace", name)

        assert 2 == ended.returncode
        assert f"{tmp_path / name} is no workspace".encode() in ended.stderr
        assert b"make one with `evenhand init`" in ended.stderr
        assert b"Traceback" not in ended.stderr
    assert ["a.jsonl", "in"] == sorted(path.name for path in tmp_path.rglob("*"))


def cut_arrays(folder):
    arrays = folder / shelf.ARRAYS
    arrays.write_bytes(arrays.read_bytes()[:1000])


def lower_threshold(folder):
    card = json.loads((folder / shelf.CARD).read_text("utf-8"))
    card["thresholds"]["hate"] = 0.01
    (folder / shelf.CARD).write_text(json.dumps(card), "utf-8")


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (cut_arrays, "model.npz cannot be read as plain arrays"),
        (lower_threshold, "its content does not have the hash that its card records"),
    ],
)
def test_altered_active_model_is_refused_with_what_to_do(evenhand, workspace, rumours, alter, told):
    """One sentence from the shelf, and nothing is scored by any other model."""
    alter(workspace / "models" / "1")
    ended = evenhand("--input", rumours, "--output", "out", "--workspace", workspace)
    said = ended.stderr.decode()

    assert (1, b"") == (ended.returncode, ended.stdout)
    assert f"evenhand: the model in '1' was refused: {told}" in said
    assert said.endswith("restore it or train it again\n")
    assert not workspace.with_name("out").exists()


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
