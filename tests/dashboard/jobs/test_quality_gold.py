"""Gold: two persons, no mark, the share asked for, nobody's ranking; and practice beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import claims, languages, quality, quality_gold
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Outcome
from evenhand.data.settings import QualitySettings
from evenhand.data.store import golds
from evenhand.data.store.golds import Hidden, NewGold
from tests.reading_floor import children_of, entries, put_gold, read, say, take, violates
from tests.review_floor import item_row, put_items, put_version, replay, rolled_up, standing

WHY = "Gọi cả một nhóm người là súc vật."
ALWAYS, NEVER = (lambda: 0.0), (lambda: 0.999)


def gold_of(item_id, outcome="violates", policy="hate", why=WHY):
    return NewGold(item_id, outcome, policy, why)


def decided(store, actors, clock):
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
    return item_id


def test_gold_needs_a_second_person(store, clock, actors):
    """Whoever proposed it cannot put it to use; the ledger tells both steps, without a text."""
    item_id = decided(store, actors, clock)
    made = quality_gold.propose(store, actors.coordinator, gold_of(item_id), clock.now())
    with pytest.raises(InputError, match="ask another person"):
        quality_gold.approve(store, actors.coordinator, made, clock.now())
    [line] = quality_gold.listing(store, actors.coordinator)
    assert (line.own, line.may_approve, line.approved_by) == (True, False, None)
    assert quality_gold.listing(store, actors.analyst)[0].may_approve
    quality_gold.approve(store, actors.analyst, made, clock.now())

    [line] = quality_gold.listing(store, actors.analyst)
    assert (line.proposed_by, line.approved_by) == ("coordinator", "analyst")
    proposed, approved = entries(store, "gold_proposed", "gold_approved")
    assert (proposed.actor, approved.actor) == ("3", "5")
    assert json.loads(proposed.data) == {"item": item_id, "outcome": "violates", "policy": "hate"}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (("not_sure", None, WHY), "no outcome of gold"),
        (("violates", None, WHY), "names a policy exactly"),
        (("no_harm", "hate", WHY), "names a policy exactly"),
        (("violates", "politics", WHY), "names a policy exactly"),
        (("no_harm", None, " vì thế "), "needs an explanation"),
    ],
)
def test_gold_without_truth_or_explanation_is_refused(store, clock, actors, new, said):
    """The sentence says what is missing."""
    item_id = decided(store, actors, clock)

    with pytest.raises(InputError, match=said):
        quality_gold.propose(store, actors.analyst, gold_of(item_id, *new), clock.now())


def test_gold_is_a_decided_item_of_the_team_once(store, clock, actors):
    """Not one that waits, was edited, belongs to others or is gold already."""
    [waits] = put_items(store, 1)
    with pytest.raises(InputError, match="not decided"):
        quality_gold.propose(store, actors.analyst, gold_of(waits), clock.now())
    read(store, actors.an, clock)
    quality_gold.propose(store, actors.analyst, gold_of(waits), clock.now())
    with pytest.raises(InputError, match="already"):
        quality_gold.propose(store, actors.coordinator, gold_of(waits), clock.now())
    with pytest.raises(NotFound):
        quality_gold.propose(store, actors.analyst, gold_of("404"), clock.now())
    with pytest.raises(NotAllowed):
        quality_gold.propose(store, actors.an, gold_of(waits), clock.now())
    with pytest.raises(NotAllowed):
        quality_gold.listing(store, actors.binh)


def test_hidden_gold_comes_in_the_place_of_another_item(store, clock, actors):
    """It is copied, for this person alone, counted nowhere, and never without other items."""
    [gold_id] = put_gold(store, actors, clock)
    put_items(store, 3)
    before = rolled_up(store)
    given = take(store, actors.an, clock, 2, gold_share=0.2, chance=iter((0.1, 0.9, 0.0)).__next__)

    [child] = children_of(store, gold_id)
    assert (child.purpose, child.for_person, child.claimed_by) == ("gold", 1, 1)
    assert str(child.id) in {item.id for item in given}
    assert len(given) == 2
    assert {item.created_at for item in given if item.id == str(child.id)} == {clock.now()}
    [mine] = [item for item in given if item.id == str(child.id)]
    violates(store, actors.an, mine, clock=clock)
    assert [one.purpose for one in children_of(store, gold_id)] == ["gold"]
    assert rolled_up(store) == before
    assert standing(store) == replay(store)
    assert take(store, actors.binh, clock, 1, gold_share=1.0, chance=ALWAYS)[0].id != mine.id


def test_gold_is_not_handed_out_into_an_empty_queue(store, clock, actors):
    """It would be the only item there, and so be known."""
    put_gold(store, actors, clock)

    assert take(store, actors.an, clock, gold_share=0.2, chance=ALWAYS) == []


def test_nobody_gets_gold_that_they_have_seen(store, clock, actors):
    """Neither those who decided, proposed or approved it, nor who held or was given it once."""
    [gold_id] = put_gold(store, actors, clock)
    put_items(store, 9)
    with_gold = {"gold_share": 0.2, "chance": ALWAYS}
    first = take(store, actors.an, clock, 1, **with_gold)
    assert [item_row(store, one.id).of_item_id for one in first] == [int(gold_id)]
    assert take(store, actors.coordinator, clock, 1, **with_gold)[0].post_id != first[0].post_id
    claims.release_all(store, actors.an, clock.now())
    clock.advance(hours=1)

    again = take(store, actors.an, clock, 9, **with_gold)
    assert [str(one.id) for one in children_of(store, gold_id)] == [first[0].id]
    assert first[0].id in {one.id for one in again}


def test_gold_out_of_use_edited_or_erased_is_handed_out_no_more(store, clock, actors):
    """What waits of it becomes void; who reads it meanwhile finds out."""
    gold_ids = put_gold(store, actors, clock, 2)
    put_items(store, 5)
    with store.write() as conn:
        post_id = item_row(store, gold_ids[0]).post_id
        put_version(conn, post_id, 2, "Bài đã sửa")
        conn.execute(
            update(tables.item)
            .where(tables.item.c.id == int(gold_ids[0]))
            .values(edited_after_review=True)
        )
    given = take(store, actors.an, clock, 1, gold_share=0.2, chance=ALWAYS)
    assert [item_row(store, one.id).of_item_id for one in given] == [int(gold_ids[1])]
    [line] = [
        one
        for one in quality_gold.listing(store, actors.analyst)
        if one.gold.item_id == gold_ids[1]
    ]
    quality_gold.retire(store, actors.analyst, line.gold.id, clock.now())

    assert item_row(store, given[0].id).state == "void"
    with pytest.raises(InputError, match="out of use already"):
        quality_gold.retire(store, actors.analyst, line.gold.id, clock.now())
    binh = take(store, actors.binh, clock, 1, gold_share=0.2, chance=ALWAYS)
    assert [item_row(store, one.id).of_item_id for one in binh] in ([], [None])


@pytest.mark.parametrize("share", [0.03, 0.2])
def test_places_are_gold_with_the_share_asked_for(share):
    """40,000 places in claims of ten: within four standard errors; a short queue caps it."""
    chance = Random(7).random  # noqa: S311 - a simulation
    found = sum(golds.drawn(Hidden(share, chance), 10, 1_000) for _ in range(4_000))

    assert abs(found - 40_000 * share) < 4 * (40_000 * share * (1 - share)) ** 0.5
    assert golds.drawn(Hidden(1.0, ALWAYS), 10, 0) == 0
    assert golds.drawn(Hidden(1.0, ALWAYS), 10, 3) == 10
    assert golds.drawn(Hidden(share, NEVER), 10, 3) == 0


def test_results_are_told_to_oneself_alone_and_a_day_later(store, clock, actors):
    """In the middle of a shift they would tell which items are gold."""
    put_gold(store, actors, clock, 2)
    put_items(store, 9)
    for item in take(store, actors.an, clock, 2, gold_share=0.2, chance=ALWAYS):
        policy = None if item.id.endswith(("1", "3", "5")) else "hate"
        outcome = Outcome.NO_HARM if policy is None else Outcome.VIOLATES
        say(store, actors.an, item, outcome, policy, clock=clock)
    assert quality_gold.own_results(store, actors.an, clock.now()) == []
    clock.advance(hours=25)
    mine = quality_gold.own_results(store, actors.an, clock.now())

    assert len(mine) == 2
    assert {(one.said == "hate") for one in mine if one.right} <= {True}
    assert {one.explanation for one in mine} == {WHY}
    assert quality_gold.own_results(store, actors.binh, clock.now()) == []
    with pytest.raises(NotAllowed):
        quality_gold.own_results(store, actors.leader, clock.now())


def test_practice_explains_and_is_never_hidden_gold(store, clock, actors):
    """Half of all gold stays for measuring; the queue and the desk never show practice."""
    put_gold(store, actors, clock, 4)
    done = []
    while (item := quality_gold.practise(store, actors.an, clock.now(), chance=ALWAYS)) is not None:
        again = quality_gold.practise(store, actors.an, clock.now(), chance=ALWAYS)
        assert (again.id, again.claim) == (item.id, item.claim)
        assert claims.held(store, actors.an, clock.now()) == []
        assert quality_gold.explained(store, actors.an, item.id) is None
        say(store, actors.an, item, clock=clock)
        told = quality_gold.explained(store, actors.an, item.id)
        assert (told.right, told.expected, told.explanation) == (False, "hate", WHY)
        assert quality_gold.explained(store, actors.binh, item.id) is None
        done.append(item.post_id)

    assert len(done) == len(set(done)) == 2
    put_items(store, 20)
    given = take(store, actors.an, clock, 10, gold_share=0.2, chance=ALWAYS)
    assert len([one for one in given if item_row(store, one.id).of_item_id]) == 2
    assert not {one.post_id for one in given} & set(done)
    clock.advance(days=2)
    assert quality_gold.own_results(store, actors.an, clock.now()) == []


def test_nobody_practises_in_a_language_that_they_do_not_read(store, clock, actors):
    """All gold here is Vietnamese."""
    put_gold(store, actors, clock, 2)
    languages.choose(store, actors.an, ["en"], clock.now())
    assert quality_gold.practise(store, actors.an, clock.now(), chance=ALWAYS) is None
    languages.choose(store, actors.an, ["en", "vi"], clock.now())

    assert quality_gold.practise(store, actors.an, clock.now(), chance=ALWAYS).lang == "vi"


def test_practice_that_was_left_goes_on_later(store, clock, actors):
    """Its claim ran out; the same item comes again."""
    put_gold(store, actors, clock, 2)
    begun = quality_gold.practise(store, actors.an, clock.now())
    clock.advance(minutes=30)

    again = quality_gold.practise(store, actors.an, clock.now())
    assert (again.id, again.claim.number) == (begun.id, begun.claim.number + 1)


def test_accuracy_is_of_the_team_and_blank_for_few_people(store, clock, actors):
    """Two readers make no figure; three do, with its interval from 30 readings on."""
    put_gold(store, actors, clock, 2)
    put_items(store, 9)
    for who in (actors.an, actors.binh):
        for item in take(store, who, clock, 2, gold_share=0.2, chance=ALWAYS):
            violates(store, who, item, clock=clock)
    read_by_two = quality.overview(store, actors.analyst, 28, QualitySettings(), clock.now()).gold
    with store.read() as conn:
        now = clock.now()
        some = golds.readings(
            conn, "1", since=now - timedelta(days=1), until=now + timedelta(days=1)
        )

    assert [(one.expected, one.right, one.n) for one in read_by_two] == [
        (None, None, 4),
        ("hate", None, 4),
    ]
    assert len(some) == 4
    many = [*some * 10]
    many[0] = type(many[0])(
        "9", "hate", "spam", right=False, lang="vi", decided_at=some[0].decided_at, explanation=""
    )
    [whole, hate] = quality.gold_accuracy(many)
    assert (whole.right.part, whole.right.n) == (hate.right.part, hate.right.n) == (39, 40)
    # Wilson for 39 of 40: 0.871 to 0.996.
    assert [round(end, 3) for end in whole.right.interval] == [0.871, 0.996]
