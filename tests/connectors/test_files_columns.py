"""Which column is what: named by the person, or guessed from names in wide use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors.files_columns import KNOWN, OPTIONS, ROLES, choose_columns, fold
from evenhand.data.errors import UnreadableFile


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["id", "text", "created_at", "lang", "author"],
            {"text": "text", "id": "id", "published": "created_at", "author": "author"},
        ),
        (
            ["Mã bài viết", "Nội dung", "Ngày đăng", "Tiêu đề", "Người đăng", "Ngôn ngữ"],
            {
                "text": "Nội dung",
                "id": "Mã bài viết",
                "published": "Ngày đăng",
                "title": "Tiêu đề",
                "author": "Người đăng",
                "lang": "Ngôn ngữ",
            },
        ),
        (
            ["Tweet ID", "Full Text", "User Name", "Retweet-Count", "Likes", "URL"],
            {"text": "Full Text", "author": "User Name", "url": "URL", "id": "Tweet ID"},
        ),
        (["label", "body", "subreddit"], {"text": "body", "id": None, "author": None}),
    ],
)
def test_columns_are_guessed_in_english_and_vietnamese(header, expected):
    """Capitals, marks, spaces and hyphens make no difference."""
    columns = choose_columns({}, header)

    assert expected == {role: getattr(columns, role) for role in expected}
    assert columns.guessed == set(columns.by_role())


def test_decomposed_names_are_the_same_names():
    """A header typed on another system."""
    assert "noi_dung" == fold("No\u0323\u0302i dung") == fold("NỘI  DUNG")
    assert "duong_dan" == fold(" Đường dẫn ")


def test_reactions_are_all_taken_and_other_roles_once():
    """The first in the list of known names wins, whatever stands first in the file."""
    columns = choose_columns({}, ["message", "shares", "text", "likes", "content"])

    assert "text" == columns.text
    assert ("likes", "shares") == columns.reach


def test_named_columns_outrank_guesses_and_an_empty_name_takes_none():
    """So a wrong guess can be switched off."""
    header = ["text", "body", "id", "author"]
    columns = choose_columns({"text": "body", "id": "", "reach": []}, header)

    assert ("body", None, "author") == (columns.text, columns.id, columns.author)
    assert {"author"} == columns.guessed
    assert {"text": ("body",), "author": ("author",)} == columns.by_role()


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"text": "no"}, "--text"),
        ({"reply_to": "no"}, "--reply-to"),
        ({"reach": ["text", "no"]}, "--reach"),
        ({"text": ""}, "--text"),
    ],
)
def test_column_that_is_not_there_names_the_others_and_the_option(options, option):
    """A misspelt name is never replaced by a guess."""
    with pytest.raises(UnreadableFile, match=option) as caught:
        choose_columns(options, ["text", "id"])
    assert "it has text, id" in str(caught.value)


def test_known_names_are_folded_and_stand_for_one_role():
    """A name that meant two things would be a coin's toss."""
    names = [name for known in KNOWN.values() for name in known.split()]

    assert len(names) == len(set(names))
    assert names == [fold(name) for name in names]
    assert set(KNOWN) == set(ROLES)
    assert {"path", "encoding", *ROLES} == {option.name for option in OPTIONS}


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(name):
    """Whatever a column is called."""
    assert fold(name) == fold(fold(name))
