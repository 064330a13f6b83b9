"""What each lever of the classifier is worth: all of them on, then each one off, side by side.

Trains the built-in recipe anew for every setting, thresholds included; every text is read once, and
settings that learn from the same words share their features.
Neutrality is measured on the open half of its set, which may be read, since the held half decides
and no choice may look at it; recall on held-out seeds and sets, and on two sets that the shipped
model never learns from (validation parts of HatEval and ViHSD).

Prints a Markdown table for docs/model.md and one JSON line.
Topics and sentiment decide nothing here and are not trained.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from levers import NAMES, Levers, Texts, Trainer

from evenhand.classifiers.corpus import SEEDED, SEEDS, read_corpus
from evenhand.classifiers.evaluation import UNACCENTED, source_of
from evenhand.classifiers.labelled_gate import SCAM_SETS, SPAM_SETS
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.neutrality import (
    OPEN,
    neutrality_report,
    shipped_pairs,
    shipped_posts,
)
from evenhand.classifiers.training import is_test, truth
from evenhand.classifiers.unshipped import unshipped_rows
from evenhand.data.records import Band, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evenhand.classifiers.corpus import Row
    from evenhand.classifiers.neutrality import MinimalPair, NeutralPost, Report
    from evenhand.classifiers.tagger import Tagger
    from evenhand.data.records import Tag

ALL_ON, ALL_OFF = "all levers on", "all levers off"
# Those whose settings share the features of all of them on come first.
ORDER = (
    *("two_keys", "guards", "rules", "broad_keys", "floors", "class_weights"),
    "cross_set_negatives",
)
HATEVAL, VIHSD = "tweeteval_hate", "vi_vihsd"
GROUPS: Mapping[str, tuple[Callable[[Row], bool], Sequence[str]]] = {
    "seeds_en": (lambda row: source_of(row) == SEEDS and row.lang == "en", SEEDED),
    "seeds_vi": (lambda row: source_of(row) == SEEDS and row.lang == "vi", SEEDED),
    "seeds_unaccented": (lambda row: source_of(row) == UNACCENTED, SEEDED),
    "harassment": (lambda row: row.source == "davidson_hate_offensive", ("harassment",)),
    "hate": (lambda row: row.source == "davidson_hate_offensive", ("hate",)),
    "hateval": (lambda row: row.source == HATEVAL, ("hate",)),
    "vihsd": (lambda row: row.source == VIHSD, ("hate",)),
    "spam": (lambda row: row.source in SPAM_SETS, ("spam",)),
    "scam_fraud": (lambda row: row.source in SCAM_SETS, ("scam_fraud",)),
}
FALSE_ALARMS = frozenset({"spam", "scam_fraud"})
COLUMNS = (
    *("off", "must-not-flag (en / vi)", "worst kind", "pairs: benign / hate / threats", "flips"),
    *("gap", "seeds en", "seeds vi", "without accents", "harassment", "hate", "HatEval", "ViHSD"),
    *("spam: found / false", "scam: found / false"),
)


@dataclass(frozen=True, slots=True)
class Tests:
    """What every setting is measured on."""

    rows: Sequence[Row]
    posts: Sequence[NeutralPost]
    pairs: Sequence[MinimalPair]


def run(
    rows: Sequence[Row],
    tests: Tests,
    names: Sequence[str] = NAMES,
    *,
    tell: Callable[[str], None] = lambda _said: None,
) -> dict[str, dict[str, object]]:
    """Measure all levers on, each of *names* off, and with all of them named all off."""
    settings = {ALL_ON: Levers()}
    for name in sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)):
        settings[name] = replace(Levers(), **{name: False})
    if set(names) == set(NAMES):
        settings[ALL_OFF] = Levers(**dict.fromkeys(NAMES, False))
    tell("reading")
    trainer = Trainer(Texts(load_lexicon()), rows, settings.values())
    measured = {}
    for name, levers in settings.items():
        tell(f"{name}")
        measured[name] = measure(trainer.tagger(levers), tests)
    return {name: measured[name] for name in (ALL_ON, *NAMES, ALL_OFF) if name in measured}


def measure(tagger: Tagger, tests: Tests) -> dict[str, object]:
    """Measure one setting on everything."""
    report = neutrality_report(tagger.tag, tests.posts, tests.pairs)
    tags = tagger.tag([Text(str(at), row.text) for at, row in enumerate(tests.rows)])
    both = list(zip(tests.rows, tags, strict=True))
    found = {
        name: count(((row, tag) for row, tag in both if belongs(row)), labels)
        for name, (belongs, labels) in GROUPS.items()
    }
    return {
        "neutral": neutral(report),
        "found": found,
        "thresholds": dict(tagger.judge.thresholds),
    }


def count(both: Iterable[tuple[Row, Tag]], labels: Sequence[str]) -> dict[str, float | int | None]:
    """Count what was put before a person for each of *labels*, over rows that tell it."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for row, tag in both:
        for label in labels:
            has = truth(label, row)
            if has is not None:
                score = tag.harms[label] if label in tag.harms else tag.requests[label]
                counts[has, score.band is not Band.NOTHING] += 1
    found, false = counts[True, True], counts[False, True]
    positives, negatives = found + counts[True, False], false + counts[False, False]
    return {
        "recall": found / positives if positives else None,
        "precision": found / (found + false) if found + false else None,
        "false_share": false / negatives if negatives else None,
        "positives": positives,
        "put": found + false,
    }


def neutral(report: Report) -> dict[str, object]:
    """Give the figures of the gate that the table shows."""
    kind, worst = max(report.by_kind.items(), key=lambda pair: pair[1].share)
    plain = report.as_dict()
    return {
        "overall": plain["overall"],
        "by_language": plain["by_language"],
        "worst_kind": [kind, worst.put, worst.of],
        "pairs": plain["pairs"],
    }


def markdown(measured: Mapping[str, Mapping[str, object]]) -> str:
    """Write the table: shares in percent, recall before precision."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * len(COLUMNS)}"]
    for name, one in measured.items():
        cells = [name.replace("_", " "), *_neutral_cells(one["neutral"])]
        for group in GROUPS:
            own = one["found"][group]
            second = own["false_share" if group in FALSE_ALARMS else "precision"]
            cells.append(f"{_percent(own['recall'])} / {_percent(second)}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _neutral_cells(found: Mapping[str, object]) -> list[str]:
    pairs, (kind, put, of) = found["pairs"], found["worst_kind"]
    langs = " / ".join(_percent(own["share"]) for own in found["by_language"].values())
    harms = (pairs["found"].get(name, {"share": None}) for name in ("hate", "violence_threat"))
    return [
        f"{_percent(found['overall']['share'])} ({langs})",
        f"{kind.replace('_', ' ')} {put} of {of}",
        " / ".join(_percent(own["share"]) for own in (pairs["benign"], *harms)),
        str(pairs["flips"]),
        f"{pairs['gap']:.2f}",
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def main() -> None:
    """Read the options, measure, print the table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--datasets", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("--levers", default=",".join(NAMES), help="which to switch off, by commas")
    options = parser.parse_args()
    names = [name for name in options.levers.split(",") if name]
    if unknown := set(names) - set(NAMES):
        parser.error(f"unknown levers {sorted(unknown)}; known are {', '.join(NAMES)}")
    begun, cpu = time.perf_counter(), time.process_time()

    def tell(said: str) -> None:
        print(f"{time.perf_counter() - begun:6.0f} s {said}", file=sys.stderr)

    rows = read_corpus(options.datasets)
    foreign = [r for r in unshipped_rows(options.datasets) if r.source in {HATEVAL, VIHSD}]
    held_out = [*(row for row in rows if is_test(row)), *foreign]
    tests = Tests(held_out, shipped_posts(OPEN), shipped_pairs(OPEN))
    measured = run(rows, tests, names, tell=tell)
    print(markdown(measured))
    spent = {
        "wall_s": round(time.perf_counter() - begun),
        "cpu_s": round(time.process_time() - cpu),
    }
    print(json.dumps({"bench": "ablation", **spent, "settings": measured}, ensure_ascii=False))


if __name__ == "__main__":
    main()
