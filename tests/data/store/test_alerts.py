"""Alerts in the store: one open one of a thing, told once, muted for a while, with its history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from evenhand.data import tables
from evenhand.data.errors import InputError, NotFound
from evenhand.data.store import alert_mutes, alert_sendings, alerts, ledger
from evenhand.data.store.alert_sendings import MOST_TRIES, SendState
from evenhand.data.store.alerts import AlertKind, AlertState, Level, Settled, Verdict
from evenhand.data.tables_alerts import alert, alert_event
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)
ASKED = tuple(AlertKind)
pytestmark = pytest.mark.usefixtures("actors")


def verdict(level=Level.FIRES, subject="source:1", kind=AlertKind.SILENT_SOURCE, **reason):
    return Verdict(kind, subject, level, reason or {"days": 3, "usual": 1})


def settle(store, *verdicts, now=NOON, asked=ASKED):
    with store.write() as conn:
        return alerts.settle(conn, verdicts, asked, now)


def standing(store, now=NOON):
    with store.read() as conn:
        return alerts.list_open(conn, now)


def mute(store, one, *, until=LATER, reason="Đang sửa", now=NOON):
    with store.write() as conn:
        alert_mutes.put(conn, one.id, (until, reason), person_id="3", now=now)


def plan(store, *channels, now=NOON):
    with store.write() as conn:
        return alert_sendings.plan(conn, channels, now)


def take(store, now=NOON, channels=("mail", "webhook")):
    with store.write() as conn:
        return alert_sendings.take_next(conn, channels, ["webhook"], now)


def happened(store, one):
    with store.read() as conn:
        return [event.kind for event in alerts.events(conn, one.id)]


# ------------------------------------------------------------------------------ opened and ended


def test_alert_is_opened_once_however_often_its_rule_fires(store):
    """The second time renews its numbers, and its history has one line."""
    assert Settled(1, 0) == settle(store, verdict(days=3, usual=1))
    assert Settled(0, 0) == settle(store, verdict(days=4, usual=1), now=LATER)
    (one,) = standing(store)

    assert (NOON, LATER, AlertState.OPEN, None) == (
        one.opened_at,
        one.looked_at,
        one.state,
        one.owner,
    )
    assert {"days": 4, "usual": 1} == one.reason
    assert ["opened"] == happened(store, one)


def test_alert_neither_opens_nor_ends_between_its_two_bounds(store):
    """What holds leaves things as they are: the numbers are those that it fired with."""
    assert Settled(0, 0) == settle(store, verdict(Level.HOLDS))
    settle(store, verdict())
    assert Settled(0, 0) == settle(store, verdict(Level.HOLDS, days=1), now=LATER)
    (one,) = standing(store)
    assert ({"days": 3, "usual": 1}, NOON) == (one.reason, one.looked_at)
    assert Settled(0, 1) == settle(store, verdict(Level.CALM, days=0), now=LATER)

    assert [] == standing(store)
    with store.read() as conn:
        (ended,) = alerts.list_ended(conn, at_most=10)
        last = alerts.events(conn, one.id)[-1]
    assert (AlertState.ENDED, LATER) == (ended.state, ended.ended_at)
    assert ("ended", {"days": 0}, None) == (last.kind, last.data, last.person)


def test_alert_opens_anew_after_its_end(store):
    """As another one: its history is its own."""
    for level in (Level.FIRES, Level.CALM, Level.FIRES):
        settle(store, verdict(level))

    with store.read() as conn:
        assert 2 == conn.execute(select(func.count()).select_from(alert)).scalar()
    assert 1 == len(standing(store))


def test_alert_about_what_is_gone_is_ended_when_its_rule_was_asked(store):
    """A rule that was not asked ends nothing."""
    settle(store, verdict())
    assert Settled(0, 0) == settle(store, asked=[AlertKind.DRIFT])
    assert Settled(0, 1) == settle(store)

    with store.read() as conn:
        (ended,) = alerts.list_ended(conn, at_most=10)
    assert ["opened", "gone"] == happened(store, ended)


def test_crash_in_the_middle_leaves_nothing(store):
    """All that the rules said is settled in one transaction."""

    def halt():
        with store.write() as conn:
            alerts.settle(conn, [verdict()], ASKED, NOON)
            raise LookupError

    with pytest.raises(LookupError):
        halt()
    assert [] == standing(store)
    assert Settled(1, 0) == settle(store, verdict())


def test_engine_itself_refuses_a_second_open_alert_of_a_thing(store):
    """And an ended one without a time."""
    settle(store, verdict())
    row = {
        "kind": "silent_source",
        "subject": "source:1",
        "reason": {},
        "opened_at": NOON,
        "looked_at": NOON,
        "state": "open",
    }
    with pytest.raises(IntegrityError), store.write() as conn:
        conn.execute(insert(alert).values(**row))
    with pytest.raises(IntegrityError, match="ended_with_a_time"), store.write() as conn:
        conn.execute(insert(alert).values(**(row | {"subject": "x", "state": "ended"})))


# ------------------------------------------------------------------------------ people


def test_alert_has_the_owner_who_took_it_last(store):
    """The ledger names who had it before; taking one's own again changes nothing."""
    settle(store, verdict())
    (one,) = standing(store)
    for person in ("3", "5", "5"):
        with store.write() as conn:
            alerts.take(conn, one.id, person_id=person, now=LATER)

    (one,) = standing(store)
    assert ("5", "analyst") == (one.owner_id, one.owner)
    assert ["opened", "taken", "taken"] == happened(store, one)
    with store.read() as conn:
        lines = conn.execute(
            select(tables.ledger.c.actor, tables.ledger.c.action, tables.ledger.c.data)
        ).all()
        assert 2 == ledger.verify(conn)
    assert [
        ("3", "alert_taken", '{"before":""}'),
        ("5", "alert_taken", '{"before":"3"}'),
    ] == [tuple(line) for line in lines]


def test_alert_stays_open_when_it_is_acknowledged(store):
    """Only its rule ends it."""
    settle(store, verdict())
    (one,) = standing(store)
    for _ in range(2):
        with store.write() as conn:
            alerts.acknowledge(conn, one.id, person_id="3", now=LATER)

    (one,) = standing(store)
    assert AlertState.ACKNOWLEDGED is one.state
    assert ["opened", "acknowledged"] == happened(store, one)
    settle(store, verdict(Level.CALM))
    assert [] == standing(store)


@pytest.mark.parametrize("odd", ["999", "x", "²", "9" * 30, "", "-1"])
def test_nothing_is_done_about_an_alert_that_is_not_open(store, odd):
    """Whatever its id looks like."""
    for act in (alerts.take, alerts.acknowledge):
        with pytest.raises(NotFound, match="not open any more"), store.write() as conn:
            act(conn, odd, person_id="3", now=NOON)
    with pytest.raises(NotFound), store.write() as conn:
        alert_mutes.put(conn, odd, (LATER, "x"), person_id="3", now=NOON)
    with pytest.raises(NotFound), store.write() as conn:
        alert_mutes.end(conn, odd, person_id="3", now=NOON)


# ------------------------------------------------------------------------------ mutes


def test_mute_hides_a_kind_and_subject_from_the_count_until_its_time(store):
    """Another subject of the same kind is told."""
    settle(store, verdict(), verdict(subject="source:2"))
    one, other = standing(store)
    mute(store, one)

    with store.read() as conn:
        assert (1, 2) == (alerts.open_count(conn, NOON), alerts.open_count(conn, LATER))
        (muted,) = alert_mutes.list_standing(conn, NOON)
        assert [] == alert_mutes.list_standing(conn, LATER)
    assert ("source:1", "Đang sửa", "coordinator") == (muted.subject, muted.reason, muted.made_by)
    assert [LATER, None] == [each.muted_until for each in standing(store)]
    assert other.id == standing(store)[1].id
    assert [None, None] == [each.muted_until for each in standing(store, LATER)]


def test_mute_takes_the_place_of_another_and_can_be_ended(store):
    """Both are in the ledger, without what was typed."""
    settle(store, verdict())
    (one,) = standing(store)
    mute(store, one)
    mute(store, one, until=NOON + timedelta(days=7), reason="Bảo trì cả tuần")
    with store.read() as conn:
        (muted,) = alert_mutes.list_standing(conn, NOON)
    with store.write() as conn:
        alert_mutes.end(conn, muted.id, person_id="5", now=LATER)
    with pytest.raises(InputError, match="ended already"), store.write() as conn:
        alert_mutes.end(conn, muted.id, person_id="5", now=LATER)

    assert [None] == [each.muted_until for each in standing(store)]
    with store.read() as conn:
        lines = conn.execute(select(tables.ledger.c.action, tables.ledger.c.data)).all()
    assert ["alert_muted", "alert_muted", "alert_mute_ended"] == [line.action for line in lines]
    assert not any("trì" in line.data for line in lines)


def test_mute_outlives_the_alert_it_was_made_for(store):
    """What comes back meanwhile is muted too."""
    settle(store, verdict())
    mute(store, standing(store)[0])
    settle(store, verdict(Level.CALM))
    settle(store, verdict())

    (again,) = standing(store)
    assert LATER == again.muted_until
    assert 0 == plan(store, "mail")


# ------------------------------------------------------------------------------ messages


def test_message_is_planned_and_taken_once_per_channel(store):
    """Two workers that ask for one each get another."""
    settle(store, verdict())
    assert (2, 0) == (plan(store, "mail", "webhook"), plan(store, "mail", "webhook"))
    taken = [take(store), take(store), take(store)]

    assert ["mail", "webhook"] == sorted(one.channel for one in taken if one)
    assert taken[2] is None
    assert {"days": 3, "usual": 1} == taken[0].reason
    for one in taken[:2]:
        with store.write() as conn:
            alert_sendings.note_sent(conn, one.id, LATER)
    settle(store, verdict(), now=LATER)
    assert 0 == plan(store, "mail", "webhook", now=LATER)
    assert take(store, LATER + timedelta(days=1)) is None


def test_message_that_failed_is_tried_again_later_and_at_last_given_up(store):
    """After 1 minute, then 2, 4 and so on: 8 tries in 127 minutes."""
    settle(store, verdict())
    plan(store, "mail")
    now, pauses = NOON, []
    for _ in range(MOST_TRIES):
        one = take(store, now)
        with store.write() as conn:
            alert_sendings.note_failed(conn, one.id, "Transient", now)
        assert take(store, now) is None
        pauses.append(timedelta(minutes=2 ** len(pauses)))
        now += pauses[-1]

    assert take(store, now + timedelta(days=1)) is None
    assert timedelta(minutes=1 + 2 + 4 + 8 + 16 + 32 + 64) == sum(pauses[:-1], timedelta())
    with store.read() as conn:
        (delivery,) = alert_sendings.of(conn, [one.alert_id])[one.alert_id]
    assert (SendState.GIVEN_UP, MOST_TRIES) == (delivery.state, delivery.tries)


@pytest.mark.parametrize(("channel", "again"), [("webhook", True), ("mail", False)])
def test_message_that_was_cut_off_is_repeated_where_a_repetition_can_be_told(store, channel, again):
    """Under the same id; mail may have arrived, and nobody can tell."""
    settle(store, verdict())
    plan(store, channel)
    first = take(store)
    assert take(store, NOON + timedelta(minutes=4)) is None
    second = take(store, NOON + timedelta(minutes=5))

    assert (again, first.id) == (second is not None, second.id if second else first.id)
    with store.read() as conn:
        (delivery,) = alert_sendings.of(conn, [first.alert_id])[first.alert_id]
    assert delivery.state is (SendState.SENDING if again else SendState.GIVEN_UP)


def test_message_is_held_back_while_muted_and_dropped_once_its_alert_has_ended(store):
    """What comes late for a mute goes out after it, if it is still open."""
    settle(store, verdict(), verdict(subject="source:2"))
    plan(store, "mail")
    one, other = standing(store)
    mute(store, one)
    settle(store, verdict(), verdict(Level.CALM, subject="source:2"))

    assert take(store) is None
    late = take(store, LATER)
    assert one.id == late.alert_id
    with store.read() as conn:
        (delivery,) = alert_sendings.of(conn, [other.id])[other.id]
    assert SendState.NOT_NEEDED is delivery.state


def test_history_of_alerts_is_added_to_and_never_changed(store):
    """Each line stays as it was written."""
    settle(store, verdict())
    with store.read() as conn:
        before = conn.execute(select(alert_event)).all()
    settle(store, verdict(days=9), now=LATER)
    settle(store, verdict(Level.CALM), now=LATER)
    with store.read() as conn:
        after = conn.execute(select(alert_event).order_by(alert_event.c.id)).all()

    assert before == after[: len(before)]
    assert 2 == len(after)
