"""Which name a post holds changes no score."""

from __future__ import annotations

import pytest

from evenhand.classifiers.lexicon import expand
from evenhand.classifiers.masker import MASKS
from evenhand.classifiers.reading import read
from evenhand.data.records import Text

FRAMES = {
    "en": ("yesterday we talked about {} for an hour", "i met {} on the bus"),
    "vi": ("hôm qua cả nhà nói chuyện về {} rất lâu", "bữa trước có nhắc tới {} trên xe"),
}
LISTED = ("group", "country", "party", "organisation")


def names_of(lexicon, label, lang):
    lists = lexicon.tables["masker"]["words"][label]
    return sorted({" ".join(words) for phrase in lists[lang] for words in expand(phrase)})


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("label", LISTED)
def test_every_name_of_a_class_gives_the_same_words(lexicon, label, lang):
    """Each entry of the list, put into the same sentences, leaves the same masked words."""
    odd = {}
    for frame in FRAMES[lang]:
        expected = [MASKS[label] if word == "{}" else word for word in frame.split()]
        for name in names_of(lexicon, label, lang):
            masked = [word for word in read(frame.format(name), lexicon).masked if word]
            if not any(word.startswith("mask_") for word in masked) or len(masked) != len(expected):
                odd[name] = masked

    assert odd == {}


def test_scores_do_not_depend_on_the_group(tagger):
    """Majority and minority, home and abroad: one sentence, one score."""
    groups = ("Immigrants", "Americans", "Muslims", "Christians", "Women", "Men", "White people")
    tags = tagger.tag([Text(name, f"{name} are vermin, throw them all out") for name in groups])

    assert {tag.harms["hate"].score for tag in tags} == {tags[0].harms["hate"].score}
    assert {tag.flagged for tag in tags} == {tags[0].flagged}
    assert "hate" in tags[0].flagged


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("the american government said no", "mask_country"),
        ("american people said no", "mask_group"),
        ("người trung quốc sống ở đây", "mask_group"),
        ("đi du lịch trung quốc một tuần", "mask_country"),
        ("hôm qua mình bay qua Pháp chơi", "mask_country"),
    ],
)
def test_demonym_is_a_people_or_a_place(lexicon, text, mask):
    """The word beside it decides."""
    assert mask in read(text, lexicon).masked


def test_virtue_is_no_country(lexicon):
    """A short Vietnamese name counts only with a capital letter."""
    assert "mask_country" not in read("sống có đức mới vui", lexicon).masked
