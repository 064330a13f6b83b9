"""A demo is filled through the real jobs, is marked simulated, and follows from its seed."""

from __future__ import annotations

import unicodedata
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from shutil import copyfile
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from evenhand.classifiers.statements import Statement
from evenhand.classifiers.tagger import Tagger
from evenhand.dashboard.jobs import (
    access,
    demo,
    demo_history,
    demo_recall,
    demo_report,
    demo_truth,
    macros,
    pulling,
    quality,
    serving_model,
    simulating,
    simulating_counting,
    simulating_reading,
    sourcing,
    statements,
    tasks,
    tryout,
    waves,
)
from evenhand.dashboard.jobs.demo_quality import LOCAL
from evenhand.dashboard.jobs.demo_team import LAST_ANSWER, LAST_REVIEW, TEAM
from evenhand.dashboard.jobs.measures import missing
from evenhand.dashboard.jobs.statement_checks import TOPICS
from evenhand.dashboard.jobs.tasks import TaskKind
from evenhand.data import tables, tables_review
from evenhand.data.errors import SettingsError
from evenhand.data.records import Role, Score, SourceState
from evenhand.data.settings import load_settings
from evenhand.data.store import alerts, ledger, rollups, rollups_anew, sources
from evenhand.data.store import tasks as task_store
from evenhand.data.store.alerts import AlertKind
from evenhand.data.store.connect import open_store
from evenhand.data.store.draws import DrawKind
from evenhand.data.store.rollups import Days, day_of
from evenhand.data.store.tasks import TaskState
from evenhand.data.taxonomy import Policy, is_civic
from tests.recount_floor import CHECKS
from tests.review_floor import replay, rolled_up, standing

PLAN = demo.Plan(400, 5, demo.FIXED_END)
# Large enough for all that a team reads once more.
BUSY = demo.Plan(4000, demo.SEED, demo.FIXED_END)


@pytest.fixture(scope="module")
def tagger():
    claims = enumerate(demo.false_claims(demo.FIXED_END), start=1)
    listed = [Statement(str(number), one.policy, one.wordings) for number, one in claims]
    return Tagger.load(statements=listed)


def settled(store, folder, plan=PLAN):
    settings = demo.make_folder(folder)
    accounts = demo.settle(store, plan, plan.until)
    return SimpleNamespace(store=store, settings=settings, accounts=accounts)


def prepared(made, tagger, plan=PLAN):
    made.team = demo_history.prepare(made.store, made.settings, tagger, plan)
    return made


@pytest.fixture
def open_copy(tmp_path_factory, sqlite_template):
    """Open a fresh SQLite store beside the test's own one."""
    with ExitStack() as stack:

        def opened():
            path = tmp_path_factory.mktemp("copy") / "store.db"
            copyfile(sqlite_template, path)
            store = open_store(f"sqlite:///{path}")
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture
def workshop(open_copy, tmp_path):
    """A settled demo without a post in it."""
    return settled(open_copy(), tmp_path / "demo")


@pytest.fixture(scope="module")
def filled(tmp_path_factory, sqlite_template, tagger):
    """A filled demo that no test changes."""
    folder = tmp_path_factory.mktemp("filled")
    copyfile(sqlite_template, folder / "store.db")
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    yield prepared(settled(store, folder / "demo"), tagger)
    store.close()


@pytest.fixture(scope="module")
def busy(tmp_path_factory, sqlite_template, tagger):
    """A filled demo with a few hundred items, which no test changes."""
    folder = tmp_path_factory.mktemp("busy")
    copyfile(sqlite_template, folder / "store.db")
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    yield prepared(settled(store, folder / "demo", BUSY), tagger, BUSY)
    store.close()


def rows(store, query):
    with store.read() as conn:
        return conn.execute(query).all()


def decisions_of(store):
    """Read what was first decided on which post, by whom does not matter."""
    query = (
        select(tables.item.c.post_id, tables.decision.c.outcome, tables.decision.c.policy)
        .join(tables.item, tables.item.c.id == tables.decision.c.item_id)
        .where(tables.item.c.purpose == "review", tables.decision.c.kind == "review")
        .order_by(tables.item.c.post_id)
    )
    return {post_id: (outcome, policy) for post_id, outcome, policy in rows(store, query)}


def read_again(store):
    """Count in plain SQL what was read once more, as the report names it."""
    read = Counter(
        row.purpose
        for row in rows(
            store,
            select(tables.item.c.purpose)
            .join(tables.decision, tables.decision.c.item_id == tables.item.c.id)
            .where(tables.decision.c.kind == "review"),
        )
    )
    gold = rows(store, select(tables_review.gold.c.approved_by))
    return {
        "read_twice": read["double"],
        "by_a_third": read["adjudication"],
        "gold_in_use": sum(row.approved_by is not None for row in gold),
        "gold_readings": read["gold"],
        "appeals_filed": len(rows(store, select(tables_review.appeal.c.id))),
        "appeals_read": read["appeal"],
        "near_copies_read": read["wave"],
        "clarifications": len(rows(store, select(tables_review.clarification.c.id))),
    }


class Rescored:
    """The same bands under other scores, in a quite different order."""

    def __init__(self, tagger):
        self.tagger = tagger
        self.model = tagger.model

    def tag(self, texts):
        """Tag as the real one does, and turn each score round."""
        return [
            replace(tag, harms=self.changed(tag.harms), requests=self.changed(tag.requests))
            for tag in self.tagger.tag(texts)
        ]

    @staticmethod
    def changed(scores):
        """Keep the bands and turn the scores round."""
        return {label: Score(1 - one.score, one.band) for label, one in scores.items()}


def test_folder_is_a_demo_with_accounts_of_its_own(tmp_path):
    """The workspace says that it is a demo, and answers have an account to be given from."""
    settings = demo.make_folder(tmp_path / "new" / "demo")

    assert settings.demo
    assert settings.accounts
    assert settings == load_settings(tmp_path / "new" / "demo")


def test_folder_is_refused_when_it_is_a_workspace_already(tmp_path):
    """Invented posts never get into a workspace that somebody has."""
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    with pytest.raises(SettingsError, match="exists already"):
        demo.make_folder(tmp_path)

    assert (tmp_path / "evenhand.toml").read_text("utf-8") == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("EVENHAND_STORE_URL", "postgresql://db/real"), ("EVENHAND_DEMO", "false")],
)
def test_folder_is_refused_when_the_environment_leads_elsewhere(tmp_path, monkeypatch, name, value):
    """An address in the environment outranks the file, and might be a real store's."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="unset both"):
        demo.make_folder(tmp_path / "demo")

    assert not (tmp_path / "demo" / "evenhand.toml").exists()


def test_settle_puts_one_simulated_person_for_each_role_before_the_first_post(workshop):
    """Five can be tried with one click; their passwords work and stand nowhere in the store."""
    offered = tryout.people(workshop.store)
    lan = workshop.accounts[0]
    token = access.sign_in(workshop.store, lan.name, lan.password, client="t", now=PLAN.until)
    dated = rows(workshop.store, select(tables.person.c.created_at, tables.person.c.simulated))

    assert [{role} for role in tryout.OFFERED] == [set(one.roles) for one in offered]
    assert access.actor_of(workshop.store, token, PLAN.until).name == lan.name
    assert all(row.simulated for row in dated)
    assert max(row.created_at for row in dated) < PLAN.stream()[0].published_at
    assert len({one.password for one in workshop.accounts}) == len(TEAM)


def test_sources_are_open_were_read_at_the_end_and_are_never_pulled(filled):
    """The Sources page shows five healthy communities, and the worker leaves them alone."""
    admin = next(one for one in tryout.people(filled.store) if Role.ADMIN in one.roles)
    shown = sourcing.overview(filled.store, admin, PLAN.until).lines
    with filled.store.read() as conn:
        listed = sources.list_all(conn)

    assert 5 == len(shown)
    assert {(SourceState.ACTIVE, PLAN.until, 0, 0)} == {
        (one.state, one.last_ok_at, one.gap_count, one.set_aside) for one in shown
    }
    assert not any(pulling.is_pulled(one) for one in listed)


def test_everything_decided_and_answered_is_marked_simulated(store, tagger, tmp_path):
    """No simulated act can be taken for a person's, on either engine."""
    filled = prepared(settled(store, tmp_path / "demo"), tagger)
    for table in (tables.decision, tables.response, tables.person):
        marks = Counter(row[0] for row in rows(filled.store, select(table.c.simulated)))

        assert {True} == set(marks), table.name
        assert marks[True] > 0


def test_history_runs_forward_and_the_books_agree(workshop, tagger):
    """Nothing is decided before it came in; the rows follow from the logs, the roll-ups too."""
    filled = prepared(workshop, tagger)
    found = rows(filled.store, select(tables.item))
    decided = [row for row in found if row.decided_at]
    answered = [row for row in found if row.answered_at]
    kept, anew = rolled_up(filled.store)
    at = [row.at for row in rows(filled.store, select(tables.ledger).order_by(tables.ledger.c.seq))]

    assert decided
    assert answered
    assert all(row.created_at < row.decided_at for row in decided)
    assert all(row.decided_at < row.answered_at for row in answered)
    assert replay(filled.store) == standing(filled.store)
    assert anew == kept
    assert at == sorted(at)
    with filled.store.read() as conn:
        assert ledger.verify(conn) == len(at)


def test_backlog_is_left_for_whoever_tries_the_demo(workshop, tagger):
    """The last hours are open, some requests wait, and some of both are overdue."""
    plan = demo.Plan(1500, demo.SEED, demo.FIXED_END)
    demo_history.prepare(workshop.store, workshop.settings, tagger, plan)
    found = rows(workshop.store, select(tables.item))
    waiting = [row for row in found if row.state == "open" and row.of_item_id is None]
    unanswered = [row for row in found if row.needs_answer and row.state == "decided"]

    assert waiting
    assert unanswered
    assert any(row.due_at < plan.until for row in waiting)
    assert all(row.created_at > plan.until - timedelta(days=6) for row in waiting)
    assert not any(row.claimed_by for row in found)


def test_team_reads_once_more_and_nobody_reads_what_they_took_part_in(busy):
    """Second readings, third persons, gold, appeals and near-copies all come from other people."""
    child, parent = tables.item.alias("child"), tables.item.alias("parent")
    said, first = tables.decision.alias("said"), tables.decision.alias("first")
    query = (
        select(child.c.purpose, said.c.reviewer_id, first.c.reviewer_id.label("first_by"))
        .join(parent, parent.c.id == child.c.of_item_id)
        .join(said, said.c.item_id == child.c.id)
        .join(first, first.c.item_id == parent.c.id)
        .where(first.c.kind == "review")
    )
    found = rows(busy.store, query)
    counts = read_again(busy.store)

    assert {"double", "adjudication", "gold", "appeal", "wave"} == {row.purpose for row in found}
    assert not [row for row in found if row.reviewer_id == row.first_by]
    assert all(counts.values()), counts


def test_gold_of_the_demo_is_right_explained_and_by_two_coordinators(busy):
    """What was planted is what the gold item expects, and one waits for whoever tries the demo."""
    people = {actor.id: member for member, actor in demo.people(busy.store)}
    query = (
        select(tables_review.gold, tables.post_version.c.content)
        .join(tables.item, tables.item.c.id == tables_review.gold.c.item_id)
        .join(tables.post_version, tables.post_version.c.post_id == tables.item.c.post_id)
    )
    truth = {demo_history.clean(one.text): one for one in BUSY.stream()}
    found = rows(busy.store, query)
    used = [row for row in found if row.approved_by is not None]

    assert len(found) > len(used) > 5
    for row in found:
        planted = truth[row.content].labels
        assert row.policy in planted if row.policy else row.outcome != "violates"
        assert Role.COORDINATOR is people[str(row.proposed_by)].role
    assert all(row.approved_by != row.proposed_by for row in used)
    assert {Role.COORDINATOR} == {people[str(row.approved_by)].role for row in used}


def test_appeals_of_the_demo_are_decided_by_others_or_wait(busy):
    """Whoever filed one never decides it; the same of everybody who took part before."""
    review = tables.decision.alias("review")
    query = (
        select(tables_review.appeal, tables.decision.c.reviewer_id, review.c.reviewer_id)
        .join(review, review.c.id == tables_review.appeal.c.decision_id)
        .outerjoin(
            tables.decision, tables.decision.c.item_id == tables_review.appeal.c.review_item_id
        )
    )
    found = [(*row[-2:], row.filed_by, row.result) for row in rows(busy.store, query)]

    assert len(found) > 3
    for reader, first, filer, result in found:
        assert (reader is None) == (result is None)
        assert reader not in {first, filer}


def test_quality_page_of_the_demo_has_figures_to_show(busy):
    """Agreement, gold and near-copies are there, and the share read twice is as it was asked."""
    coordinator = next(one for one in tryout.people(busy.store) if Role.COORDINATOR in one.roles)
    found = quality.overview(
        busy.store, coordinator, 28, busy.settings.quality, BUSY.until + timedelta(minutes=1)
    )
    twice = sum(one.chosen.part for one in found.twice)
    decided = sum(one.chosen.n for one in found.twice)

    assert found.overall.ac1 > 0.3
    assert found.overall.ac1_interval is not None
    assert 0.05 < twice / decided < 0.25
    assert found.gold
    assert waves.error_rate(busy.store, coordinator).read > 0


def test_missed_harm_of_the_demo_equals_a_slow_recount(busy):
    """Frame, rows, counts and the estimate itself, from whole tables in plain Python."""
    last = BUSY.until.date()
    window = Days(last - timedelta(days=21), last)
    found = missing.read(busy.store, window).whole
    table = {
        name: {row.id: row for row in rows(busy.store, select(one))}
        for name, one in {
            "post": tables.post,
            "item": tables.item,
            "decision": tables.decision,
            "audit": tables_review.audit,
        }.items()
    }
    current = {
        row.item_id: table["decision"][row.decision_id]
        for row in rows(busy.store, select(tables.current_decision))
        if row.slot == 1
    }
    own = [one for one in table["item"].values() if one.of_item_id is None]
    audited = [one for one in table["audit"].values() if one.state == "audited"]
    days = {one.day for one in audited}

    drawn = []
    for row in rows(busy.store, select(tables.draw).where(tables.draw.c.kind == "audit")):
        said = [current.get(one.id) for one in own if one.post_id == row.post_id]
        sure = said and all(one and one.outcome != "not_sure" for one in said)
        harm = any(one and one.outcome == "violates" for one in said)
        drawn.append((row.probability, harm if harm or sure else None))
    items = [one for one in own if one.label != "audit" and day_of(one.created_at) in days]
    flagged = [current.get(one.id) for one in items]
    first_post = {row.id: row.first_post_id for row in rows(busy.store, select(tables_review.wave))}
    for member in rows(busy.store, select(tables_review.wave_member)):
        first = first_post[member.wave_id]
        if member.left_at or member.post_id == first or day_of(member.joined_at) not in days:
            continue
        flagged.append(current.get(min(one.id for one in own if one.post_id == first)))
    decided = [one for one in flagged if one and one.outcome != "not_sure"]
    harms = [one for one in decided if one.outcome == "violates"]
    weights = [(1 / chance, harm) for chance, harm in drawn if harm is not None]
    share = sum(one for one, harm in weights if harm) / sum(one for one, _ in weights)
    frame = sum(one.frame for one in audited)
    missed = share * frame
    waiting = (len(flagged) - len(decided)) * len(harms) / len(decided)

    assert len(audited) >= 20
    assert sorted(drawn, key=str) == sorted(
        ((row.inclusion, row.harm) for row in found.rows), key=str
    )
    assert (frame, len(flagged), len(decided), len(harms)) == (
        found.cohort.unflagged,
        found.cohort.flagged,
        found.cohort.decided,
        found.cohort.found,
    )
    assert found.elusion.value == pytest.approx(share)
    assert found.missed.value == pytest.approx(missed)
    assert found.recall.value == pytest.approx(len(harms) / (len(harms) + waiting + missed))


def test_every_unflagged_post_of_an_audited_day_had_one_chance(busy):
    """Frames are all posts of their days that were not flagged, and nobody was drawn twice."""
    audited = rows(busy.store, select(tables_review.audit))
    days = {one.day: one for one in audited}
    unflagged = Counter(row.day for row in rows(busy.store, select(tables.post)) if not row.flagged)
    audits = tables.draw.c.kind == DrawKind.AUDIT
    query = select(tables.draw.c.post_id, tables.post.c.day).join(tables.post).where(audits)
    drawn = rows(busy.store, query)

    assert {"audited"} == {one.state for one in audited}
    assert {day: unflagged[day] for day in days} == {day: one.frame for day, one in days.items()}
    assert Counter(row.day for row in drawn) == {
        day: one.drawn for day, one in days.items() if one.drawn
    }
    assert len({row.post_id for row in drawn}) == len(drawn)


@pytest.mark.parametrize("check", CHECKS)
def test_figures_of_the_demo_equal_a_slow_recount(busy, check):
    """Weeks of work with waves, second readings, appeals and audits, walked item by item."""
    leader = next(actor for member, actor in demo.people(busy.store) if member.role is Role.LEADER)
    check(busy.store, leader, BUSY.until)


def test_roll_ups_of_the_demo_equal_a_rebuild(busy):
    """All tables, row for row."""
    with busy.store.read() as conn:
        found = rollups_anew.compare(conn)
    assert {one.table: one.differing for one in found} == dict.fromkeys(
        (table.name for table in rollups_anew.TABLES), 0
    )
    # Nobody deletes a post in the demo.
    assert {one.table for one in found if not one.rows} == {"rollup_purge"}


def test_one_learning_draw_was_read_by_the_team(busy):
    """A coordinator asked for it in the third week, within what audits leave of the budget."""
    store = busy.store
    with store.read() as conn:
        task = task_store.latest(conn, TaskKind.LEARNING_DRAW)
        kinds = Counter(conn.execute(select(tables.draw.c.kind)).scalars())
    assert task.state is TaskState.DONE
    assert kinds[DrawKind.LEARNING] == task.args["n"] == task.args["drawn"] > 0
    coordinators = {a.id for member, a in demo.people(store) if member.role is Role.COORDINATOR}
    assert task.asked_by in coordinators


def test_recall_of_the_demo_is_told_beside_the_truth(busy):
    """Measured, its interval and the truth on one line; the truth is counted here by hand."""
    found = {one.window: one for one in demo_recall.beside(busy.store, busy.settings)}
    whole = found["all"]
    planted = [one for one in BUSY.stream() if any(one in set(Policy) for one in one.labels)]
    today = BUSY.until.date()
    day_of_key = {row.native_key: row.day for row in rows(busy.store, select(tables.post))}
    city = demo_history.City(busy.settings)
    before = [one for one in planted if day_of_key[city.key(one)] < rollups.day_number(today)]
    line = demo_recall.line(whole)

    assert ["before_the_flood", "from_the_flood_on", "all"] == list(found)
    assert len(before) == whole.true.planted
    assert 0 < whole.true.found < whole.true.planted
    assert whole.is_inside
    assert line.startswith("recall all: measured 0.")
    assert line.endswith(f"true {whole.true.recall:.2f} (simulated)")


def test_truth_is_told_in_a_demo_alone(busy):
    """A real workspace has no truth to compare with."""
    real = busy.settings.model_copy(update={"demo": False})

    assert [] == demo_recall.beside(busy.store, real)
    assert demo_truth.true_recall(busy.store, real, [BUSY.until.date()]) is None


def test_team_works_in_shifts_and_stops_before_the_end(filled):
    """Nobody decides at night or in the last hours, and only a weekend shift at weekends."""
    decided = [row.decided_at for row in rows(filled.store, select(tables.decision.c.decided_at))]
    answered = [row.logged_at for row in rows(filled.store, select(tables.response.c.logged_at))]
    weekend = [at.astimezone(LOCAL).hour for at in decided if at.astimezone(LOCAL).weekday() >= 5]

    assert all(6 <= at.astimezone(LOCAL).hour < 22 for at in decided)
    assert all(8 <= hour < 16 for hour in weekend)
    assert max(decided) < PLAN.until - LAST_REVIEW + timedelta(hours=2)
    assert max(answered) < PLAN.until - LAST_ANSWER + timedelta(hours=2)


def test_alerts_of_the_demo_are_those_that_rules_open(filled):
    """The team that rests at the end, by the simulated clock; none is about a civic topic."""
    with filled.store.read() as conn:
        open_now = alerts.list_open(conn, PLAN.until)
        ended = alerts.list_ended(conn, at_most=100)
    (silent,) = [one for one in open_now if one.kind is AlertKind.SILENT_TEAM]

    assert silent.looked_at == PLAN.until
    assert silent.reason["hours"] >= LAST_REVIEW / timedelta(hours=1) - 2
    assert all(one.ended_at <= PLAN.until for one in ended)
    topics = [one.subject for one in (*open_now, *ended) if one.subject.startswith("topic:")]
    assert not any(is_civic([topic.partition(":")[2]]) for topic in topics)


def test_unflagged_texts_are_erased_after_seven_days_as_everywhere(filled):
    """Safeguard 2 holds in the demo: of old posts only flagged and audited ones can be read."""
    audited = select(tables.draw.c.id).where(tables.draw.c.post_id == tables.post.c.id).exists()
    query = (
        select(tables.post.c.flagged, audited.label("audited"), tables.post_version.c.content)
        .join(tables.post_version, tables.post_version.c.post_id == tables.post.c.id)
        .where(tables.post.c.published_at < PLAN.until - timedelta(days=9))
    )
    old = rows(filled.store, query)
    held = {(row.flagged, row.audited, row.content is not None) for row in old}

    assert {(True, False, True), (False, True, True), (False, False, False)} == held


def test_same_seed_gives_the_same_counts_and_decisions(filled, workshop, tagger):
    """Everything but the time it took follows from the seed."""
    again = prepared(workshop, tagger)
    first, second = (
        demo_report.report(one.store, one.settings, PLAN, one.team, model="m")
        for one in (filled, again)
    )
    query = select(
        tables.decision.c.uuid,
        tables.decision.c.outcome,
        tables.decision.c.policy,
        tables.decision.c.decided_at,
        tables.decision.c.reviewer_id,
    ).order_by(tables.decision.c.id)

    assert first == second
    assert rows(filled.store, query) == rows(again.store, query)


def test_other_scores_change_no_decision(filled, workshop, tagger):
    """The simulated reviewers never read a score: what both teams got to, they decide alike."""
    other = prepared(workshop, Rescored(tagger))
    ours, theirs = decisions_of(filled.store), decisions_of(other.store)
    both = ours.keys() & theirs.keys()

    assert len(both) > 10
    assert {key: ours[key] for key in both} == {key: theirs[key] for key in both}


def test_report_counts_every_planted_post_once_and_says_how_many_were_put(filled):
    """Sums by kind, label and language agree with the stream and with the store."""
    planted = PLAN.stream()
    counts = demo_report.report(filled.store, filled.settings, PLAN, filled.team, model="m")
    labels = Counter(label for one in planted for label in one.labels)
    with filled.store.read() as conn:
        flagged = conn.execute(select(func.count()).where(tables.post.c.flagged)).scalar_one()
        items = dict(
            conn.execute(
                select(tables.item.c.state, func.count())
                .where(tables.item.c.of_item_id.is_(None))
                .group_by(tables.item.c.state)
            ).all()
        )

    assert (400, flagged, sum(items.values())) == tuple(
        counts[name] for name in ("posts", "flagged", "items")
    )
    assert items.get("open", 0) == counts["open"]
    assert sum(items.values()) - items.get("open", 0) == counts["decided"]
    named = {**counts["policies"], **counts["requests"]}
    assert labels == {name: one["planted"] for name, one in named.items() if one["planted"]}
    assert set(Policy) <= set(named)
    without = sum(one["planted"] for one in counts["nothing_planted"].values())
    assert without == sum(not one.labels for one in planted)
    in_both = [
        sum(lang["labels"][label]["put"] for lang in counts["languages"].values())
        for label in named
    ]
    assert [one["put"] for one in named.values()] == in_both
    pointed = counts["opinion_and_criticism"]
    assert 0 < pointed["planted"] < counts["opinion_total"]["planted"]
    assert counts["reviewers"]["made"]["decided"] == counts["decided"]

    assert read_again(filled.store) == counts["quality"]


def test_report_reads_well_at_a_terminal(filled):
    """Every label stands on a line of its own, with both numbers."""
    counts = demo_report.report(filled.store, filled.settings, PLAN, filled.team, model="m")
    lines = demo_report.lines(counts)

    assert lines[0].startswith("400 posts, ")
    for section in ("policies", "requests", "nothing_planted"):
        for name, share in counts[section].items():
            line = next(one for one in lines if one.startswith(f"{name} "))
            assert [str(share["planted"]), str(share["put"])] == line.split()[1:]


def test_preparation_that_was_stopped_goes_on_where_it_was(workshop, tagger):
    """A worker that ends in the middle costs nothing: the next one brings the rest."""
    asked = iter(range(1000))
    told = []
    halfway = demo_history.prepare(
        workshop.store,
        workshop.settings,
        tagger,
        PLAN,
        stopped=lambda: next(asked) == 100,
        progress=lambda *counts: told.append(counts),
    )
    before = demo_history.next_index(workshop.store)
    team = demo_history.prepare(workshop.store, workshop.settings, tagger, PLAN)
    with workshop.store.read() as conn:
        posts = conn.execute(select(func.count()).select_from(tables.post)).scalar_one()

    assert halfway is None
    assert 100 == len(told)
    assert 0 < before == told[-1][0] < 400
    assert team is not None
    assert posts == 400
    assert replay(workshop.store) == standing(workshop.store)


def test_fetches_cover_the_stream_once_in_order():
    """Every post is fetched in one round, at or after its time and before the next round's."""
    planted = PLAN.stream()
    found = list(demo_history.fetches(planted, PLAN.until))

    assert [0, *(one.end for one in found)] == [*(one.first for one in found), 400]
    assert found[-1].at == found[-1].then == PLAN.until
    assert all(one.at < one.then for one in found[:-1])
    for one in found:
        assert all(post.published_at <= one.at for post in planted[one.first : one.end])


def test_trickle_waits_for_the_preparation_and_then_adds_one_post_at_a_time(workshop, tagger):
    """New posts carry on the stream's numbers and come 5 to 20 seconds apart."""
    store, settings = workshop.store, workshop.settings
    assert demo_history.trickle(store, settings, tagger, PLAN.until) is None
    demo_history.prepare(store, settings, tagger, PLAN)
    task = tasks.next_task(store, PLAN.until)
    tasks.finish(store, task.id, ok=True, message="", now=PLAN.until)
    now = PLAN.until + timedelta(minutes=1)
    pauses = [demo_history.trickle(store, settings, tagger, now) for _ in range(4)]
    query = select(tables.post.c.published_at).where(tables.post.c.fetched_at == now)

    assert all(5 <= pause <= 20 for pause in pauses)
    assert len(set(pauses)) > 1
    assert [now] * 4 == [row.published_at for row in rows(store, query)]
    assert demo_history.next_index(store) == 404
    with store.read() as conn:
        assert max(one.last_ok_at for one in sources.list_all(conn)) == now


def test_trickle_brings_nothing_from_a_community_that_was_stopped(workshop, tagger):
    """Whoever tries "Stop reading" sees it hold: neither posts nor the state come back."""
    store, settings = workshop.store, workshop.settings
    task = tasks.next_task(store, PLAN.until)
    tasks.finish(store, task.id, ok=True, message="", now=PLAN.until)
    *stopped, kept = demo_history.communities(store)
    for name in stopped:
        sourcing.retire(store, access.operator(), name, PLAN.until)
    for _ in range(6):
        demo_history.trickle(store, settings, tagger, PLAN.until)
    states = {name: one.state for name, one in demo_history.communities(store).items()}
    query = select(tables.source.c.name).join(
        tables.post, tables.post.c.source_id == tables.source.c.id
    )

    assert [kept] * 6 == [row.name for row in rows(store, query)]
    assert {SourceState.RETIRED} == {states[name] for name in stopped}
    sourcing.retire(store, access.operator(), kept, PLAN.until)
    assert 5 <= demo_history.trickle(store, settings, tagger, PLAN.until) <= 20
    assert 6 == len(rows(store, query))


def test_plan_survives_being_a_task(workshop):
    """The worker reads the same plan that the command wrote."""
    with workshop.store.read() as conn:
        task = task_store.latest(conn, tryout.PREPARATION)

    assert demo.Plan.from_task(task) == PLAN
    assert tryout.preparation(workshop.store) == (0, 0)


def test_settled_demo_has_its_statements_by_two_simulated_people(workshop, tagger):
    """In both languages and under both policies, in force from before the first post on."""
    store, until = workshop.store, PLAN.until
    viewer = {member.role: actor for member, actor in demo.people(store)}[Role.LEADER]
    found = statements.listing(store, viewer, until)
    lines = found.in_force

    assert (26, (), ()) == (len(lines), found.waiting, found.ended)
    assert {("Ana", "Bao")} == {(one.proposed_by, one.approved_by) for one in lines}
    assert all(one.simulated for one in lines)
    assert {(policy, lang) for policy in TOPICS for lang in ("en", "vi")} == {
        (one.statement.worded.policy, one.statement.worded.lang) for one in lines
    }
    # The tagger of these tests is the one that the worker would make.
    assert tagger.judge.statements == serving_model.statements_of(store, until)


def test_settled_demo_has_two_macros_of_its_team(workshop):
    """Whoever reviews sees them on the card, and whoever coordinates on the page Queues."""
    for member, actor in demo.people(workshop.store):
        if member.role in {Role.REVIEWER, Role.COORDINATOR}:
            found = macros.list_active(workshop.store, actor)
            assert [("G", "scam_notice"), ("H", "pass_on_help_call")] == [
                (one.key, one.template_id) for one in found
            ]
            assert "Minh" == found[0].made_by


def test_ahead_gives_each_text_the_tag_of_the_tagger(tagger):
    """Reading on in the stream changes no tag, also for a text that was not to come."""
    planted = PLAN.stream()[:60]
    texts = [demo_history.Text(one.native_id, one.text) for one in planted]
    ahead = demo_history.Ahead(tagger, texts[:50])
    found = [tag for start in range(0, 60, 7) for tag in ahead.tag(texts[start : start + 7])]

    assert tagger.tag(texts) == found
    assert ahead.model == tagger.model


def test_reviewers_recognise_every_text_of_the_stream():
    """A text is looked up as ingest stores it, and no text stands for two truths."""
    truths = {}
    for one in demo.Plan(10_000, demo.SEED, demo.FIXED_END).stream():
        truths.setdefault(demo_history.clean(one.text), set()).add(one.labels)

    assert all(len(labels) == 1 for labels in truths.values())
    assert all(unicodedata.is_normalized("NFC", text) for text in truths)


def test_days_counted_by_threshold_equal_the_roll_ups_and_the_measured_recall(filled):
    """Two ways to the same numbers: posts by the tags' own words, and what ingest rolled up."""
    days = Days((PLAN.until - timedelta(days=demo.DAYS)).date(), PLAN.until.date())
    with filled.store.read() as conn:
        arrived = rollups.arrivals(conn, days)
        made = Counter()
        for one in rollups.items(conn, days):
            made[one.day] += one.made if one.label in simulating.FLOORS else 0
    for each in arrived:
        simulating_counting.count_day(filled.store, each.day, PLAN.until)
    seen = simulating_reading.seen_of(filled.store, days)
    posts, items = Counter(), Counter()
    for row in seen.rows:
        items[row.day] += row.counts.items
        posts[row.day] += row.counts.posts if simulating.is_put(row.key, {}) else 0

    assert {one.day: one.flagged for one in arrived if one.flagged} == +posts
    assert +made == +items
    assert missing.read(filled.store, days).whole.recall == simulating.recall(seen, {})
