"""The demo's people can be tried; nobody else can."""

from __future__ import annotations

import pytest

from evenhand.dashboard.jobs import access, tryout
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Role
from evenhand.data.store import tasks


def add(store, clock, name, *roles, simulated=True):
    return access.add_person(
        store,
        access.operator(),
        name,
        "mưa rào buổi chiều" if simulated else None,
        roles=roles,
        team="Desk",
        now=clock.now(),
        simulated=simulated,
    )


def test_people_offers_one_simulated_person_for_each_role(store, clock):
    """The first of each role is offered; real and disabled people are not."""
    add(store, clock, "Real", Role.REVIEWER, simulated=False)
    gone = add(store, clock, "Gone", Role.REVIEWER)
    access.disable_person(store, access.operator(), gone, clock.now())
    add(store, clock, "Both", Role.REVIEWER, Role.COORDINATOR)
    add(store, clock, "Lan", Role.REVIEWER)
    add(store, clock, "Second", Role.REVIEWER)
    add(store, clock, "Ada", Role.ADMIN)

    assert [one.name for one in tryout.people(store)] == ["Lan", "Both", "Ada"]


def test_sign_in_opens_a_session_of_a_simulated_person(store, clock):
    """One click is a session like any other."""
    lan = add(store, clock, "Lan", Role.REVIEWER)
    token = tryout.sign_in(store, lan, now=clock.now())

    assert access.actor_of(store, token, clock.now()).id == lan


@pytest.mark.parametrize("who", ["real", "99", "", "1 OR 1=1"])
def test_sign_in_refuses_everybody_else(store, clock, who):
    """No id opens the account of a real person."""
    real = add(store, clock, "Real", Role.ADMIN, simulated=False)
    with pytest.raises(NotAllowed, match="simulated"):
        tryout.sign_in(store, real if who == "real" else who, now=clock.now())
    add(store, clock, "Lan", Role.REVIEWER)
    with pytest.raises(NotAllowed, match="simulated"):
        tryout.sign_in(store, real, now=clock.now())


def test_preparation_follows_the_task_until_it_ends(store, clock):
    """Before, while and after the demo is prepared, the page knows where it stands."""
    assert tryout.preparation(store) is None
    with store.write() as conn:
        tasks.ask(conn, tryout.PREPARATION, {}, person_id=None, now=clock.now())
    assert tryout.preparation(store) == (0, 0)
    with store.write() as conn:
        task = tasks.next_task(conn, now=clock.now(), patience=clock.now() - clock.now())
        tasks.progress(conn, task.id, done=4210, total=10_000, message="", now=clock.now())
    assert tryout.preparation(store) == (4210, 10_000)
    with store.write() as conn:
        tasks.finish(conn, task.id, ok=True, message="", now=clock.now())

    assert tryout.preparation(store) is None
