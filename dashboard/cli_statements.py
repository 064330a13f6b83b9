"""The commands about the statement list: show it, and print it for publication.

Changes need two persons who sign in, so they are made on the Policies page alone.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import JsonOption, WorkspaceOption, open_settings
from evenhand.dashboard.cli_tables import show_table
from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs import statements as statement_list
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from evenhand.dashboard.jobs.statements import Line, Listing

IN_FORCE, WAITING, ENDED = "in force", "waiting", "ended"

statements = typer.Typer(
    name="statements",
    help="Show the list of false claims that posts are matched with, and print it.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.add_typer(statements)


@statements.command("list")
def list_(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what waits for a second person and what ended.")
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the statements in force.

    Example: evenhand statements list --all
    """
    rows = [row for row in _rows(workspace) if everything or row["state"] == IN_FORCE]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    cells = [
        (str(row["id"]), str(row["state"]), str(row["lang"]), str(row["expires"]), _first(row))
        for row in rows
    ]
    columns = ("statement", "state", "language", "expires", "claim")
    show_table(f"statements: {len(rows)}", columns, cells, names=len(columns))


@statements.command()
def export(*, as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """Print the whole list for publication, as Markdown or JSON, without anybody's name.

    Example: evenhand statements export > statements.md
    """
    rows = _rows(workspace)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    typer.echo("# Statements that posts are matched with\n")
    typer.echo("Each was proposed by one person and approved by another.\n")
    for state in (IN_FORCE, WAITING, ENDED):
        here = [row for row in rows if row["state"] == state]
        typer.echo(f"## {state.capitalize()} ({len(here)})\n")
        for row in here:
            typer.echo(_markdown(row))


def _rows(workspace: Path | None) -> list[dict[str, object]]:
    settings = open_settings(workspace)
    with closing(open_store(settings.url)) as store:
        found = statement_list.listing(store, access.operator(), datetime.now(UTC))
    return [_row(line, state) for state, part in _parts(found) for line in part]


def _parts(found: Listing) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return ((IN_FORCE, found.in_force), (WAITING, found.waiting), (ENDED, found.ended))


def _row(line: Line, state: str) -> dict[str, object]:
    one = line.statement
    return {
        "id": one.id,
        "state": state,
        "policy": one.worded.policy,
        "topic": one.worded.topic,
        "lang": one.worded.lang,
        "wordings": list(one.worded.wordings),
        "what_is_true": one.worded.what_is_true,
        "source_name": one.worded.source_name,
        "source_url": one.worded.source_url,
        "proposed": one.proposed_at.date().isoformat(),
        "approved": None if one.approved_at is None else one.approved_at.date().isoformat(),
        "expires": one.worded.expires_at.date().isoformat(),
        "ended": None if one.ended_at is None else one.ended_at.date().isoformat(),
        "corrects": one.corrects,
        "simulated": line.simulated,
    }


def _first(row: dict[str, object]) -> str:
    wordings = row["wordings"]
    return str(wordings[0]) if isinstance(wordings, list) else ""


def _markdown(row: dict[str, object]) -> str:
    wordings = row["wordings"] if isinstance(row["wordings"], list) else []
    claims = "; ".join(f"“{_plain(one)}”" for one in wordings)
    source = f"{_plain(row['source_name'])}, `{row['source_url']}`"
    dates = ", ".join(
        f"{name} {row[name]}" for name in ("proposed", "approved", "expires", "ended") if row[name]
    )
    return (
        f"- **{row['id']}** ({row['policy']}, {row['lang']}): {claims}\n"
        f"  - True is: {_plain(row['what_is_true'])}\n"
        f"  - Published by: {source}\n"
        f"  - {dates[0].upper()}{dates[1:]}\n"
    )


def _plain(words: object) -> str:
    """Keep what people typed from being markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!" else sign for sign in str(words))
