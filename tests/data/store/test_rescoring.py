"""Posts that are tagged again: further tags, new flags, nothing un-flagged, roll-ups that agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from evenhand.dashboard.jobs import ingest
from evenhand.data import tables
from evenhand.data.records import Text
from evenhand.data.store import rescoring
from evenhand.data.store.arrivals import Stored
from evenhand.data.store.rescoring import Raised
from evenhand.data.store.rollups_anew import rebuild
from tests.fakes import FakeTagger
from tests.retraining_floor import put_decision
from tests.review_floor import NOON, item_row, put_item, put_post, put_version, rolled_up

LATER = NOON + timedelta(hours=1)


def tag_of(text, model="new-1"):
    (tag,) = FakeTagger(model=model).tag([Text("1", text)])
    return tag


def raised(post_id, text="scam", version=1):
    tag = tag_of(text)
    flags = ingest.flags_under(None, tag)
    item = ingest.item_for(flags, 0, tag.lang, LATER)
    return Raised(Stored(post_id, version), flags, item)


def raise_flags(store, *found):
    with store.write() as conn:
        return rescoring.raise_flags(conn, found, LATER)


def count(store, table):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def put(store, text="scam", **changes):
    with store.write() as conn:
        post_id = put_post(conn, text, **({"flagged": False} | changes))
        rebuild(conn)
        return post_id


def put_tags(store, said, *, shadow=False):
    with store.write() as conn:
        return rescoring.put_tags(conn, said, shadow=shadow, now=LATER)


def tags(store):
    with store.read() as conn:
        query = select(tables.tag).order_by(tables.tag.c.model, tables.tag.c.version)
        return [(row.model, row.version, row.shadow) for row in conn.execute(query)]


def test_tag_stands_beside_that_of_the_older_model(store):
    """History is never re-scored in place; the same model again adds nothing."""
    post_id = put(store)
    said = [(Stored(post_id, 1), tag_of("scam", "old-1"))]
    assert 1 == put_tags(store, said)
    again = [(Stored(post_id, 1), tag_of("scam"))]
    assert [1, 0] == [put_tags(store, again) for _ in range(2)]

    assert [("new-1", 1, False), ("old-1", 1, False)] == tags(store)
    assert 0 == put_tags(store, [])


def test_tag_of_a_trial_counts_once_its_model_is_promoted(store):
    """It is not written twice, and no longer a shadow."""
    said = [(Stored(put(store), 1), tag_of("scam"))]
    put_tags(store, said, shadow=True)
    assert [("new-1", 1, True)] == tags(store)
    assert 0 == put_tags(store, said, shadow=True)
    assert 0 == put_tags(store, said)

    assert [("new-1", 1, False)] == tags(store)


def test_civic_post_is_tagged_again_without_sentiment(store):
    """Safeguard 3 holds for every tag of every model."""
    put_tags(store, [(Stored(put(store), 1), tag_of("election happy"))])
    with store.read() as conn:
        row = conn.execute(select(tables.tag)).one()

    assert (["civic"], None) == (list(row.topics), row.sentiment_scores)


def test_new_flag_becomes_an_item_and_counts(store):
    """Once: the same finding again changes nothing."""
    post_id = put(store)
    assert [1, 0] == [raise_flags(store, raised(post_id)) for _ in range(2)]
    with store.read() as conn:
        post = conn.execute(select(tables.post)).one()
        item = conn.execute(select(tables.item)).one()
        arrived = conn.execute(select(tables.rollup_post)).one()
    kept, anew = rolled_up(store)
    with store.write() as conn:
        rebuild(conn)
        assert arrived == conn.execute(select(tables.rollup_post)).one()

    assert (True, "scam_fraud", "open") == (post.flagged, item.label, item.state)
    assert (1, 1) == (arrived.arrived, arrived.flagged)
    assert kept == anew


def test_label_that_is_up_already_is_not_flagged_again(store):
    """Whoever raised it, a rule or an older model: it is still up, and nothing is taken back."""
    with store.write() as conn:
        made = put_item(conn, "scam_fraud", "scam harass")
        rebuild(conn)
    assert 0 == raise_flags(store, raised(int(made.post_id), "scam harass"))
    with store.read() as conn:
        labels = list(
            conn.execute(select(tables.flag.c.label).order_by(tables.flag.c.id)).scalars()
        )

    assert ["scam_fraud", "harassment"] == labels
    assert "open" == item_row(store, made.id).state
    assert 1 == count(store, tables.item)


def test_item_is_not_made_when_somebody_decided_on_this_version(store, actors):
    """They read the whole text; a decision on an older version does not stand in the way."""
    with store.write() as conn:
        item_id = put_decision(conn, reviewer=int(actors.an.id), flagged=False)
        post_id = conn.execute(select(tables.item.c.post_id)).scalar_one()
        conn.execute(update(tables.item).values(queue="request"))
    assert 0 == raise_flags(store, raised(post_id))
    with store.write() as conn:
        put_version(conn, post_id, 2, "scam again")
    assert 1 == raise_flags(store, raised(post_id, "harass", version=2))

    assert 2 == count(store, tables.item)
    assert "decided" == item_row(store, item_id).state


def test_drawn_post_keeps_its_one_item(store):
    """A blind flag is no finding, and what waits already does not wait twice."""
    with store.write() as conn:
        made = put_item(conn, "audit", "scam", post={"flagged": False})
        conn.execute(update(tables.flag).values(origin="audit"))

    assert 0 == raise_flags(store, raised(int(made.post_id)))
    assert (2, 1) == (count(store, tables.flag), count(store, tables.item))


@pytest.mark.parametrize("what", ["edited", "erased", "deleted"])
def test_post_is_passed_over_when_it_changed_meanwhile(store, what):
    """The model has read another text than the one that stands there now."""
    post_id = put(store)
    with store.write() as conn:
        if what == "edited":
            put_version(conn, post_id, 2, "khác")
        else:
            column = {"erased": "text_erased_at", "deleted": "deleted_at"}[what]
            conn.execute(update(tables.post).values(**{column: NOON}))

    assert 0 == raise_flags(store, raised(post_id))
    assert (0, 0) == (count(store, tables.flag), count(store, tables.item))
