"""Deciding with a macro: the decision in one press, the response begun and never logged by it."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import appeals, claims, decisions, library, macros, requests
from evenhand.dashboard.jobs.macros import NewMacro
from evenhand.data import tables
from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import Decision, Outcome, Response, ResponseKind
from evenhand.data.store import ledger
from tests.conftest import NOON
from tests.reading_floor import (
    ALL_TWICE,
    entries,
    put_gold,
    read,
    split,
    standing_on,
    take,
)
from tests.review_floor import item_row, put_items, replay, rolled_up, standing

HATE = NewMacro(
    "G", "Hate: notice", Outcome.VIOLATES, ("hate", "spam"), ResponseKind.NOTICE, "scam_notice"
)
ASKED = NewMacro(
    "H", "Ask back", Outcome.NEEDS_ANSWER, (), ResponseKind.PUBLIC_REPLY, "ask_for_details"
)
ALSO = (("spam", None),)


@pytest.fixture
def hate(store, actors):
    library.put_builtin(store, NOON)
    return macros.add(store, actors.coordinator, HATE, NOON)


def on(item, outcome=Outcome.VIOLATES, policy="hate", also=ALSO):
    return Decision(
        str(uuid4()),
        item.id,
        item.claim.number,
        item.version,
        outcome,
        policy,
        also=also,
    )


def press(store, actor, clock, macro, quality=None):
    """Take the next item and decide on it with a macro; give the item and the decision."""
    [item] = take(store, actor, clock, 1)
    said = on(item)
    decisions.decide(store, actor, said, now=clock.now(), quality=quality, macro_id=macro.id)
    return item, said


def waiting(store, actor, clock):
    return [(one.item_id, one.by_macro) for one in requests.waiting(store, actor, now=clock.now())]


def beginning(store, actor, clock, item_id):
    """Take an item for answering, see how its response begins, and put it back."""
    requests.take(store, actor, item_id, clock.now())
    found = requests.taken(store, actor, clock.now(), item_id)
    requests.put_back(store, actor, item_id, clock.now())
    return None if found.beginning is None else (found.beginning.kind, found.beginning.template_id)


def is_whole(store):
    """Say that rows, roll-ups and ledger are what the logs tell."""
    kept, anew = rolled_up(store)
    with store.read() as conn:
        ledger.verify(conn)
    return kept == anew and standing(store) == replay(store)


def answers(store):
    with store.read() as conn:
        return [
            conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.response, tables.draft)
        ]


def test_macro_decides_and_its_item_waits_for_the_response_that_it_begins(
    store, clock, actors, hate
):
    """For whoever takes it; nothing is logged as a response, and nobody's draft is touched."""
    [item_id] = put_items(store, 1)
    press(store, actors.an, clock, hate)
    row = standing_on(store, item_id)

    assert (row.outcome, row.policy, str(row.macro_id)) == ("violates", "hate", hate.id)
    assert (item_row(store, item_id).state, item_row(store, item_id).needs_answer) == (
        "decided",
        True,
    )
    assert [(item_id, True)] == waiting(store, actors.binh, clock)
    for who in (actors.an, actors.binh):
        assert (ResponseKind.NOTICE, "scam_notice") == beginning(store, who, clock, item_id)
    assert [0, 0] == answers(store)
    assert [(1, 1)] == [(one.harm, one.needs_answer) for one in rolled_up(store)[0]]
    [entry] = entries(store, "decided")
    assert hate.id == json.loads(entry.data)["macro"]
    assert is_whole(store)


def test_macro_of_an_outcome_without_a_policy_begins_another_template(store, clock, actors, hate):
    """The item waits once, and an item that was decided by another key begins with nothing."""
    asked = macros.add(store, actors.coordinator, ASKED, NOON)
    put_items(store, 2)
    first, second = take(store, actors.an, clock, 2)
    for item, macro_id in ((first, asked.id), (second, None)):
        said = on(item, Outcome.NEEDS_ANSWER, None, ())
        decisions.decide(store, actors.an, said, now=clock.now(), macro_id=macro_id)

    assert hate.id != asked.id
    assert {(first.id, True), (second.id, False)} == {*waiting(store, actors.an, clock)}
    assert (ResponseKind.PUBLIC_REPLY, "ask_for_details") == beginning(
        store, actors.an, clock, first.id
    )
    assert beginning(store, actors.an, clock, second.id) is None
    assert [2] == [one.needs_answer for one in rolled_up(store)[0]]
    assert is_whole(store)


def test_same_press_again_changes_nothing_even_after_the_macro_ended(store, clock, actors, hate):
    """The same uuid with another macro, or with none, is another decision."""
    [item_id] = put_items(store, 1)
    _, said = press(store, actors.an, clock, hate)
    macros.end(store, actors.coordinator, hate.id, clock.now())
    again = decisions.decide(store, actors.an, said, now=clock.now(), macro_id=hate.id)

    assert again.duplicate
    for other in (None, "77"):
        with pytest.raises(InputError, match="another decision"):
            decisions.decide(store, actors.an, said, now=clock.now(), macro_id=other)
    assert (ResponseKind.NOTICE, "scam_notice") == beginning(store, actors.an, clock, item_id)
    assert is_whole(store)


@pytest.mark.parametrize(
    ("outcome", "policy", "also"),
    [
        (Outcome.VIOLATES, "spam", (("hate", None),)),
        (Outcome.VIOLATES, "hate", ()),
        (Outcome.VIOLATES, "hate", (("spam", None), ("doxxing", None))),
        (Outcome.VIOLATES, "hate", (("doxxing", None),)),
        (Outcome.NEEDS_ANSWER, None, ()),
        (Outcome.NO_HARM, None, ()),
    ],
)
def test_decision_that_is_not_the_macros_is_refused(  # noqa: PLR0913, PLR0917 - the parts of what is said
    store, clock, actors, hate, outcome, policy, also
):
    """Nothing is written, and the item is still held."""
    [item_id] = put_items(store, 1)
    [item] = take(store, actors.an, clock)
    with pytest.raises(InputError, match="says something else; reload the page"):
        decisions.decide(
            store,
            actors.an,
            on(item, outcome, policy, also),
            now=clock.now(),
            macro_id=hate.id,
        )

    assert standing_on(store, item_id) is None
    assert "claimed" == item_row(store, item_id).state


def test_macro_that_ended_or_is_another_teams_is_refused(store, clock, actors, hate):
    """With what to do; the same decision by another key is then written."""
    put_items(store, 1)
    [item] = take(store, actors.an, clock)
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))
    theirs = macros.add(store, replace(actors.coordinator, team_id="2"), HATE, NOON)
    macros.end(store, actors.coordinator, hate.id, NOON)
    said = on(item)

    with pytest.raises(InputError, match="macro G was ended, so nothing was written; decide by"):
        decisions.decide(store, actors.an, said, now=clock.now(), macro_id=hate.id)
    for unknown in (theirs.id, "999", "x"):
        with pytest.raises(NotFound, match="no macro"):
            decisions.decide(store, actors.an, said, now=clock.now(), macro_id=unknown)
    assert not decisions.decide(store, actors.an, said, now=clock.now()).duplicate
    assert [] == waiting(store, actors.an, clock)


def test_undo_takes_the_beginning_away_with_the_decision(store, clock, actors, hate):
    """What is decided then begins with nothing."""
    [item_id] = put_items(store, 1)
    _, said = press(store, actors.an, clock, hate)
    assert said.uuid == decisions.undo_last(store, actors.an, clock.now())

    assert [] == waiting(store, actors.an, clock)
    assert [(0, 0)] == [(one.harm, one.needs_answer) for one in rolled_up(store)[0]]
    assert is_whole(store)
    [item] = claims.held(store, actors.an, clock.now())
    again = on(item, Outcome.NEEDS_ANSWER, None, ())
    decisions.decide(store, actors.an, again, now=clock.now())
    assert [(item_id, False)] == waiting(store, actors.an, clock)
    assert beginning(store, actors.an, clock, item_id) is None
    assert is_whole(store)


def second_reading(store, actors, clock):
    """Let An decide, so that Binh reads the item a second time."""
    put_items(store, 1)
    read(store, actors.an, clock)
    return take(store, actors.binh, clock)[0], actors.binh


def third_person(store, actors, clock):
    """Let two readers differ, so that the coordinator decides between them."""
    split(store, actors, clock)
    return take(store, actors.coordinator, clock)[0], actors.coordinator


def appealed(store, actors, clock):
    """Let An decide and somebody appeal, so that Binh reads the item anew."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, quality=None)
    appeals.file_appeal(store, actors.analyst, item_id, "team", "Đây là kêu gọi.", clock.now())
    return take(store, actors.binh, clock)[0], actors.binh


def gold(store, actors, clock):
    """Put gold in the place of an item that An would have got."""
    put_gold(store, actors, clock)
    put_items(store, 1)
    given = take(store, actors.an, clock, 1, gold_share=1.0, chance=lambda: 0.0)
    return given[0], actors.an


@pytest.mark.parametrize("once_more", [second_reading, third_person, appealed, gold])
def test_macro_on_what_is_read_once_more_is_accepted_alike_and_begins_nothing(
    store, clock, actors, hate, once_more
):
    """Neither the reading nor what it is about waits for a response."""
    item, who = once_more(store, actors, clock)
    done = decisions.decide(
        store, who, on(item), now=clock.now(), quality=ALL_TWICE, macro_id=hate.id
    )
    row = item_row(store, item.id)
    parent = item_row(store, row.of_item_id)

    assert ("decided", False) == (done.state, done.duplicate)
    assert ("decided", False, False) == (row.state, row.needs_answer, parent.needs_answer)
    assert [] == waiting(store, actors.an, clock)
    assert [0, 0] == answers(store)
    assert is_whole(store)


@pytest.mark.parametrize(("agrees", "left"), [(True, [True]), (False, [])])
def test_beginning_goes_when_a_third_person_decides_otherwise_and_stays_when_not(  # noqa: PLR0913, PLR0917 - the floor, and what is expected on it
    store, clock, actors, hate, agrees, left
):
    """Taken back, what the first said stands again, with the response that it began."""
    [item_id] = put_items(store, 1)
    press(store, actors.an, clock, hate, quality=ALL_TWICE)
    read(store, actors.binh, clock)
    [item] = take(store, actors.coordinator, clock)
    said = on(item) if agrees else on(item, Outcome.VIOLATES, "doxxing", ())
    decisions.decide(store, actors.coordinator, said, now=clock.now())

    assert "adjudication" == standing_on(store, item_id).kind
    assert left == [by_macro for _, by_macro in waiting(store, actors.an, clock)]
    assert is_whole(store)
    assert said.uuid == decisions.undo_last(store, actors.coordinator, clock.now())
    assert [(item_id, True)] == waiting(store, actors.an, clock)
    assert (ResponseKind.NOTICE, "scam_notice") == beginning(store, actors.an, clock, item_id)
    assert is_whole(store)


def test_response_is_logged_by_a_person_and_counts_as_an_answer(store, clock, actors, hate):
    """Until then the item counts as one that waits."""
    put_items(store, 1)
    item, _ = press(store, actors.an, clock, hate)
    requests.take(store, actors.binh, item.id, clock.now())
    wanted = Response(
        uuid=str(uuid4()),
        item_id=item.id,
        kind=ResponseKind.NOTICE,
        channel="r/danang",
        text="Xin cẩn thận.",
        language="vi",
        account="@TongDaiVinhLam",
        given_at=clock.now(),
    )
    assert [(1, 0)] == [(one.needs_answer, one.answered) for one in rolled_up(store)[0]]
    requests.respond(store, actors.binh, wanted, now=clock.now())

    assert [(1, 1)] == [(one.needs_answer, one.answered) for one in rolled_up(store)[0]]
    assert "answered" == item_row(store, item.id).state
    assert [1, 0] == answers(store)
    assert is_whole(store)
