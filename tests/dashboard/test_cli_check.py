"""`evenhand check`: says that all is equal and fits, or what does not, and changes nothing."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from evenhand.dashboard.cli import app
from evenhand.data import tables
from evenhand.data.settings import load_settings
from evenhand.data.store import rollups_anew
from evenhand.data.store.connect import open_store
from tests.review_floor import put_item


@pytest.fixture
def workspace(tmp_path):
    """A store with two items that wait, each counted."""
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    store = open_store(load_settings(tmp_path).url)
    with store.write() as conn:
        put_item(conn)
        put_item(conn)
        rollups_anew.rebuild(conn)
    store.close()
    return tmp_path


def run(workspace, *arguments):
    return CliRunner().invoke(app, ["check", *arguments, "--workspace", str(workspace)])


def spoil(workspace):
    """Let the store say that seven items were made."""
    store = open_store(load_settings(workspace).url)
    with store.write() as conn:
        conn.execute(update(tables.rollup_item).values(made=7))
    return store


def test_check_says_that_all_is_equal(workspace):
    """Each roll-up with its number of rows; exit code 0."""
    ended = run(workspace, "--rollups")

    assert 0 == ended.exit_code
    assert "rollup_item: 1 rows, all equal" in ended.stdout
    assert ended.stdout.count("all equal") == len(rollups_anew.TABLES) == 8


def test_check_names_what_differs_and_leaves_it(workspace):
    """The table, how many rows, an example with both numbers; exit code 1, as text and as JSON."""
    store = spoil(workspace)
    ended, as_json = run(workspace, "--rollups"), run(workspace, "--rollups", "--json")
    rows = {row["table"]: row for row in json.loads(as_json.stdout)}
    with store.read() as conn:
        made = conn.execute(select(tables.rollup_item.c.made)).scalar_one()
    store.close()

    assert (1, 1) == (ended.exit_code, as_json.exit_code)
    assert "rollup_item: 1 rows, 1 differ from what was counted anew" in ended.stdout
    assert "queue 'harm'" in ended.stdout
    assert "kept made 7, made anew made 2" in ended.stdout
    assert rows["rollup_item"]["differing"] == 1
    assert rows["rollup_pace"]["equal"]
    assert made == 7


def test_check_goes_on_while_somebody_writes(workspace):
    """It reads one state of the store and waits for nobody."""
    store = spoil(workspace)
    with store.write() as conn:
        conn.execute(update(tables.rollup_item).values(made=2))
        ended = run(workspace, "--rollups")
    store.close()

    assert 1 == ended.exit_code
    assert "kept made 7" in ended.stdout


def test_check_without_a_subject_is_wrong_use(workspace):
    """It says what there is to check."""
    ended = run(workspace)

    assert 2 == ended.exit_code
    assert "--rollups, --alerts" in ended.stderr


def put_alerts(workspace, *lines):
    (workspace / "evenhand.toml").write_text("\n".join(["[alerts]", *lines]), "utf-8")


def test_check_says_what_is_wrong_of_a_channel_and_that_the_other_fits(workspace, monkeypatch):
    """As text and as JSON; the secret itself is told nowhere."""
    monkeypatch.setenv("HOOK_SECRET", "sixteen letters at least")
    put_alerts(
        workspace,
        'webhook_url = "https://desk.example/hook"',
        'webhook_secret = "env:HOOK_SECRET"',
        'smtp_host = "mail.example"',
        'mail_from = "evenhand@desk.example"',
        'mail_to = ["desk"]',
    )
    ended, as_json = run(workspace, "--alerts"), run(workspace, "--alerts", "--json")
    rows = {row["channel"]: row["wrong"] for row in json.loads(as_json.stdout)}

    assert (1, 1) == (ended.exit_code, as_json.exit_code)
    assert "webhook: the settings fit" in ended.stdout
    assert "mail: `alerts.mail_to` holds what is no mail address" in ended.stdout
    assert "" == rows["webhook"]
    assert "mail_to" in rows["mail"]
    assert "sixteen" not in ended.stdout + as_json.stdout


def test_check_looks_at_secrets_of_alerts(workspace):
    """A secret that is not where it should be is told; without a channel all is well."""
    nothing = run(workspace, "--alerts")
    put_alerts(workspace, 'webhook_url = "https://a.example"', 'webhook_secret = "env:NOT_THERE"')
    ended = run(workspace, "--alerts")

    assert (0, "") == (nothing.exit_code, nothing.stdout)
    assert 1 == ended.exit_code
    assert "NOT_THERE" in ended.stdout
