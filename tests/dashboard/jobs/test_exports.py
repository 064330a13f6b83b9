"""Exports of the team's work: what is in them, what must not be, and who may make one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from evenhand.dashboard.jobs import decisions as deciding
from evenhand.dashboard.jobs import exports, statements
from evenhand.dashboard.jobs.exports import COLUMNS, TEXTS, Wanted, What, export
from evenhand.dashboard.jobs.exports_files import Format, read_csv
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.records import Outcome
from evenhand.data.settings import QualitySettings
from evenhand.data.store import ledger, rollups_anew
from tests.reading_floor import entries, read, take, violates
from tests.review_floor import NOON, put_item, put_post
from tests.statement_floor import SEA

ONCE = QualitySettings(double_share=0)
TODAY = date(2026, 11, 24)


def rows_of(store, actor, tmp_path, wanted, now=NOON):
    """Export to CSV and read it back, each row as a mapping."""
    path = tmp_path / f"{wanted.what.value}.csv"
    done = export(store, actor, wanted, path, kind=Format.CSV, now=now)
    rows = list(read_csv(path, wanted.columns))
    assert len(rows) == done.rows
    names = [column.name for column in wanted.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture
def worked(store, actors, clock):
    """Three items: hate with spam and a note, one whose decision was taken back, and no harm."""
    with store.write() as conn:
        first = put_item(conn, text="=ác ý", priority=3.0, team_id=1)
        second = put_item(conn, text="chuyện thường", label="spam", priority=2.0)
        third = put_item(conn, text="chuyện khác", priority=1.0)
        put_post(conn, "chẳng ai gắn cờ", flagged=False)
    [held] = take(store, actors.an, clock, 1)
    violates(store, actors.an, held, clock=clock, quality=ONCE)
    clock.advance(minutes=1)
    read(store, actors.an, clock, Outcome.NOT_SURE, quality=ONCE)
    clock.advance(minutes=1)
    deciding.undo_last(store, actors.an, now=clock.now(), within_s=600)
    read(store, actors.an, clock, quality=ONCE)
    with store.write() as conn:
        which = tables.decision.c.outcome == "violates"
        values = {"also": [["spam", 2], ["scam_fraud", None]], "severity": 4, "note": "@ai đó"}
        conn.execute(update(tables.decision).where(which).values(**values))
    return first.id, second.id, third.id


def test_decisions_are_exported_with_what_they_answer_for(store, actors, worked, tmp_path):
    """What was taken back and the undoing stand in the log too, and do not stand on the item."""
    rows = rows_of(store, actors.analyst, tmp_path, Wanted(What.DECISIONS))
    first, second, third = worked

    assert [(first, "review"), (second, "review"), (second, "undo"), (third, "review")] == [
        (row["item"], row["kind"]) for row in rows
    ]
    assert [True, False, False, True] == [row["stands"] for row in rows]
    assert ["violates", "not_sure", "not_sure", "no_harm"] == [row["outcome"] for row in rows]
    assert NOON == rows[0]["decided_at"]
    said = {name: rows[0][name] for name in ("policy", "severity", "also", "model", "version")}
    expected = {"policy": "hate", "severity": 4, "also": "spam:2 scam_fraud:", "model": "m1"}
    assert {**expected, "version": 1} == said
    places = [rows[0][name] for name in ("label", "queue", "lang", "source", "platform")]
    assert ["hate", "harm", "vi", "r/danang", "reddit"] == places


def test_text_is_exported_only_when_asked_and_only_of_what_a_decision_stands_on(
    store, actors, worked, tmp_path
):
    """An item that waits has none, nor an undone decision, nor an erased or unflagged post."""
    first, *_ = worked
    wanted = Wanted(What.DECISIONS, with_text=True)
    rows = rows_of(store, actors.analyst, tmp_path, wanted)
    items = rows_of(store, actors.analyst, tmp_path, Wanted(What.ITEMS, with_text=True))
    whole_file = (tmp_path / "items.csv").read_text("utf-8-sig")
    with store.write() as conn:
        which = tables.post_version.c.content == "=ác ý"
        conn.execute(update(tables.post_version).where(which).values(content=None))
    after = rows_of(store, actors.analyst, tmp_path, wanted)
    with store.write() as conn:
        conn.execute(update(tables.post).values(flagged=False))
    drawn = rows_of(store, actors.analyst, tmp_path, wanted)

    assert [None] * 4 == [row["text"] for row in drawn]
    assert ["=ác ý", None, None, "chuyện khác"] == [row["text"] for row in rows]
    assert "@ai đó" == rows[0]["note"]
    assert ["=ác ý", None, "chuyện khác"] == [row["text"] for row in items]
    assert "chẳng ai" not in whole_file
    assert [None, "chuyện khác"] == [after[0]["text"], after[3]["text"]]
    assert first == after[0]["item"]


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("what", What)
def test_nobody_is_named_in_an_export(what, store, actors, tmp_path):
    """No column tells of a person; no cell holds a name, a pseudonym or a platform's key."""
    with_text = what in TEXTS
    rows = rows_of(store, actors.analyst, tmp_path, Wanted(what, with_text=with_text))
    said = json.dumps(rows, default=str, ensure_ascii=False)
    names = {column.name for column in (*COLUMNS[what], *TEXTS.get(what, ()))}
    banned = {"author", "author_ref", "native_key", "locator", "reviewer", "by", "given_by"}

    assert not names & banned
    assert "native" not in said
    for name in ("an", "binh", "analyst"):
        assert f'"{name}"' not in said


def test_responses_are_exported_without_their_words(store, actors, worked, tmp_path):
    """The words of the answer come with `--with-text` only: they may quote the post."""
    first, *_ = worked
    values = {
        "uuid": "u1",
        "item_id": int(first),
        "kind": "passed_to_service",
        "channel": "phone",
        "text": "Đã chuyển: =ác ý",
        "language": "vi",
        "account": "@tổ trực",
        "recipient": "crisis_line",
        "result": "",
        "given_by": 1,
        "given_at": NOON,
        "logged_at": NOON + timedelta(minutes=3),
    }
    with store.write() as conn:
        conn.execute(insert(tables.response).values(**values))
    [row] = rows_of(store, actors.analyst, tmp_path, Wanted(What.RESPONSES))
    [with_text] = rows_of(store, actors.analyst, tmp_path, Wanted(What.RESPONSES, with_text=True))

    assert ("crisis_line", "@tổ trực", None) == (row["recipient"], row["account"], row["template"])
    assert NOON + timedelta(minutes=3) == row["logged_at"]
    assert "text" not in row
    assert ("Đã chuyển: =ác ý", None) == (with_text["text"], with_text["result"])


@pytest.mark.usefixtures("worked")
def test_items_are_exported_as_they_stand(store, actors, tmp_path):
    """With what was decided, and without those that are read once more."""
    rows = rows_of(store, actors.analyst, tmp_path, Wanted(What.ITEMS))

    assert ["decided", "claimed", "closed"] == [row["state"] for row in rows]
    assert ["violates", None, "no_harm"] == [row["outcome"] for row in rows]
    assert ["Tổ trực", None, None] == [row["team"] for row in rows]
    assert NOON + timedelta(hours=24) == rows[0]["due_at"]
    assert "text" not in rows[0]


@pytest.mark.usefixtures("worked")
def test_figures_are_the_counts_of_the_roll_ups(store, actors, tmp_path):
    """By day, queue, reason and language, as the charts have them."""
    with store.write() as conn:
        rollups_anew.rebuild(conn)
    rows = rows_of(store, actors.analyst, tmp_path, Wanted(What.FIGURES))
    found = {(row["figure"], row["label"]): row["count"] for row in rows}

    assert 4 == found["posts_arrived", None]
    assert 3 == found["posts_flagged", None]
    assert (2, 1) == (found["items_made", "hate"], found["items_made", "spam"])
    assert (2, 0) == (found["items_decided", "hate"], found["items_decided", "spam"])
    assert 1 == found["items_harm", "hate"]
    assert datetime(2026, 11, 24, tzinfo=UTC) == rows[0]["day"]


def test_statements_are_exported_with_source_and_expiry(store, actors, tmp_path):
    """Those that were on the list at some time of the window."""
    made = statements.propose(store, actors.analyst, SEA, NOON)
    wanted = Wanted(What.STATEMENTS, TODAY, TODAY)
    [row] = rows_of(store, actors.analyst, tmp_path, wanted)
    before = Wanted(What.STATEMENTS, TODAY - timedelta(9), TODAY - timedelta(1))

    assert (made.id, "proposed") == (row["statement"], row["state"])
    assert list(SEA.wordings) == json.loads(row["wordings"])
    assert (SEA.source_url, SEA.expires_at) == (row["source_url"], row["expires_at"])
    assert [] == rows_of(store, actors.analyst, tmp_path, before)


@pytest.mark.usefixtures("worked")
def test_window_has_both_of_its_days(store, actors, tmp_path):
    """A decision at noon is in the window that ends on its day, and not in the one before."""

    def of(first, last):
        wanted = Wanted(What.DECISIONS, first, last)
        return len(rows_of(store, actors.analyst, tmp_path, wanted))

    yesterday = TODAY - timedelta(1)
    assert [4, 0, 0, 4] == [
        of(TODAY, TODAY),
        of(yesterday, yesterday),
        of(TODAY + timedelta(1), None),
        of(None, TODAY),
    ]
    with pytest.raises(InputError, match="ends on 2026-11-23, before it begins"):
        of(TODAY, yesterday)


def test_window_may_end_on_the_last_day_that_there_is(store, actors, tmp_path):
    """A calendar that ends there is no error."""
    with store.write() as conn:
        put_item(conn)
    found = rows_of(store, actors.analyst, tmp_path, Wanted(What.ITEMS, until=date.max))

    assert 1 == len(found)


def test_other_teams_work_is_left_out(store, actors, worked, tmp_path):
    """An analyst of another team gets what is nobody's."""
    with store.write() as conn:
        conn.execute(insert(tables.team).values(id=7, name="Tổ khác"))
    other = type(actors.analyst)("9", "x", actors.analyst.roles, team_id="7")
    first, second, third = worked
    mine = rows_of(store, actors.analyst, tmp_path, Wanted(What.DECISIONS))
    theirs = rows_of(store, other, tmp_path, Wanted(What.DECISIONS))

    assert {first, second, third} == {row["item"] for row in mine}
    assert {second, third} == {row["item"] for row in theirs}


@pytest.mark.usefixtures("worked")
def test_each_export_is_in_the_ledger(store, actors, tmp_path):
    """What, from when to when, as what, how many rows, and whether with text."""
    wanted = Wanted(What.DECISIONS, TODAY, with_text=True)
    path = tmp_path / "out.parquet"
    export(store, actors.analyst, wanted, path, kind=Format.PARQUET, now=NOON)
    [entry] = entries(store, "exported")
    with store.read() as conn:
        entries_in_all = ledger.verify(conn)

    assert (actors.analyst.id, "export:decisions") == (entry.actor, entry.subject)
    told = {"format": "parquet", "from": "2026-11-24", "to": None, "rows": 4, "with_text": True}
    assert told == json.loads(entry.data)
    assert entries_in_all > 1


@pytest.mark.usefixtures("worked")
def test_no_file_is_made_where_the_ledger_cannot_be_written(store, actors, tmp_path, monkeypatch):
    """What left the house must stand in it."""

    def refuse(*_, **__):
        msg = "no room"
        raise RuntimeError(msg)

    monkeypatch.setattr(exports.ledger, "append", refuse)
    path = tmp_path / "out.csv"
    with pytest.raises(RuntimeError, match="no room"):
        export(store, actors.analyst, Wanted(What.ITEMS), path, kind=Format.CSV, now=NOON)

    assert not path.exists()


@pytest.mark.parametrize("who", ["an", "coordinator", "leader"])
def test_export_is_for_analysts_and_admins(who, store, actors, tmp_path):
    """Rows are read one by one; leaders have the report."""
    actor, path = getattr(actors, who), tmp_path / "out.csv"
    with pytest.raises(NotAllowed):
        export(store, actor, Wanted(What.ITEMS), path, kind=Format.CSV, now=NOON)

    assert not path.exists()


def test_text_is_refused_of_what_has_none(store, actors, tmp_path):
    """Rather than a file without what was asked for."""
    wanted = Wanted(What.FIGURES, with_text=True)
    with pytest.raises(InputError, match="figures have no text of posts"):
        export(store, actors.admin, wanted, tmp_path / "x", kind=Format.CSV, now=NOON)


@pytest.mark.usefixtures("worked")
def test_columns_match_the_rows(store, actors, tmp_path):
    """Parquet takes each value for what its column says."""
    for what in What:
        wanted = Wanted(what, with_text=what in TEXTS)
        for kind in Format:
            path = tmp_path / f"{what.value}.{kind.value}"
            export(store, actors.admin, wanted, path, kind=kind, now=NOON)
    with store.read() as conn:
        made = conn.execute(select(tables.ledger).where(tables.ledger.c.action == "exported")).all()

    assert len(What) * len(Format) == len(made)
