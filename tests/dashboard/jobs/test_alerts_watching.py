"""The worker asks the rules: what it reads for them, what it never reads, and that it repeats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from evenhand.dashboard.jobs import alerts_watching, retention
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.measures import missing
from evenhand.data import tables
from evenhand.data.records import Delete, Page, SourceSpec, SourceState, Upsert
from evenhand.data.settings import Settings
from evenhand.data.store import alert_facts, alerts, model_reports, sources
from evenhand.data.store.alerts import AlertKind
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState
from evenhand.data.store.models import register as register_model
from evenhand.data.store.rollups import Days
from tests.audit_floor import audit_now, put_day
from tests.conftest import NOON
from tests.fakes import FakeTagger
from tests.review_floor import put_items

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BASE = 16


@pytest.fixture
def settings(tmp_path):
    return Settings(workspace=tmp_path)


@pytest.fixture
def ingest(store, make_post):
    """Let so many posts of a wording come in from a source at a time."""

    def come(source_id, count, at, content="the flood"):
        wanted = [
            make_post(content=f"{content} {number} of {at:%d}", published_at=at, fetched_at=at)
            for number in range(count)
        ]
        page = Page(tuple(map(Upsert, wanted)), {"at": 1})
        ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=at)
        return wanted

    return come


def new_source(store, name="r/danang", kind="demo"):
    with store.write() as conn:
        made = sources.propose(conn, SourceSpec(name, kind), person_id=None, now=NOON - 60 * DAY)
        sources.set_state(conn, made.id, SourceState.ACTIVE, ok_at=NOON)
    return made.id


def watch(store, settings, now=NOON, *, erase=True):
    if erase:
        retention.erase_unflagged(store, settings, now)
    alerts_watching.watch(store, settings, now)
    with store.read() as conn:
        return {(one.kind, one.subject): one.reason for one in alerts.list_open(conn, now)}


def asked(store, settings, now=NOON):
    return {(one.kind, one.subject): one for one in alerts_watching.verdicts(store, settings, now)}


def test_topic_that_surges_is_told_and_a_civic_one_never(store, settings, ingest):
    """Both bring 20 posts a day for 16 days, then 60: 20 + 5 × √20 = 42.4 is the bound."""
    source_id = new_source(store)
    for back in range(BASE + 1, 1, -1):
        for words in ("the flood", "the election"):
            ingest(source_id, 20, NOON - back * DAY, words)
    for words in ("the flood", "the election"):
        ingest(source_id, 60, NOON - DAY, words)
    found = watch(store, settings)

    assert {
        (AlertKind.VOLUME_SPIKE, "topic:disaster"): {
            "posts": 60,
            "usual": 20,
            "bound": 42.4,
            "days": 16,
            "so_far": 0,
        }
    } == found
    # Planted: without the rule against it, the civic surge would be as plain.
    with store.read() as conn:
        civic = alerts_watching.volumes.read(
            conn, alerts_watching.Days((NOON - DAY).date(), NOON.date())
        )
    assert 60 == civic.civic
    assert not any("civic" in subject or "politic" in subject for _, subject in found)


def test_topic_of_few_authors_is_not_told(store, settings, ingest, make_post):
    """Sixty posts by three authors are no cell that may be told, nor one that gives it away."""
    source_id = new_source(store)
    for back in range(BASE + 1, 1, -1):
        ingest(source_id, 20, NOON - back * DAY, "the storm")
        ingest(source_id, 25, NOON - back * DAY, "the vaccine")
    at = NOON - DAY
    wanted = [
        make_post(content=f"flood {n}", author_ref=f"a{n % 3}", published_at=at, fetched_at=at)
        for n in range(60)
    ]
    page = Page(tuple(map(Upsert, wanted)), {"at": 1})
    ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=at)

    subjects = [subject for kind, subject in asked(store, settings) if "volume" in kind]
    assert {"topic:health", "all_topics"} == set(subjects)


def test_drop_of_all_posts_counts_no_civic_ones(store, settings, ingest):
    """Thirty posts a day, then none but sixty civic ones: 30 - 5 × √30 = 2.6."""
    source_id = new_source(store)
    for back in range(BASE + 1, 1, -1):
        ingest(source_id, 30, NOON - back * DAY)
    ingest(source_id, 60, NOON - DAY, "the election")

    assert {"posts": 0, "usual": 30, "bound": 2.6, "days": 16} == watch(store, settings)[
        AlertKind.VOLUME_DROP, "all_topics"
    ]


def test_source_that_falls_silent_is_told_until_it_speaks(store, settings, ingest):
    """Ten days of posts up to two days ago; the other source speaks every day."""
    silent, lively = new_source(store), new_source(store, "r/hue")
    for back in range(12, -1, -1):
        if back > 1:
            ingest(silent, 1, NOON - back * DAY, "sunshine")
        ingest(lively, 1, NOON - back * DAY, "sunshine")

    key = AlertKind.SILENT_SOURCE, f"source:{silent}"
    assert {key: {"days": 1, "usual": 0}} == watch(store, settings)
    assert {key: {"days": 2, "usual": 0}} == {
        key: watch(store, settings, NOON + DAY)[key],
    }
    ingest(silent, 1, NOON + DAY, "sunshine")
    assert key not in watch(store, settings, NOON + DAY)


def test_source_that_fails_or_is_read_once_or_by_nobody(store, settings):
    """A file is handed over once, and what nobody reads is not silent."""
    failing, retired = new_source(store), new_source(store, "r/old")
    new_source(store, "import", kind="file")
    with store.write() as conn:
        for _ in range(3):
            sources.set_state(conn, failing, SourceState.FAILING, error="no answer")
        sources.set_state(conn, retired, SourceState.RETIRED, error="gone")
    later = NOON + 3 * HOUR

    assert {(AlertKind.FAILING_SOURCE, f"source:{failing}"): {"failures": 3, "hours": 3}} == watch(
        store, settings, later
    )
    with store.write() as conn:
        sources.set_state(conn, failing, SourceState.RETIRED)
    assert {} == watch(store, settings, later)


def decide(store, *hours_ago, person=1, kind="review"):
    """Put decisions of a person into the tables, each on an item of its own."""
    items = put_items(store, len(hours_ago))
    with store.write() as conn:
        for number, (item_id, ago) in enumerate(zip(items, hours_ago, strict=True)):
            conn.execute(
                insert(tables.decision).values(
                    uuid=f"{person} {ago} {number} {item_id}",
                    item_id=int(item_id),
                    slot=1,
                    kind=kind,
                    version=1,
                    outcome="no_harm",
                    note="",
                    claim_no=1,
                    reviewer_id=person,
                    policy_version="1",
                    decided_at=NOON - ago * HOUR,
                )
            )
            conn.execute(
                update(tables.item).where(tables.item.c.id == int(item_id)).values(state="closed")
            )


def test_team_that_does_not_decide_is_told_with_its_own_hours(store, settings, actors):  # noqa: ARG001 - people
    """Every day at 9, 10 and 11 for three weeks, but not today nor yesterday: 6 hours."""
    decide(store, *(24 * day + hour for day in range(21, 1, -1) for hour in (3, 2, 1)))
    (waits,) = put_items(store, 1)
    with store.write() as conn:
        conn.execute(
            update(tables.item)
            .where(tables.item.c.id == int(waits))
            .values(created_at=NOON - 3 * DAY, due_at=NOON + 9 * DAY)
        )

    assert {"waiting": 1, "hours": 49, "usual_hours": 6} == watch(store, settings)[
        AlertKind.SILENT_TEAM, "team:1"
    ]
    decide(store, 0.1)
    assert (AlertKind.SILENT_TEAM, "team:1") not in watch(store, settings)


def test_silence_of_one_or_two_people_is_told_with_that_of_others(store, settings):
    """Two people and one are three together; alone they are not told of at all."""
    people = {1: "Đội A", 2: "Đội A", 3: "Đội B"}
    with store.write() as conn:
        for number, name in enumerate(("Đội A", "Đội B"), start=1):
            conn.execute(insert(tables.team).values(id=number, name=name))
        for number, name in people.items():
            conn.execute(
                insert(tables.person).values(
                    id=number, name=f"p{number}", password_hash="!", created_at=NOON
                )
            )
            role = {"person_id": number, "team_id": 1 + (name == "Đội B"), "role": "reviewer"}
            conn.execute(insert(tables.membership).values(**role))
    put_items(store, 1)
    later = NOON + 30 * HOUR
    told = {key for key in watch(store, settings, later) if key[0] is AlertKind.SILENT_TEAM}
    with store.write() as conn:
        conn.execute(delete(tables.membership).where(tables.membership.c.person_id == 3))

    assert {(AlertKind.SILENT_TEAM, "small_teams")} == told
    assert not [key for key in asked(store, settings, later) if key[0] is AlertKind.SILENT_TEAM]


def test_deadlines_are_judged_by_the_pace_of_a_week(store, settings, actors):  # noqa: ARG001 - people
    """Fourteen decisions in 7 days are 2 a day; of 9 that are due, and 1 that is late, 8 wait."""
    decide(store, *range(1, 14), 24 * 7 - 0.001)
    decide(store, 24 * 8, 24 * 9)
    decide(store, 5, 6, 7, kind="range")
    waits = put_items(store, 11)
    due = [NOON - HOUR, *([NOON + 20 * HOUR] * 9), NOON + 30 * HOUR]
    with store.write() as conn:
        for item_id, at in zip(waits, due, strict=True):
            conn.execute(
                update(tables.item)
                .where(tables.item.c.id == int(item_id))
                .values(due_at=at, created_at=NOON)
            )

    assert {"late": 8, "due": 9, "overdue": 1, "pace": 2} == watch(store, settings)[
        AlertKind.DEADLINE_RISK, "all"
    ]


def test_pace_of_a_young_workspace_is_that_of_its_days(store, actors):  # noqa: ARG001 - people
    """Six decisions since two days ago are three a day, and two since an hour ago are two a day."""
    with store.read() as conn:
        assert 0.0 == alert_facts.pace(conn, NOON)
    decide(store, 1, 0.5)
    with store.read() as conn:
        assert 2.0 == alert_facts.pace(conn, NOON)
    decide(store, 48, 47, 3, 2)
    with store.read() as conn:
        assert 3.0 == alert_facts.pace(conn, NOON)


def test_topics_that_rise_with_all_the_others_are_told_once(store, settings, ingest):
    """Three topics of 20 posts a day bring 60 each; then one of them brings 300."""
    source_id = new_source(store)
    topics = ("the flood", "the storm", "the vaccine")
    for back in range(BASE + 1, 1, -1):
        for words in topics:
            ingest(source_id, 20, NOON - back * DAY, words)
    for words in topics:
        ingest(source_id, 60, NOON - DAY, words)
    # 60 + 5 × √60 = 98.7.
    reason = {"posts": 180, "usual": 60, "bound": 98.7, "days": 16, "so_far": 0}
    assert {(AlertKind.VOLUME_SPIKE, "all_topics"): reason} == watch(store, settings)
    ingest(source_id, 240, NOON - DAY, "the flood")

    assert {
        (AlertKind.VOLUME_SPIKE, "all_topics"),
        (AlertKind.VOLUME_SPIKE, "topic:disaster"),
    } == set(watch(store, settings))


def test_newest_drift_report_of_the_active_model_is_asked(store, settings):
    """An older report with alarms counts no more."""
    with store.write() as conn:
        register_model(
            conn,
            Model(
                version="team@1",
                state=ModelState.ACTIVE,
                path="x",
                content_hash="h",
                card={},
                registered_at=NOON,
            ),
        )
        model_reports.put(conn, "team@1", ReportKind.DRIFT, {"alarms": 2, "lines": []}, NOON)

    key = AlertKind.DRIFT, "model:team@1"
    assert {key: {"alarms": 2, "days": 3}} == watch(store, settings, NOON + 3 * DAY)
    with store.write() as conn:
        model_reports.put(conn, "team@1", ReportKind.DRIFT, {"alarms": 0, "lines": []}, NOON + DAY)
    assert {} == watch(store, settings, NOON + 3 * DAY)


def test_recall_of_two_fortnights_is_compared_once_both_were_audited(store, settings):
    """Audited the day after each: 15 days ago ends the first window, yesterday the second."""
    key = AlertKind.RECALL_FALLING, "all"
    put_day(store, [0.1] * 6, at=NOON - 15 * DAY)
    audit_now(store, NOON - 14 * DAY)
    assert key not in asked(store, settings)
    put_day(store, [0.1] * 6, at=NOON - DAY)
    audit_now(store, NOON)
    today = NOON.date()
    windows = [
        Days(today - 28 * DAY, today - 15 * DAY),
        Days(today - 14 * DAY, today - DAY),
    ]
    before, newest = (one.recall for one in missing.wholes(store, windows))

    assert {"before_low": before.low, "newest_high": newest.high} == asked(store, settings)[
        key
    ].reason


def test_texts_that_are_held_too_long_are_told_until_they_are_erased(store, settings, ingest):
    """Seven days and six hours after they came in; erasing ends it."""
    source_id = new_source(store)
    ingest(source_id, 3, NOON - 8 * DAY, "sunshine")
    ingest(source_id, 2, NOON - 7 * DAY, "sunshine")
    key = AlertKind.PURGE_LAG, "all"

    assert {"texts": 3, "hours": 24} == watch(store, settings, erase=False)[key]
    assert key not in watch(store, settings)


def test_text_of_a_deleted_post_is_told(store, settings, ingest):
    """It is erased with the deletion; this sees it where that went wrong."""
    source_id = new_source(store)
    (post,) = ingest(source_id, 1, NOON - 9 * HOUR, "scam")
    page = Page((Delete(post.native_key, "deleted"),), {"at": 2})
    ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=NOON - 7 * HOUR)
    key = AlertKind.PURGE_LAG, "all"
    assert key not in watch(store, settings)
    with store.write() as conn:
        conn.execute(update(tables.post).values(text_erased_at=None))

    assert {"texts": 1, "hours": 7} == watch(store, settings)[key]


def test_watching_twice_changes_nothing_but_the_time_of_the_look(store, settings, ingest):
    """A worker that was killed between reading and writing repeats nothing either."""
    source_id = new_source(store)
    ingest(source_id, 3, NOON - 8 * DAY, "sunshine")
    first = watch(store, settings, erase=False)
    with store.read() as conn:
        before = conn.execute(select(func.count()).select_from(alerts.alert_event)).scalar()
    again = watch(store, settings, NOON + timedelta(minutes=5), erase=False)
    with store.read() as conn:
        after = conn.execute(select(func.count()).select_from(alerts.alert_event)).scalar()

    assert first == again
    assert before == after == 1
