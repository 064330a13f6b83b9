"""Other thresholds make another model: same arrays, own hash, and nothing handed on to learners."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from evenhand.classifiers import shelf
from evenhand.classifiers.proposed import with_thresholds
from evenhand.classifiers.team import OF_BASE, train_candidate
from evenhand.data.errors import ArtefactAltered
from tests.label_floor import BEGIN, make_labels

MOVED = {"spam": (0.985, 0.99)}
WHY = "Quá nhiều tin rác lọt qua"


@pytest.fixture(scope="module")
def base():
    return shelf.load()


@pytest.fixture
def saved(base, tmp_path):
    other = with_thresholds(base, MOVED, name="team", reason=WHY, proposed_at=BEGIN)
    return shelf.save(other, tmp_path / "one"), tmp_path / "one"


def test_same_proposal_has_the_same_hash_and_any_other_another(base, saved, tmp_path):
    """When, why and what moved are part of it, for a second person relies on all three."""
    card, folder = saved
    given = {"name": "team", "reason": WHY, "proposed_at": BEGIN}
    others = [
        (MOVED, given),
        ({"spam": (0.6, 0.991)}, given),
        (MOVED, given | {"reason": f"{WHY}!"}),
        (MOVED, given | {"proposed_at": BEGIN + timedelta(seconds=1)}),
    ]
    hashes = []
    for at, (moved, rest) in enumerate(others):
        made = shelf.save(with_thresholds(base, moved, **rest), tmp_path / str(at))
        hashes.append(made.content_hash)
        same = [(one / shelf.ARRAYS).read_bytes() for one in (folder, tmp_path / str(at))]
        assert same[0] == same[1]

    assert hashes[0] == card.content_hash
    assert len(set(hashes)) == len(hashes)
    assert shelf.load(folder).card == card


@pytest.mark.parametrize("change", [{"reason": "another"}, {"moved": {"spam": [0.9, 0.99]}}])
def test_card_whose_proposal_was_changed_is_refused(saved, change):
    """What the second person reads is what was proposed."""
    _, folder = saved
    raw = json.loads((folder / shelf.CARD).read_text("utf-8"))
    raw["proposal"] |= change
    (folder / shelf.CARD).write_text(json.dumps(raw), "utf-8")

    with pytest.raises(ArtefactAltered, match="does not have the hash"):
        shelf.load(folder)


def test_model_that_learns_from_it_is_no_proposal(saved):
    """Its thresholds go on where the labels say nothing; the proposal is a limit of its base."""
    _, folder = saved
    labels = [one for one in make_labels(1800) if one.yes == {"hate"}]
    labels += [one for one in make_labels(200, seed=1) if not one.yes]
    cut = BEGIN + timedelta(days=365)
    made = train_candidate(shelf.load(folder), labels, name="next", cut=cut).model.card

    assert {} == made.proposal
    assert "team" == made.recipe
    assert any(one.startswith(f"{OF_BASE}Thresholds were moved by people") for one in made.limits)
    assert ["hate"] == list(made.results["team"]["trained"])
    assert 0.99 == made.thresholds["spam"]
