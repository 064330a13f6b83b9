"""Files of every form become the same posts, and every row is accounted for."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from evenhand.connectors import files_bytes
from evenhand.connectors.base import Budget
from evenhand.connectors.catalog import open_connector, spec_of
from evenhand.connectors.files import read_before
from evenhand.data.errors import SourceMisconfigured, UnreadableFile
from evenhand.data.records import PostType, SourceSpec
from tests.file_floor import NOON, WHOLE, make_tools, open_file, read_file

LONG = "Nước lên rất nhanh. " * 500
DECOMPOSED = "Nu\u031bo\u031b\u0301c le\u0302n"
# Vietnamese with marks, decomposed letters, emoji, a very long one, and words like nothing.
TEXTS = ["Đường ngập rồi", DECOMPOSED, "👩‍👩‍👧 về chưa?", LONG, "NA", "null", "nan"]
TITLES = ("id", "text", "created_at", "lang", "author")


def rows_of(texts):
    return [
        (str(number), text, "2026-11-20T08:00:00Z", "vi", f"nguoi_{number}")
        for number, text in enumerate(texts, 1)
    ]


def as_csv(rows, delimiter=","):
    def cell(text):
        quoted = text.replace('"', '""')
        return f'"{quoted}"'

    lines = [delimiter.join(map(cell, row)) for row in (TITLES, *rows)]
    return ("\n".join(lines) + "\n").encode()


def as_lines(rows):
    return b"".join(
        json.dumps(dict(zip(TITLES, row, strict=True))).encode() + b"\n" for row in rows
    )


def as_array(rows):
    return json.dumps([dict(zip(TITLES, row, strict=True)) for row in rows], indent=1).encode()


def as_parquet(rows):
    sink = pa.BufferOutputStream()
    columns = list(zip(*rows, strict=True))
    parquet.write_table(pa.table(dict(zip(TITLES, columns, strict=True))), sink)
    return sink.getvalue().to_pybytes()


FORMS = {
    "a.csv": as_csv,
    "b.tsv": lambda rows: as_csv(rows, "\t"),
    "c.csv": lambda rows: as_csv(rows, ";"),
    "d.jsonl": as_lines,
    "e.json": as_array,
    "f.json": as_lines,
    "g.parquet": as_parquet,
    "h": as_csv,
    "i": as_lines,
    "j.txt": as_array,
    "k": as_parquet,
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_file_gives_the_same_posts_in_every_form(tmp_path, name, packed):
    """Ending or content say what it is; texts, ids, times and languages come out alike."""
    written = FORMS[name](rows_of(TEXTS))
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(written) if packed else written)
    found = read_file(path)

    assert ["Đường ngập rồi", "Nước lên", *TEXTS[2:]] == found.texts
    assert [] == found.aside
    assert len(TEXTS) == len({post.native_key for post in found.posts})
    assert {datetime(2026, 11, 20, 8, tzinfo=UTC)} == {post.published_at for post in found.posts}
    assert {"vi"} == {post.language for post in found.posts}
    assert {"file"} == {post.platform for post in found.posts}


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-32", None),
        ("cp1258", "cp1258"),
        ("latin-1", "latin-1"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_encoding_is_taken_from_the_mark_or_from_the_person(tmp_path, encoding, stated):
    """A byte order mark says it, else the option does."""
    path = tmp_path / "a.csv"
    path.write_bytes(
        "text\nCafé vào đây\n".replace("đ", "d" if encoding == "latin-1" else "đ").encode(encoding)
    )
    found = read_file(path, **({} if stated is None else {"encoding": stated}))

    assert 1 == found.rows
    assert found.texts[0].startswith("Café ")


def test_rows_in_another_encoding_are_set_aside_when_none_is_stated(tmp_path):
    """Nothing is guessed: plain rows are kept, the others name the option."""
    path = tmp_path / "a.csv"
    path.write_bytes("text\nplain\nCafé\nalso plain\n".encode("latin-1"))
    found = read_file(path)

    assert ["plain", "also plain"] == found.texts
    assert ["line 3"] == [one.place for one in found.aside]
    assert "--encoding" in found.aside[0].reason


def test_unmarked_utf_16_is_refused_with_the_option_to_use(tmp_path):
    """Every second byte NUL is no table in UTF-8."""
    path = tmp_path / "a.csv"
    path.write_bytes("id,text\n1,abc\n".encode("utf-16-le"))

    with pytest.raises(UnreadableFile, match="--encoding utf-16-le"):
        read_file(path)


@pytest.mark.parametrize("encoding", ["rot13", "zlib", "unicode_escape", "nothing", "idna", ""])
def test_codec_that_is_no_encoding_of_tables_is_refused(tmp_path, encoding):
    """Only encodings that tables are written in are taken; an empty name is none."""
    path = tmp_path / "a.csv"
    path.write_text("text\nabc\n")
    if not encoding:
        assert ["abc"] == read_file(path, encoding=encoding).texts
        return
    with pytest.raises(UnreadableFile, match="no known encoding"):
        open_file(path, encoding=encoding)


def test_row_without_id_is_kept_once_for_its_whole_content(tmp_path):
    """Equal rows are one post, rows that differ anywhere are two, and columns may change places."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("text,label\na,x\na,x\na,y\n")
    two.write_text("label,text\nx,a\ny,a\n")
    first, second = read_file(one), read_file(two)

    assert 3 == first.rows
    assert 2 == len({post.native_key for post in first.posts})
    assert {post.native_key for post in first.posts} == {post.native_key for post in second.posts}


def test_row_with_an_empty_id_counts_by_its_content(tmp_path):
    """A missing id loses nothing."""
    path = tmp_path / "a.csv"
    path.write_text("id,text\n,a\n,b\n7,c\n")

    assert 3 == len({post.native_key for post in read_file(path).posts})


def test_names_ids_and_addresses_are_stored_in_no_readable_form(tmp_path):
    """Authors become pseudonyms, mentions are masked, ids and addresses are hashed and sealed."""
    path = tmp_path / "a.jsonl"
    row = {
        "id": "status-4711",
        "text": "Meo_Con_99 đây, @hang_xom và u/nguoi-la xem https://x.com/meo_con_99/status/1",
        "author": "Meo_Con_99",
        "url": "https://social.example/@meo_con_99/4711",
        "in_reply_to_id": "status-4710",
        "thread_id": "t-1",
    }
    path.write_text(json.dumps(row))
    (post,) = read_file(path).posts
    told = make_tools().pseudonyms.open(post.locator)

    shown = repr(post).casefold()
    for secret in ("meo_con", "hang_xom", "nguoi-la", "4711", "4710", "t-1", "social.example"):
        assert secret not in shown
    assert {"id": "status-4711", "url": row["url"], "author": post.author_ref} == told
    assert PostType.COMMENT is post.type
    assert None not in {post.author_ref, post.in_reply_to_key, post.context_key}


def test_reply_points_at_the_key_of_what_it_answers(tmp_path):
    """Within one source a reply and its post find each other."""
    path = tmp_path / "a.csv"
    path.write_text("id,text,reply_to\n1,question,\n2,answer,1\n")
    question, answer = read_file(path).posts

    assert question.native_key == answer.in_reply_to_key


def test_one_name_in_two_sources_gives_two_pseudonyms(tmp_path):
    """Nothing joins the people of two files."""
    path = tmp_path / "a.csv"
    path.write_text("id,text,author\n1,a,An\n2,b,Binh\n")
    one, two = read_file(path, "one"), read_file(path, "two")

    assert one.posts[0].author_ref != two.posts[0].author_ref
    assert one.posts[0].native_key != two.posts[0].native_key
    assert one.posts[0].author_ref == read_file(path, "one").posts[0].author_ref


def test_times_from_the_future_are_clamped_and_doubtful(tmp_path):
    """A post cannot be written later than it is read; without a time it is dated by the import."""
    path = tmp_path / "a.csv"
    path.write_text("text,date\nfuture,2099-01-01\nold,1970-01-01\nnone,\ngood,2026-11-20\n")
    future, old, none, good = read_file(path).posts

    assert (NOON, True) == (future.published_at, future.published_suspect)
    assert (datetime(1970, 1, 1, tzinfo=UTC), True) == (old.published_at, old.published_suspect)
    assert (NOON, True) == (none.published_at, none.published_suspect)
    assert (datetime(2026, 11, 20, tzinfo=UTC), False) == (
        good.published_at,
        good.published_suspect,
    )


@pytest.mark.parametrize(
    "time", ["yesterday", "2026-02-30", "03/04/2026", "1e10", "NaT", "hôm qua"]
)
def test_row_whose_time_cannot_be_read_is_set_aside(tmp_path, time):
    """A wrong time would stand in every figure; the reason says what to write."""
    path = tmp_path / "a.csv"
    path.write_text(f"text,date\nbad,{time}\ngood,2026-11-20\n")
    found = read_file(path)

    assert ["good"] == found.texts
    assert "line 2" == found.aside[0].place
    assert found.aside[0].reason.startswith("cannot be dated")


def test_deleted_row_erases_its_post_and_is_never_stored(tmp_path):
    """A mark of deletion is obeyed where there is an id, and refused where it says neither."""
    path = tmp_path / "a.csv"
    path.write_text("id,text,deleted\n1,a,0\n2,b,true\n3,c,perhaps\n4,d,\n5,[removed],\n")
    found = read_file(path)

    assert ["a", "d"] == found.texts
    assert ["line 3", "line 4", "line 6"] == [one.place for one in found.aside]
    assert 1 == len(found.gone)
    assert found.gone[0].native_key not in {post.native_key for post in found.posts}


def test_mark_of_deletion_may_say_when(tmp_path):
    """A time in the column is when the platform deleted it; a number that is no time is refused."""
    path = tmp_path / "a.csv"
    rows = ("1,a,2026-11-20T08:30:00Z", "2,b,yes", "3,c,", "4,d,5", "5,e,2126-01-01")
    path.write_text("\n".join(("id,text,deleted_at", *rows)))
    found = read_file(path)

    assert ["c"] == found.texts
    assert [datetime(2026, 11, 20, 8, 30, tzinfo=UTC), None] == [
        one.deleted_at for one in found.gone
    ]
    assert ["line 2", "line 3", "line 5", "line 6"] == [one.place for one in found.aside]


def test_texts_without_words_and_too_long_ones_are_set_aside(tmp_path):
    """An empty post says nothing, and no post has 200,000 characters; the run goes on."""
    path = tmp_path / "a.jsonl"
    rows = [{"text": ""}, {"text": None}, {"text": "x" * 200_000}, {"text": 5}, {"text": [1]}, {}]
    path.write_text("\n".join(map(json.dumps, rows)))
    found = read_file(path)

    assert ["5"] == found.texts
    assert [f"line {line}" for line in (1, 2, 3, 5, 6)] == [one.place for one in found.aside]


@pytest.mark.parametrize("form", ["csv", "jsonl", "json"])
def test_field_of_20_mb_costs_its_own_row_only(tmp_path, form):
    """The rows around it are kept."""
    big = "x" * 20_000_000
    path = tmp_path / f"a.{form}"
    objects = [json.dumps({"text": text}) for text in ("before", big, "after")]
    path.write_text(
        {
            "csv": f'text,n\nbefore,1\n"{big}",2\nafter,3\n',
            "jsonl": "\n".join(objects),
            "json": f"[{','.join(objects)}]",
        }[form]
    )
    found = read_file(path)

    assert ["before", "after"] == found.texts
    assert 1 == len(found.aside)


def test_ids_written_as_numbers_stay_exact_or_are_refused(tmp_path):
    """A rounded id would make two posts one."""
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 1234567890123456789, "text": "exact"}\n'
        '{"id": "1234567890123456789", "text": "the same as a text"}\n'
        '{"id": 1.234567890123457e18, "text": "rounded"}\n'
        '{"id": 12.0, "text": "whole"}\n'
        '{"id": true, "text": "no id"}\n'
    )
    found = read_file(path)

    assert ["exact", "the same as a text", "whole"] == found.texts
    assert found.posts[0].native_key == found.posts[1].native_key
    assert ["line 3", "line 5"] == [one.place for one in found.aside]


def test_cells_that_no_platform_writes_cost_their_row_or_nothing(tmp_path):
    """An endless id or a nest of lists sets the row aside; an author that is none is nobody."""
    nest: object = 1
    for _ in range(700):
        nest = [nest]
    rows = [
        {"id": "x" * 5_000, "text": "long id"},
        {"id": ["1"], "text": "list as id"},
        {"id": "1", "text": "no author", "author": {"deep": {"er": 1}}},
        {"id": "2", "text": "list as author", "author": ["An"]},
        {"text": "nested", "more": nest},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    found = read_file(path)

    assert ["no author", "list as author"] == found.texts[:2]
    assert [None, None] == [post.author_ref for post in found.posts[:2]]
    assert ["line 1", "line 2"] == [one.place for one in found.aside[:2]]


def test_reactions_are_added_up(tmp_path):
    """What is no number counts as none."""
    path = tmp_path / "a.csv"
    path.write_text("text,likes,shares\na,3,4\nb,many,2\nc,,\nd,-5,1\n")

    assert [7, 2, 0, 1] == [post.reach for post in read_file(path).posts]
    assert [4, 2, 0, 1] == [post.reach for post in read_file(path, reach=["shares"]).posts]


def test_language_column_never_turns_norwegian_into_nothing(tmp_path):
    """In that column "no" is a language and "NA" is none; as texts both are kept."""
    path = tmp_path / "a.csv"
    path.write_text("id,text,lang\n1,NO,no\n2,NA,NA\n3,x,pt-BR\n4,y,<b>\n")
    found = read_file(path)

    assert ["NO", "NA", "x", "y"] == found.texts
    assert ["no", None, "pt-br", None] == [post.language for post in found.posts]


def test_walk_goes_on_behind_the_last_page_that_was_stored(tmp_path):
    """Pages of any budget, one after the other, are the same rows as one whole walk."""
    path = tmp_path / "a.csv"
    path.write_text("text\n" + "".join(f"row {n}\n" for n in range(2_500)))
    cursor, texts, pages = None, [], 0
    while cursor is None or not cursor["done"]:
        for page in open_file(path).fetch(cursor, Budget(pages=1)):
            texts += [event.post.content for event in page.events]
            cursor, pages = dict(page.next_cursor), pages + 1

    assert [f"row {n}" for n in range(2_500)] == texts
    assert 3 == pages


def test_cursor_of_another_file_or_another_reading_begins_anew(tmp_path):
    """Only the same bytes, read with the same columns, go on where they were."""
    path = tmp_path / "a.csv"
    path.write_text("text,body\n" + "a,b\n" * 1_500)
    first = next(iter(open_file(path).fetch(None, Budget(pages=1))))
    same, other = open_file(path).survey(), open_file(path, text="body").survey()

    assert (1_000, 0) == read_before(first.next_cursor, same)
    assert (0, 0) == read_before(first.next_cursor, other)
    assert (0, 0) == read_before({**first.next_cursor, "done": True}, same)
    assert (0, 0) == read_before({**first.next_cursor, "rows": "x"}, same)
    path.write_text("text,body\n" + "a,b\n" * 1_501)
    assert (0, 0) == read_before(first.next_cursor, open_file(path).survey())


def test_packed_file_that_is_cut_off_keeps_what_came_before(tmp_path):
    """The damage is set aside as one row, with the place it begins."""
    whole = gzip.compress(("text\n" + "".join(f"{n * 7919} row\n" for n in range(20_000))).encode())
    path = tmp_path / "a.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    found = read_file(path)

    assert len(found.posts) > 1_000
    assert "0 row" == found.texts[0]
    assert "cut off" in found.aside[-1].reason


def test_bomb_is_refused_before_any_of_its_rows_is_read(tmp_path):
    """A file that swells a thousandfold is no table of posts."""
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"text\n")
        for _ in range(100):
            file.write(b"aaaaaaa\n" * 2**17)

    with pytest.raises(UnreadableFile, match="MiB"):
        read_file(path)


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04", "zip"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"BZh9", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"a" * 257 + b"ustar", "tar"),
        (b"\xd0\xcf\x11\xe0", "Excel"),
        (b"%PDF-1.7", "PDF"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_archives_and_documents_are_refused_by_their_first_bytes(tmp_path, start, what, packed):
    """Whatever the name says, and through gzip too."""
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(start + b"rest") if packed else start + b"rest")

    with pytest.raises(UnreadableFile, match=what):
        read_file(path)


def test_file_packed_twice_is_refused(tmp_path):
    """One layer is unpacked and no more."""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(gzip.compress(b"text\na\n")))

    with pytest.raises(UnreadableFile, match="twice"):
        read_file(path)


@pytest.mark.parametrize("name", ["", "missing.csv", "a\0b.csv"])
def test_what_is_no_ordinary_file_is_refused(tmp_path, name):
    """A folder, a file that is not there, a name that no file can have."""
    with pytest.raises(UnreadableFile):
        open_file(tmp_path / name).survey()


def test_device_that_never_ends_is_refused(tmp_path):
    """Reading it would never end."""
    path = tmp_path / "endless.csv"
    path.symlink_to("/dev/zero")

    with pytest.raises(UnreadableFile, match="no ordinary file"):
        open_file(path).survey()


def test_one_persons_account_is_recognised(tmp_path):
    """Ten different texts by one account and nobody else; a second author makes it a place."""
    path = tmp_path / "a.csv"
    rows = "".join(f"text {n},An\n" for n in range(10))
    path.write_text(f"text,author\n{rows}")
    assert open_file(path).is_one_account()

    path.write_text(f"text,author\n{rows}other,Binh\n")
    assert not open_file(path).is_one_account()
    path.write_text(f"text,author\n{rows}nameless,\n")
    assert not open_file(path).is_one_account()
    path.write_text("text,author\n" + "the same,An\n" * 30)
    assert not open_file(path).is_one_account()
    path.write_text(f"text,who\n{rows}")
    assert not open_file(path).is_one_account()


def test_check_says_what_was_found_or_what_is_wrong(tmp_path):
    """Never raises for the file."""
    path = tmp_path / "a.csv"
    path.write_text("body,when\na,2026-11-20\n")
    wrong = open_file(path, text="nowhere").check()
    good = open_file(path, published="when").check()

    assert (True, {"text": "body", "published": "when"}) == (good.ok, good.facts)
    assert not wrong.ok
    assert "body, when" in wrong.message


def test_catalog_knows_the_kind_and_refuses_what_it_does_not_take(tmp_path):
    """The kind is never pulled; options are checked before anything is read."""
    connector = open_connector(
        SourceSpec("x", "file", {"path": str(tmp_path / "a.csv")}), make_tools()
    )

    assert spec_of("file").once
    assert [] == list(connector.recheck([b"locator"]))
    for options in ({}, {"path": 5}, {"path": "a", "encoding": 5}, {"path": "a", "colour": "red"}):
        with pytest.raises(SourceMisconfigured):
            open_connector(SourceSpec("x", "file", options), make_tools())


def test_columns_of_the_wrong_type_are_refused(tmp_path):
    """One column is a text, reach is a list of them."""
    path = tmp_path / "a.csv"
    path.write_text("text\na\n")
    for options in ({"text": 5}, {"text": ["a", "b"]}, {"reach": [5]}):
        with pytest.raises(SourceMisconfigured, match="must name"):
            open_file(path, **options).survey()


def test_limits_fit_each_other():
    """A bomb's limit lies above any good small file."""
    assert files_bytes.SLACK > files_bytes.LONGEST_LINE
    assert files_bytes.MOST_BYTES > files_bytes.SLACK


@settings(max_examples=300, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(alphabet='a,;"\n\r\t|{}[]:\\\0é\ud800', max_size=200).map(
            lambda text: b"text,id\n" + text.encode("utf-8", "surrogatepass")
        ),
        st.text(alphabet='a,"\n{}[]:\\u0d8', max_size=200).map(
            lambda text: b'[{"text": "a"},' + text.encode()
        ),
    ),
    ending=st.sampled_from([".csv", ".tsv", ".jsonl", ".json", "", ".csv.gz"]),
)
def test_any_bytes_give_rows_or_one_kind_of_error(tmp_path_factory, content, ending):
    """Whatever lies in the file, nothing but `UnreadableFile` comes out, and no row is lost."""
    path = tmp_path_factory.mktemp("any") / f"a{ending}"
    path.write_bytes(content)
    with suppress(UnreadableFile):
        assert read_file(path).rows >= 0


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_reading_what_was_read_changes_nothing(tmp_path_factory, texts):
    """Normalising twice is normalising once: masked and composed texts come out as they went in."""
    path = tmp_path_factory.mktemp("twice") / "a.jsonl"
    texts = ["one at least", *texts]
    path.write_text("\n".join(json.dumps({"id": n, "text": t}) for n, t in enumerate(texts)))
    once = read_file(path)
    path.write_text("\n".join(json.dumps({"id": n, "text": t}) for n, t in enumerate(once.texts)))
    twice = read_file(path)

    assert once.texts == twice.texts


def test_large_file_is_read_in_pages(tmp_path):
    """A page holds a thousand rows, and the last one says that the file is done."""
    path = tmp_path / "a.csv"
    path.write_text("text\n" + "".join(f"{n}\n" for n in range(2_000)))
    pages = list(open_file(path).fetch(None, WHOLE))

    assert [1_000, 1_000, 0] == [len(page.events) for page in pages]
    assert [True, True, False] == [page.more for page in pages]
    assert [False, False, True] == [page.next_cursor["done"] for page in pages]
