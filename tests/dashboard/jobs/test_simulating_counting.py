"""Days are counted by the threshold that reaches a post, equal to a slow recount on the logs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from evenhand.dashboard.jobs import simulating_counting as counting
from evenhand.data import tables
from evenhand.data.store import rollups, whatif
from evenhand.data.store.whatif import Counts, Key, Put
from evenhand.data.tables_whatif import whatif as rows_table
from evenhand.data.tables_whatif import whatif_day
from tests.review_floor import NOON, put_flag, put_post

DAY = NOON - timedelta(days=1)
SPAM_IN = {"spam": [0.6, "flag", 0.99]}
SPAM_OUT = {"spam": [0.4, "nothing", 0.6]}
BOTH = {"spam": [0.6, "flag", 0.99], "hate": [0.5, "check", 0.97]}
OLD = {"spam": [0.9, "flag"]}


def put(conn, harms, *, outcome=None, item=True, at=DAY, **changes):
    """Put a tagged post of a day; with an item where it is flagged, decided where *outcome* is."""
    flagged = any(cell[1] != "nothing" for cell in harms.values())
    values = {"day": rollups.day_of(at), "fetched_at": at, "flagged": flagged} | changes
    post_id = put_post(conn, **values)
    conn.execute(
        insert(tables.tag).values(
            post_id=post_id,
            version=1,
            model="m1",
            lang="vi",
            topics={},
            harms=harms,
            requests={},
            tagged_at=at,
        )
    )
    if values["flagged"]:
        put_flag(conn, post_id, "spam")
    if values["flagged"] and item:
        _put_item(conn, post_id, outcome, at)
    return post_id


def _put_item(conn, post_id, outcome, at):
    row = {
        "post_id": post_id,
        "queue": "harm",
        "lang": "vi",
        "label": "spam",
        "priority": 0.0,
        "why": "",
        "due_at": at,
        "state": "decided" if outcome else "open",
        "created_at": at,
        "state_at": at,
    }
    item_id = conn.execute(insert(tables.item).values(**row).returning(tables.item.c.id)).scalar()
    if outcome:
        decide(conn, item_id, outcome)


def decide(conn, item_id, outcome):
    """Let a decision stand on an item."""
    person = conn.execute(select(tables.person.c.id)).scalar()
    if person is None:
        person = conn.execute(
            insert(tables.person)
            .values(
                name="Lan",
                password_hash="",
                language="vi",
                created_at=NOON,
            )
            .returning(tables.person.c.id)
        ).scalar()
    number = conn.execute(
        insert(tables.decision)
        .values(
            uuid=f"u{item_id}",
            item_id=item_id,
            slot=1,
            kind="review",
            version=1,
            outcome=outcome,
            policy="spam" if outcome == "violates" else None,
            note="",
            claim_no=1,
            reviewer_id=person,
            policy_version="p1",
            decided_at=NOON,
        )
        .returning(tables.decision.c.id)
    ).scalar()
    values = {"item_id": item_id, "slot": 1, "decision_id": number}
    conn.execute(insert(tables.current_decision).values(**values))


def arrive(conn, at=DAY, posts=1):
    """Count posts as arrived, as ingest does."""
    source_id = conn.execute(select(tables.source.c.id)).scalar_one()
    rollups.count_posts(conn, {(rollups.day_of(at), source_id, "weather", ""): (posts, 0)}, {})


def counted(store):
    """Read what is counted of all days."""
    with store.read() as conn:
        return {(one.day, one.key): one.counts for one in whatif.of_days(conn, DAYS)}


DAYS = rollups.Days(rollups.EPOCH_DAY, NOON.date())


@pytest.fixture
def day(store):
    """Six posts of one day, one of the day before it and one of today."""
    with store.write() as conn:
        put(conn, SPAM_OUT, at=DAY - timedelta(days=1))
        put(conn, SPAM_IN, outcome="violates")
        put(conn, SPAM_IN, outcome="no_harm")
        put(conn, SPAM_IN, item=False)
        put(conn, SPAM_OUT)
        put(conn, BOTH, outcome="needs_answer")
        put(conn, OLD, outcome="not_sure")
        put(conn, {"spam": [0.2, "nothing"]})
        put(conn, SPAM_OUT, at=NOON)
        for at in (DAY - timedelta(days=1), DAY, NOON):
            arrive(conn, at)
    return store


def test_day_is_counted_by_the_threshold_that_reaches_its_posts(day):
    """Worked by hand: three with spam at 0.99, one below the threshold, one with two labels."""
    assert counting.count_due(day, NOON) == 2

    found = {key: counts for (at, key), counts in counted(day).items() if at == DAY.date()}
    spam = Put("spam", 18, put=True)
    assert found == {
        # 3 posts, 2 items; one of the 2 decided ones is harm.
        Key("m1", "vi", (spam,), kept=False): Counts(3, 2, 2, 1, 0),
        Key("m1", "vi", (Put("spam", 1, put=False),), kept=False): Counts(1, 0, 0, 0, 0),
        Key("m1", "vi", (Put("hate", 13, put=True), spam), kept=False): Counts(1, 1, 1, 0, 1),
        # A tag of an older release names no threshold: its post stays; "not sure" decides nothing.
        Key("m1", "vi", (), kept=True): Counts(1, 1, 0, 0, 0),
    }


def test_today_is_not_counted(day):
    """It is not over."""
    counting.count_due(day, NOON)

    assert NOON.date() not in {at for at, _ in counted(day)}


def test_counting_twice_changes_nothing_and_later_decisions_come_in_a_day_later(day):
    """A day is replaced as a whole."""
    counting.count_due(day, NOON)
    before = counted(day)
    with day.write() as conn:
        open_items = select(tables.item.c.id).where(tables.item.c.state == "decided")
        assert conn.execute(open_items).all()
        put(conn, SPAM_IN, outcome="violates")

    assert counting.count_due(day, NOON + timedelta(hours=1)) == 0
    assert before == counted(day)
    # Tomorrow, today is over too.
    assert counting.count_due(day, NOON + counting.AGAIN) == 3
    key = Key("m1", "vi", (Put("spam", 18, put=True),), kept=False)
    assert counted(day)[DAY.date(), key] == Counts(4, 3, 3, 2, 0)


def test_pieces_and_margins_give_what_one_look_gives(day, monkeypatch):
    """However the ids are cut."""
    counting.count_due(day, NOON)
    whole = counted(day)
    monkeypatch.setattr(whatif, "PIECE", 2)
    monkeypatch.setattr(whatif, "MARGIN", 3)
    for at in (DAY, DAY - timedelta(days=1)):
        counting.count_day(day, at.date(), NOON)

    assert whole == counted(day)


def test_nothing_is_written_when_it_is_stopped(day):
    """A half day would look like a quiet one."""
    assert counting.count_due(day, NOON, stopped=lambda: True) == 0
    assert not counting.count_day(day, DAY.date(), NOON, stopped=lambda: True)

    with day.read() as conn:
        assert conn.execute(select(rows_table)).all() == []
        assert conn.execute(select(whatif_day)).all() == []


def test_columns_hold_no_place_no_topic_and_no_author():
    """Safeguards 3 and 4: there is nothing to ask by."""
    names = Counter(column.name for column in rows_table.columns)

    assert set(names) == {"day", "model", "lang", "puts", "kept", *Counts._fields}
