"""Routing: the first rule that fits gives the team, and what may be a rule is closed."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from evenhand.dashboard.jobs import access, routing
from evenhand.dashboard.jobs.routing import Route, Rule
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Actor, Role
from evenhand.data.store import ledger
from evenhand.data.store.routes import RouteState
from evenhand.data.taxonomy import Sentiment, Topic
from tests.conftest import NOON
from tests.review_floor import put_flag, put_item, put_source

FLOOD = Rule("Cứu hộ lũ", 1, ("help_needed",), ("vi",), (), "1")
SECOND = Actor("7", "second", frozenset({Role.COORDINATOR}), "2")


@pytest.fixture
def teams(store, actors):
    """A second team with a coordinator of its own, beside the first one's people."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))
        person = {"id": 7, "name": "second", "password_hash": "!", "created_at": NOON}
        conn.execute(tables.person.insert().values(**person))
        member = {"person_id": 7, "team_id": 2, "role": "coordinator"}
        conn.execute(tables.membership.insert().values(**member))
    return actors


def route(rule, key="1"):
    return Route(key, rule, RouteState.ACTIVE, "3", NOON, "6", NOON, None, None)


def put_in_force(store, actors, rule):
    made = routing.propose(store, actors.coordinator, rule, NOON)
    return routing.approve(store, actors.admin, made.id, NOON)


def entries(store):
    query = select(tables.ledger).where(tables.ledger.c.action.like("route_%"))
    with store.read() as conn:
        rows = conn.execute(query.order_by(tables.ledger.c.seq)).all()
        ledger.verify(conn)
    return [(row.action, row.actor, row.subject, json.loads(row.data)) for row in rows]


def test_first_route_that_fits_gives_the_team():
    """One of several labels is enough; language and source must fit too."""
    by_label = route(Rule("a", 1, ("hate", "spam"), (), (), "1"))
    by_lang = route(Rule("b", 2, (), ("vi",), (), "2"))
    by_source = route(Rule("c", 3, (), (), ("9",), "3"))
    rules = [by_label, by_lang, by_source]

    assert "1" == routing.team_for(rules, ["question", "spam"], "vi", "9")
    assert "2" == routing.team_for(rules, ["question"], "vi", "9")
    assert "3" == routing.team_for(rules, {"question"}, "en", "9")
    assert routing.team_for(rules, {"question"}, "en", "8") is None
    assert routing.team_for([], {"hate"}, "vi", "9") is None


def test_all_conditions_of_a_route_must_hold():
    """An empty list fits everything."""
    narrow = route(Rule("a", 1, ("hate",), ("vi",), ("9",), "1"))
    wide = route(Rule("b", 1, (), (), (), "2"))

    assert "1" == routing.team_for([narrow], ["hate"], "vi", "9")
    for labels, lang, source in (
        (["spam"], "vi", "9"),
        (["hate"], "en", "9"),
        (["hate"], "vi", "8"),
        ([], "vi", "9"),
    ):
        assert routing.team_for([narrow], labels, lang, source) is None
        assert "2" == routing.team_for([narrow, wide], labels, lang, source)


SETS = st.lists(st.sampled_from(["hate", "spam", "question"]), unique=True).map(tuple)
LANGS = st.lists(st.sampled_from(["vi", "en"]), unique=True).map(tuple)


@given(st.lists(st.tuples(SETS, LANGS), max_size=4), SETS, st.sampled_from(["vi", "en", "fr"]))
def test_routes_after_the_first_that_fits_change_nothing(given_rules, labels, lang):
    """Law: adding a route at the end never takes an item from an earlier one."""
    rules = [
        route(Rule(str(at), at, wanted, langs, (), str(at)))
        for at, (wanted, langs) in enumerate(given_rules)
    ]
    teams = [routing.team_for(rules[:n], labels, lang, "1") for n in range(len(rules) + 1)]
    found = [team for team in teams if team is not None]

    assert len(set(found)) <= 1
    assert teams == [None] * (len(teams) - len(found)) + found


def test_topic_sentiment_and_author_can_never_be_a_condition(store, teams):
    """The fields are closed, and what is no policy and no request is refused as a label."""
    assert ["in_order", "labels", "lang", "source_id"] == list(
        inspect.signature(routing.team_for).parameters
    )
    assert {"name", "position", "labels", "langs", "sources", "team_id"} == set(Rule.__slots__)
    listed = set(routing.LABELS)
    for word in (*Topic, *Sentiment, "author", "civic", "audit", "", "HATE"):
        assert word not in listed
        with pytest.raises(InputError, match="is no label"):
            routing.propose(store, teams.coordinator, replace(FLOOD, labels=(str(word),)), NOON)


def test_route_is_in_force_after_two_persons_and_the_ledger_tells_of_all_three_steps(store, teams):
    """A coordinator proposes, another or an admin approves, one of them ends it."""
    made = routing.propose(store, teams.coordinator, FLOOD, NOON)
    assert [] == routing.in_force(store)
    routing.approve(store, SECOND, made.id, NOON)
    assert [made.id] == [one.id for one in routing.in_force(store)]
    routing.end(store, teams.coordinator, made.id, NOON)

    assert [] == routing.in_force(store)
    told = {
        "team": "1",
        "position": 1,
        "labels": ["help_needed"],
        "langs": ["vi"],
        "sources": [],
    }
    subject = f"route:{made.id}"
    assert [
        ("route_proposed", "3", subject, told),
        ("route_approved", "7", subject, {"proposed_by": "3"}),
        ("route_ended", "3", subject, {"state": "active"}),
    ] == entries(store)


def test_one_hand_is_never_enough(store, teams):
    """Nor that of somebody without the role, nor the terminal's, which is no person."""
    made = routing.propose(store, teams.coordinator, FLOOD, NOON)
    with pytest.raises(NotAllowed, match="second person"):
        routing.approve(store, teams.coordinator, made.id, NOON)
    for refused in (teams.an, teams.leader, teams.analyst, teams.admin, access.operator()):
        with pytest.raises(NotAllowed):
            routing.propose(store, refused, replace(FLOOD, langs=()), NOON)
    for refused in (teams.an, teams.leader, teams.analyst, access.operator()):
        with pytest.raises(NotAllowed):
            routing.approve(store, refused, made.id, NOON)
        with pytest.raises(NotAllowed):
            routing.end(store, refused, made.id, NOON)
    for refused in (teams.an, teams.leader, teams.analyst):
        for job in (routing.listing, routing.choices):
            with pytest.raises(NotAllowed):
                job(store, refused, NOON)
        with pytest.raises(NotAllowed):
            routing.preview(store, refused, FLOOD, NOON)

    assert [] == routing.in_force(store)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, "has 0"),
        ({"name": "x" * 81}, "has 81"),
        ({"name": "a\nb"}, "printable"),
        ({"position": 0}, "position 0"),
        ({"position": 100}, "position 100"),
        ({"langs": ("Vietnamese",)}, "no code of a language"),
        ({"langs": ("vi", "")}, "no code of a language"),
        ({"sources": ("99",)}, "is no source"),
        ({"team_id": "99"}, "is no team"),
        ({"team_id": ""}, "is no team"),
    ],
)
def test_what_cannot_be_a_route_is_refused_with_what_to_do(store, teams, change, said):
    """In a preview as in a proposal."""
    odd = replace(FLOOD, **change)

    with pytest.raises(InputError, match=said):
        routing.propose(store, teams.coordinator, odd, NOON)
    with pytest.raises(InputError, match=said):
        routing.preview(store, teams.coordinator, odd, NOON)


def test_route_that_asks_for_the_same_as_a_living_one_is_refused(store, teams):
    """In whatever order its lists stand; after the other one's end it may come."""
    wide = replace(FLOOD, labels=("spam", "hate", "spam"), langs=())
    made = routing.propose(store, teams.coordinator, wide, NOON)
    again = replace(wide, labels=("hate", "spam"), name="again", team_id="2")
    with pytest.raises(InputError, match="asks for the same already"):
        routing.propose(store, SECOND, again, NOON)
    routing.end(store, SECOND, made.id, NOON)

    assert ("hate", "spam") == routing.propose(store, SECOND, again, NOON).rule.labels


def test_route_that_is_not_there_is_said_to_be_missing(store, teams):
    """Whatever a page sends."""
    for job in (routing.approve, routing.end):
        with pytest.raises(NotFound, match="no route"):
            job(store, teams.coordinator, "0x1", NOON)


def test_listing_says_what_each_route_would_have_taken(store, teams):
    """An earlier one takes first; a proposal is counted at its own place among those in force."""
    with store.write() as conn:
        source = str(put_source(conn))
        for lang in ("vi", "vi", "en"):
            put_item(conn, "help_needed", lang=lang, queue="fast")
        both = put_item(conn, "hate", lang="vi")
        put_flag(conn, int(both.post_id), "help_needed")
        put_item(conn, "spam", lang="en")
    first = put_in_force(store, teams, FLOOD)
    rest = replace(FLOOD, name="rest", position=9, labels=(), langs=(), sources=(source,))
    last = put_in_force(store, teams, rest)
    hate = replace(FLOOD, name="hate", position=5, labels=("hate", "spam"), langs=())
    waits = routing.propose(store, teams.coordinator, hate, NOON)
    found = routing.listing(store, SECOND, NOON)

    # 2 + the one with two labels; then all else; the proposal finds only the spam left.
    assert [(first.id, 3), (last.id, 2)] == [
        (one.route.id, one.would_take) for one in found.in_force
    ]
    [line] = found.waiting
    assert (waits.id, 1) == (line.route.id, line.would_take)
    assert (5, False) == (found.made, found.capped)
    assert ("Tổ trực", "coordinator", True, False) == (
        line.team,
        line.proposed_by,
        line.may_approve,
        line.own,
    )
    assert ("r/danang",) == found.in_force[1].sources
    preview = routing.preview(store, teams.coordinator, replace(hate, langs=("vi",)), NOON)
    assert (0, 5, False) == (preview.taken, preview.made, preview.capped)
    assert set(routing.Preview.__slots__) == {"taken", "made", "capped"}


def test_listing_tells_who_may_do_what(store, teams):
    """Whoever proposed waits for somebody else; an admin does not propose."""
    made = routing.propose(store, teams.coordinator, FLOOD, NOON)
    [mine] = routing.listing(store, teams.coordinator, NOON).waiting
    theirs = routing.listing(store, teams.admin, NOON)
    assert (True, False, True) == (mine.own, mine.may_approve, mine.may_end)
    assert theirs.waiting[0].may_approve
    assert not theirs.may_propose
    routing.end(store, teams.admin, made.id, NOON)
    [over] = routing.listing(store, teams.coordinator, NOON).ended

    assert ("admin", None, False, False) == (
        over.ended_by,
        over.would_take,
        over.may_approve,
        over.may_end,
    )


def test_choices_are_the_closed_lists_the_sources_the_teams_and_languages_that_come_in(
    store, teams
):
    """Languages that no item came in are not offered, but for the two of the workspace."""
    with store.write() as conn:
        put_item(conn, lang="fr")
    found = routing.choices(store, teams.coordinator, NOON)

    assert routing.LABELS == found.labels
    assert ("en", "fr", "vi") == found.langs
    assert ["r/danang"] == list(found.sources.values())
    assert {"2": "Health desk", "1": "Tổ trực"} == found.teams
