"""The command that writes the team's work into a file."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import Annotated

import typer

from evenhand.dashboard.cli_options import JsonOption, WorkspaceOption, open_settings
from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.exports import Wanted, What, export
from evenhand.dashboard.jobs.exports_files import Format
from evenhand.data.errors import InputError
from evenhand.data.store.connect import open_store


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("export")(export_)


def export_(  # noqa: PLR0913 - a command's options are its parameters
    what: Annotated[What, typer.Argument(help="What to write, one row each.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to; it is replaced.")],
    kind: Annotated[
        Format | None,
        typer.Option("--format", help="What the file is; else its ending says it, else CSV."),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day in UTC, as 2026-11-01.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Last day in UTC, included.")
    ] = None,
    *,
    with_text: Annotated[
        bool,
        typer.Option(
            "--with-text",
            help="Also the texts of posts on which a decision stands, as long as they are held, "
            "and what the team wrote about them.",
        ),
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the team's work into a file: CSV, XLSX or Parquet.

    Nobody's name goes out, nor who reviewed, nor anything that leads to an author.
    No cell runs anything in a spreadsheet; docs/reports.md says how to read each file back.
    The ledger notes what was exported.

    Example: evenhand export decisions --from 2026-11-01 --to 2026-11-30 --out decisions.csv
    """
    since = None if first is None else read_day(first)
    until = None if last is None else read_day(last)
    wanted = Wanted(what, since, until, with_text=with_text)
    settings = open_settings(workspace)
    with closing(open_store(settings.url)) as store:
        now = datetime.now(UTC)
        done = export(store, access.operator(), wanted, out, kind=kind or _by_ending(out), now=now)
    if done.mended:
        typer.echo(
            f"{done.mended} texts held half a sign, which no file can; a � stands for it", err=True
        )
    if as_json:
        typer.echo(json.dumps({"file": str(out), "rows": done.rows, "mended": done.mended}))
    else:
        typer.echo(f"{done.rows} rows written to {out}")


def _by_ending(out: Path) -> Format:
    """Take what a file is from its name: a spreadsheet opens no CSV that is called .xlsx."""
    ending = out.suffix.lower().removeprefix(".")
    return next((one for one in Format if one.value == ending), Format.CSV)


def read_day(given: str) -> date:
    """Read a day as people write it on the command line.

    Raises:
        InputError: It is none.
    """
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        msg = f"{given!r} is no day; write it as 2026-11-01"
        raise InputError(msg) from error
