"""The migrations: up and down with rows, equal to the tables, from an installed wheel too."""

from __future__ import annotations

import subprocess
import sys
import warnings
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from evenhand.dashboard.jobs import claims, decisions, requests
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import migrations, tables
from evenhand.data.records import (
    Decision,
    Delete,
    Gap,
    Outcome,
    Page,
    Response,
    ResponseKind,
    SetAside,
    SourceSpec,
    Upsert,
)
from evenhand.data.store import ledger, sources
from evenhand.data.store.connect import open_store
from tests.fakes import FakeTagger
from tests.review_floor import all_rolled_up

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROOT = Path(__file__).resolve().parents[2]


def _fill(store, make_post):
    with store.write() as conn:
        source_id = sources.propose(conn, SourceSpec("s", "file"), person_id=None, now=NOW).id
        ledger.append(conn, at=NOW, actor="0", action="a", subject="s", data={})
    events = (
        Upsert(make_post(content="scam lừa đảo happy flood")),
        Upsert(make_post(content="🌊")),
        Delete("x", "y"),
        Gap(None, None, "z"),
        SetAside("line 1", "z"),
    )
    ingest_page(store, source_id=source_id, page=Page(events, {}), tagger=FakeTagger(), now=NOW)


def test_revisions_are_those_of_the_files(store):
    """The list that a quick start trusts names every file, in order."""
    with store.write() as conn:
        script = ScriptDirectory.from_config(migrations._config(conn))
    found = [one.revision for one in script.walk_revisions()]

    assert tuple(reversed(found)) == migrations.REVISIONS


def test_metadata_equals_migrations(store):
    """What the code believes of the schema is what the migrations make."""
    with store.write() as conn, warnings.catch_warnings():
        # SQLite cannot reflect an index with DESC; the next test compares those by their text.
        warnings.filterwarnings("ignore", message="autogenerate skipping", category=UserWarning)
        warnings.filterwarnings("ignore", message="Skipped unsupported reflection")
        options = {"compare_type": True, "include_object": _is_comparable(store)}
        context = MigrationContext.configure(conn, opts=options)
        found = compare_metadata(context, tables.metadata)

    assert found == []


def _is_comparable(store):
    described = {"ix_item_ready", "ix_item_unanswered"} if store.is_sqlite else set()
    return lambda _item, name, kind, *_: kind != "index" or name not in described


def test_indexes_and_checks_equal_migrations_word_for_word(store, tmp_path, request):
    """Indexes, with their DESC and WHERE, are the same whether migrated or made from the tables."""
    if store.is_sqlite:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        other = create_engine(f"sqlite:///{tmp_path}/made.db")
        tables.metadata.create_all(other)
        with store.read() as conn, other.connect() as made:
            assert _words(conn, query) == _words(made, query)
        other.dispose()
        return
    query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    with request.getfixturevalue("postgres").database("template1") as url:
        other = create_engine(url)
        tables.metadata.create_all(other)
        with store.read() as conn, other.connect() as made:
            migrated = _words(conn, query)
            migrated.pop("alembic_version_pkc")
            assert migrated == _words(made, query)
        other.dispose()


def _words(conn, query):
    return {name: " ".join(sql.split()).lower() for name, sql in conn.execute(text(query))}


def test_down_and_up_again_with_rows(store, make_post):
    """Each revision can be taken back and made again, with rows in the tables."""
    for to in (*reversed(migrations.REVISIONS[:-1]), "base"):
        _fill_if_new(store, make_post)
        with store.write() as conn:
            migrations.downgrade(conn, to)
            assert migrations.revision(conn) == (None if to == "base" else to)
    with store.write() as conn:
        left = set(inspect(conn).get_table_names())
        assert left == {"alembic_version"}
        migrations.upgrade(conn)
    _fill(store, make_post)
    with store.read() as conn:
        assert ledger.verify(conn) == 1
        assert conn.execute(text("SELECT count(*) FROM post")).scalar() == 2


def _fill_if_new(store, make_post):
    with store.read() as conn:
        complete = migrations.revision(conn) == migrations.HEAD
    if complete:
        _fill(store, make_post)


def test_rows_survive_the_last_step(store, make_post):
    """Taking the newest revision back and forth keeps the rows of the older tables."""
    _fill(store, make_post)
    with store.write() as conn:
        migrations.downgrade(conn, migrations.REVISIONS[-2])
        migrations.upgrade(conn)
        posts = conn.execute(text("SELECT count(*) FROM post")).scalar()
        items = conn.execute(text("SELECT count(*) FROM item")).scalar()

    assert (posts, items) == (2, 1)


def test_revision_of_the_roll_ups_counts_what_the_store_holds(store, make_post, actors):
    """Items of the schema before, seen, decided, answered and void, are counted as if kept."""
    _fill(store, make_post)
    with store.write() as conn:
        source_id = conn.execute(text("SELECT id FROM source")).scalar_one()
    events = tuple(
        Upsert(make_post(native_key=f"n{number}", content="question scam")) for number in range(5)
    )
    ingest_page(store, source_id=source_id, page=Page(events, {}), tagger=FakeTagger(), now=NOW)
    held = claims.claim_next(store, actors.an, now=NOW + HOUR, count=4, lease_minutes=90)
    outcomes = (Outcome.VIOLATES, Outcome.NOT_SURE, Outcome.NEEDS_ANSWER)
    for one, outcome in zip(held, outcomes, strict=False):
        more = {"policy": "spam", "also": (("hate", 3),)} if outcome is outcomes[0] else {}
        new = Decision(f"u{one.id}", one.id, one.claim.number, 1, outcome, **more)
        decisions.decide(store, actors.an, new, now=NOW + 2 * HOUR)
    claims.skip(store, actors.an, held[3].id, held[3].claim.number, "không rõ", NOW + 2 * HOUR)
    answer = Response(
        uuid="r",
        item_id=held[2].id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="r/danang",
        text="Đang đến.",
        language="vi",
        account="u/TeamDaNang",
        given_at=NOW + 3 * HOUR,
    )
    requests.respond(store, actors.an, answer, now=NOW + 3 * HOUR)
    gone = Page((Delete("n4", "gone"),), {})
    ingest_page(store, source_id=source_id, page=gone, tagger=FakeTagger(), now=NOW + 30 * HOUR)
    with store.write() as conn:
        before = all_rolled_up(conn)
        seen = conn.execute(text("SELECT id, seen_at FROM item ORDER BY id")).all()
        migrations.downgrade(conn, "0011")
        assert "seen_at" not in {one["name"] for one in inspect(conn).get_columns("item")}
        old = conn.execute(text("SELECT sum(made), sum(harm) FROM rollup_item")).one()
        migrations.upgrade(conn)
        after = all_rolled_up(conn)
        again = conn.execute(text("SELECT id, seen_at FROM item ORDER BY id")).all()

    assert (6, 1) == tuple(old)
    assert before == after
    assert seen == again
    assert [len(before[name]) > 0 for name in before] == [True] * 4
    assert {row[5] for row in before["rollup_wait"]} == {"seen", "decided", "answered"}
    assert len(before["rollup_outcome"]) == 4


def test_migration_that_fails_leaves_the_old_schema(store):
    """Changes of the schema are part of the transaction on both engines."""

    def fail():
        with store.write() as conn:
            migrations.downgrade(conn, "0001")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.read() as conn:
        assert migrations.revision(conn) == migrations.HEAD
        assert inspect(conn).has_table("post")


@pytest.mark.parametrize("name", ["env.py", "versions/r0001_people_and_sources.py"])
def test_files_of_the_migrations_are_part_of_the_room(name):
    """They lie inside the package, where a wheel takes them from."""
    assert (ROOT / "data" / "migrations" / name).is_file()


def test_store_opens_from_a_copy_that_is_no_working_tree(tmp_path):
    """Without the working copy, from any folder, a new store is made and opened."""
    site = tmp_path / "site" / "evenhand" / "data"
    archive = tmp_path / "room.zip"
    with zipfile.ZipFile(archive, "w") as room:
        for path in sorted((ROOT / "data").rglob("*")):
            if path.suffix in {".py", ".toml", ".mako"}:
                room.write(path, path.relative_to(ROOT / "data"))
    with zipfile.ZipFile(archive) as room:
        room.extractall(site)
    code = (
        "from evenhand.data.store.connect import open_store, ping\n"
        "import evenhand.data.migrations as m\n"
        "store = open_store('sqlite:///new.db')\n"
        "ping(store)\n"
        "print(m.__file__)\n"
    )
    # -S leaves out site-packages and with it the editable install, which we then add as a folder.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path[:0] = [{str(tmp_path / 'site')!r}, {packages!r}]\n{code}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().startswith(str(tmp_path))


def test_upgrade_from_every_revision(tmp_path):
    """A store of any older revision is brought up when it is opened."""
    for number, old in enumerate(migrations.REVISIONS[:-1]):
        url = f"sqlite:///{tmp_path}/{number}.db"
        store = open_store(url)
        with store.write() as conn:
            migrations.downgrade(conn, old)
        store.close()
        again = open_store(url)
        with again.read() as conn:
            assert migrations.revision(conn) == migrations.HEAD
        again.close()
