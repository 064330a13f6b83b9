"""Text from outside is cleaned before it is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.plain import make_pieces, make_plain

WORDS = "Đường ngập ở quận 8, xin chỉ giúp 🙏"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (WORDS, WORDS),
        (unicodedata.normalize("NFD", WORDS), WORDS),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("two\r\nlines\rand a third", "two\nlines\nand a third"),
        ("pay \u202egnp.exe\u202c now", "pay ⟲gnp.exe⟲ now"),
        ("far" + "\n" * 50 + "apart", "far\n\n\napart"),
        ("مرحبا 123 שלום", "مرحبا 123 שלום"),
    ],
)
def test_make_plain_keeps_words_and_takes_tricks(text, shown):
    """Letters of any language stay; control characters go and turns of direction are shown."""
    assert make_plain(text) == (shown, 0)


def test_make_plain_limits_stacked_marks_but_keeps_vietnamese():
    """A tower of marks does not run over its neighbours; ệ keeps both of its own."""
    towering = "a" + "\u0336" * 400

    assert len(make_plain(towering)[0]) <= 5
    assert make_plain("e\u0302\u0323")[0] == "ệ"


def test_make_plain_says_how_much_it_left_off():
    """A very long text is cut, and the count of what is missing is right."""
    shown, left = make_plain("ngập " * 100_000, 50)

    assert shown.endswith(" …")
    assert left == 5 * 100_000 - 1 - 50


@given(st.text())
def test_make_plain_changes_nothing_the_second_time(text):
    """Cleaning what is clean changes nothing."""
    once, _ = make_plain(text)

    assert make_plain(once) == (once, 0)


def test_make_pieces_cuts_where_something_is_marked():
    """Each piece is cleaned on its own, so that no mark moves."""
    text = "  a\x00b \u202elink\r\n there  "
    pieces, left = make_pieces(text, [(7, 11, "rule")], 100)

    assert pieces == [("ab ⟲", ""), ("link", "rule"), ("\n there", "")]
    assert left == 0


def test_make_pieces_cuts_at_the_limit():
    """Marks behind the limit go with the text that they mark."""
    pieces, left = make_pieces("abcdef", [(1, 3, "x"), (4, 6, "y")], 5)

    assert pieces == [("a", ""), ("bc", "x"), ("d", ""), ("e", "y")]
    assert left == 1


@given(st.text())
def test_make_pieces_without_marks_is_make_plain(text):
    """Where nothing is marked both show the same."""
    pieces, _ = make_pieces(text, [], 10_000)

    assert "".join(piece for piece, _ in pieces) == make_plain(text)[0]
