"""Labelled rows become a model, always the same one."""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata

import numpy as np
import pytest

from evenhand.classifiers import shelf
from evenhand.classifiers.corpus import (
    Row,
    licences,
    read_corpus,
    rows_hash,
    seed_rows,
    shippable,
)
from evenhand.classifiers.text import fold
from evenhand.classifiers.training import is_test, platt, train, train_rows, truth
from evenhand.data.errors import InputError, TooFewLabels

README = """# Sets
| file | task | licence | weights |
|---|---|---|---|
| good.csv.gz | hate | MIT | yes |
| bad.csv.gz | hate | research | no |
| vague.csv.gz | hate | | unclear |
"""


def quiet(_step, _share):
    """Take progress and say nothing."""


def test_training_twice_gives_the_same_content_hash(small_rows, small_folder, tmp_path):
    """Same rows, same model, bit for bit."""
    again = train_rows(small_rows, name="small", progress=quiet)
    card = shelf.save(again, tmp_path / "again")

    assert card.content_hash == shelf.read_card(small_folder).content_hash


def test_held_out_rows_do_not_train(small_rows, small_model):
    """A tenth of the seeds is kept for measuring."""
    told = sum(source["rows"] for source in small_model.card.sources)

    assert told == sum(not is_test(row) for row in small_rows)
    assert 0.05 < 1 - told / len(small_rows) < 0.15


def test_only_sets_that_may_be_shipped_are_read(tmp_path):
    """The `weights` column decides."""
    (tmp_path / "README.md").write_text(README)

    assert shippable(tmp_path / "README.md") == {"good"}
    with pytest.raises(InputError, match="davidson"):
        read_corpus(tmp_path)


def test_licences_are_those_of_the_table(tmp_path):
    """A set without a licence has an empty one."""
    (tmp_path / "README.md").write_text(README)

    assert {"good": "MIT", "bad": "research", "vague": ""} == licences(tmp_path / "README.md")


def test_hash_of_the_data_depends_on_every_row_and_not_on_their_order():
    """A card's proof of what was learnt from."""
    rows = [Row(f"row {at}", "en", "x", frozenset(["spam"]), frozenset()) for at in range(3)]
    other = [*rows[:2], replace(rows[2], yes=frozenset(), no=frozenset(["spam"]))]

    assert rows_hash(rows) == rows_hash(rows[::-1])
    assert len({rows_hash(rows), rows_hash(rows[:2]), rows_hash(other)}) == 3


def test_seed_and_its_copy_without_accents_never_part():
    """None is tested on what its twin taught."""
    rows = {row.text: is_test(row) for row in seed_rows() if row.lang == "vi"}
    pairs = [(text, fold(text)) for text in rows if fold(text) != text]

    assert len(pairs) > 300
    assert [] == [text for text, plain in pairs if rows[text] != rows[plain]]


def test_card_names_data_and_code(small_rows, small_model):
    """What it learnt from can be proven, and which code learnt it."""
    kept = [row for row in small_rows if not is_test(row)]

    assert rows_hash(kept) == small_model.card.data_hash
    assert metadata.version("evenhand") == small_model.card.code_version


def test_a_folder_without_licences_is_refused(tmp_path):
    """No table, no training."""
    with pytest.raises(InputError, match=r"README\.md"):
        shippable(tmp_path / "README.md")
    (tmp_path / "README.md").write_text("nothing here")
    with pytest.raises(InputError, match="weights"):
        shippable(tmp_path / "README.md")


def test_unknown_recipe_is_refused(tmp_path):
    """The message names the one that exists."""
    with pytest.raises(InputError, match="builtin"):
        train("secret", tmp_path, tmp_path / "out")


def test_too_few_positives_are_refused():
    """A head is not learnt from a handful."""
    rows = [Row(f"row {at} xx", "en", "x", frozenset(), frozenset()) for at in range(50)]

    with pytest.raises(TooFewLabels):
        train_rows(rows, name="few", progress=quiet)


def test_truth_is_unknown_where_a_set_does_not_tell():
    """No label is not the same as not labelled."""
    row = Row("x", "en", "set", frozenset(["spam"]), frozenset(["hate"]))

    assert [truth(label, row) for label in ("spam", "hate", "question", "lang:en")] == [
        True,
        False,
        None,
        True,
    ]


def test_platt_recovers_the_line_that_made_the_labels():
    """Margins drawn with slope 2 give a slope near 2."""
    random = np.random.default_rng(7)
    margins = random.normal(size=20_000)
    has = random.random(20_000) < 1 / (1 + np.exp(-2 * margins))
    slope, shift = platt(margins, has, np.ones(20_000))

    assert slope == pytest.approx(2.0, abs=0.1)
    assert shift == pytest.approx(0.0, abs=0.1)


def test_builtin_recipe_reads_the_shared_sets(shared):
    """Every row is in a set that may be shipped."""
    rows = read_corpus(shared / "datasets")

    assert {row.source for row in rows} <= shippable(shared / "datasets" / "README.md") | {"seeds"}
