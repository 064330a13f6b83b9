"""Links whose domain imitates a log-in or prize page."""

from __future__ import annotations

import pytest

from evenhand.classifiers.links import MOST_LINKS, is_suspect, suspect_links
from evenhand.classifiers.reading import read


@pytest.mark.parametrize(
    ("address", "suspect"),
    [
        ("vietcombank-login.example", True),
        ("bank-login-verify.example/x", True),
        ("http://xn--80ak6aa92e.example/", True),
        ("203.0.113.7/pay", True),
        ("council.example/agenda", False),
        ("news.example/how-to-login-to-your-bank", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_domain_is_suspect_and_not_the_page(address, suspect):
    """Bait words count in the name, never behind it; what cannot be read is no sign."""
    assert is_suspect(address) is suspect


def test_links_are_found_where_they_stand(lexicon):
    """In characters of the shown text."""
    shown = "😀 xem council.example/a rồi vào secure-login.example/verify nhé"
    spans = suspect_links(read(shown, lexicon))

    assert [shown[slice(*span)] for span in spans] == ["secure-login.example/verify"]


def test_only_the_first_links_are_looked_at(lexicon):
    """A wall of links costs no more than twenty."""
    shown = "council.example/a " * 500 + "secure-login.example"

    assert MOST_LINKS == 20
    assert suspect_links(read(shown, lexicon)) == []
