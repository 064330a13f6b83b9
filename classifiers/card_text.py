"""A model's card as Markdown: what it is, what it learnt from, what was measured, where it is weak.

It holds no text of a post save the worded examples of the taxonomy, and names no person, so it
may be handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from evenhand.classifiers.judging import BY_STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenhand.classifiers.shelf import Card
    from evenhand.classifiers.statements import Statement

    Plain = Mapping[str, object]

BLANK = "–"
HOLDS, BROKEN = "holds", "**does not hold**"


def card_markdown(
    card: Card, *, statements: Sequence[Statement] | None = None, reports: Plain | None = None
) -> str:
    """Write *card*.

    *statements* are those in force, None where no team was asked.
    *reports* are measurements kept elsewhere, under the names that a card's results have
    ("held_out", "neutrality", "labelled_bounds", "examples", "backtest"); they outrank its own.
    """
    results = {**card.results, **(reports or {})}
    parts = [
        f"# Model card: {card.id}",
        *_facts(card),
        *_sources(card),
        *_thresholds(card),
        *_held_out(_listed(results.get("held_out"))),
        *_gate(results),
        *_backtest(_mapped(results.get("backtest"))),
        *_examples(_mapped(results.get("examples"))),
        *_statements(statements),
        "## Limits",
        "\n".join(f"- {limit}" for limit in card.limits) or "None are written down.",
    ]
    return "\n\n".join(parts) + "\n"


def _facts(card: Card) -> list[str]:
    facts = {
        "Recipe": card.recipe,
        "Started from": card.base,
        "Content hash": card.content_hash,
        "Hash of the data": card.data_hash,
        "Code version": card.code_version,
        "Word lists": card.lexicon,
        "Newest decision learnt from": card.learnt_until,
        "Licences": "; ".join(card.licences),
    }
    return ["\n".join(f"- {name}: {value}" for name, value in facts.items() if value)]


def _sources(card: Card) -> list[str]:
    rows = [
        (str(one.get("name")), str(one.get("rows", BLANK)), str(one.get("licence") or BLANK))
        for one in card.sources
    ]
    parts = ["## Learnt from", _table(("source", "rows", "licence"), rows)]
    if card.origins:
        langs = sorted({lang for own in card.origins.values() for lang in own})
        told = [
            (origin, *(str(own.get(lang, 0)) for lang in langs))
            for origin, own in card.origins.items()
        ]
        parts += ["Decisions by origin and language:", _table(("origin", *langs), told)]
    return parts


def _thresholds(card: Card) -> list[str]:
    langs = sorted({lang for own in card.rows.values() for lang in own})
    rows = [
        (
            label,
            f"{threshold:.2f}",
            *(_counted(card, label, lang) for lang in langs),
            ", ".join(lang for lang, names in sorted(card.off.items()) if label in names) or BLANK,
        )
        for label, threshold in card.thresholds.items()
    ]
    columns = ("label", "threshold", *(f"yes / no in {lang}" for lang in langs), "off in")
    return [
        "## Thresholds and heads that are off",
        "A head that is off in a language is not believed there: only rules and keys speak.",
        _table(columns, rows),
    ]


def _counted(card: Card, label: str, lang: str) -> str:
    counts = card.rows.get(label, {}).get(lang)
    return BLANK if counts is None else f"{counts[0]} / {counts[1]}"


def _held_out(lines: Sequence[Plain]) -> list[str]:
    if not lines:
        return []
    rows = [
        (
            *(str(line.get(name, BLANK)) for name in ("label", "lang", "source", "positives")),
            _ranked(line),
            _figure(line, "precision"),
            _figure(line, "recall"),
            _figure(line, "calibration_error"),
            str(line.get("note") or ""),
        )
        for line in lines
    ]
    columns = ("label", "language", "from", "with it", "AP", "precision", "recall", "ECE", "note")
    return [
        "## Measured on rows it did not learn from",
        "Precision and recall count what is put before a person, with 95 % intervals.",
        _table(columns, rows),
    ]


def _ranked(line: Plain) -> str:
    """Give AP, or why there is none; cards from before the state was written have no other."""
    state = str(line.get("state", "on"))
    return _figure(line, "average_precision") if state == "on" else state


def _figure(line: Plain, name: str) -> str:
    value = line.get(name)
    if not isinstance(value, float) or line.get("note"):
        return BLANK
    interval = line.get(f"{name}_interval")
    if not isinstance(interval, list | tuple):
        return f"{value:.2f}"
    return f"{value:.2f} ({interval[0]:.2f}–{interval[1]:.2f})"


def _gate(results: Plain) -> list[str]:
    parts: list[str] = []
    gate = _mapped(results.get("neutrality"))
    for title, bounds in (
        ("Neutrality gate", _listed(gate.get("bounds"))),
        ("Bounds on labelled sets", _listed(results.get("labelled_bounds"))),
    ):
        if bounds:
            broken = sum(not one.get("passed") for one in bounds)
            said = "Every bound holds." if not broken else f"{broken} bounds do not hold."
            rows = [_bound(one) for one in bounds]
            columns = ("bound", "asked", "measured", "95 % limit", "")
            parts += [f"## {title}", said, _table(columns, rows)]
    return parts


def _bound(bound: Plain) -> tuple[str, ...]:
    figures = (bound.get("measured"), bound.get("limit"))
    return (
        str(bound.get("name")),
        str(bound.get("bound")),
        *(f"{each:.3f}" if isinstance(each, float) else BLANK for each in figures),
        HOLDS if bound.get("passed") else BROKEN,
    )


def _backtest(report: Plain) -> list[str]:
    lines = _listed(report.get("lines"))
    if not lines:
        return []
    rows = [
        (
            *(str(line.get(name)) for name in ("label", "lang", "positives")),
            *(_pair(_mapped(line.get(figure))) for figure in ("ap", "recall", "precision")),
            str(line.get("verdict")),
        )
        for line in lines
    ]
    columns = ("label", "language", "with it", "AP", "recall", "precision", "verdict")
    refusals = cast("Iterable[str]", report.get("refusals") or ())
    return [
        "## Compared with the model it started from",
        _table(columns, rows),
        *(["\n".join(f"- Refused: {one}" for one in refusals)] if refusals else []),
    ]


def _pair(pair: Plain) -> str:
    both = (pair.get("active"), pair.get("candidate"))
    return " → ".join(f"{each:.2f}" if isinstance(each, float) else BLANK for each in both)


def _examples(report: Plain) -> list[str]:
    if not report:
        return []
    found = _listed(report.get("disagreements"))
    said = f"{len(found)} of {report.get('scored')} are not judged as worded."
    rows = [
        tuple(str(one.get(name)) for name in ("label", "lang", "sign", "band", "text"))
        for one in found
    ]
    table = [_table(("label", "language", "sign", "band", "example"), rows)] if rows else []
    return ["## Worded examples of the policies", said, *table]


def _statements(statements: Sequence[Statement] | None) -> list[str]:
    names = " and ".join(f"`{name}`" for name in sorted(BY_STATEMENT))
    said = f"{names} are found by a team's statements alone"
    if statements is None:
        return ["## Statements", f"{said}; the model itself brings none."]
    rows = [
        (one.id, one.policy, " · ".join(one.wordings))
        for one in sorted(statements, key=lambda one: (one.policy, one.id))
    ]
    table = [_table(("statement", "policy", "wordings"), rows)] if rows else []
    return ["## Statements", f"{said}; {len(statements)} are in force.", *table]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [
        f"| {' | '.join(columns)} |",
        f"|{' --- |' * len(columns)}",
        *(f"| {' | '.join(map(_cell, row))} |" for row in rows),
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Keep one cell one cell: neither a line's end nor a bar of the text ends it."""
    return " ".join(text.split()).replace("|", "\\|")


def _mapped(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, dict) else {}


def _listed(value: object) -> list[Plain]:
    return [_mapped(one) for one in value] if isinstance(value, list | tuple) else []
