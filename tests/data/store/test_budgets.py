"""The week's budget: by two persons, within safeguard 2, kept as rows, told to the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from evenhand.data import tables
from evenhand.data.errors import InputError, NotFound
from evenhand.data.store import budgets, draws, rollups
from evenhand.data.store.budgets import BudgetState
from evenhand.data.tables_review import budget
from tests.review_floor import NOON, put_source


def propose(store, person, weekly=900, audits=700, now=NOON):
    with store.write() as conn:
        return budgets.propose(conn, person.id, weekly, audits, now)


def approve(store, person, which, now=NOON):
    with store.write() as conn:
        budgets.approve(conn, person.id, which, now)


def week(store, now=NOON):
    with store.read() as conn:
        return draws.budget_of(conn, now)


def put_posts(store, arrived, at):
    """Count posts into a day."""
    with store.write() as conn:
        cell = (rollups.day_of(at), put_source(conn), "weather", "")
        rollups.count_posts(conn, {cell: (arrived, 0)}, {})


def test_usual_budget_holds_until_two_persons_set_another(store, actors):
    """500 a week, 300 of them for audits; a proposal alone changes nothing."""
    which = propose(store, actors.coordinator)
    before = week(store)
    approve(store, actors.analyst, which)
    after = week(store)

    assert (500, 300) == (before.limit, before.audits)
    assert (900, 700) == (after.limit, after.audits)
    with store.read() as conn:
        found = budgets.in_force(conn)
        told = [(one.action, one.data) for one in conn.execute(select(tables.ledger))]
    assert (actors.coordinator.id, actors.analyst.id) == (found.proposed_by, found.approved_by)
    assert ["budget_proposed", "budget_approved"] == [action for action, _ in told]
    assert all('"weekly":900' in data.replace(" ", "") for _, data in told)


def test_nobody_approves_their_own_proposal(store, actors):
    """The refusal leaves the one before in force, too."""
    approve(store, actors.analyst, propose(store, actors.coordinator))
    own = propose(store, actors.admin, 600, 100)
    with pytest.raises(InputError, match="proposed by you"):
        approve(store, actors.admin, own)

    assert (900, 700) == (week(store).limit, week(store).audits)
    approve(store, actors.coordinator, own)
    assert (600, 100) == (week(store).limit, week(store).audits)
    with store.read() as conn:
        states = conn.execute(select(budget.c.state).order_by(budget.c.id)).scalars().all()
    assert ["ended", "active"] == states


def test_database_itself_refuses_one_person_for_both(store, actors):
    """A bug that skips the check cannot write it either."""
    values = {
        "weekly": 900,
        "audits": 700,
        "state": BudgetState.ACTIVE.value,
        "proposed_by": int(actors.analyst.id),
        "proposed_at": NOON,
        "approved_by": int(actors.analyst.id),
        "approved_at": NOON,
    }
    with pytest.raises(IntegrityError), store.write() as conn:
        conn.execute(insert(budget).values(**values))


@pytest.mark.parametrize(("weekly", "audits"), [(2_001, 10), (100, 101), (-1, -1), (10, -1)])
def test_budget_beyond_what_may_be_read_is_refused(store, actors, weekly, audits):
    """At most 2,000 in a workspace of few posts, and audits no more than all."""
    with pytest.raises(InputError, match="2000 at most"):
        propose(store, actors.coordinator, weekly, audits)


def test_most_is_two_percent_of_the_last_week_where_that_is_more(store, actors):
    """150,000 posts in the seven days before today allow 3,000; today's and older ones do not."""
    for days, posts in ((0, 500_000), (1, 100_000), (7, 50_000), (8, 500_000)):
        put_posts(store, posts, NOON - timedelta(days=days))
    which = propose(store, actors.coordinator, 3_000, 2_000)
    with pytest.raises(InputError, match="another budget waits"):
        propose(store, actors.analyst, 400, 300)
    with store.write() as conn:
        budgets.put_aside(conn, actors.admin.id, which, NOON)
    with pytest.raises(InputError, match="3000 at most"):
        propose(store, actors.coordinator, 3_001, 2_000)
    approve(store, actors.analyst, propose(store, actors.coordinator, 3_000, 2_500))

    assert (3_000, 2_500) == (week(store).limit, week(store).audits)
    # Two weeks later fewer posts come in: what was set then is cut to what may be read now.
    assert (2_000, 2_000) == (
        week(store, NOON + timedelta(days=14)).limit,
        week(store, NOON + timedelta(days=14)).audits,
    )


def test_proposal_that_was_put_aside_waits_for_nobody(store, actors):
    """Nor is there a budget of any other name."""
    which = propose(store, actors.coordinator)
    with store.write() as conn:
        budgets.put_aside(conn, actors.coordinator.id, which, NOON)
    with pytest.raises(InputError, match="waits for nobody"):
        approve(store, actors.analyst, which)
    with pytest.raises(InputError, match="waits for nobody"), store.write() as conn:
        budgets.put_aside(conn, actors.analyst.id, which, NOON)
    for name in ("77", "x", "9" * 30):
        with pytest.raises(NotFound), store.write() as conn:
            budgets.approve(conn, actors.analyst.id, name, NOON)

    assert (500, 300) == (week(store).limit, week(store).audits)
