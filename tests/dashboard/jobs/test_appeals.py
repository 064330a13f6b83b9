"""Appeals: read by somebody who took no part, upheld or overturned, and answerable."""

from __future__ import annotations

import json

import pytest

from evenhand.dashboard.jobs import appeals, claims, decisions, quality_gold, search
from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, InputError, NotAllowed, NotFound
from evenhand.data.records import Outcome
from evenhand.data.store import rollups_anew
from tests.reading_floor import (
    children_of,
    entries,
    put_gold,
    read,
    say,
    split,
    standing_on,
    take,
    violates,
)
from tests.review_floor import events, item_row, put_items, replay, rolled_up, standing

GROUND = "Bài này là lời cảnh báo, không phải lời kêu gọi."


def decided(store, actors, clock, outcome=Outcome.VIOLATES, policy="hate", **item):
    [item_id] = put_items(store, 1, **item)
    read(store, actors.an, clock, outcome, policy, quality=None)
    return item_id


def file(store, actor, item_id, clock, side="affected"):
    return appeals.file_appeal(store, actor, item_id, side, GROUND, clock.now())


def is_whole(store):
    kept, anew = rolled_up(store)
    return kept == anew and standing(store) == replay(store)


def test_appeal_is_overturned_by_another_person(store, clock, actors):
    """What they said stands; state, figures, ledger and the appeal follow in one write."""
    item_id = decided(store, actors, clock)
    appeal_id = file(store, actors.coordinator, item_id, clock)
    assert take(store, actors.an, clock) == take(store, actors.coordinator, clock) == []
    held = read(store, actors.binh, clock)

    after = standing_on(store, item_id)
    assert (after.kind, after.outcome, after.reviewer_id) == ("appeal", "no_harm", 2)
    assert item_row(store, item_id).state == "closed"
    assert held.id == str(children_of(store, item_id)[0].id)
    assert appeals.waiting(store, actors.coordinator) == []
    filed, ended = entries(store, "appeal_filed", "appeal_ended")
    assert filed.subject == ended.subject == f"appeal:{appeal_id}"
    assert json.loads(filed.data)["side"] == "affected"
    assert "cảnh báo" not in filed.data
    assert json.loads(ended.data)["result"] == "overturned"
    assert len(entries(store, "superseded")) == 1
    assert [(one.decided, one.harm) for one in rolled_up(store)[0]] == [(1, 0)]
    assert is_whole(store)


def test_appeal_is_upheld_when_the_other_person_says_the_same(store, clock, actors):
    """The first decision stands."""
    item_id = decided(store, actors, clock)
    file(store, actors.analyst, item_id, clock, side="team")
    read(store, actors.binh, clock, Outcome.VIOLATES, "hate")

    assert standing_on(store, item_id).kind == "review"
    [ended] = entries(store, "appeal_ended")
    assert json.loads(ended.data)["result"] == "upheld"
    assert entries(store, "superseded") == []


def test_appeal_is_refused_to_whoever_took_part(store, clock, actors):
    """To the first reviewer, to whoever filed it, and to a second reader, with one sentence."""
    item_id = split(store, actors, clock)
    read(store, actors.coordinator, clock, Outcome.VIOLATES, "spam")
    appeal_id = file(store, actors.analyst, item_id, clock)
    for one in (actors.an, actors.binh, actors.coordinator):
        [line] = appeals.waiting(store, one)
        assert not line.may_take
        assert line.appeal.took_part
        with pytest.raises(InputError, match=r"you took part in what item .* somebody else"):
            appeals.take(store, one, appeal_id, clock.now())
    with pytest.raises(NotAllowed):
        appeals.take(store, actors.analyst, appeal_id, clock.now())


def test_appeal_is_taken_out_of_turn_by_one_person(store, clock, actors):
    """It stands first on their desk like any other item; nobody else gets it meanwhile."""
    item_id = decided(store, actors, clock)
    appeal_id = file(store, actors.analyst, item_id, clock)
    [line] = appeals.waiting(store, actors.binh)
    assert (line.may_take, line.filed_by, line.appeal.policy) == (True, "analyst", "hate")
    held = appeals.take(store, actors.binh, appeal_id, clock.now())

    assert [one.claim for one in claims.held(store, actors.binh, clock.now())] == [held]
    assert appeals.take(store, actors.binh, appeal_id, clock.now()) == held
    assert not appeals.waiting(store, actors.coordinator)[0].may_take
    with pytest.raises(AlreadyDecided, match="somebody else"):
        appeals.take(store, actors.coordinator, appeal_id, clock.now())


def test_appeal_waits_on_when_the_other_person_is_not_sure(store, clock, actors):
    """Doubt is no answer: the next person reads it."""
    item_id = decided(store, actors, clock)
    file(store, actors.analyst, item_id, clock)
    read(store, actors.binh, clock, Outcome.NOT_SURE)
    assert standing_on(store, item_id).kind == "review"
    assert take(store, actors.binh, clock) == []
    assert len(appeals.waiting(store, actors.analyst)) == 1

    read(store, actors.coordinator, clock)
    assert standing_on(store, item_id).kind == "appeal"
    assert appeals.waiting(store, actors.analyst) == []
    assert is_whole(store)


@pytest.mark.parametrize(
    ("outcome", "policy"),
    [(Outcome.NO_HARM, None), (Outcome.VIOLATES, "hate"), (Outcome.NOT_SURE, None)],
)
def test_undo_opens_an_appeal_again(store, clock, actors, outcome, policy):
    """Whatever had come of it; what they say then counts."""
    item_id = decided(store, actors, clock)
    file(store, actors.analyst, item_id, clock)
    read(store, actors.binh, clock, outcome, policy)
    assert decisions.undo_last(store, actors.binh, clock.now()) is not None

    assert standing_on(store, item_id).kind == "review"
    assert len(appeals.waiting(store, actors.analyst)) == 1
    [again] = claims.held(store, actors.binh, clock.now())
    violates(store, actors.binh, again, "spam", clock=clock)
    assert standing_on(store, item_id).policy == "spam"
    assert appeals.waiting(store, actors.analyst) == []
    assert is_whole(store)


def test_decision_under_appeal_is_not_taken_back(store, clock, actors):
    """Somebody else has it in hand already."""
    item_id = decided(store, actors, clock)
    file(store, actors.analyst, item_id, clock)

    assert decisions.undo_last(store, actors.an, clock.now()) is None
    assert standing_on(store, item_id).outcome == "violates"


def test_answered_item_stays_answered_when_an_appeal_is_overturned(store, clock, actors):
    """The response was given; what needs one is counted by what stands."""
    item_id = decided(store, actors, clock, Outcome.NEEDS_ANSWER, None, queue="request")
    answered_at = clock.now()
    with store.write() as conn:
        conn.execute(
            tables.item.update().values(state="answered", answered_at=answered_at),
        )
        rollups_anew.rebuild(conn)
    file(store, actors.analyst, item_id, clock)
    read(store, actors.binh, clock)

    row = item_row(store, item_id)
    assert (row.state, row.needs_answer, row.answered_at) == ("answered", False, answered_at)
    kept, anew = rolled_up(store)
    assert kept == anew
    assert [(one.needs_answer, one.answered) for one in kept] == [(0, 0)]


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        (("police", GROUND), "no side"),
        (("team", " kém "), "needs a ground"),
        (("team", "x" * 2001), "2000"),
    ],
)
def test_appeal_without_side_or_ground_is_refused(store, clock, actors, filed, said):
    """The sentence says what is missing."""
    item_id = decided(store, actors, clock)

    with pytest.raises(InputError, match=said):
        appeals.file_appeal(store, actors.an, item_id, *filed, clock.now())


def test_appeal_needs_a_decided_item_of_the_team_and_one_at_a_time(store, clock, actors):
    """Open items, children, other teams' items and items under appeal cannot be appealed."""
    [still_open] = put_items(store, 1)
    with pytest.raises(InputError, match="has no decision"):
        file(store, actors.an, still_open, clock)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate")
    [child] = children_of(store, still_open)
    with pytest.raises(NotFound):
        file(store, actors.an, str(child.id), clock)
    file(store, actors.an, still_open, clock)
    with pytest.raises(InputError, match="read again already"):
        file(store, actors.coordinator, still_open, clock)
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=9, name="Đội khác"))
        conn.execute(tables.item.update().values(team_id=9))
    with pytest.raises(NotFound):
        file(store, actors.an, still_open, clock)
    with pytest.raises(NotAllowed):
        file(store, actors.leader, still_open, clock)


def test_appeal_waits_for_a_third_reading(store, clock, actors):
    """Two at once would overrule each other."""
    item_id = split(store, actors, clock)
    with pytest.raises(InputError, match="wait for what comes of it"):
        file(store, actors.analyst, item_id, clock)


def test_second_reading_after_an_appeal_changes_nothing(store, clock, actors):
    """What was overturned on appeal is not adjudicated behind its back."""
    put_items(store, 1)
    [item] = take(store, actors.an, clock)
    violates(store, actors.an, item, clock=clock)
    file(store, actors.analyst, item.id, clock)
    double, appeal_child = children_of(store, item.id)
    held = {one.id: one for one in take(store, actors.binh, clock)}
    say(store, actors.binh, held[str(appeal_child.id)], clock=clock)
    claims.release_all(store, actors.binh, clock.now())
    clock.advance(hours=1)
    other = read(store, actors.coordinator, clock, Outcome.VIOLATES, "spam")

    assert other.id == str(double.id)
    assert standing_on(store, item.id).kind == "appeal"
    assert [one.purpose for one in children_of(store, item.id)] == ["double", "appeal"]


def test_own_decisions_are_offered_after_a_day_the_last_first(store, clock, actors):
    """What is of another item, of another person, deleted or under appeal is not among them."""
    first, second, third, _ = put_items(store, 4)
    for _ in range(3):
        read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
    read(store, actors.binh, clock, quality=None)
    assert appeals.own_decisions(store, actors.an, clock.now()) == []
    clock.advance(hours=25)
    found = appeals.own_decisions(store, actors.an, clock.now())
    assert [third, second, first] == [one.item_id for one in found]
    assert ("violates", "hate", "vi", True) == (
        found[0].outcome,
        found[0].policy,
        found[0].lang,
        found[0].has_text,
    )
    file(store, actors.an, second, clock)
    with store.write() as conn:
        gone = tables.item.c.id == int(third)
        conn.execute(tables.item.update().where(gone).values(state="void"))

    assert [first] == [one.item_id for one in appeals.own_decisions(store, actors.an, clock.now())]


def test_hidden_gold_is_told_by_no_gap_in_the_own_decisions(store, clock, actors):
    """Until gold is told to its reader, nothing of that day is offered: no gap gives it away."""
    put_gold(store, actors, clock)
    put_items(store, 2)
    for item in take(store, actors.an, clock, 2, gold_share=0.2, chance=lambda: 0.0):
        violates(store, actors.an, item, clock=clock, quality=None)
    assert appeals.own_decisions(store, actors.an, clock.now()) == []
    assert quality_gold.own_results(store, actors.an, clock.now()) == []
    clock.advance(hours=25)

    assert 1 <= len(quality_gold.own_results(store, actors.an, clock.now()))
    assert 2 == len(appeals.own_decisions(store, actors.an, clock.now())) + len(
        quality_gold.own_results(store, actors.an, clock.now())
    )


def test_text_opens_for_whoever_decided_and_for_coordinators(store, clock, actors):
    """Another reviewer never reads what they did not hold; each look stands in the item's log."""
    item_id = decided(store, actors, clock, text="Nói ra cho rõ")
    for actor in (actors.an, actors.coordinator, actors.analyst):
        assert appeals.open_decided(store, actor, item_id, clock.now()).text == "Nói ra cho rõ"
    assert ["text_read"] * 3 == events(store, item_id)[-3:]
    with pytest.raises(NotAllowed, match="not open to you"):
        appeals.open_decided(store, actors.binh, item_id, clock.now())


@pytest.mark.parametrize("name", ["an", "analyst", "leader"])
def test_words_are_looked_for_by_coordinators_only(store, actors, name):
    """A reviewer who finds a post decided would know that it is read a second time."""
    with pytest.raises(NotAllowed):
        appeals.find_decided(store, getattr(actors, name), "nước")


def test_words_find_decided_items_of_the_team(store, clock, actors):
    """What waits is left out, and a query without a word is refused."""
    item_id = decided(store, actors, clock, text="Đập vỡ rồi")
    put_items(store, 1, text="Đập vỡ rồi")
    search.catch_up(store)

    assert [item_id] == [
        one.item_id for one in appeals.find_decided(store, actors.coordinator, "dap vo")
    ]
    with pytest.raises(InputError, match="no word to look for"):
        appeals.find_decided(store, actors.coordinator, "!?")
