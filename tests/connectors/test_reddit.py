"""The Reddit connector: the real praw against a local server; nothing but ConnectorError leaves."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.connectors.base import Budget, Tools
from evenhand.connectors.reddit import RedditConnector
from evenhand.data.errors import (
    AccessRefused,
    BadPayload,
    ConnectorError,
    Gone,
    RateLimited,
    SourceMisconfigured,
    Transient,
)
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import AuthorErased, Delete, Gap, SetAside, Upsert
from tests.connectors.reddit_server import (
    BROKEN,
    COMMENTS,
    CONTROVERSIAL,
    ENVIRON,
    GONE,
    HOT,
    INFO,
    LONG,
    MULTI,
    ODD_CHILD,
    REFUSED,
    SECRET,
    SUBMISSIONS,
    TRANSIENT,
    WAITS,
    Answer,
    RedditServer,
    dealt,
    names_of,
    recorded,
    recorded_failure,
    retimed,
    source_of,
)

KEY = Pseudonyms(b"k" * 32)


@pytest.fixture
def reddit(shared):
    server = RedditServer(shared)
    server.serve("new", recorded(shared, SUBMISSIONS)[0])
    server.serve("comments", recorded(shared, COMMENTS)[0])
    yield server
    server.close()


@pytest.fixture
def slept(monkeypatch):
    """Collect every sleep of this process, praw's included, instead of sleeping."""
    found = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


def connect(server, clock, **options):
    return RedditConnector(source_of(server, **options), Tools(KEY, clock.now, ENVIRON))


def fetch(connector, cursor=None, pages=30):
    return list(connector.fetch(cursor, Budget(pages)))


def posts(pages):
    return [one.post for page in pages for one in page.events if isinstance(one, Upsert)]


def kinds(pages):
    return {type(one).__name__ for page in pages for one in page.events}


@pytest.mark.parametrize("recording", [SUBMISSIONS, COMMENTS, HOT, CONTROVERSIAL, MULTI, INFO])
def test_every_recorded_child_becomes_a_post_without_names(reddit, clock, shared, recording):
    """All children are kept, and no author's name stands in any field of any post."""
    answer = recorded(shared, recording)[0]
    reddit.serve("new", answer)
    found = posts(fetch(connect(reddit, clock, comments=False)))
    told = repr(found).casefold()
    names = names_of(answer)

    assert len(answer.children) == len(found) == len({one.native_key for one in found})
    assert len(names) > 20
    assert [] == [name for name in names if name.casefold() in told]
    assert [] == [c["data"]["name"] for c in answer.children if c["data"]["name"] in told]


def test_walk_reads_submissions_and_comments_in_turn(reddit, clock, shared):
    """Pages of both listings alternate; each page's cursor leads on from there."""
    reddit.serve("comments", *recorded(shared, LONG))
    pages = fetch(connect(reddit, clock))
    resumed = posts(fetch(connect(reddit, clock), pages[3].next_cursor))

    assert [True] * (len(pages) - 1) + [False] == [page.more for page in pages]
    assert ["new", "comments", "new", "comments"] == [
        name for name in reddit.hits if name != "access_token"
    ][:4]
    assert len(posts(pages[4:])) == len(resumed)
    assert json.loads(json.dumps(pages[0].next_cursor)) == pages[0].next_cursor


def test_budget_bounds_the_pages_of_one_run(reddit, clock, shared):
    """A budget of two pages makes two requests, and the walk whose turn it was goes first."""
    reddit.serve("comments", *recorded(shared, LONG))
    pages = fetch(connect(reddit, clock), pages=2)
    after = fetch(connect(reddit, clock), pages[-1].next_cursor, pages=1)

    assert 2 == len(pages)
    assert pages[-1].more
    assert ["access_token", "new", "comments", "access_token", "new"] == reddit.hits
    assert after[0].more


@pytest.mark.parametrize("mutation", ODD_CHILD)
def test_odd_child_is_set_aside_and_its_page_kept(reddit, clock, mutation):
    """One odd child costs itself only, and the reason names its place and no text of it."""
    reddit.spoil("new", ODD_CHILD[mutation])
    pages = fetch(connect(reddit, clock, comments=False))
    aside = [one for page in pages for one in page.events if isinstance(one, SetAside)]

    assert (99, 1) == (len(posts(pages)), len(aside))
    assert "new, page 1, child 2" == aside[0].place
    assert aside[0].reason.startswith("its ") or aside[0].reason.startswith("it ")


@pytest.mark.parametrize(
    ("mutation", "error"),
    [
        *((name, BadPayload) for name in BROKEN if name != "gzip in name only"),
        ("gzip in name only", Transient),
        *((name, Transient) for name in TRANSIENT),
        *((name, AccessRefused) for name in REFUSED),
        *((name, Gone) for name in GONE),
    ],
)
def test_failed_answer_is_one_of_our_errors_without_retry_or_sleep(
    reddit, clock, slept, mutation, error
):
    """Each failure leaves as its own error after one request (two with a refused token)."""
    reddit.spoil("new", (BROKEN | TRANSIENT | REFUSED | GONE)[mutation], times=0)
    connector = connect(reddit, clock)
    if mutation == "drip":
        # Each look at the clock is half a minute later: the body outlasts its deadline.
        connector = RedditConnector(
            source_of(reddit), Tools(KEY, lambda: clock.advance(seconds=31), ENVIRON)
        )
    with pytest.raises(error) as caught:
        fetch(connector)

    assert [] == slept
    assert (2 if mutation.startswith("401") else 1) == reddit.count("new")
    assert SECRET not in str(caught.value)
    assert str(caught.value).startswith("reddit")


def test_recorded_refusals_are_told_apart(reddit, clock, shared):
    """A recorded 403, 404 and 400 are a refusal, a place that is gone, and a broken answer."""
    for name, error in (
        ("TestRedditorListings.test_hidden__in_read_only_mode", AccessRefused),
        ("TestSubreddit.test_sticky__not_set", Gone),
        ("TestReddit.test_bad_request_without_json_text_html_response", BadPayload),
        ("TestUser.test_pin__deleted_submission", BadPayload),
        ("TestComment.test_resolve_from_share_url", Gone),
    ):
        refusal = recorded_failure(shared, name)
        reddit.spoil("new", lambda _, refusal=refusal: refusal)
        with pytest.raises(error):
            fetch(connect(reddit, clock))


@pytest.mark.parametrize("retry_after", [*WAITS, None])
def test_too_many_requests_says_when_to_come_again(reddit, clock, retry_after):
    """Whatever Retry-After says, the wait lies between a second and an hour; none is a minute."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    reddit.spoil("new", lambda answer: Answer(429, headers, answer.body))
    with pytest.raises(RateLimited) as caught:
        fetch(connect(reddit, clock))

    waited = (caught.value.retry_at - clock.now()).total_seconds()
    assert WAITS.get(retry_after, 60) == waited
    assert 1 == reddit.count("new")


@pytest.mark.parametrize(
    ("quota", "wait_s"),
    [
        (("0", "300"), 300),
        (("0.0", ""), 60),
        (("-1", "5"), 5),
        (("0", "garbage"), 60),
        (("garbage", "300"), None),
        (("", "300"), None),
        (("NaN", "300"), None),
        (("599.0", "300"), None),
    ],
)
def test_quota_used_up_ends_the_run_with_a_time_instead_of_a_sleep(
    reddit, clock, slept, quota, wait_s
):
    """The page is kept and says when to go on; unreadable figures stop nothing."""
    told = dict(zip(("x-ratelimit-remaining", "x-ratelimit-reset"), quota, strict=True))
    told["x-ratelimit-used"] = "x"
    reddit.spoil("new", lambda answer: Answer(200, told, answer.body))
    pages = fetch(connect(reddit, clock))

    assert [] == slept
    assert 100 == len(posts(pages[:1]))
    if wait_s is None:
        assert [None] * len(pages) == [page.not_before for page in pages]
        assert not pages[-1].more
    else:
        assert [clock.now() + timedelta(seconds=wait_s)] == [page.not_before for page in pages]
        assert pages[0].more


def test_refused_token_is_renewed_once(reddit, clock):
    """A token that ran out in the middle of a walk costs one more sign-in and no post."""
    reddit.spoil("comments", REFUSED["401 without header"])
    pages = fetch(connect(reddit, clock))

    assert 200 == len(posts(pages))
    assert 2 == reddit.count("access_token")


@pytest.mark.parametrize(
    ("mutation", "error"),
    [
        (REFUSED["401 with header"], AccessRefused),
        (REFUSED["403 page"], AccessRefused),
        (GONE["404"], AccessRefused),
        (BROKEN["bad request"], AccessRefused),
        (GONE["302"], AccessRefused),
        (BROKEN["html"], BadPayload),
        (BROKEN["empty"], BadPayload),
        (BROKEN["null"], BadPayload),
        (BROKEN["list"], BadPayload),
        (BROKEN["object"], BadPayload),
        (TRANSIENT["503"], Transient),
        (TRANSIENT["dropped"], Transient),
        (lambda answer: Answer(429, {}, answer.body), RateLimited),
        (lambda _: Answer(200, {}, b'{"error": "invalid_grant"}'), AccessRefused),
    ],
)
def test_failed_sign_in_is_one_of_our_errors(reddit, clock, mutation, error):
    """What the sign-in answers becomes one of our errors, and no listing is asked for."""
    reddit.spoil("access_token", mutation, times=0)
    with pytest.raises(error) as caught:
        fetch(connect(reddit, clock))

    assert SECRET not in str(caught.value)
    assert 0 == reddit.count("new")


def test_refused_connection_is_transient(reddit, clock):
    """Nobody listening is a fault that passes."""
    closed = RedditServer(reddit._folder)
    closed.close()
    with pytest.raises(Transient, match="could not be reached"):
        fetch(connect(closed, clock))


def test_posts_between_two_pulls_are_not_missed_when_the_anchor_is_deleted(reddit, clock, shared):
    """The newest known post disappears and 250 new ones come: all 250 are read, no gap is told."""
    now = clock.now().timestamp()
    pattern = recorded(shared, LONG)[0]
    children = [c for page in recorded(shared, LONG) for c in page.children][:700]
    timed = retimed(children, newest=now)
    old, new = timed[250:], timed[:250]
    reddit.deal("new", dealt(pattern, old))
    connector = connect(reddit, clock, comments=False)
    cursor = fetch(connector)[-1].next_cursor
    reddit.deal("new", dealt(pattern, [*new, *old[1:]]))
    pages = fetch(connect(reddit, clock, comments=False), cursor)
    found = {one.native_key for one in posts(pages)}

    assert {KEY.native("reddit", c["data"]["name"]) for c in new} <= found
    assert {"Upsert"} == kinds(pages)
    assert 3 == len(pages)


def test_pinned_old_posts_first_do_not_end_the_walk(reddit, clock, shared):
    """Twenty old posts on top are fewer than it takes to call the rest known."""
    now = clock.now().timestamp()
    pattern = recorded(shared, LONG)[0]
    children = [c for page in recorded(shared, LONG) for c in page.children][:400]
    timed = retimed(children, newest=now)
    new, old = timed[:150], timed[150:]
    reddit.deal("new", dealt(pattern, old))
    cursor = fetch(connect(reddit, clock, comments=False))[-1].next_cursor
    reddit.deal("new", dealt(pattern, [*old[-20:], *new, *old[:-20]]))
    found = {one.native_key for one in posts(fetch(connect(reddit, clock, comments=False), cursor))}

    assert {KEY.native("reddit", c["data"]["name"]) for c in new} <= found


def test_more_new_posts_than_a_listing_shows_are_a_gap(reddit, clock, shared):
    """Beyond a thousand the listing ends: what lies between is told as a gap with its times."""
    now = clock.now().timestamp()
    pattern = recorded(shared, LONG)[0]
    children = [c for page in recorded(shared, LONG) for c in page.children]
    known = retimed(children[:60], newest=now - 200_000)
    reddit.deal("new", dealt(pattern, known))
    cursor = fetch(connect(reddit, clock, comments=False))[-1].next_cursor
    reddit.deal("new", dealt(pattern, [*retimed(children, newest=now), *known]))
    pages = fetch(connect(reddit, clock, comments=False), cursor)
    gaps = [one for page in pages for one in page.events if isinstance(one, Gap)]

    assert 1_000 == len(posts(pages))
    assert 1 == len(gaps)
    assert (now - 200_000, now - 999 * 60) == (
        gaps[0].since.timestamp(),
        gaps[0].until.timestamp(),
    )


def test_short_listing_whose_old_posts_are_gone_is_no_gap(reddit, clock, shared):
    """A small place whose known posts were all deleted has shown everything that it has."""
    now = clock.now().timestamp()
    pattern = recorded(shared, LONG)[0]
    children = recorded(shared, LONG)[0].children
    reddit.deal("new", dealt(pattern, retimed(children[:5], newest=now - 90_000)))
    cursor = fetch(connect(reddit, clock, comments=False))[-1].next_cursor
    reddit.deal("new", dealt(pattern, retimed(children[5:9], newest=now)))
    pages = fetch(connect(reddit, clock, comments=False), cursor)

    assert {"Upsert"} == kinds(pages)
    assert 4 == len(posts(pages))


def test_repeated_after_and_duplicate_posts_end_the_walk(reddit, clock):
    """A listing that names itself as its next page is read twice at most, and ends."""
    for at in ("", "t3_again"):
        reddit.answers["new", at] = reddit.answers["new", ""].with_listing(
            reddit.answers["new", ""].children, "t3_again"
        )
    pages = fetch(connect(reddit, clock, comments=False))

    assert (2, 200) == (len(pages), len(posts(pages)))
    assert not pages[-1].more


def test_check_says_what_is_wrong_and_takes_no_post(reddit, clock):
    """Trying a source asks for one post of each listing, and never raises for the source."""
    good = connect(reddit, clock).check()
    reddit.spoil("new", REFUSED["403 private"])
    refused = connect(reddit, clock).check()

    assert (True, False) == (good.ok, refused.ok)
    assert "private" in refused.message
    assert {"1"} == {one["limit"] for one in reddit.asked if "limit" in one}
    assert {"subreddits": "askreddit"} == good.facts


def test_recheck_tells_what_is_gone_changed_or_without_an_author(reddit, clock, shared):
    """Missing, emptied and removed posts are deletions; a vanished account erases its pseudonym."""
    children = recorded(shared, SUBMISSIONS)[0].children[:60]
    reddit.deal("new", dealt(recorded(shared, SUBMISSIONS)[0], children))
    connector = connect(reddit, clock, comments=False)
    pages = fetch(connector)
    stored = posts(pages)
    changed = json.loads(json.dumps(children))
    changed[0]["data"] |= {"author": "[deleted]", "selftext": "[removed]"}
    changed[1]["data"] |= {"removed_by_category": "moderator"}
    changed[2]["data"] |= {"author": "[deleted]", "selftext": "still here", "is_self": True}
    changed[3]["data"] |= {"edited": 1.6e9, "selftext": "new words", "is_self": True}
    changed[4]["kind"] = "t9"
    reddit.deal("info", {"": recorded(shared, INFO)[0].with_listing(changed[:59], None)})
    events = list(connect(reddit, clock).recheck([one.locator for one in stored]))
    deleted = {one.native_key for one in events if isinstance(one, Delete)}

    assert {stored[0].native_key, stored[1].native_key, stored[59].native_key} == deleted
    assert [AuthorErased(stored[2].author_ref)] == [
        one for one in events if isinstance(one, AuthorErased)
    ]
    assert ["new words"] == [one.post.content for one in events if isinstance(one, Upsert)]
    assert 1 == sum(isinstance(one, SetAside) for one in events)


def test_recheck_asks_for_a_hundred_at_a_time(reddit, clock, shared):
    """A hundred and two stored posts are two requests."""
    reddit.serve("new", recorded(shared, HOT)[0])
    reddit.deal("info", {"": recorded(shared, HOT)[0]})
    stored = posts(fetch(connect(reddit, clock, comments=False)))
    events = list(connect(reddit, clock).recheck([one.locator for one in stored]))

    assert (2, []) == (reddit.count("info"), [one for one in events if isinstance(one, Delete)])


def test_recheck_does_not_believe_that_everything_is_gone(reddit, clock, shared):
    """An answer that knows none of many posts is a fault, not a mass deletion."""
    stored = posts(fetch(connect(reddit, clock)))
    reddit.deal("info", {"": recorded(shared, INFO)[0].with_listing([], None)})
    with pytest.raises(BadPayload, match="not believed"):
        list(connect(reddit, clock).recheck([one.locator for one in stored]))


def test_recheck_sets_aside_what_another_key_sealed(reddit, clock):
    """A locator that cannot be opened is told; without any other nothing is asked."""
    sealed = Pseudonyms(b"o" * 32).seal({"id": "t3_abc"})
    events = list(connect(reddit, clock).recheck([sealed, b""]))

    assert ["locator 1", "locator 2"] == [one.place for one in events]
    assert [] == reddit.hits


def test_praw_variables_of_the_environment_are_refused(reddit, clock, monkeypatch):
    """Variables that praw would obey besides the settings stop the source, by name."""
    monkeypatch.setenv("praw_username", "somebody")
    with pytest.raises(SourceMisconfigured, match="praw_username"):
        connect(reddit, clock)


def test_planted_praw_file_sends_the_secret_nowhere_else(reddit, clock, tmp_path, monkeypatch):
    """A praw.ini in the working folder can neither redirect the sign-in nor add an account."""
    from praw.config import Config  # noqa: PLC0415 - its cache is emptied for this test alone

    planted = "[DEFAULT]\nreddit_url=http://127.0.0.1:9\noauth_url=http://127.0.0.1:9\n"
    (tmp_path / "praw.ini").write_text(planted + "username=x\npassword=y\nrefresh_token=z\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Config, "CONFIG", None)
    monkeypatch.setenv("PRAW_ALLOW_ENDPOINT_OVERRIDE", "1")
    found = posts(fetch(connect(reddit, clock)))

    assert 200 == len(found)
    monkeypatch.setattr(Config, "CONFIG", None)


def _values():
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    odd = plain | st.sampled_from(["t1", "t3", "t3_abc", "[deleted]", "[removed]", "\ud800", "\0"])
    return st.recursive(
        odd,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
        ),
        max_leaves=6,
    )


FIELDS = [
    "kind", "data", "name", "author", "link_author", "created_utc", "edited", "title", "selftext",
    "body", "url", "is_self", "subreddit", "link_id", "parent_id", "score", "num_comments",
    "removed_by_category", "children", "after",
]  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_nothing_but_our_errors_leaves_fetch_whatever_a_listing_holds(reddit, shared, data):
    """Any fields of any children replaced by anything give posts, set-aside rows or our errors."""
    from tests.conftest import Clock  # noqa: PLC0415 - one of its own for each example

    answer = recorded(shared, data.draw(st.sampled_from([SUBMISSIONS, COMMENTS])))[0]
    children = answer.children[:4]
    for child in children:
        changes = data.draw(st.dictionaries(st.sampled_from(FIELDS), _values(), max_size=3))
        child["data"] |= changes
        if data.draw(st.booleans()):
            child.update(data.draw(st.dictionaries(st.sampled_from(["kind", "data"]), _values())))
    whole = {"kind": "Listing", "data": {"children": children, "after": data.draw(_values())}}
    if data.draw(st.booleans()):
        whole["data"] |= data.draw(st.dictionaries(st.sampled_from(FIELDS), _values(), max_size=2))
    reddit.answers = {("new", ""): Answer(200, {}, json.dumps(whole).encode())}
    try:
        pages = fetch(connect(reddit, Clock(), comments=False), pages=3)
    except ConnectorError:
        return
    repr(pages)

    assert len(pages) <= 3
    for one in posts(pages):
        one.content.encode()
        assert one.author_ref is None or len(one.author_ref) == 26
