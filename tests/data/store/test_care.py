"""What care keeps: opt-outs that claims obey, the record, the stretch since a break, the breaks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from evenhand.data import tables, tables_review
from evenhand.data.store import care, claims
from evenhand.data.store.care import Limits, Read, Rest
from evenhand.data.store.claims import Wish
from evenhand.data.store.rollups import day_of
from tests.review_floor import events, item_row, put_flag, put_item, put_items, put_version

pytestmark = pytest.mark.usefixtures("actors")
PAUSE = timedelta(minutes=10)


def take(store, clock, person_id="1", count=10, team_id=None):
    """Claim as a person and give the items' ids."""
    wish = Wish(person_id, claims.QUEUES, None, team_id, escalated=False, count=count)
    with store.write() as conn:
        held = claims.claim(conn, wish, now=clock.now(), until=clock.now() + PAUSE)
    return [one.item_id for one in held]


def count_waiting(store, person_id="1"):
    wish = Wish(person_id, claims.QUEUES, None, None, escalated=False, count=100)
    with store.read() as conn:
        return sum(claims.waiting(conn, wish).values())


def opt(store, clock, label, person_id="1"):
    with store.write() as conn:
        care.put_opt_out(conn, person_id, label, clock.now())


def read(store, clock, *reads, person_id="1"):
    with store.write() as conn:
        care.add_reads(conn, person_id, reads, clock.now(), PAUSE)


def stretch(store, person_id="1"):
    with store.read() as conn:
        return care.reading_of(conn, person_id)


def test_claim_leaves_out_whatever_has_an_opted_out_flag(store, clock):
    """Any flag of the present version counts, not only the one that leads; others get the item."""
    with store.write() as conn:
        plain = put_item(conn, "spam")
        led = put_item(conn, "hate")
        second = put_item(conn, "spam")
        put_flag(conn, int(second.post_id), "hate", score=0.4, band="check")
    opt(store, clock, "hate")

    assert count_waiting(store) == 1
    assert take(store, clock) == [plain.id]
    assert sorted(take(store, clock, "2"), key=int) == [led.id, second.id]


def test_flag_of_an_older_version_keeps_nobody_away(store, clock):
    """A post that was edited since is what it is now: the present version's flags decide."""
    with store.write() as conn:
        was = put_item(conn, "spam")
        put_flag(conn, int(was.post_id), "hate")
        put_version(conn, int(was.post_id), 2, "Nước đã rút")
        put_flag(conn, int(was.post_id), "spam", version=2)
        now = put_item(conn, "spam")
        put_version(conn, int(now.post_id), 2, "Cút hết đi")
        put_flag(conn, int(now.post_id), "hate", version=2)
    opt(store, clock, "hate")

    assert take(store, clock) == [was.id]


def test_opting_in_again_and_twice_out(store, clock):
    """A second opt-out changes nothing; whoever opts in again gets the items."""
    put_items(store, 2, label="hate")
    opt(store, clock, "hate")
    opt(store, clock, "hate")
    with store.read() as conn:
        assert care.opt_outs(conn, "1") == {"hate"}
        assert care.opt_outs(conn, "2") == frozenset()
    with store.write() as conn:
        care.drop_opt_out(conn, "1", "hate")

    assert len(take(store, clock)) == 2


def test_spared_person_gets_milder_items_alone(store, clock):
    """While severe items are held back, those of severity 4 and 5 go to others."""
    with store.write() as conn:
        mild = put_item(conn, "spam")
        severe = put_item(conn, "self_harm_risk", queue="fast")
        care.spare(conn, "1", clock.now(), spared=True)

    assert take(store, clock) == [mild.id]
    with store.write() as conn:
        care.spare(conn, "1", clock.now(), spared=False)
    assert take(store, clock) == [severe.id]


def test_record_adds_up_by_day_and_severity(store, clock):
    """Items and seconds add up; a look at an item that was counted adds time alone."""
    read(store, clock, Read(5, 30.0), Read(1, 10.0))
    read(store, clock, Read(5, 12.5, counted=False))
    today = day_of(clock.now())
    clock.advance(days=1)
    read(store, clock, Read(5, 1.0))
    with store.read() as conn:
        found = care.exposure_of(conn, "1", today)
        severe = care.severe_on(conn, "1", today)

    assert [(one.day - today, one.severity, one.items, one.seconds) for one in found] == [
        (0, 1, 1, 10.0),
        (0, 5, 1, 42.5),
        (1, 5, 1, 1.0),
    ]
    assert severe == 1


def test_record_is_dropped_after_four_weeks(store, clock):
    """What is older than any page shows goes with the next thing that is written."""
    read(store, clock, Read(5, 30.0))
    clock.advance(days=care.DAYS_KEPT + 1)
    read(store, clock, Read(2, 30.0))
    with store.read() as conn:
        days = conn.execute(select(func.count()).select_from(tables_review.exposure)).scalar()

    assert days == 1


def test_stretch_grows_until_a_pause_as_long_as_a_break(store, clock):
    """Reading adds up over short pauses; a pause of ten minutes starts it anew."""
    read(store, clock, Read(2, 60.0))
    clock.advance(minutes=9)
    read(store, clock, Read(2, 60.0), Read(2, 30.0))
    assert stretch(store).seconds == 150.0
    # The look of 5 minutes began 10 minutes after the last one ended.
    clock.advance(minutes=15)
    read(store, clock, Read(2, 300.0))

    assert stretch(store).seconds == 300.0


def test_break_gives_back_what_is_held_and_starts_the_stretch_anew(store, clock):
    """Claims are open again at once, under the person's own name in the log."""
    put_items(store, 3)
    ids = take(store, clock)
    read(store, clock, Read(2, 60.0))
    with store.write() as conn:
        new = Rest(clock.now(), clock.now() + PAUSE, by_timer=True)
        given_back = care.begin_rest(conn, "1", new)

    assert given_back == 3
    assert {item_row(store, item_id).state for item_id in ids} == {"open"}
    assert events(store, ids[0]) == ["made", "claimed", "released"]
    assert stretch(store).seconds == 0.0
    with store.read() as conn:
        assert care.rest_of(conn, "1", clock.now()) == new
        assert care.rest_of(conn, "2", clock.now()) is None
        assert care.rest_of(conn, "1", clock.advance(minutes=10)) is None


def test_second_break_changes_nothing_and_an_ended_one_is_over(store, clock):
    """Whoever has a break keeps its end; it can be ended once."""
    first = Rest(clock.now(), clock.now() + PAUSE, by_timer=False)
    with store.write() as conn:
        care.begin_rest(conn, "1", first)
    later = clock.advance(minutes=4)
    with store.write() as conn:
        care.begin_rest(conn, "1", Rest(later, later + PAUSE, by_timer=True))
        assert care.rest_of(conn, "1", later) == first
        assert care.end_rest(conn, "1", later)
        assert not care.end_rest(conn, "1", later)
        assert care.rest_of(conn, "1", later) is None


def test_breaks_are_dropped_after_four_weeks(store, clock):
    """Nobody keeps a record of breaks."""
    for _ in range(2):
        with store.write() as conn:
            care.begin_rest(conn, "1", Rest(clock.now(), clock.now() + PAUSE, by_timer=False))
        clock.advance(days=care.DAYS_KEPT + 2)
    with store.read() as conn:
        kept = conn.execute(select(func.count()).select_from(tables_review.rest)).scalar()

    assert kept == 1


def test_limits_are_none_until_set(store, clock):
    """A person's own limits; setting them again replaces them."""
    with store.write() as conn:
        assert care.limits_of(conn, "1") == Limits(None, None)
        care.put_limits(conn, "1", Limits(30, 5), clock.now())
        care.put_limits(conn, "1", Limits(40, None), clock.now())
        assert care.limits_of(conn, "1") == Limits(40, None)


def test_still_held_knows_number_holder_and_end(store, clock):
    """A claim lives under its own number, for its holder, until its end."""
    put_items(store, 2)
    first, second = take(store, clock)
    with store.read() as conn:
        now = clock.now()
        assert care.still_held(conn, "1", [(first, 1), (second, 2)], now) == {first}
        assert care.still_held(conn, "2", [(first, 1)], now) == set()
        assert care.still_held(conn, "1", [(first, 1)], clock.advance(minutes=10)) == set()
        assert care.still_held(conn, "1", [], now) == set()


def test_severe_held_lists_severe_claims_in_the_queues_order(store, clock):
    """The fast queue comes first, milder items are left out."""
    with store.write() as conn:
        hate = put_item(conn, "hate", priority=2.0)
        put_item(conn, "spam", priority=3.0)
        fast = put_item(conn, "self_harm_risk", queue="fast", priority=1.0)
    take(store, clock)
    with store.read() as conn:
        found = care.severe_held(conn, "1", clock.now())
        none = care.severe_held(conn, "2", clock.now())

    assert found == [(fast.id, 1), (hate.id, 1)]
    assert none == []


@pytest.mark.parametrize(("team_id", "people"), [("1", 2), (None, 3), ("2", 1)])
def test_week_of_team_sums_over_its_own_people(store, clock, team_id, people):
    """Somebody with two roles in a team counts once, other teams not at all."""
    with store.write() as conn:
        conn.execute(insert(tables.team).values(id=2, name="Tổ khác"))
        conn.execute(insert(tables.membership).values(person_id=1, team_id=1, role="coordinator"))
        conn.execute(tables.membership.delete().where(tables.membership.c.person_id == 3))
        conn.execute(insert(tables.membership).values(person_id=3, team_id=2, role="reviewer"))
    for person in ("1", "2", "3"):
        read(store, clock, Read(5, 60.0), Read(2, 30.0), person_id=person)
    day = day_of(clock.now())
    with store.read() as conn:
        sums = care.week_of_team(conn, team_id, day - 6, day)
        before = care.week_of_team(conn, team_id, day - 7, day - 1)

    assert [(one.people, one.items, one.seconds) for one in sums] == [
        (people, 2 * people, 90.0 * people),
        (people, people, 60.0 * people),
        (people, people, 30.0 * people),
    ]
    assert [(one.people, one.items, one.seconds) for one in before] == [(0, 0, 0.0)] * 3
