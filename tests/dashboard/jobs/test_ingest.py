"""Ingest: idempotent, all or nothing, and what edits and deletions do."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, insert, select, text, update

from evenhand.dashboard.jobs import claims, decisions
from evenhand.dashboard.jobs.ingest import POSTS_AT_ONCE, ingest_page
from evenhand.data import tables, tables_review
from evenhand.data.errors import ClaimLost, NotFound
from evenhand.data.records import (
    AuthorErased,
    Decision,
    Delete,
    Gap,
    Outcome,
    Page,
    Post,
    SetAside,
    SourceSpec,
    Upsert,
)
from evenhand.data.store import items, pages, rollups_anew, sources
from evenhand.data.store.connect import open_store
from tests.fakes import FakeTagger

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ROLLUPS = rollups_anew.TABLES
CONTENT = [
    tables.post,
    tables.post_version,
    tables.tag,
    tables.flag,
    tables.item,
    tables.item_event,
    tables.gap,
    tables.set_aside,
    tables.tombstone,
    *ROLLUPS,
]


@pytest.fixture
def source_id(store):
    return _source(store)


def _source(store, name="nguồn"):
    with store.write() as conn:
        return sources.propose(conn, SourceSpec(name, "file"), person_id=None, now=NOW).id


def _ingest(store, source_id, *events, tagger=None, now=NOW, cursor=None):
    page = Page(tuple(events), cursor or {"at": 1})
    return ingest_page(
        store, source_id=source_id, page=page, tagger=tagger or FakeTagger(), now=now
    )


def _rows(store, *wanted):
    with store.read() as conn:
        return {
            table.name: sorted(map(repr, conn.execute(select(table))))
            for table in wanted or CONTENT
        }


def _one(store, table):
    with store.read() as conn:
        return conn.execute(select(table)).one()


def _rebuilt_equal(store):
    before = _rows(store, *ROLLUPS)
    with store.write() as conn:
        rollups_anew.rebuild(conn)
    return before == _rows(store, *ROLLUPS)


def test_page_is_stored_whole(store, source_id, make_post):
    """A page's posts, versions, tags, flags, items, gaps, rows set aside and cursor are stored."""
    counts = _ingest(
        store,
        source_id,
        Upsert(make_post(content="Cảnh báo lừa đảo", name="Tiêu đề", reach=7)),
        Upsert(make_post(content="flood, help us")),
        Upsert(make_post(content="")),
        Gap(None, NOW, "page 2 answered 500"),
        SetAside("line 17", "no date"),
        cursor={"after": "t3_x"},
    )

    assert (counts.read, counts.kept, counts.flagged) == (4, 3, 2)
    assert (counts.set_aside, counts.duplicate, counts.deleted) == (1, 0, 0)
    rows = _rows(store)
    sizes = {name: len(found) for name, found in rows.items()}
    assert (sizes["post"], sizes["post_version"], sizes["tag"]) == (3, 3, 3)
    assert (sizes["flag"], sizes["item"], sizes["item_event"]) == (2, 2, 2)
    assert (sizes["gap"], sizes["set_aside"]) == (1, 1)
    with store.read() as conn:
        assert sources.get(conn, "nguồn").cursor == {"after": "t3_x"}
        queues = set(conn.execute(select(tables.item.c.queue)).scalars())
    assert queues == {"harm", "fast"}
    assert _rebuilt_equal(store)


def test_page_changes_nothing_when_it_comes_again(store, source_id, make_post):
    """The same page twice gives the same rows, and tags nothing again."""
    events = [Upsert(make_post(content=word)) for word in ("scam", "câu hỏi question", "🌊" * 3)]
    events += [Gap(None, NOW, "lỗi"), SetAside("line 1", "x"), Delete("gone", "deleted")]
    _ingest(store, source_id, *events)
    before = _rows(store)
    tagger = FakeTagger()
    counts = _ingest(store, source_id, *events, tagger=tagger, now=NOW + timedelta(hours=1))

    assert before == _rows(store)
    assert (counts.kept, counts.duplicate, tagger.calls) == (0, 3, [])


def test_text_is_kept_in_one_form(store, source_id, make_post):
    """Decomposed letters are composed; NUL and lone surrogates, which PostgreSQL refuses, go."""
    decomposed = "Nu\u031bo\u031b\u0301c lu\u0303"
    _ingest(store, source_id, Upsert(make_post(content=f"{decomposed}\0 \ud83d!", name="a\0b")))
    row = _one(store, tables.post_version)

    assert row.content == "Nước lũ \ufffd!"
    assert row.name == "ab"


def test_very_long_text_is_kept(store, source_id, make_post):
    """A text of 200,000 letters arrives unshortened."""
    _ingest(store, source_id, Upsert(make_post(content="đường " * 40_000)))

    assert len(_one(store, tables.post_version).content) == 240_000


def test_edit_makes_a_version_and_marks_a_reviewed_item(store, source_id, make_post):
    """A newer text becomes version 2 with its own tag; the reviewed item is marked."""
    post = make_post(content="scam one", native_key="k")
    _ingest(store, source_id, Upsert(post))
    with store.write() as conn:
        conn.execute(update(tables.item).values(state="closed", decided_at=NOW))
    edited = make_post(
        native_key="k", content="scam two", updated_at=NOW, author_ref=post.author_ref
    )
    counts = _ingest(store, source_id, Upsert(edited))
    row = _one(store, tables.item)

    assert counts.kept == 1
    assert (row.state, row.edited_after_review) == ("closed", True)
    with store.read() as conn:
        versions = conn.execute(
            select(tables.post_version.c.version, tables.post_version.c.content).order_by("version")
        ).all()
        tagged = set(conn.execute(select(tables.tag.c.version)).scalars())
    assert versions == [(1, "scam one"), (2, "scam two")]
    assert tagged == {1, 2}
    assert _one(store, tables.post).version == 2


def test_edit_moves_a_waiting_item_and_its_counts(store, source_id, make_post):
    """An open item follows its post to the queue of the new version, and the roll-ups with it."""
    base = {"native_key": "k", "author_ref": "a"}
    _ingest(store, source_id, Upsert(make_post(content="question about flood happy", **base)))
    _ingest(
        store,
        source_id,
        Upsert(make_post(content="threat in the storm", updated_at=NOW, **base)),
    )
    row = _one(store, tables.item)

    assert (row.queue, row.label, row.state) == ("fast", "violence_threat", "open")
    assert _one(store, tables.rollup_post)[1:] == (int(source_id), "weather", "neutral", 1, 1)
    counted = _one(store, tables.rollup_item)
    assert counted[1:7] == ("fast", "violence_threat", "en", 0, int(source_id), 1)
    assert _rebuilt_equal(store)


def test_edit_that_is_older_changes_nothing(store, source_id, make_post):
    """An older state that comes late does not win."""
    _ingest(store, source_id, Upsert(make_post(native_key="k", content="new", updated_at=NOW)))
    before = _rows(store)
    older = make_post(native_key="k", content="old", updated_at=NOW - timedelta(minutes=1))
    counts = _ingest(store, source_id, Upsert(older))

    assert counts.duplicate == 1
    assert before == _rows(store)


def test_edit_makes_an_item_when_the_first_version_had_none(store, source_id, make_post):
    """A post that becomes harmful by an edit is put before people."""
    _ingest(store, source_id, Upsert(make_post(native_key="k", content="hello")))
    _ingest(store, source_id, Upsert(make_post(native_key="k", content="scam", updated_at=NOW)))

    assert _one(store, tables.item).label == "scam_fraud"
    assert _one(store, tables.post).flagged
    assert _rebuilt_equal(store)


def test_deletion_erases_and_voids_and_keeps_counts(store, source_id, make_post):
    """Text, pseudonym, locator, thread and reasons go; the item is void; figures stay."""
    post = make_post(native_key="k", content="scam", locator=b"x", context_key="t", name="Bán")
    _ingest(store, source_id, Upsert(post))
    with store.write() as conn:
        conn.execute(
            insert(tables.person).values(
                id=9,
                name="an",
                password_hash="!",
                must_change=False,
                language="vi",
                simulated=False,
                created_at=NOW,
            )
        )
        conn.execute(
            insert(tables.draft).values(item_id=1, person_id=9, data={"t": "scam"}, at=NOW)
        )
    arrived = _rows(store, tables.rollup_post)
    counts = _ingest(store, source_id, Delete("k", "deleted"))
    row = _one(store, tables.post)

    assert counts.deleted == 1
    assert (row.author_ref, row.locator, row.context_key, row.body_hash) == (None, None, None, "")
    assert row.deleted_at == NOW
    version = _one(store, tables.post_version)
    assert (version.content, version.name) == (None, None)
    assert _one(store, tables.flag).reasons == []
    item = _one(store, tables.item)
    assert (item.state, item.claimed_by, item.claim_until) == ("void", None, None)
    assert arrived == _rows(store, tables.rollup_post)
    counted = _one(store, tables.rollup_item)
    assert (counted.made, counted.decided, counted.void) == (1, 0, 1)
    assert _rows(store, tables.draft) == {"draft": []}
    assert _rebuilt_equal(store)


def test_deletion_leaves_no_byte_of_the_text(tmp_path, make_post):
    """The text is gone from the file and from the log of SQLite at once."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    name = _source(store, "lost")
    _ingest(store, name, Upsert(make_post(native_key="k", content="zwölfmalnieder scam")))
    before = _bytes_in(tmp_path)
    _ingest(store, name, Delete("k", "deleted"))
    after = _bytes_in(tmp_path)
    store.close()

    assert "zwölfmalnieder".encode() in before
    assert "zwölfmalnieder".encode() not in after


def _bytes_in(folder):
    # Read by another process: opening the file here and closing it would drop the store's locks.
    return subprocess.run(
        ["cat", *map(str, folder.iterdir())], check=True, capture_output=True
    ).stdout


def test_deletion_and_decision_never_wait_in_a_circle(
    store, source_id, actors, make_post, monkeypatch
):
    """A page that counts a new item erases a post while somebody decides on it: both end."""
    _ingest(store, source_id, Upsert(make_post(native_key="old", content="Cảnh báo lừa đảo")))
    [held] = claims.claim_next(store, actors.an, now=NOW)
    decision = Decision("d1", held.id, held.claim.number, held.version, Outcome.NO_HARM)
    counted, finish = threading.Event(), pages.finish_page

    def late(*given, **more):
        counted.set()
        # Long enough for the decision to wait for what this page holds.
        time.sleep(0.3)
        return finish(*given, **more)

    monkeypatch.setattr(pages, "finish_page", late)
    new = Upsert(make_post(content="Lại lừa đảo"))
    with ThreadPoolExecutor(1) as pool:
        page = pool.submit(_ingest, store, source_id, new, Delete("old", "gone"))
        assert counted.wait(10)
        with pytest.raises(ClaimLost, match="was deleted"):
            decisions.decide(store, actors.an, decision, now=NOW)
        counts = page.result(10)

    assert (1, 1) == (counts.kept, counts.deleted)
    assert _rebuilt_equal(store)


def test_edits_of_two_sources_never_wait_in_a_circle(store, source_id, make_post, monkeypatch):
    """Two pages move items between the same queues, in other orders and at once: both end."""
    other = _source(store, "khác")
    before = {"a": "scam một", "b": "a threat of two", "c": "another threat, ba"}
    after = {"a": "a question of one", "b": "hai scam khác hẳn", "c": "ba thứ scam nữa"}

    def post(key, words, **more):
        return Upsert(make_post(native_key=key, content=words[key], **more))

    _ingest(store, source_id, post("a", before), post("b", before))
    _ingest(store, other, post("c", before))
    edited = {"updated_at": NOW + timedelta(hours=1)}
    moved, move = threading.Event(), items.take_edit

    def late(*given):
        found = move(*given)
        if not moved.is_set():
            moved.set()
            # Long enough for the other page to take what this one wants next.
            time.sleep(0.5)
        return found

    monkeypatch.setattr(items, "take_edit", late)
    with ThreadPoolExecutor(1) as pool:
        page = pool.submit(
            _ingest, store, source_id, post("a", after, **edited), post("b", after, **edited)
        )
        assert moved.wait(10)
        _ingest(store, other, post("c", after, **edited))
        page.result(10)

    with store.read() as conn:
        queues = conn.execute(select(tables.item.c.queue).order_by(tables.item.c.id)).scalars()
        assert ["request", "harm", "harm"] == list(queues)
    assert _rebuilt_equal(store)


def test_deletion_beats_any_later_upsert(store, source_id, make_post):
    """A deleted post does not come back, whether it was stored before or not."""
    seen = make_post(native_key="seen")
    late = make_post(native_key="late", updated_at=NOW + timedelta(days=1))
    _ingest(store, source_id, Upsert(seen))
    _ingest(store, source_id, Delete("seen", "x"), Delete("late", "x"))
    before = _rows(store)
    newer = make_post(native_key="seen", content="again", updated_at=NOW + timedelta(days=9))
    counts = _ingest(store, source_id, Upsert(newer), Upsert(late))

    assert counts.duplicate == 2
    assert before == _rows(store)


def test_deletion_in_the_page_itself_stores_nothing(store, source_id, make_post):
    """A post that its own page deletes never reaches a table, whatever the order."""
    _ingest(store, source_id, Delete("k", "x"), Upsert(make_post(native_key="k")))

    assert _rows(store, tables.post, tables.post_version) == {"post": [], "post_version": []}


def test_author_is_erased_everywhere(store, source_id, make_post):
    """All posts under a pseudonym are erased, in all sources, and nobody else's."""
    other = _source(store, "khác")
    _ingest(store, source_id, Upsert(make_post(author_ref="a")), Upsert(make_post(author_ref="b")))
    _ingest(store, other, Upsert(make_post(author_ref="a", content="scam")))
    counts = _ingest(store, source_id, AuthorErased("a"))

    assert counts.deleted == 2
    with store.read() as conn:
        left = conn.execute(
            select(tables.post.c.author_ref).where(tables.post.c.deleted_at.is_(None))
        ).scalars()
        assert list(left) == ["b"]
        kept = select(func.count(tables.post_version.c.content))
        assert conn.execute(kept).scalar() == 1
    assert _one(store, tables.item).state == "void"
    assert _rebuilt_equal(store)


def test_civic_posts_carry_no_sentiment(store, source_id, make_post):
    """A civic post is counted as "civic", without sentiment and without its own topics."""

    class Careless(FakeTagger):
        """Gives civic posts a sentiment all the same."""

        def _tag(self, one):
            tag = super()._tag(one)
            import dataclasses  # noqa: PLC0415 - only this fake needs it

            return dataclasses.replace(
                tag, civic=False, sentiment="negative", sentiment_scores={"negative": 1.0}
            )

    _ingest(store, source_id, Upsert(make_post(content="election and flood")), tagger=Careless())
    row = _one(store, tables.post)

    assert (row.civic, row.topic, row.sentiment, row.mark) == (True, "civic", None, "")
    tag = _one(store, tables.tag)
    assert (tag.topics, tag.sentiment_scores) == ({"civic": 0.8}, None)
    assert _one(store, tables.rollup_post)[2:4] == ("civic", "")
    assert _rows(store, tables.rollup_mark) == {"rollup_mark": []}
    with pytest.raises(Exception, match="civic_without_sentiment"), store.write() as conn:
        conn.execute(update(tables.post).values(sentiment="negative"))


def test_unknown_source_is_refused(store, make_post):
    """A page for a source that is not there stores nothing."""
    with pytest.raises(NotFound, match="propose"):
        _ingest(store, "404", Upsert(make_post()))


def test_large_page_takes_several_transactions(store, source_id, make_post):
    """A page above the limit is stored in parts, and counted once."""
    events = [Upsert(make_post()) for _ in range(POSTS_AT_ONCE + 3)]
    counts = _ingest(store, source_id, *events)

    assert counts.kept == POSTS_AT_ONCE + 3
    assert len(_rows(store, tables.post)["post"]) == POSTS_AT_ONCE + 3


def test_same_post_twice_in_a_page_counts_once(store, source_id, make_post):
    """The newest state of a post in a page is the one that is stored."""
    old = make_post(native_key="k", content="old")
    new = make_post(native_key="k", content="new", updated_at=NOW)
    counts = _ingest(store, source_id, Upsert(new), Upsert(old))

    assert (counts.read, counts.kept, counts.duplicate) == (2, 1, 1)
    assert _one(store, tables.post_version).content == "new"


def test_times_and_scores_keep_their_shape(store, source_id, make_post):
    """Times come back aware and in UTC; scores lie within 0 and 1."""
    _ingest(store, source_id, Upsert(make_post(content="scam")))
    row = _one(store, tables.post)

    assert row.published_at == NOW - timedelta(hours=1)
    assert row.published_at.tzinfo is UTC
    assert 0 <= _one(store, tables.flag).score <= 1
    with pytest.raises(Exception, match="score_within_0_1"), store.write() as conn:
        conn.execute(update(tables.flag).values(score=1.5))


def test_reasons_lie_in_the_content_when_there_is_a_title(store, source_id, make_post):
    """Spans count from the start of the content, though the title is tagged with it."""
    _ingest(store, source_id, Upsert(make_post(name="Hỏi", content="a scam")))
    reason = _one(store, tables.flag).reasons[0]

    assert reason["spans"] == [[2, 6]]
    assert "scam" not in _one(store, tables.item).why.replace("scam_fraud", "")


class _Crash(Exception):
    """Stands for a power cut in the middle of a transaction."""


def test_crash_at_any_statement_leaves_nothing_of_the_page(store, source_id, make_post):
    """Wherever a page's transaction breaks, nothing is stored, and the next try stores all."""
    _ingest(store, source_id, Upsert(make_post(native_key="old", content="question")))
    page = [
        Upsert(make_post(content="scam in a flood")),
        Upsert(make_post(native_key="old", content="threat", updated_at=NOW)),
        Delete("unseen", "x"),
        Gap(None, None, "lỗi"),
        SetAside("line 2", "x"),
    ]
    before = _rows(store, *CONTENT, tables.source)
    statements = Counter()
    stop_at = [0]

    def count(_conn, _cursor, _statement, _parameters, _context, _many):
        statements["n"] += 1
        if statements["n"] == stop_at[0]:
            raise _Crash

    event.listen(store._writer, "before_cursor_execute", count)
    crashes = 0
    while True:
        statements["n"] = 0
        stop_at[0] += 1
        try:
            _ingest(store, source_id, *page, cursor={"at": 2})
        except _Crash:
            crashes += 1
            assert before == _rows(store, *CONTENT, tables.source)
        else:
            break
    event.remove(store._writer, "before_cursor_execute", count)

    assert crashes > 15
    assert before != _rows(store, *CONTENT, tables.source)
    with store.read() as conn:
        assert sources.get(conn, "nguồn").cursor == {"at": 2}
    assert _rebuilt_equal(store)


def _states(store):
    """What anybody can see of each post, without ids, version numbers and arrival times."""
    with store.read() as conn:
        query = select(
            tables.post.c.native_key,
            tables.post.c.topic,
            tables.post.c.sentiment,
            tables.post.c.reach,
            tables.post.c.deleted_at.is_(None),
            tables.post_version.c.content,
        ).join(
            tables.post_version,
            (tables.post_version.c.post_id == tables.post.c.id)
            & (tables.post_version.c.version == tables.post.c.version),
        )
        return sorted(tuple(row) for row in conn.execute(query) if row[4])


def _items_and_counts(store):
    """The items by their posts' keys, and the roll-ups without their sources."""
    with store.read() as conn:
        query = select(
            tables.post.c.native_key,
            tables.item.c.queue,
            tables.item.c.label,
            tables.item.c.priority,
            tables.item.c.state,
        ).join(tables.item, tables.item.c.post_id == tables.post.c.id)
        items = sorted(tuple(row) for row in conn.execute(query))
        volumes = sorted(tuple(row)[2:] for row in conn.execute(select(tables.rollup_post)))
        marks = sorted(tuple(row) for row in conn.execute(select(tables.rollup_mark)))
        counted = conn.execute(select(tables.rollup_item)).mappings()
        made = sorted(tuple(n for k, n in row.items() if k != "source_id") for row in counted)
    return items, volumes, marks, made


TEXTS = ("flood happy", "scam ơi", "election", "nước lũ 🌊", "")


def _say(key, turn):
    """What a post says at a time is a fact: the same turn has the same text."""
    return Upsert(
        Post(
            native_key=f"k{key}",
            platform="reddit",
            content=TEXTS[(key + turn) % len(TEXTS)],
            published_at=NOW - timedelta(days=1),
            fetched_at=NOW,
            updated_at=NOW + timedelta(minutes=turn),
            author_ref=f"a{key}",
            reach=turn,
        )
    )


KEYS = st.integers(0, 4)
SAYINGS = st.builds(_say, KEYS, st.integers(0, 3))
DELETIONS = st.builds(lambda key: Delete(f"k{key}", "x"), KEYS)
LAW = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _both_ways(store, events, data, look):
    """Ingest *events* once in order, and twice over in another order and in two pages."""
    order = data.draw(st.permutations(events + events))
    cut = data.draw(st.integers(0, len(order)))
    number = next(_numbers)
    straight, shuffled = _source(store, f"a{number}"), _source(store, f"b{number}")
    _ingest(store, straight, *events)
    expected = look(store)
    _clear(store)
    _ingest(store, shuffled, *order[:cut])
    _ingest(store, shuffled, *order[cut:])
    found = look(store)
    assert _rebuilt_equal(store)
    _clear(store)
    return found, expected


@LAW
@given(events=st.lists(st.one_of(SAYINGS, DELETIONS), max_size=10), data=st.data())
def test_ingest_shows_the_same_posts_in_any_order_of_edits_and_deletions(store, events, data):
    """Edits and deletions in any order, any repetition and any pages leave the same posts."""
    found, expected = _both_ways(store, events, data, _states)

    assert found == expected


@LAW
@given(keys=st.lists(KEYS, max_size=8), data=st.data())
def test_ingest_makes_the_same_items_and_counts_in_any_order(store, keys, data):
    """Without edits the items and all roll-ups are the same too."""
    found, expected = _both_ways(store, [_say(key, 1) for key in keys], data, _items_and_counts)

    assert found == expected


def _clear(store):
    with store.write() as conn:
        for table in (
            tables_review.item_text,
            tables.item_event,
            tables.item,
            tables.flag,
            tables.tag,
            tables.post_version,
            tables.post,
            tables.tombstone,
            *ROLLUPS,
        ):
            conn.execute(table.delete())


_numbers = iter(range(1_000_000))


def test_ingest_survives_being_killed(tmp_path, make_post):
    """A process that dies inside the write leaves the store as it was (SQLite's own log)."""
    import sys  # noqa: PLC0415 - this test only

    url = f"sqlite:///{tmp_path}/a.db"
    store = open_store(url)
    name = _source(store)
    _ingest(store, name, Upsert(make_post()))
    before = _rows(store)
    code = (
        "import os, sys\n"
        "from sqlalchemy import text\n"
        "from evenhand.data.store.connect import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "with store.write() as conn:\n"
        "    conn.execute(text('DELETE FROM item_event'))\n"
        "    conn.execute(text('DELETE FROM rollup_post'))\n"
        "    os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, url], check=False)

    assert done.returncode == 9
    assert before == _rows(store)
    with store.read() as conn:
        assert conn.execute(text("PRAGMA quick_check")).scalar() == "ok"
    store.close()


def test_item_events_rebuild_the_items(store, source_id, make_post):
    """The rows of items that nobody has touched yet follow from their log."""
    base = {"native_key": "k", "author_ref": "a"}
    _ingest(store, source_id, Upsert(make_post(content="question", **base)))
    _ingest(store, source_id, Upsert(make_post(content="scam", updated_at=NOW, **base)))
    _ingest(store, source_id, Upsert(make_post(native_key="d", content="help")))
    _ingest(store, source_id, Delete("d", "x"))
    built = {}
    with store.read() as conn:
        for row in conn.execute(select(tables.item_event).order_by(tables.item_event.c.id)):
            data = row.data if isinstance(row.data, dict) else json.loads(row.data)
            if row.kind in {"made", "moved"}:
                built[row.item_id] = [data["queue"], data["label"], data["why"], "open"]
            elif row.kind == "void":
                built[row.item_id][3] = "void"
        actual = {
            row.id: [row.queue, row.label, row.why, row.state]
            for row in conn.execute(select(tables.item))
        }

    assert actual == built
