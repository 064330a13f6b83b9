"""Disguised words are read as what they stand for, and nothing else is touched."""

from __future__ import annotations

import pytest

from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.reading import read
from evenhand.classifiers.respelling import Respelling
from evenhand.classifiers.tokens import cut

LIST = Respelling([("idiot",), ("stupid",), ("shut", "up"), ("ngu",), ("chó",), ("mất", "dạy")])


def words(text):
    return [word for word in LIST.restore(cut(text)).words if word]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("you i d i o t", ["you", "idiot"]),
        ("you i-d-i-0-t!", ["you", "idiot"]),
        ("such a 1d1ot", ["such", "a", "idiot"]),
        ("how st*pid", ["how", "stupid"]),
        ("stuuuuupid", ["stupid"]),
        ("s h u t u p now", ["shut", "up", "now"]),
        ("đồ n g u", ["đồ", "ngu"]),
        ("óc ch.ó", ["óc", "chó"]),
        ("m@t d@y", ["mất", "dạy"]),
    ],
)
def test_restore_reads_the_word_when_it_is_disguised(text, read_as):
    """Spaces, signs, digits, stars and drawn-out letters hide nothing from a reader."""
    assert read_as == words(text)


@pytest.mark.parametrize(
    "text",
    [
        "e.g. the a.m. train, h1n1, covid-19 and 4.5/5 at 3-0",
        "a b c of d e f g h",
        "i'm b-b-back!!",
        "ask @stupid or mail stupid@mail.example",
        "i*****",
        "",
    ],
)
def test_restore_touches_nothing_when_no_listed_word_is_meant(text):
    """Abbreviations, scores, handles and addresses stay; so does the object itself."""
    tokens = cut(text)

    assert LIST.restore(tokens) is tokens


def test_restored_word_reaches_over_all_its_letters_when_shown():
    """The reviewer sees the whole disguise marked."""
    text = "you are an i d i o t really"
    tokens = LIST.restore(cut(text))
    at = tokens.words.index("idiot")
    start, end = tokens.places[at]

    assert "i d i o t" == text[start:end]


@pytest.mark.parametrize("text", ["a-" * 10_000, "x" * 20_000, "@" * 20_000, "a1" * 10_000])
def test_restore_stays_linear_when_a_text_is_one_long_disguise(text):
    """Nothing backtracks over the whole text."""
    tokens = cut(text)

    assert len(tokens.words) == len(LIST.restore(tokens).words)


def test_reading_finds_the_key_when_an_insult_is_disguised():
    """The keys see the restored word."""
    plain = read("you are an idiot", load_lexicon())
    disguised = read("you are an i d i 0 t", load_lexicon())

    assert "insult" in plain.places
    assert "insult" in disguised.places
