"""The walk over a listing, against a model of reddit that posts and deletes between the pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.connectors.reddit_walk import (
    MOST_PAGES,
    OVERLAP_S,
    Listing,
    Progress,
    Walk,
    created_of,
    read_listing,
    read_waiting,
    read_walks,
    step,
    write_cursor,
)
from evenhand.data.errors import BadPayload
from tests.conftest import NOON

PAGE = 100
CAP = 1_000


class Place:
    """A subreddit as its listing shows it: newest first, at most a thousand, by pages.

    An `after` whose post is gone shows nothing, which is the worst that reddit may do.
    """

    def __init__(self):
        self.now = NOON
        self.posts: list[tuple[str, float]] = []
        self.number = 0

    def write(self, count, apart_s=60.0):
        """Let *count* posts be written, one after the other."""
        for _ in range(count):
            self.now += timedelta(seconds=apart_s)
            self.number += 1
            self.posts.insert(0, (f"t3_{self.number}", self.now.timestamp()))

    def delete(self, index):
        """Delete the post at *index* from the newest, if there is one."""
        del self.posts[index : index + 1]

    def page(self, after):
        """Answer one request."""
        shown = self.posts[:CAP]
        names = [name for name, _ in shown]
        if after and after not in names:
            return Listing([], None)
        start = names.index(after) + 1 if after else 0
        part = shown[start : start + PAGE]
        more = len(shown) > start + PAGE
        children = [{"data": {"name": name, "created_utc": at}} for name, at in part]
        return Listing(children, part[-1][0] if more else None)


def round_of(place, walk, between=lambda: None):
    """Walk until the round ends; gives the walk, the names that were read, the gap, and pages."""
    read, pages = set(), 0
    while True:
        listing = place.page(walk.progress.after if walk.progress else "")
        read |= {child["data"]["name"] for child in listing.children}
        walk, gap = step(walk, listing, place.now)
        pages += 1
        # The cursor is written down after each page and read again, as after a crash.
        cursor = json.loads(json.dumps(write_cursor({"new": walk}, [])))
        assert {"new": walk} == read_walks(cursor, ["new"])
        if walk.progress is None:
            return walk, read, gap, pages
        between()


@settings(max_examples=25, deadline=None)
@given(
    rounds=st.lists(
        st.tuples(
            st.integers(0, 1_400),
            st.lists(st.integers(0, 40), max_size=30),
            st.sampled_from([1.0, 60.0, 3_600.0]),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_walk_misses_nothing_without_saying_so(rounds):
    """Whatever is written and deleted between two rounds: read it, or tell a gap around it."""
    place, walk, known = Place(), Walk(), set()
    place.write(30)
    for written, deleted, apart_s in rounds:
        place.write(written, apart_s)
        for index in deleted:
            place.delete(index)
        first = walk.watermark is None
        walk, read, gap, _ = round_of(place, walk)
        missed = {name: at for name, at in place.posts if name not in known | read}
        if first:
            missed = {}
        known |= read | {name for name, _ in place.posts}

        outside = [
            at for at in missed.values()
            if gap is None or not gap.since.timestamp() - OVERLAP_S <= at <= gap.until.timestamp()
        ]  # fmt: skip
        assert [] == outside
        assert walk.watermark <= place.now.timestamp()


def test_quiet_place_is_one_page_and_no_gap():
    """Nothing new: the first page is the known part, and the round ends with it."""
    place = Place()
    place.write(400)
    walk, first, _, pages = round_of(place, Walk())
    again, _, gap, then = round_of(place, walk)

    assert (400, 4, 1, None) == (len(first), pages, then, gap)
    assert walk == again


def test_posts_that_come_during_a_walk_are_read_by_the_next_one():
    """The watermark is the newest post of the round's first page, not of its last."""
    place = Place()
    place.write(300)
    walk, _, _, _ = round_of(place, Walk())
    place.write(250)
    walk, read, _, _ = round_of(place, walk, between=lambda: place.write(20))
    _, later, gap, _ = round_of(place, walk)

    assert {name for name, _ in place.posts} - {f"t3_{n}" for n in range(1, 301)} <= read | later
    assert gap is None


def test_post_from_the_future_hides_nothing_that_follows():
    """A date ahead of the clock does not become the watermark."""
    place = Place()
    place.write(50)
    place.posts.insert(0, ("t3_ahead", (place.now + timedelta(days=300)).timestamp()))
    walk, _, _, _ = round_of(place, Walk())

    assert place.now.timestamp() == walk.watermark


def test_page_that_broke_off_in_the_middle_is_a_gap():
    """The post that the walk stood at was deleted: what lies below is told as a loss."""
    place = Place()
    place.write(60)
    walk, _, _, _ = round_of(place, Walk())
    place.write(400)
    _, _, gap, pages = round_of(place, walk, between=lambda: place.delete(99))

    assert 2 == pages
    assert walk.watermark == gap.since.timestamp()


def test_empty_pages_without_end_are_left():
    """A listing that always names another empty page is left after fifteen."""
    walk, pages = Walk(), 0
    while pages == 0 or walk.progress is not None:
        walk, gap = step(walk, Listing([], f"t3_{pages}"), NOON)
        pages += 1

    assert (MOST_PAGES, Walk(), None) == (pages, walk, gap)


@pytest.mark.parametrize(
    "answer", [None, [], {}, "x", 7, {"data": None}, {"data": []}, {"data": {"children": {}}}]
)
def test_what_is_no_listing_is_never_no_new_posts(answer):
    """An empty or broken answer is an error, not a quiet place."""
    with pytest.raises(BadPayload, match="no listing"):
        read_listing(answer)


@pytest.mark.parametrize("after", [None, "", 7, [], {}])
def test_next_page_that_cannot_be_named_is_none(after):
    """Anything but a name ends the listing."""
    assert read_listing({"data": {"children": [], "after": after}}).after is None


@pytest.mark.parametrize("at", [None, True, "1e9", 0, -5, float("nan"), float("inf"), 1e300, []])
def test_time_that_no_calendar_has_is_none(at):
    """Such a child takes no part in where the walk stands."""
    assert created_of({"data": {"created_utc": at}}) is None


@pytest.mark.parametrize(
    "cursor",
    [
        None, {}, {"v": 99, "walks": {"new": {"watermark": 1.0}}}, {"v": 1, "walks": []},
        {"v": 1, "walks": {"new": 7}}, {"v": 1, "walks": {"new": {"watermark": "x"}}},
    ],
)  # fmt: skip
def test_broken_cursor_starts_anew(cursor):
    """What cannot be read costs reading again, and loses nothing."""
    assert {"new": Walk()} == read_walks(cursor, ["new"])


def test_broken_progress_keeps_the_watermark():
    """A walk under way that cannot be read starts again from the newest post."""
    for progress in ({}, {"after": 7}, {"after": "t3_a", "seen": "x", "pages": 1, "old": 0}):
        cursor = {"v": 1, "walks": {"new": {"watermark": 5.0, "in_progress": progress}}}

        assert {"new": Walk(5.0)} == read_walks(cursor, ["new"])


def test_round_names_what_is_left_of_it():
    """A finished walk is not begun again before the others are; a new round takes all."""
    names = ["new", "comments"]
    walk = Walk(1.0, Progress("t1_a", 2.0, 100, 1, 0, 1.5))

    assert names == read_waiting(None, names)
    assert ["comments"] == read_waiting(write_cursor({"comments": walk}, ["comments"]), names)
    assert names == read_waiting(write_cursor({}, []), names)
    assert names == read_waiting({"waiting": ["gone", 7]}, names)
