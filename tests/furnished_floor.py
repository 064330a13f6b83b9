"""A workspace with something on every page: items, answers, appeals, gold, routes, models, sources.

Whatever people outside wrote comes through one function, so that a test can let it be anything:
`usual` gives ordinary words, among them some that are written from right to left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

from sqlalchemy import insert, select, update

from evenhand.dashboard.jobs import (
    access,
    appeals,
    care,
    claims,
    clarifying,
    decisions,
    library,
    macros,
    quality_gold,
    requests,
    routing,
    saved_views,
    statements,
    tasks,
)
from evenhand.dashboard.jobs.macros import NewMacro
from evenhand.dashboard.jobs.routing import Rule
from evenhand.data import tables, tables_alerts, tables_review
from evenhand.data.records import Decision, Outcome, Response, ResponseKind, Role, Text
from evenhand.data.settings import CareSettings, load_settings
from evenhand.data.store import (
    alert_mutes,
    alerts,
    item_texts,
    model_reports,
    rescoring,
    shipped,
    sources,
)
from evenhand.data.store.alerts import AlertKind, Level, Verdict
from evenhand.data.store.arrivals import Stored
from evenhand.data.store.connect import open_store
from evenhand.data.store.golds import NewGold
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import ModelState
from tests import coverage_floor
from tests.conftest import Clock
from tests.fakes import FakeTagger
from tests.models_floor import BIASED, CARD, WORSE, put_model
from tests.reading_floor import put_gold, read, take, violates
from tests.retraining_floor import decided
from tests.review_floor import put_item, put_items, put_post
from tests.statement_floor import DAM, SEA

PASSWORD = "mưa rào buổi chiều"
ACCOUNT = "u/danang_helpdesk"
SETTINGS = (
    f'organisation = "Tổ trực"\naccounts = ["{ACCOUNT}"]\n'
    "[quality]\ndouble_share = 0\n[review]\nrandom_share = 0\n"
)
TEAM = "Tổ trực"
EVERYTHING = "An"
PEOPLE = {
    EVERYTHING: tuple(Role),
    "Bình": (Role.COORDINATOR,),
    "Chi": (Role.REVIEWER,),
    "Dung": (Role.REVIEWER,),
    "Hoa": (Role.ANALYST,),
}
ARABIC = "مياه الفيضان ترتفع بسرعة قرب الجسر (رقم 3) والناس على الأسطح، أين المأوى؟"
LONG = "Nước lên nhanh quá, cả xóm đang chờ thuyền. " * 30
ADDRESS = "https://news.example/" + "a" * 180
# What a search finds the posts by, whatever they say.
FOLDED = " dong ha "
POSTS = (ARABIC, LONG, f"Xem {ADDRESS}", "Cháu bé lạc mẹ ở chợ 👩🏽\u200d🚒")


def usual(_place, words):
    """Let ordinary people have written *words*."""
    return words


def furnish(workspace, outside=usual, responses=2):
    """Make a workspace and fill it.

    Args:
        workspace: An empty folder.
        outside: Given a place ("card", "source", …) and ordinary words, gives what was written.
        responses: How many were logged.

    Returns:
        The ids of what a test may want to find again.
    """
    (workspace / "evenhand.toml").write_text(SETTINGS, "utf-8")
    store, now = open_store(load_settings(workspace).url), datetime.now(UTC)
    actors = _people(store, now)
    floor = SimpleNamespace(store=store, actors=actors, outside=outside, now=now)
    library.put_builtin(store, now)
    _readings(floor, Clock(now - timedelta(days=3)))
    coverage_floor.fill(store, actors.reader, now - timedelta(hours=2), days=5)
    _sources(floor)
    _requests(floor, responses)
    _statements(floor)
    _clarifications(floor)
    _models(floor, workspace)
    _queues(floor)
    _alerts(floor)
    _quality(floor)
    _care(floor)
    review = _review(floor)
    _rename(floor)
    store.close()
    return SimpleNamespace(review=review)


def _people(store, now):
    made = {}
    for name, roles in PEOPLE.items():
        access.add_person(store, access.operator(), name, PASSWORD, roles=roles, team=TEAM, now=now)
    for one in access.list_people(store, access.operator()):
        made[one.name] = one.actor()
    with store.write() as conn:
        conn.execute(update(tables.person).values(must_change=False))
    return SimpleNamespace(
        me=made[EVERYTHING],
        coordinator=made["Bình"],
        an=made["Chi"],
        reader=made["Chi"],
        binh=made["Dung"],
        analyst=made["Hoa"],
    )


def _readings(floor, clock):
    """Let two read the same items, alike and apart, and gold be kept, hidden and read."""
    store, actors = floor.store, floor.actors
    for number in range(34):
        put_items(store, 1)
        policy = "hate" if number % 2 else None
        outcome = Outcome.VIOLATES if policy else Outcome.NO_HARM
        read(store, actors.an, clock, outcome, policy)
        if number < 24:
            read(store, actors.binh, clock, outcome, policy)
        else:
            read(store, actors.binh, clock, Outcome.VIOLATES, "spam")
    _clear(store)
    put_gold(store, actors, clock, 4)
    put_items(store, 3)
    [held] = take(store, actors.me, clock, 1, gold_share=0.2, chance=lambda: 0.0)
    violates(store, actors.me, held, clock=clock)
    _reword(floor, tables_review.gold, "explanation", "explanation")
    _clear(store)


def _clear(store):
    with store.write() as conn:
        conn.execute(update(tables.item).where(tables.item.c.state == "open").values(state="void"))


def _sources(floor):
    now, kinds = floor.now, ("feeds", "mastodon", "reddit")
    error = floor.outside("error", "503 Service Unavailable")
    with floor.store.write() as conn:
        for number, kind in enumerate(kinds):
            values = {
                "name": f"nguồn {number}",
                "kind": kind,
                "options": {},
                "state": ("failing", "proposed", "active")[number],
                "created_at": now,
                "proposed_by": int(floor.actors.coordinator.id),
                "failures": 3 if number == 0 else 0,
                "last_error": error if number == 0 else None,
                "last_ok_at": now - timedelta(hours=number + 1),
            }
            query = insert(tables.source).values(**values).returning(tables.source.c.id)
            key = conn.execute(query).scalar_one()
            if kind == "mastodon":
                continue
            conn.execute(
                insert(tables.gap).values(
                    source_id=key,
                    since=now - timedelta(hours=5),
                    until=now,
                    reason=floor.outside("gap", "the page ended early"),
                    seen_at=now,
                )
            )
            conn.execute(
                insert(tables.set_aside).values(
                    source_id=key,
                    place="row 17",
                    reason=floor.outside("set aside", "no column is named text"),
                    seen_at=now,
                )
            )


def _requests(floor, responses):
    """Let requests wait, one of them with a hard text, and let others be answered."""
    asked = ("Điểm tiêm mở cửa đến mấy giờ?", ARABIC, LONG, "Ai cứu với!", "Sao chưa dọn rác?")
    for number, words in enumerate(asked):
        label = "self_harm_risk" if number == 3 else "question"
        _needs_answer(floor, label, floor.outside("request", words))
    for number in range(responses):
        item_id = _needs_answer(floor, "question", "Mấy giờ phát nước?")
        new = Response(
            uuid=str(uuid4()),
            item_id=item_id,
            kind=ResponseKind.PUBLIC_REPLY,
            channel="diễn đàn",
            text=f"Phát nước lúc {number + 7} giờ ở nhà văn hoá.",
            language="vi",
            account=ACCOUNT,
            given_at=floor.now,
            result="https://forum.example/42",
        )
        requests.respond(floor.store, floor.actors.me, new, now=floor.now)
    for column in ("text", "channel", "result"):
        place = "response" if column == "text" else column
        _reword(floor, tables.response, place, column, tables.response.c.account == ACCOUNT)


def _needs_answer(floor, label, words):
    due = floor.now + _hours(3)
    return _decided(floor, Outcome.NEEDS_ANSWER, None, label=label, text=words, due_at=due)


def _decided(floor, outcome, policy, **item):
    """Put an item in that the reader has decided on, past the order of the queue; give its id."""
    store, reader = floor.store, floor.actors.reader
    held = {"state": "claimed", "claimed_by": int(reader.id), "claim_no": 1}
    with store.write() as conn:
        made = put_item(conn, queue="request" if policy is None else "harm", **item)
        which = update(tables.item).where(tables.item.c.id == int(made.id))
        conn.execute(which.values(claim_until=floor.now + _hours(1), **held))
    said = Decision(str(uuid4()), made.id, 1, 1, outcome, policy)
    decisions.decide(store, reader, said, now=floor.now)
    return made.id


def _hours(n):
    return timedelta(hours=n)


def _statements(floor):
    """List one statement in force, one that waits for somebody else, one that waits for me."""
    store, actors, now = floor.store, floor.actors, floor.now
    later = {"expires_at": now + timedelta(days=30)}
    made = statements.propose(store, actors.analyst, replace(DAM, **later), now)
    statements.approve(store, actors.coordinator, made.id, now)
    other = replace(
        SEA, wordings=("Garlic tea cures dengue fever",), what_is_true="It does not.", **later
    )
    statements.propose(store, actors.me, replace(SEA, **later), now)
    statements.propose(store, actors.coordinator, other, now)
    with store.write() as conn:
        for row in conn.execute(select(tables.statement)).all():
            values = {
                "wordings": [floor.outside("statement", words) for words in row.wordings],
                "what_is_true": floor.outside("statement", row.what_is_true),
                "source_name": floor.outside("statement", row.source_name),
                # Nothing but an address is stored here.
                "source_url": f"https://health.example/{floor.outside('statement', 'dengue')}",
            }
            which = tables.statement.c.id == row.id
            conn.execute(update(tables.statement).where(which).values(**values))


def _clarifications(floor):
    """Word one clarification that is shown and one that waits for somebody else."""
    store, mine, theirs = floor.store, floor.actors.me, floor.actors.coordinator
    said = {"en": "A warning of a danger is no threat.", "vi": "Lời cảnh báo không phải đe doạ."}
    shown = clarifying.propose(store, mine, "violence_threat", said, floor.now)
    clarifying.approve(store, theirs, shown, floor.now)
    clarifying.propose(store, theirs, "harassment", said, floor.now)
    for lang in ("en", "vi"):
        _reword(floor, tables_review.clarification, "clarification", f"sentence_{lang}")


def _models(floor, workspace):
    """Put a candidate in the shadow beside the shipped model, with doubts, drift and examples."""
    store, outside = floor.store, floor.outside
    decided(store, 60, reviewers=("3", "4"))
    card = CARD | {
        "limits": [outside("model card", CARD["limits"][0])],
        "sources": [{"name": outside("model card", "seeds"), "rows": 1684}],
        "licences": [outside("model card", "CC0")],
    }
    suspect = {
        "reviewer": floor.actors.binh.id,
        "kind": "disagrees with everybody",
        "label": "",
        "n": 90,
        "agreement": 0.31,
        "expected": 0.84,
        "p_value": 1e-9,
    }
    put_model(
        store,
        workspace,
        compared=WORSE,
        neutral=BIASED,
        suspects=[suspect],
        state=ModelState.SHADOW,
        trained_by=floor.actors.analyst.id,
        card=card,
    )
    with store.write() as conn:
        active = shipped.ensure(conn, floor.now).version
        severe = put_item(conn, "question", outside("model text", "Tôi mệt quá rồi."))
        mild = put_item(conn, "question", outside("model text", "Mấy giờ mở cửa?"))
        for made, words in ((severe, "Threat"), (mild, "question")):
            [tag] = FakeTagger(model="team@1").tag([Text(made.post_id, words)])
            there = Stored(int(made.post_id), 1)
            rescoring.put_tags(conn, [(there, tag)], shadow=True, now=floor.now)
        for version, kind, data in _reports(floor, active, mild):
            model_reports.put(conn, version, kind, data, floor.now)
    tasks.ask(store, floor.actors.analyst, "label_errors", {}, floor.now)
    found = tasks.next_task(store, floor.now)
    message = outside("task", "2 of 60 labels look mistaken")
    tasks.finish(store, found.id, ok=False, message=message, now=floor.now)


def _reports(floor, active, mild):
    line = {"psi": 0.31, "state": "alarm", "direction": "up", "posts": [900, 400]}
    shares = {"before": 0.2, "after": 0.4}
    drift = {
        "alarms": 1,
        "before": ["2026-11-01", "2026-11-16"],
        "after": ["2026-11-17", "2026-11-23"],
        "lines": [
            {**line, **shares, "name": "source", "category": floor.outside("drift", "r/danang")},
            {**line, **shares, "name": "language", "category": "vi", "state": "watch"},
        ],
    }
    with floor.store.read() as conn:
        query = select(tables.item.c.id).where(tables.item.c.decided_at.is_not(None))
        known = [str(key) for key in conn.execute(query.limit(3)).scalars()]
    doubts = [
        {"item_id": key, "post_id": "1", "label": "spam", "given": False, "p": 0.04}
        for key in (*known, mild.id)
    ]
    shadow = {
        "model": "team@1",
        "since": floor.now.isoformat(),
        "posts": 97,
        "labels": {"hate": [4, 2, 1, 90], "question": [1, 0, 0, 96], "spam": [0, 0, 0, 97]},
        "counted_only": 3,
    }
    return (
        (active, ReportKind.DRIFT, drift),
        (active, ReportKind.LABEL_ERRORS, {"labels": 60, "found": 4, "doubts": doubts}),
        ("team@1", ReportKind.SHADOW, shadow),
    )


def _queues(floor):
    """Let items be found, held and overdue; routes be in force, waiting and ended; views saved."""
    store, actors, now = floor.store, floor.actors, floor.now
    for words in POSTS:
        with store.write() as conn:
            made = put_item(conn, "spam", floor.outside("found", words), priority=0.1)
            item_texts.index_posts(conn, [int(made.post_id)], lambda _: FOLDED)
            which = tables.item.c.id == int(made.id)
            conn.execute(update(tables.item).where(which).values(created_at=now))
    put_items(store, 3, label="hate", due_at=now - _hours(1), priority=0.2)
    put_items(store, 2, label="question", queue="request", lang="en", due_at=now, priority=0.2)
    claims.claim_next(store, actors.binh, now=now, count=2, queues=["request"])
    team = next(iter(routing.choices(store, actors.me, now).teams))
    mine, theirs = actors.me, actors.coordinator
    made = [
        routing.propose(store, who, Rule(f"tuyến {at}", at, (label,), ("vi",), (), team), now).id
        for at, (who, label) in enumerate(
            ((mine, "help_needed"), (theirs, "hate"), (mine, "spam"), (theirs, "doxxing")), 1
        )
    ]
    routing.approve(store, theirs, made[0], now)
    routing.end(store, theirs, made[2], now)
    for number in range(3):
        saved_views.save(store, mine, "queues", f"ngập {number}", {"q": "dong"}, now)
    new = ("F", "Kêu cứu", Outcome.NEEDS_ANSWER, (), ResponseKind.PUBLIC_REPLY, "answer_question")
    macros.add(store, mine, NewMacro(*new), now)
    for place in ("route", "macro", "saved_view"):
        _reword(floor, getattr(tables_review, place), place, "name")


GAPS, TRIES = {"days": 3, "usual": 1}, {"failures": 5, "hours": 30}


def _alerts(floor):
    """Let alerts stand about a source and deadlines, one be muted, and one have ended."""
    store, now = floor.store, floor.now
    late = {"late": 8, "due": 9, "overdue": 1, "pace": 2}
    with store.write() as conn:
        source_id = sources.list_all(conn)[0].id
        found = [
            Verdict(AlertKind.SILENT_SOURCE, f"source:{source_id}", Level.FIRES, GAPS),
            Verdict(AlertKind.DEADLINE_RISK, "all", Level.FIRES, late),
            Verdict(AlertKind.FAILING_SOURCE, f"source:{source_id}", Level.FIRES, TRIES),
            Verdict(AlertKind.DRIFT, "model:team@1", Level.FIRES, {"alarms": 2, "days": 3}),
        ]
        alerts.settle(conn, found, [], now)
        alerts.settle(conn, [replace(found[-1], level=Level.CALM)], [], now)
        (muted,) = (one.id for one in alerts.list_open(conn, now) if one.kind is found[2].kind)
        until = now + timedelta(days=7), "Máy chủ của họ bảo trì"
        alert_mutes.put(conn, muted, until, person_id=floor.actors.me.id, now=now)
    _reword(floor, tables_alerts.alert_mute, "mute", "reason")


def _reword(floor, table, place, column, where=None):
    """Let whoever is outside write a column of a table anew."""
    query = select(table) if where is None else select(table).where(where)
    with floor.store.write() as conn:
        for row in conn.execute(query).mappings().all():
            words = floor.outside(place, row[column])
            conn.execute(update(table).where(table.c.id == row["id"]).values({column: words}))


def _quality(floor):
    """File appeals that I may read, that are mine, and one that somebody reads; gold that waits."""
    store, actors, now = floor.store, floor.actors, floor.now
    ids = [_decided(floor, Outcome.VIOLATES, "hate", label="hate") for _ in range(5)]
    filed = [
        appeals.file_appeal(store, who, item_id, side, "Đây là lời cảnh báo.", now)
        for who, item_id, side in (
            (actors.coordinator, ids[0], "affected"),
            (actors.me, ids[1], "team"),
            (actors.me, ids[2], "team"),
        )
    ]
    appeals.take(store, actors.binh, filed[2], now)
    _reword(floor, tables_review.appeal, "ground", "ground")
    for who, item_id in ((actors.me, ids[3]), (actors.analyst, ids[4])):
        new = NewGold(item_id, "violates", "hate", "Gọi cả một nhóm người là súc vật.")
        quality_gold.propose(store, who, new, now)
    waits = tables_review.gold.c.approved_by.is_(None)
    _reword(floor, tables_review.gold, "gold", "explanation", waits)


def _care(floor):
    actors = floor.actors
    reads = [care.Read(severity, 200.0) for severity in (1, 2, 3, 4, 5, 5)]
    for ago in (0, 1, 9):
        at = floor.now - timedelta(days=ago)
        for one in (actors.me, actors.an, actors.binh, actors.coordinator):
            care.note_reads(floor.store, one, reads, CareSettings(), at)
    with floor.store.write() as conn:
        conn.execute(tables_review.reading.delete())


def _review(floor):
    """Let me hold a wave with a thread, reasons and a statement, a hard item and a long one."""
    outside, me = floor.outside, floor.actors.me
    # What is due longest comes first, whatever else is there.
    longest_due = floor.now - timedelta(days=30)
    with floor.store.write() as conn:
        first = put_item(
            conn,
            "disaster_misinformation",
            outside("card", "Đập hồ trên đã vỡ rồi, chạy đi bà con"),
            post={"context_key": "thread"},
            priority=1_000.0,
            queue="fast",
            why=outside("card line", "rule"),
            due_at=longest_due,
        )
        key = int(first.post_id)
        reasons = [
            {"label": "disaster_misinformation", "kind": kind, "id": name, "spans": [[0, 3]]}
            for kind, name in (
                ("statement", "1"),
                ("rule", outside("rule", "dam_broken")),
                ("key", outside("rule", "chạy đi")),
            )
        ]
        conn.execute(
            update(tables.flag).where(tables.flag.c.post_id == key).values(reasons=reasons)
        )
        titled = update(tables.post_version).where(tables.post_version.c.post_id == key)
        conn.execute(titled.values(name=outside("card line", "Tin nóng")))
        for words in (ARABIC, "Thật không đó?"):
            put_post(conn, outside("thread", words), context_key="thread", flagged=False)
        copies = [put_post(conn, outside("copy", words)) for words in POSTS[1:]]
        _wave(conn, [key, *copies], floor.now)
        ids = [first.id]
        for number, words in enumerate((ARABIC, LONG)):
            made = put_item(
                conn,
                ("violence_threat", "spam")[number],
                outside("card", words),
                queue="fast",
                priority=900.0 - number,
                due_at=longest_due + _hours(number + 1),
            )
            ids.append(made.id)
        held = {"state": "claimed", "claimed_by": int(me.id), "claim_no": 1}
        which = update(tables.item).where(tables.item.c.id.in_(list(map(int, ids))))
        conn.execute(which.values(claim_until=floor.now + _hours(8), **held))
    return ids


def _wave(conn, keys, now):
    query = insert(tables_review.wave).values(
        first_post_id=keys[0], members=len(keys), created_at=now, joined_at=now
    )
    number = conn.execute(query.returning(tables_review.wave.c.id)).scalar_one()
    for key in keys:
        conn.execute(
            insert(tables_review.wave_member).values(
                post_id=key, wave_id=number, similarity=0.9, joined_at=now
            )
        )


def _rename(floor):
    """Give sources, people and the team the names that people typed."""
    for table, place in ((tables.source, "source"), (tables.team, "team")):
        _reword(floor, table, place, "name")
    _reword(floor, tables.person, "person", "name", tables.person.c.name != EVERYTHING)
    with floor.store.write() as conn:
        old = tables.item.c.created_at < floor.now - timedelta(days=20)
        conn.execute(update(tables.item).where(old).values(created_at=floor.now - _hours(30)))
