"""What of a tagged post is stored: cells, small scores, hashes, flags."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from evenhand.data import tables
from evenhand.data.errors import InputError
from evenhand.data.records import Band, Flag, Origin, Post, Reason, Score, Text
from evenhand.data.store import arrivals
from evenhand.data.store.arrivals import Stored, cell_of, hash_of, incoming, rank_of
from evenhand.data.store.rollups import day_of
from evenhand.data.taxonomy import CIVIC_TOPICS, Topic
from tests.fakes import FakeTagger
from tests.review_floor import NOON, put_post, put_source

TOPICS = st.dictionaries(
    st.sampled_from([*(topic.value for topic in Topic), "tomorrow's topic"]),
    st.floats(0, 1),
    max_size=2,
)


def tagged(text="Nước lên nhanh", **changes):
    (tag,) = FakeTagger().tag([Text("1", text)])
    return dataclasses.replace(tag, **changes)


def store_one(store, post, tag, flags=()):
    with store.write() as conn:
        source_id = put_source(conn)
        one = incoming(post, hash_of(post), tag, flags, None)
        arrivals.insert_posts(conn, source_id, [one], NOON)


def one_row(store, table):
    with store.read() as conn:
        return conn.execute(select(table)).one()


@given(TOPICS, st.booleans(), st.sampled_from([None, "negative", "positive"]))
def test_cell_is_civic_whenever_anything_says_so(topics, civic, sentiment):
    """One civic or unknown topic, or the tagger's word, and there is no sentiment."""
    cell = cell_of(tagged(topics=topics, civic=civic, sentiment=sentiment))
    doubt = civic or any(topic in CIVIC_TOPICS or topic == "tomorrow's topic" for topic in topics)

    assert (cell == ("civic", "")) is doubt
    assert doubt or cell[1] == (sentiment or "")


@pytest.mark.parametrize(
    ("topics", "cell"),
    [
        ({}, "other"),
        ({"sport": 0.6, "weather": 0.9}, "weather"),
        ({"sport": 0.6, "weather": 0.6}, "weather"),
        ({"sport": 0.9, "politics": 0.1}, "civic"),
    ],
)
def test_cell_is_that_of_the_best_topic(topics, cell):
    """Without topics "other"; ties go by the name, so that a rebuild finds the same."""
    assert cell_of(tagged(topics=topics))[0] == cell


def test_row_holds_what_the_post_and_its_tag_say(store, make_post):
    """Reach is never negative."""
    post = make_post(reach=-7, language="xx", community="lambay")
    store_one(store, post, tagged("storm, so sad"))
    row = one_row(store, tables.post)

    assert (row.reach, row.day, row.version) == (0, day_of(NOON), 1)
    assert (row.lang, row.topic, row.sentiment, row.civic) == ("en", "weather", "negative", False)
    assert (row.community, row.flagged, row.text_erased_at) == ("lambay", False, None)


@pytest.mark.parametrize("days", [-400, -3, 2000])
def test_post_is_counted_on_the_day_it_arrives(store, make_post, days):
    """An old post that is found today is today's work, and a date from 2032 makes no chart."""
    post = make_post(published_at=NOON + timedelta(days=days), published_suspect=days > 0)
    store_one(store, post, tagged())

    assert one_row(store, tables.post).day == day_of(NOON)


def test_small_scores_are_left_out_and_read_as_less(store, make_post):
    """Most labels of most posts score next to nothing; a band is always kept."""
    harms = {
        "hate": Score(0.0199, Band.NOTHING),
        "spam": Score(0.02, Band.NOTHING),
        "doxxing": Score(0.0, Band.CHECK),
        "scam_fraud": Score(0.98765, Band.FLAG),
        # Cut, not rounded: at a threshold of 0.992500 it stays out.
        "violence_threat": Score(0.5, Band.NOTHING, puts_at=0.9924999),
    }
    store_one(store, make_post(), tagged(harms=harms))

    assert one_row(store, tables.tag).harms == {
        "spam": [0.02, "nothing"],
        "doxxing": [0.0, "check"],
        "scam_fraud": [0.9877, "flag"],
        "violence_threat": [0.5, "nothing", 0.992499],
    }


def test_flag_keeps_its_reasons_with_their_places(store, make_post):
    """Spans and weights come back as plain numbers."""
    reason = Reason("hate", "model", 'đồ "x"', ((0, 2), (5, 9)), 1.23456)
    flag = Flag(Origin.MODEL, "hate", Band.FLAG, 0.75, (reason,), "m1")
    store_one(store, make_post(), tagged(), (flag,))
    row = one_row(store, tables.flag)

    assert (row.origin, row.label, row.band, row.score, row.model) == (
        "model",
        "hate",
        "flag",
        0.75,
        "m1",
    )
    assert row.reasons == [
        {
            "label": "hate",
            "kind": "model",
            "id": 'đồ "x"',
            "spans": [[0, 2], [5, 9]],
            "weight": 1.2346,
        }
    ]


def test_audit_draw_leaves_the_post_unflagged(store):
    """It is a sample of what was not found; any other label outside the lists is refused."""
    with store.write() as conn:
        post_id = put_post(conn, flagged=False)
        arrivals.put_flag(
            conn, Stored(post_id, 1), Flag(Origin.AUDIT, "audit", Band.CHECK, 0.1), NOON
        )
        with pytest.raises(InputError, match="lists are closed"):
            arrivals.put_flag(
                conn, Stored(post_id, 1), Flag(Origin.MANUAL, "audit", Band.CHECK, 0.1), NOON
            )

    assert (one_row(store, tables.post).flagged, one_row(store, tables.flag).origin) == (
        False,
        "audit",
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.text(max_size=20))
def test_hash_tells_texts_and_posts_apart(text, key):
    """Same post and text, same hash; another text or another post, another hash."""
    key = key.encode("utf-8", "ignore").decode()
    post = Post(f"key{key}", "file", text, NOON, NOON)
    titled = dataclasses.replace(post, content="", name=text)

    assert hash_of(post) == hash_of(dataclasses.replace(post, reach=9))
    assert hash_of(post) != hash_of(dataclasses.replace(post, content=f"{text}!"))
    assert hash_of(post) != hash_of(dataclasses.replace(post, native_key=f"other{key}"))
    assert hash_of(post) != hash_of(titled)


def test_rank_goes_by_the_platforms_clock_and_then_by_ours(make_post):
    """An edit is newer than its first version; of two fetches of one state the later one is."""
    post = make_post()
    edited = dataclasses.replace(post, updated_at=NOON)
    fetched = dataclasses.replace(post, fetched_at=NOON + timedelta(seconds=1))

    assert rank_of(post) < rank_of(fetched) < rank_of(edited)
