"""Rows in, rows out: the form in which archives are classified and exports are written."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from evenhand.classifiers.tagger import BATCH
from evenhand.data.records import SetAside, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from evenhand.classifiers.base import Classifier
    from evenhand.data.records import Reason, Score, Tag


def classify_rows(
    rows: Iterable[Mapping[str, object]],
    tagger: Classifier,
    *,
    on_set_aside: Callable[[SetAside], None] = lambda _aside: None,
) -> Iterator[dict[str, object]]:
    """Tag *rows* with the keys "id", "text" and, if known, "lang"; order is kept.

    A row that cannot be read is told to *on_set_aside* with its line number, and left out.
    """
    waiting = iter(_texts(rows, on_set_aside))
    while batch := list(islice(waiting, BATCH)):
        for tag in tagger.tag(batch):
            yield tag_row(tag)


def tag_row(tag: Tag) -> dict[str, object]:
    """Give one tag as plain values; sentiment is None on civic posts."""
    return {
        "id": tag.id,
        "lang": tag.lang,
        "topics": dict(tag.topics),
        "sentiment": tag.sentiment,
        "sentiment_scores": None if tag.sentiment_scores is None else dict(tag.sentiment_scores),
        "requests": {label: _score(score) for label, score in tag.requests.items()},
        "harms": {label: _score(score) for label, score in tag.harms.items()},
        "flagged": list(tag.flagged),
        "reasons": [_reason(reason) for reason in tag.reasons],
        "model": tag.model,
    }


def _texts(
    rows: Iterable[Mapping[str, object]], on_set_aside: Callable[[SetAside], None]
) -> Iterator[Text]:
    for number, row in enumerate(rows, start=1):
        wrong = _fault(row)
        if wrong is not None:
            on_set_aside(SetAside(f"line {number}", wrong))
            continue
        lang = row.get("lang")
        shown_id = row.get("id")
        yield Text(
            id=str(number if shown_id is None else shown_id),
            text=str(row["text"]),
            lang=lang if isinstance(lang, str) else None,
        )


def _fault(row: object) -> str | None:
    if not hasattr(row, "get"):
        return f"is a {type(row).__name__}, not an object with the keys id and text"
    text = row.get("text")
    if not isinstance(text, str):
        return "has no text: give each row a key `text` with a string"
    return None


def _score(score: Score) -> dict[str, object]:
    return {"score": score.score, "band": score.band.value}


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "label": reason.label,
        "kind": reason.kind,
        "id": reason.id,
        "spans": [list(span) for span in reason.spans],
        "weight": reason.weight,
    }
