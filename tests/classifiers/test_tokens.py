"""One cut for features, keys and guards."""

from __future__ import annotations

import time

import pytest

from evenhand.classifiers.tokens import cut, tone_placed


def test_cut_hides_links_handles_and_numbers():
    """What was linked, and who was named, is not learnt."""
    words = cut("@ann see win-big.example/x or a.b@c.com, call 0900 000 001 before 5").words

    assert words == ["handle_", "see", "url_", "or", "email_", "call", "longnum_", "before", "num_"]


def test_cut_marks_questions_and_quotations():
    """A question mark belongs to its sentence; quoted words are known."""
    tokens = cut('They wrote "go home" on it. Is that right? No.')

    assert tokens.asking == {1}
    assert [tokens.words[at] for at in sorted(tokens.quoted)] == ["go", "home"]


def test_cut_knows_single_quotes_from_apostrophes():
    """Don't is no quotation."""
    tokens = cut("I don't like that they said 'cút về quê' to us")

    assert [tokens.words[at] for at in sorted(tokens.quoted)] == ["cút", "về", "quê"]


def test_cut_shortens_drawn_out_words():
    """Sooooo and soo are one word."""
    assert cut("sooooo").words == cut("soo").words


@pytest.mark.parametrize(("old", "new"), [("hoá", "hóa"), ("uỷ", "ủy"), ("quý", "quý")])
def test_tone_marks_have_one_place(old, new):
    """Both spellings of a tone are one word, save behind q."""
    assert tone_placed(old) == new


@pytest.mark.parametrize("piece", ["a", "a1", "a.", "1 ", "a-", "@", '"', "ệ", "x@", "'a"])
def test_cut_takes_linear_time_on_hostile_text(piece):
    """No repetition makes the cut slow."""
    begun = time.perf_counter()
    cut(piece * 50_000)

    assert time.perf_counter() - begun < 1.0
