"""Models on disk: arrays and a card, and nothing that is not what its card records."""

from __future__ import annotations

import json
import pickle
import time

import numpy as np
import pytest

from evenhand.classifiers import shelf
from evenhand.data.errors import ArtefactAltered


def test_saved_model_comes_back_the_same(small_model, small_folder):
    """Float16 on disk is what training already rounded to."""
    loaded = shelf.load(small_folder)

    assert loaded.features.vocabulary == small_model.features.vocabulary
    assert np.array_equal(loaded.heads.weights, small_model.heads.weights)
    assert loaded.card.id.startswith("small@")


def test_saving_twice_gives_the_same_bytes(small_model, small_folder, tmp_path):
    """No time stamp enters the archive."""
    shelf.save(small_model, tmp_path / "again")
    files = [(folder / shelf.ARRAYS).read_bytes() for folder in (small_folder, tmp_path / "again")]

    assert files[0] == files[1]


def test_load_refuses_a_changed_threshold(small_folder):
    """The content hash covers what decides."""
    card = json.loads((small_folder / shelf.CARD).read_text())
    card["thresholds"]["hate"] = 0.99
    (small_folder / shelf.CARD).write_text(json.dumps(card))

    with pytest.raises(ArtefactAltered, match="hash"):
        shelf.load(small_folder)


def test_load_refuses_a_changed_weight(small_model, small_folder):
    """One weight more or less is another model."""
    arrays = shelf._arrays(small_model)
    arrays["idf"] = arrays["idf"].copy()
    arrays["idf"][0] += 1
    (small_folder / shelf.ARRAYS).write_bytes(shelf._pack(arrays))

    with pytest.raises(ArtefactAltered, match="hash"):
        shelf.load(small_folder)


@pytest.mark.parametrize("content", [pickle.dumps({"a": 1}), b"", b"PK\x03\x04 no archive"])
def test_load_refuses_a_pickle_or_garbage(small_folder, content):
    """A pickle is never opened."""
    (small_folder / shelf.ARRAYS).write_bytes(content)

    with pytest.raises(ArtefactAltered, match=r"model\.npz"):
        shelf.load(small_folder)


def test_load_refuses_object_arrays(small_folder):
    """An archive may hide a pickle inside an array."""
    np.savez(small_folder / shelf.ARRAYS, vocabulary=np.array([{"a": 1}], dtype=object))

    with pytest.raises(ArtefactAltered):
        shelf.load(small_folder)


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"format": 99}'])
def test_load_refuses_an_unreadable_card(small_folder, card):
    """A missing or foreign card is an altered model."""
    (small_folder / shelf.CARD).write_text(card)

    with pytest.raises(ArtefactAltered):
        shelf.load(small_folder)


def test_load_names_the_model_that_is_missing(tmp_path):
    """The message says which folder, not where on the machine."""
    with pytest.raises(ArtefactAltered, match="nowhere") as caught:
        shelf.load(tmp_path / "nowhere")

    assert str(tmp_path) not in str(caught.value)


def test_results_leave_the_content_hash(small_folder):
    """Measurements are written after training and change no version."""
    card = shelf.read_card(small_folder)
    shelf.write_card(shelf.with_results(card, {"neutrality": {"passed": False}}), small_folder)

    assert shelf.load(small_folder).card.id == card.id


def test_shipped_model_is_small_and_quick(tagger):
    """At most 15 MB, loaded within a second of CPU, trained with these very lists."""
    begun = time.process_time()
    model = shelf.load()
    took = time.process_time() - begun

    assert took < 1.0
    assert sum(array.nbytes for array in shelf._arrays(model).values()) < 15e6
    assert tagger.model == model.card.id
