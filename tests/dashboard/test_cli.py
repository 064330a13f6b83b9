"""The command line: what goes where, and with which exit code."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def evenhand(tmp_path):
    def call(*arguments, given=""):
        return subprocess.run(
            [sys.executable, "-m", "evenhand.dashboard", *arguments],
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            cwd=tmp_path,
            timeout=120,
            check=False,
            env={key: value for key, value in os.environ.items() if key != "EVENHAND_WORKSPACE"},
        )

    return call


def test_help_names_every_command(evenhand):
    """The first thing a newcomer asks is answered."""
    ended = evenhand("--help")

    assert 0 == ended.returncode
    for verb in (b"init", b"classify", b"evaluate", b"train"):
        assert verb in ended.stdout


def test_init_makes_a_workspace_once(evenhand, tmp_path):
    """A second `init` says that the workspace exists and changes nothing."""
    first = evenhand("init", "--workspace", "ws")
    before = (tmp_path / "ws" / "evenhand.toml").read_bytes()
    second = evenhand("init", "--workspace", "ws")

    assert (0, 2) == (first.returncode, second.returncode)
    assert b"exists already" in second.stderr
    assert before == (tmp_path / "ws" / "evenhand.toml").read_bytes()
    assert f"people add NAME --role admin --workspace {tmp_path}/ws".encode() in first.stderr


def test_init_takes_no_language_that_its_settings_would_refuse(evenhand, tmp_path):
    """Else every later command would refuse the file that `init` wrote."""
    refused = evenhand("init", "--workspace", "ws", "--language", "fr")

    assert 2 == refused.returncode
    assert not (tmp_path / "ws").exists()


def test_workspace_is_named_before_or_after_the_verb(evenhand, tmp_path):
    """`--workspace` works in both places, and the one after the verb wins."""
    before = evenhand("--workspace", "one", "init")
    both = evenhand("--workspace", "one", "init", "--workspace", "two")
    neither = evenhand("init")

    assert (0, 0, 2) == (before.returncode, both.returncode, neither.returncode)
    assert (tmp_path / "one" / "evenhand.toml").is_file()
    assert (tmp_path / "two" / "evenhand.toml").is_file()
    assert b"pass --workspace DIR" in neither.stderr


def test_classify_keeps_the_order_and_the_contract(evenhand):
    """One object a line, in the order given, with the promised keys and nothing read from it."""
    posts = ["The market opens at 7.", "Chợ mở cửa lúc 7 giờ nhé bà con", ""]
    lines = "\n".join(json.dumps({"id": f"p{n}", "text": text}) for n, text in enumerate(posts))
    ended = evenhand("classify", given=lines)
    rows = [json.loads(line) for line in ended.stdout.splitlines()]

    assert 0 == ended.returncode
    assert ["p0", "p1", "p2"] == [row["id"] for row in rows]
    for row in rows:
        assert {
            "id", "lang", "topics", "sentiment", "sentiment_scores", "requests", "harms",
            "flagged", "reasons", "model",
        } == set(row)  # fmt: skip


def test_classify_sets_aside_what_it_cannot_read_and_goes_on(evenhand):
    """A broken line is named with its number; the rest is tagged."""
    ended = evenhand("classify", given='{"id":"a","text":"fine"}\nnot json\n{"id":"b"}\n')

    assert 0 == ended.returncode
    assert 1 == len(ended.stdout.splitlines())
    assert b"line 2" in ended.stderr


def test_classify_of_nothing_readable_is_wrong_use(evenhand):
    """Exit code 2 when no line could be read."""
    ended = evenhand("classify", given="not json\n")

    assert 2 == ended.returncode
    assert b"" == ended.stdout


def test_classify_takes_long_fields_and_sets_aside_nesting_without_end(evenhand, tmp_path):
    """Neither a field above Python's own limit nor a line too deep to parse costs another row."""
    (tmp_path / "long.csv").write_text(f"id,text\n1,{'a' * 200_000}\n2,fine\n", "utf-8")
    long = evenhand("classify", "--input", "long.csv")
    deep = evenhand("classify", given="[" * 200_000 + '\n{"id":"2","text":"fine"}\n')

    assert (0, 0) == (long.returncode, deep.returncode)
    assert ["1", "2"] == [json.loads(line)["id"] for line in long.stdout.splitlines()]
    assert ["2"] == [json.loads(line)["id"] for line in deep.stdout.splitlines()]
    assert b"set aside line 1: is nested too deeply" in deep.stderr


def test_classify_keeps_the_rows_before_the_damage(evenhand, tmp_path):
    """A packed file that was cut off gives what came before; the rest is one row set aside."""
    rows = "".join(f'{{"id": "{n}", "text": "fine {n * n * 7919}"}}\n' for n in range(4_000))
    whole = gzip.compress(rows.encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    ended = evenhand("classify", "--input", "cut.jsonl.gz")

    assert 0 == ended.returncode
    assert 0 < len(ended.stdout.splitlines()) < 4_000
    assert b": nothing more can be read" in ended.stderr


@pytest.mark.parametrize("name", ["odd.jsonl.gz", "odd.parquet", "missing.parquet"])
def test_classify_of_a_file_that_is_none_of_its_kind_is_wrong_use(evenhand, tmp_path, name):
    """Exit code 2 and a sentence, never a traceback, which might quote a post."""
    if name.startswith("odd"):
        (tmp_path / name).write_bytes(b"nothing packed")
    ended = evenhand("classify", "--input", name)

    assert 2 == ended.returncode
    assert b"Traceback" not in ended.stderr
    assert name.encode() in ended.stderr
