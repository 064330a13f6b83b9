"""Fixtures of this room: the shipped model, loaded once, and a small one, trained once."""

from __future__ import annotations

import pytest

from evenhand.classifiers import shelf
from evenhand.classifiers.corpus import seed_rows
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.tagger import Tagger
from evenhand.classifiers.training import train_rows
from evenhand.data.records import Text


@pytest.fixture(scope="session")
def tagger():
    return Tagger.load()


@pytest.fixture(scope="session")
def lexicon():
    return load_lexicon()


@pytest.fixture(scope="session")
def small_rows():
    """All seed posts, and no set beside them."""
    return list(seed_rows())


@pytest.fixture(scope="session")
def small_model(small_rows):
    """A model of the seed posts alone: real, and trained in seconds."""
    return train_rows(small_rows, name="small", progress=lambda _step, _share: None)


@pytest.fixture
def small_folder(small_model, tmp_path):
    shelf.save(small_model, tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture
def tag_one(tagger):
    """Tag one text with the shipped model."""

    def tag(text, lang=None):
        return tagger.tag([Text("one", text, lang)])[0]

    return tag
