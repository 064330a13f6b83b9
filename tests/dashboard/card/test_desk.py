"""The desk answers each of the card's messages once, and hands over what comes next."""

from __future__ import annotations

import itertools
from uuid import uuid4

import pytest
from sqlalchemy import select

from evenhand.dashboard.card.desk import Desk, put_down, refill
from evenhand.dashboard.jobs import claims
from evenhand.dashboard.shell import Shell
from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotAllowed
from evenhand.data.settings import Settings
from evenhand.data.taxonomy import load_taxonomy
from tests.card_floor import send
from tests.review_floor import events, item_row, put_item, put_items, put_version

PREFETCH = 10


@pytest.fixture
def sit(store, clock, tmp_path):
    """Seat an actor at a fresh desk: (shell, desk)."""

    def seat(actor, lang="en"):
        # Nothing out of turn: these tests tell items by their places.
        settings = Settings(workspace=tmp_path, review={"random_share": 0})
        return Shell(store, settings, actor, lang, clock.now), Desk()

    return seat


def said(kind, item=None, **values):
    """Word a message as the browser does."""
    where = {} if item is None else {"item": item.id, "number": item.claim.number}
    return {"uuid": str(uuid4()), "kind": kind, **where, **values}


def decide(item, outcome="no_harm", **values):
    return said("decide", item, version=item.version, outcome=outcome, **values)


def errors(desk):
    return [type(one.error) for one in desk.refused]


def test_refill_claims_as_many_as_the_settings_say_in_the_queues_order(sit, store, actors):
    """Ten items lie ready, the highest priority first, and the rest is counted."""
    ids = put_items(store, 14)
    shell, desk = sit(actors.an)
    refill(shell, desk)

    assert ids[:PREFETCH] == list(desk.held)
    assert desk.waiting == 4


def test_refill_waits_until_little_is_left(sit, store, actors):
    """One decision does not cost a claim of its own; a few together do."""
    ids = put_items(store, 20)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    sizes = []
    for item in list(desk.held.values())[:5]:
        send(shell, desk, [decide(item)])
        refill(shell, desk)
        sizes.append(len(desk.held))

    assert sizes == [9, 10, 9, 10, 9]
    assert list(desk.held)[-1] == ids[13]


def test_reloaded_page_shows_what_is_held_already(sit, store, actors):
    """A second tab or a reload brings the same items back, not more."""
    put_items(store, 14)
    shell, first = sit(actors.an)
    refill(shell, first)
    _, second = sit(actors.an)
    refill(shell, second)

    assert list(first.held) == list(second.held)


def test_twelve_decisions_in_one_batch_are_each_on_their_item(sit, store, actors):
    """A batch is carried out in its order, each decision on the item that it names."""
    put_items(store, 12)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    first = list(desk.held.values())
    send(shell, desk, [decide(item, "violates", policy="spam") for item in first])
    refill(shell, desk)
    last = list(desk.held.values())
    send(shell, desk, [decide(item) for item in last])

    assert (len(first), len(last), desk.decided) == (10, 2, 12)
    assert {"decided"} == {item_row(store, item.id).state for item in first}
    assert {"closed"} == {item_row(store, item.id).state for item in last}
    assert desk.refused == []


def test_one_decision_names_several_policies_with_their_severities(sit, store, actors):
    """The first leads; a severity that was not changed is the policy's own."""
    [item_id] = put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    also = [["spam", None], ["doxxing", 5]]
    message = decide(desk.held[item_id], "violates", policy="hate", severity=2, also=also)
    send(shell, desk, [message])

    with store.read() as conn:
        row = conn.execute(select(tables.decision)).one()
    assert desk.refused == []
    assert (row.policy, row.severity) == ("hate", 2)
    assert row.also == [["spam", load_taxonomy().policies["spam"].severity], ["doxxing", 5]]


def test_repeated_message_is_answered_once(sit, store, actors):
    """What the browser sends again changes nothing, also after the server forgot the tab."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    (item,) = desk.held.values()
    message = decide(item)
    send(shell, desk, [message])
    send(shell, desk, [message])
    _, anew = sit(actors.an)
    send(shell, anew, [message])

    assert (desk.decided, anew.decided) == (1, 0)
    assert message["uuid"] in anew.acks
    assert events(store, item.id).count("decided") == 1
    assert anew.refused == []


def test_stale_claim_is_refused_and_holds_nothing_else_up(sit, store, actors, clock):
    """A decision after the lease writes nothing; the ones beside it are written."""
    put_items(store, 3)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    first, second, third = desk.held.values()
    claims.unassign(store, actors.coordinator, first.id, clock.now())
    send(shell, desk, [decide(first), decide(second)])

    assert errors(desk) == [ClaimLost]
    assert list(desk.held) == [third.id]
    assert (item_row(store, first.id).state, item_row(store, second.id).state) == ("open", "closed")


def test_item_whose_decision_is_refused_comes_last(sit, store, actors):
    """The browser shows the next one already, and the desk keeps the browser's order."""
    ids = put_items(store, 3)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    first = desk.held[ids[0]]
    send(shell, desk, [said("decide", first, version=99, outcome="no_harm")])

    assert errors(desk) == [InputError]
    assert list(desk.held) == [ids[1], ids[2], ids[0]]


def test_item_decided_in_another_tab_is_refused(sit, store, actors):
    """Two tabs of one person never decide one item twice."""
    put_items(store, 1)
    shell, one = sit(actors.an)
    _, other = sit(actors.an)
    refill(shell, one)
    refill(shell, other)
    (item,) = one.held.values()
    send(shell, one, [decide(item)])
    send(shell, other, [decide(item, "violates", policy="hate")])

    assert errors(other) == [AlreadyDecided]
    assert not other.held
    assert item_row(store, item.id).state == "closed"


def test_undo_in_the_same_batch_brings_the_item_back_in_front(sit, store, actors):
    """A decision can be taken back before it was acknowledged; the log keeps both."""
    put_items(store, 3)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    first = next(iter(desk.held.values()))
    message = decide(first)
    send(shell, desk, [message, said("undo", target=message["uuid"])])

    again = next(iter(desk.held.values()))
    assert (again.id, again.claim.number) == (first.id, first.claim.number + 1)
    assert desk.decided == 0
    assert events(store, first.id) == ["made", "claimed", "decided", "undone"]


def test_undo_names_its_decision_and_takes_back_no_other(sit, store, actors):
    """An undo that comes too late leaves what was decided since in another tab."""
    put_items(store, 2)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    first, second = desk.held.values()
    send(shell, desk, [decide(first), decide(second)])
    send(shell, desk, [said("undo", target=str(uuid4()))])

    assert [(one.late_undo, type(one.error)) for one in desk.refused] == [(True, InputError)]
    assert item_row(store, second.id).state == "closed"


def test_undo_ends_with_its_time(sit, store, actors, clock):
    """After `review.undo_s` seconds the decision stands."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    message = decide(next(iter(desk.held.values())))
    send(shell, desk, [message])
    clock.advance(seconds=shell.settings.review.undo_s + 1)
    send(shell, desk, [said("undo", target=message["uuid"])])

    assert desk.refused[0].late_undo


def test_skip_gives_the_item_away_for_good(sit, store, actors):
    """A skipped item leaves the desk and does not come back to it."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    (item,) = desk.held.values()
    send(shell, desk, [said("skip", item, reason="care")])
    refill(shell, desk)

    assert (desk.held, desk.waiting) == ({}, 0)
    assert item_row(store, item.id).state == "open"


def test_skip_without_a_known_reason_keeps_the_item(sit, store, actors):
    """A reason that the screen does not offer is refused, and nothing is lost."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    (item,) = desk.held.values()
    send(shell, desk, [said("skip", item, reason="bored")])

    assert errors(desk) == [InputError]
    assert list(desk.held) == [item.id]


def test_thread_is_read_under_the_claim_and_logged(sit, store, actors):
    """The posts around come only while the claim lives, and the reading leaves a line."""
    with store.write() as conn:
        put_item(conn, text="ở giữa", post={"context_key": "t1"})
    shell, desk = sit(actors.an)
    refill(shell, desk)
    (item,) = desk.held.values()
    send(shell, desk, [said("thread", item)])

    assert (desk.thread_item, [one.text for one in desk.thread]) == (item.id, ["ở giữa"])
    assert "thread_read" in events(store, item.id)


def test_thread_of_a_lost_item_is_refused(sit, store, actors, clock):
    """Without a claim nobody reads around."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    (item,) = desk.held.values()
    claims.release_all(store, actors.an, clock.now())
    send(shell, desk, [said("thread", item)])

    assert (errors(desk), desk.thread) == ([ClaimLost], [])


def test_beat_keeps_the_claims_and_drops_lost_ones(sit, store, actors, clock):
    """A sign of life prolongs what lives and lets go of what is gone."""
    put_items(store, 2)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    kept, lost = desk.held.values()
    claims.unassign(store, actors.coordinator, lost.id, clock.now())
    clock.advance(minutes=6)
    held = [{"item": one.id, "number": one.claim.number} for one in (kept, lost)]
    send(shell, desk, [said("beat", held=held)])

    assert list(desk.held) == [kept.id]
    assert desk.held[kept.id].claim.until > kept.claim.until


def test_nothing_is_claimed_for_somebody_who_left(sit, store, actors, clock):
    """A page left open gives its items back and takes no new ones until a sign of life."""
    put_items(store, 3)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    clock.advance(minutes=11)
    refill(shell, desk)
    left = dict(desk.held), desk.is_away(clock.now()), desk.waiting
    claims.sweep(store, clock.now())
    clock.advance(seconds=10)
    refill(shell, desk)
    waiting = desk.waiting
    send(shell, desk, [said("more")])
    refill(shell, desk)

    assert left == ({}, True, 0)
    assert waiting == 3
    assert len(desk.held) == 3


def test_put_down_gives_everything_back_and_changes_the_queue(sit, store, actors):
    """Whoever changes the queue holds nothing of the old one."""
    with store.write() as conn:
        harm = put_item(conn).id
        request = put_item(conn, "question", queue="request").id
    shell, desk = sit(actors.an)
    refill(shell, desk)
    put_down(shell, desk, ("request",))
    refill(shell, desk)

    assert list(desk.held) == [request]
    assert item_row(store, harm).state == "open"


def test_decision_on_an_edited_post_stands_for_the_version_shown(sit, store, actors):
    """What was read is what was decided on; the item is marked."""
    with store.write() as conn:
        made = put_item(conn)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    (item,) = desk.held.values()
    with store.write() as conn:
        put_version(conn, int(made.post_id), 2, "đã sửa")
    send(shell, desk, [decide(item)])

    assert item_row(store, item.id).edited_after_review


@pytest.mark.parametrize(
    "message",
    [
        None,
        "decide",
        [],
        {},
        {"uuid": ""},
        {"uuid": "x" * 65, "kind": "more"},
    ],
)
def test_what_is_no_message_is_passed_over(sit, actors, message):
    """A changed browser can send anything; what has no uuid gets no answer."""
    shell, desk = sit(actors.an)
    send(shell, desk, [message])

    assert (list(desk.acks), desk.refused) == ([], [])


VIOLATES = {
    "kind": "decide",
    "item": "1",
    "number": 1,
    "version": 1,
    "outcome": "violates",
    "policy": "hate",
}
HOSTILE = [
    {},
    {"kind": "dance"},
    {"kind": ["decide"]},
    {"kind": "decide"},
    {"kind": "decide", "item": "1", "number": "9" * 40, "version": 1, "outcome": "no_harm"},
    {"kind": "decide", "item": "-1", "number": 1, "version": 1, "outcome": "no_harm"},
    {"kind": "decide", "item": "٣", "number": 1, "version": 1, "outcome": "no_harm"},
    {"kind": "decide", "item": {"a": 1}, "number": None, "version": 1, "outcome": "no_harm"},
    {"kind": "decide", "item": "1", "number": 1, "version": 1, "outcome": "guilty"},
    {"kind": "decide", "item": "1", "number": 1, "version": "two", "outcome": "no_harm"},
    {"kind": "decide", "item": "1", "number": 1, "version": 1, "outcome": "violates"},
    {"kind": "decide", "item": "1", "number": 1, "version": 1, "outcome": "violates", "policy": []},
    {"kind": "decide", "item": "1", "number": 1, "version": 1, "outcome": "no_harm", "also": 3},
    {**VIOLATES, "also": ["spam"]},
    {**VIOLATES, "also": [["spam", "five"]]},
    {**VIOLATES, "also": [["spam", None], ["spam", None]]},
    {**VIOLATES, "severity": [3]},
    {**VIOLATES, "severity": 9},
    {"kind": "sample", "item": "77", "number": 1},
    {"kind": "apart", "item": "1", "number": 1},
    {"kind": "skip", "item": "1", "number": 1, "reason": None},
    {"kind": "undo", "target": {"a": 1}},
    {"kind": "thread", "item": "1"},
    {"kind": "beat", "held": [None]},
    {"kind": "beat", "held": [["1", 1]]},
]


@pytest.mark.parametrize("message", HOSTILE, ids=itertools.count())
def test_message_that_cannot_be_carried_out_is_refused_with_a_sentence(sit, store, actors, message):
    """Whatever a browser sends, the page goes on and nothing is written."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    send(shell, desk, [{"uuid": "u1", **message}])

    assert list(desk.acks) == ["u1"]
    assert [bool(str(one.error)) for one in desk.refused] == [True]
    (item,) = claims.held(store, actors.an, shell.now())
    assert "decided" not in events(store, item.id)


def test_beat_without_a_list_keeps_what_lives(sit, store, actors):
    """A beat that names nothing prolongs nothing and loses nothing."""
    put_items(store, 1)
    shell, desk = sit(actors.an)
    refill(shell, desk)
    send(shell, desk, [said("beat", held="all")])

    assert (len(desk.held), desk.refused) == (1, [])


def test_desk_forgets_old_answers_and_refusals(sit, actors):
    """A session of many days does not grow without end."""
    shell, desk = sit(actors.an)
    for _ in range(3):
        send(shell, desk, [said("dance") for _ in range(190)])

    assert (len(desk.acks), len(desk.refused)) == (400, 20)


def test_batch_is_cut_where_it_is_too_long(sit, actors):
    """Of more than 200 messages the first are answered; the browser sends the rest again."""
    shell, desk = sit(actors.an)
    send(shell, desk, [said("more") for _ in range(300)])

    assert len(desk.acks) == 200


@pytest.mark.parametrize("who", ["leader", "analyst", "admin"])
def test_other_roles_get_no_item(sit, store, actors, who):
    """Items are for reviewers and coordinators; others are refused at the first claim."""
    put_items(store, 1)
    shell, desk = sit(getattr(actors, who))

    with pytest.raises(NotAllowed):
        refill(shell, desk)
