"""The command that measures a model: what it finds, what it leaves alone, what its wording says.

The posts of the neutrality set's held half decide and are read by nobody, so only counts of them
are printed.
"""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import WorkspaceOption  # noqa: TC001 - Typer reads it
from evenhand.dashboard.cli_tables import show_table
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.classifiers.evaluation import Line
    from evenhand.classifiers.neutrality import Bound, Report, Share
    from evenhand.classifiers.tagger import Tagger

HALVES = ("held", "open")
OWN_SET = "own set"
BLANK = "–"
# What the reader of a damaged CSV file raises.
DAMAGE = (csv.Error, OSError, UnicodeError)
LINE_COLUMNS = (
    *("label", "language", "from", "with it", "of"),
    *("AP", "precision (95 %)", "recall (95 %)", "ECE", "note"),
)


@dataclass(frozen=True, slots=True)
class _Measured:
    """Everything that one call measured of one model."""

    lines: Sequence[Line]
    labelled: Sequence[Bound]
    gates: Mapping[str, Report]
    examples: Mapping[str, object]


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(evaluate)


def evaluate(  # noqa: PLR0913 - a command's options are its parameters
    *,
    datasets: Annotated[
        Path | None,
        typer.Option(help="Folder of the labelled sets; without it, held-out seed posts alone."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of the model; without it, the one that ships.")
    ] = None,
    neutrality: Annotated[
        bool, typer.Option("--neutrality", help="Measure the neutrality gate alone.")
    ] = False,
    half: Annotated[
        str,
        typer.Option(
            help="Half of the neutrality set: held, which decides, or open, which may be read."
        ),
    ] = HALVES[0],
    also: Annotated[
        Path | None,
        typer.Option(help="A CSV of further must-not-flag posts: text, lang, kind."),
    ] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Print the model card in Markdown, with these figures.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Measure a model: each label in each language, the neutrality gate, the worded examples.

    A share of fewer than 20 posts with the label is a count and not enough evidence.

    Example: evenhand evaluate --datasets DIR
    """
    del workspace  # taken like everywhere, and not needed: a model in a folder is measured
    _check_half(half, card=card)
    further = None if also is None else _further_posts(also)
    from evenhand.classifiers.tagger import Tagger  # noqa: PLC0415 - scikit-learn takes seconds

    tagger = Tagger.load(model)
    gates = _gates(tagger, half, {} if also is None or further is None else {also.name: further})
    if neutrality:
        _show_gates(tagger.model, half, gates, as_json=as_json)
        return
    measured = _measure(tagger, datasets, gates)
    if card:
        _print_card(tagger, measured)
    elif as_json:
        typer.echo(json.dumps(_plain(tagger.model, half, measured), ensure_ascii=False, indent=1))
    else:
        _show(tagger.model, half, measured)


def _check_half(half: str, *, card: bool) -> None:
    if half not in HALVES:
        msg = f"the neutrality set has no half {half!r}; use {' or '.join(HALVES)}"
        raise InputError(msg)
    if card and half != HALVES[0]:
        msg = f"a card shows the {HALVES[0]} half, which decides; leave --half out"
        raise InputError(msg)


def _measure(tagger: Tagger, datasets: Path | None, gates: Mapping[str, Report]) -> _Measured:
    from evenhand.classifiers import evaluation, examples  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.classifiers.labelled_gate import labelled_bounds  # noqa: PLC0415 - the same
    from evenhand.data.records import Text  # noqa: PLC0415 - beside its only use

    rows = evaluation.held_out(datasets)
    typer.echo(f"tagging {len(rows)} held-out rows", err=True)
    tags = tagger.tag([Text(str(at), row.text) for at, row in enumerate(rows)])
    lines = evaluation.lines_of(tagger, rows, tags)
    return _Measured(lines, labelled_bounds(rows, tags), gates, examples.report(tagger.tag))


def _gates(
    tagger: Tagger, half: str, further: Mapping[str, Sequence[tuple[str, str, str]]]
) -> dict[str, Report]:
    from evenhand.classifiers import neutrality as gate  # noqa: PLC0415 - scikit-learn takes seconds

    typer.echo(f"the {half} half of the neutrality set", err=True)
    reports = {
        OWN_SET: gate.neutrality_report(
            tagger.tag, gate.shipped_posts(half), gate.shipped_pairs(half)
        ),
    }
    for name, cells in further.items():
        posts = [gate.NeutralPost(*each) for each in cells]
        reports[name] = gate.neutrality_report(tagger.tag, posts)
    return reports


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


def _show(model: str, half: str, measured: _Measured) -> None:
    typer.echo(f"model {model}")
    rows = [_line_cells(line) for line in measured.lines]
    rows += _by_statement_cells(measured.examples)
    show_table("what it finds, on rows it did not learn from", LINE_COLUMNS, rows, names=3)
    for name, report in measured.gates.items():
        _show_bounds(f"neutrality gate, {_titled(name, half)}", report.bounds)
    if measured.labelled:
        _show_bounds("bounds on labelled sets (reported)", measured.labelled)
    _show_examples(measured.examples)


def _show_gates(model: str, half: str, reports: Mapping[str, Report], *, as_json: bool) -> None:
    if as_json:
        sets = {name: report.as_dict() for name, report in reports.items()}
        typer.echo(json.dumps({"model": model, "half": half, "sets": sets}, indent=1))
        return
    typer.echo(f"model {model}")
    for name, report in reports.items():
        shares: list[tuple[str, Share]] = [("all", report.overall)]
        shares += [(f"language {lang}", share) for lang, share in report.by_language.items()]
        shares += sorted(report.by_kind.items())
        show_table(
            f"{_titled(name, half)}: must not be flagged, but put before a person",
            ("", "put", "of", "share", "upper 95 %"),
            [
                (label, str(own.put), str(own.of), f"{own.share:.1%}", f"{own.upper:.1%}")
                for label, own in shares
            ],
        )
        _show_bounds(f"neutrality gate, {_titled(name, half)}", report.bounds)


def _titled(name: str, half: str) -> str:
    return f"{name}, {half} half" if name == OWN_SET else name


def _show_bounds(title: str, bounds: Sequence[Bound]) -> None:
    rows = [
        (
            bound.name,
            bound.bound,
            BLANK if bound.measured is None else f"{bound.measured:.3f}",
            BLANK if bound.limit is None else f"{bound.limit:.3f}",
            "holds" if bound.passed else "DOES NOT HOLD",
        )
        for bound in bounds
    ]
    show_table(title, ("bound", "asked", "measured", "95 % limit", ""), rows)
    broken = sum(not bound.passed for bound in bounds)
    typer.echo(f"{len(bounds) - broken} of {len(bounds)} bounds hold")


def _line_cells(line: Line) -> tuple[str, ...]:
    return (
        line.label,
        line.lang,
        line.source,
        str(line.positives),
        str(line.positives + line.negatives),
        _figure_cell(line, line.average_precision) if line.state == "on" else line.state,
        _share_cell(line, line.precision, line.precision_interval, line.put),
        _share_cell(line, line.recall, line.recall_interval, line.positives),
        _figure_cell(line, line.calibration_error),
        line.note,
    )


def _figure_cell(line: Line, figure: float | None) -> str:
    return BLANK if figure is None or line.note else f"{figure:.3f}"


def _share_cell(
    line: Line, share: float | None, interval: tuple[float, float] | None, of: int
) -> str:
    if share is None or interval is None:
        return BLANK
    if line.note:
        return f"{line.found} of {of}"
    return f"{share:.2f} ({interval[0]:.2f}–{interval[1]:.2f})"


def _by_statement_cells(examples: Mapping[str, object]) -> list[tuple[str, ...]]:
    """Say of misinformation why it has no figures: nothing is learnt of it."""
    names = examples["only_by_statement"]
    blanks = (BLANK,) * (len(LINE_COLUMNS) - 2)
    return [
        (str(name), *blanks, "only by statement")
        for name in (names if isinstance(names, list) else [])
    ]


def _show_examples(report: Mapping[str, object]) -> None:
    found = report["disagreements"]
    rows = found if isinstance(found, list) else []
    title = f"worded examples: {len(rows)} of {report['scored']} are not judged as worded"
    if not rows:
        typer.echo(f"\n{title}")
        return
    columns = ("label", "sign", "language", "band", "score", "example")
    cells = [
        (one["label"], one["sign"], one["lang"], one["band"], f"{one['score']:.2f}", one["text"])
        for one in rows
    ]
    show_table(title, columns, cells, names=len(columns))


def _print_card(tagger: Tagger, measured: _Measured) -> None:
    from evenhand.classifiers import shelf  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.classifiers.card_text import card_markdown  # noqa: PLC0415 - beside its only use

    results = {**tagger.loaded.card.results, **_results(measured)}
    typer.echo(card_markdown(shelf.with_results(tagger.loaded.card, results)))


def _plain(model: str, half: str, measured: _Measured) -> dict[str, object]:
    further = {n: r.as_dict() for n, r in measured.gates.items() if n != OWN_SET}
    return {"model": model, "half": half, **_results(measured), "also": further}


def _results(measured: _Measured) -> dict[str, object]:
    """Give the figures under the names that a card has for them."""
    return {
        "held_out": [asdict(line) for line in measured.lines],
        "labelled_bounds": [asdict(bound) for bound in measured.labelled],
        "neutrality": measured.gates[OWN_SET].as_dict(),
        "examples": dict(measured.examples),
    }
