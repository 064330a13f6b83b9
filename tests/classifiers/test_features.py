"""Words become one sparse row per text, the same as if each had been cut anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.classifiers.features import characters_of, fit_features

TEXTS = [
    ["nước", "lên", "nhanh"],
    ["nước", "lên", "chậm"],
    ["trời", "mưa", "nhanh"],
    ["mask_country", "mưa", "url_"],
]
WORDS = st.lists(
    st.sampled_from(["nước", "lên", "nhanh", "mưa", "trời", "lạ", "", "url_"]), max_size=8
)


@pytest.fixture(scope="module")
def features():
    return fit_features(TEXTS, most=500, at_least=1)


def test_vocabulary_holds_words_pairs_and_characters(features):
    """In one sorted list: characters behind a tab, pairs with a space."""
    terms = set(features.vocabulary)

    assert {"nước", "nước lên", "\tnư", "\t nhan"} <= terms
    assert list(features.vocabulary) == sorted(features.vocabulary)


def test_rarer_terms_weigh_more(features):
    """ln((1 + texts) / (1 + found in)) + 1; "trời" is in one text, "nước" in two."""
    at = features.index

    assert features.idf[at["trời"]] == pytest.approx(np.log(5 / 2) + 1, abs=1e-3)
    assert features.idf[at["nước"]] == pytest.approx(np.log(5 / 3) + 1, abs=1e-3)


def test_vocabulary_keeps_the_terms_found_most():
    """At least twice, and no more than asked for; the same texts give the same list."""
    few = fit_features(TEXTS, most=3, at_least=2)

    assert len(few.vocabulary) == 3
    assert few.vocabulary == fit_features(list(reversed(TEXTS)), most=3, at_least=2).vocabulary


@pytest.mark.parametrize(
    ("word", "characters"),
    [("url_", []), ("mask_group", []), ("ổ", ["\t ổ", "\tổ "])],
)
def test_symbols_have_no_characters(word, characters):
    """Masks and addresses are whole; a word is padded by a space on either side."""
    assert characters_of(word) == characters


@given(WORDS)
def test_row_has_length_one_for_words_and_for_characters(features, words):
    """So that many characters do not drown a word."""
    row = features.rows([words]).toarray()[0]
    for part in (row[features.kind == kind] for kind in range(3)):
        assert np.linalg.norm(part) == pytest.approx(1.0, abs=1e-5) or not part.any()


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_rows_do_not_depend_on_the_batch_or_on_what_was_read_before(features, texts):
    """What is remembered of a word is what cutting it again would give."""
    together = features.rows(texts).toarray()
    alone = np.vstack([features.rows([words]).toarray() for words in texts])
    fresh = fit_features(TEXTS, most=500, at_least=1).rows(texts).toarray()

    assert np.array_equal(together, alone)
    assert np.array_equal(together, fresh)


@given(WORDS)
def test_uses_of_terms_are_the_columns_of_the_row(features, words):
    """Explanations point at exactly what was counted."""
    columns = {column for column, _, _ in features.terms_at(words)}

    assert columns == set(features.rows([words]).indices)
    assert all(0 <= start < end <= len(words) for _, start, end in features.terms_at(words))


def test_nothing_known_is_an_empty_row(features):
    """No text, or words of another language."""
    assert features.rows([[], ["xyzzy"]]).shape == (2, len(features.vocabulary))
    assert features.rows([[]]).nnz == 0
