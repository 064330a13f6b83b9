"""Decisions as training truth: what each says, where it comes from, and what never trains."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from evenhand.data import tables
from evenhand.data.records import Outcome
from evenhand.data.store import labels
from evenhand.data.taxonomy import Policy, Request
from tests.retraining_floor import put_decision
from tests.review_floor import NOON, put_source

POLICIES = frozenset(one.value for one in Policy)
REQUESTS = frozenset(one.value for one in Request)


def read(store, *, simulated=False):
    with store.read() as conn:
        return list(labels.rows(conn, simulated=simulated))


def put(store, **decision):
    with store.write() as conn:
        return put_decision(conn, **decision)


def counted(store, *, simulated=False):
    with store.read() as conn:
        return {
            (one.label, one.lang, one.origin): (one.yes, one.no, one.simulated)
            for one in labels.count(conn, simulated=simulated)
        }


@pytest.mark.parametrize(
    ("outcome", "yes", "no"),
    [
        ((Outcome.VIOLATES, "hate", "spam"), {"hate"}, set()),
        ((Outcome.NO_HARM, None, "hate"), set(), POLICIES | REQUESTS),
        (
            (Outcome.NEEDS_ANSWER, None, "question"),
            {"question"},
            POLICIES - {"self_harm_risk", "violence_threat"},
        ),
        (
            (Outcome.ALREADY_ANSWERED, None, "scam_fraud"),
            set(),
            POLICIES - {"self_harm_risk", "violence_threat"},
        ),
    ],
)
@pytest.mark.usefixtures("actors")
def test_label_says_yes_and_no_to_what_was_decided(store, outcome, yes, no):
    """A violation leaves the other policies open; a cry for help may be a risk too."""
    put(store, outcome=outcome, text="Nước lên", reviewer=2)
    (one,) = read(store)

    assert (frozenset(yes), frozenset(no)) == (one.yes, one.no)
    assert ("Nước lên", "vi", "2", False) == (one.text, one.lang, one.reviewer_id, one.simulated)


@pytest.mark.usefixtures("actors")
def test_label_is_missing_when_the_reviewer_was_not_sure(store):
    """Doubt teaches nothing."""
    put(store, outcome=(Outcome.NOT_SURE, None, "hate"))

    assert [] == read(store)
    assert {} == counted(store)


@pytest.mark.parametrize("which", ["post", "source"])
@pytest.mark.usefixtures("actors")
def test_post_never_trains_when_it_or_its_source_may_not(store, which):
    """Also where the source was closed to training after its posts came in."""
    put(store, may_train=which != "post")
    if which == "source":
        with store.write() as conn:
            conn.execute(update(tables.source).values(may_train=False))

    assert [] == read(store)
    assert {} == counted(store)


@pytest.mark.parametrize(
    "gone", [{"deleted_at": NOON}, {"text_erased_at": NOON}], ids=["deleted", "erased"]
)
@pytest.mark.usefixtures("actors")
def test_label_is_gone_with_its_post(store, gone):
    """What was erased trains no later model."""
    item_id = put(store, **gone)
    with store.write() as conn:
        conn.execute(update(tables.post_version).values(content=None))
    assert [] == read(store)
    assert {} == counted(store)
    with store.write() as conn:
        conn.execute(update(tables.item).where(tables.item.c.id == item_id).values(state="void"))

    assert [] == read(store)


@pytest.mark.usefixtures("actors")
def test_label_is_gone_when_the_decision_was_taken_back(store):
    """Only decisions that stand count."""
    put(store)
    assert 1 == len(read(store))
    with store.write() as conn:
        conn.execute(tables.current_decision.delete())

    assert [] == read(store)
    assert {} == counted(store)


@pytest.mark.parametrize(
    ("draw", "slot", "origin"),
    [
        (None, 1, "flagged"),
        (None, 2, "double"),
        ("learning", 1, "learning"),
        ("audit", 1, "audit"),
        ("audit", 2, "audit"),
        ("drift", 1, "audit"),
    ],
)
@pytest.mark.usefixtures("actors")
def test_label_tells_its_origin(store, draw, slot, origin):
    """What an audit or the drift reading drew is hold-out, whoever decided on it."""
    put(store, draw=draw, slot=slot)
    (one,) = read(store)

    assert origin == one.origin
    assert {("hate", "vi", origin)} <= set(counted(store))


@pytest.mark.usefixtures("actors")
def test_simulated_decision_counts_in_a_demo_alone_and_is_named(store):
    """A real team's model never learns from invented people."""
    put(store)
    put(store, simulated=True)

    assert [False] == [one.simulated for one in read(store)]
    assert [False, True] == [one.simulated for one in read(store, simulated=True)]
    assert (0, 1, 0) == counted(store)["hate", "vi", "flagged"]
    assert (0, 2, 1) == counted(store, simulated=True)["hate", "vi", "flagged"]


@pytest.mark.usefixtures("actors")
def test_label_holds_the_version_that_was_decided_on(store):
    """With its title in front, as the tagger read it; a later edit is another text."""
    item_id = put(store, text="Bài cũ")
    with store.write() as conn:
        post_id = (
            conn.execute(tables.item.select().where(tables.item.c.id == item_id)).one().post_id
        )
        conn.execute(update(tables.post_version).values(name="Tiêu đề"))
        conn.execute(
            tables.post_version.insert().values(
                post_id=post_id, version=2, content="Bài mới", seen_at=NOON
            )
        )
        conn.execute(update(tables.post).values(version=2))

    assert ["Tiêu đề\nBài cũ"] == [one.text for one in read(store)]


@pytest.mark.usefixtures("actors")
def test_counts_equal_the_rows(store):
    """The screen's counts and what trains are the same labels."""
    with store.write() as conn:
        source_id = put_source(conn)
        for at in range(30):
            outcome = [
                (Outcome.VIOLATES, "spam", "spam"),
                (Outcome.NO_HARM, None, "hate"),
                (Outcome.NEEDS_ANSWER, None, "complaint"),
            ][at % 3]
            put_decision(
                conn,
                outcome=outcome,
                lang="en" if at % 2 else "vi",
                at=NOON + timedelta(minutes=at),
                draw="learning" if at % 5 == 0 else None,
                source_id=source_id,
            )
    by_hand = {}
    for one in read(store):
        for at, said in enumerate((one.yes, one.no)):
            for label in said:
                cell = by_hand.setdefault((label, one.lang, one.origin), [0, 0])
                cell[at] += 1

    assert {key: tuple(counts) for key, counts in by_hand.items()} == {
        key: counts[:2] for key, counts in counted(store).items()
    }
