"""The command that brings the store's schema up to what this program needs."""

from __future__ import annotations

import json

import typer

from evenhand.dashboard.cli_options import (
    DryRunOption,
    JsonOption,
    WorkspaceOption,
    open_settings,
)
from evenhand.data import migrations
from evenhand.data.store.connect import open_store, schema_of


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(upgrade)


def upgrade(
    *,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Bring the store's schema up to what this Evenhand needs; back up before.

    Commands that write do so by themselves; those that only look, such as `check`, do not.

    Example: evenhand upgrade --workspace ~/evenhand
    """
    settings = open_settings(workspace)
    before = schema_of(settings.url)
    if not dry_run:
        open_store(settings.url).close()
    if as_json:
        typer.echo(json.dumps({"from": before, "to": migrations.HEAD, "dry_run": dry_run}))
    elif before == migrations.HEAD:
        typer.echo(f"the store's schema is {before}; nothing is to be done")
    else:
        verb = "would go" if dry_run else "went"
        typer.echo(f"the store's schema {verb} from {before or 'empty'} to {migrations.HEAD}")
