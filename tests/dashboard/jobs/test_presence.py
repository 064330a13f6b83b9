"""Who may see how the queues stand, and whose names they see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evenhand.dashboard.jobs import claims, languages, presence
from evenhand.data.errors import NotAllowed
from tests.conftest import NOON
from tests.review_floor import put_items


def test_coordinators_see_counts_and_the_names_of_who_is_at_work(store, actors):
    """The sums are those of the lines."""
    put_items(store, 3)
    put_items(store, 2, queue="request", label="question", due_at=NOON)
    claims.claim_next(store, actors.an, now=NOON, count=2, queues=["harm"])
    found = presence.standing_of(store, actors.coordinator, NOON)

    assert (5, 2, 2, 3) == (found.items, found.overdue, found.held, found.reviewers)
    assert found.present is not None
    assert [("an", 2)] == [(one.name, one.reading) for one in found.present]


def test_what_was_drawn_is_counted_over_all_languages(store, actors):
    """A line of a rare language with one item in it would tell its reader that it is an audit."""
    put_items(store, 2, label="audit", lang="vi", due_at=NOON)
    put_items(store, 1, label="audit", lang="id")
    put_items(store, 1, label="hate", lang="id")
    found = presence.drawn_together(presence.standing_of(store, actors.coordinator, NOON).waits)

    assert [("hate", "id", 1, 0), ("audit", "", 3, 2)] == [
        (one.label, one.lang, one.items, one.overdue) for one in found
    ]


def test_admins_see_counts_and_no_names(store, actors):
    """Presence is for those who share out the work."""
    put_items(store, 1)
    claims.claim_next(store, actors.an, now=NOON, count=1)
    found = presence.standing_of(store, replace(actors.admin, team_id=None), NOON)

    assert (1, 1) == (found.items, found.held)
    assert found.present is None


def test_nobody_else_sees_how_the_queues_stand(store, actors):
    """Nor who is at work."""
    for refused in (actors.an, actors.leader, actors.analyst):
        with pytest.raises(NotAllowed):
            presence.standing_of(store, refused, NOON)


def test_capacity_stands_beside_what_waits_in_each_language(store, actors):
    """Counts of people and items, the language with most first; no names and no order of people."""
    put_items(store, 3, lang="en")
    put_items(store, 1, lang="vi", due_at=NOON)
    put_items(store, 1, lang="fr")
    languages.choose(store, actors.an, ["vi"], NOON)
    languages.choose(store, actors.binh, ["vi", "en"], NOON)
    languages.choose(store, actors.coordinator, ["vi"], NOON)
    found = presence.standing_of(store, actors.coordinator, NOON)

    assert [("en", 3, 0, 1), ("fr", 1, 0, 0), ("vi", 1, 1, 3)] == [
        (one.lang, one.items, one.overdue, one.readers) for one in found.langs
    ]
