"""The commands about training: train, list the models, promote one, go back.

A promotion needs two persons at the terminal too: each signs in with their own name and password,
for whoever sits there may be anybody.
Going back needs nobody's name: it is always allowed.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import (
    DryRunOption,
    JsonOption,
    WorkspaceOption,
    open_settings,
)
from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenhand.dashboard.jobs.retraining import ModelLine, Overview
    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

TEAM = "team"
# Where tries to sign in at the terminal are counted together.
CLIENT = "terminal"


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command()(train)
    app.command()(models)
    app.command()(promote)
    app.command()(rollback)


def train(  # noqa: PLR0913 - a command's options are its parameters
    recipe: Annotated[str, typer.Option(help="What to train: team or builtin.")],
    datasets: Annotated[
        Path | None,
        typer.Option(help="For builtin: folder of the labelled sets and their README."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="For builtin: folder to write the model into.")
    ] = None,
    *,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Train a candidate from the team's decisions, or the model that ships with Evenhand.

    The candidate is compared with the active model, put through the neutrality gate, and waits on
    the shelf.
    The same labels, or the same sets and lock file, give the same content hash.

    Example: evenhand train --recipe team --workspace ~/evenhand
    """
    if recipe == TEAM:
        _train_team(open_settings(workspace), as_json=as_json, dry_run=dry_run)
        return
    if datasets is None or output is None:
        msg = (
            f"the recipe {recipe!r} needs --datasets DIR to read and --output DIR to write; only "
            f"{TEAM!r} reads the workspace"
        )
        raise InputError(msg)
    _train_sets(recipe, datasets, output, dry_run=dry_run)


def models(*, as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """List the models, newest first, with what stands against promoting each candidate.

    Example: evenhand models
    """
    with _opened(open_settings(workspace)) as store:
        found = _overview(store)
    if as_json:
        typer.echo(json.dumps([_row(one) for one in found.models], ensure_ascii=False))
        return
    for one in found.models:
        asked = f"\tasked for by {one.asked_by}" if one.asked_by else ""
        typer.echo(f"{one.version}\t{one.state}{asked}")
        for reason in one.obstacles:
            typer.echo(f"  {reason}")


def promote(  # noqa: PLR0913 - a command's options are its parameters
    version: Annotated[str, typer.Argument(help="Which model; `evenhand models` lists them.")],
    person: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Who you are; your password is asked for.")
    ],
    *,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for the promotion, as the first of two persons.")
    ] = False,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Ask for the promotion of a candidate, or do it as the second person.

    Whoever trained it or asked for it cannot be the second person.
    The password is read from the terminal, or as one line from standard input.

    Example: evenhand promote team@1a2b3c4d --as "Minh Trần" --ask
    """
    from evenhand.dashboard.jobs import retraining_promotion as promotion  # noqa: PLC0415 - beside its only use

    settings = open_settings(workspace)
    with _opened(settings) as store:
        if dry_run:
            _show_obstacles(store, version)
            return
        with _signed_in(store, person) as actor:
            if ask:
                promotion.ask_promotion(store, actor, version, _now())
            else:
                promotion.promote(store, settings, actor, version, _now())
    done = {"version": version, "done": "asked" if ask else "promoted"}
    if as_json:
        typer.echo(json.dumps(done))
        return
    what = "was asked for; a second person promotes it" if ask else "is the active model now"
    typer.echo(f"{version} {what}")


def rollback(
    *,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Go back to the model that was active before the present one.

    Example: evenhand rollback
    """
    from evenhand.dashboard.jobs import retraining_promotion as promotion  # noqa: PLC0415 - beside its only use

    with _opened(open_settings(workspace)) as store:
        active = _overview(store).active
        if dry_run:
            typer.echo(active.replaced or f"{active.version} has replaced no other")
            return
        version = promotion.rollback(store, access.operator(), _now())
    if as_json:
        typer.echo(json.dumps({"from": active.version, "version": version}))
        return
    typer.echo(f"{version} is the active model again; it was {active.version}")


def _train_team(settings: Settings, *, as_json: bool, dry_run: bool) -> None:
    with _opened(settings) as store:
        if dry_run:
            counts = _overview(store).label_counts
            if not counts:
                typer.echo("there is no label yet; review posts first")
            for one in counts:
                typer.echo(f"{one.label}\t{one.lang}\t{one.origin}\t{one.yes} yes\t{one.no} no")
            return
        from evenhand.dashboard.jobs import retraining_run as running  # noqa: PLC0415 - scikit-learn takes seconds

        def tell(step: str, percent: int) -> None:
            typer.echo(f"{percent:3d}% {step}", err=True)

        done = running.train(running.Means(store, settings, _now, tell), trained_by=None)
    comparison = done.measured.comparison
    if as_json:
        result = {
            "version": done.version,
            "state": done.state.value,
            "labels": done.labels,
            "trained": list(done.trained),
            "compared": comparison.passed,
            "refusals": list(comparison.refusals),
            "neutral": done.measured.gate.passed,
        }
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    typer.echo(done.sentence)
    for reason in comparison.refusals:
        typer.echo(f"  {reason}")


def _train_sets(recipe: str, datasets: Path, output: Path, *, dry_run: bool) -> None:
    from evenhand.classifiers import evaluation, shelf  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.classifiers.corpus import read_corpus  # noqa: PLC0415 - the same
    from evenhand.classifiers.tagger import Tagger  # noqa: PLC0415 - the same
    from evenhand.classifiers.training import train as fit  # noqa: PLC0415 - the same

    if dry_run:
        typer.echo(f"{len(read_corpus(datasets))} rows would train a model")
        return

    def tell(step: str, share: float) -> None:
        typer.echo(f"{share:4.0%} {step}", err=True)

    card = fit(recipe, datasets, output, progress=tell)
    tell("measuring for the card", 1.0)
    results = evaluation.results_for_card(Tagger.load(output), datasets)
    shelf.write_card(shelf.with_results(card, results), output)
    typer.echo(json.dumps({"output": str(output), "hash": card.content_hash}))


def _overview(store: Store) -> Overview:
    from evenhand.dashboard.jobs import retraining  # noqa: PLC0415 - beside its only use

    return retraining.overview(store, access.operator(), _now())


def _show_obstacles(store: Store, version: str) -> None:
    found = next((one for one in _overview(store).models if one.version == version), None)
    if found is None:
        msg = f"no model has the version {version!r}; `evenhand models` lists them"
        raise InputError(msg)
    for reason in found.obstacles:
        typer.echo(reason)
    typer.echo(f"{len(found.obstacles)} reasons against it; nothing was written", err=True)


def _row(one: ModelLine) -> dict[str, object]:
    return {
        "version": one.version,
        "state": one.state,
        "registered_at": one.registered_at.isoformat(timespec="seconds"),
        "based_on": one.based_on,
        "trained_by": one.trained_by,
        "asked_by": one.asked_by,
        "promoted_by": one.promoted_by,
        "replaced": one.replaced,
        "compared": one.compared,
        "neutral": one.neutral,
        "obstacles": list(one.obstacles),
    }


@contextmanager
def _signed_in(store: Store, name: str) -> Iterator[Actor]:
    """Let a person act who proves by their own password that they are there.

    Raises:
        NotAllowed: Name and password do not match, or somebody else chose the password.
    """
    token = access.sign_in(store, name, _password(name), client=CLIENT, now=_now())
    try:
        actor = access.actor_of(store, token, _now())
        if actor is None or access.must_change_password(store, actor):
            msg = f"{name} has a password that somebody else chose; change it in the browser first"
            raise NotAllowed(msg, role=access.NOBODY)
        yield actor
    finally:
        access.sign_out(store, token, _now())


def _password(name: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"Password of {name}", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.url)
    try:
        yield store
    finally:
        store.close()


def _now() -> datetime:
    return datetime.now(UTC)
