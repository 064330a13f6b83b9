"""What was not sure is counted as plain SQL counts it, and a policy is clarified by two persons."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from evenhand.dashboard.jobs import clarifying, decisions, search
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Actor, Outcome, Role
from evenhand.data.store import clarifications, rollups
from evenhand.data.tables_review import clarification
from tests.coverage_floor import count
from tests.reading_floor import entries, read
from tests.review_floor import events, put_items

SENTENCES = {
    "en": "Naming a shop that cheats is a warning, no doxxing.",
    "vi": "Nêu tên một cửa hàng lừa khách là lời cảnh báo, không phải tung thông tin riêng tư.",
}
UNSURE = """SELECT count(DISTINCT item.id) FROM decision JOIN item ON item.id = decision.item_id
    WHERE decision.outcome = 'not_sure' AND decision.kind <> 'undo' AND item.of_item_id IS NULL
    AND item.label = :label AND item.lang = :lang AND NOT EXISTS
    (SELECT 1 FROM decision AS undo WHERE undo.supersedes_id = decision.id AND undo.kind = 'undo')
    """
DECIDED = """SELECT count(*) FROM item WHERE decided_at IS NOT NULL AND of_item_id IS NULL
    AND label = :label AND lang = :lang"""


def of(store, actors, clock):
    return {
        (one.label, one.lang): one
        for one in clarifying.unsure(store, actors.coordinator, clock.now())
    }


def decide(store, actor, clock, outcome, **item):
    [item_id] = put_items(store, 1, **item)
    read(store, actor, clock, outcome, quality=None)
    return item_id


def proposed(store, actors, clock, label="doxxing"):
    return clarifying.propose(store, actors.coordinator, label, SENTENCES, clock.now())


def test_unsure_decisions_are_counted_by_reason_and_language(store, clock, actors):
    """Two of three hate items in Vietnamese, one of one in English; what was sure is below."""
    decide(store, actors.an, clock, Outcome.NOT_SURE)
    decide(store, actors.an, clock, Outcome.NOT_SURE)
    decide(store, actors.an, clock, Outcome.NO_HARM)
    decide(store, actors.an, clock, Outcome.NOT_SURE, lang="en")
    decide(store, actors.an, clock, Outcome.NO_HARM, label="spam")
    found = of(store, actors, clock)

    assert {("hate", "vi"), ("hate", "en")} == set(found)
    assert Share(2, 3) == found["hate", "vi"].unsure
    assert Share(1, 1) == found["hate", "en"].unsure
    for (label, lang), one in found.items():
        values = {"label": label, "lang": lang}
        assert one.unsure.part == count(store, UNSURE, **values)
        assert one.unsure.n == count(store, DECIDED, **values)


def test_unsure_decision_that_was_taken_back_counts_nowhere(store, clock, actors):
    """Whoever took it back and chose otherwise was sure in the end."""
    decide(store, actors.an, clock, Outcome.NOT_SURE)
    decisions.undo_last(store, actors.an, clock.now())

    assert {} == of(store, actors, clock)


def test_unsure_item_is_settled_by_a_later_decision(store, clock, actors):
    """A second reader differs, a third is sure: the item counts as settled, and stays counted."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.NOT_SURE)
    assert 0 == of(store, actors, clock)["hate", "vi"].settled
    read(store, actors.binh, clock, Outcome.NO_HARM)
    read(store, actors.coordinator, clock, Outcome.NO_HARM)
    found = of(store, actors, clock)["hate", "vi"]
    [item] = clarifying.items_behind(store, actors.coordinator, "hate", "vi", clock.now())

    assert (Share(1, 1), 1) == (found.unsure, found.settled)
    assert (item_id, True) == (item.item_id, item.settled)


def test_items_made_before_the_window_are_not_counted(store, clock, actors):
    """What was unsure more than 30 days ago has had its chance."""
    decide(store, actors.an, clock, Outcome.NOT_SURE)
    clock.advance(days=29)
    assert 1 == len(of(store, actors, clock))
    clock.advance(days=1)

    assert {} == of(store, actors, clock)


def test_items_behind_open_as_in_a_search_and_the_log_tells(store, clock, actors):
    """The list has no text; a coordinator opens one, under a flag, and a line of the log stays."""
    item_id = decide(store, actors.an, clock, Outcome.NOT_SURE, text="Địa chỉ nhà anh ấy")
    [item] = clarifying.items_behind(store, actors.coordinator, "hate", "vi", clock.now())
    opened = search.open_item(store, actors.coordinator, item.item_id, clock.now())

    assert item_id == item.item_id
    assert item.has_text
    assert not hasattr(item, "text")
    assert "Địa chỉ nhà anh ấy" == opened.text
    assert "text_read" == events(store, item_id)[-1]


def test_items_of_other_teams_are_not_listed(store, clock, actors):
    """Counts are of the workspace; items are those that the coordinator's team sees."""
    decide(store, actors.an, clock, Outcome.NOT_SURE)
    stranger = Actor("3", "x", frozenset({Role.COORDINATOR}), team_id="77")
    with store.write() as conn:
        conn.exec_driver_sql("UPDATE item SET team_id = 1")

    assert 1 == len(clarifying.unsure(store, stranger, clock.now()))
    assert [] == clarifying.items_behind(store, stranger, "hate", "vi", clock.now())


@pytest.mark.parametrize("name", ["an", "leader", "analyst", "admin"])
def test_what_was_unsure_is_a_coordinators_to_see(store, clock, actors, name):
    """Whoever words policies sees it, and whoever may open the items."""
    actor = getattr(actors, name)
    with pytest.raises(NotAllowed):
        clarifying.unsure(store, actor, clock.now())
    with pytest.raises(NotAllowed):
        clarifying.items_behind(store, actor, "hate", "vi", clock.now())
    with pytest.raises(NotAllowed):
        clarifying.propose(store, actor, "hate", SENTENCES, clock.now())


def test_clarification_is_shown_from_a_second_persons_approval_on(store, clock, actors):
    """Proposed it waits; approved it stands under its policy for everybody, in both languages."""
    made = proposed(store, actors, clock)
    before = clarifying.listing(store, actors.an)
    with pytest.raises(InputError, match="another person"):
        clarifying.approve(store, actors.coordinator, made, clock.now())
    clarifying.approve(store, actors.analyst, made, clock.now())
    [line] = clarifying.listing(store, actors.an).in_force["doxxing"]

    assert ({}, [made]) == (before.in_force, [one.clarification.id for one in before.waiting])
    assert SENTENCES == line.clarification.sentences
    assert ("coordinator", "analyst") == (line.proposed_by, line.approved_by)
    assert not line.may_end
    assert () == clarifying.listing(store, actors.an).waiting
    with pytest.raises(InputError, match="waits for nobody"):
        clarifying.approve(store, actors.admin, made, clock.now())


def test_clarification_that_ends_is_gone_and_stays_in_the_books(store, clock, actors):
    """Less wording takes one person; the ledger names each step, and no sentence."""
    made = proposed(store, actors, clock)
    clarifying.approve(store, actors.admin, made, clock.now())
    clarifying.end(store, actors.coordinator, made, clock.now())
    steps = entries(
        store, "clarification_proposed", "clarification_approved", "clarification_ended"
    )

    assert clarifying.Listing({}, ()) == clarifying.listing(store, actors.leader)
    assert ["3", "6", "3"] == [one.actor for one in steps]
    assert {f"clarification:{made}"} == {one.subject for one in steps}
    assert [{"label": "doxxing"}] * 3 == [json.loads(one.data) for one in steps]
    assert 1 == count(store, "SELECT count(*) FROM clarification WHERE state = 'ended'")
    with pytest.raises(InputError, match="over already"):
        clarifying.end(store, actors.coordinator, made, clock.now())


@pytest.mark.parametrize(
    ("label_and_sentences", "said"),
    [
        (("criticism", SENTENCES), "no policy and no request"),
        (("hate", {"en": SENTENCES["en"]}), "'vi' has 0 characters"),
        (("hate", SENTENCES | {"en": "short"}), "'en' has 5 characters"),
        (("hate", SENTENCES | {"vi": "dài " * 100}), "'vi' has 399 characters"),
    ],
)
def test_clarification_is_refused(store, clock, actors, label_and_sentences, said):
    """The lists are closed, and a sentence is there in both languages and can be read at once."""
    with pytest.raises(InputError, match=said):
        clarifying.propose(store, actors.coordinator, *label_and_sentences, clock.now())

    assert () == clarifying.listing(store, actors.coordinator).waiting


@pytest.mark.parametrize("number", ["77", "x", "9" * 30])
def test_clarification_of_no_number_is_not_found(store, clock, actors, number):
    """A page that is out of date gets a sentence."""
    with pytest.raises(NotFound, match="reload"):
        clarifying.approve(store, actors.admin, number, clock.now())


@pytest.mark.parametrize("approved_by", [None, 3])
def test_engine_itself_refuses_a_clarification_by_one_person(store, clock, actors, approved_by):
    """Safeguard 5 holds below the program too."""
    row = {
        "label": "hate",
        "sentence_en": "x",
        "sentence_vi": "x",
        "state": "active",
        "proposed_by": int(actors.coordinator.id),
        "proposed_at": clock.now(),
        "approved_by": approved_by,
    }
    with pytest.raises(IntegrityError), store.write() as conn:
        conn.execute(insert(clarification).values(**row))


def test_unsure_is_read_from_its_own_index(store, clock):
    """The page costs what was not sure, whatever else was decided."""
    today = clock.now().date()
    query = clarifications._unsure(rollups.Days(today, today), tables.item.c.label)
    with store.read() as conn:
        words = str(query.compile(dialect=conn.dialect, compile_kwargs={"literal_binds": True}))
        assert "decision.outcome = 'not_sure'" in words
        if store.is_sqlite:
            plan = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}").all()
            assert any("ix_decision_not_sure" in row.detail for row in plan)
