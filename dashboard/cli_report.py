"""The command that writes the transparency report."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import Annotated

import typer

from evenhand.dashboard.cli_export import read_day
from evenhand.dashboard.cli_options import JsonOption, Lang, WorkspaceOption, open_settings
from evenhand.dashboard.jobs import access
from evenhand.data.store.connect import open_store


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(report)


def report(  # noqa: PLR0913 - a command's options are its parameters
    first: Annotated[
        str, typer.Option("--from", metavar="DAY", help="First day in UTC, as 2026-11-01.")
    ],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day in UTC, included.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder to write the files into.")],
    lang: Annotated[Lang, typer.Option(help="Language of the HTML and the Markdown.")] = Lang.EN,
    as_of: Annotated[
        int | None,
        typer.Option(
            metavar="ENTRY",
            min=1,
            help="Number of the ledger's entry that ends what is known; else the window's end.",
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the transparency report of a window that is over.

    One page of HTML, Markdown, JSON, and CSV for each table.
    It is read from the logs: the same window as of the same entry gives the same Markdown, JSON
    and CSV whenever it is written.

    Example: evenhand report --from 2026-11-01 --to 2026-11-30 --lang vi --out november
    """
    from evenhand.dashboard.jobs import reports, reports_files  # noqa: PLC0415 - takes a second

    settings = open_settings(workspace)
    days = (read_day(first), read_day(last))
    with closing(open_store(settings.url)) as store:
        wanted = reports.Wanted(*days, as_of)
        made = reports.make(store, access.operator(), settings, wanted, datetime.now(UTC))
    names = reports_files.write(made, out, lang.value)
    if as_json:
        told = {"folder": str(out), "files": names, "ledger": made.ledger_seq}
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{len(names)} files written to {out}")
    typer.echo(f"as of ledger entry {made.ledger_seq}, {made.ledger_hash}")
