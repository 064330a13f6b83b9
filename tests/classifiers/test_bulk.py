"""Rows in, rows out."""

from __future__ import annotations

import json

from evenhand.classifiers.bulk import classify_rows

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
    rows = [{"id": f"p{at}", "text": f"Bài số {at} về trời mưa"} for at in range(1_003)]
    found = list(classify_rows(rows, tagger))

    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert list(found[0]) == KEYS
    assert json.loads(json.dumps(found[0]))["model"] == tagger.model


def test_unreadable_rows_are_set_aside_with_their_place(tagger):
    """The rest goes on, and no text is repeated in the reason."""
    aside = []
    rows = [{"id": "1", "text": "chào"}, {"id": "2"}, "no object", {"id": 4, "text": "hello"}]
    found = list(classify_rows(rows, tagger, on_set_aside=aside.append))

    assert [row["id"] for row in found] == ["1", "4"]
    assert [each.place for each in aside] == ["line 2", "line 3"]


def test_civic_row_carries_no_sentiment(tagger):
    """Both fields are null."""
    row = next(classify_rows([{"id": "1", "text": "The election is on Sunday, go vote"}], tagger))

    assert (row["sentiment"], row["sentiment_scores"]) == (None, None)


def test_row_without_id_is_named_by_its_line(tagger):
    """An id is always there."""
    assert [row["id"] for row in classify_rows([{"text": "a"}, {"text": "b"}], tagger)] == [
        "1",
        "2",
    ]
