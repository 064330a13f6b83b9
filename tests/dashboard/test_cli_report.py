"""`evenhand report`: a folder from the terminal."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from evenhand.dashboard.cli import app
from evenhand.data.errors import InputError
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.review_floor import put_item

WINDOW = ("--from", "2026-11-24", "--to", "2026-11-24")


@pytest.fixture
def workspace(tmp_path):
    """One item that waits, in a window that is long over."""
    (tmp_path / "evenhand.toml").write_text('organisation = "Tổ trực"\n', "utf-8")
    store = open_store(load_settings(tmp_path).url)
    with store.write() as conn:
        put_item(conn)
    store.close()
    return tmp_path


@pytest.fixture
def days_later(monkeypatch):
    """Let the command's clock stand two days after the window."""
    from datetime import UTC, datetime  # noqa: PLC0415 - the module's own name is replaced

    from evenhand.dashboard import cli_report  # noqa: PLC0415 - the same

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 26, 12, tzinfo=tz or UTC)

    monkeypatch.setattr(cli_report, "datetime", Clock)


def call(workspace, *arguments):
    parts = ["report", *arguments, "--workspace", str(workspace)]
    return CliRunner().invoke(app, parts)


@pytest.mark.usefixtures("days_later")
def test_report_is_written_in_a_language(workspace):
    """HTML, Markdown, JSON and CSV; twice the same bytes."""
    first, second = workspace / "one", workspace / "two"
    said = call(workspace, *WINDOW, "--lang", "vi", "--out", str(first))
    told = json.loads(
        call(workspace, *WINDOW, "--lang", "vi", "--out", str(second), "--json").stdout
    )

    assert 0 == said.exit_code, said.output
    assert f"files written to {first}" in said.stdout
    assert {"report.html", "report.md", "report.json", "figures.csv"} <= set(told["files"])
    assert "# Tổ trực: Báo cáo minh bạch" in (first / "report.md").read_text("utf-8")
    for name in told["files"]:
        assert (first / name).read_bytes() == (second / name).read_bytes()


@pytest.mark.usefixtures("days_later")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "x", "--to", "2026-11-24"), "'x' is no day"),
        (("--from", "2026-11-24", "--to", "2026-11-26"), "is not over"),
        ((*WINDOW, "--as-of", "9"), "ledger entry 9 does not exist"),
    ],
)
def test_wrong_use_is_told(arguments, message, workspace):
    """Nothing is written."""
    ended = call(workspace, *arguments, "--out", str(workspace / "out"))

    assert isinstance(ended.exception, InputError)
    assert message in str(ended.exception)
    assert not (workspace / "out").exists()
