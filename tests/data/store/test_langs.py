"""Which languages people read, and how many of a team read each."""

from __future__ import annotations

import pytest

from evenhand.data import tables
from evenhand.data.store import langs
from tests.conftest import NOON


def put(store, person_id, *chosen):
    with store.write() as conn:
        langs.put(conn, person_id, chosen)


@pytest.mark.usefixtures("actors")
def test_languages_are_chosen_changed_and_given_up(store):
    """Without any, a person reads every language."""
    with store.read() as conn:
        assert langs.read_by(conn, "1") == frozenset()
    put(store, "1", "vi", "en", "vi")
    with store.read() as conn:
        assert langs.read_by(conn, "1") == {"en", "vi"}
        assert langs.read_by(conn, "2") == frozenset()
    put(store, "1", "en")
    put(store, "2")
    with store.read() as conn:
        assert langs.read_by(conn, "1") == {"en"}
    put(store, "1")
    with store.read() as conn:
        assert langs.read_by(conn, "1") == frozenset()


@pytest.mark.usefixtures("actors")
def test_readers_are_counted_by_language(store):
    """Three may take items: one reads all, one Vietnamese, one both; others are not counted."""
    put(store, "1", "vi")
    put(store, "2", "vi", "en")
    put(store, "4", "vi")
    with store.read() as conn:
        found = langs.readers(conn, "1")

    assert (found.every, found.choosing) == (1, 2)
    assert [found.of(one) for one in ("vi", "en", "fr", "und")] == [3, 2, 1, 3]


@pytest.mark.usefixtures("actors")
def test_people_who_left_and_people_of_other_teams_do_not_count(store):
    """A person with two roles counts once."""
    put(store, "1", "vi")
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
        member = {"person_id": 1, "team_id": 1, "role": "coordinator"}
        conn.execute(tables.membership.insert().values(**member))
        conn.execute(tables.person.update().where(tables.person.c.id == 2).values(disabled_at=NOON))
    with store.read() as conn:
        mine, other, every = (langs.readers(conn, one) for one in ("1", "2", None))

    assert (mine.of("vi"), mine.of("en")) == (2, 1)
    assert other.of("vi") == 0
    assert every == mine
