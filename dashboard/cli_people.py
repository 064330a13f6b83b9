"""The commands about people: how the first admin gets in, and everybody after."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from evenhand.dashboard.cli_options import (
    DryRunOption,
    JsonOption,
    WorkspaceOption,
    open_settings,
)
from evenhand.dashboard.jobs import access
from evenhand.data.errors import NotFound
from evenhand.data.records import Role  # noqa: TC001 - Typer reads it
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.people import Person

MINUTES = int(access.LINK_LASTS.total_seconds() // 60)
# An address to listen on that no browser can open.
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound

people = typer.Typer(
    name="people",
    help="Add people, let them in, change their roles, shut them out, list them.",
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
    with closing(open_store(settings.url)) as store:
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
    with closing(open_store(settings.url)) as store:
        _print_link(store, settings, _named(store, name).id, as_json=as_json)


@people.command()
def roles(  # noqa: PLR0913 - a command line has its options
    name: Annotated[str, typer.Argument(help="Whose roles are to change.")],
    role: Annotated[list[Role], typer.Option(help="What they may do; may stand several times.")],
    team: Annotated[
        str | None, typer.Option(help="In which team; else the organisation's name.")
    ] = None,
    *,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give somebody exactly these roles in a team; it holds from their next click on.

    Example: evenhand people roles "Minh Trần" --role reviewer --role coordinator
    """
    settings = open_settings(workspace)
    place = (team or settings.organisation, role)
    with closing(open_store(settings.url)) as store:
        found = _named(store, name)
        if not dry_run:
            access.set_roles(store, access.operator(), found.id, place, _now())
    given = sorted(one.value for one in set(role))
    _say_done(
        {"name": name, "team": place[0], "roles": given},
        f"{name} has these roles in {place[0]}: {', '.join(given)}",
        dry_run=dry_run,
        as_json=as_json,
    )


@people.command()
def disable(
    name: Annotated[str, typer.Argument(help="Who is to be shut out.")],
    *,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Shut somebody out for good and end their sessions at once; what they decided stays.

    Example: evenhand people disable "Minh Trần"
    """
    with closing(open_store(open_settings(workspace).url)) as store:
        found = _named(store, name)
        if not dry_run:
            access.disable_person(store, access.operator(), found.id, _now())
    _say_done(
        {"name": name, "state": "disabled"},
        f"{name} is shut out; what they decided stays",
        dry_run=dry_run,
        as_json=as_json,
    )


@people.command("list")
def list_(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List everybody with their roles.

    Example: evenhand people list
    """
    with closing(open_store(open_settings(workspace).url)) as store:
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


def _named(store: Store, name: str) -> Person:
    """Find who is called so.

    Raises:
        NotFound: Nobody is.
    """
    found = next((one for one in _everybody(store) if one.name == name), None)
    if found is None:
        msg = f"nobody is called {name!r}; `evenhand people list` shows the names"
        raise NotFound(msg)
    return found


def _say_done(done: dict[str, object], words: str, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(done | {"dry_run": dry_run}, ensure_ascii=False))
        return
    typer.echo(f"nothing is changed; without --dry-run: {words}" if dry_run else words)


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


def _now() -> datetime:
    return datetime.now(UTC)
