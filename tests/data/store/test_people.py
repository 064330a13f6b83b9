"""People, roles, sessions and counters in the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import Role
from evenhand.data.store import people
from evenhand.data.store.people import NewPerson

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=5)


def add(conn, name="Nguyễn Ánh"):
    new = NewPerson(name, "hash", "vi", simulated=False, must_change=True)
    return people.add(conn, new, NOW)


def test_person_is_found_by_id_and_name_with_roles_of_all_teams(store):
    """Roles add up over teams; the team shown is the first."""
    with store.write() as conn:
        person_id = add(conn)
        first, second = people.team_named(conn, "Tổ 1"), people.team_named(conn, "Tổ 2")
        people.set_roles(conn, person_id, first, {Role.REVIEWER})
        people.set_roles(conn, person_id, second, {Role.ANALYST, Role.LEADER})
    with store.read() as conn:
        found = people.get(conn, person_id)

        assert found == people.by_name(conn, "Nguyễn Ánh")
        assert people.list_all(conn) == [found]
        assert people.by_name(conn, "nobody") is None
    assert found.roles == {Role.REVIEWER, Role.ANALYST, Role.LEADER}
    assert found.team_id == str(first)
    assert found.actor().language == "vi"


def test_person_who_is_admin_belongs_to_the_whole_workspace(store):
    """An admin's team is None."""
    with store.write() as conn:
        person_id = add(conn)
        people.set_roles(conn, person_id, people.team_named(conn, "Tổ 1"), {Role.ADMIN})
        found = people.get(conn, person_id)

    assert found.team_id is None


def test_person_name_is_taken_once(store):
    """A second person of the name is refused, and the transaction goes on."""
    with store.write() as conn:
        add(conn)
        with pytest.raises(InputError, match="another name"):
            add(conn)
        add(conn, "Nguyễn Ảnh")

        assert len(people.list_all(conn)) == 2


@pytest.mark.parametrize("person_id", ["77", "", "x", "-1"])
def test_get_refuses_an_unknown_id(store, person_id):
    """An id that is no person's is not found, whatever it looks like."""
    with store.read() as conn, pytest.raises(NotFound):
        people.get(conn, person_id)


def test_set_roles_replaces_the_roles_of_one_team(store):
    """Other teams keep theirs."""
    with store.write() as conn:
        person_id = add(conn)
        first, second = people.team_named(conn, "1"), people.team_named(conn, "2")
        people.set_roles(conn, person_id, first, {Role.REVIEWER})
        people.set_roles(conn, person_id, second, {Role.LEADER})
        people.set_roles(conn, person_id, first, {Role.COORDINATOR})

        assert people.team_named(conn, "1") == first
        assert people.get(conn, person_id).roles == {Role.COORDINATOR, Role.LEADER}


def test_session_is_used_up_once(store):
    """Of two who use the same token only the first gets the person."""
    with store.write() as conn:
        person_id = add(conn)
        people.open_session(conn, "h", person_id, now=NOW, expires_at=NOW + WINDOW)

        assert people.use_up(conn, "h", NOW + WINDOW) is None
        assert people.use_up(conn, "h", NOW) == person_id
        assert people.use_up(conn, "h", NOW) is None


def test_session_that_is_revoked_is_not_touched(store):
    """A sign of life after the end changes nothing."""
    with store.write() as conn:
        person_id = add(conn)
        people.open_session(conn, "h", person_id, now=NOW, expires_at=NOW + WINDOW)
        people.touch(conn, "h", NOW + timedelta(seconds=1))

        assert people.revoke_all(conn, person_id, NOW) == 1
        assert people.revoke_all(conn, person_id, NOW) == 0

        people.touch(conn, "h", NOW + timedelta(seconds=2))
        found = people.find_session(conn, "h")

        assert found is not None
        assert (found.seen_at, found.revoked_at) == (NOW + timedelta(seconds=1), NOW)
        assert people.drop_sessions(conn, NOW + timedelta(hours=1)) == 1
        assert people.find_session(conn, "h") is None


def test_hit_counts_within_the_window_and_begins_again_after_it(store):
    """The count starts at 1 in each window, and a success sets it back."""
    with store.write() as conn:
        counts = [people.hit(conn, "k", NOW + timedelta(minutes=at), WINDOW) for at in (0, 1, 4)]

        assert counts == [1, 2, 3]
        assert people.hit(conn, "other", NOW, WINDOW) == 1
        assert people.hit(conn, "k", NOW + WINDOW, WINDOW) == 1

        people.forget_hits(conn, "other")

        assert people.hit(conn, "other", NOW, WINDOW) == 1
        assert people.drop_hits(conn, NOW + timedelta(seconds=1)) == 1
