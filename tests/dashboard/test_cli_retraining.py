"""The commands about training: what they print, whom they ask for, and that one hand is not two."""

from __future__ import annotations

import dataclasses
import json
from hashlib import sha256
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from evenhand.classifiers import shelf
from evenhand.classifiers.shelf import Card
from evenhand.dashboard.cli import app, run
from evenhand.dashboard.jobs import access
from evenhand.data import tables
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.connect import open_store
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState
from tests.retraining_floor import decided
from tests.review_floor import NOON

VERSION = "team@1"
SECRET = "một mật khẩu dài"


@pytest.fixture
def desk(tmp_path):
    """A workspace with three people, the shipped model active and one candidate beside it."""
    folder = tmp_path / "ws"
    folder.mkdir()
    (folder / "evenhand.toml").write_text("", "utf-8")
    store = open_store(load_settings(folder).url)
    for name, role in (("Minh", Role.ANALYST), ("Lan", Role.COORDINATOR), ("Tú", Role.REVIEWER)):
        person_id = access.add_person(
            store, access.operator(), name, SECRET, roles=[role], team="Tổ", now=NOON
        )
        link = access.make_link(store, person_id, _now())
        access.use_link(store, link, SECRET, now=_now())

    def put(*, passed=True):
        place = folder / "models" / "team-1"
        place.mkdir(parents=True)
        (place / "model.npz").write_bytes(b"arrays")
        with store.write() as conn:
            base = shipped.ensure(conn, NOON).version
            file_hash = sha256(b"arrays").hexdigest()
            made = Model(VERSION, ModelState.CANDIDATE, "team-1", "h", {}, NOON, file_hash, base)
            models.register(conn, made)
            compared = {
                "passed": passed,
                "lines": [{"verdict": "better"}],
                "refusals": [] if passed else ["hate in vi loses 0.2 of its recall"],
            }
            model_reports.put(conn, VERSION, ReportKind.BACKTEST, compared, NOON)
            gate = {"passed": True, "bounds": []}
            model_reports.put(conn, VERSION, ReportKind.NEUTRALITY, gate, NOON)

    def say(*arguments, password=None):
        result = []

        def invoke():
            result.append(
                CliRunner().invoke(
                    app,
                    [*arguments, "--workspace", str(folder)],
                    input=None if password is None else f"{password}\n",
                    catch_exceptions=False,
                )
            )

        code = run(invoke)
        return SimpleNamespace(code=code, out=result[0].stdout if result else "")

    yield SimpleNamespace(store=store, put=put, say=say, folder=folder)
    store.close()


def _now():
    from datetime import UTC, datetime  # noqa: PLC0415 - the command's own clock

    return datetime.now(UTC)


def states(desk):
    with desk.store.read() as conn:
        return {one.version: one.state.value for one in models.list_all(conn)}


def actions(desk):
    with desk.store.read() as conn:
        query = select(tables.ledger.c.action).order_by(tables.ledger.c.seq)
        return list(conn.execute(query).scalars())


def test_promotion_at_the_terminal_takes_two_passwords(desk, capsys):
    """Each person signs in; the same one twice is refused."""
    desk.put()
    base = shipped.as_model(NOON).version
    asked = desk.say("promote", VERSION, "--as", "Minh", "--ask", "--json", password=SECRET)
    alone = desk.say("promote", VERSION, "--as", "Minh", password=SECRET)
    told = capsys.readouterr().err
    assert {base: "active", VERSION: "candidate"} == states(desk)
    done = desk.say("promote", VERSION, "--as", "Lan", password=SECRET)

    assert {"version": VERSION, "done": "asked"} == json.loads(asked.out)
    assert (1, True) == (alone.code, "needs a second person" in told)
    assert (0, True) == (done.code, "is the active model now" in done.out)
    assert {base: "retired", VERSION: "active"} == states(desk)
    assert ["promotion_asked", "model_promoted"] == [
        one for one in actions(desk) if "promot" in one
    ]


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("Minh", "falsch falsch", "do not match"),
        ("Niemand", SECRET, "do not match"),
        ("Tú", SECRET, "needs the role"),
    ],
)
def test_promotion_is_refused_without_the_right_person(desk, capsys, name, password, sentence):
    """A name alone proves nothing."""
    desk.put()
    refused = desk.say("promote", VERSION, "--as", name, "--ask", password=password)

    assert (1, True) == (refused.code, sentence in capsys.readouterr().err)
    assert "promotion_asked" not in actions(desk)


def test_promotion_is_refused_to_a_password_that_somebody_else_chose(desk, capsys):
    """Whoever made the account would be both hands."""
    desk.put()
    access.add_person(
        desk.store, access.operator(), "Hoa", SECRET, roles=[Role.ANALYST], team="Tổ", now=NOON
    )
    refused = desk.say("promote", VERSION, "--as", "Hoa", "--ask", password=SECRET)

    assert (1, True) == (refused.code, "somebody else chose" in capsys.readouterr().err)


def test_refused_request_names_the_language(desk, capsys):
    """In one sentence, and the dry run lists the same without a password."""
    desk.put(passed=False)
    refused = desk.say("promote", VERSION, "--as", "Minh", "--ask", password=SECRET)
    told = capsys.readouterr().err
    dry = desk.say("promote", VERSION, "--as", "Minh", "--dry-run")

    assert (1, True) == (refused.code, "hate in vi loses 0.2" in told)
    assert (0, "hate in vi loses 0.2 of its recall\n") == (dry.code, dry.out)
    assert 2 == desk.say("promote", "nope", "--as", "Minh", "--dry-run").code


def test_rollback_needs_nobodys_name(desk, capsys):
    """It leads to the model before; a second time there is nothing to go back to."""
    desk.put()
    desk.say("promote", VERSION, "--as", "Minh", "--ask", password=SECRET)
    desk.say("promote", VERSION, "--as", "Lan", password=SECRET)
    base = shipped.as_model(NOON).version
    dry = desk.say("rollback", "--dry-run")
    assert "active" == states(desk)[VERSION]
    done = desk.say("rollback", "--json")

    assert base == dry.out.strip()
    assert {"from": VERSION, "version": base} == json.loads(done.out)
    assert "active" == states(desk)[base]
    assert 2 == desk.say("rollback").code
    assert "nothing to go back to" in capsys.readouterr().err
    assert f"{base} has replaced no other\n" == desk.say("rollback", "--dry-run").out


def test_models_are_listed_with_what_stands_against_them(desk):
    """As lines and as JSON."""
    desk.put(passed=False)
    lines = desk.say("models").out.splitlines()
    rows = json.loads(desk.say("models", "--json").out)

    assert f"{VERSION}\tcandidate" in lines
    assert "  hate in vi loses 0.2 of its recall" in lines
    assert {"active", "candidate"} == {one["state"] for one in rows}
    found = next(one for one in rows if one["version"] == VERSION)
    assert ("operator", False, True) == (found["trained_by"], found["compared"], found["neutral"])


def test_training_from_the_teams_labels_puts_a_candidate_on_the_shelf(desk, capsys):
    """The same as the browser's, on the same store; a dry run counts labels only."""
    decided(desk.store, 1_200)
    dry = desk.say("train", "--recipe", "team", "--dry-run")
    assert [] == [name for name in states(desk) if name.startswith("team@")]
    done = desk.say("train", "--recipe", "team", "--json")
    result = json.loads(done.out)

    assert any(line.startswith("scam_fraud\tvi\tflagged\t") for line in dry.out.splitlines())
    assert (0, "candidate", 1_200) == (done.code, result["state"], result["labels"])
    assert result["trained"]
    assert "candidate" == states(desk)[result["version"]]
    assert "100%" not in capsys.readouterr().err


def test_training_says_what_is_missing(desk, capsys):
    """Too few labels, or no place for a model of sets."""
    dry = desk.say("train", "--recipe", "team", "--dry-run")
    assert (0, "there is no label yet; review posts first\n") == (dry.code, dry.out)
    assert 2 == desk.say("train", "--recipe", "team").code
    assert "no label yet" in capsys.readouterr().err
    assert 2 == desk.say("train", "--recipe", "builtin").code
    assert "--datasets DIR" in capsys.readouterr().err


@pytest.mark.parametrize("altered", [False, True])
def test_import_tags_with_the_active_model(desk, altered):
    """An altered one is told, and the shipped one tags; nothing is left untagged."""
    loaded = shelf.load()
    card = Card(**{**loaded.card.__dict__, "name": "team"})
    folder = desk.folder / "models" / "own"
    saved = shelf.save(dataclasses.replace(loaded, card=card), folder)
    with desk.store.write() as conn:
        made = Model(saved.id, ModelState.ACTIVE, "own", saved.content_hash, {}, NOON)
        models.register(conn, made)
    if altered:
        (folder / "model.npz").write_bytes(b"PK")
    file = desk.folder / "posts.csv"
    file.write_text("text\nTrạm y tế mở cửa mấy giờ?\nNước lên nhanh ở cầu\n", "utf-8")
    done = desk.say("import", str(file), "--source", "Bản tin")
    with desk.store.read() as conn:
        names = set(conn.execute(select(tables.tag.c.model)).scalars())

    assert 0 == done.code
    wanted = shipped.as_model(NOON).version if altered else saved.id
    assert {wanted} == {name.partition("+")[0] for name in names}
