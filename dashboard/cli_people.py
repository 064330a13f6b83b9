"""The commands about people: how the first admin gets in, and everybody after."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from evenhand.dashboard.cli_options import JsonOption, WorkspaceOption, open_settings
from evenhand.dashboard.jobs import access
from evenhand.data.errors import NotFound
from evenhand.data.records import Role  # noqa: TC001 - Typer reads it
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.people import Person

MINUTES = int(access.LINK_LASTS.total_seconds() // 60)
# An address to listen on that no browser can open.
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound

people = typer.Typer(
    name="people",
    help="Add people, make them links to come in by, list them.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.add_typer(people)


@people.command()
def add(
    name: Annotated[str, typer.Argument(help="The name they sign in with.")],
    role: Annotated[list[Role], typer.Option(help="What they may do; may stand several times.")],
    team: Annotated[
        str | None,
        typer.Option(help="Their team, made if it is new; else the organisation's name."),
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a person and print a link by which they choose a password, once, within 10 minutes.

    Example: evenhand people add "Minh Trần" --role admin
    """
    settings = open_settings(workspace)
    with _opened(settings) as store:
        person_id = access.add_person(
            store,
            access.operator(),
            name,
            None,
            roles=role,
            team=team or settings.organisation,
            now=_now(),
            language=settings.language,
        )
        _print_link(store, settings, person_id, as_json=as_json)


@people.command()
def link(
    name: Annotated[str, typer.Argument(help="Who is to come in.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a new link for somebody whose link ran out or whose password is forgotten.

    Example: evenhand people link "Minh Trần"
    """
    settings = open_settings(workspace)
    with _opened(settings) as store:
        found = next((one for one in _everybody(store) if one.name == name), None)
        if found is None:
            msg = f"nobody is called {name!r}; `evenhand people list` shows the names"
            raise NotFound(msg)
        _print_link(store, settings, found.id, as_json=as_json)


@people.command("list")
def list_(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List everybody with their roles.

    Example: evenhand people list
    """
    with _opened(open_settings(workspace)) as store:
        rows = [_row(one) for one in _everybody(store)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['name']}\t{', '.join(row['roles'])}\t{row['state']}")


def _row(one: Person) -> dict[str, str | list[str]]:
    state = "disabled" if one.disabled_at else "active" if one.password_hash else "invited"
    return {"name": one.name, "roles": sorted(role.value for role in one.roles), "state": state}


def _everybody(store: Store) -> list[Person]:
    return access.list_people(store, access.operator())


def _print_link(store: Store, settings: Settings, person_id: str, *, as_json: bool) -> None:
    address = welcome_address(settings, access.make_link(store, person_id, _now()))
    if as_json:
        typer.echo(json.dumps({"id": person_id, "link": address, "minutes": MINUTES}))
        return
    typer.echo(address)
    typer.echo(
        f"open it within {MINUTES} minutes, while `evenhand serve` runs; it works once", err=True
    )


def welcome_address(settings: Settings, token: str) -> str:
    """Write the address at which a link is used, by a name that browsers may use."""
    server, names = settings.server, settings.server.allowed_hosts
    host = server.host
    if server.https or host in EVERYWHERE:
        local = {"127.0.0.1", "localhost"}
        host = next((one for one in names if one not in local), "localhost")
    scheme, port = ("https", "") if server.https else ("http", f":{server.port}")
    return f"{scheme}://{host}{port}/welcome?token={quote(token)}"


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.url)
    try:
        yield store
    finally:
        store.close()


def _now() -> datetime:
    return datetime.now(UTC)
