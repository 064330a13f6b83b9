"""Items of items: copied without a mark, void with their parents, and counted nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from evenhand.data import tables
from evenhand.data.errors import ClaimLost, NotFound
from evenhand.data.records import Decision, ItemState, Outcome
from evenhand.data.store import (
    backlog,
    children,
    claims,
    decisions,
    erasures,
    items,
    labels,
    requests,
    trials,
)
from evenhand.data.store.children import Purpose
from evenhand.data.store.claims import QUEUES, Wish
from evenhand.data.store.items import NewItem
from evenhand.data.tables_review import gold
from tests.conftest import NOON
from tests.review_floor import item_row, put_item, replay, rolled_up, standing

LATER = NOON + timedelta(hours=1)


def put_parent(store, **changes):
    with store.write() as conn:
        return put_item(conn, **changes)


def make(store, parent_id, purpose=Purpose.DOUBLE, for_person=None, now=LATER):
    with store.write() as conn:
        row = children.lock(conn, int(parent_id))
        return str(children.make(conn, row, purpose, now, for_person))


def wish(person_id, **changes):
    return replace(Wish(person_id, QUEUES, None, None, escalated=False, count=10), **changes)


def claim(store, person_id, now=LATER, **changes):
    with store.write() as conn:
        until = now + timedelta(minutes=10)
        return claims.claim(conn, wish(person_id, **changes), now=now, until=until)


def decide(store, actor, held, outcome=Outcome.NO_HARM, policy=None, now=LATER):  # noqa: PLR0913, PLR0917 - a test names what it is about
    number = held.item_id, held.number
    new = Decision(f"{actor.id}-{number}", *number, 1, outcome, policy)
    with store.write() as conn:
        decisions.put(conn, actor, new, policy_version="p1", now=now)
    return new.uuid


def decide_parent(store, actors, **changes):
    """Put an item in that An has decided on."""
    parent = put_parent(store, **changes)
    [held] = claim(store, actors.an.id, NOON)
    decide(store, actors.an, held, now=NOON)
    return parent


def test_child_is_copied_and_as_fresh_as_any_other(store, actors):
    """Same post, place and reason; made now, due as long after as the parent was."""
    parent = decide_parent(store, actors)
    child, before = item_row(store, make(store, parent.id)), item_row(store, parent.id)

    assert {name: getattr(before, name) for name in children.COPIED} == {
        name: getattr(child, name) for name in children.COPIED
    }
    assert (child.created_at, child.due_at) == (LATER, LATER + timedelta(hours=24))
    assert (child.purpose, child.of_item_id, child.state) == ("double", before.id, "open")
    assert standing(store) == replay(store)


def test_child_never_goes_to_whoever_decided_before(store, actors):
    """Not to the first reviewer, nor to the reader of another child of the same item."""
    parent = decide_parent(store, actors)
    double, third = make(store, parent.id), make(store, parent.id, Purpose.ADJUDICATION)

    assert claim(store, actors.an.id) == []
    [first, *_] = claim(store, actors.binh.id, count=1)
    decide(store, actors.binh, first)
    assert first.item_id in {double, third}
    assert claim(store, actors.binh.id) == []
    left = ({double, third} - {first.item_id}).pop()
    assert [one.item_id for one in claim(store, actors.coordinator.id)] == [left]


def test_child_for_one_person_waits_for_that_person_alone(store, actors):
    """And practice comes to nobody by the queue."""
    parent = decide_parent(store, actors)
    reserved = make(store, parent.id, Purpose.GOLD, actors.binh.id)
    make(store, parent.id, Purpose.PRACTICE, actors.coordinator.id)

    assert claim(store, actors.coordinator.id) == []
    with store.read() as conn:
        assert claims.waiting(conn, wish(actors.coordinator.id)) == dict.fromkeys(QUEUES, 0)
    assert [one.item_id for one in claim(store, actors.binh.id)] == [reserved]


@pytest.mark.parametrize("outcome", [Outcome.VIOLATES, Outcome.NEEDS_ANSWER, Outcome.NO_HARM])
def test_child_is_counted_nowhere(store, actors, outcome):
    """Roll-ups, backlog, the waiting list, trials and labels know the parent alone."""
    parent = decide_parent(store, actors)
    counted = rolled_up(store)
    child = make(store, parent.id, Purpose.GOLD)
    with store.read() as conn:
        assert backlog.undecided(conn, LATER) == []
    [held] = claim(store, actors.binh.id)
    policy = "hate" if outcome is Outcome.VIOLATES else None
    decide(store, actors.binh, held, outcome, policy)

    assert held.item_id == child
    assert rolled_up(store) == counted
    assert counted[0] == counted[1]
    assert standing(store) == replay(store)
    with store.read() as conn:
        assert requests.waiting(conn, requests.Page(10), LATER) == []
        assert backlog.unanswered(conn, LATER) == []
        assert [one.item_id for one in labels.rows(conn, simulated=False)] == [parent.id]
        assert trials.with_item(conn, [int(parent.post_id)]) == {int(parent.post_id)}


def test_child_that_was_decided_cannot_be_answered(store, actors):
    """Its parent can; a made-up request for the child is refused."""
    parent = decide_parent(store, actors)
    child = make(store, parent.id)
    [held] = claim(store, actors.binh.id)
    decide(store, actors.binh, held, Outcome.VIOLATES, "hate")

    with pytest.raises(NotFound), store.write() as conn:
        requests.take(conn, actors.binh.id, child, now=LATER, until=LATER + timedelta(minutes=5))


def test_undo_counts_no_child(store, actors):
    """What a second reader takes back changes no figure."""
    parent = decide_parent(store, actors)
    make(store, parent.id)
    before = rolled_up(store)
    [held] = claim(store, actors.binh.id)
    uuid = decide(store, actors.binh, held)
    with store.write() as conn:
        until = LATER + timedelta(minutes=10)
        taken = decisions.undo_last(conn, actors.binh, now=LATER, since=NOON, until=until)

    assert taken == uuid
    assert rolled_up(store) == before
    assert standing(store) == replay(store)


def test_children_of_an_erased_post_become_void_and_stay_uncounted(store, actors):
    """Whoever holds one finds out, and the roll-up counts one void item."""
    parent = decide_parent(store, actors)
    child = make(store, parent.id)
    [held] = claim(store, actors.binh.id)
    with store.write() as conn:
        items.void(conn, [int(parent.post_id)], LATER, "deleted_upstream")

    assert item_row(store, child).state == ItemState.VOID
    with pytest.raises(ClaimLost):
        decide(store, actors.binh, held)
    kept, anew = rolled_up(store)
    assert kept == anew
    assert [(row.made, row.void) for row in kept] == [(1, 1)]
    assert standing(store) == replay(store)


def test_edit_withdraws_what_would_be_compared_and_keeps_an_appeal(store, actors):
    """A second opinion on another text compares nothing; a post that waits is moved alone."""
    parent = decide_parent(store, actors)
    double = make(store, parent.id)
    filed = make(store, parent.id, Purpose.APPEAL)
    new = NewItem("harm", "vi", "spam", 9.0, "spam 0.9", LATER + timedelta(hours=4))
    with store.write() as conn:
        wanted = items.take_edit(conn, int(parent.post_id), new, LATER)

    assert wanted is False
    assert item_row(store, double).state == "void"
    assert item_row(store, filed).state == "open"
    assert item_row(store, filed).label == "hate"
    assert item_row(store, parent.id).edited_after_review
    assert standing(store) == replay(store)


def test_second_opinion_is_a_label_until_a_third_person_decided(store, actors):
    """Then the decision that stands is the truth."""
    parent = decide_parent(store, actors)
    double = make(store, parent.id)
    [held] = claim(store, actors.binh.id)
    decide(store, actors.binh, held, Outcome.VIOLATES, "hate")
    with store.read() as conn:
        both = {(one.item_id, one.origin) for one in labels.rows(conn, simulated=False)}
        counted = {(one.label, one.origin): one.yes for one in labels.count(conn, simulated=False)}

    assert both == {(parent.id, "flagged"), (double, "double")}
    assert counted["hate", "double"] == 1
    with store.read() as conn:
        third = children.of(conn, int(parent.id), Purpose.ADJUDICATION)
    [held] = claim(store, actors.coordinator.id)
    assert [str(one.id) for one in third] == [held.item_id]
    decide(store, actors.coordinator, held, Outcome.VIOLATES, "hate")
    with store.read() as conn:
        [one] = labels.rows(conn, simulated=False)

    assert (one.item_id, one.yes) == (parent.id, {"hate"})


def test_gold_is_hold_out_and_never_trains(store, actors):
    """Also the second opinion on it; a proposal that nobody approved changes nothing."""
    parent = decide_parent(store, actors)
    with store.write() as conn:
        conn.execute(
            insert(gold).values(
                item_id=int(parent.id),
                outcome="no_harm",
                explanation="Lũ lụt thật",
                proposed_by=3,
                proposed_at=LATER,
            )
        )
    with store.read() as conn:
        assert [one.origin for one in labels.rows(conn, simulated=False)] == ["flagged"]
    with store.write() as conn:
        conn.execute(update(gold).values(approved_by=5, approved_at=LATER))
    with store.read() as conn:
        assert [one.origin for one in labels.rows(conn, simulated=False)] == ["gold"]
        assert {one.origin for one in labels.count(conn, simulated=False)} == {"gold"}


def test_further_policies_are_labels_too(store, actors):
    """A post that violates two policies says yes to both, in rows and in counts."""
    parent = put_parent(store)
    [held] = claim(store, actors.an.id)
    decide(store, actors.an, held, Outcome.VIOLATES, "hate")
    with store.write() as conn:
        conn.execute(update(tables.decision).values(also=[["spam", 2]]))
    with store.read() as conn:
        [one] = labels.rows(conn, simulated=False)
        counted = {(each.label, each.yes) for each in labels.count(conn, simulated=False)}

    assert (one.item_id, one.yes) == (parent.id, {"hate", "spam"})
    assert counted == {("hate", 1), ("spam", 1)}


def test_draft_on_a_child_is_erased_with_the_post(store, actors):
    """What somebody began to write about a post goes with it."""
    parent = decide_parent(store, actors)
    child = make(store, parent.id)
    with store.write() as conn:
        conn.execute(
            insert(tables.draft).values(
                item_id=int(child), person_id=2, data={"note": "trích"}, at=LATER
            )
        )

        native = conn.execute(select(tables.post.c.native_key)).scalar_one()
        source_id = conn.execute(select(tables.source.c.id)).scalar_one()
        erasures.tombstone_posts(conn, source_id, {native: None}, LATER)
    with store.read() as conn:
        assert conn.execute(select(tables.draft)).all() == []
