"""Macros: kept by coordinators, from closed lists, with templates that are in use."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from evenhand.dashboard.jobs import access, library, macros
from evenhand.dashboard.jobs.macros import NewMacro
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Outcome, ResponseKind
from tests.conftest import NOON

SCAM = NewMacro(
    "G", "Scam: notice", Outcome.VIOLATES, ("scam_fraud",), ResponseKind.NOTICE, "scam_notice"
)
QUESTION = NewMacro(
    "H", "Question", Outcome.NEEDS_ANSWER, (), ResponseKind.PUBLIC_REPLY, "answer_question"
)


@pytest.fixture(autouse=True)
def templates(store):
    library.put_builtin(store, NOON)


def add(store, actor, new=SCAM):
    return macros.add(store, actor, new, NOON)


def keys(store, actor):
    return [one.key for one in macros.list_active(store, actor)]


def test_macro_is_there_for_the_whole_team_once_a_coordinator_made_it(store, actors):
    """Reviewers press its key; the name is composed and the key a capital."""
    made = add(store, actors.coordinator, replace(SCAM, key=" g ", name=" Lừa đảo "))
    add(store, actors.coordinator, QUESTION)
    found = macros.list_active(store, actors.an)

    assert ("G", "H") == tuple(one.key for one in found)
    assert found[0] == made
    assert ("Lừa đảo", Outcome.VIOLATES, ("scam_fraud",)) == (
        made.name,
        made.outcome,
        made.policies,
    )


def test_macros_of_other_teams_are_neither_seen_nor_ended(store, actors):
    """The same key serves another team for something else."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))
    theirs = replace(actors.coordinator, team_id="2")
    made = add(store, actors.coordinator)
    add(store, theirs, replace(QUESTION, key="G"))

    with pytest.raises(NotFound):
        macros.end(store, theirs, made.id, NOON)
    assert [Outcome.NEEDS_ANSWER] == [one.outcome for one in macros.list_active(store, theirs)]
    assert [made] == list(macros.list_active(store, actors.binh))


def test_ledger_tells_who_made_and_ended_a_macro_but_not_its_name(store, actors):
    """Names are typed by people."""
    made = add(store, actors.coordinator, replace(SCAM, policies=("scam_fraud", "spam")))
    macros.end(store, actors.coordinator, made.id, NOON)
    with store.read() as conn:
        said = conn.execute(select(tables.ledger).order_by(tables.ledger.c.seq)).all()[-2:]

    assert [("3", "macro_made", f"macro:{made.id}"), ("3", "macro_ended", f"macro:{made.id}")] == [
        (one.actor, one.action, one.subject) for one in said
    ]
    assert {
        "key": "G",
        "outcome": "violates",
        "policies": ["scam_fraud", "spam"],
        "kind": "notice",
        "template": "scam_notice",
    } == json.loads(said[0].data)
    assert [] == keys(store, actors.coordinator)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "R"}, "no key that the card leaves free; choose one of F"),
        ({"key": "C"}, "no key"),
        ({"key": "N"}, "no key"),
        ({"key": ""}, "no key"),
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 41}, "needs a name"),
        ({"name": "a\u202eb"}, "needs a name"),
        ({"outcome": Outcome.NO_HARM, "policies": ()}, "nothing is answered after no_harm"),
        ({"outcome": Outcome.NOT_SURE, "policies": ()}, "nothing is answered after not_sure"),
        ({"outcome": Outcome.NEEDS_ANSWER}, "takes no policy; leave scam_fraud out"),
        ({"policies": ()}, "names a policy; choose one of scam_fraud"),
        ({"policies": ("politics",)}, "'politics' is no policy"),
        ({"policies": ("spam", "spam")}, "policy twice"),
        ({"template_id": "nobody_wrote_it"}, "no template in use is called 'nobody_wrote_it'"),
        ({"kind": ResponseKind.PUBLIC_REPLY}, "scam_notice is a notice, not a public_reply"),
    ],
)
def test_what_cannot_be_a_macro_is_refused_with_what_to_do(store, actors, change, said):
    """Nothing is written."""
    with pytest.raises(InputError, match=said):
        add(store, actors.coordinator, replace(SCAM, **change))

    assert [] == keys(store, actors.coordinator)


def test_template_that_is_in_use_in_no_language_is_refused(store, actors):
    """In one it is enough."""
    retired = update(tables.template).where(tables.template.c.id == "scam_notice")
    with store.write() as conn:
        conn.execute(retired.where(tables.template.c.language == "en").values(retired_at=NOON))
    add(store, actors.coordinator)
    with store.write() as conn:
        conn.execute(retired.values(retired_at=NOON))

    with pytest.raises(InputError, match="no template in use"):
        add(store, actors.coordinator, replace(SCAM, key="H"))


def test_key_that_is_taken_is_said_to_be(store, actors):
    """Whoever took it; it is free again when that macro has ended."""
    made = add(store, actors.coordinator)
    with pytest.raises(InputError, match="end that one first"):
        add(store, actors.coordinator, replace(QUESTION, key="G"))
    macros.end(store, actors.coordinator, made.id, NOON)
    add(store, actors.coordinator, replace(QUESTION, key="G"))

    assert ["G"] == keys(store, actors.an)


def test_only_coordinators_keep_macros(store, actors):
    """Those who decide see them, and the page's admins; the terminal keeps none."""
    made = add(store, actors.coordinator)
    for refused in (actors.an, actors.admin, actors.leader, actors.analyst, access.operator()):
        with pytest.raises(NotAllowed):
            add(store, refused, QUESTION)
        with pytest.raises(NotAllowed):
            macros.end(store, refused, made.id, NOON)
    for refused in (actors.leader, actors.analyst):
        with pytest.raises(NotAllowed):
            macros.list_active(store, refused)

    assert [["G"], ["G"]] == [keys(store, who) for who in (actors.an, actors.admin)]
