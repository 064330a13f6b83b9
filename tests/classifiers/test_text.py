"""Shown text becomes clean text, and spans find their way back."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from evenhand.classifiers.text import READ_CHARACTERS, clean, fold


def test_clean_keeps_a_plain_text_as_it_is():
    """A text in NFC has the same places before and after."""
    cleaned = clean("Chào bạn, khỏe không?")

    assert (cleaned.text, cleaned.offsets) == ("Chào bạn, khỏe không?", None)


def test_clean_composes_letters_and_maps_spans_back():
    """A span of the composed text points at the same letters as shown."""
    shown = unicodedata.normalize("NFD", "Người Việt")
    cleaned = clean(shown)
    start, end = cleaned.shown(6, 10)

    assert (cleaned.text, unicodedata.normalize("NFC", shown[start:end])) == ("Người Việt", "Việt")


def test_clean_drops_what_nobody_sees():
    """NUL, lone surrogates, zero-width and direction marks go; the way back stays."""
    shown = "a\x00b\ud800c\u200bd\u202ee"
    cleaned = clean(shown)

    assert cleaned.text == "abcde"
    assert shown[slice(*cleaned.shown(2, 3))].startswith("c")


def test_clean_says_when_it_stops_reading():
    """Beyond the limit a text is not read."""
    cleaned = clean("x" * 100_000)

    assert (len(cleaned.text), cleaned.cut) == (READ_CHARACTERS, True)


def test_fold_strips_accents_and_d_one_for_one():
    """Each letter stays one letter, đ too."""
    assert fold("Đường đẹp, ưỡn ẹo") == "Duong dep, uon eo"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_clean_never_loses_count(shown):
    """Every span of the clean text lies inside the shown text, in order."""
    cleaned = clean(shown)
    spans = [cleaned.shown(at, at + 1) for at in range(len(cleaned.text))]

    assert len(cleaned.low) == len(cleaned.text)
    assert all(0 <= start <= end <= len(shown) for start, end in spans)
    assert spans == sorted(spans)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_cleaning_twice_changes_nothing(shown):
    """Normalising is idempotent."""
    once = clean(shown).text

    assert clean(once).text == once
