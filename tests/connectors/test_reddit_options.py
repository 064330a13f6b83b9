"""A reddit source's block: what it may say, and that no person can be a source."""

from __future__ import annotations

import pytest

from evenhand.connectors.reddit_options import (
    MOST_SUBREDDITS,
    OAUTH_URL,
    REDDIT_URL,
    read_options,
    read_subreddits,
    refuse_praw_variables,
)
from evenhand.data.errors import SourceMisconfigured
from evenhand.data.records import SourceSpec
from tests.connectors.reddit_server import AGENT, ENVIRON, SECRET

BLOCK = {
    "subreddits": ["vietnam", "hanoi"],
    "client_id": "app",
    "client_secret": "env:TEST_REDDIT_SECRET",
    "user_agent": AGENT,
}


def read(**changes):
    """Read the block with some options changed; None leaves one out."""
    block = {key: one for key, one in (BLOCK | changes).items() if one is not None}
    return read_options(SourceSpec("nguồn", "reddit", block), ENVIRON)


def test_block_is_read_with_its_defaults():
    """Four options are enough: comments are read too, and only from reddit itself."""
    found = read()

    assert ("vietnam", "hanoi") == found.subreddits
    assert (True, REDDIT_URL, OAUTH_URL) == (found.comments, found.reddit_url, found.oauth_url)
    assert SECRET == found.client_secret
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        *(({name: None}, f"`{name}`") for name in BLOCK),
        *(({name: 7}, f"`{name}`") for name in BLOCK),
        ({"subreddit": "vietnam"}, "`subreddit` is no option"),
        ({"client_secret": SECRET}, "never the secret itself"),
        ({"client_id": "env:MISSING"}, "MISSING"),
        ({"comments": "yes"}, "true or false"),
        ({"user_agent": "bot"}, "who asks"),
        ({"user_agent": "bot\r\nX-Other: header"}, "who asks"),
        ({"user_agent": "máy đọc bài của tổ trực"}, "ASCII"),
        ({"oauth_url": "https://oauth.example.org"}, "this machine only"),
        ({"oauth_url": "http://127.0.0.1:8080/path"}, "without a path"),
        ({"oauth_url": "http://127.0.0.1:99999"}, "this machine only"),
        ({"oauth_url": "http://[::1"}, "this machine only"),
        ({"reddit_url": "file:///etc/passwd"}, "this machine only"),
        ({"reddit_url": "http://x@127.0.0.1.example.org"}, "this machine only"),
        ({"reddit_url": 7}, "this machine only"),
    ],
)
def test_block_that_cannot_be_used_is_refused_by_the_options_name(changes, said):
    """Each message names the option and what to write; none repeats the secret."""
    with pytest.raises(SourceMisconfigured, match=said) as caught:
        read(**changes)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["u/somebody", "/u/somebody", "user/somebody", "u_somebody", "r/u_somebody", "/r/U_Somebody"],
)
def test_one_persons_account_is_no_source(name):
    """Safeguard 4: a person's own page is refused in every spelling, also among others."""
    with pytest.raises(SourceMisconfigured, match="one person's account"):
        read_subreddits(["vietnam", name])
    with pytest.raises(SourceMisconfigured, match="one person's account"):
        read_subreddits(f"vietnam+{name}")


@pytest.mark.parametrize(
    "names",
    [
        [], "", None, 7, [7], [None], ["a b"], ["../api"], ["việt"], ["x" * 30], ["friends"],
        ["mod"], ["vietnam?after=x"], ["vietnam/about"], ["s"] * (MOST_SUBREDDITS + 1),
    ],
)  # fmt: skip
def test_names_that_no_subreddit_can_have_are_refused(names):
    """Paths, listings of whoever is signed in, and empty lists are none."""
    with pytest.raises(SourceMisconfigured, match="subreddits"):
        read_subreddits(names)


def test_subreddits_may_be_written_in_the_usual_ways():
    """With r/ and slashes, joined with +, and twice: each is read once."""
    assert ("vietnam", "hanoi") == read_subreddits(["r/vietnam", "/r/hanoi/", "vietnam "])
    assert ("vietnam", "hanoi") == read_subreddits("vietnam+hanoi")


def test_variables_that_praw_would_obey_are_named():
    """Only praw's own variables count."""
    refuse_praw_variables({"PATH": "/bin", "EVENHAND_WORKSPACE": "x"})
    with pytest.raises(SourceMisconfigured, match="praw_password, praw_username"):
        refuse_praw_variables({"praw_username": "x", "praw_password": SECRET})
