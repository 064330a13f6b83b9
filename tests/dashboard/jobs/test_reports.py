"""The transparency report: counted by hand, from the logs, and the same whenever it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update

from evenhand.dashboard.jobs import decisions, retention, statements
from evenhand.dashboard.jobs.appeals import file_appeal
from evenhand.dashboard.jobs.measures import missing
from evenhand.dashboard.jobs.reports import Wanted, make
from evenhand.dashboard.jobs.reports_files import files
from evenhand.dashboard.jobs.reports_parts import rounded
from evenhand.dashboard.jobs.reports_reasons import EMPTY
from evenhand.data import tables, tables_review
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.records import Outcome
from evenhand.data.settings import QualitySettings, load_settings
from evenhand.data.store import erasures, ledger, rollups, rollups_anew
from evenhand.data.store.items import NewItem, insert_items
from evenhand.data.store.rollups import Days, day_of
from tests import coverage_floor
from tests.audit_floor import DAY as DRAWN_DAY
from tests.audit_floor import audit_now, put_day
from tests.conftest import NOON
from tests.reading_floor import read, say, take, violates
from tests.review_floor import put_flag, put_item, put_post
from tests.statement_floor import DAM, SEA, put_in_force

ONCE = QualitySettings(double_share=0)
DAY = date(2026, 11, 24)
WINDOW = Wanted(DAY, DAY)
LATER = NOON + timedelta(days=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "evenhand.toml").write_text('organisation = "Tổ trực"\n', "utf-8")
    return load_settings(folder)


@pytest.fixture
def made(store, actors, settings):
    """Make the report of the floor's day, as somebody who may, two days later."""

    def make_it(wanted=WINDOW, actor=actors.leader, now=LATER):
        return make(store, actor, settings, wanted, now)

    return make_it


@pytest.fixture
def day(store, actors, clock):
    """Five items of one day: hate and spam violated, an answer needed, no harm, one that waits.

    Civic and unflagged posts came in too; one text was erased by age and one post deleted.
    """
    with store.write() as conn:
        put = [
            put_item(conn, label="hate", priority=5.0),
            put_item(conn, label="spam", priority=4.0),
            put_item(conn, label="question", queue="request", priority=3.0),
            put_item(conn, label="spam", priority=2.0, lang="en"),
            put_item(conn, label="hate", priority=1.0),
        ]
        for _ in range(2):
            post_id = put_post(conn, "chuyện thường", flagged=False, civic=True, topic="civic")
            conn.execute(
                insert(tables.tag).values(
                    post_id=post_id,
                    version=1,
                    model="m1",
                    lang="en",
                    topics={"civic": 0.9},
                    harms={},
                    requests={},
                    tagged_at=NOON,
                )
            )
    clock.advance(hours=1)
    for outcome, policy in (
        (Outcome.VIOLATES, "hate"),
        (Outcome.VIOLATES, "hate"),
        (Outcome.NEEDS_ANSWER, None),
        (Outcome.NO_HARM, None),
    ):
        read(store, actors.an, clock, outcome, policy, quality=ONCE)
    return SimpleNamespace(ids=[one.id for one in put], posts=[one.post_id for one in put])


def figure(report, chapter, name):
    [found] = [one for one in report.chapters if one.name == chapter]
    return next(one for one in found.figures if one.name == name)


def rows(report, chapter, name):
    [found] = [one for one in report.chapters if one.name == chapter]
    return list(next(one for one in found.tables if one.name == name).rows)


def texts(report, lang="en"):
    """Give what must be the same bytes: everything but the page of HTML."""
    return {name: content for name, content in files(report, lang) if name != "report.html"}


@pytest.mark.usefixtures("day")
def test_what_came_in_and_was_decided_is_counted_by_hand(made):
    """Seven posts, two of them civic; five items, four decided: two violate, none as spam."""
    report = made()

    assert (7, 2) == tuple(
        figure(report, "arrived", name).value for name in ("posts_arrived", "posts_civic")
    )
    put_before = figure(report, "arrived", "flagged")
    assert (5, 7, None, "not enough evidence") == (
        put_before.part,
        put_before.n,
        put_before.value,
        put_before.why,
    )
    assert [("vi", 5, None), ("en", 2, None)] == rows(report, "arrived", "langs")
    assert {("hate", "model", 2), ("spam", "model", 2), ("question", "model", 1)} == set(
        rows(report, "arrived", "flags")
    )
    done = figure(report, "decided", "decided")
    assert (4, 5) == (done.part, done.n)
    outcomes = dict(rows(report, "decided", "outcomes"))
    expected = {"violates": 2, "no_harm": 1, "not_sure": 0, "needs_answer": 1}
    assert {**expected, "already_answered": 0} == outcomes
    assert [("hate", 4, 2)] == rows(report, "decided", "policies")
    # Right: hate found as hate, and a question that needs an answer; spam was found to be hate.
    right = figure(report, "precision", "precision")
    assert (2, 4) == (right.part, right.n)
    assert ("spam", 0, 2, None, None, None) in rows(report, "precision", "precision_by_policy")
    assert (0, 1) == tuple(
        getattr(figure(report, "answered", "answered"), name) for name in ("part", "n")
    )
    assert ("m1",) == report.models


def test_rates_and_times_are_given_from_thirty_items_on(store, actors, clock, made):
    """Thirty items, twenty decided after one hour, ten waiting: half in one hour, 90 % not yet.

    Kaplan and Meier: the share that waits falls to 10 / 30 at one hour, so the median is 1 hour;
    nine in ten are not through, and the longest wait is until the end of the day.
    """
    with store.write() as conn:
        for number in range(30):
            put_item(conn, label="hate", priority=float(number + 1))
    clock.advance(hours=1)
    for one in range(2):
        for held in take(store, (actors.an, actors.binh)[one], clock, 10):
            violates(store, (actors.an, actors.binh)[one], held, clock=clock, quality=ONCE)
    report = made()
    share = figure(report, "decided", "decided")
    median = figure(report, "times", "time_to_decision_median")
    ninety = figure(report, "times", "time_to_decision_p90")
    precision = figure(report, "precision", "precision")

    assert (0.6667, 20, 30) == (share.value, share.part, share.n)
    assert (1.0, 20, 30) == (median.value, median.part, median.n)
    # Made at noon, seen from the last microsecond of the day.
    assert (None, 12.0, "at least") == (ninety.value, ninety.low, ninety.why)
    # Twenty right of twenty are under thirty cases: no rate.
    assert (20, 20, None) == (precision.part, precision.n, precision.value)


def put_later(conn, at):
    """Put a flagged post and its item of another day into the tables."""
    post_id = put_post(conn, "hôm sau", day=day_of(at), fetched_at=at)
    put_flag(conn, post_id, "doxxing", created_at=at)
    new = NewItem("harm", "vi", "doxxing", 9.0, "0.9", at + timedelta(hours=24))
    insert_items(conn, [(post_id, new)], 1, at)


def work_on(store, actors, clock, day):
    """Do what teams do the day after, also about the items of the day before."""
    clock.advance(hours=20)
    decisions.undo_last(store, actors.an, clock.now(), within_s=10**6)
    [held] = take(store, actors.binh, clock, 1)
    violates(store, actors.binh, held, "spam", clock=clock, quality=ONCE)
    file_appeal(store, actors.an, day.ids[0], "team", "Không phải", clock.now())
    clock.advance(minutes=1)
    while found := take(store, actors.coordinator, clock, 1):
        say(store, actors.coordinator, found[0], clock=clock, quality=ONCE)
    with store.write() as conn:
        put_later(conn, clock.now())
        # An edit that turns a post civic, in another language, and moves what waited.
        changed = {"lang": "en", "civic": True, "topic": "civic", "version": 2}
        which = tables.post.c.id == int(day.posts[1])
        conn.execute(update(tables.post).where(which).values(**changed))
        conn.execute(
            insert(tables.tag).values(
                post_id=int(day.posts[1]),
                version=2,
                model="m2",
                lang="en",
                topics={"civic": 0.9},
                harms={},
                requests={},
                tagged_at=clock.now(),
            )
        )
        erasures.tombstone_posts(conn, 1, {native_key(conn, day.posts[0]): None}, clock.now())


def native_key(conn, post_id):
    query = select(tables.post.c.native_key).where(tables.post.c.id == int(post_id))
    return conn.execute(query).scalar_one()


def test_report_is_the_same_bytes_after_work_of_later_days(store, actors, clock, day, made):
    """An undo, decisions, an appeal that overturns, an edit and a deletion: all of them later."""
    before = texts(made())
    work_on(store, actors, clock, day)
    after = made(now=LATER + timedelta(days=3))

    assert before == texts(after)
    assert texts(after, "vi")["report.json"] == before["report.json"]
    assert texts(after, "vi")["report.md"] != before["report.md"]


def test_report_as_of_a_later_entry_knows_more_and_stays_so(store, actors, clock, day, made):
    """It knows of the undo and the appeal, and of nothing that comes after the entry."""
    first = made()
    work_on(store, actors, clock, day)
    with store.read() as conn:
        seq, _ = ledger.head(conn)
    wanted = Wanted(DAY, DAY, as_of=seq)
    second = made(wanted)
    with store.write() as conn:
        at = clock.now() + timedelta(minutes=5)
        ledger.append(conn, at=at, actor="0", action="exported", subject="export:items", data={})
        put_later(conn, at)
    third = made(wanted, now=LATER + timedelta(days=9))

    assert {"violates": 2, "no_harm": 1} == standing_in(first)
    # The appeal found no harm in the first item, the last decision was undone, and Binh found spam.
    assert {"violates": 2, "no_harm": 1} == standing_in(second)
    assert [("hate", 4, 2)] == rows(first, "decided", "policies")
    assert [("spam", 1, 1), ("hate", 4, 1)] == rows(second, "decided", "policies")
    assert 1 == figure(second, "decided", "items_void").value
    assert 0 == figure(first, "decided", "items_void").value
    assert seq == second.ledger_seq
    assert texts(second) == texts(third)
    assert texts(first) != texts(second)


def standing_in(report):
    """Give how many items violate and how many do no harm."""
    found = dict(rows(report, "decided", "outcomes"))
    return {name: found[name] for name in ("violates", "no_harm")}


def test_appeals_of_the_window_have_what_came_of_them_by_then(store, actors, clock, day, made):
    """Two are filed: one is overturned on the day, the other is read after it."""
    file_appeal(store, actors.an, day.ids[0], "affected", "Không phải", clock.now())
    [held] = take(store, actors.coordinator, clock, 1)
    say(store, actors.coordinator, held, Outcome.NOT_SURE, clock=clock, quality=ONCE)
    [held] = [one for one in take(store, actors.binh, clock) if one.post_id == day.posts[0]]
    say(store, actors.binh, held, clock=clock, quality=ONCE)
    file_appeal(store, actors.binh, day.ids[1], "team", "Chưa rõ vì sao", clock.now())
    report = made()
    share = figure(report, "appeals", "overturned")

    assert [("affected", 1, 0, 1, 0), ("team", 1, 0, 0, 1)] == rows(
        report, "appeals", "appeals_by_side"
    )
    assert (1, 1, None) == (share.part, share.n, share.value)


@pytest.mark.usefixtures("day")
def test_reasons_have_the_shape_and_leave_empty_what_nobody_knows(made):
    """One row for each item that violates a policy; nothing was restricted, so nothing says so."""
    found = made().reasons
    row = found[0]

    assert 2 == len(found)
    assert set(EMPTY) == set(row)
    assert "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH" == row["category"]
    assert ("hate", "VI", "2026-11-24") == (
        row["incompatible_content_ground"],
        row["content_language"],
        row["content_date"],
    )
    assert ("Yes", "AUTOMATED_DECISION_NOT_AUTOMATED", "SOURCE_VOLUNTARY") == (
        row["automated_detection"],
        row["automated_decision"],
        row["source_type"],
    )
    assert "on 2026-11-24 that the version shown to them violates hate" in row["decision_facts"]
    for name in ("decision_visibility", "decision_ground", "territorial_scope", "account_type"):
        assert not row[name]


def test_readers_of_a_language_are_counted_from_three_on(store, actors, clock, made):
    """Three people decided in Vietnamese, one in English: that one is not told."""
    with store.write() as conn:
        for number in range(3):
            put_item(conn, label="hate", priority=9.0 - number)
        put_item(conn, label="spam", priority=1.0, lang="en")
    for actor in (actors.an, actors.binh, actors.coordinator, actors.an):
        read(store, actor, clock, quality=ONCE)

    # The posts themselves are tagged as Vietnamese by the floor.
    assert [("vi", 4, 3), ("en", 0, None)] == rows(made(), "arrived", "langs")


def test_agreement_is_of_what_two_read(store, actors, clock, made):
    """One pair is too little evidence for any figure, and is counted."""
    with store.write() as conn:
        put_item(conn)
    read(store, actors.an, clock)
    read(store, actors.binh, clock)
    found = figure(made(), "agreement", "agreement_ac1")

    assert (1, None, "not enough evidence") == (found.n, found.value, found.why)


def test_statements_of_the_window_are_printed_with_source_and_expiry(store, actors, made):
    """One that was in force is, one that ended before is not, a proposal is not."""
    put_in_force(store, actors, SEA, NOON)
    early = put_in_force(store, actors, DAM, NOON - timedelta(days=9))
    statements.withdraw(store, actors.admin, early.id, NOON - timedelta(days=8))
    other = replace(DAM, wordings=("Đập phía dưới đã vỡ",))
    statements.propose(store, actors.analyst, other, NOON)
    [row] = rows(made(), "statements", "statements")

    assert SEA.policy == row[1]
    assert (SEA.source_name, SEA.source_url) == row[5:7]
    assert (DAY, SEA.expires_at.date(), None) == row[7:]


def test_statement_that_ended_later_was_in_force_then(store, actors, made):
    """Its end is not known yet in the report of the day before."""
    one = put_in_force(store, actors, SEA, NOON)
    before = texts(made())
    statements.withdraw(store, actors.admin, one.id, LATER)

    assert before == texts(made(now=LATER + timedelta(days=1)))


def test_retention_is_proved_by_the_ledger(store, settings, made):
    """Three old unflagged texts were erased on the day, by one entry; later ones are not told."""
    old = NOON - timedelta(days=30)
    with store.write() as conn:
        for _ in range(3):
            put_post(conn, "cũ", flagged=False, fetched_at=old, day=day_of(old))
    retention.erase_unflagged(store, settings, NOON)
    with store.write() as conn:
        put_post(conn, "cũ", flagged=False, fetched_at=old, day=day_of(old))
    retention.erase_unflagged(store, settings, LATER)
    report = made()

    assert (3, 1, 0) == tuple(
        figure(report, "kept", name).value for name in ("texts_erased", "erasures", "posts_deleted")
    )
    assert [(7,)] == rows(report, "kept", "retention")


def test_purge_lag_counts_from_the_platforms_deletion(store, made):
    """20 posts an hour after it, 10 after five, 1 nobody knows: half in 1 h, 95 in 100 in 5 h.

    The text of one of the thirty was erased before its post was deleted.
    """
    with store.write() as conn:
        ids = [put_post(conn, "cũ") for _ in range(31)]
        early = tables.post.c.id == ids[0]
        conn.execute(update(tables.post).where(early).values(text_erased_at=NOON - HOUR))
        keys = [native_key(conn, one) for one in ids]
        hours = (*[1] * 20, *[5] * 10)
        gone = dict.fromkeys(keys) | {
            key: NOON - n * HOUR for key, n in zip(keys, hours, strict=False)
        }
        erasures.tombstone_posts(conn, 1, gone, NOON)
    report = made()
    names = ("posts_deleted", "texts_purged", "purge_lag_median", "purge_lag_p95")
    found = [figure(report, "kept", name) for name in names]

    assert [31, 30, 1.0, 5.0] == [one.value for one in found]
    assert [30, 30] == [one.n for one in found[2:]]


def test_purge_lag_counts_what_was_held_at_the_moment_as_waiting(store, made):
    """Thirty posts whose text is held: at least as long as from noon until the day was over."""
    with store.write() as conn:
        keys = [native_key(conn, put_post(conn, "cũ")) for _ in range(30)]
        erasures.tombstone_posts(conn, 1, dict.fromkeys(keys, NOON - HOUR), NOON)
        conn.execute(update(tables.post).values(text_erased_at=None))
    found = figure(made(), "kept", "purge_lag_median")

    assert (None, 30, 0) == (found.value, found.n, found.part)
    assert 13 <= found.low < 13.01


def test_head_of_the_chain_is_printed_and_worked_out_again(store, made):
    """The last entry of the day, and whether the chain holds."""
    with store.write() as conn:
        digest = ledger.append(conn, at=NOON, actor="0", action="x", subject="y", data={"số": 1})
        ledger.append(conn, at=LATER, actor="0", action="x", subject="y", data={})
    report = made()

    assert [(1, digest, True)] == rows(report, "ledger", "ledger")
    assert (1, digest) == (report.ledger_seq, report.ledger_hash)


@pytest.mark.usefixtures("day")
def test_nobody_and_no_text_is_in_a_report(made):
    """Neither a name of the team, nor a pseudonym, nor a word of a post."""
    everything = b"\n".join(content for _, content in files(made(), "vi")).decode()

    for secret in ("Nước lên nhanh", "chuyện thường", "author", "binh", "native", "r/danang"):
        assert secret not in everything


def test_window_that_is_not_over_is_refused(made):
    """Tomorrow it would be another report."""
    with pytest.raises(InputError, match=r"2026-11-24 is not over \(UTC\)"):
        made(now=NOON)
    with pytest.raises(InputError, match="before it begins"):
        made(Wanted(DAY, DAY - timedelta(days=1)))


def test_as_of_must_be_an_entry_after_the_window(store, made):
    """Neither an earlier one nor one that is not there."""
    with store.write() as conn:
        ledger.append(conn, at=NOON, actor="0", action="x", subject="y", data={})
    for seq in (1, 99):
        with pytest.raises(InputError, match=f"ledger entry {seq} does not exist or was"):
            made(Wanted(DAY, DAY, as_of=seq))


def test_report_is_not_for_reviewers(actors, made):
    """Leaders, coordinators, analysts and admins read it."""
    with pytest.raises(NotAllowed):
        made(actor=actors.an)


def test_report_of_an_empty_store_is_one_all_the_same(made):
    """Every chapter is there, and says that there was nothing."""
    report = made()

    assert 13 == len(report.chapters)
    assert () == report.reasons
    assert 0 == figure(report, "arrived", "posts_arrived").value


def test_report_of_this_moment_counts_what_the_pages_count(store, actors, clock, made):
    """Three weeks of work: from the logs as of the last entry, and from the roll-ups.

    They share nothing but the store.
    """
    coverage_floor.fill(store, actors.an, clock.now())
    with store.write() as conn:
        at = clock.now() + timedelta(hours=20)
        ledger.append(conn, at=at, actor="0", action="x", subject="y", data={})
        seq, _ = ledger.head(conn)
    first = DAY - timedelta(days=coverage_floor.DAYS - 1)
    report = made(Wanted(first, DAY, as_of=seq))
    with store.read() as conn:
        window = Days(first, DAY)
        items = rollups.item_totals(conn, window)
        arrived = rollups.arrivals(conn, window)

    def of_pages(name):
        return sum(getattr(one, name) for one in items)

    done, answered = figure(report, "decided", "decided"), figure(report, "answered", "answered")
    assert of_pages("made") > 100
    assert (of_pages("decided"), of_pages("made")) == (done.part, done.n)
    assert (of_pages("answered"), of_pages("needs_answer")) == (answered.part, answered.n)
    assert of_pages("harm") == dict(rows(report, "decided", "outcomes"))["violates"]
    assert of_pages("void") == figure(report, "decided", "items_void").value
    put_before = figure(report, "arrived", "flagged")
    assert (sum(one.flagged for one in arrived), sum(one.arrived for one in arrived)) == (
        put_before.part,
        put_before.n,
    )


def test_audits_are_read_as_of_the_entry_that_is_named(store, actors, clock, made):
    """Six posts of the day before were drawn for certain, four of them read, one was harm.

    That is what the pages know; an undo of the next day changes the pages and not the report, and
    at the end of the day itself nothing was drawn yet.
    """
    put_day(store, [0.1] * 6)
    audit_now(store)
    clock.advance(minutes=1)
    said = [(Outcome.VIOLATES, "spam"), *[(Outcome.NO_HARM, None)] * 3]
    for (outcome, policy), held in zip(said, take(store, actors.an, clock), strict=False):
        say(store, actors.an, held, outcome, policy, clock=clock, quality=ONCE)
    day = DRAWN_DAY.date()
    with store.read() as conn:
        seq, _ = ledger.head(conn)
    wanted = Wanted(day, day, as_of=seq)
    before = made(wanted)
    pages = missing.read(store, Days(day, day)).whole
    clock.advance(days=1)
    decisions.undo_last(store, actors.an, clock.now(), within_s=10**6)

    # What chance drew is read, and no flag.
    assert (0, 6) == (
        figure(before, "arrived", "flagged").part,
        figure(before, "arrived", "flagged").n,
    )
    elusion = figure(before, "missed", "elusion")
    assert (1, 4, None) == (elusion.part, elusion.n, elusion.value)
    assert (pages.elusion.seen, pages.elusion.n) == (elusion.part, elusion.n)
    assert [rounded(pages.recall.low), rounded(pages.recall.high)] == [
        figure(before, "missed", "recall").low,
        figure(before, "missed", "recall").high,
    ]
    assert 3 == missing.read(store, Days(day, day)).whole.elusion.n
    assert texts(before) == texts(made(wanted))
    assert 0 == figure(made(Wanted(day, day)), "missed", "days_audited").value


def test_harm_by_policy_and_near_copies_are_those_of_the_pages(store, made):
    """A wave of three whose first post violates counts three times on both sides."""
    put_day(store, [0.1] * 3)
    audit_now(store)
    with store.write() as conn:
        one = put_item(conn, label="hate", priority=99.0, post={"day": 0})
        copies = [put_post(conn, f"bản {n}", day=0) for n in range(2)]
        at = {"created_at": DRAWN_DAY, "joined_at": DRAWN_DAY}
        new = {"first_post_id": int(one.post_id), "members": 3, **at}
        wave_id = conn.execute(
            insert(tables_review.wave).values(**new).returning(tables_review.wave.c.id)
        ).scalar_one()
        for post_id in (int(one.post_id), *copies):
            conn.execute(
                insert(tables_review.wave_member).values(
                    post_id=post_id, wave_id=wave_id, similarity=1.0, joined_at=DRAWN_DAY
                )
            )
        which = tables.item.c.id == int(one.id)
        conn.execute(update(tables.item).where(which).values(created_at=DRAWN_DAY))
        said = {
            "uuid": "u1",
            "item_id": int(one.id),
            "slot": 1,
            "kind": "review",
            "version": 1,
            "outcome": "violates",
            "policy": "hate",
            "severity": 4,
            "also": [],
            "note": "",
            "claim_no": 1,
            "reviewer_id": 1,
            "policy_version": "p1",
            "decided_at": NOON,
        }
        key = conn.execute(
            insert(tables.decision).values(**said).returning(tables.decision.c.id)
        ).scalar_one()
        conn.execute(
            insert(tables.current_decision).values(item_id=int(one.id), slot=1, decision_id=key)
        )
        rollups_anew.rebuild(conn)
        ledger.append(conn, at=NOON, actor="0", action="x", subject="y", data={})
        seq, _ = ledger.head(conn)
    day = DRAWN_DAY.date()
    pages = missing.read(store, Days(day, day))
    found = made(Wanted(day, day, as_of=seq))
    recall = figure(found, "missed", "recall")
    by_policy = {row[0]: row[2:4] for row in rows(found, "missed", "recall_by_policy")}

    assert (3, 3) == (pages.whole.cohort.found, pages.whole.cohort.flagged)
    assert (rounded(pages.whole.recall.low), rounded(pages.whole.recall.high)) == (
        recall.low,
        recall.high,
    )
    for policy, part in pages.by_policy.items():
        assert (rounded(part.recall.low), rounded(part.recall.high)) == by_policy[policy]
