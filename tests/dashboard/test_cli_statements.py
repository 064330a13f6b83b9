"""`evenhand statements`: the list as a table, as JSON, and for publication without a name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from evenhand.dashboard.cli import app
from evenhand.dashboard.jobs import access, statements
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.statement_floor import DAM, SEA

NAMES = ("Ana Nguyễn", "Chi Lê")


@pytest.fixture
def workspace(tmp_path):
    """A list with one statement in force, one that waits and one that was withdrawn."""
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    store, now = open_store(load_settings(tmp_path).url), datetime.now(UTC)
    for name in NAMES:
        roles = [Role.ANALYST]
        access.add_person(store, access.operator(), name, None, roles=roles, team="t", now=now)
    people = {one.name: one.actor() for one in access.list_people(store, access.operator())}
    one, two = (people[name] for name in NAMES)
    later = now + timedelta(days=9)
    hostile = "Gargling **sea** water [cures](http://x.test) dengue fever"
    first = statements.propose(store, one, replace(DAM, expires_at=later), now)
    second = replace(SEA, wordings=(hostile,), expires_at=later)
    statements.approve(store, two, statements.propose(store, one, second, now).id, now)
    statements.withdraw(store, two, first.id, now)
    waits = replace(DAM, wordings=("Nước máy thành phố bị bỏ độc",), expires_at=later)
    waits = replace(waits, what_is_true="Nước máy thành phố không bị bỏ độc.")
    statements.propose(store, two, waits, now)
    store.close()
    return tmp_path


def run(workspace, *arguments):
    ended = CliRunner().invoke(app, ["statements", *arguments, "--workspace", str(workspace)])
    assert 0 == ended.exit_code, ended.output
    return ended.stdout


def test_list_shows_what_is_in_force_and_all_when_asked(workspace):
    """As a table, and as JSON for programs."""
    shown, everything = run(workspace, "list"), run(workspace, "list", "--all")
    rows = json.loads(run(workspace, "list", "--all", "--json"))

    assert "statements: 1" in shown
    assert "Nước máy" not in shown
    assert "Nước máy thành phố bị bỏ độc" in everything
    assert ["in force", "waiting", "ended"] == [row["state"] for row in rows]
    assert list(DAM.wordings) == rows[2]["wordings"]


def test_export_is_for_publication_and_names_nobody(workspace):
    """Markup that somebody typed stays letters; addresses are no links."""
    printed, rows = run(workspace, "export"), json.loads(run(workspace, "export", "--json"))

    assert [f"## {name} (1)" in printed for name in ("In force", "Waiting", "Ended")] == [True] * 3
    assert r"“Gargling \*\*sea\*\* water \[cures\](http://x.test) dengue fever”" in printed
    assert SEA.what_is_true in printed
    assert f"`{SEA.source_url}`" in printed
    for name in NAMES:
        assert name not in printed
        assert name not in json.dumps(rows, ensure_ascii=False)


def test_export_of_an_empty_list_says_so(tmp_path):
    """Nothing is flagged as misinformation there."""
    (tmp_path / "evenhand.toml").write_text("", "utf-8")

    assert "## In force (0)" in run(tmp_path, "export")
    assert "statements: 0" in run(tmp_path, "list")
