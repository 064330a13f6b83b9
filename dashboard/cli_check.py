"""The command that checks what the store keeps against what it must be; it changes nothing."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import JsonOption, WorkspaceOption, open_settings
from evenhand.data.store import rollups_anew
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from evenhand.data.store.rollups_anew import Compared

COULD_NOT, WRONG_USE = 1, 2


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(check)


def check(
    *,
    rollups: Annotated[
        bool,
        typer.Option("--rollups", help="Count all posts and items anew and compare the roll-ups."),
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Check the counts that all charts are drawn from; exit with 1 if any differs.

    Nothing is written and nobody waits: people can go on working meanwhile.

    Example: evenhand check --rollups
    """
    if not rollups:
        typer.echo("evenhand: say what to check: --rollups", err=True)
        raise typer.Exit(WRONG_USE)
    settings = open_settings(workspace)
    with closing(open_store(settings.url, migrate=False)) as store, store.read() as conn:
        found = rollups_anew.compare(conn)
    if as_json:
        rows = [asdict(one) | {"equal": one.is_equal} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in found:
            _tell(one)
    if not all(one.is_equal for one in found):
        raise typer.Exit(COULD_NOT)


def _tell(one: Compared) -> None:
    if one.is_equal:
        typer.echo(f"{one.table}: {one.rows} rows, all equal")
        return
    typer.echo(f"{one.table}: {one.rows} rows, {one.differing} differ from what was counted anew")
    for example in one.examples:
        typer.echo(f"  {example}")
