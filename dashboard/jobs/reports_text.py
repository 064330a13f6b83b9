"""How the cells and figures of a report are worded: by the name of their column, in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale

from evenhand.dashboard.jobs.reports_parts import Unit, Why
from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import say
from evenhand.data.taxonomy import Policy, Request, load_taxonomy

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.reports_parts import Cell, Chapter, Figure, Report, Table

LABELS = frozenset(one.value for one in (*Policy, *Request))
NOTHING = "–"
UNKNOWN = "und"
# Columns whose cells stand in the glossary, and under which key.
WORDED = {
    "origin": "terms.origin_{}",
    "outcome": "terms.outcome_{}",
    "queue": "terms.queue_{}",
    "response": "terms.response_{}",
    "recipient": "terms.recipient_{}",
    "side": "quality.side_{}",
    "number": "report.number_{}",
}
SHARES = frozenset({"share", "low", "high"})
HOURS = frozenset({"median", "median_low", "median_high", "p90", "p90_low", "p90_high"})
PEOPLE = "readers"


def heading(column: str, lang: str) -> str:
    """Word the head of a column."""
    return say(f"report.col_{column}", lang)


def cell(column: str, value: Cell, lang: str) -> str:
    """Word one cell of a column; what is not known or not shown is a dash."""
    if value is None:
        return say("report.fewer", lang) if column == PEOPLE else NOTHING
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no", lang)
    if isinstance(value, str):
        return _word(column, value, lang)
    if isinstance(value, float):
        return _number(column, value, lang)
    # Counts, days and times.
    return forms.value(value, lang)


def _number(column: str, value: float, lang: str) -> str:
    if column in SHARES:
        return forms.percent(value, lang)
    if column in HOURS:
        return forms.number(value, lang)
    made = f"{value:.4f}".rstrip("0").rstrip(".")
    return made if lang == "en" else made.replace(".", ",")


def _word(column: str, value: str, lang: str) -> str:
    if column in {"label", "policy"}:
        if value in LABELS:
            return load_taxonomy().entry(value).wording[lang].name
        return say("report.no_label", lang)
    if column == "lang":
        name = None if value == UNKNOWN else Locale(lang).languages.get(value)
        return say("report.lang_und", lang) if value == UNKNOWN else str(name or value)
    key = WORDED.get(column)
    return value if key is None else say(key.format(value), lang)


def value(one: Figure, lang: str) -> str:
    """Word what a figure says: its value, its interval and how many cases it is of."""
    if one.unit is Unit.COUNT:
        return forms.number(int(one.value or 0), lang)
    counts = {"part": one.part or 0, "n": one.n or 0}
    if one.why is Why.AT_LEAST:
        return say("report.value_hours_least", lang, low=_hours(one.low, lang), **counts)
    if one.unit is Unit.AUDIT:
        shares = {end: forms.percent(getattr(one, end), lang) for end in ("value", "low", "high")}
        key = "value_audit" if one.why is None else "value_audit_few"
        return say(f"report.{key}", lang, **shares, **counts)
    if one.why is Why.TOO_FEW:
        key = "value_share_few" if one.unit is Unit.SHARE else "value_few"
        return say(f"report.{key}", lang, **counts)
    words = {Unit.SHARE: forms.percent, Unit.HOURS: _hours, Unit.COEFFICIENT: _score}
    word = words[one.unit]
    parts = {"value": word(one.value, lang), "low": word(one.low, lang)}
    return say(f"report.value_{one.unit.value}", lang, **parts, high=word(one.high, lang), **counts)


def _hours(hours: float | None, lang: str) -> str:
    return say("report.open_end", lang) if hours is None else forms.number(float(hours), lang)


def _score(given: float | None, lang: str) -> str:
    return NOTHING if given is None else forms.score(given, lang)


def title(report: Report, lang: str) -> str:
    """Word the title of a report."""
    return f"{report.organisation}: {say('report.title', lang)}"


def opening(report: Report, lang: str) -> list[str]:
    """Word the sentences that a report begins with."""
    none = say("report.none", lang)
    told = [
        say("report.window", lang, first=report.first, last=report.last),
        say("report.as_of", lang, at=report.at),
        say("report.cohort", lang),
        say(
            "report.versions",
            lang,
            policies=", ".join(report.policy_versions) or none,
            models=", ".join(report.models) or none,
        ),
    ]
    if report.simulated:
        told.append(say("report.simulated", lang))
    return [*told, say("report.no_compliance", lang)]


def chapter_title(chapter: Chapter, lang: str) -> str:
    """Word the title of a chapter."""
    return say(f"report.chapter_{chapter.name}", lang)


def lead(chapter: Chapter, lang: str) -> str:
    """Word what stands under a chapter's title."""
    return say(f"report.lead_{chapter.name}", lang)


def table_title(table: Table, lang: str) -> str:
    """Word the title of a table."""
    return say(f"report.table_{table.name}", lang)


def name(one: Figure, lang: str) -> str:
    """Word the name of a figure."""
    return say(f"report.fig_{one.name}", lang)


def definition(one: Figure, lang: str) -> str:
    """Word the definition of a figure."""
    return say(f"report.def_{one.name}", lang)
