"""Records: frozen, slotted, and the few things they work out themselves."""

from __future__ import annotations

import dataclasses
import inspect
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from evenhand.data import records
from evenhand.data.records import Band, ItemState, Outcome, Post, Score, Tag, Text
from evenhand.data.taxonomy import Policy, Request

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RECORDS = [one for _, one in inspect.getmembers(records, dataclasses.is_dataclass)]
KINDS = [
    one
    for _, one in inspect.getmembers(records, inspect.isclass)
    if issubclass(one, StrEnum) and one is not StrEnum
]


def tag(**bands):
    quiet = Score(0.1, Band.NOTHING)
    harms = {policy.value: quiet for policy in Policy}
    requests = {request.value: quiet for request in Request}
    for label, band in bands.items():
        (harms if label in harms else requests)[label] = Score(0.9, band)
    return Tag("1", "vi", {}, False, None, None, harms, requests, (), "m")  # noqa: FBT003 - a record


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: one.__name__)
def test_record_is_frozen_and_slotted_and_says_what_it_is(record):
    """Nobody changes a record under another's feet, and no field is made up on the way."""
    assert record.__dataclass_params__.frozen
    assert "__slots__" in vars(record)
    assert len(inspect.getdoc(record).split()) >= 3
    assert not inspect.getdoc(record).startswith(f"{record.__name__}(")


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
def test_kind_has_short_plain_members(kind):
    """Members are stored by name: lower-case words, and ActivityStreams' own for posts."""
    names = [member.value for member in kind]

    assert len(names) == len(set(names)) > 1
    assert all(name.isascii() and name.replace("_", "").isalpha() for name in names)
    assert all(len(name) <= 20 for name in names)


def test_post_refuses_to_be_changed():
    """A correction is another record."""
    post = Post("k", "reddit", "chào", NOW, NOW)

    with pytest.raises(dataclasses.FrozenInstanceError):
        post.content = "khác"
    with pytest.raises((AttributeError, TypeError)):
        post.author_name = "x"


def test_flagged_lists_checks_and_flags_policies_first():
    """Both bands put a post before a person; requests come last."""
    made = tag(question=Band.FLAG, hate=Band.CHECK, spam=Band.FLAG)

    assert made.flagged == ("spam", "hate", "question")
    assert tag().flagged == ()


def test_states_are_those_of_the_glossary():
    """Open, claimed, decided, answered, closed or void."""
    assert [state.value for state in ItemState] == [
        "open",
        "claimed",
        "decided",
        "answered",
        "closed",
        "void",
    ]
    assert len(Outcome) == 5


def test_text_takes_any_letters():
    """Decomposed Unicode, emoji, nothing, and very much."""
    for text in ("Nguo\u031b\u0300i", "😀", "", "x" * 200_000):
        assert Text("1", text).text == text
