"""Who may see how the queues stand, and whose names they see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evenhand.dashboard.jobs import claims, presence
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
