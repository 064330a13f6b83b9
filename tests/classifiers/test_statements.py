"""Misinformation is what the team has listed, and nothing else."""

from __future__ import annotations

import pytest

from evenhand.classifiers.statements import Statement, match, telling_words
from evenhand.classifiers.tagger import Tagger
from evenhand.data.records import Band, Text

BARK = Statement("bark", "health_misinformation", ("bark powder cures diabetes for good",))
DAM = Statement("dam", "disaster_misinformation", ("đập thượng nguồn đã vỡ",))


def test_nothing_matches_an_empty_list():
    """Without statements there is no misinformation."""
    assert match("Bark powder cures diabetes for good!", []) == []


def test_statement_matches_in_other_words():
    """Order and small words do not matter; accents neither."""
    assert [each.statement.id for each in match("Diabetes? no. Bark powder cures it", [BARK])] == []
    assert [each.statement.id for each in match("this bark powder cures diabetes", [BARK])] == [
        "bark"
    ]
    assert [each.statement.id for each in match("DAP THUONG NGUON da vo roi ba con oi", [DAM])] == [
        "dam"
    ]


def test_words_scattered_over_a_post_are_not_the_statement():
    """A statement is one sentence: its words far apart, or in two sentences, say something else."""
    far = "bark from the old mill was ground to powder, and my aunt who cures hams has no diabetes"
    two = "We sell bark powder. Nobody here cures diabetes."

    assert match(far, [BARK]) == []
    assert match(two, [BARK]) == []


def test_statement_is_compared_with_its_accents_where_the_post_has_them():
    """Without accents "đã vỡ" and "đa vợ" are one; with them they are not."""
    assert match("Đắp thương nguồn đa vợ", [DAM]) == []
    assert [each.statement.id for each in match("đập thượng nguồn vỡ rồi", [DAM])] == ["dam"]


def test_question_about_a_statement_does_not_match():
    """Asking is not claiming."""
    assert match("Is it true that bark powder cures diabetes for good?", [BARK]) == []


def test_tagger_flags_misinformation_only_by_statement(small_model):
    """The same post is nothing without the list and a check with it, with its places."""
    text = Text("1", "Throw away insulin, bark powder cures diabetes for good")
    without = Tagger.of(small_model).tag([text])[0]
    tag = Tagger.of(small_model, statements=[BARK]).tag([text])[0]

    assert without.harms["health_misinformation"].band is Band.NOTHING
    assert tag.harms["health_misinformation"].band is Band.CHECK
    assert [reason.id for reason in tag.reasons if reason.kind == "statement"] == ["bark"]


@pytest.mark.parametrize(
    "text",
    [
        "This bark powder does not cure diabetes",
        "No, bark powder never cures diabetes",
        "That bark powder cures diabetes is a hoax, ask the clinic",
        "It is false that bark powder cures diabetes for good",
        "Đập thượng nguồn không vỡ, bà con yên tâm",
        "Không có chuyện đập thượng nguồn đã vỡ",
        "Đập thượng nguồn đã vỡ là tin giả",
        "dap thuong nguon khong vo dau ba con oi",
    ],
)
def test_sentence_that_denies_a_statement_does_not_match(text):
    """Whoever sets a rumour right repeats its words, and is not put before a person for it."""
    assert [] == match(text, [BARK, DAM])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Do not waste money on pills, bark powder cures diabetes", ["bark"]),
        ("Bark powder cures diabetes, no doctor needed", ["bark"]),
        ("Nobody believed me. Bark powder cures diabetes for good", ["bark"]),
        ("Đừng ở nhà nữa, đập thượng nguồn đã vỡ", ["dam"]),
    ],
)
def test_denial_of_something_else_leaves_the_match(text, found):
    """Only what stands between the words of the statement, or just before them, turns it round."""
    assert found == [each.statement.id for each in match(text, [BARK, DAM])]


def test_statement_that_is_itself_a_denial_matches_as_it_is_worded():
    """The claim may be that something does not work."""
    pump = Statement("pump", "disaster_misinformation", ("the emergency number does not work",))

    assert match("Listen, the emergency number does not work any more", [pump])


def test_telling_words_are_those_that_tell_a_story():
    """Function words of both languages do not count."""
    assert {"bark", "powder", "cures", "diabetes", "good"} == telling_words(BARK.wordings[0])
    assert {"đập", "thượng", "nguồn", "vỡ"} == telling_words("Các đập thượng nguồn đã bị vỡ")
