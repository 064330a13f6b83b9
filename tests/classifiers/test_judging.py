"""The judge: every label decided, two keys demanded, reasons for what is put before a person."""

from __future__ import annotations

import pytest

from evenhand.classifiers.judging import LABELS
from evenhand.classifiers.statements import Statement
from evenhand.classifiers.tagger import Tagger
from evenhand.data.records import Band

THREAT = "Tao biết nhà mày, tối nay tao đốt nhà mày"


def judge(tagger, text, lang="vi", **scores):
    return tagger.judge.judge(tagger.reader.read(text), lang, scores)


def test_every_label_is_decided_also_for_an_empty_text(tagger):
    """Nine policies and three requests, all quiet."""
    verdict = judge(tagger, "")

    assert set(verdict.scores) == set(LABELS)
    assert {score.band for score in verdict.scores.values()} == {Band.NOTHING}
    assert (verdict.reasons, verdict.explained) == ((), ())


def test_score_alone_puts_nothing_before_a_person(tagger):
    """Every head at 1.0 on a plain text: nothing."""
    verdict = judge(tagger, "Trời hôm nay đẹp quá", "en", **dict.fromkeys(LABELS, 1.0))

    assert {score.band for score in verdict.scores.values()} == {Band.NOTHING}


def test_key_and_score_together_make_a_flag(tagger):
    """The reasons name the keys at their places, and the head is explained."""
    verdict = judge(tagger, THREAT, violence_threat=0.99)
    spans = [span for one in verdict.reasons for span in one.spans]

    assert verdict.scores["violence_threat"].band is Band.FLAG
    assert {one.kind for one in verdict.reasons} <= {"key", "rule", "guard"}
    assert any("đốt" in THREAT[slice(*span)] for span in spans)
    assert verdict.explained == ("violence_threat",)


def test_head_that_is_off_is_not_believed(tagger):
    """In a third language the score of a head does not matter."""
    low, high = (judge(tagger, THREAT, "es", hate=score) for score in (0.0, 1.0))

    assert "hate" in tagger.judge.off["other"]
    assert low == high


def test_third_language_has_neither_score_nor_word_lists(tagger):
    """Word lists of two languages prove nothing in a third; what may stand alone still does."""
    spam = "cheap followers here, subscribe"

    assert judge(tagger, spam, "en", spam=0.999).scores["spam"].band is Band.FLAG
    assert judge(tagger, spam, "es", spam=0.9).scores["spam"].band is Band.NOTHING
    assert judge(tagger, THREAT, "es").scores["violence_threat"].band is Band.CHECK


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Đập thượng nguồn đã vỡ rồi bà con ơi", Band.CHECK),
        ("Đập thượng nguồn có vỡ không vậy?", Band.NOTHING),
    ],
)
def test_statement_is_a_check_and_names_its_place(small_model, text, band):
    """Never a flag: a person compares the post with the statement."""
    dam = Statement("dam", "disaster_misinformation", ("đập thượng nguồn đã vỡ",))
    tagger = Tagger.of(small_model, statements=[dam])
    verdict = judge(tagger, text)
    reasons = [one for one in verdict.reasons if one.kind == "statement"]

    assert verdict.scores["disaster_misinformation"].band is band
    assert [one.id for one in reasons] == (["dam"] if band is Band.CHECK else [])
    assert all(text[slice(*span)].strip() for one in reasons for span in one.spans)
