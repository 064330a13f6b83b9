"""Saved views: shared by the team, of known fields only, and gone when somebody removes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evenhand.dashboard.jobs import access, saved_views
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from tests.conftest import NOON

FLOOD = {"q": "nước lũ & 100%", "queue": "fast", "label": "", "lang": "vi"}


def save(store, actor, name="Lũ", fields=FLOOD, page="queues"):
    return saved_views.save(store, actor, page, name, fields, NOON)


def names(store, actor):
    return [one.name for one in saved_views.list_views(store, actor, "queues")]


def other_team(store):
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))


def test_view_says_for_the_whole_team_what_the_address_said(store, actors):
    """Signs that addresses use for themselves too; what was empty stays empty."""
    save(store, actors.coordinator, " Lũ ")
    [found] = saved_views.list_views(store, actors.admin, "queues")

    assert ("Lũ", "coordinator") == (found.name, found.made_by)
    assert {**FLOOD, "state": "", "source": ""} == saved_views.fields_of("queues", found)
    assert [] == saved_views.list_views(store, actors.admin, "requests")


def test_views_of_other_teams_are_neither_seen_nor_removed(store, actors):
    """Those of nobody's team are a team's own too."""
    other_team(store)
    theirs = replace(actors.coordinator, team_id="2")
    nobodys = replace(actors.admin, team_id=None)
    made = save(store, actors.coordinator, "one")
    save(store, theirs, "two")
    save(store, nobodys, "three")
    for who in (theirs, nobodys):
        with pytest.raises(NotFound, match="no saved view"):
            saved_views.remove(store, who, made)

    assert [["one"], ["two"], ["three"]] == [
        names(store, who) for who in (actors.coordinator, theirs, nobodys)
    ]
    with pytest.raises(InputError, match="already"):
        save(store, nobodys, "three")


def test_view_is_removed_once_by_anybody_who_shares_it(store, actors):
    """Whoever saved it."""
    made = save(store, actors.coordinator)
    saved_views.remove(store, actors.admin, made)

    assert [] == names(store, actors.coordinator)
    for gone in (made, "x"):
        with pytest.raises(NotFound):
            saved_views.remove(store, actors.admin, gone)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((" ", FLOOD, "queues"), "needs a name"),
        (("x" * 61, FLOOD, "queues"), "needs a name"),
        (("a\u202eb", FLOOD, "queues"), "needs a name"),
        (("Lũ", {"author": "x"}, "queues"), "no field"),
        (("Lũ", {"q": "x"}, "review"), "no field"),
        (("Lũ", {}, "queues"), "nothing to save"),
        (("Lũ", {"q": ""}, "queues"), "nothing to save"),
        (("Lũ", {"q": "x" * 1_001}, "queues"), "too much"),
    ],
)
def test_what_cannot_be_a_view_is_refused(store, actors, given, said):
    """A view can say nothing that its page does not know."""
    with pytest.raises(InputError, match=said):
        save(store, actors.coordinator, *given)


def test_name_is_taken_once_and_a_team_has_so_many_views_and_no_more(store, actors):
    """Somebody else's name is taken too."""
    save(store, actors.coordinator)
    with pytest.raises(InputError, match="already"):
        save(store, actors.admin)
    for number in range(saved_views.MOST - 1):
        save(store, actors.coordinator, f"view {number}")

    with pytest.raises(InputError, match="remove one first"):
        save(store, actors.coordinator, "one more")


def test_nobody_else_sees_or_changes_views(store, actors):
    """The terminal neither."""
    made = save(store, actors.coordinator)
    for refused in (actors.an, actors.leader, actors.analyst):
        with pytest.raises(NotAllowed):
            names(store, refused)
    for refused in (actors.an, actors.leader, actors.analyst, access.operator()):
        with pytest.raises(NotAllowed):
            save(store, refused, "other")
        with pytest.raises(NotAllowed):
            saved_views.remove(store, refused, made)

    assert ["Lũ"] == names(store, actors.coordinator)
