"""The command that takes in a file."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from evenhand.data.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evenhand.connectors.base import Tools
    from evenhand.dashboard.jobs.importing import Handed, Imported, Tell
    from evenhand.data.records import SetAside, SourceSpec
    from evenhand.data.settings import Settings

# Rows set aside that are listed; all are stored.
MOST_LISTED = 20


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("import")(take_in)


def take_in(  # noqa: PLR0913 - a command's options are its parameters
    file: Annotated[Path, typer.Argument(help="CSV, TSV, JSONL, JSON or Parquet, also as .gz.")],
    *,
    source: Annotated[
        str | None, typer.Option(help="What the source is called; else the file's name.")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="COL", help="Column of the text.")] = None,
    native_id: Annotated[
        str | None,
        typer.Option("--id", metavar="COL", help='Column of the id; "" uses none.'),
    ] = None,
    published: Annotated[
        str | None, typer.Option(metavar="COL", help="Column of the time it was written.")
    ] = None,
    updated: Annotated[
        str | None, typer.Option(metavar="COL", help="Column of the time it was changed.")
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="COL", help="Column of the title.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="COL", help="Column of the language.")] = None,
    author: Annotated[
        str | None,
        typer.Option(metavar="COL", help="Column of who wrote it; stored as a pseudonym."),
    ] = None,
    reply_to: Annotated[
        str | None, typer.Option(metavar="COL", help="Column of the id that it answers.")
    ] = None,
    thread: Annotated[
        str | None, typer.Option(metavar="COL", help="Column of the thread's id.")
    ] = None,
    reach: Annotated[
        list[str] | None,
        typer.Option(metavar="COL", help="Column of public reactions; may come several times."),
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="COL", help="Column of the address; stored encrypted.")
    ] = None,
    deleted: Annotated[
        str | None, typer.Option(metavar="COL", help="Column that says it was deleted, or when.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="What it is written in, if not UTF-8: cp1258, latin-1, …")
    ] = None,
    may_train: Annotated[
        bool, typer.Option("--train/--no-train", help="Whether its posts may train a model.")
    ] = True,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Take in a file of public posts; what cannot be read is listed, and the rest is kept.

    Columns that no option names are guessed from their names and shown.
    The same file again adds nothing; an interrupted run goes on where it was.

    Example: evenhand import posts.csv --text body --published created --source forum
    """
    given = {
        "path": str(file),
        "encoding": encoding,
        "text": text,
        "id": native_id,
        "published": published,
        "updated": updated,
        "title": title,
        "lang": lang,
        "author": author,
        "reply_to": reply_to,
        "thread": thread,
        "reach": reach or None,
        "url": url,
        "deleted": deleted,
    }
    from evenhand.data.records import SourceSpec  # noqa: PLC0415 - see _run

    options = {name: value for name, value in given.items() if value is not None}
    name = file.name.split(".")[0] if source is None else source
    spec = SourceSpec(name, "file", options, may_train=may_train)
    _run(spec, open_settings(workspace), _Told(as_json=as_json, dry_run=dry_run))


@dataclass(slots=True)
class _Told:
    """What the person at the terminal is told, and how."""

    as_json: bool
    dry_run: bool
    listed: int = 0
    began: float = field(default_factory=time.perf_counter)

    def mapping(self, handed: Handed) -> None:
        """Show what the file is and which column is taken as what."""
        from evenhand.connectors.files_columns import listed  # noqa: PLC0415 - see _run

        survey = handed.survey
        used = survey.columns.by_role()
        typer.echo(f"{handed.spec.name}: {survey.form}", err=True)
        for role, names in used.items():
            guessed = " (guessed)" if role in survey.columns.guessed else ""
            typer.echo(f"  {role:<10} from {listed(names)}{guessed}", err=True)
        taken = {name for names in used.values() for name in names}
        unused = [name for name in survey.found if name not in taken]
        if unused:
            typer.echo(f"  not used: {listed(unused)}", err=True)

    def set_aside(self, rows: Sequence[SetAside]) -> None:
        """List rows that could not be read, up to MOST_LISTED."""
        for row in rows[: MOST_LISTED - self.listed]:
            typer.echo(f"set aside {row.place}: {row.reason}", err=True)
            self.listed += 1

    def result(self, sums: Imported) -> None:
        """Print the sums, and warn of what they leave out."""
        seconds = round(time.perf_counter() - self.began, 3)
        if sums.resumed:
            told = f"went on after row {sums.resumed:,}, where an earlier run was interrupted"
            typer.echo(told, err=True)
        if sums.set_aside > self.listed:
            typer.echo(f"and {sums.set_aside - self.listed:,} more set aside", err=True)
        if not sums.read:
            typer.echo("warning: the file has no rows", err=True)
        if self.as_json:
            typer.echo(json.dumps({**sums.counts(), "seconds": seconds}))
            return
        flagged = "" if sums.flagged is None else f" ({sums.flagged:,} put before people)"
        typer.echo(
            f"rows read: {sums.read:,}; {sums.kept:,} kept{flagged}, {sums.duplicate:,} known "
            f"already, {sums.set_aside:,} set aside; {seconds:.1f} s"
        )


def _run(spec: SourceSpec, settings: Settings, told: _Told) -> None:
    # Everything heavy is loaded here, so that `evenhand --help` stays quick.
    from evenhand.dashboard.jobs import importing  # noqa: PLC0415 - see above

    handed = importing.look_at(spec, _tools(settings, dry_run=told.dry_run))
    told.mapping(handed)
    with _progress() as show:

        def tell(sums: Imported, rows: Sequence[SetAside]) -> None:
            told.set_aside(rows)
            show(sums.read)

        if told.dry_run:
            sums = importing.count_only(handed, tell)
            typer.echo("nothing was stored or compared with the store", err=True)
        else:
            sums = _store(handed, settings, tell)
    told.result(sums)
    if sums.read and sums.set_aside == sums.read:
        msg = "nothing in the file could be read; what is set aside above says why"
        raise UnreadableFile(msg)


def _store(handed: Handed, settings: Settings, tell: Tell) -> Imported:
    from evenhand.dashboard.jobs import access, importing, serving_model  # noqa: PLC0415 - see _run
    from evenhand.data.store.connect import open_store  # noqa: PLC0415 - see _run

    def refused(version: str, sentence: str) -> None:
        del version  # the sentence names it
        typer.echo(sentence, err=True)

    store = open_store(settings.url)
    try:
        clock = handed.tools.clock
        tagger = serving_model.tagger_of(store, settings, clock=clock, tell=refused)
        return importing.take_in(store, access.operator(), handed, tagger, tell)
    finally:
        store.close()


def _tools(settings: Settings, *, dry_run: bool) -> Tools:
    from evenhand.connectors.base import Tools  # noqa: PLC0415 - see _run
    from evenhand.data import pseudonym  # noqa: PLC0415 - see _run

    # A dry run writes nothing, not even the key of a new workspace.
    key = (
        secrets.token_bytes(pseudonym.KEY_BYTES)
        if dry_run
        else pseudonym.load_or_make_key(settings.keys)
    )
    return Tools(pseudonym.Pseudonyms(key), lambda: datetime.now(UTC))


def _show_nobody(rows: int) -> None:
    del rows


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Show how many rows are read, if somebody watches."""
    from rich.console import Console  # noqa: PLC0415 - see _run

    console = Console(stderr=True)
    began = time.perf_counter()
    if not console.is_terminal:
        yield _show_nobody
        return
    with console.status("reading") as status:

        def show(rows: int) -> None:
            rate = rows / max(time.perf_counter() - began, 0.001)
            status.update(f"{rows:,} rows read, {rate:,.0f} a second")

        yield show
