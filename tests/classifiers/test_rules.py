"""Rules over characters: found where they stand, in linear time, and nowhere else."""

from __future__ import annotations

import time

import pytest

from evenhand.classifiers.reading import read
from evenhand.classifiers.rules import READ_BY_RULES, phone_spans


def hits(tagger, text):
    found = tagger.reader.expressions.find(tagger.reader.read(text).reading)
    return [(hit.id, hit.label, text[slice(*hit.span)]) for hit in found]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        (
            "😀 CCCD 079201001234 của nó đây",
            ("identity_number", "doxxing", "CCCD 079201001234"),
        ),
        (
            "go to http://203.0.113.7/pay",
            ("bare_ip_address", "scam_fraud", "http://203.0.113.7"),
        ),
        (
            "log in at secure-login.example/verify now",
            ("login_address", "scam_fraud", "secure-login.example/verify"),
        ),
    ],
)
def test_rule_is_found_at_its_place(tagger, text, hit):
    """The span lies in the text as it is shown."""
    assert hits(tagger, text) == [hit]


@pytest.mark.parametrize(
    "text",
    ["", "😀", "the agenda is at http://council.example/agenda", "room 203, floor 7", "v 2.0.113"],
)
def test_rules_are_silent_on_plain_texts(tagger, text):
    """Links, numbers and versions are no signs by themselves."""
    assert hits(tagger, text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("call 0900 000 123 now", ["0900 000 123"]),
        ("số nó là +84 900 000 123", ["+84 900 000 123"]),
        ("mười hai con gà, 12 con vịt", []),
        ("", []),
    ],
)
def test_phone_numbers_are_those_that_could_be_dialled(lexicon, text, numbers):
    """Local and international writing; small numbers are none."""
    assert [text[slice(*span)] for span in phone_spans(read(text, lexicon))] == numbers


@pytest.mark.parametrize("piece", ["CCCD 0", "http://1.", "0900 ", "a-", "số 1 "])
def test_rules_take_bounded_time_on_hostile_text(tagger, piece):
    """Only the first 5,000 characters are read, each once."""
    reading = tagger.reader.read((piece * 50_000)[:100_000]).reading
    begun = time.process_time()
    tagger.reader.expressions.find(reading)
    phone_spans(reading)

    assert time.process_time() - begun < 1.0
    assert READ_BY_RULES == 5_000
