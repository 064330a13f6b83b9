"""A folder of files: every row is tagged or set aside with its place, and nothing twice."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import asdict, replace
from datetime import timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest
from pyarrow import parquet

from evenhand.classifiers import shelf
from evenhand.classifiers.parts import PART_ROWS, ModelFolder, Scoring
from evenhand.classifiers.spread import one_by_one
from evenhand.classifiers.tagger import Tagger
from evenhand.dashboard.jobs import bulk, statements
from evenhand.dashboard.jobs.bulk import SET_ASIDE, Bulk
from evenhand.dashboard.jobs.serving_model import Place
from evenhand.data.errors import ArtefactAltered, InputError, StoppedMidway
from evenhand.data.settings import Settings
from evenhand.data.store import models
from evenhand.data.store.models import Model, ModelState
from tests.statement_floor import DAM, SEA, put_in_force

TEXTS = (
    "Chợ mở cửa lúc 7 giờ",
    "de\u0323p qua\u0301 🙏",
    "",
    "half \ud800 a letter",
    "á" * 100_000,
)


@pytest.fixture(scope="module")
def model():
    return Scoring(ModelFolder(None, Tagger.load().model))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def run(tmp_path, folder, model):
    """Classify the folder once more in the plain loop; gives the sums."""

    def classify(source=folder, output=tmp_path / "out", scoring=model):
        told = []
        sums = bulk.classify(Bulk(source, output, scoring), one_by_one, told.append)
        assert sums.rows == sums.tagged + len(aside(output))
        return sums

    return classify


def aside(output):
    lines = (output / SET_ASIDE).read_text("ascii").splitlines()
    return [tuple(json.loads(line).values()) for line in lines]


def parts_of(output):
    return sorted(
        path.relative_to(output).as_posix()
        for path in output.rglob("*.jsonl")
        if path.name != SET_ASIDE
    )


def tags_of(output):
    return {
        row["id"]: row
        for name in parts_of(output)
        for row in map(json.loads, (output / name).read_text("ascii").splitlines())
    }


def write_lines(path, rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_every_kind_of_file_is_read_and_mirrored(folder, run, tmp_path):
    """JSON lines, packed CSV in a folder below, Parquet; a post without an id is named by place."""
    write_lines(
        folder / "a.jsonl", [{"id": str(at), "text": text} for at, text in enumerate(TEXTS)]
    )
    (folder / "sub").mkdir()
    with gzip.open(folder / "sub" / "b.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "lang"), ("one\nmore line", "en"), ("two", "en")])
    parquet.write_table(pa.table({"id": [7], "text": ["row"]}), folder / "c.parquet")
    sums = run()
    tags = tags_of(tmp_path / "out")

    assert (3, 8, 8, 0, 3, 3) == (
        *(sums.files, sums.rows, sums.tagged, sums.set_aside),
        *(sums.parts, sums.scored),
    )
    assert {"0", "1", "2", "3", "4", "sub/b.csv.gz:2", "sub/b.csv.gz:4", "7"} == set(tags)
    names = [name.rsplit(".", 4)[0] for name in parts_of(tmp_path / "out")]
    assert ["a.jsonl", "c.parquet", "sub/b.csv.gz"] == names


def test_row_set_aside_is_named_by_its_own_line(folder, run, tmp_path):
    """Lines that are no JSON, empty or without a text do not shift the numbers after them."""
    lines = ['{"text": "one"}', "no json", "", '{"id": 1}', "[1]", '{"text": 5}', '{"text": "two"}']
    (folder / "a.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "b.csv").write_text("id,text\n1,one\n2\n3,three\n", "utf-8")
    run()

    assert [
        ("a.jsonl", "line 2", "is not JSON"),
        ("a.jsonl", "line 4", "has no text: give each row a key `text` with a string"),
        ("a.jsonl", "line 5", "is no object with named fields"),
        ("a.jsonl", "line 6", "has no text: give each row a key `text` with a string"),
        ("b.csv", "line 3", "has 1 cells, but the header has 2"),
    ] == aside(tmp_path / "out")
    assert {"a.jsonl:1", "a.jsonl:7", "1", "3"} == set(tags_of(tmp_path / "out"))


def test_second_run_does_only_what_is_missing(folder, run, tmp_path):
    """Parts that are there are neither scored nor touched."""
    write_lines(folder / "a.jsonl", [{"text": f"post {at}"} for at in range(PART_ROWS + 1)])
    write_lines(folder / "b.jsonl", [{"text": "post"}])
    first = run()
    output = tmp_path / "out"
    before = {name: (output / name).stat() for name in parts_of(output)}
    whole = (output / parts_of(output)[1]).read_bytes()
    (output / parts_of(output)[1]).unlink()
    second, third = run(), run()
    after = {name: (output / name).stat() for name in parts_of(output)}

    assert (3, 1, 0) == (first.scored, second.scored, third.scored)
    assert (3, 0) == (third.parts, third.left_over)
    assert set(before) == set(after)
    assert 1 == sum(before[name].st_mtime_ns != after[name].st_mtime_ns for name in before)
    assert whole == (output / parts_of(output)[1]).read_bytes()


def test_changed_file_gives_a_new_part_and_the_old_one_is_told(folder, run, tmp_path):
    """An old part is not taken for the new one, and not deleted either."""
    write_lines(folder / "a.jsonl", [{"id": "1", "text": "before"}])
    run()
    write_lines(folder / "a.jsonl", [{"id": "2", "text": "after"}])
    sums = run()

    assert (1, 1, 1) == (sums.parts, sums.scored, sums.left_over)
    assert {"1", "2"} == set(tags_of(tmp_path / "out"))


def test_unreadable_file_costs_no_other(folder, run, tmp_path):
    """It is one row set aside; links to folders and hidden files are not followed or read."""
    write_lines(folder / "good.jsonl", [{"id": "1", "text": "one"}])
    (folder / "broken.parquet").write_bytes(b"PAR1 and nothing")
    (folder / "notes.csv").write_text("title,body\na,b\n", "utf-8")
    (folder / "gone.jsonl").symlink_to(folder / "nowhere")
    (folder / "loop").symlink_to(folder)
    (folder / ".hidden.jsonl").write_text("no json", "utf-8")
    (folder / ".git").mkdir()
    sums = run()
    told = {name: reason for name, _, reason in aside(tmp_path / "out")}

    assert (4, 1, 4) == (sums.files, sums.tagged, sums.set_aside)
    assert {"broken.parquet", "notes.csv", "gone.jsonl", "loop"} == set(told)
    assert "has no column `text`, only title, body" in told["notes.csv"]
    assert "cannot be opened" in told["gone.jsonl"]


def test_damage_costs_what_follows_it(folder, run, tmp_path):
    """The rows before it are kept."""
    packed = gzip.compress(b"".join(b'{"text": "%d"}\n' % (n * n * 7919) for n in range(4_000)))
    (folder / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    sums = run()
    ((name, place, reason),) = aside(tmp_path / "out")

    assert (1, "cut.jsonl.gz") == (sums.set_aside, name)
    assert 0 < sums.tagged < 4_000
    assert f"after line {sums.tagged}" == place
    assert reason.startswith("nothing more can be read")


def test_folder_that_cannot_be_used_is_refused_before_work(folder, run, tmp_path):
    """No file, no such folder, an output that would be read the next time, a file as output."""
    with pytest.raises(InputError, match="holds no file"):
        run()
    write_lines(folder / "a.jsonl", [{"text": "one"}])
    with pytest.raises(InputError, match="neither a file nor a folder"):
        run(source=tmp_path / "nowhere")
    with pytest.raises(InputError, match="would be read the next time"):
        run(output=folder / "out")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError, match="is a file"):
        run(output=tmp_path / "file")


def test_one_file_into_a_folder_is_a_folder_of_one(folder, run, tmp_path):
    """So a single huge file can be cut into parts and resumed as well."""
    write_lines(folder / "a.jsonl", [{"id": "1", "text": "one"}])
    sums = run(source=folder / "a.jsonl")

    assert (1, 1) == (sums.files, sums.tagged)
    assert ["1"] == list(tags_of(tmp_path / "out"))


def test_count_only_writes_nothing(folder, model, tmp_path):
    """It counts what a run would do."""
    write_lines(folder / "a.jsonl", [{"text": "one"}, {"id": 2}])
    sums = bulk.count_only(Bulk(folder, tmp_path / "out", model), lambda _sums: None)

    assert (2, 1, 1, 1, 1) == (sums.rows, sums.tagged, sums.set_aside, sums.parts, sums.scored)
    assert not (tmp_path / "out").exists()


def test_part_that_a_worker_wrote_elsewhere_is_noticed(folder, model, tmp_path):
    """Each machine needs the same output folder; half an archive is not called done."""
    write_lines(folder / "a.jsonl", [{"text": "one"}])
    with pytest.raises(StoppedMidway, match="that all machines share"):
        bulk.classify(
            Bulk(folder, tmp_path / "out", model), lambda jobs, _model: jobs, lambda _sums: None
        )

    assert [] == list((tmp_path / "out").iterdir())


@pytest.fixture(scope="module")
def team_folder(tmp_path_factory):
    """The shipped model under another name: a model of a team's own."""
    loaded = shelf.load()
    folder = tmp_path_factory.mktemp("models") / "one"
    shelf.save(replace(loaded, card=replace(loaded.card, name="team")), folder)
    return folder


@pytest.fixture
def workspace(store, actors, tmp_path, clock, team_folder):
    """A workspace, and ways to promote the team's model in it and to list statements."""
    made = tmp_path / "ws"

    def promote():
        (made / "models").mkdir(parents=True)
        (made / "models" / "one").symlink_to(team_folder)
        card = shelf.read_card(team_folder)
        row = Model("team@1", ModelState.ACTIVE, "one", card.content_hash, asdict(card), clock.at)
        with store.write() as conn:
            models.register(conn, row)

    return SimpleNamespace(
        place=Place(store, Settings(workspace=made), clock.now),
        promote=promote,
        propose=lambda worded: statements.propose(store, actors.analyst, worded, clock.at),
        put=lambda worded: put_in_force(store, actors, worded, now=clock.at),
        folder=made,
    )


def told_of(chosen):
    """Give the model's name, and the statements' ids."""
    version = chosen.scoring.model.version.partition("@")[0]
    assert chosen.tagger.model == chosen.scoring.model.version
    assert chosen.tagger.judge.statements == chosen.scoring.statements
    return version, [one.id for one in chosen.scoring.statements]


def test_without_a_workspace_the_shipped_or_the_named_model_scores(team_folder, model):
    """And nothing is matched with statements."""
    named = bulk.choose(team_folder)

    assert model == bulk.choose().scoring
    assert ("team", []) == told_of(named)
    assert team_folder == named.scoring.model.path


def test_workspace_gives_its_active_model_and_its_statements(workspace):
    """The shipped one before a promotion; another folder's model with the same statements."""
    made = workspace.put(DAM)
    first = bulk.choose(place=workspace.place)
    workspace.promote()
    second = bulk.choose(place=workspace.place)
    (listed,) = second.scoring.statements

    assert ("builtin", [made.id]) == told_of(first)
    assert first.scoring.model.path is None
    assert ("team", [made.id]) == told_of(second)
    assert (workspace.folder / "models" / "one").resolve() == second.scoring.model.path
    assert (DAM.policy, DAM.wordings) == (listed.policy, listed.wordings)


def test_named_model_goes_with_the_statements_of_the_workspace(workspace):
    """Whatever is active there."""
    made = workspace.put(DAM)
    workspace.promote()
    other = workspace.folder / "other"
    shipped = shelf.load()
    shelf.save(replace(shipped, card=replace(shipped.card, name="elsewhere")), other)

    assert ("elsewhere", [made.id]) == told_of(bulk.choose(other, workspace.place))


def test_only_statements_in_force_are_matched(workspace, clock, folder, run, tmp_path):
    """One that waits for a second person and one whose time is over bring nothing up."""
    soon = replace(SEA, expires_at=clock.at + timedelta(days=1))
    workspace.put(soon)
    workspace.propose(DAM)
    write_lines(folder / "a.jsonl", [{"id": "dam", "text": f"{DAM.wordings[0]}!"}])
    write_lines(folder / "b.jsonl", [{"id": "sea", "text": f"{SEA.wordings[0]}!"}])

    def flagged(at, output):
        clock.at = at
        run(output=tmp_path / output, scoring=bulk.choose(place=workspace.place).scoring)
        return [one for one, row in tags_of(tmp_path / output).items() if row["flagged"]]

    assert ["sea"] == flagged(soon.expires_at - timedelta(seconds=1), "before")
    assert [] == flagged(soon.expires_at, "over")


def test_other_statements_give_other_parts(workspace, folder, run, tmp_path):
    """Parts that older statements gave are neither taken for done nor deleted nor counted."""
    write_lines(folder / "a.jsonl", [{"id": "dam", "text": f"{DAM.wordings[0]}!"}])
    scorings = [bulk.choose(place=workspace.place).scoring]
    for worded in (SEA, DAM):
        workspace.put(worded)
        scorings.append(bulk.choose(place=workspace.place).scoring)
    sums = [run(scoring=scoring) for scoring in (*scorings, *scorings)]
    rows = [
        json.loads((tmp_path / "out" / name).read_text("ascii"))
        for name in parts_of(tmp_path / "out")
    ]

    assert [1, 1, 1, 0, 0, 0] == [one.scored for one in sums]
    assert {0} == {one.left_over for one in sums}
    assert {
        (None, ()),
        (scorings[1].list_version, ()),
        (scorings[2].list_version, (DAM.policy,)),
    } == {(row.get("statements"), tuple(row["flagged"])) for row in rows}
    assert 3 == len(rows)


def test_altered_active_model_is_refused_with_what_to_do(workspace):
    """An archive is not scored by the model before it: it was not asked for."""
    workspace.promote()
    link = workspace.folder / "models" / "one"
    link.unlink()
    with pytest.raises(ArtefactAltered, match=r"'one' was refused: .*; restore it or train it"):
        bulk.choose(place=workspace.place)
    shelf.save(shelf.load(), link)

    with pytest.raises(ArtefactAltered, match="not the one that was registered; restore"):
        bulk.choose(place=workspace.place)


def test_model_with_a_label_on_no_list_is_refused(tmp_path):
    """The lists are closed for bulk runs too."""
    loaded = shelf.load()
    labels = ("criticises_government", *loaded.card.labels[1:])
    shelf.save(replace(loaded, card=replace(loaded.card, labels=labels)), tmp_path / "political")

    with pytest.raises(InputError, match="on no list: criticises_government; train anew"):
        bulk.choose(tmp_path / "political")
