"""Teams, who takes items in them, and what waits for each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from evenhand.dashboard.jobs import claims
from evenhand.data import tables
from evenhand.data.store import teams
from evenhand.data.store.teams import NOBODYS, Team, TeamWaits
from tests.review_floor import put_items


def age(store, item_id, made_at, team_id):
    which = tables.item.c.id == int(item_id)
    with store.write() as conn:
        conn.execute(update(tables.item).where(which).values(created_at=made_at, team_id=team_id))


@pytest.mark.usefixtures("actors")
def test_team_counts_those_who_take_items(store, clock):
    """Two reviewers and a coordinator of the six; somebody who left takes none; by name."""
    with store.write() as conn:
        conn.execute(insert(tables.team).values(id=2, name="Bến Nam"))
        gone = {"id": 9, "name": "gone", "password_hash": "!", "created_at": clock.now()}
        conn.execute(insert(tables.person).values(**gone, disabled_at=clock.now()))
        conn.execute(insert(tables.membership).values(person_id=9, team_id=2, role="reviewer"))
    with store.read() as conn:
        found = teams.list_all(conn)

    assert [Team(2, "Bến Nam", 0), Team(1, "Tổ trực", 3)] == found


def test_what_waits_is_counted_for_its_team(store, actors, clock):
    """Open or held; the oldest of both; what is routed nowhere waits for every team."""
    now = clock.now()
    ids = put_items(store, 4)
    for item_id, hours, team_id in zip(ids, (1, 5, 2, 3), (1, 1, 1, None), strict=True):
        age(store, item_id, now - timedelta(hours=hours), team_id)
    claims.claim_next(store, actors.an, now=now, count=2)
    with store.read() as conn:
        found = teams.waiting(conn)

    assert [
        TeamWaits(NOBODYS, 1, now - timedelta(hours=3)),
        TeamWaits(1, 3, now - timedelta(hours=5)),
    ] == found
