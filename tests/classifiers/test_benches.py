"""The benches measure what they say: different texts, the sets' own metrics, no test parts."""

from __future__ import annotations

import gzip
import importlib
from pathlib import Path

import pytest

from evenhand.classifiers.neutrality import shipped_posts

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def load():
    """Import a bench, which is a script and no part of the package."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(BENCH))
    yield importlib.import_module
    patch.undo()


def make_set(folder, name, rows):
    """Write a labelled set."""
    lines = ["text,label,split", *(f"{text},{label},{split}" for text, label, split in rows)]
    with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def test_classify_measures_different_texts_in_a_fixed_order(load):
    """No held post is among them: the program under test may not learn which they are."""
    bench = load("classify")
    texts = bench.texts_of(None, 500)

    assert texts == bench.texts_of(None, 500)
    assert 500 == len(set(texts))
    assert not set(bench.texts_of(None, 100_000)) & {post.text for post in shipped_posts()}


def test_classify_times_every_side_on_the_same_texts_once(load):
    """Each round has its own texts, and a side that is not installed is left out."""
    seen = {"a": [], "b": []}
    sides = {"a": lambda part: seen["a"].append([sum(range(50_000)), *part]), "none": None}
    sides["b"] = lambda part: seen["b"].append([sum(range(50_000)), *part])
    rates = load("classify").measure(sides, ["1", "2", "3", "4"], 2)

    assert [["1", "3"], ["2", "4"]] == [part[1:] for part in seen["a"]]
    assert seen["a"] == seen["b"]
    assert {"a": 2, "b": 2} == {name: len(own) for name, own in rates.items()}


def test_classify_makes_our_side_and_the_bare_one(load, tagger):
    """The bare side transforms into terms of both kinds; ours gives a tag per text."""
    sides = load("classify").sides(tagger, ["the market opens at seven", "chợ mở lúc bảy giờ"])

    assert 2 == sides["tfidf"](["the market", "chợ"]).shape[0]
    assert 1 == len(sides["ours"](["the market"]))


def test_classify_weighs_the_model_on_disk(load):
    """The goal is 15 MB and a second."""
    _, load_s, size = load("classify").load_times()

    assert 1e6 < size < 15e6
    assert load_s < 1.0


def test_research_scores_with_the_metric_of_each_set(load):
    """Irony: 1 of 2 found, 1 of 2 right, F1 0.5; sentiment: recalls 1, 0.5 and 0, mean 0.5."""
    bench = load("research")
    irony = bench.scored(
        "tweeteval_irony", ["irony", "irony", "non", "non"], ["irony", "non", "irony", "non"]
    )
    sentiment = bench.scored("tweeteval_sentiment", ["a", "b", "b", "c"], ["a", "b", "a", "a"])

    assert ("F1 of irony", 50.0) == (irony[0], pytest.approx(irony[1]))
    assert ("macro-recall", pytest.approx(50.0)) == sentiment
    assert "macro-F1" == bench.scored("vi_vihsd", ["a", "b"], ["a", "b"])[0]


def test_research_holds_out_the_validation_part_or_a_tenth(load, tmp_path):
    """Training rows beyond the limit are drawn by their text alone."""
    bench = load("research")
    make_set(tmp_path, "with", [(f"t {n}", "x", "train") for n in range(30)] + [("v", "y", "val")])
    make_set(tmp_path, "without", [(f"t {n}", "x", "train") for n in range(400)])
    train, val = bench.read_set(tmp_path / "with.csv.gz", 10)
    all_but, tenth = bench.read_set(tmp_path / "without.csv.gz", 1000)

    assert (10, ("v",)) == (len(train.texts), val.texts)
    assert 20 < len(tenth.texts) < 70
    assert 400 == len(all_but.texts) + len(tenth.texts)


def test_research_learns_every_set_and_labels_the_leaderboard(load, tmp_path):
    """The published figures stand beside, as what they are."""
    words = {"irony": ("oh great", "just lovely"), "non": ("the bus", "a train")}
    rows = [
        (f"{text} {n}", label, "val" if n % 4 == 0 else "train")
        for label, texts in words.items()
        for text in texts
        for n in range(24)
    ]
    make_set(tmp_path, "tweeteval_irony", rows)
    several = [
        (f"{label.replace('|', ' ')} {n}", label, "train")
        for label in ("a|b", "b", "c")
        for n in range(60)
    ]
    make_set(tmp_path, "goemotions", several)
    told = []
    results = load("research").run(
        tmp_path, ["tweeteval_irony", "goemotions"], 100, tell=told.append
    )
    table = load("research").markdown(results)

    assert [100.0, 3] == [results[0].score, results[1].labels]
    assert "reading goemotions" in told
    assert "SVM (test part, not comparable)" in table
    assert "| tweeteval_irony | F1 of irony | 100.0 | 72 + 24 | 2 | 61.7 | 63.1 |" in table
