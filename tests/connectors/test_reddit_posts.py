"""One child as an event: what is kept of it, what is hidden, and when it counts as gone."""

from __future__ import annotations

import copy

import pytest

from evenhand.connectors.reddit_posts import Normaliser
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import Delete, PostType, SetAside, Upsert
from tests.conftest import NOON
from tests.connectors.reddit_server import COMMENTS, SUBMISSIONS, recorded

KEY = Pseudonyms(b"k" * 32)


@pytest.fixture
def submission(shared):
    """A recorded text post, to be changed."""
    children = recorded(shared, SUBMISSIONS)[0].children
    return copy.deepcopy(next(child for child in children if child["data"]["is_self"]))


@pytest.fixture
def comment(shared):
    """A recorded comment, to be changed."""
    return copy.deepcopy(recorded(shared, COMMENTS)[0].children[0])


def events(*children, normaliser=None):
    """Turn children of one page into events."""
    return (normaliser or Normaliser(KEY, may_train=False)).events(children, "new, page 1", NOON)


def post(child, **changes):
    """Turn one child with some fields changed into its post."""
    child["data"].update(changes)
    (event,) = events(child)
    assert isinstance(event, Upsert), event
    return event.post


def test_submission_keeps_its_title_text_and_reach(submission):
    """What the platform shows is kept in its own words; ids and addresses are sealed or hashed."""
    found = post(
        submission, title="Nước lên", selftext="Cần xuồng 🚣", score=7, num_comments=3, edited=False
    )
    opened = KEY.open(found.locator)
    name = submission["data"]["name"]

    assert ("Nước lên", "Cần xuồng 🚣", 10) == (found.name, found.content, found.reach)
    assert (PostType.NOTE, "reddit", None) == (found.type, found.platform, found.updated_at)
    assert (KEY.native("reddit", name), KEY.context("reddit", name)) == (
        found.native_key,
        found.context_key,
    )
    assert (name, found.author_ref) == (opened["id"], opened["author"])
    assert opened["url"].startswith("https://www.reddit.com/comments/")
    assert found.may_train is False


def test_comment_belongs_to_its_thread_and_parent(comment, submission):
    """A comment's thread is its submission's, so that a live claim can show what stands around."""
    found = post(comment)
    thread = post(submission, name=comment["data"]["link_id"])

    assert (PostType.COMMENT, None) == (found.type, found.name)
    assert thread.context_key == found.context_key
    assert KEY.native("reddit", comment["data"]["parent_id"]) == found.in_reply_to_key


def test_link_to_elsewhere_is_the_text_of_a_post_without_one(submission):
    """A link post says where it leads; links to reddit itself say nothing more."""
    away = {"is_self": False, "selftext": "", "url": "https://báo.example.org/lũ"}
    home = away | {"url": "https://i.redd.it/x.png"}
    broken = away | {"url": "http://[::1"}

    assert "https://báo.example.org/lũ" == post(submission, **away).content
    assert PostType.PAGE is post(submission, **away).type
    assert "" == post(submission, **home).content == post(submission, **broken).content


@pytest.mark.parametrize(
    "changes",
    [
        {"author": "[deleted]", "selftext": "[deleted]"},
        {"author": "[deleted]", "selftext": " [removed] "},
        {"author": "[deleted]", "selftext": "[ Removed by Reddit ]"},
        {"author": None, "selftext": "[removed]"},
        {"removed_by_category": "moderator"},
        {"removed_by_category": "deleted", "selftext": ""},
    ],
)
def test_place_of_a_post_that_was_taken_away_is_a_deletion(submission, changes):
    """Whoever took it away, nothing of it is kept."""
    submission["data"].update(changes)
    (event,) = events(submission)

    assert Delete(KEY.native("reddit", submission["data"]["name"]), "deleted on reddit") == event


def test_text_whose_account_is_gone_has_no_author(submission):
    """The words stay public; nobody is named and no pseudonym is made of "[deleted]"."""
    found = post(submission, author="[deleted]", selftext="vẫn còn")

    assert (None, "vẫn còn") == (found.author_ref, found.content)


def test_names_are_masked_in_every_form(submission, comment):
    """Mentions, the author's own name, and other names that the page shows go out of all texts."""
    comment["data"].update(author="So_Many_Cats9", body="x")
    text = (
        "u/Nobody1 /u/nobody_2 @ai_do So_Many_Cats9 https://www.reddit.com/user/abc/about Ordinary"
    )
    submission["data"].update(author="Ordinary", title=text, selftext=text)
    first, second = events(submission, comment)
    told = f"{first.post.name} {first.post.content}".casefold()

    for name in ("nobody1", "nobody_2", "ai_do", "so_many_cats9", "abc", "ordinary"):
        assert name not in told
    assert first.post.author_ref not in {None, second.post.author_ref}


def test_names_of_earlier_pages_are_masked_too(submission, comment):
    """A run remembers the names that it has seen; the key of the text does not depend on it."""
    comment["data"].update(author="So_Many_Cats9")
    submission["data"].update(selftext="hỏi So_Many_Cats9 nhé")
    normaliser = Normaliser(KEY, may_train=True)
    (before,) = events(submission, normaliser=normaliser)
    events(comment, normaliser=normaliser)
    (after,) = events(submission, normaliser=normaliser)
    (changed,) = events(submission | {"data": submission["data"] | {"title": "khác"}})

    assert ("hỏi So_Many_Cats9 nhé", "hỏi @someone nhé") == (
        before.post.content,
        after.post.content,
    )
    assert before.post.text_key == after.post.text_key != changed.post.text_key


def test_place_that_bears_a_persons_name_is_not_named(submission):
    """A person's own page, or a place called after one of the page's authors, stays unnamed."""
    shown = [
        post(copy.deepcopy(submission), subreddit=name, author="RiverWatcher").community
        for name in ("hanoi", "u_RiverWatcher", "TheRiverWatcherClub", "a/b", 7, None)
    ]

    assert ["hanoi", None, None, None, None, None] == shown


def test_odd_letters_become_what_every_database_holds(submission):
    """NUL and lone surrogates go; marks are composed; joined emoji and endless ones stay."""
    found = post(
        submission,
        title="a\0b\ud800c",
        selftext="Nu\u031bo\u031b\u0301c 👩\u200d👩\u200d👧 " + "é" * 100_000,
    )

    found.name.encode()
    assert "ab" == found.name[:2]
    assert found.content.startswith("Nước 👩\u200d👩\u200d👧 é")
    assert 100_000 == found.content.count("é")


def test_time_from_the_future_is_clamped_and_marked(submission):
    """A date ahead of ours becomes now, and is told as doubtful."""
    ahead = post(submission, created_utc=NOON.timestamp() + 86_400, edited=NOON.timestamp() * 2)

    assert (NOON, True, NOON) == (ahead.published_at, ahead.published_suspect, ahead.updated_at)


def test_thread_that_is_no_id_costs_the_comment(comment):
    """A comment without its thread cannot be placed, and says so without its text."""
    comment["data"].update(link_id="t3_<x>", body="geheim")
    (event,) = events(comment)

    assert (
        SetAside("new, page 1, child 1", "its thread is missing or not one of reddit's ids")
        == event
    )
