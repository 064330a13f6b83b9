"""The commands that use a model: classify, evaluate."""

from __future__ import annotations

import csv
import gzip
import json
import sys
import zlib
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, cast

import typer

from evenhand.dashboard.cli_options import WorkspaceOption  # noqa: TC001 - typer reads it at run time
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evenhand.classifiers.evaluation import Line
    from evenhand.classifiers.neutrality import Report, Share
    from evenhand.data.records import SetAside

STANDARD = "-"
# Python's own limit is 128 KB, and what is longer would cost the rest of the file.
LONGEST_FIELD = 64 * 2**20
# What the readers raise in the middle of a damaged file.
DAMAGE = (csv.Error, EOFError, OSError, UnicodeError, zlib.error)


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command()(classify)
    app.command()(evaluate)


def classify(
    source: Annotated[str, typer.Option("--input", help="File to read, or - for input.")] = "-",
    target: Annotated[str, typer.Option("--output", help="File to write, or - for output.")] = "-",
    workspace: WorkspaceOption = None,
) -> None:
    """Tag posts without a store: JSON lines, CSV or Parquet in, one JSON object a line out.

    Example: evenhand classify --input posts.jsonl --output tags.jsonl
    """
    del workspace  # taken like everywhere, and not needed: the shipped model tags
    from evenhand.classifiers.bulk import classify_rows  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.classifiers.tagger import Tagger  # noqa: PLC0415 - the same

    aside: list[SetAside] = []
    written = 0
    with _writing(target) as out:
        for row in classify_rows(_rows(source, aside), Tagger.load(), on_set_aside=aside.append):
            out.write(json.dumps(row, ensure_ascii=True) + "\n")
            written += 1
    for one in aside:
        typer.echo(f"set aside {one.place}: {one.reason}", err=True)
    if aside and not written:
        msg = f"nothing in {source} could be read; see the {len(aside)} lines above"
        raise InputError(msg)


def evaluate(
    *,
    neutrality: Annotated[
        bool,
        typer.Option(help="Show what share of must-not-flag posts is put before a person."),
    ] = False,
    also: Annotated[
        Path | None,
        typer.Option(help="A CSV of further must-not-flag posts: text, lang, kind."),
    ] = None,
    datasets: Annotated[
        Path | None, typer.Option(help="Folder of the labelled sets, for the held-out figures.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure the shipped model: neutrality, or precision and recall on held-out rows.

    Example: evenhand evaluate --neutrality
    """
    del workspace  # taken like everywhere, and not needed: the shipped model is measured
    if neutrality:
        _print_neutrality(also, as_json=as_json)
        return
    if datasets is None:
        msg = "say what to evaluate: --neutrality, or --datasets DIR for the held-out figures"
        raise InputError(msg)
    from evenhand.classifiers import evaluation  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.classifiers.tagger import Tagger  # noqa: PLC0415 - the same

    lines = evaluation.evaluate(Tagger.load(), evaluation.held_out(datasets))
    _print_lines(lines, as_json=as_json)


def _print_neutrality(also: Path | None, *, as_json: bool) -> None:
    from evenhand.classifiers import neutrality as gate  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.classifiers.tagger import Tagger  # noqa: PLC0415 - the same

    tagger = Tagger.load()
    reports = {
        "own set": gate.neutrality_report(tagger.tag, gate.shipped_posts(), gate.shipped_pairs()),
    }
    if also is not None:
        posts = [gate.NeutralPost(*cells) for cells in _further_posts(also)]
        reports[also.name] = gate.neutrality_report(tagger.tag, posts)
    if as_json:
        shown = {name: report.as_dict() for name, report in reports.items()}
        typer.echo(json.dumps({"model": tagger.model, "sets": shown}, indent=1))
        return
    typer.echo(f"model {tagger.model}")
    for name, report in reports.items():
        _print_report(name, report)


def _further_posts(file: Path) -> list[tuple[str, str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
        return [(row["text"] or "", row["lang"] or "", row["kind"] or "") for row in rows]
    except KeyError as error:
        msg = f"{file} has no column {error}; it needs text, lang and kind"
        raise InputError(msg) from error
    except DAMAGE as error:
        msg = f"{file} cannot be read ({type(error).__name__}); name a CSV file in UTF-8"
        raise InputError(msg) from error


def _print_report(name: str, report: Report) -> None:
    typer.echo(f"\n{name}: posts that must not be flagged, but were put before a person")
    typer.echo(f"{'':<34}{'put':>5}{'of':>6}{'share':>8}{'upper 95 %':>12}")
    rows: list[tuple[str, Share]] = [("all", report.overall)]
    rows += [(f"language {lang}", share) for lang, share in report.by_language.items()]
    rows += sorted(report.by_kind.items())
    for label, share in rows:
        figures = f"{share.put:>5}{share.of:>6}{share.share:>8.1%}{share.upper:>12.1%}"
        typer.echo(f"{label:<34}{figures}")
    typer.echo("gate:")
    for bound in report.bounds:
        measured = "no cases" if bound.measured is None else f"{bound.measured:.3f}"
        holds = "holds" if bound.passed else "DOES NOT HOLD"
        typer.echo(f"  {bound.name}: {measured} against {bound.bound}: {holds}")


def _print_lines(lines: list[Line], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines]))
        return
    typer.echo(f"{'label':<26}{'lang':<5}{'yes':>6}{'no':>7}{'AP':>7}{'P':>7}{'R':>7}{'ECE':>7}")
    for line in lines:
        figures = (
            line.average_precision,
            line.precision,
            line.recall,
            line.calibration_error,
        )
        cells = "".join(f"{'-' if x is None else format(x, '.2f'):>7}" for x in figures)
        typer.echo(f"{line.label:<26}{line.lang:<5}{line.positives:>6}{line.negatives:>7}{cells}")


def _rows(source: str, aside: list[SetAside]) -> Iterator[Mapping[str, object]]:
    """Read rows until the end, or until damage, which is set aside as one row."""
    from pyarrow import ArrowException  # noqa: PLC0415 - heavy, and only for this command

    from evenhand.data.records import SetAside  # noqa: PLC0415 - beside its only use

    try:
        yield from _undamaged_rows(source, aside)
    except (*DAMAGE, ArrowException) as error:
        reason = f"nothing more can be read ({type(error).__name__})"
        aside.append(SetAside("the rest of the file", reason))


def _undamaged_rows(source: str, aside: list[SetAside]) -> Iterator[Mapping[str, object]]:
    from evenhand.data.records import SetAside  # noqa: PLC0415 - beside its only use

    csv.field_size_limit(LONGEST_FIELD)
    if source.endswith((".csv", ".csv.gz")):
        with _reading(source) as handle:
            yield from csv.DictReader(handle)
        return
    if source.endswith(".parquet"):
        from pyarrow import parquet  # noqa: PLC0415 - heavy, and only for this ending

        _check_file(source)
        yield from parquet.read_table(source).to_pylist()
        return
    with _reading(source) as handle:
        for number, line in enumerate(handle, start=1):
            try:
                yield cast("Mapping[str, object]", json.loads(line))
            except (ValueError, RecursionError) as error:
                what = error.msg if isinstance(error, json.JSONDecodeError) else "beyond all bounds"
                aside.append(SetAside(f"line {number}", f"is no JSON ({what})"))


def _check_file(source: str) -> Path:
    path = Path(source)
    if not path.is_file():
        msg = f"{source} is no file; name one with --input, or use - for standard input"
        raise InputError(msg)
    return path


@contextmanager
def _reading(source: str) -> Iterator[TextIO]:
    if source == STANDARD:
        yield sys.stdin
        return
    path = _check_file(source)
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as packed:
            yield packed
        return
    with path.open(encoding="utf-8", errors="replace", newline="") as handle:
        yield handle


@contextmanager
def _writing(target: str) -> Iterator[TextIO]:
    if target == STANDARD:
        yield sys.stdout
        return
    with Path(target).open("w", encoding="utf-8") as handle:
        yield handle
