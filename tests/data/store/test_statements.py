"""Statements: two persons, a health or emergency topic, a source, 180 days at most."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.store import statements
from evenhand.data.store.statements import StatementState, Worded
from evenhand.data.tables import statement
from tests.conftest import NOON

DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)
DAM = Worded(
    policy="disaster_misinformation",
    topic="emergency",
    lang="vi",
    wordings=("Đập hồ trên đã vỡ rồi", "Vỡ đập hồ phía trên"),
    what_is_true="Đập hồ trên còn nguyên 🌊, không vỡ.",
    source_name="Ban chỉ huy phòng chống thiên tai",
    source_url="https://pctt.example/dap",
    expires_at=NOON + 30 * DAY,
)
pytestmark = pytest.mark.usefixtures("actors")


def propose(store, worded=DAM, by="1", now=NOON, corrects=None):
    with store.write() as conn:
        return statements.propose(conn, worded, person_id=by, now=now, corrects=corrects)


def approve(store, made, by="2", now=LATER):
    with store.write() as conn:
        return statements.approve(conn, made.id, person_id=by, now=now)


def in_force(store, now=LATER):
    with store.read() as conn:
        return [one.id for one in statements.in_force(conn, now)]


def read(store, statement_id):
    with store.read() as conn:
        return statements.get(conn, statement_id)


def test_statement_is_in_force_from_the_second_persons_approval(store):
    """It keeps its words as they are, and nothing is matched with it before."""
    made = propose(store)

    assert (DAM, StatementState.PROPOSED, "1") == (made.worded, made.state, made.proposed_by)
    assert [] == in_force(store)
    approved = approve(store, made)
    assert (StatementState.ACTIVE, "2", LATER) == (
        approved.state,
        approved.approved_by,
        approved.approved_at,
    )
    assert [made.id] == in_force(store)


def test_statement_is_never_approved_by_whoever_proposed_it(store):
    """Nor a second time, nor by anybody after its time is over."""
    made = propose(store)
    with pytest.raises(NotAllowed, match="second person"):
        approve(store, made, by="1")
    with pytest.raises(InputError, match="is expired, not proposed"):
        approve(store, made, now=DAM.expires_at)
    approve(store, made)

    with pytest.raises(InputError, match="is active, not proposed"):
        approve(store, made, by="3")
    with pytest.raises(NotFound, match="no statement"):
        approve(store, replace(made, id="999"))


def test_two_who_approve_at_once_are_one_approval(store):
    """The other one hears that nothing waits any more."""
    made = propose(store)

    def attempt(by):
        try:
            return approve(store, made, by=by).approved_by
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(attempt, ["2", "3"]))

    assert said[0] in {"2", "3"}
    assert "nothing to approve" in said[1]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"approved_by": 1}, "two_persons"),
        ({"state": "active"}, "active_by_two"),
        ({"topic": "politics"}, "health_or_emergency"),
        ({"policy": "hate"}, "health_or_emergency"),
        ({"expires_at": NOON + 180 * DAY + timedelta(seconds=1)}, "expires_within_180_days"),
        ({"expires_at": NOON}, "expires_within_180_days"),
        ({"source_url": "ftp://x.example"}, "published_source"),
        ({"source_url": ""}, "published_source"),
    ],
)
def test_engine_itself_refuses_what_safeguard_5_forbids(store, change, rule):
    """Whoever writes into the tables past the jobs is stopped too."""
    made = propose(store)
    query = update(statement).where(statement.c.id == int(made.id))

    with pytest.raises(IntegrityError, match=rule), store.write() as conn:
        conn.execute(query.values(**change))


def test_statement_ends_by_itself_at_its_expiry(store):
    """At that moment, whether or not the worker has come round."""
    made, waiting = propose(store), propose(store, replace(DAM, lang="en"))
    approve(store, made)
    over = DAM.expires_at
    assert [made.id] == in_force(store, over - timedelta(seconds=1))
    assert [] == in_force(store, over)
    with store.write() as conn:
        assert [] == statements.expire(conn, over - timedelta(seconds=1))
        ended = statements.expire(conn, over)
        assert [] == statements.expire(conn, over)

    assert sorted([made.id, waiting.id]) == sorted(ended)
    found = read(store, made.id)
    assert (StatementState.EXPIRED, None, over) == (found.state, found.ended_by, found.ended_at)


def test_withdrawal_needs_one_person_and_happens_once(store):
    """A proposal can be put aside in the same way."""
    for made in (approve(store, propose(store)), propose(store)):
        with store.write() as conn:
            statements.withdraw(conn, made.id, person_id="1", now=LATER)
        found = read(store, made.id)

        assert (StatementState.WITHDRAWN, "1", LATER) == (
            found.state,
            found.ended_by,
            found.ended_at,
        )
        with pytest.raises(InputError, match="withdrawn already"), store.write() as conn:
            statements.withdraw(conn, made.id, person_id="2", now=LATER)
    assert [] == in_force(store)


def test_correction_ends_the_old_statement_when_it_is_approved(store):
    """Until then the old one stays in force, and the new one needs two persons again."""
    old = approve(store, propose(store))
    new = propose(store, replace(DAM, wordings=("Đập hồ trên vỡ đêm qua",)), "2", corrects=old.id)
    assert [old.id] == in_force(store)
    with pytest.raises(NotAllowed):
        approve(store, new, by="2")
    approve(store, new, by="3")

    assert [new.id] == in_force(store)
    ended = read(store, old.id)
    assert (StatementState.WITHDRAWN, "3") == (ended.state, ended.ended_by)
    assert old.id == read(store, new.id).corrects


def test_correction_is_of_a_statement_in_force(store):
    """What is over is proposed anew instead."""
    waiting = propose(store)
    with pytest.raises(InputError, match="is proposed, and only one in force"):
        propose(store, corrects=waiting.id)
    with pytest.raises(NotFound):
        propose(store, corrects="77")


def test_correction_comes_into_force_although_the_old_one_ended_meanwhile(store):
    """Nothing is ended twice."""
    old = approve(store, propose(store))
    new = propose(store, by="2", corrects=old.id)
    with store.write() as conn:
        statements.withdraw(conn, old.id, person_id="1", now=NOON)
    approve(store, new, by="3")

    assert [new.id] == in_force(store)
    assert "1" == read(store, old.id).ended_by


def test_statements_are_found_by_the_ids_that_reasons_carry(store):
    """An id of a list that is gone, or of no list, is left out."""
    made = propose(store)
    with store.read() as conn:
        found = statements.find(conn, [made.id, "demo-1", "", "9" * 30, "٣", "5000"])
        newest_first = statements.list_all(conn)

    assert {made.id: made} == found
    assert [made] == newest_first
