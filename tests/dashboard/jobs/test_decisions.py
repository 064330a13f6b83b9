"""Deciding once, under a live claim, on what was shown; and taking it back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import claims, decisions
from evenhand.dashboard.jobs.access import operator
from evenhand.dashboard.jobs.decisions import Decided
from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotAllowed, NotFound
from evenhand.data.records import Decision, ItemState, Outcome
from evenhand.data.taxonomy import load_taxonomy
from tests.review_floor import (
    events,
    item_row,
    put_items,
    put_version,
    replay,
    rolled_up,
    standing,
)


def take(store, actor, clock, count=1):
    return claims.claim_next(store, actor, now=clock.now(), count=count)


def on(item, outcome=Outcome.NO_HARM, **changes):
    fields = {
        "uuid": str(uuid4()),
        "item_id": item.id,
        "claim_number": item.claim.number,
        "version": item.version,
        "outcome": outcome,
    }
    if outcome is Outcome.VIOLATES:
        fields["policy"] = "hate"
    return Decision(**(fields | changes))


def held_item(store, actor, clock):
    put_items(store, 1)
    return take(store, actor, clock)[0]


def decision_rows(store):
    with store.read() as conn:
        return conn.execute(select(tables.decision).order_by(tables.decision.c.id)).all()


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.VIOLATES, ItemState.DECIDED),
        (Outcome.NOT_SURE, ItemState.DECIDED),
        (Outcome.NEEDS_ANSWER, ItemState.DECIDED),
        (Outcome.NO_HARM, ItemState.CLOSED),
        (Outcome.ALREADY_ANSWERED, ItemState.CLOSED),
    ],
)
def test_decision_moves_the_item_and_counts_it(store, clock, actors, outcome, state):
    """Decision, item, log, ledger and roll-up change together."""
    item = held_item(store, actors.an, clock)
    wanted = on(item, outcome)

    done = decisions.decide(store, actors.an, wanted, now=clock.now())

    assert done == Decided(wanted.uuid, state, duplicate=False)
    row = item_row(store, item.id)
    assert (row.state, row.claimed_by, row.decided_at) == (state, None, clock.now())
    assert row.needs_answer == (outcome is Outcome.NEEDS_ANSWER)
    assert events(store, item.id) == ["made", "claimed", "decided"]
    assert standing(store) == replay(store)
    kept, anew = rolled_up(store)
    assert kept == anew
    assert (kept[0].decided, kept[0].harm) == (1, outcome is Outcome.VIOLATES)


def test_decision_keeps_policy_version_model_and_severity(store, clock, actors):
    """Without a severity a violation gets that of its policy; the ledger gets no note."""
    item = held_item(store, actors.an, clock)
    wanted = on(item, Outcome.VIOLATES, note="trích: đồ khốn")
    decisions.decide(store, actors.an, wanted, now=clock.now())

    [row] = decision_rows(store)

    assert (row.policy, row.severity) == ("hate", load_taxonomy().policies["hate"].severity)
    assert (row.policy_version, row.model) == (load_taxonomy().version, "m1")
    assert (row.reviewer_id, row.claim_no, row.version) == (int(actors.an.id), 1, 1)
    with store.read() as conn:
        entry = conn.execute(select(tables.ledger)).one()

    assert (entry.action, entry.subject, entry.actor) == ("decided", f"item:{item.id}", "1")
    assert json.loads(entry.data)["policy_version"] == load_taxonomy().version
    assert "khốn" not in entry.data


def test_one_decision_names_several_policies(store, clock, actors):
    """Each has its severity, in the decision as in the ledger; the same message changes nothing."""
    item = held_item(store, actors.an, clock)
    wanted = on(item, Outcome.VIOLATES, also=(("spam", None), ("doxxing", 5)))
    decisions.decide(store, actors.an, wanted, now=clock.now())
    again = decisions.decide(store, actors.an, wanted, now=clock.now())

    [row] = decision_rows(store)
    pairs = [["spam", load_taxonomy().policies["spam"].severity], ["doxxing", 5]]

    assert again.duplicate
    assert (row.policy, row.also) == ("hate", pairs)
    with store.read() as conn:
        entry = conn.execute(select(tables.ledger)).one()
    assert json.loads(entry.data)["also"] == pairs


def test_decision_of_simulated_people_is_marked(store, clock, actors):
    """The demo's decisions can be told apart for ever."""
    item = held_item(store, actors.an, clock)
    actor = replace(actors.an, simulated=True)
    decisions.decide(store, actor, on(item), now=clock.now())

    assert decision_rows(store)[0].simulated


@pytest.mark.parametrize(
    ("outcome", "changes"),
    [
        (Outcome.VIOLATES, {"policy": None}),
        (Outcome.VIOLATES, {"policy": "criticism_of_the_city"}),
        (Outcome.VIOLATES, {"policy": "question"}),
        (Outcome.VIOLATES, {"severity": 0}),
        (Outcome.VIOLATES, {"severity": 6}),
        (Outcome.NO_HARM, {"policy": "hate"}),
        (Outcome.NOT_SURE, {"severity": 1}),
        (Outcome.NO_HARM, {"also": (("spam", None),)}),
        (Outcome.VIOLATES, {"also": (("criticism_of_the_city", None),)}),
        (Outcome.VIOLATES, {"also": (("spam", 6),)}),
        (Outcome.VIOLATES, {"also": (("hate", 2),)}),
        (Outcome.VIOLATES, {"also": (("spam", None), ("spam", 2))}),
        (Outcome.NO_HARM, {"note": "x" * 4001}),
        (Outcome.NO_HARM, {"uuid": ""}),
        (Outcome.NO_HARM, {"version": 2}),
        (Outcome.NO_HARM, {"version": 0}),
    ],
)
def test_decision_that_does_not_fit_is_refused_whole(store, clock, actors, outcome, changes):
    """A policy goes with a violation, from the closed list; nothing is written otherwise."""
    item = held_item(store, actors.an, clock)
    with pytest.raises(InputError):
        decisions.decide(store, actors.an, on(item, outcome, **changes), now=clock.now())

    assert decision_rows(store) == []
    assert item_row(store, item.id).state == "claimed"


def test_same_uuid_again_gives_the_same_answer_and_writes_nothing(store, clock, actors):
    """A resent message is harmless, also after the claim would have ended."""
    item = held_item(store, actors.an, clock)
    wanted = on(item, Outcome.NEEDS_ANSWER)
    first = decisions.decide(store, actors.an, wanted, now=clock.now())
    again = decisions.decide(store, actors.an, wanted, now=clock.advance(hours=1))

    assert again == replace(first, duplicate=True)
    assert len(decision_rows(store)) == 1
    assert events(store, item.id).count("decided") == 1


def test_uuid_of_another_decision_is_refused(store, clock, actors):
    """One uuid stands for one outcome of one person on one item."""
    put_items(store, 2)
    first, second = take(store, actors.an, clock, count=2)
    wanted = on(first)
    decisions.decide(store, actors.an, wanted, now=clock.now())
    for actor, other in (
        (actors.an, replace(wanted, item_id=second.id)),
        (actors.an, replace(wanted, outcome=Outcome.NOT_SURE)),
        (actors.an, on(first, Outcome.VIOLATES, uuid=wanted.uuid, also=(("spam", 2),))),
        (actors.binh, wanted),
    ):
        with pytest.raises(InputError, match="another decision"):
            decisions.decide(store, actor, other, now=clock.now())


def test_second_decision_on_an_item_is_refused(store, clock, actors):
    """The sentence says what to do next."""
    item = held_item(store, actors.an, clock)
    decisions.decide(store, actors.an, on(item), now=clock.now())
    with pytest.raises(AlreadyDecided, match="take the next item"):
        decisions.decide(store, actors.an, on(item, Outcome.NOT_SURE), now=clock.now())


def test_decision_under_a_lost_claim_is_refused(store, clock, actors):
    """Ended, another's, and an old number: nothing is written."""
    put_items(store, 1)
    [old] = take(store, actors.an, clock)
    with pytest.raises(ClaimLost):
        decisions.decide(store, actors.binh, on(old), now=clock.now())
    with pytest.raises(ClaimLost, match="has ended"):
        decisions.decide(store, actors.an, on(old), now=clock.advance(minutes=10))
    [new] = take(store, actors.an, clock)
    with pytest.raises(ClaimLost):
        decisions.decide(store, actors.an, on(old), now=clock.now())

    assert decision_rows(store) == []
    assert decisions.decide(store, actors.an, on(new), now=clock.now()).duplicate is False


def test_decision_on_a_deleted_post_is_refused(store, clock, actors):
    """A void item says that its post is gone."""
    item = held_item(store, actors.an, clock)
    with store.write() as conn:
        conn.execute(tables.item.update().values(state="void", claimed_by=None, claim_until=None))
    with pytest.raises(ClaimLost, match="deleted at its platform"):
        decisions.decide(store, actors.an, on(item), now=clock.now())


@pytest.mark.parametrize("item_id", ["999", "x"])
def test_decision_on_no_item_is_refused(store, clock, actors, item_id):
    """A made-up id is not found."""
    item = held_item(store, actors.an, clock)
    with pytest.raises(NotFound):
        decisions.decide(store, actors.an, on(item, item_id=item_id), now=clock.now())


def test_decision_on_an_older_version_stands_and_marks_the_item(store, clock, actors):
    """The post was edited while it was read: the decision names the version that was shown."""
    item = held_item(store, actors.an, clock)
    with store.write() as conn:
        put_version(conn, int(item.post_id), 2, "đã sửa")
    decisions.decide(store, actors.an, on(item), now=clock.now())

    assert decision_rows(store)[0].version == 1
    assert item_row(store, item.id).edited_after_review
    assert standing(store) == replay(store)


def test_only_reviewers_and_coordinators_decide(store, clock, actors):
    """Every other role is refused before anything is looked up."""
    item = held_item(store, actors.an, clock)
    for actor in (actors.leader, actors.analyst, actors.admin, operator()):
        with pytest.raises(NotAllowed):
            decisions.decide(store, actor, on(item), now=clock.now())
        with pytest.raises(NotAllowed):
            decisions.undo_last(store, actor, clock.now())


def test_undo_gives_the_item_back_under_a_new_number(store, clock, actors):
    """Both stay in the log; the item can be decided again."""
    item = held_item(store, actors.an, clock)
    wanted = on(item, Outcome.VIOLATES)
    decisions.decide(store, actors.an, wanted, now=clock.now())

    assert decisions.undo_last(store, actors.an, clock.advance(seconds=30)) == wanted.uuid

    [again] = claims.held(store, actors.an, clock.now())
    rows = decision_rows(store)

    assert (again.id, again.claim.number) == (item.id, item.claim.number + 1)
    assert again.claim.until == clock.now() + timedelta(minutes=10)
    assert [row.kind for row in rows] == ["review", "undo"]
    assert rows[1].supersedes_id == rows[0].id
    kept, anew = rolled_up(store)
    assert kept == anew
    assert (kept[0].decided, kept[0].harm) == (0, 0)
    with pytest.raises(ClaimLost):
        decisions.decide(store, actors.an, on(item), now=clock.now())
    decisions.decide(store, actors.an, on(again), now=clock.now())
    assert standing(store) == replay(store)
    assert decisions.undo_last(store, actors.an, clock.now()) is not None


def test_undo_reaches_only_the_own_last_decision_within_its_time(store, clock, actors):
    """Another's decision, an old one and an undone one stay as they are."""
    put_items(store, 3)
    [item] = take(store, actors.an, clock)
    decisions.decide(store, actors.an, on(item), now=clock.now())

    assert decisions.undo_last(store, actors.binh, clock.now()) is None
    assert decisions.undo_last(store, actors.an, clock.now(), within_s=0) is not None
    assert decisions.undo_last(store, actors.an, clock.now()) is None

    [other] = take(store, actors.an, clock)
    decisions.decide(store, actors.an, on(other), now=clock.now())

    assert decisions.undo_last(store, actors.an, clock.advance(seconds=31)) is None
    assert decisions.undo_last(store, actors.an, clock.now(), within_s=120) is not None


def test_undone_uuid_sent_again_is_no_new_decision(store, clock, actors):
    """A message that was taken back and comes once more does not decide again."""
    item = held_item(store, actors.an, clock)
    wanted = on(item)
    decisions.decide(store, actors.an, wanted, now=clock.now())
    decisions.undo_last(store, actors.an, clock.now())

    assert decisions.decide(store, actors.an, wanted, now=clock.now()).duplicate
    assert item_row(store, item.id).state == "claimed"


def test_undo_is_refused_once_the_item_was_answered(store, clock, actors):
    """What was said elsewhere cannot be unsaid."""
    item = held_item(store, actors.an, clock)
    decisions.decide(store, actors.an, on(item, Outcome.NEEDS_ANSWER), now=clock.now())
    with store.write() as conn:
        conn.execute(tables.item.update().values(state="answered"))

    assert decisions.undo_last(store, actors.an, clock.now()) is None


def test_undo_of_a_named_decision_takes_back_that_one(store, clock, actors):
    """With a uuid the older of two is taken back; an unknown one takes back nothing."""
    put_items(store, 2)
    first, second = (on(item) for item in take(store, actors.an, clock, count=2))
    for one in (first, second):
        decisions.decide(store, actors.an, one, now=clock.now())

    assert decisions.undo_last(store, actors.an, clock.now(), uuid=str(uuid4())) is None
    assert decisions.undo_last(store, actors.binh, clock.now(), uuid=first.uuid) is None
    assert decisions.undo_last(store, actors.an, clock.now(), uuid=first.uuid) == first.uuid
    assert item_row(store, first.item_id).state == "claimed"
    assert item_row(store, second.item_id).state == "closed"
    assert standing(store) == replay(store)
