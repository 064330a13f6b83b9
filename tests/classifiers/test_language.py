"""Letters first, then the model's own heads, then the library."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Trạm y tế phường mình mở cửa lúc mấy giờ vậy ạ", "vi"),
        ("toi khong biet tram y te mo cua luc nao, ai biet chi giup voi", "vi"),
        ("The clinic is open on Saturday and you can walk in", "en"),
        ("¿Dónde está el centro de salud más cercano? Gracias a todos por la ayuda", "es"),
        ("", "und"),
        ("😀😀", "und"),
        ("ok", "und"),
    ],
)
def test_language_is_named(tag_one, text, lang):
    """Both languages, Vietnamese without accents, another one, and too little text."""
    assert tag_one(text).lang == lang


def test_platform_mark_decides_only_in_doubt(tag_one):
    """A plainly Vietnamese post stays Vietnamese whatever the platform says."""
    assert tag_one("Hôm nay trời đẹp quá", lang="en").lang == "vi"


def test_other_language_gets_no_model_score_and_says_so(tag_one):
    """In a third language only rules speak."""
    tag = tag_one("¿Dónde está el centro de salud más cercano? Gracias a todos por la ayuda")

    assert {score.score for score in tag.harms.values()} == {0.0}
    assert [(reason.kind, reason.id) for reason in tag.reasons] == [("language", "es")]
    assert tag.sentiment is None
