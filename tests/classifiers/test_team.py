"""The team's labels move the active model as far as they ask, and no further."""

from __future__ import annotations

import csv
import gzip
import json
import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from evenhand.classifiers import shelf
from evenhand.classifiers.backtest import backtest
from evenhand.classifiers.corpus import seed_rows
from evenhand.classifiers.labels import Label, data_hash
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.tagger import Tagger
from evenhand.classifiers.team import train_candidate
from evenhand.classifiers.thresholds import FLOORS
from evenhand.data.errors import InputError, TooFewLabels
from tests.label_floor import BEGIN, make_labels, says

NEW_PHRASES = ("đúng là lũ zombai", "blorpo vermint", "cút đi zombai", "typical blorpo")
OTHER = ("scam_fraud", "spam", "harassment", "hate")


@pytest.fixture(scope="module")
def active(small_model):
    """The small model with Vietnamese hate off, whatever the recipe says of it."""
    off = {**small_model.card.off, "vi": ("hate",)}
    return replace(small_model, card=replace(small_model.card, off=off, content_hash="ab" * 32))


@pytest.fixture(scope="module")
def labels():
    return make_labels(1300)


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def candidate(active, labels, told):
    return train_candidate(
        active, labels, name="next", progress=lambda step, share: told.append((share, step))
    )


def saved_hash(candidate, folder):
    return shelf.save(candidate.model, folder).content_hash


def scores(model, texts, name):
    reader = Reader.of(load_lexicon())
    rows = model.features.rows([reader.read(text).words for text in texts])
    return model.heads.scores(rows)[:, model.heads.labels.index(name)]


def about(name, n, *, lang, seed=0):
    """Make *n* labels in one language, half of which have *name*."""
    made = make_labels(n * 20, seed=seed, langs=(lang,))
    have = [label for label in made if label.yes == {name}][: n // 2]
    lack = [label for label in made if not label.yes][: n - n // 2]
    return have + lack


def test_same_labels_in_any_order_give_the_same_content_hash(active, labels, candidate, tmp_path):
    """Determinism is what lets a second person check what is promoted."""
    mixed = random.Random(3).sample(labels, len(labels))  # noqa: S311 - an order, no secret
    again = train_candidate(active, mixed, name="next")

    assert saved_hash(candidate, tmp_path / "a") == saved_hash(again, tmp_path / "b")


def test_content_hash_tells_a_changed_label_from_a_held_out_one(active, tmp_path):
    """One decision more or less is another model; whatever the held-out ones say, it is none."""
    hate = about("hate", 300, lang="en")
    made = train_candidate(active, hate, name="hate")
    tested = {label.post_id for label in made.held_out}
    at = next(at for at, each in enumerate(hate) if each.post_id not in tested)
    changed = [*hate[:at], says(hate[at], "spam"), *hate[at + 1 :]]
    turned = [says(each, "hate") if each.post_id in tested else each for each in hate]
    hashes = [
        saved_hash(train_candidate(active, each, name="hate"), tmp_path / str(at))
        for at, each in enumerate((hate, turned, changed))
    ]

    assert 60 == len(tested)
    assert hashes[0] == hashes[1] != hashes[2]


def test_candidate_learns_what_the_active_model_does_not_know(active):
    """A new turn of phrase, hate for this team alone, in posts that had nothing."""
    rng = random.Random(5)  # noqa: S311 - made-up posts
    posts = [each for each in make_labels(1600, seed=4) if not each.yes]
    hate = [
        says(replace(each, text=f"{each.text} {rng.choice(NEW_PHRASES)}"), "hate")
        for each in posts[::4]
    ]
    made = train_candidate(active, [*posts, *hate], name="new")
    texts = [each.text for each in made.held_out]
    has = [each.yes == {"hate"} for each in made.held_out]
    before, after = (
        average_precision_score(has, scores(model, texts, "hate")) for model in (active, made.model)
    )

    assert after > 0.9
    assert after > before + 0.15


def test_card_says_where_the_candidate_comes_from(active, labels, candidate, tmp_path):
    """Base, data hash, counts, licences, code version and limits survive the shelf."""
    shelf.save(candidate.model, tmp_path)
    card = shelf.load(tmp_path).card
    trained = [each for each in labels if each.decided_at < candidate.cut]

    assert ("team", active.card.id, data_hash(trained)) == (card.recipe, card.base, card.data_hash)
    assert len(trained) == sum(n for own in card.origins.values() for n in own.values())
    assert "the team's own decisions" == card.licences[0]
    assert {"name": "the team's own decisions", "rows": len(trained)} == card.sources[-1]
    assert card.code_version
    assert max(each.decided_at for each in trained).isoformat() == card.learnt_until
    assert any(limit.startswith("Of the model it started from") for limit in card.limits)
    assert json.loads(json.dumps(candidate.report())) == card.results["team"]


def test_altered_origin_is_refused(candidate, tmp_path):
    """Who edits the card's data hash has another model."""
    shelf.save(candidate.model, tmp_path)
    raw = json.loads((tmp_path / shelf.CARD).read_text("utf-8"))
    raw["data_hash"] = "0" * 64
    (tmp_path / shelf.CARD).write_text(json.dumps(raw), "utf-8")

    with pytest.raises(shelf.ArtefactAltered, match="hash"):
        shelf.load(tmp_path)


def test_model_from_before_the_recipe_keeps_its_hash(small_folder):
    """An old card has none of the new fields and loads as it is."""
    raw = json.loads((small_folder / shelf.CARD).read_text("utf-8"))
    for name in ("base", "data_hash", "origins", "code_version", "licences", "learnt_until"):
        del raw[name]
    (small_folder / shelf.CARD).write_text(json.dumps(raw), "utf-8")

    assert "" == shelf.load(small_folder).card.base


def test_too_few_labels_are_refused_with_all_counts(active):
    """The message tells what to review; the error holds the table."""
    with pytest.raises(TooFewLabels, match=r"needs 50.*scam_fraud \d+ yes") as caught:
        train_candidate(active, make_labels(200), name="few")

    assert 12 == len(caught.value.counts)
    assert all(yes < 50 for yes, _ in caught.value.counts.values())


def test_fifty_copies_of_one_text_are_one_text(active):
    """A wave does not make a label."""
    hate = about("hate", 60, lang="en")
    copies = [replace(hate[0], post_id=str(at)) for at in range(80)]

    with pytest.raises(TooFewLabels):
        train_candidate(active, [*hate, *copies], name="wave", cut=BEGIN + timedelta(days=900))


def test_head_without_enough_labels_stays_as_it_is(active):
    """Only hate has 50 texts of each kind: the other columns are the same bit for bit."""
    both = [*about("hate", 150, lang="en"), *about("hate", 150, lang="vi", seed=1)]
    made = train_candidate(active, both, name="hate", cut=BEGIN + timedelta(days=900))
    at = active.heads.labels.index("hate")
    rest = [place for place in range(len(active.heads.labels)) if place != at]

    assert {"hate"} == set(made.trained)
    assert "0 texts say yes" in made.kept["spam"]
    assert "no head" in made.kept["health_misinformation"]
    assert np.array_equal(active.heads.weights[:, rest], made.model.heads.weights[:, rest])
    assert not np.array_equal(active.heads.weights[:, at], made.model.heads.weights[:, at])
    assert np.array_equal(active.sentiment.weights, made.model.sentiment.weights)


def test_terms_that_no_label_uses_keep_their_weight(active, candidate):
    """The move is zero where the labels say nothing, to the last bit that is stored."""
    reader = Reader.of(load_lexicon())
    texts = [label.text for label in make_labels(1300)] + [row.text for row in seed_rows()]
    used = np.unique(active.features.rows([reader.read(text).words for text in texts]).indices)
    unused = np.setdiff1d(np.arange(len(active.features.vocabulary)), used)
    before, after = active.heads.weights[unused], candidate.model.heads.weights[unused]

    assert np.array_equal(before, after)


def test_labels_of_one_language_leave_the_other_calibrated(active):
    """300 Vietnamese labels: English scores move by less than 3 points on average."""
    made = train_candidate(
        active, about("hate", 300, lang="vi"), name="vi", cut=BEGIN + timedelta(days=900)
    )
    english = [row.text for row in seed_rows() if row.lang == "en"]
    apart = np.abs(scores(active, english, "hate") - scores(made.model, english, "hate"))
    at = active.heads.labels.index("hate")

    assert apart.mean() < 0.03
    assert active.heads.bias[at] == made.model.heads.bias[at]
    assert active.heads.slope[at] == made.model.heads.slope[at]
    assert active.card.thresholds["hate"] == made.model.card.thresholds["hate"]
    assert "too few labels" in made.evidence["hate"].why


@pytest.mark.parametrize(("n", "off"), [(98, ("hate",)), (100, ())])
def test_head_is_believed_in_a_language_from_fifty_texts_on(active, n, off):
    """49 Vietnamese texts with hate leave it off there; English ones do not help."""
    both = [*about("hate", n, lang="vi"), *about("hate", 200, lang="en", seed=1)]
    made = train_candidate(active, both, name="vi", cut=BEGIN + timedelta(days=900))

    assert off == made.model.card.off["vi"]
    assert active.card.off["other"] == made.model.card.off["other"]


def test_threshold_stays_below_two_hundred_reviews(active):
    """No precision is claimed from fewer."""
    both = [*about("hate", 110, lang="vi"), *about("hate", 80, lang="en", seed=1)]
    made = train_candidate(active, both, name="few", cut=BEGIN + timedelta(days=900))

    assert made.evidence["hate"].precision is None
    assert "not enough evidence" in made.evidence["hate"].why
    assert active.card.thresholds["hate"] == made.model.card.thresholds["hate"]


def test_thresholds_have_floors_and_intervals(candidate):
    """Each is chosen from reviews, never below the floor, with Wilson's interval."""
    shown = [each for each in candidate.evidence.values() if each.precision is not None]

    assert shown
    assert all(own.threshold >= FLOORS[name] for name, own in candidate.evidence.items())
    assert all(each.interval[0] < each.precision < each.interval[1] + 1e-9 for each in shown)
    assert all(each.reviewed >= 200 for each in shown)


def test_second_generation_tests_on_what_the_first_never_learnt(candidate, tmp_path):
    """A candidate of a candidate: newer labels only, and an early cut is refused."""
    card = shelf.save(candidate.model, tmp_path)
    labels = make_labels(1900)
    second = train_candidate(shelf.load(tmp_path), labels, name="second")

    assert card.id == second.model.card.base
    assert min(each.decided_at for each in second.held_out).isoformat() > card.learnt_until
    assert 1 == sum(one["name"] == "the team's own decisions" for one in second.model.card.sources)
    with pytest.raises(InputError, match="learnt from decisions until"):
        train_candidate(shelf.load(tmp_path), labels, name="early", cut=BEGIN + timedelta(hours=9))


def test_hostile_texts_train_or_are_set_aside(active):
    """Empty, half a surrogate pair, 100,000 characters, decomposed letters, one emoji."""
    labels = about("hate", 300, lang="en")
    hostile = ["", "cứu với \ud83d", "mua ngay " * 12_000, "Nu\u031bo\u031b\u0301c le\u0302n", "🙃"]
    added = [replace(labels[at], text=text, post_id=f"h{at}") for at, text in enumerate(hostile)]
    made = train_candidate(active, [*labels, *added], name="hostile")

    assert np.isfinite(made.model.heads.weights).all()
    assert 1 == made.set_aside["has a text without words"]


def test_progress_only_rises(candidate, told):
    """A screen shows it: the step and the share done."""
    assert told == sorted(told)
    assert {"labels", "reviewers", *candidate.trained} == {step for _, step in told}


def test_labels_of_real_posts_teach_vietnamese(shared, tagger):
    """2,800 posts of the research sets, not shipped: hate and scam, from rules alone to a model.

    Average precision on the newest fifth rises by 0.3 and more, while the recall of English scams,
    of which no label speaks, falls by less than 20 points.
    A team that reads English too must label it.
    What is put before people hardly changes: without keys no score does that.
    """
    held = {"hate": "hate", "scam": "scam_fraud"}
    rows = [*read_set(shared, "vi_vihsd", 1600), *read_set(shared, "vi_sms_scam", 1200)]
    random.Random(1).shuffle(rows)  # noqa: S311 - an order, no secret
    labels = [
        Label(
            post_id=f"p{at}",
            text=row["text"],
            lang="vi",
            yes=frozenset([held[row["label"]]] if row["label"] in held else []),
            no=frozenset() if row["label"] in held else frozenset([row["asks"]]),
            origin="flagged",
            reviewer="abcd"[at % 4],
            decided_at=BEGIN + timedelta(minutes=at),
        )
        for at, row in enumerate(rows)
    ]
    off = {**tagger.loaded.card.off, "vi": OTHER}
    active = replace(tagger.loaded, card=replace(tagger.loaded.card, off=off))
    made = train_candidate(active, labels, name="vi")
    found = backtest(Tagger.of(active), Tagger.of(made.model), made.held_out)
    gains = {line.label: line.ap.candidate - line.ap.active for line in found.lines}
    english = [
        row["text"] for row in read_set(shared, "sms_phishing", 3000) if row["label"] == "smishing"
    ]
    recalls = [(scores(one, english, "scam_fraud") >= 0.5).mean() for one in (active, made.model)]

    assert {"hate", "scam_fraud"} == set(made.trained)
    assert gains["hate"] > 0.2
    assert gains["scam_fraud"] > 0.2
    assert recalls[1] > recalls[0] - 0.2


def read_set(shared, name, n):
    """Read *n* rows; Vietnamese ones say which label they answer."""
    path = shared / "datasets" / f"{name}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["label"] != "offensive"]
    random.Random(7).shuffle(rows)  # noqa: S311 - a draw, no secret
    asks = "scam_fraud" if "scam" in name else "hate"
    return [{"text": row["text"], "label": row["label"], "asks": asks} for row in rows[:n]]
