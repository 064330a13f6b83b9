"""Near-copies behind another post's item are counted as plain SQL over the posts counts them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs import decisions, waves
from evenhand.dashboard.jobs.measures import arriving, reviewing
from evenhand.dashboard.jobs.measures.overview import overview
from evenhand.data.records import Delete, Outcome
from evenhand.data.store import waves_counted
from evenhand.data.store.rollups import Days, start_of
from evenhand.data.store.waves_counted import Behind
from tests.conftest import NOON
from tests.coverage_floor import count
from tests.wave_floor import NEAR, OTHER, SCAM, bring, claim, decide, items_of, post_id, put_floor

TODAY = Days(NOON.date(), NOON.date())
# Past all of the program's own readers: which flagged posts have an item, and which stand behind
# the oldest item of the first post of their wave.
OWN = """SELECT count(*) FROM post WHERE flagged AND EXISTS
    (SELECT 1 FROM item WHERE item.post_id = post.id AND item.of_item_id IS NULL)"""
BEHIND = """SELECT count(*) FROM post WHERE flagged AND EXISTS
    (SELECT 1 FROM wave_member JOIN wave ON wave.id = wave_member.wave_id
     WHERE wave_member.post_id = post.id AND wave_member.left_at IS NULL
     AND wave.first_post_id <> post.id{more})"""
DECIDED = """ AND EXISTS (SELECT 1 FROM current_decision
    JOIN item ON item.id = current_decision.item_id
    WHERE item.post_id = {post} AND item.of_item_id IS NULL)"""


@pytest.fixture
def floor(store):
    return put_floor(store)


@pytest.fixture
def come(floor, make_post):
    """Let posts with these texts come in."""

    def coming(*texts, now=NOON, start=1):
        posts = [
            make_post(native_key=f"k{number}", content=text)
            for number, text in enumerate(texts, start=start)
        ]
        bring(floor, floor.one, *posts, now=now)

    return coming


def behind(store, days=TODAY):
    with store.read() as conn:
        return waves_counted.behind(conn, days)


def test_no_wave_counts_nothing(store, come):
    """Single posts have items of their own."""
    come(SCAM, OTHER)

    assert Behind(0, 0) == behind(store)


def test_near_copies_are_decided_with_the_first_and_taken_back_with_it(floor, store, come, actors):
    """Three stand behind one item: none is decided, then all are, then none again."""
    come(SCAM, SCAM, NEAR, SCAM, OTHER)
    assert Behind(3, 0) == behind(store)
    decide(floor, actors.an)
    assert Behind(3, 3, 3) == behind(store)
    come(NEAR, start=6)
    assert Behind(4, 4, 4) == behind(store)
    decisions.undo_last(store, actors.an, NOON + timedelta(seconds=5))

    assert Behind(4, 0) == behind(store)


def test_each_wave_counts_by_its_own_item(floor, store, come, actors):
    """Of two waves one is decided: the copies of the other one still wait."""
    come(OTHER, OTHER, OTHER, SCAM, SCAM)
    decide(floor, actors.an)

    assert behind(store) in {Behind(3, 2, 2), Behind(3, 1, 1)}
    decide(floor, actors.an)
    assert Behind(3, 3, 3) == behind(store)


def test_copies_of_what_violates_are_harm_until_another_decision_stands(floor, store, come, actors):
    """Two stand behind a scam that was said to violate, one behind a question."""
    come(SCAM, SCAM, NEAR, OTHER, OTHER)
    waits = {one.post_id: one.id for one in items_of(floor)}
    scam = waits[post_id(floor, "k1")]
    for _ in range(2):
        one = claim(floor, actors.an)
        is_scam = int(one.id) == scam
        decide(floor, actors.an, one, Outcome.VIOLATES if is_scam else Outcome.NO_HARM)

    assert Behind(3, 3, 2) == behind(store)


def test_near_copy_that_leaves_or_is_deleted_while_it_waits_is_not_counted(
    floor, store, come, actors
):
    """Who was taken out has an item of their own; who was deleted was decided by nobody."""
    come(SCAM, SCAM, NEAR, SCAM)
    held = claim(floor, actors.an)
    waves.split(store, actors.an, (held.id, held.claim.number), str(post_id(floor, "k3")), NOON)
    assert Behind(2, 0) == behind(store)
    bring(floor, floor.one, Delete("k2", "deleted"))

    assert Behind(1, 0) == behind(store)


def test_near_copies_count_on_the_day_they_joined(floor, store, come, actors):
    """A window holds those that came in it, whenever their wave began."""
    come(SCAM, SCAM)
    later = NOON + timedelta(days=3)
    come(SCAM, now=later, start=3)
    decide(floor, actors.an)

    assert Behind(1, 1, 1) == behind(store)
    assert Behind(1, 1, 1) == behind(store, Days(later.date(), later.date()))
    assert Behind(2, 2, 2) == behind(store, Days(NOON.date(), later.date()))
    assert Behind(0, 0) == behind(store, Days(*[(later + timedelta(days=1)).date()] * 2))
    assert start_of(later.date()) > NOON


def test_flagged_posts_are_own_items_and_by_wave_as_sql_counts_them(floor, store, come, actors):
    """Both sums of the page hold: put up = own + by wave, decided = by own decision + by wave."""
    come(SCAM, SCAM, NEAR, OTHER, "happy", "flood help", "scam số hai", SCAM)
    decide(floor, actors.an)
    decide(floor, actors.an)
    come(SCAM, "happy", start=20)
    found = overview(store, actors.leader, 7, NOON)
    whole = reviewing.posts_decided(found.items, found.behind)
    by_wave = reviewing.decided_by_wave(found.behind)

    assert (whole.n - by_wave.n, by_wave.n) == (
        count(store, OWN),
        count(store, BEHIND.format(more="")),
    )
    assert (
        whole.n
        == arriving.flagged(found.arrived).part
        == count(store, "SELECT count(*) FROM post WHERE flagged")
    )
    assert by_wave.part == count(
        store, BEHIND.format(more=DECIDED.format(post="wave.first_post_id"))
    )
    assert whole.part - by_wave.part == count(store, OWN + DECIDED.format(post="post.id"))
    assert 0 < by_wave.part <= by_wave.n
    assert 0 < whole.part < whole.n
