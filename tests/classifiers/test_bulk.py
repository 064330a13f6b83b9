"""Rows in, rows out."""

from __future__ import annotations

import json

from evenhand.classifiers.bulk import NO_TEXT, tag_rows, text_of
from evenhand.data.records import Text

KEYS = [
    "id",
    "lang",
    "topics",
    "sentiment",
    "sentiment_scores",
    "requests",
    "harms",
    "flagged",
    "reasons",
    "model",
]


def test_rows_come_out_in_order_with_every_key(tagger):
    """More than one batch, and each row can be written as JSON."""
    texts = [Text(id=f"p{at}", text=f"Bài số {at} về trời mưa") for at in range(1_003)]
    found = list(tag_rows(texts, tagger))

    assert [row["id"] for row in found] == [one.id for one in texts]
    assert list(found[0]) == KEYS
    assert json.loads(json.dumps(found[0]))["model"] == tagger.model


def test_row_without_a_text_says_what_to_do():
    """No text is repeated in the reason."""
    assert NO_TEXT == text_of({"id": "2"}, "3") == text_of({"id": "2", "text": 4}, "3")


def test_civic_row_carries_no_sentiment(tagger):
    """Both fields are null."""
    [row] = tag_rows([Text(id="1", text="The election is on Sunday, go vote")], tagger)

    assert (row["sentiment"], row["sentiment_scores"]) == (None, None)


def test_row_without_id_is_named_by_its_place():
    """An id is always there, and is a string."""
    assert "7" == text_of({"text": "a"}, "7").id
    assert "4" == text_of({"id": 4, "text": "a"}, "7").id
