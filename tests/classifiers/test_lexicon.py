"""The word lists compile into one tree."""

from __future__ import annotations

import pytest

from evenhand.classifiers.lexicon import MOST_PLACES, compile_lexicon, expand
from evenhand.data.errors import SettingsError


def test_expand_spells_out_alternatives_and_optional_words():
    """One phrase stands for all its spellings."""
    assert expand("go|come back home?") == [
        ["go", "back", "home"],
        ["go", "back"],
        ["come", "back", "home"],
        ["come", "back"],
    ]


def test_find_gives_places_with_any_word_between():
    """`_` is exactly one word."""
    lexicon = compile_lexicon({"words": '[words.threat]\nen = ["kill _ now"]\nvi = []\n'})

    found = lexicon.find(["i", "kill", "you", "now"], unaccented=False)

    assert found == {"threat": [(1, 4)]}


def test_find_reads_vietnamese_without_accents_only_when_told():
    """Phrases of two words or more are found folded; single words never are."""
    lexicon = compile_lexicon({"words": '[words.x]\nen = []\nvi = ["cứu với", "đốt"]\n'})

    assert lexicon.find(["cuu", "voi", "dot"], unaccented=True) == {"x": [(0, 2)]}
    assert lexicon.find(["cuu", "voi", "dot"], unaccented=False) == {}


def test_find_wants_three_words_without_accents_where_a_file_says_so():
    """Two syllables without accents are too often something harmless."""
    lexicon = compile_lexicon(
        {"words": 'unfolded = ["x"]\n[words.x]\nen = []\nvi = ["đồ chó", "đồ con chó"]\n'}
    )

    assert lexicon.find(["do", "cho", "tu"], unaccented=True) == {}
    assert lexicon.find(["do", "con", "cho"], unaccented=True) == {"x": [(0, 3)]}
    assert lexicon.find(["đồ", "chó"], unaccented=False) == {"x": [(0, 2)]}


def test_find_is_capped_on_endless_repetition():
    """A post that repeats one word cannot make patterns slow."""
    lexicon = compile_lexicon({"words": '[words.x]\nen = ["a"]\nvi = []\n'})

    assert len(lexicon.find(["a"] * 5_000, unaccented=False)["x"]) == MOST_PLACES


def test_compile_refuses_a_broken_file_by_name():
    """The message names the file."""
    with pytest.raises(SettingsError, match=r"masker\.toml"):
        compile_lexicon({"masker": "[words"})


def test_digest_changes_with_any_list():
    """A changed list is another lexicon."""
    one = compile_lexicon({"words": '[words.x]\nen = ["a"]\n'})
    other = compile_lexicon({"words": '[words.x]\nen = ["b"]\n'})

    assert one.digest != other.digest


def test_every_pattern_uses_classes_that_exist(lexicon):
    """A misspelt class would silently switch a pattern off."""
    known = {"url_"} | {
        label for table in lexicon.tables.values() for label in table.get("words", {})
    }
    used = {
        label
        for table in lexicon.tables.values()
        for entry in table.get("patterns", ())
        for slot in (*entry["all"], *entry.get("none", ()))
        for label in slot.split("|")
    }

    assert used - known == set()


def test_phrase_with_too_many_spellings_is_refused():
    """Alternatives multiply: a careless phrase would fill the memory."""
    phrase = " ".join(["a|b|c|d|e|f|g"] * 4)

    with pytest.raises(SettingsError, match="too many spellings"):
        expand(phrase)
