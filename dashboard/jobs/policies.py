"""The closed lists as people read them, each worded example with what the active model made of it.

The wording itself is data that ships with Evenhand; nothing here changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import access
from evenhand.data.records import Role
from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.taxonomy import LANGUAGES, Policy, Request, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.taxonomy import Entry

# As `classifiers.examples` names them; this module is loaded where no model library is.
IS, IS_NOT = "is", "is not"
DISAGREES, ONLY_BY_STATEMENT = "disagrees", "only by statement"
BY_STATEMENT = frozenset({Policy.HEALTH_MISINFORMATION.value, Policy.DISASTER_MISINFORMATION.value})


@dataclass(frozen=True, slots=True)
class Example:
    """One worded example and what the active model made of it.

    *score*, *band* and *agrees* are None where it was not measured, and where only a statement
    finds the harm.
    """

    label: str
    lang: str
    is_one: bool
    text: str
    score: float | None = None
    band: str | None = None
    agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class Worded:
    """One policy or request with its examples in both languages."""

    entry: Entry
    is_request: bool
    by_statement: bool
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All policies and requests, and where the active model disagrees with their examples.

    *measured_at* is None as long as the model has scored none of them.
    """

    wording: str
    model: str
    measured_at: datetime | None
    scored: int
    disagreements: tuple[Example, ...]
    policies: tuple[Worded, ...]
    requests: tuple[Worded, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    by_example: Mapping[tuple[str, str, bool, str], tuple[float, str, bool | None]]
    at: datetime | None


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """Show the lists with the newest measurement of the active model; open to every role.

    Raises:
        NotAllowed: The actor has no role at all.
    """
    access.require(actor, *Role)
    with store.read() as conn:
        active = models.active(conn)
        if active is None or shipped.is_older(active):
            active = shipped.as_model(now)
        found = model_reports.newest(conn, active.version).get(ReportKind.EXAMPLES)
    measured = _Measured({}, None)
    if found is not None:
        measured = _Measured(_by_example(found.data), found.made_at)
    lists = load_taxonomy()
    policies = tuple(_worded(lists.policies[one], measured) for one in Policy)
    requests = tuple(_worded(lists.requests[one], measured) for one in Request)
    every = [example for one in (*policies, *requests) for example in one.examples]
    return Overview(
        wording=lists.version,
        model=active.version,
        measured_at=measured.at,
        scored=sum(one.agrees is not None for one in every),
        disagreements=tuple(one for one in every if one.agrees is False),
        policies=policies,
        requests=requests,
    )


def _worded(entry: Entry, measured: _Measured) -> Worded:
    label = entry.id
    examples = tuple(
        _example((label, lang, is_one, text), measured)
        for lang in LANGUAGES
        for is_one, text in _texts(entry, lang)
    )
    is_request = label in {one.value for one in Request}
    return Worded(entry, is_request, label in BY_STATEMENT, examples)


def _texts(entry: Entry, lang: str) -> Iterator[tuple[bool, str]]:
    for text in entry.wording[lang].positives:
        yield True, text
    for text in entry.wording[lang].negatives:
        yield False, text


def _example(key: tuple[str, str, bool, str], measured: _Measured) -> Example:
    score, band, agrees = measured.by_example.get(key, (None, None, None))
    return Example(*key, score=score, band=band, agrees=agrees)


def _by_example(
    data: Mapping[str, object],
) -> dict[tuple[str, str, bool, str], tuple[float, str, bool | None]]:
    """Index a report by label, language, sign and text, so that a changed wording is not shown."""
    rows = cast("Sequence[Mapping[str, object]]", data.get("scores") or ())
    return {
        (str(row["label"]), str(row["lang"]), row["sign"] == IS, str(row["text"])): (
            cast("float", row["score"]),
            str(row["band"]),
            None if row["verdict"] == ONLY_BY_STATEMENT else row["verdict"] != DISAGREES,
        )
        for row in rows
    }
