"""The desk looks after its reviewer: breaks, the daily limit, opt-outs, the record of reading."""

from __future__ import annotations

from uuid import uuid4

import pytest

from evenhand.dashboard.card import payload
from evenhand.dashboard.card.desk import AWAY, Desk, refill
from evenhand.dashboard.jobs import care, claims
from evenhand.dashboard.jobs.care import Limits
from evenhand.dashboard.shell import Shell
from evenhand.data.settings import CareSettings, ReviewSettings, Settings
from tests.card_floor import send
from tests.review_floor import item_row, put_flag, put_item, put_items


@pytest.fixture
def sit(store, clock, tmp_path):
    """Seat an actor at a fresh desk: (shell, desk)."""

    def seat(actor, **rules):
        review = ReviewSettings(lease_minutes=30, random_share=0)
        settings = Settings(workspace=tmp_path, care=CareSettings(**rules), review=review)
        shell, desk = Shell(store, settings, actor, "en", clock.now), Desk()
        refill(shell, desk)
        return shell, desk

    return seat


def said(kind, item=None, **values):
    where = {} if item is None else {"item": item.id, "number": item.claim.number}
    return {"uuid": str(uuid4()), "kind": kind, **where, **values}


def decide(item, outcome="no_harm", **values):
    return said("decide", item, version=item.version, outcome=outcome, **values)


def first(desk):
    return next(iter(desk.held.values()))


def today(shell):
    """Give what the person read today: (severity, items, seconds) where there is any."""
    day = care.exposure(shell.store, shell.actor, shell.now())[-1]
    rows = zip(range(1, 6), day.items, day.seconds, strict=True)
    return [(severity, items, seconds) for severity, items, seconds in rows if items or seconds]


def test_decision_and_skip_are_noted_with_their_time_and_severity(sit, store, actors, clock):
    """The most severe flag counts, and what the reviewer found where that is worse."""
    with store.write() as conn:
        put_item(conn, "spam", priority=3.0)
        both = put_item(conn, "spam", priority=2.0)
        put_flag(conn, int(both.post_id), "hate", score=0.3, band="check")
        put_item(conn, "harassment", priority=1.0)
    shell, desk = sit(actors.an)
    clock.advance(seconds=100)
    worse, flagged, skipped = desk.held.values()
    send(
        shell,
        desk,
        [
            decide(worse, "violates", policy="self_harm_risk", seen_s=20.5),
            decide(flagged, seen_s=30),
            said("skip", skipped, reason="care", seen_s=9.5),
        ],
    )

    assert today(shell) == [(3, 1, 9.5), (4, 1, 30.0), (5, 1, 20.5)]


def test_looks_never_add_up_to_more_than_the_time_that_passed(sit, store, actors, clock):
    """Whatever a browser says, a minute at the desk is a minute."""
    put_items(store, 3, label="spam")
    shell, desk = sit(actors.an)
    clock.advance(seconds=60)
    send(shell, desk, [decide(item, seen_s=300) for item in desk.held.values()])

    assert today(shell) == [(1, 3, 60.0)]


def test_one_item_counts_five_minutes_at_most(sit, store, actors, clock):
    """A post left open for long was not read for long."""
    put_items(store, 1, label="spam")
    shell, desk = sit(actors.an)
    clock.advance(minutes=9)
    send(shell, desk, [decide(first(desk), seen_s=540)])

    assert today(shell) == [(1, 1, 300.0)]


def test_message_that_is_refused_or_repeated_is_not_counted(sit, store, actors, clock):
    """Only what was decided was read to its end."""
    put_items(store, 2, label="spam")
    shell, desk = sit(actors.an)
    clock.advance(seconds=60)
    lost, kept = desk.held.values()
    claims.unassign(store, actors.coordinator, lost.id, clock.now())
    message = decide(kept, seen_s=10)
    send(shell, desk, [decide(lost, seen_s=10), message])
    send(shell, desk, [message])
    _, anew = sit(actors.an)
    send(shell, anew, [message])

    assert today(shell) == [(1, 1, 10.0)]


def test_item_that_came_back_by_an_undo_is_counted_once(sit, store, actors, clock):
    """The second look takes time, but it is no new item."""
    put_items(store, 1, label="spam")
    shell, desk = sit(actors.an)
    clock.advance(seconds=60)
    message = decide(first(desk), seen_s=10)
    send(shell, desk, [message, said("undo", target=message["uuid"])])
    send(shell, desk, [decide(first(desk), seen_s=5)])

    assert today(shell) == [(1, 1, 15.0)]


def test_timer_stops_the_desk_between_two_items(sit, store, actors, clock):
    """After ten minutes of reading everything is given back, and nothing comes for a while."""
    ids = put_items(store, 14, label="spam")
    shell, desk = sit(actors.an, break_after_min=10)
    for _ in range(2):
        clock.advance(minutes=5)
        send(shell, desk, [decide(first(desk), seen_s=300)])
        refill(shell, desk)

    assert (desk.held, desk.waiting, desk.is_away(clock.now())) == ({}, 12, True)
    assert {item_row(store, item_id).state for item_id in ids[2:]} == {"open"}
    shown = payload.card_data(shell, desk)
    assert shown["rest"] == {"until": shown["now"] + 600_000, "by_timer": True}
    clock.advance(minutes=5)
    send(shell, desk, [said("more")])
    refill(shell, desk)
    assert desk.held == {}


def test_desk_goes_on_after_the_break_when_somebody_says_so(sit, store, actors, clock):
    """Nothing is claimed for a reviewer who is not back yet."""
    put_items(store, 3, label="spam")
    shell, desk = sit(actors.an, break_min=2)
    send(shell, desk, [said("rest")])
    refill(shell, desk)
    assert (desk.held, AWAY.total_seconds() > 120) == ({}, True)
    clock.advance(minutes=2)
    refill(shell, desk)
    waits = desk.held, payload.card_data(shell, desk)["rest"]
    send(shell, desk, [said("more")])
    refill(shell, desk)

    assert waits == ({}, None)
    assert len(desk.held) == 3


def test_break_is_taken_and_ended_by_a_message(sit, store, actors, clock):
    """Both take effect at once, and an end begins a new stretch."""
    ids = put_items(store, 3, label="spam")
    shell, desk = sit(actors.an)
    clock.advance(minutes=1)
    send(shell, desk, [decide(first(desk), seen_s=60), said("rest")])
    refill(shell, desk)
    assert {item_row(store, item_id).state for item_id in ids[1:]} == {"open"}
    assert not desk.caring.rest.by_timer
    send(shell, desk, [said("go_on")])
    refill(shell, desk)

    assert list(desk.held) == ids[1:]
    assert care.standing(store, actors.an, CareSettings(), clock.now()).read_s == 0.0


def test_break_in_one_tab_is_a_break_in_the_other(sit, store, actors):
    """Two tabs are one person: the other one empties at its next sign of life."""
    put_items(store, 3, label="spam")
    shell, one = sit(actors.an)
    _, other = sit(actors.an)
    send(shell, one, [said("rest")])
    refill(shell, other)

    assert (other.held, other.caring.rest.by_timer) == ({}, False)


def test_decision_taken_back_during_a_break_goes_to_the_queue(sit, store, actors):
    """Nothing is held by somebody who rests."""
    put_items(store, 1, label="spam")
    shell, desk = sit(actors.an)
    item, message = first(desk), decide(first(desk))
    send(shell, desk, [message, said("rest"), said("undo", target=message["uuid"])])
    refill(shell, desk)

    assert desk.held == {}
    assert item_row(store, item.id).state == "open"


def test_opt_out_empties_the_desk_of_the_label(sit, store, actors, clock):
    """What was prefetched goes too, and only the rest comes again."""
    with store.write() as conn:
        hate = [put_item(conn, "hate", priority=9.0).id for _ in range(3)]
        mild = [put_item(conn, "spam").id for _ in range(2)]
    shell, desk = sit(actors.an)
    assert set(desk.held) == {*hate, *mild}
    care.opt_out(store, actors.an, "hate", clock.now())
    refill(shell, desk)

    assert set(desk.held) == set(mild)
    assert (desk.waiting, desk.refused) == (0, [])


def test_daily_limit_holds_back_before_anything_is_shown(sit, store, actors, clock):
    """Of five severe items two come; when they are read, only milder ones follow."""
    with store.write() as conn:
        severe = [put_item(conn, "hate", priority=9.0 - at).id for at in range(5)]
        mild = [put_item(conn, "spam").id for _ in range(2)]
    care.set_limits(store, actors.an, Limits(None, 2), clock.now())
    shell, desk = sit(actors.an)
    assert list(desk.held) == [*severe[:2], *mild]
    for item_id in severe[:2]:
        clock.advance(seconds=10)
        send(shell, desk, [decide(desk.held[item_id], seen_s=10)])
        refill(shell, desk)

    assert list(desk.held) == mild
    assert [item_row(store, item_id).state for item_id in severe[2:]] == ["open"] * 3
    clock.advance(days=1)
    send(shell, desk, [said("more")])
    refill(shell, desk)
    clock.advance(seconds=1)
    send(shell, desk, [decide(first(desk))])
    refill(shell, desk)
    assert set(severe[2:4]) <= set(desk.held)
    assert severe[4] not in desk.held
