"""The one English-Vietnamese glossary behind every screen.

A key is "page.name": `shell.sign_in` stands in `words/shell.py` as `sign_in`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.words import (
    alerts,
    care,
    clarify,
    coverage,
    filters,
    forms,
    macros,
    models,
    overview,
    placeholders,
    policies,
    quality,
    quality_audit,
    queues,
    ranges,
    report,
    reports,
    requests,
    review,
    shell,
    shift,
    simulator,
    sources,
    statements,
    terms,
    trends,
    waves,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHELVES: Mapping[str, Mapping[str, forms.Entry]] = {
    "alerts": alerts.WORDS,
    "care": care.WORDS,
    "clarify": clarify.WORDS,
    "coverage": coverage.WORDS,
    "filters": filters.WORDS,
    "macros": macros.WORDS,
    "models": models.WORDS,
    "overview": overview.WORDS,
    "placeholders": placeholders.WORDS,
    "policies": policies.WORDS,
    "quality": quality.WORDS,
    "quality_audit": quality_audit.WORDS,
    "queues": queues.WORDS,
    "ranges": ranges.WORDS,
    "report": report.WORDS,
    "reports": reports.WORDS,
    "requests": requests.WORDS,
    "review": review.WORDS,
    "shell": shell.WORDS,
    "shift": shift.WORDS,
    "simulator": simulator.WORDS,
    "sources": sources.WORDS,
    "statements": statements.WORDS,
    "terms": terms.WORDS,
    "trends": trends.WORDS,
    "waves": waves.WORDS,
}


def entries() -> dict[str, forms.Entry]:
    """List every wording under its full key."""
    return {
        f"{page}.{name}": entry for page, shelf in _SHELVES.items() for name, entry in shelf.items()
    }


def say(key: str, lang: str, **values: object) -> str:
    """Word *key* in *lang* with *values* filled in.

    Numbers and times are written by the language's own rules.
    An English wording in two forms goes by the value named `n`.

    Raises:
        LookupError: The key or the language is not in the glossary.
    """
    page, _, name = key.partition(".")
    entry = _SHELVES.get(page, {}).get(name)
    if entry is None or lang not in forms.LANGUAGES:
        msg = f"{key!r} has no wording in {lang!r}; add it to dashboard/words/{page}.py"
        raise LookupError(msg)
    wording = entry[forms.LANGUAGES.index(lang)]
    if isinstance(wording, tuple):
        wording = wording[0 if values.get("n") == 1 else 1]
    return wording.format(**{name: forms.value(given, lang) for name, given in values.items()})
