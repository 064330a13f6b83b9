"""Taking in a file: once, whole, by the operator, and noted in the ledger."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from evenhand.connectors.base import Tools
from evenhand.dashboard.jobs import access, claims, importing, sourcing
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, UnreadableFile
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import SourceSpec, SourceState
from evenhand.data.store import ledger, sources
from tests.fakes import FakeTagger

ROWS = 2_345


class CrashingTagger(FakeTagger):
    """Tags like the fake one, and ends the process's work at a chosen batch."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def tag(self, texts):
        """Tag, unless the time has come."""
        if len(self.calls) == self.at:
            raise KeyboardInterrupt
        return super().tag(texts)


def tell_nobody(sums, rows):
    del sums, rows


@pytest.fixture
def hand_over(tmp_path, clock):
    """Look at a file of this content under a name."""

    def look(content, name="forum", suffix=".csv", **options):
        path = tmp_path / f"posts{suffix}"
        path.write_text(content, "utf-8")
        spec = SourceSpec(name, "file", {"path": str(path), **options})
        return importing.look_at(spec, Tools(Pseudonyms(b"k" * 32), clock.now))

    return look


def take(store, handed, tagger=None, tell=tell_nobody):
    return importing.take_in(store, access.operator(), handed, tagger or FakeTagger(), tell)


def count(store, table):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def entries(store):
    with store.read() as conn:
        rows = conn.execute(select(tables.ledger).order_by(tables.ledger.c.seq))
        return [(row.actor, row.action, json.loads(row.data)) for row in rows]


def many(rows=ROWS):
    return "text,label\n" + "".join(f"question {n} về nước?,x\n" for n in range(rows))


def test_file_is_taken_in_once_and_again_adds_nothing(store, hand_over):
    """Each distinct row is a post; the second time every row is known, and nothing is tagged."""
    handed = hand_over(many() + "question 7 về nước?,x\nhalf\n")
    tagger = FakeTagger()
    first = take(store, handed, tagger)
    again = take(store, handed, second := FakeTagger())

    assert (ROWS + 2, ROWS, 1, 1, ROWS) == (
        first.read,
        first.kept,
        first.duplicate,
        first.set_aside,
        first.flagged,
    )
    assert (ROWS + 2, 0, ROWS + 1, 1, 0) == (
        again.read,
        again.kept,
        again.duplicate,
        again.set_aside,
        again.flagged,
    )
    assert ROWS == sum(map(len, tagger.calls)) == count(store, tables.post)
    assert [] == second.calls
    assert 1 == count(store, tables.set_aside)


def test_source_is_open_never_pulled_and_shows_what_was_set_aside(store, hand_over, actors, clock):
    """It stands on the Sources page as read, with its lost rows and without a next turn."""
    take(store, hand_over("text\ngood\nbad,row\n"))
    (line,) = sourcing.overview(store, actors.admin, clock.now()).lines
    with store.read() as conn:
        stored = sources.get(conn, "forum").spec

    assert (SourceState.ACTIVE, "file", False) == (line.state, line.kind, line.is_pulled)
    assert clock.now() == line.last_ok_at
    assert 1 == line.set_aside
    assert line.set_aside_rows[0].place.startswith("line 3 of file ")
    assert {} == stored.options
    with pytest.raises(InputError, match="handed over"):
        sourcing.pull_now(store, actors.admin, "forum", clock.now())


def test_ledger_names_the_hash_and_the_counts_and_no_path(store, hand_over, tmp_path):
    """Beginning and end of an import are two entries of the operator."""
    handed = hand_over("text\na\nb\n")
    take(store, handed)
    begun, ended = entries(store)

    assert ("0", "file_import_started", {"file": handed.survey.digest}) == begun
    assert ("0", "file_imported") == ended[:2]
    assert {
        "file": handed.survey.digest,
        "read": 2,
        "kept": 2,
        "duplicate": 0,
        "set_aside": 0,
        "flagged": 0,
    } == ended[2]
    assert tmp_path.name not in json.dumps([begun, ended])
    with store.read() as conn:
        assert 2 == ledger.verify(conn)


def test_flagged_row_reaches_a_reviewer(store, hand_over, actors, clock):
    """What is imported stands in the same queue as everything else."""
    take(store, hand_over("text\nlừa đảo ở chợ\nchợ mở cửa\n"))
    held = claims.claim_next(store, actors.an, now=clock.now(), count=5)

    assert ["lừa đảo ở chợ"] == [item.text for item in held]


@pytest.mark.parametrize("crash_at", [0, 1, 2])
def test_interrupted_import_goes_on_where_it_was(store, hand_over, crash_at):
    """Nothing of a page half done is stored; the next run repeats nothing and loses nothing."""
    handed = hand_over(many())
    with pytest.raises(KeyboardInterrupt):
        take(store, handed, CrashingTagger(crash_at))
    stored = count(store, tables.post)
    ended = take(store, handed, tagger := FakeTagger())

    assert 1_000 * crash_at == stored
    assert (ROWS, ROWS - stored, stored, stored) == (
        ended.read,
        ended.kept,
        ended.duplicate,
        ended.resumed,
    )
    assert ROWS == count(store, tables.post)
    assert ROWS - stored == sum(map(len, tagger.calls))


def test_rows_set_aside_by_an_interrupted_run_stay_counted(store, hand_over):
    """The sum of the file is whole whichever run met its bad rows."""
    handed = hand_over("text\n" + "bad,row\n" * 3 + "".join(f"{n}\n" for n in range(1_500)))
    with pytest.raises(KeyboardInterrupt):
        take(store, handed, CrashingTagger(1))
    ended = take(store, handed)

    assert (1_503, 503, 997, 3) == (ended.read, ended.kept, ended.duplicate, ended.set_aside)
    assert 3 == count(store, tables.set_aside)


def test_mended_file_adds_only_its_new_rows(store, hand_over):
    """Another file under the same name is read from its first row."""
    take(store, hand_over("text\na\nb,c\n"))
    ended = take(store, hand_over("text\na\nb\nb,c\n"))

    assert (3, 1, 1, 1) == (ended.read, ended.kept, ended.duplicate, ended.set_aside)
    # Line 3 of the one file and line 4 of the other are two rows.
    assert 2 == count(store, tables.set_aside)


def test_same_id_with_a_newer_text_is_an_edit(store, hand_over):
    """A later export brings changes, and an older one changes nothing back."""
    old = "id,text,updated_at\n1,draft,2026-11-20\n"
    new = "id,text,updated_at\n1,mended,2026-11-21\n"
    take(store, hand_over(old))
    edited = take(store, hand_over(new))
    back = take(store, hand_over(old))

    assert (1, 0) == (edited.kept, edited.duplicate)
    assert (0, 1) == (back.kept, back.duplicate)
    assert 1 == count(store, tables.post)


def test_row_marked_deleted_erases_its_post(store, hand_over):
    """A tombstone stays, and the post never comes back."""
    take(store, hand_over("id,text\n1,a\n2,b\n"))
    gone = take(store, hand_over("id,text,deleted\n1,a,true\n2,b,false\n"))
    back = take(store, hand_over("id,text\n1,a\n2,b\n"))

    assert (2, 0, 1, 1) == (gone.read, gone.kept, gone.duplicate, gone.set_aside)
    assert (0, 2) == (back.kept, back.duplicate)
    with store.read() as conn:
        texts = conn.execute(select(tables.post_version.c.content)).scalars().all()
    assert "a" not in texts


def test_progress_is_told_after_each_page_with_what_was_set_aside(store, hand_over):
    """The sums only grow, and each bad row is told once, by the line a person can find."""
    told = []
    take(
        store,
        hand_over(many() + "half\n"),
        tell=lambda sums, rows: told.append((sums.read, [row.place for row in rows])),
    )

    assert [(1_000, []), (2_000, []), (ROWS + 1, [f"line {ROWS + 2}"])] == told


def test_name_of_another_kind_or_of_a_stopped_source_is_refused(store, hand_over, actors, clock):
    """An import never mixes with a pulled source, and a coordinator can stop one."""
    sourcing.propose(store, actors.admin, SourceSpec("pulled", "reddit"), clock.now())
    take(store, hand_over("text\na\n"))
    sourcing.retire(store, actors.coordinator, "forum", clock.now())

    with pytest.raises(InputError, match="reddit source"):
        take(store, hand_over("text\na\n", "pulled"))
    with pytest.raises(InputError, match="was stopped"):
        take(store, hand_over("text\nb\n"))
    assert 1 == count(store, tables.post)


def test_source_stopped_during_an_import_stays_stopped(store, hand_over, actors, clock):
    """The end of the run does not open it again."""
    handed = hand_over(many(1_200))

    def stop(sums, rows):
        del rows
        if sums.read == 1_000:
            sourcing.retire(store, actors.coordinator, "forum", clock.now())

    take(store, handed, tell=stop)
    with store.read() as conn:
        assert SourceState.RETIRED == sources.get(conn, "forum").state


@pytest.mark.parametrize("who", ["an", "coordinator", "leader", "analyst"])
def test_only_the_operator_or_an_admin_takes_files_in(store, hand_over, actors, who):
    """Everybody else is refused before anything is written."""
    with pytest.raises(NotAllowed):
        importing.take_in(
            store, getattr(actors, who), hand_over("text\na\n"), FakeTagger(), tell_nobody
        )
    assert 0 == count(store, tables.source)


def test_one_persons_account_is_refused_before_anything_is_written(store, hand_over):
    """A source that is one person's account is none (safeguard 4)."""
    rows = "".join(f"thought {n},An\n" for n in range(12))

    with pytest.raises(UnreadableFile, match="one account"):
        hand_over(f"text,author\n{rows}")
    assert 0 == count(store, tables.source)
    assert hand_over(f"text,author\n{rows}other,Binh\n").survey.columns.author == "author"


@pytest.mark.parametrize("name", ["", "x" * 81, "a\nb", "\x1b[2J"])
def test_name_that_cannot_be_shown_is_refused(hand_over, name):
    """It stands on the Sources page."""
    with pytest.raises(InputError, match="--source"):
        hand_over("text\na\n", name)


def test_counting_only_counts_within_the_file_and_stores_nothing(store, hand_over):
    """A dry run shows what would be read; nothing was tagged, so nothing is said of flags."""
    sums = importing.count_only(hand_over(many() + many() + "half\n"), tell_nobody)

    # The second header is a row like any other.
    assert (2 * ROWS + 2, ROWS + 1, ROWS, 1) == (
        sums.read,
        sums.kept,
        sums.duplicate,
        sums.set_aside,
    )
    assert {"read", "kept", "duplicate", "set_aside", "flagged"} == set(sums.counts())
    assert sums.flagged is None
    assert 0 == count(store, tables.source)


def test_no_name_of_the_file_is_in_the_store(store, hand_over):
    """Authors, ids and addresses stand nowhere in readable form."""
    row = {
        "id": "native-4711",
        "text": "Meo_Con_99 hỏi @hang_xom: lừa đảo?",
        "author": "Meo_Con_99",
        "url": "https://social.example/p/4711",
    }
    other = {"id": "native-4712", "text": "chào", "author": "Binh_An_7"}
    lines = "\n".join(map(json.dumps, (row, other)))
    take(store, hand_over(lines, suffix=".jsonl"))
    with store.read() as conn:
        shown = repr([list(conn.execute(select(table))) for table in tables.metadata.sorted_tables])

    assert "lừa đảo?" in shown
    for secret in ("Meo_Con", "hang_xom", "Binh_An", "4711", "social.example"):
        assert secret not in shown
