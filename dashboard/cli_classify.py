"""The command that classifies one file, or a folder of any size, and keeps nothing in a store.

It reads a workspace only where `--workspace` names one: what the environment says about other
commands must not change what an archive is scored with.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from evenhand.dashboard.cli_options import DryRunOption, else_before_the_verb, open_settings
from evenhand.data.errors import InputError, UnreadableFile
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader

    from evenhand.classifiers.parts import Scoring
    from evenhand.dashboard.jobs.bulk import Chosen, Sums
    from evenhand.data.records import SetAside, Text

STANDARD = "-"
CHUNK = 2**16


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(classify)


def classify(  # noqa: PLR0913 - a command's options are its parameters
    source: Annotated[
        str, typer.Option("--input", help="File or folder to read, or - for JSON lines as input.")
    ] = STANDARD,
    target: Annotated[
        str, typer.Option("--output", help="File or folder to write, or - for output.")
    ] = STANDARD,
    *,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="For a folder: a Dask scheduler, tcp://HOST:8786, or local to start one here.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="For a folder: so many processes; else one for each core."),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of the model; else the workspace's active one, else the one that ships.",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    workspace: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            callback=else_before_the_verb,
            help="Take the active model and the statements in force from this workspace; "
            "EVENHAND_WORKSPACE is not looked at.",
        ),
    ] = None,
) -> None:
    """Tag posts and keep none: JSON lines, CSV or Parquet in, one JSON object a line out.

    A post has the keys or columns `id`, `text` and `lang`; only `text` is needed.
    A folder is cut into parts, and each part becomes a file in the output folder; what an
    interrupted run has finished is not done again.
    Without --workspace no post is matched with statements, so none is tagged as misinformation.

    Example: evenhand classify --input posts.jsonl --output tags.jsonl
    """
    by = (model, workspace)
    if Path(source).is_dir() or Path(target).is_dir():
        _check_folders(target, cluster, workers)
        _classify_folder(Path(source), Path(target), (cluster, workers), by, dry_run=dry_run)
        return
    if cluster is not None or workers is not None:
        msg = "--cluster and --workers are for folders; name a folder with --input or --output"
        raise InputError(msg)
    _classify_file(source, os.devnull if dry_run else target, _choose(*by))


def _check_folders(target: str, cluster: str | None, workers: int | None) -> None:
    if target == STANDARD:
        msg = "a folder gives many files; name a folder for them with --output"
        raise InputError(msg)
    if cluster not in {None, "local"} and workers is not None:
        msg = "a cluster has the workers that were started for it; leave --workers out"
        raise InputError(msg)


def _choose(folder: Path | None, workspace: Path | None) -> Chosen:
    """Choose the model and the statements, and say which statements of the workspace hold."""
    from evenhand.dashboard.jobs import bulk  # noqa: PLC0415 - takes a second

    if workspace is None:
        return bulk.choose(folder)
    from evenhand.dashboard.jobs.serving_model import Place  # noqa: PLC0415 - takes a second

    settings = open_settings(workspace)
    with closing(open_store(settings.url)) as store:
        chosen = bulk.choose(folder, Place(store, settings, lambda: datetime.now(UTC)))
    scoring = chosen.scoring
    listed = f"{len(scoring.statements)}, version {scoring.list_version}"
    told = listed if scoring.statements else "0, so no post is tagged as misinformation"
    typer.echo(f"statements in force: {told}", err=True)
    return chosen


def _classify_folder(
    source: Path,
    target: Path,
    how: tuple[str | None, int | None],
    by: tuple[Path | None, Path | None],
    *,
    dry_run: bool,
) -> None:
    from evenhand.classifiers.spread import way  # noqa: PLC0415 - takes a second
    from evenhand.dashboard.jobs import bulk  # noqa: PLC0415 - the same

    cluster, workers = how
    began = time.perf_counter()
    scoring = _choose(*by).scoring
    wanted = bulk.Bulk(source, target, scoring)
    with _progress() as show:
        if dry_run:
            sums = bulk.count_only(wanted, show)
        else:
            with way(cluster, workers or os.cpu_count() or 1) as opened:
                sums = bulk.classify(wanted, opened, show)
    _print(sums, scoring, round(time.perf_counter() - began, 1))
    if sums.left_over:
        typer.echo(
            f"{sums.left_over} more parts scored this way lie in {target}, which this input "
            "does not give: its files were changed, or it is another input",
            err=True,
        )
    if sums.set_aside:
        typer.echo(f"{target / bulk.SET_ASIDE} lists what was set aside", err=True)
    if sums.set_aside and not sums.tagged:
        msg = f"nothing in {source} could be read"
        raise InputError(msg)


def _print(sums: Sums, scoring: Scoring, seconds: float) -> None:
    ids = [one.id for one in scoring.statements]
    typer.echo(
        json.dumps(
            {
                "files": sums.of_files,
                "rows": sums.rows,
                "tagged": sums.tagged,
                "set_aside": sums.set_aside,
                "parts": sums.parts,
                "scored": sums.scored,
                "seconds": seconds,
                "model": scoring.model.version,
                "statements": {"version": scoring.list_version, "ids": ids} if ids else None,
            }
        )
    )


def _classify_file(source: str, target: str, chosen: Chosen) -> None:
    from evenhand.classifiers.bulk import tag_rows  # noqa: PLC0415 - takes a second

    aside: list[SetAside] = []
    written = 0
    try:
        texts = _texts(source, aside.append)
        with _writing(target) as out:
            for row in tag_rows(texts, chosen.tagger, chosen.scoring.list_version):
                out.write(json.dumps(row, ensure_ascii=True) + "\n")
                written += 1
    except UnreadableFile as error:
        msg = str(error) if source in str(error) else f"{source}: {error}"
        raise InputError(msg) from error
    for one in aside:
        typer.echo(f"set aside {one.place}: {one.reason}", err=True)
    if aside and not written:
        msg = f"nothing in {source} could be read; see the {len(aside)} lines above"
        raise InputError(msg)


def _texts(source: str, aside: Callable[[SetAside], None]) -> Iterator[Text]:
    from evenhand.connectors import files_json  # noqa: PLC0415 - takes a second
    from evenhand.connectors.files_bytes import as_utf8  # noqa: PLC0415 - the same
    from evenhand.connectors.files_table import Table  # noqa: PLC0415 - the same
    from evenhand.dashboard.jobs import bulk  # noqa: PLC0415 - the same

    if source != STANDARD:
        return bulk.read_texts(Path(source), aside)
    # read1 gives what has come, so that a slow writer is not waited for.
    pieces = iter(lambda: cast("BufferedReader", sys.stdin.buffer).read1(CHUNK), b"")
    given = Table("JSON lines", (), lambda: files_json.read_lines(as_utf8(pieces, None)))
    return bulk.texts_of(given, aside)


@contextmanager
def _writing(target: str) -> Iterator[TextIO]:
    if target == STANDARD:
        yield sys.stdout
        return
    try:
        file = Path(target).open("w", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        msg = f"{target} cannot be written ({type(error).__name__}); name another file"
        raise InputError(msg) from error
    with file:
        yield file


@contextmanager
def _progress() -> Iterator[Callable[[Sums], None]]:
    """Show how far the work is, if somebody watches."""
    from rich.console import Console  # noqa: PLC0415 - only where it is shown

    console = Console(stderr=True)
    began = time.perf_counter()
    watched = console.status("reading") if console.is_terminal else nullcontext()
    with watched as status:

        def show(sums: Sums) -> None:
            if status is not None:
                rate = sums.tagged / max(time.perf_counter() - began, 0.001)
                status.update(
                    f"file {sums.files} of {sums.of_files}, {sums.tagged:,} posts read, "
                    f"{sums.scored} parts scored, {rate:,.0f} posts a second"
                )

        yield show
