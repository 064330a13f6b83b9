"""Validation scores of every public set at hand, research-only licences included; ships nothing.

One feature step for all sets (ours: masked words 1-2, characters 2-5 and signs of the word lists),
its vocabulary chosen from equally many rows of each, and one logistic regression per set, learnt
from its training part and measured on its validation part, or on the tenth that `is_test` names
where it has none.
Official test parts are not read: they are in no file here.
TweetEval sets are scored with its own metrics, all others with macro-F1.
The published SVM and FastText rows of its leaderboard (cardiffnlp/tweeteval, README at 4fbd22c)
stand beside them as context: they were measured on the test part and are not comparable.
Stance is left out: the product must not predict it.

Prints a Markdown table and one JSON line.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, recall_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from evenhand.classifiers.corpus import Row
from evenhand.classifiers.features import fit_features
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.training import FOUND_AT_LEAST, is_test

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evenhand.classifiers.features import Features

VOCABULARY = 200_000
# Rows per set that choose the vocabulary: all of them would need more than 10 GB.
CHOOSING = 1_500
FEWEST = 5
LEFT_OUT = {"tweeteval_stance": "the product must not predict stance"}
SEVERAL_LABELS = frozenset({"goemotions"})
# (metric, SVM, FastText) of the leaderboard's test parts.
LEADERBOARD = {
    "tweeteval_emotion": ("macro-F1", 64.7, 65.2),
    "tweeteval_hate": ("macro-F1", 36.7, 50.6),
    "tweeteval_irony": ("F1 of irony", 61.7, 63.1),
    "tweeteval_offensive": ("macro-F1", 52.3, 73.4),
    "tweeteval_sentiment": ("macro-recall", 62.9, 62.9),
}
NOT_COMPARABLE = "test part, not comparable"


@dataclass(frozen=True, slots=True)
class Part:
    """Texts with their labels; several labels of one text are joined by commas."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What one set gave: *score* in percent."""

    name: str
    metric: str
    score: float
    train: int
    val: int
    labels: int


def read_set(path: Path, most: int) -> tuple[Part, Part]:
    """Read training and validation part; of the first at most *most* rows, drawn by their text."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    has_val = any(row["split"] == "val" for row in rows)
    parts: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    for row in rows:
        plain = Row(row["text"], "", "", frozenset(), frozenset())
        out = row["split"] == "val" if has_val else is_test(plain)
        parts[out].append(row)
    parts[0].sort(key=lambda row: sha1(row["text"].encode(), usedforsecurity=False).digest())
    shown = (parts[0][:most], parts[1])
    train, val = (
        Part(tuple(row["text"] for row in part), tuple(row["label"] for row in part))
        for part in shown
    )
    return train, val


def scored(name: str, truth: Sequence[str], said: Sequence[str]) -> tuple[str, float]:
    """Score answers with the set's own metric: its name, and percent."""
    if name == "tweeteval_irony":
        score = f1_score(truth, said, pos_label="irony")
        return "F1 of irony", 100 * float(score)
    if name == "tweeteval_sentiment":
        score = recall_score(truth, said, average="macro", zero_division=0.0)
        return "macro-recall", 100 * float(score)
    return "macro-F1", 100 * float(f1_score(truth, said, average="macro", zero_division=0.0))


def measure(name: str, train: Part, val: Part, inputs: tuple[object, object]) -> Result:
    """Learn one set from *inputs* (features of both parts) and score its validation part."""
    head = LogisticRegression(
        C=4.0, class_weight="balanced", solver="liblinear", tol=1e-2, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if name in SEVERAL_LABELS:
            binary = MultiLabelBinarizer().fit([_several(one) for one in train.labels])
            told = OneVsRestClassifier(head).fit(
                inputs[0], binary.transform([_several(one) for one in train.labels])
            )
            truth = binary.transform([_several(one) for one in val.labels])
            said = told.predict(inputs[1])
            score = 100 * float(f1_score(truth, said, average="macro", zero_division=0.0))
            return Result(
                name, "macro-F1", score, len(train.texts), len(val.texts), len(binary.classes_)
            )
        told = OneVsRestClassifier(head).fit(inputs[0], np.array(train.labels))
    metric, score = scored(name, val.labels, list(told.predict(inputs[1])))
    return Result(name, metric, score, len(train.texts), len(val.texts), len(set(train.labels)))


def _several(label: str) -> list[str]:
    return [one for one in label.replace("|", ",").replace(";", ",").split(",") if one]


def run(
    datasets: Path,
    names: Sequence[str],
    most: int,
    *,
    tell: Callable[[str], None] = lambda _said: None,
) -> list[Result]:
    """Read every set, fit one feature step for all, learn and score each."""
    reader = Reader.of(load_lexicon())
    parts, words = {}, {}
    for name in names:
        tell(f"reading {name}")
        train, val = read_set(datasets / f"{name}.csv.gz", most)
        common = Counter(train.labels)
        kept = [at for at, label in enumerate(train.labels) if common[label] >= FEWEST]
        train = Part(tuple(train.texts[at] for at in kept), tuple(train.labels[at] for at in kept))
        parts[name] = train, val
        words[name] = tuple(
            [reader.read(text).words for text in part.texts] for part in (train, val)
        )
    tell("features")
    features: Features = fit_features(
        [own for name in names for own in words[name][0][:CHOOSING]],
        most=VOCABULARY,
        at_least=FOUND_AT_LEAST,
    )
    results = []
    for name in names:
        tell(f"learning {name}")
        first, second = words.pop(name)
        inputs = features.rows(first), features.rows(second)
        results.append(measure(name, *parts[name], inputs))
    return results


def markdown(results: Sequence[Result]) -> str:
    """Write the table; the leaderboard's figures are labelled as what they are."""
    columns = ("set", "metric", "validation", "rows", "labels", f"SVM ({NOT_COMPARABLE})")
    columns = (*columns, f"FastText ({NOT_COMPARABLE})")
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    for one in results:
        beside = LEADERBOARD.get(one.name)
        figures = ("–", "–") if beside is None else (str(beside[1]), str(beside[2]))
        rows = f"{one.train} + {one.val}"
        cells = (one.name, one.metric, f"{one.score:.1f}", rows, str(one.labels), *figures)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Read the options, measure, print the table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--datasets", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--sets", default="", help="which, by commas; without it, every one")
    parser.add_argument("--rows", type=int, default=20_000, help="training rows per set, at most")
    options = parser.parse_args()
    found = sorted(path.name.removesuffix(".csv.gz") for path in options.datasets.glob("*.csv.gz"))
    names = options.sets.split(",") if options.sets else [n for n in found if n not in LEFT_OUT]
    if unknown := set(names) - set(found):
        parser.error(f"{sorted(unknown)} are not in {options.datasets.name}; it has {found}")
    begun, cpu = time.perf_counter(), time.process_time()

    def tell(said: str) -> None:
        print(f"{time.perf_counter() - begun:6.0f} s {said}", file=sys.stderr)

    results = run(options.datasets, names, options.rows, tell=tell)
    print(markdown(results))
    for name, why in LEFT_OUT.items():
        print(f"\n`{name}` is left out: {why}.")
    result = {
        "bench": "research",
        "wall_s": round(time.perf_counter() - begun),
        "cpu_s": round(time.process_time() - cpu),
        "validation": {one.name: round(one.score, 2) for one in results},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
