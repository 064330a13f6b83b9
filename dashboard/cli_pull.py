"""The command that pulls: each named source, or every one whose turn it is, until nothing is left.

Sources named in evenhand.toml are proposed first; a person approves them on the Sources page.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import (
    DryRunOption,
    JsonOption,
    WorkspaceOption,
    open_settings,
)
from evenhand.data.records import SourceState
from evenhand.data.settings import environment
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.pulling import Pulled
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.pages import Counts

COULD_NOT = 1
COUNTED = ("read", "kept", "duplicate", "set_aside", "flagged", "deleted")


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(pull)


@dataclass(frozen=True, slots=True)
class _Line:
    """One source's result as it is printed."""

    name: str
    read: int
    kept: int
    duplicate: int
    set_aside: int
    flagged: int
    deleted: int
    state: str
    next_run_at: str | None
    error: str | None


def pull(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Sources to pull; none means all that are due."),
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Pull new posts until the sources have nothing more.

    Ends with 1 when a source failed, must wait or is refused; its sentence says why.

    Example: evenhand pull vietnam-reddit --json
    """
    settings = open_settings(workspace)
    started = datetime.now(UTC)
    store = open_store(settings.url)
    try:
        if dry_run:
            _show_wanted(store, names or [], as_json=as_json)
            return
        lines = _pull(store, settings, names or [])
    finally:
        store.close()
    _print(lines, (datetime.now(UTC) - started).total_seconds(), as_json=as_json)
    if any(line.error for line in lines):
        raise SystemExit(COULD_NOT)


def _show_wanted(store: Store, names: Sequence[str], *, as_json: bool) -> None:
    from evenhand.dashboard.jobs import pulling  # noqa: PLC0415 - only when there is a workspace

    wanted = pulling.open_names(store, names, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps({"would_pull": wanted}, ensure_ascii=False))
        return
    for name in wanted:
        typer.echo(name)
    typer.echo(f"{len(wanted)} to pull; nothing was asked or written", err=True)


def _pull(store: Store, settings: Settings, names: Sequence[str]) -> list[_Line]:
    from evenhand.dashboard.jobs import pulling, sourcing  # noqa: PLC0415 - only when there is a workspace

    now = datetime.now(UTC)
    sourcing.sync_sources(store, settings, now)
    for name in sourcing.proposed_names(store):
        typer.echo(f"{name}: waits for a second person; approve it on the Sources page", err=True)
    wanted = pulling.open_names(store, names, now)
    if not wanted:
        typer.echo("no source is due; name one to pull it now", err=True)
        return []
    from evenhand.dashboard.jobs import serving_model  # noqa: PLC0415 - scikit-learn takes seconds

    def clock() -> datetime:
        return datetime.now(UTC)

    tagger = serving_model.tagger_of(store, settings, clock=clock, tell=_tell_refused)
    means = pulling.means_of(store, settings, tagger, clock=clock, environ=environment())
    means = replace(means, on_page=_tell)
    return [_line(pulling.pull_through(means, name)) for name in wanted]


def _tell_refused(version: str, sentence: str) -> None:
    del version  # the sentence names it
    typer.echo(sentence, err=True)


def _tell(name: str, counts: Counts) -> None:
    typer.echo(f"{name}: {counts.read} read, {counts.kept} kept", err=True)


def _line(ended: Pulled) -> _Line:
    at, counts = ended.next_run_at, asdict(ended.counts)
    return _Line(
        name=ended.name,
        state=ended.state.value,
        next_run_at=None if at is None else at.isoformat(timespec="seconds"),
        error=ended.error,
        **counts,
    )


def _print(lines: list[_Line], seconds: float, *, as_json: bool) -> None:
    if as_json:
        whole = {name: sum(getattr(line, name) for line in lines) for name in COUNTED}
        shown = {"sources": [asdict(line) for line in lines], **whole, "seconds": round(seconds, 2)}
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for line in lines:
        counts = ", ".join(f"{getattr(line, name)} {name.replace('_', ' ')}" for name in COUNTED)
        until = f" until {line.next_run_at}" if line.state == SourceState.WAITING else ""
        typer.echo(f"{line.name}: {counts}; {line.state}{until}")
        if line.error:
            typer.echo(f"  {line.error}")
