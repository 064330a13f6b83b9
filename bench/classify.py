"""Speed of tagging as a ratio to the bare TF-IDF transform of the same texts, in one run.

Ours gives every label: language, topics, sentiment, policies, requests, bands and reasons.
Beside it: scikit-learn's TfidfVectorizer (words 1-2 and characters 2-5 inside words, at most
120,000 terms; transform alone), vaderSentiment (one sentiment), alt-profanity-check (one score).
Both trained sides have seen the first half of the texts; the second half is cut into rounds, and
in each round every side gets the same new texts.  CPU seconds of this process decide.

Prints one JSON line: `ratio` is ours / TF-IDF (goal: at least 0.4); `bytes` is the model on disk
(goal: at most 15 MB), `load_cpu_s` reads and checks it (goal: at most 1 s), `lexicon_cpu_s`
compiles the word lists, once per process.  A package that is not
installed gives null (README.md).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from importlib import import_module
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from evenhand.classifiers import shelf
from evenhand.classifiers.corpus import read_corpus, seed_rows
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.neutrality import OPEN, shipped_posts
from evenhand.classifiers.tagger import BATCH, Tagger
from evenhand.data.records import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Side = Callable[[Sequence[str]], object]

GOAL, TERMS, ROUNDS = 0.4, 120_000, 5
VADER, PROFANITY = "vaderSentiment", "alt-profanity-check"


def texts_of(datasets: Path | None, most: int) -> list[str]:
    """Collect different posts of both languages, in an order that is always the same."""
    found = [row.text for row in seed_rows()] + [post.text for post in shipped_posts(OPEN)]
    if datasets is not None:
        found += [row.text for row in read_corpus(datasets)]
    different = sorted(set(found))
    random.Random(7).shuffle(different)
    return different[:most]


def sides(tagger: Tagger, seen: Sequence[str]) -> dict[str, Side | None]:
    """Make every side ready: fitted on, or warmed with, the texts *seen*."""
    vectors = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), max_features=TERMS // 2)),
            (
                "characters",
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), max_features=TERMS // 2),
            ),
        ]
    ).fit(seen)

    def ours(texts: Sequence[str]) -> object:
        return tagger.tag([Text(str(at), text) for at, text in enumerate(texts)])

    ours(seen)
    return {"ours": ours, "tfidf": vectors.transform, VADER: _vader(), PROFANITY: _profanity()}


def _vader() -> Side | None:
    if find_spec("vaderSentiment") is None:
        return None
    scores = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda texts: [scores.polarity_scores(text) for text in texts]


def _profanity() -> Side | None:
    if find_spec("profanity_check") is None:
        return None
    asked = import_module("profanity_check").predict_prob
    return lambda texts: asked(list(texts))


def measure(
    own: Mapping[str, Side | None], texts: Sequence[str], rounds: int
) -> dict[str, list[float]]:
    """Give the posts per CPU-second of every side in every round."""
    there = {name: side for name, side in own.items() if side is not None}
    rates: dict[str, list[float]] = {name: [] for name in there}
    for number in range(rounds):
        part = texts[number::rounds]
        for name, side in there.items():
            begun = time.process_time()
            side(part)
            rates[name].append(len(part) / (time.process_time() - begun))
    return rates


def load_times() -> tuple[float, float, int]:
    """Give CPU seconds for the word lists and for the model, and the model's bytes on disk."""
    begun = time.process_time()
    load_lexicon()
    middle = time.process_time()
    shelf.load()
    ended = time.process_time()
    with as_file(files("evenhand.data").joinpath("builtin")) as folder:
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    return middle - begun, ended - middle, size


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--posts", type=int, default=12_000, help="at most so many texts")
    parser.add_argument("--datasets", type=Path, help="folder of labelled sets, for more texts")
    options = parser.parse_args()
    lexicon_s, load_s, size = load_times()
    texts = texts_of(options.datasets, options.posts)
    half = len(texts) // 2
    if half < ROUNDS * BATCH:
        print(f"only {half} texts to measure; --datasets brings more", file=sys.stderr)
    rates = measure(sides(Tagger.load(), texts[:half]), texts[half:], ROUNDS)
    for name in (VADER, PROFANITY):
        if name not in rates:
            print(f"{name} is not installed: pip install {name}", file=sys.stderr)
    ours = rates["ours"]

    def ratio(name: str) -> float | None:
        if name not in rates:
            return None
        return round(statistics.median(a / b for a, b in zip(ours, rates[name], strict=True)), 3)

    result = {
        "bench": "classify",
        "posts": len(texts) - half,
        "ratio": ratio("tfidf"),
        "goal": GOAL,
        "ratio_to_vader": ratio(VADER),
        "ratio_to_alt_profanity_check": ratio(PROFANITY),
        "posts_per_cpu_s": {name: round(statistics.median(own)) for name, own in rates.items()},
        "bytes": size,
        "load_cpu_s": round(load_s, 3),
        "lexicon_cpu_s": round(lexicon_s, 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
