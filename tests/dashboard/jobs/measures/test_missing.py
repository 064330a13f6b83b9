"""Missed harm of a window: rows, counts and slices, worked out by hand on a small store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import claims, decisions
from evenhand.dashboard.jobs.estimates_audit import Reason
from evenhand.dashboard.jobs.estimates_reach import Reached
from evenhand.dashboard.jobs.measures import missing, missing_reach
from evenhand.data import tables
from evenhand.data.records import Decision, Delete, Outcome, Page, SourceSpec
from evenhand.data.store import (
    audits_reach,
    audits_read,
    pages,
    report_audits,
    report_items,
    rollups,
    rollups_anew,
    sources,
)
from evenhand.data.store.report_items import Then
from evenhand.data.store.rollups import Days
from evenhand.data.tables_review import audit as audit_table
from tests import wave_floor
from tests.audit_floor import DAY, audit_now, put_day
from tests.range_floor import act, drawn, put_scored, read_sample
from tests.review_floor import NOON, put_item, put_source

WINDOW = Days(DAY.date() - timedelta(days=1), NOON.date())


def decide(store, actor, verdicts, at=NOON):
    """Claim all that waits and decide by post: "spam", an outcome, or nothing at all."""
    for held in claims.claim_next(store, actor, now=at, count=10):
        said = verdicts.get(held.post_id)
        if said is None:
            continue
        outcome = Outcome(said) if said in set(Outcome) else Outcome.VIOLATES
        decision = Decision(
            uuid=f"{int(held.id):032x}",
            item_id=held.id,
            claim_number=held.claim.number,
            version=held.version,
            outcome=outcome,
            policy=None if outcome is not Outcome.VIOLATES else said,
        )
        decisions.decide(store, actor, decision, now=at)


def put_flagged(store, count, *, at=DAY):
    """Put items that were made on a day for a flag; give their posts."""
    with store.write() as conn:
        made = [put_item(conn, text=f"cờ {n}", post={"day": 0}) for n in range(count)]
        keys = [int(one.id) for one in made]
        conn.execute(update(tables.item).where(tables.item.c.id.in_(keys)).values(created_at=at))
        rollups_anew.rebuild(conn)
    return [one.post_id for one in made]


def test_found_waiting_and_missed_are_those_of_the_audited_day(store, actors):
    """Four of six unflagged posts are read, one is harm; of five flagged ones two are.

    All six were drawn for certain (the budget is larger), so each stands for itself, and those
    four for all six: 1 / 4 of 6 is 1.5.
    Of five flagged posts three are decided, two of them harm: the other two are expected to be
    harm as often, 2 x 2 / 3 = 4 / 3.
    Recall would be 2 / (2 + 4 / 3 + 1.5), but under 30 audited posts it is not given.
    """
    ids = [str(one) for one in put_day(store, [0.1] * 6)]
    audit_now(store)
    flagged = put_flagged(store, 5)
    said = ["spam", "no_harm", "needs_answer", "already_answered", "not_sure", None]
    verdicts = dict(zip(ids, said, strict=True))
    verdicts |= dict(zip(flagged, ["hate", "hate", "no_harm", "not_sure"], strict=False))
    decide(store, actors.an, verdicts)
    decide(store, actors.binh, verdicts)
    found = missing.read(store, WINDOW)
    part = found.whole

    assert [DAY.date()] == [one.day for one in found.audited]
    assert {WINDOW.first: "not_yet", WINDOW.last: "not_yet"} == found.not_audited
    assert (6, 5, 3, 2, 1.0) == (
        part.cohort.unflagged,
        part.cohort.flagged,
        part.cohort.decided,
        part.cohort.found,
        part.cohort.least,
    )
    assert [True, False, False, False, None, None] == [row.harm for row in part.rows]
    assert (4, 1, 2) == (part.missed.n, part.missed.seen, part.missed.open_rows)
    assert Reason.TOO_FEW == part.recall.reason
    # One was seen; at most it and the two open ones and nothing else is harm.
    assert (1, 3) == (part.missed.low, part.missed.high)
    # At worst all that waits is harm: 2 / (2 + 2 + 3); at best nothing but what was seen.
    assert part.recall.low == pytest.approx(2 / 7)
    assert part.recall.high == pytest.approx(2 / 3)


def test_whole_frame_that_is_read_gives_exact_figures(store, actors):
    """Forty posts, all read, four are harm; six of eight flagged ones are: 6 / (6 + 4) of the harm.

    Elusion is 4 / 40, prevalence 10 / 48; nothing is estimated, so the bounds are the number.
    """
    ids = [str(one) for one in put_day(store, [0.1] * 40)]
    audit_now(store)
    flagged = put_flagged(store, 8)
    verdicts = {one: "spam" if at < 4 else "no_harm" for at, one in enumerate(ids)}
    verdicts |= {one: "hate" if at < 6 else "no_harm" for at, one in enumerate(flagged)}
    for _ in range(5):
        decide(store, actors.an, verdicts)
    part = missing.read(store, WINDOW).whole

    for figure, value in (
        (missing.recall(part), 0.6),
        (missing.elusion(part), 0.1),
        (missing.missed(part), 4),
        (missing.prevalence(part), 10 / 48),
    ):
        assert (value, value, value) == pytest.approx((figure.value, figure.low, figure.high))
        assert (40, 4, 0) == (figure.n, figure.seen, figure.open_rows)
    # The same without slices, beside days without an audit.
    before = Days(WINDOW.first - timedelta(days=9), WINDOW.first - timedelta(days=2))
    assert [None, part] == missing.wholes(store, [before, WINDOW])


def test_what_a_score_range_decided_makes_recall_no_better(store, actors, clock):
    """Twenty flagged posts: two of four read are harm, five of the rest are read, eleven are not.

    All eleven wait as before, though "no harm" stands on them: nobody read them.
    """
    put_day(store, [0.1] * 6)
    audit_now(store)
    flagged = put_flagged(store, 4)
    outcomes = ["hate", "hate", "no_harm", "no_harm"]
    decide(store, actors.an, dict(zip(flagged, outcomes, strict=True)))
    put_scored(store, 16)
    with store.write() as conn:
        rest = tables.item.c.label == "spam"
        conn.execute(update(tables.item).where(rest).values(created_at=DAY))
        rollups_anew.rebuild(conn)
    found = drawn(store, actors.coordinator, clock, count=5)
    read_sample(store, actors.coordinator, clock)
    before = missing.read(store, WINDOW)
    done = act(store, actors.coordinator, found, clock)
    after = missing.read(store, WINDOW)

    assert 11 == done.decided
    assert (20, 9, 2) == of_queue(before.whole) == of_queue(after.whole)
    assert before.by_lang["vi"].cohort == after.by_lang["vi"].cohort
    assert before.whole.recall == after.whole.recall
    assert [after.whole] == missing.wholes(store, [WINDOW])
    assert (20, 9, 2) == of_report(store)


def of_queue(part):
    return part.cohort.flagged, part.cohort.decided, part.cohort.found


def of_report(store):
    until = rollups.start_of(WINDOW.last + timedelta(days=1))
    then = Then(rollups.start_of(WINDOW.first), until, until)
    with store.read() as conn:
        tally = report_audits.read(conn, then, report_items.items(conn, then)).flagged
    return tally.flagged, tally.decided, tally.found


def test_slices_are_of_their_own_language_and_policy(store, actors):
    """A decision that names another policy is no harm of this one."""
    vi = [str(one) for one in put_day(store, [0.1] * 3)]
    en = [str(one) for one in put_day(store, [0.1] * 2, lang="en")]
    audit_now(store)
    verdicts = dict(zip([*vi, *en], ["spam", "hate", "no_harm", "hate", "no_harm"], strict=True))
    (flagged,) = put_flagged(store, 1)
    decide(store, actors.an, verdicts | {flagged: "hate"})
    found = missing.read(store, WINDOW)

    assert {"en", "vi"} == set(found.by_lang)
    assert (3, 1, 2) == of(found.by_lang["vi"])
    assert (2, 0, 1) == of(found.by_lang["en"])
    assert (5, 1, 2) == of(found.by_policy["hate"])
    assert (5, 0, 1) == of(found.by_policy["spam"])
    assert (5, 0, 0) == of(found.by_policy["doxxing"])


def of(part):
    return part.cohort.unflagged, part.cohort.found, part.missed.seen


def test_days_without_an_audit_count_on_neither_side(store):
    """What was flagged on a day that nobody audited is compared with nothing."""
    put_day(store, [0.1] * 3, at=DAY - timedelta(days=1), text_erased_at=NOON)
    put_day(store, [0.1] * 2)
    audit_now(store)
    put_flagged(store, 4, at=DAY - timedelta(days=1))
    put_flagged(store, 1)
    found = missing.read(store, WINDOW)

    assert {WINDOW.first: "texts_gone", WINDOW.last: "not_yet"} == found.not_audited
    assert (2, 1) == (found.whole.cohort.unflagged, found.whole.cohort.flagged)


def test_deleted_posts_are_open_rows_until_somebody_has_read_them(store, actors):
    """Deleted unread, nobody knows what it was; deleted later, the decision stays."""
    first, _ = put_day(store, [0.1] * 2)
    audit_now(store)
    decide(store, actors.an, {str(first): "spam"})
    with store.write() as conn:
        gone = [Delete(row.native_key, "gone") for row in conn.execute(tables.post.select())]
        pages.finish_page(conn, put_source(conn), Page(tuple(gone), {}), NOON)
    part = missing.read(store, WINDOW).whole

    assert [True, None] == [row.harm for row in part.rows]


def test_window_before_any_audit_is_blank(store):
    """Nothing is known, and nothing is claimed."""
    found = missing.read(store, WINDOW)

    assert () == found.audited
    assert 3 == len(found.not_audited)
    assert (None, Reason.NO_HARM) == (found.whole.recall.value, found.whole.recall.reason)
    assert (None, Reason.NO_POSTS) == (found.whole.elusion.value, found.whole.elusion.reason)


def test_reach_weighs_what_was_found_and_missed(store, actors):
    """All 40 read: four of reach 5 are harm; of eight flagged ones of reach 9 six are, one waits.

    Found 54, missed 20, nothing is estimated but what waits: 9 x 54 / 63 = 7.71.
    54 / (54 + 7.71 + 20); at worst 54 / (54 + 9 + 20), at best 54 / 74.
    """
    ids = [str(one) for one in put_day(store, [0.1] * 40, reach=5)]
    audit_now(store)
    flagged = put_flagged(store, 8)
    with store.write() as conn:
        which = tables.post.c.id.in_([int(one) for one in flagged])
        conn.execute(update(tables.post).where(which).values(reach=9))
    verdicts = {one: "spam" if at < 4 else "no_harm" for at, one in enumerate(ids)}
    verdicts |= {one: "hate" if at < 6 else "no_harm" for at, one in enumerate(flagged[:7])}
    for _ in range(5):
        decide(store, actors.an, verdicts)
    found = missing_reach.read(store, missing.read(store, WINDOW))

    assert Reached(72, 63, 54) == found.reached
    assert pytest.approx((54 / (74 + 9 * 54 / 63), 54 / 83, 54 / 74)) == (
        found.recall.value,
        found.recall.low,
        found.recall.high,
    )


def test_copies_behind_a_wave_have_a_reach_of_their_own(store, actors, make_post):
    """An item of reach 3 that is decided and two later copies of 20 and 40: 63, all found."""
    floor = wave_floor.put_floor(store)
    texts = (wave_floor.SCAM, wave_floor.NEAR, wave_floor.NEAR + " nhé")
    first, second, third = [
        make_post(native_key=f"w{n}", content=text, reach=reach, fetched_at=DAY)
        for n, (text, reach) in enumerate(zip(texts, (3, 20, 40), strict=True))
    ]
    days = [DAY.date()]
    wave_floor.bring(floor, floor.one, first, now=DAY)
    with store.read() as conn:
        assert (3, 0, 0) == audits_reach.reached(conn, days)
    [item] = wave_floor.items_of(floor)
    decide(store, actors.an, {str(item.post_id): "scam_fraud"}, at=DAY)
    wave_floor.bring(floor, floor.one, second, now=DAY)
    wave_floor.bring(floor, floor.two, third, now=DAY)
    with store.read() as conn:
        assert (63, 63, 63) == audits_reach.reached(conn, days)
        assert (0, 0, 0) == audits_reach.reached(conn, [WINDOW.last])
        by_source = audits_read.flagged(conn, days, by="source_id")

    assert {str(floor.one): (2, 2), str(floor.two): (1, 1)} == {
        key: (one.flagged, one.found) for key, one in by_source.items()
    }


def test_sources_have_their_own_frames_and_finds(store, actors):
    """Three posts of one source and two of another are drawn; the flagged item is the first's."""
    one, two = ([str(key) for key in put_day(store, [0.1] * count)] for count in (3, 2))
    with store.write() as conn:
        first = put_source(conn)
        second = sources.propose(conn, SourceSpec("hai", "file"), person_id=None, now=NOON).id
        which = tables.post.c.id.in_([int(key) for key in two])
        conn.execute(update(tables.post).where(which).values(source_id=int(second)))
        rollups_anew.rebuild(conn)
    audit_now(store)
    [flagged] = put_flagged(store, 1)
    decide(store, actors.an, {one[0]: "spam", two[1]: "no_harm", flagged: "hate"})
    found = missing.read(store, WINDOW)
    parts = missing.by_source(store, found)
    [audit] = found.audited

    assert {str(first): 3, str(second): 2} == audit.sources
    assert {str(first): (3, 1, 1), str(second): (2, 1, 0)} == {
        key: (part.cohort.unflagged, part.missed.n, part.missed.seen)
        for key, part in parts.items()
        if key != "0"
    }
    assert 1 == sum(part.cohort.found for part in parts.values())
    # Days that were drawn before the frame was counted by source stand with the roll-up.
    with store.write() as conn:
        conn.execute(update(audit_table).values(sources=None))
    again = missing.by_source(store, missing.read(store, WINDOW))
    assert [part.cohort for part in parts.values()] == [part.cohort for part in again.values()]
