"""The random share: each place by itself, and each waiting item with the same chance."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from evenhand.classifiers.intervals import wilson
from evenhand.data import tables
from evenhand.data.store import claims, random_share
from evenhand.data.store.golds import Hidden
from evenhand.data.store.random_share import AtRandom
from tests.conftest import NOON
from tests.data.store.test_golds import given, put_golds
from tests.review_floor import put_item, put_items, replay, standing, wish

LEASE = timedelta(minutes=10)
# The 99.9 % point of chi-square with 59 degrees of freedom.
CHI2_59 = 98.3


def seeded(number):
    return Random(number).random  # noqa: S311 - a simulation


def take(store, at_random, hidden=None, **changes):
    with store.write() as conn:
        held = claims.claim(
            conn,
            wish(**changes),
            now=NOON,
            until=NOON + LEASE,
            hidden=hidden,
            at_random=at_random,
        )
    return [one.item_id for one in held]


def spread(store):
    """Put the items where nothing but the seed of the test decides what is drawn."""
    with store.write() as conn:
        ids = list(conn.execute(select(tables.item.c.id).order_by(tables.item.c.id)).scalars())
        for number, item_id in enumerate(ids):
            place = (number + 0.5) / len(ids)
            conn.execute(update(tables.item).where(tables.item.c.id == item_id).values(draw=place))


def give_back(store, person_id="1"):
    with store.write() as conn:
        claims.release_all(conn, person_id, NOON, person_id)


@pytest.mark.usefixtures("actors")
def test_share_of_places_drawn_lies_in_the_binomial_interval(store):
    """Sixty claims of ten from the same 300 items: what is not the head was drawn."""
    ids = put_items(store, 300)
    spread(store)
    head, share = set(ids[:10]), 0.2
    at_random, drawn = AtRandom(share, seeded(5)), 0
    for _ in range(60):
        got = take(store, at_random)
        assert len(set(got)) == 10
        drawn += len(set(got) - head)
        give_back(store)
    low, high = wilson(drawn, 600)

    # Ten of the 300 that could be drawn are the head itself.
    assert low <= share * 290 / 300 <= high


@pytest.mark.usefixtures("actors")
def test_every_item_has_the_same_chance_however_its_place_lies(store):
    """They stand in pairs, and the first of each, after a wide gap, comes no oftener."""
    put_items(store, 40, queue="harm")
    put_items(store, 20, queue="request", label="question")
    chance, counts = seeded(9), Counter()
    with store.write() as conn:
        ids = list(conn.execute(select(tables.item.c.id).order_by(tables.item.c.id)).scalars())
        for number, item_id in enumerate(ids):
            place = (number - 0.99) / 60 if number % 2 else number / 60
            conn.execute(update(tables.item).where(tables.item.c.id == item_id).values(draw=place))
    with store.write() as conn:
        for _ in range(600):
            counts.update(random_share.draw(conn, wish(), 1, chance))
    chi2 = sum((counts[one] - 10) ** 2 / 10 for one in ids)

    assert counts.total() == 600
    assert chi2 < CHI2_59


@pytest.mark.usefixtures("actors")
def test_draw_gives_different_items_and_no_more_than_wait(store):
    """Also where hardly anything waits, and where everything is wanted."""
    ids = {int(one) for one in put_items(store, 5)}
    with store.write() as conn:
        assert ids == set(random_share.draw(conn, wish(), 9, seeded(1)))
        assert 3 == len(set(random_share.draw(conn, wish(), 3, seeded(2))))
        assert [] == random_share.draw(conn, wish(queues=("fast",)), 3, seeded(3))
    put_items(store, 60)
    with store.write() as conn:
        assert 20 == len(set(random_share.draw(conn, wish(), 20, seeded(4))))


@pytest.mark.usefixtures("actors")
def test_only_what_the_person_may_take_is_drawn(store):
    """From the wanted queues, in languages they read, not for somebody else."""
    put_items(store, 30, lang="en")
    put_items(store, 30, queue="request", label="question")
    mine = set(put_items(store, 30))
    got = take(store, AtRandom(1.0, seeded(7)), queues=("harm",), langs=("vi",), count=20)

    assert 20 == len(got)
    assert mine.issuperset(got)


@pytest.mark.usefixtures("actors")
def test_what_was_drawn_stands_where_its_priority_puts_it(store):
    """Nothing in what is handed out tells which item it was: neither a mark nor the order."""
    ids = put_items(store, 200)
    got = take(store, AtRandom(0.5, seeded(3)))

    assert got == sorted(got, key=ids.index)
    assert ids[:10] != got
    with store.read() as conn:
        claimed = select(tables.item_event.c.data).where(tables.item_event.c.kind == "claimed")
        assert [["until"]] * 10 == [list(data) for data in conn.execute(claimed).scalars()]


@pytest.mark.usefixtures("actors")
def test_gold_and_drawn_items_share_the_places(store):
    """Gold is drawn first; the places that are left are as many as before."""
    put_golds(store, 40)
    put_items(store, 200)
    taken = [
        len(take(store, AtRandom(0.3, seeded(turn)), Hidden(0.2, seeded(turn + 50))))
        for turn in range(12)
    ]

    assert [10] * 12 == taken
    assert 8 <= given(store) <= 40


@pytest.mark.usefixtures("actors")
def test_chance_that_always_says_the_same_ends(store):
    """A broken source of chance costs tries and no more: the head fills the places."""
    put_items(store, 40)

    assert 10 == len(set(take(store, AtRandom(0.5, lambda: 0.0))))


@pytest.mark.usefixtures("actors")
def test_no_item_is_given_twice_to_many_who_draw_at_once(store):
    """Four people, half of whose places are drawn, from the same 120 items."""
    put_items(store, 120)

    def work(number):
        at_random, mine = AtRandom(0.5, seeded(number)), []
        while got := take(store, at_random, person_id=str(number), count=4):
            mine += got
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [one for mine in pool.map(work, range(1, 5)) for one in mine]

    assert len(taken) == len(set(taken)) == 120
    assert standing(store) == replay(store)


@pytest.mark.usefixtures("actors")
def test_new_items_and_those_read_once_more_have_places_of_their_own(store):
    """From 0 up to 1, and no two alike."""
    put_golds(store, 4)
    put_items(store, 20)
    take(store, None, Hidden(0.5, seeded(2)))
    with store.read() as conn:
        places = list(conn.execute(select(tables.item.c.draw)).scalars())

    assert given(store)
    assert len(places) == len(set(places))
    assert all(0 < place < 1 for place in places)


@pytest.mark.usefixtures("actors")
def test_items_of_an_older_store_get_places_of_their_own(store):
    """The step of the schema gives one to every item that is there."""
    from evenhand.data import migrations  # noqa: PLC0415 - the one test of it here

    with store.write() as conn:
        for _ in range(30):
            put_item(conn)
        migrations.downgrade(conn, "0007")
        migrations.upgrade(conn)
        places = list(conn.execute(select(tables.item.c.draw)).scalars())

    assert 30 == len(set(places))
    assert all(0 <= place < 1 for place in places)
    # Thirty fair coins fall this way together once in 100 million times.
    assert 1 < sum(place < 0.5 for place in places) < 29
