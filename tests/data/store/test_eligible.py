"""A person's own filter in the store: what it keeps away, and what comes under every one."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from evenhand.data import migrations, tables
from evenhand.data.store import claims, draws
from evenhand.data.store.golds import Hidden
from evenhand.data.store.random_share import AtRandom
from tests.conftest import NOON
from tests.data.store.test_golds import given, put_golds
from tests.review_floor import put_item, put_items, put_source, wish

LEASE = timedelta(minutes=10)


def take(store, hidden=None, at_random=None, **changes):
    with store.write() as conn:
        held = claims.claim(
            conn, wish(**changes), now=NOON, until=NOON + LEASE, hidden=hidden, at_random=at_random
        )
    return [one.item_id for one in held]


def count(store, **changes):
    with store.read() as conn:
        return sum(claims.waiting(conn, wish(**changes)).values())


@pytest.fixture
def both(store):
    """Two sources: how their posts are put in, and their ids."""
    with store.write() as conn:
        first = put_source(conn)
        values = {"id": 77, "name": "other", "kind": "file", "options": {}, "state": "active"}
        conn.execute(tables.source.insert().values(**values, created_at=NOON))
    return ({"source_id": first}, str(first)), ({"source_id": 77}, "77")


@pytest.mark.usefixtures("actors")
def test_filter_of_labels_goes_by_the_label_that_leads(store):
    """In every queue; the count says the same as the claim."""
    with store.write() as conn:
        mine = put_item(conn, "spam", priority=1.0).id
        late = put_item(conn, "question", queue="request", due_at=NOON).id
        put_item(conn, "hate", priority=9.0)

    assert 2 == count(store, labels=("spam", "question"))
    assert [late, mine] == take(store, labels=("spam", "question"))
    assert [] == take(store, labels=("doxxing",))


@pytest.mark.usefixtures("actors")
def test_filter_of_sources_and_labels_holds_together(store, both):
    """An item has to match both."""
    (here, _), (there, wanted) = both
    with store.write() as conn:
        mine = put_item(conn, "spam", post=there).id
        put_item(conn, "hate", post=there)
        put_item(conn, "spam", post=here)

    assert 2 == count(store, sources=(wanted,))
    assert [mine] == take(store, labels=("spam",), sources=(wanted,))
    assert [] == take(store, sources=("5",))


@pytest.mark.usefixtures("actors")
def test_post_that_was_drawn_comes_under_every_filter_of_reason_and_source(store, both):
    """Which unflagged posts are read must not depend on topic, words or source."""
    (here, _), (_, other) = both
    with store.write() as conn:
        drawn = put_item(conn, draws.LABEL, lang="vi", post=here).id
        put_item(conn, "spam", post=here)

    for filtered in ({"labels": ("hate",)}, {"sources": (other,)}):
        assert [drawn] == take(store, **filtered)
        with store.write() as conn:
            claims.release_all(conn, "1", NOON, "1")
    # Nobody is asked to judge what they cannot read.
    assert [] == take(store, labels=("hate",), langs=("en",))


@pytest.mark.usefixtures("actors")
def test_items_know_the_source_of_their_post(store, both):
    """Also those read once more, and those of a store from before."""
    (here, first), (there, _) = both
    put_golds(store, 2)
    with store.write() as conn:
        mine = put_item(conn, post=there).id
        put_item(conn, post=here)
        migrations.downgrade(conn, "0007")
        migrations.upgrade(conn)
    take(store, Hidden(1.0, lambda: 0.0), count=2)
    with store.read() as conn:
        found = set(conn.execute(select(tables.item.c.id, tables.item.c.source_id)).all())
        posts = select(tables.item.c.id, tables.post.c.source_id).join(
            tables.post, tables.post.c.id == tables.item.c.post_id
        )
        assert found == set(conn.execute(posts).all())

    assert (int(mine), 77) in found
    assert first != "77"


@pytest.mark.usefixtures("actors")
def test_hidden_gold_matches_the_filter_too(store):
    """Else whoever filters would know it at once."""
    put_golds(store, 30)
    put_items(store, 40, label="spam")
    hidden = Hidden(0.5, Random(3).random)  # noqa: S311 - a simulation
    took = take(store, hidden, labels=("spam",))
    with store.read() as conn:
        query = select(tables.item.c.label).where(tables.item.c.claimed_by == 1)
        found = list(conn.execute(query).scalars())

    assert ["spam"] * 10 == found
    assert 10 == len(took)


@pytest.mark.usefixtures("actors")
def test_gold_that_matches_the_filter_is_hidden_under_it(store):
    """As often as without one."""
    put_golds(store, 30)
    put_items(store, 40, label="hate")
    hidden = Hidden(0.5, Random(3).random)  # noqa: S311 - a simulation

    assert 10 == len(take(store, hidden, labels=("hate",)))
    assert given(store, "1")


@pytest.mark.usefixtures("actors")
def test_what_is_drawn_for_the_random_share_matches_the_filter(store):
    """The share is one of what the person wants to see."""
    mine = put_items(store, 60, label="spam")
    put_items(store, 60)
    at_random = AtRandom(1.0, Random(3).random)  # noqa: S311 - a simulation

    assert set(mine).issuperset(take(store, None, at_random, labels=("spam",)))
