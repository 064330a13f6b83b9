"""`evenhand upgrade`: says from which schema to which, and a dry run changes nothing."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from evenhand.dashboard.cli import app
from evenhand.data import migrations
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store, schema_of


@pytest.fixture
def workspace(tmp_path):
    """A workspace as `init` makes it, without a store."""
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    return tmp_path


def say(workspace, *arguments):
    ended = CliRunner().invoke(app, ["upgrade", *arguments, "--workspace", str(workspace)])
    assert 0 == ended.exit_code
    return ended.stdout


def test_upgrade_makes_an_empty_store_what_the_program_needs(workspace):
    """What `check` asks for where it finds no store, or an older one."""
    url = load_settings(workspace).url
    dry = say(workspace, "--dry-run")
    untouched = schema_of(url)
    done = say(workspace)

    assert f"the store's schema would go from empty to {migrations.HEAD}\n" == dry
    assert untouched is None
    assert f"the store's schema went from empty to {migrations.HEAD}\n" == done
    assert migrations.HEAD == schema_of(url)


def test_upgrade_takes_an_older_store_up_and_a_second_time_does_nothing(workspace):
    """From the revision before, as JSON for programs."""
    url, before = load_settings(workspace).url, migrations.REVISIONS[-2]
    store = open_store(url)
    with store.write() as conn:
        migrations.downgrade(conn, before)
    store.close()
    result = {"from": before, "to": migrations.HEAD, "dry_run": False}

    assert result == json.loads(say(workspace, "--json"))
    assert f"the store's schema is {migrations.HEAD}; nothing is to be done\n" == say(workspace)
