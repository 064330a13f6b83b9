"""What waits where, and who holds how much at this moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import claims
from evenhand.data import tables
from evenhand.data.store import backlog, children, standing
from evenhand.data.store.children import Purpose
from evenhand.data.store.standing import Presence
from tests.conftest import NOON
from tests.review_floor import put_item, put_items

pytestmark = pytest.mark.usefixtures("actors")


def change(store, item_id, **values):
    with store.write() as conn:
        where = tables.item.c.id == int(item_id)
        conn.execute(update(tables.item).where(where).values(**values))


def waits(store, team_id=None, now=NOON):
    with store.read() as conn:
        return {(one.queue, one.label, one.lang): one for one in standing.waits(conn, team_id, now)}


def present(store, team_id=None, now=NOON):
    with store.read() as conn:
        return standing.present(conn, team_id, now)


def other_team(store):
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))


def once_more(store, item_id, purpose=Purpose.DOUBLE):
    """Make a child of an item, to be read once more."""
    with store.write() as conn:
        query = tables.item.select().where(tables.item.c.id == int(item_id))
        return str(children.make(conn, conn.execute(query).one(), purpose, NOON))


def test_what_waits_is_counted_by_queue_label_and_language(store, actors):
    """In somebody's hands or not, with what is overdue and what was skipped three times."""
    put_items(store, 3, label="hate")
    [due, skipped] = put_items(store, 2, label="spam", lang="en")
    change(store, due, due_at=NOON, created_at=NOON - timedelta(days=2))
    change(store, skipped, escalated=True)
    claims.claim_next(store, actors.an, now=NOON, count=2, only=claims.Filter(langs=("vi",)))
    found = waits(store)

    assert {("harm", "hate", "vi"), ("harm", "spam", "en")} == set(found)
    hate, spam = found["harm", "hate", "vi"], found["harm", "spam", "en"]
    assert (3, 2, 0, 0) == (hate.items, hate.held, hate.overdue, hate.escalated)
    assert (2, 0, 1, 1) == (spam.items, spam.held, spam.overdue, spam.escalated)
    assert NOON - timedelta(days=2) == spam.oldest_at
    assert ((3, 0, 0, 0), (1, 0, 0, 1)) == (hate.by_age, spam.by_age)
    # A claim that has run out holds nothing, though nobody has swept it back yet.
    assert waits(store, now=NOON + timedelta(hours=1))["harm", "hate", "vi"].held == 0


def test_sums_over_all_teams_are_those_of_the_backlog(store, actors):
    """What is read once more is no backlog."""
    [first, *_] = put_items(store, 4)
    put_items(store, 2, queue="request", label="question")
    once_more(store, first)
    claims.claim_next(store, actors.an, now=NOON, count=1, queues=["request"])
    found = waits(store).values()
    with store.read() as conn:
        counted = {one.queue: one.items for one in backlog.undecided(conn, NOON)}

    assert {"harm": 4, "request": 2} == counted
    assert counted == {one.queue: one.items for one in found}


def test_route_to_another_team_hides_no_urgent_item_from_a_coordinator(store):
    """What else belongs to another team is not counted for this one."""
    other_team(store)
    with store.write() as conn:
        put_item(conn, "spam", team_id=2)
        put_item(conn, "hate", team_id=1)
        put_item(conn, "hate")
        put_item(conn, "help_needed", queue="fast", team_id=2)

    assert {("harm", "hate", "vi"): 2, ("fast", "help_needed", "vi"): 1} == {
        key: one.items for key, one in waits(store, "1").items()
    }
    assert sum(one.items for one in waits(store).values()) == 4


def test_presence_tells_who_holds_how_much_since_when_by_name(store, actors):
    """Whoever holds more does not stand higher, and what is read once more counts like the rest."""
    [first, *_] = put_items(store, 5)
    once_more(store, first)
    claims.claim_next(store, actors.binh, now=NOON - timedelta(minutes=4), count=3)
    claims.claim_next(store, actors.an, now=NOON - timedelta(minutes=2), count=3)
    change(store, put_items(store, 1)[0], state="decided", needs_answer=True, claimed_by=3)
    change_until = {"claim_until": NOON + timedelta(minutes=5)}
    with store.write() as conn:
        answering = tables.item.c.claimed_by == 3
        conn.execute(update(tables.item).where(answering).values(**change_until))

    assert [
        Presence("an", 3, 0, NOON - timedelta(minutes=2)),
        Presence("binh", 3, 0, NOON - timedelta(minutes=4)),
        Presence("coordinator", 0, 1, None),
    ] == present(store)
    assert [] == present(store, now=NOON + timedelta(hours=1))
    assert ("name", "reading", "answering", "since") == Presence.__slots__


def test_whoever_reads_and_answers_is_one_line(store, actors):
    """Both are counted apart."""
    put_items(store, 1)
    claims.claim_next(store, actors.an, now=NOON, count=1)
    until = NOON + timedelta(minutes=5)
    held = {"claimed_by": 1, "claim_until": until}
    change(store, put_items(store, 1)[0], state="decided", needs_answer=True, **held)

    assert [Presence("an", 1, 1, NOON)] == present(store)


def test_presence_of_a_team_leaves_out_other_teams_people(store, actors):
    """Staff of another team is not this one's to see."""
    other_team(store)
    put_items(store, 1)
    claims.claim_next(store, actors.an, now=NOON, count=1)

    assert ["an"] == [one.name for one in present(store, "1")]
    assert [] == present(store, "2")


def test_people_who_may_take_items_are_counted_once_and_not_when_shut_out(store):
    """Reviewers and coordinators; a second role in another team is no second person."""
    other_team(store)
    with store.write() as conn:
        again = {"person_id": 1, "team_id": 2, "role": "reviewer"}
        conn.execute(tables.membership.insert().values(**again))
        gone = tables.person.update().where(tables.person.c.id == 2)
        conn.execute(gone.values(disabled_at=NOON))
    with store.read() as conn:
        counted = [standing.reviewers(conn, team) for team in (None, "1", "2")]

    assert [2, 2, 1] == counted
