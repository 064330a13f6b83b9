"""Rows in, rows out: the form in which archives are classified and exports are written."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from evenhand.classifiers.tagger import BATCH
from evenhand.data.records import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evenhand.classifiers.base import Classifier
    from evenhand.classifiers.statements import Statement
    from evenhand.data.records import Reason, Score, Tag

DIGITS = 12
NO_TEXT = "has no text: give each row a key `text` with a string"


def tag_rows(
    texts: Iterable[Text], tagger: Classifier, statements: str = ""
) -> Iterator[dict[str, object]]:
    """Tag *texts* in batches and give each tag as plain values, in the same order.

    *statements* names the list that *tagger* matches with (`list_version`); each row says it.
    """
    said = {"statements": statements} if statements else {}
    waiting = iter(texts)
    while batch := list(islice(waiting, BATCH)):
        for tag in tagger.tag(batch):
            yield tag_row(tag) | said


def list_version(statements: Sequence[Statement]) -> str:
    """Name a list of statements by what is in it; an empty list has no name.

    Another id, policy or wording is another version, and so is another order.
    """
    if not statements:
        return ""
    content = [[one.id, one.policy, *one.wordings] for one in statements]
    return sha256(json.dumps(content).encode()).hexdigest()[:DIGITS]


def text_of(row: Mapping[str, object], place: str) -> Text | str:
    """Take the text out of a row, or say why there is none; *place* names a row without an id."""
    text = row.get("text")
    if not isinstance(text, str):
        return NO_TEXT
    shown_id, lang = row.get("id"), row.get("lang")
    return Text(
        id=place if shown_id is None else str(shown_id),
        text=text,
        lang=lang if isinstance(lang, str) else None,
    )


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
