"""Figures of quality: pairs of readings, what is confused, shares achieved, appeals."""

from __future__ import annotations

import pytest

from evenhand.dashboard.jobs import appeals, quality, waves
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Outcome
from evenhand.data.settings import QualitySettings
from tests import wave_floor
from tests.reading_floor import children_of, read, take, violates
from tests.review_floor import put_items, put_version

HALF = QualitySettings(double_share=0.5)


def look(store, actors, clock):
    return quality.overview(store, actors.analyst, 28, HALF, clock.now())


def test_errors_by_wave_are_those_of_the_waves(store, actors, clock, make_post):
    """One of two copies read by themselves differs; under 30 only the counts are shown."""
    floor = wave_floor.put_floor(store)
    for number in range(3):
        post = make_post(native_key=f"k{number}", content=wave_floor.SCAM)
        wave_floor.bring(floor, floor.one, post)
    wave_floor.decide(floor, actors.an)
    waves.draw_rechecks(store, 1.0, clock.now())
    wave_floor.decide(floor, actors.binh)
    wave_floor.decide(floor, actors.coordinator, outcome=Outcome.NO_HARM)

    assert quality.wave_errors(2, 1) == look(store, actors, clock).by_wave
    assert quality.wave_errors(2, 1).value is None
    assert quality.wave_errors(60, 3).value == 3 / 60


def said(policy):
    """Name a policy, or an outcome without one."""
    return (Outcome(policy), None) if policy in set(Outcome) else (Outcome.VIOLATES, policy)


def both(store, actors, clock, *pairs):
    """Let An and Binh say these of one item each."""
    for first, second in pairs:
        put_items(store, 1)
        read(store, actors.an, clock, *said(first))
        read(store, actors.binh, clock, *said(second))


def test_agreement_is_that_of_the_two_first_readings(store, clock, actors):
    """Worked by hand: four of six items alike; hate and spam are mistaken most."""
    both(
        store,
        actors,
        clock,
        *[("hate", "hate")] * 2,
        *[("no_harm", "no_harm")] * 2,
        ("hate", "spam"),
        ("spam", "no_harm"),
    )
    read(store, actors.coordinator, clock)
    found = look(store, actors, clock)

    assert (found.overall.n_units, found.overall.n_ratings) == (6, 12)
    assert found.overall.percent == pytest.approx(4 / 6)
    # Coincidences: observed disagreement 4 of 12; hate 5, spam 2, no harm 5 of 12 ratings, so
    # expected (144 - 25 - 4 - 25) / (12 x 11) = 90 / 132; alpha = 1 - (4 / 12) / (90 / 132).
    assert found.overall.alpha == pytest.approx(1 - (4 / 12) / (90 / 132))
    # Flagged for hate are all six; five of them agree on it: 2 yes-yes, 3 no-no, 1 apart.
    assert found.by_policy["hate"].percent == pytest.approx(5 / 6)
    assert found.by_policy["scam_fraud"].n_units == 0
    assert [(one.first, one.second, one.n_units) for one in found.confused] == [
        ("hate", "spam", 1),
        ("spam", "no_harm", 1),
    ]


def test_what_cannot_be_compared_is_left_out(store, clock, actors):
    """Other versions, and for the policies whoever was not sure."""
    put_items(store, 1)
    [item] = take(store, actors.an, clock)
    violates(store, actors.an, item, clock=clock)
    with store.write() as conn:
        put_version(conn, int(item.post_id), 2, "Bài đã sửa")
    read(store, actors.binh, clock)
    assert look(store, actors, clock).overall.n_units == 0
    both(store, actors, clock, ("not_sure", "hate"))
    found = look(store, actors, clock)

    assert found.overall.n_units == 1
    assert found.by_policy["hate"].n_units == 0
    assert found.confused == ()


def test_share_read_twice_stands_beside_what_was_asked(store, clock, actors):
    """Chosen and read by queue, of what is decided; under 30 items no share is given."""
    put_items(store, 40)
    held = take(store, actors.an, clock, 40)
    for item in held:
        violates(store, actors.an, item, clock=clock, quality=HALF)
    chosen = sum(bool(children_of(store, item.id)) for item in held)
    read(store, actors.binh, clock, Outcome.VIOLATES, "hate")
    [one] = look(store, actors, clock).twice

    assert (one.queue, one.asked, one.read) == ("harm", 0.5, 1)
    assert (one.chosen.part, one.chosen.n) == (chosen, 40)
    assert 8 < chosen < 32
    assert one.as_asked == (one.chosen.interval[0] <= 0.5 <= one.chosen.interval[1])
    put_items(store, 1, queue="fast")
    read(store, actors.coordinator, clock)
    twice = {one.queue: one for one in look(store, actors, clock).twice}
    assert (twice["fast"].chosen.n, twice["fast"].as_asked) == (1, None)


def test_overturn_rate_counts_what_ended(store, clock, actors):
    """One upheld, one overturned, one waits: 1 of 2, and no rate under 30."""
    for outcome, policy in ((Outcome.VIOLATES, "hate"), (Outcome.NO_HARM, None), (None, None)):
        put_items(store, 1)
        item = read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
        appeals.file_appeal(store, actors.analyst, item.id, "team", "Câu trích dẫn.", clock.now())
        if outcome is not None:
            read(store, actors.binh, clock, outcome, policy)
    found = look(store, actors, clock).overturned

    assert (found.part, found.n, found.value) == (1, 2, None)
    # Wilson for 10 of 40: 0.142 to 0.402.
    known = quality.overturn_rate({"overturned": 10, "upheld": 30})
    assert [round(end, 3) for end in known.interval] == [0.142, 0.402]
    assert quality.overturn_rate({}).interval is None


def test_figures_are_for_coordinators_and_analysts(store, clock, actors):
    """Reviewers and leaders see them in no other way."""
    for who in (actors.an, actors.leader, actors.admin):
        with pytest.raises(NotAllowed):
            quality.overview(store, who, 28, HALF, clock.now())
