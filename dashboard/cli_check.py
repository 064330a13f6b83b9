"""The command that checks what the store keeps against what it must be; it changes nothing."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import JsonOption, WorkspaceOption, open_settings
from evenhand.data.settings import environment
from evenhand.data.store import rollups_anew
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from evenhand.data.settings import Settings
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
    alerts: Annotated[
        bool,
        typer.Option("--alerts", help="Look whether alerts can be sent as the settings say."),
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Check the counts that charts are drawn from, or the channels of alerts; 1 if any is wrong.

    Nothing is written or sent and nobody waits: people can go on working meanwhile.

    Example: evenhand check --rollups --alerts
    """
    if not (rollups or alerts):
        typer.echo("evenhand: say what to check: --rollups, --alerts", err=True)
        raise typer.Exit(WRONG_USE)
    settings = open_settings(workspace)
    compared = _compared(settings) if rollups else []
    looked = _channels(settings) if alerts else []
    if as_json:
        rows = [asdict(one) | {"equal": one.is_equal} for one in compared]
        typer.echo(json.dumps([*rows, *map(asdict, looked)], ensure_ascii=False))
    else:
        for one in compared:
            _tell(one)
        for each in looked:
            _tell_channel(each)
    if not all(one.is_equal for one in compared) or any(each.wrong for each in looked):
        raise typer.Exit(COULD_NOT)


@dataclass(frozen=True, slots=True)
class _Channel:
    """A channel of alerts; *wrong* says why it cannot be used, "" where it can."""

    channel: str
    wrong: str


def _compared(settings: Settings) -> list[Compared]:
    with closing(open_store(settings.url, migrate=False)) as store, store.read() as conn:
        return rollups_anew.compare(conn)


def _channels(settings: Settings) -> list[_Channel]:
    from evenhand.dashboard.jobs import alerts_sending  # noqa: PLC0415 - other commands start without

    ways = alerts_sending.channels(settings, environment())
    wrong = [_Channel(one.channel, str(one.why)) for one in ways.unusable]
    return [*(_Channel(one.name, "") for one in ways.usable), *wrong]


def _tell_channel(one: _Channel) -> None:
    typer.echo(f"{one.channel}: {one.wrong or 'the settings fit'}")


def _tell(one: Compared) -> None:
    if one.is_equal:
        typer.echo(f"{one.table}: {one.rows} rows, all equal")
        return
    typer.echo(f"{one.table}: {one.rows} rows, {one.differing} differ from what was counted anew")
    for example in one.examples:
        typer.echo(f"  {example}")
