"""One text, read once: words, places, language, masks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.classifiers.reading import read


@pytest.mark.parametrize(
    ("text", "accented", "vietnamese"),
    [
        ("Trời hôm nay đẹp quá", True, True),
        ("hom nay toi khong biet di dau, ai biet chi giup voi", False, True),
        ("The weather is lovely today", False, False),
        ("", False, False),
        ("😀", False, False),
    ],
)
def test_reading_knows_vietnamese_with_and_without_accents(lexicon, text, accented, vietnamese):
    """Letters first, then how it is typed."""
    reading = read(text, lexicon)

    assert (reading.accented, reading.vietnamese) == (accented, vietnamese)


def test_masks_replace_names_and_keep_the_count_of_words(lexicon):
    """A name of two words leaves one mask and one empty place."""
    reading = read("Đảng và chính phủ", lexicon)

    assert reading.masked == ["mask_party", "và", "mask_org", ""]
    assert len(reading.masked) == len(reading.tokens.words)


def test_short_forms_are_written_out_in_vietnamese_only(lexicon):
    """Teencode is read in a Vietnamese text; the same letters in English stay."""
    short = next(iter(lexicon.teencode))
    vietnamese, english = read(f"trời ơi {short}", lexicon), read(f"oh my {short}", lexicon)

    assert lexicon.teencode[short] in vietnamese.masked
    assert english.masked[-1] == short


@given(st.text(alphabet=st.characters(), max_size=80))
def test_every_place_lies_inside_the_shown_text(lexicon, shown):
    """Whatever the letters: decomposed, lone surrogates, emoji, nothing."""
    reading = read(shown, lexicon, key="k", mark="vi")

    assert (reading.id, reading.mark) == ("k", "vi")
    assert len(reading.masked) == len(reading.tokens.words)
    for found in reading.places.values():
        for place in found:
            start, end = reading.span(place)
            assert 0 <= start < end <= len(shown)
            assert reading.sentence(place) >= 0


def test_composed_and_decomposed_text_are_read_alike(lexicon):
    """The two spellings of one text give the same words."""
    text = "Người Việt ở Đà Nẵng hỏi đường"

    assert (
        read(unicodedata.normalize("NFD", text), lexicon).masked
        == read(unicodedata.normalize("NFC", text), lexicon).masked
    )
