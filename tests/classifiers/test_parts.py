"""Parts of archives: what is in one, what its file is called, and that it is whole or not there."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace

import pytest

from evenhand.classifiers import parts
from evenhand.classifiers.bulk import list_version, tag_rows
from evenhand.classifiers.parts import (
    PART_CHARACTERS,
    PART_ROWS,
    UNFINISHED,
    ModelFolder,
    Part,
    Scoring,
    cut,
    score_part,
    sweep,
)
from evenhand.classifiers.statements import Statement
from evenhand.classifiers.tagger import Tagger
from evenhand.data.errors import ArtefactAltered, StoppedMidway
from evenhand.data.records import Text

# Decomposed letters, an emoji, nothing, a lone surrogate, and a long one.
TEXTS = ("Chợ mở cửa lúc 7 giờ", "de\u0323p qua\u0301 🙏", "", "half \ud800 a letter", "á" * 30_000)
DENGUE = Statement("7", "health_misinformation", ("Gargling sea water cures dengue fever",))
DAM = Statement("12", "disaster_misinformation", ("Đập hồ trên đã vỡ rồi",))


def texts(count, length=1):
    return [Text(str(number), "x" * length) for number in range(count)]


@pytest.fixture
def shipped(tagger):
    return Scoring(ModelFolder(None, tagger.model))


def scored_by(version, *statements):
    return Scoring(ModelFolder(None, version), statements)


@pytest.fixture
def part():
    return Part("chợ.jsonl", 3, tuple(Text(str(at), text) for at, text in enumerate(TEXTS)))


def test_file_is_cut_into_parts_of_some_thousand_rows():
    """In the file's order, numbered from 1, and nothing is lost at the edges."""
    found = list(cut("a.csv", texts(2 * PART_ROWS + 1)))

    assert [(1, PART_ROWS), (2, PART_ROWS), (3, 1)] == [
        (one.number, len(one.texts)) for one in found
    ]
    assert [str(at) for at in range(2 * PART_ROWS + 1)] == [
        text.id for one in found for text in one.texts
    ]
    assert [] == list(cut("empty.csv", []))


def test_long_posts_make_parts_of_fewer_rows():
    """So that a part's size is bounded; one post beyond the bound is a part of its own."""
    rows = texts(30, 100_000)
    found = [len(one.texts) for one in cut("long.csv", [*rows, *texts(1, 2 * PART_CHARACTERS)])]

    assert [20, 10, 1] == found


def test_part_is_named_by_place_content_and_model(part):
    """Another text, id or language mark is another part, and so is another model."""
    name = part.name(scored_by("builtin@12345678+abcdef"))

    assert re.fullmatch(r"chợ\.jsonl\.00003\.[0-9a-f]{12}\.builtin@12345678\+abcdef\.jsonl", name)
    others = [
        Part("chợ.jsonl", 3, (*part.texts[:-1], Text(*changed)))
        for changed in (("4", "a"), ("5", "á" * 30_000), ("4", "á" * 30_000, "vi"))
    ]
    assert 4 == len({part.digest, *(one.digest for one in others)})


def test_part_is_named_by_its_statements_where_there_are_some(part):
    """Another id, policy, wording or list is another name, and so another part."""
    others = [
        replace(DENGUE, id="8"),
        replace(DENGUE, policy=DAM.policy),
        replace(DENGUE, wordings=(*DENGUE.wordings, "Sea water heals dengue")),
    ]
    lists = [(), (DENGUE,), (DENGUE, DAM), *((one,) for one in others)]
    names = [part.name(scored_by("m@1", *statements)) for statements in lists]

    assert len(lists) == len(set(names))
    assert names[0].endswith(f".{part.digest}.m@1.jsonl")
    assert names[1].endswith(f".m@1.statements-{list_version([DENGUE])}.jsonl")
    assert names[1] == part.name(scored_by("m@1", replace(DENGUE)))
    assert not names[1].endswith(scored_by("m@1").ending)


def test_name_stays_within_what_a_file_system_takes():
    """A long name is cut and keeps its hash; a model's name cannot lead out of the folder."""
    long = [Part(f"sub/{'đ' * 120}{end}.csv", 1, ()) for end in "ab"]
    names = [one.name(scored_by("../up@12345678+abcdef", DENGUE)) for one in long]

    assert names[0] != names[1]
    for name in names:
        folder, _, last = name.partition("/")
        beside = f"{last}.{'0' * parts.HEX}{UNFINISHED}"
        assert ("sub", True) == (folder, len(os.fsencode(beside)) <= 255)
        assert "/" not in last


def test_part_shows_no_text_where_it_is_printed(part):
    """A cluster writes into its logs what it was given."""
    assert "Part(3, 5 texts)" == repr(part) == str(part)


def test_part_is_scored_like_its_rows(part, shipped, tagger, tmp_path):
    """One JSON object a line, in the part's order, whatever the texts are."""
    target = tmp_path / "sub" / "made.jsonl"
    made = score_part(part, shipped, target)
    lines = target.read_text("ascii").splitlines()

    assert made
    assert list(tag_rows(part.texts, tagger)) == [json.loads(line) for line in lines]
    assert ["made.jsonl"] == [path.name for path in target.parent.iterdir()]


def test_part_is_matched_with_the_statements_it_is_given(tagger, tmp_path):
    """As a tagger with the same list does; each row says by which list, and only then."""
    listed = Scoring(ModelFolder(None, tagger.model), (DENGUE, DAM))
    part = Part("a.csv", 1, (Text("1", f"{DENGUE.wordings[0]}!"), Text("2", "đập đã vỡ rồi?")))
    score_part(part, listed, tmp_path / "with.jsonl")
    score_part(part, replace(listed, statements=()), tmp_path / "without.jsonl")
    found, plain = (
        [json.loads(line) for line in (tmp_path / name).read_text("ascii").splitlines()]
        for name in ("with.jsonl", "without.jsonl")
    )
    version = list_version([DENGUE, DAM])
    own = Tagger.of(tagger.loaded, statements=(DENGUE, DAM))

    assert [["health_misinformation"], []] == [row["flagged"] for row in found]
    assert [[], []] == [row["flagged"] for row in plain]
    assert list(tag_rows(part.texts, own, version)) == found
    assert [version, version] == [row["statements"] for row in found]
    assert [] == [row for row in plain if "statements" in row]


def test_part_that_is_there_is_left_as_it_is(part, shipped, tmp_path):
    """A retry scores nothing and changes nothing."""
    target = tmp_path / "made.jsonl"
    target.write_text("as it was", "utf-8")

    assert not score_part(part, shipped, target)
    assert "as it was" == target.read_text("utf-8")


def test_worker_with_another_model_is_refused(part, small_folder, tmp_path):
    """Nothing is written: the file's name would say what is not true."""
    with pytest.raises(ArtefactAltered, match="where small@00000000 was asked for"):
        score_part(
            part, Scoring(ModelFolder(small_folder, "small@00000000")), tmp_path / "made.jsonl"
        )

    assert ["small"] == [path.name for path in tmp_path.iterdir()]


def test_part_that_cannot_be_written_stops_the_work(part, shipped, tmp_path):
    """The reason names the file and nothing of what was to be in it."""
    (tmp_path / "folder").write_text("a file", "utf-8")

    with pytest.raises(StoppedMidway, match=r"made.jsonl cannot be written \(\w+\)") as refused:
        score_part(part, shipped, tmp_path / "folder" / "made.jsonl")
    assert "Chợ" not in str(refused.value)


def test_what_a_killed_worker_left_is_swept_once_its_part_is_done(tmp_path):
    """What belongs to a part that is not done may still be written to, and is left alone."""
    done, open_ = tmp_path / "sub" / "done.jsonl", tmp_path / "open.jsonl"
    done.parent.mkdir()
    done.write_text("", "utf-8")
    left = [path.with_name(f"{path.name}.{'0' * parts.HEX}{UNFINISHED}") for path in (done, open_)]
    for path in left:
        path.write_text("half", "utf-8")
    sweep(tmp_path)

    assert [False, True] == [path.exists() for path in left]
    assert done.exists()
