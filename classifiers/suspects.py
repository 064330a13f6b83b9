"""Reviewers whose labels do not fit: against the model of everybody else, and on gold.

Each reviewer is compared with what the others would have said of the same posts: the majority of
the other reviewers of the same text and of a model that learnt from no label of this reviewer.
Nobody agrees with a model always, so the yardstick is how often the *other* reviewers agree with
theirs on posts of the same kind; a one-sided binomial test with Bonferroni's correction says
whether a distance could be chance.
A finding sets labels aside and asks a coordinator to look: it is no judgement of a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import binom

from evenhand.classifiers.labels import text_key, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evenhand.classifiers.labels import Label

EVERYBODY, ONE_CLASS, GOLD = "disagrees with everybody", "one class", "gold"
FEWEST_LABELS = 30
FEWEST_OF_A_CLASS = 10
FEWEST_GOLD = 10
# Chance of naming anybody at all when nothing is wrong, over all tests of one kind.
ERROR = 0.01
# "Far below": a smaller distance is taste or a hard queue, however certain it is.
FAR_BELOW = 0.15
# On one label a careless reviewer may miss by more; one who never says it agrees not half as often.
HALF = 0.5
# Where the others themselves agree less with their model, it is no yardstick.
EXPECTED_AT_LEAST = 0.6
GOLD_AT_LEAST = 0.8


@dataclass(frozen=True, slots=True)
class Suspect:
    """One reviewer whose labels are set aside, and why.

    *label* is empty where all labels together are meant.
    *n* counts what was compared; *agreement* and *expected* are shares.
    """

    reviewer: str
    kind: str
    label: str
    n: int
    agreement: float
    expected: float
    p_value: float


@dataclass(frozen=True, slots=True)
class _Compared:
    """One judgement beside what the others would say; *stratum* is its kind of post."""

    reviewer: str
    stratum: tuple[str, ...]
    agrees: bool


def find(
    labels: Sequence[Label],
    predicted: Sequence[Mapping[str, bool]],
    gold: Iterable[tuple[str, bool]] = (),
) -> list[Suspect]:
    """List suspect reviewers, most certain first, each once per kind and label.

    *predicted* says for each of *labels* what the others' model says, for the policies and
    requests that it knows; *gold* is (reviewer, was right) for each answered gold item.
    """
    expected = _expected(labels, predicted)
    found = _tested(EVERYBODY, "", _whole(labels, expected), FEWEST_LABELS)
    names = sorted({name for each in expected for name in each})
    counts = Counter(label.reviewer for label in labels)
    enough = {reviewer for reviewer, n in counts.items() if n >= FEWEST_LABELS}
    for name in names:
        for said in (True, False):
            compared = [
                each for each in _side(name, labels, expected, said=said) if each.reviewer in enough
            ]
            found += _tested(ONE_CLASS, name, compared, FEWEST_OF_A_CLASS, tests=2 * len(names))
    found += _on_gold(gold)
    return sorted(found, key=lambda each: (each.p_value, each.reviewer, each.kind, each.label))


def _expected(
    labels: Sequence[Label], predicted: Sequence[Mapping[str, bool]]
) -> list[dict[str, bool]]:
    """Give what the others say of each label's text."""
    by_text: dict[str, list[Label]] = defaultdict(list)
    keys = [text_key(label.text) for label in labels]
    for key, label in zip(keys, labels, strict=True):
        by_text[key].append(label)
    found = []
    for key, label, model in zip(keys, labels, predicted, strict=True):
        others = [each for each in by_text[key] if each.reviewer != label.reviewer]
        found.append({name: _majority(name, others, says) for name, says in model.items()})
    return found


def _majority(name: str, others: Sequence[Label], model: bool) -> bool:  # noqa: FBT001 - inner
    """Count the model as one voice more: a single other reviewer never overrules it."""
    told = Counter(truth(name, label) for label in others)
    told[model] += 1
    return model if told[True] == told[False] else told[True] > told[False]


def _whole(labels: Sequence[Label], expected: Sequence[Mapping[str, bool]]) -> list[_Compared]:
    """Compare each label as a whole: every policy and request it tells, at once."""
    compared = []
    for label, says in zip(labels, expected, strict=True):
        told = [name for name in says if truth(name, label) is not None]
        if told:
            agrees = all(truth(name, label) is says[name] for name in told)
            stratum = (label.lang, *(name for name in sorted(told) if says[name]))
            compared.append(_Compared(label.reviewer, stratum, agrees))
    return compared


def _side(
    name: str, labels: Sequence[Label], expected: Sequence[Mapping[str, bool]], *, said: bool
) -> list[_Compared]:
    """Compare the judgements of *name* where the others say *said*."""
    return [
        _Compared(label.reviewer, (label.lang,), truth(name, label) is said)
        for label, says in zip(labels, expected, strict=True)
        if says.get(name) is said and truth(name, label) is not None
    ]


def _tested(
    kind: str, label: str, compared: Sequence[_Compared], fewest: int, *, tests: int = 1
) -> list[Suspect]:
    by_reviewer: dict[str, list[_Compared]] = defaultdict(list)
    for each in compared:
        by_reviewer[each.reviewer].append(each)
    if len(by_reviewer) < 2:  # noqa: PLR2004 - there are no others to compare with
        return []
    rate = _rates(compared)
    found = []
    for reviewer, own in sorted(by_reviewer.items()):
        expected = sum(rate(reviewer, each.stratum) for each in own) / len(own)
        agreed = sum(each.agrees for each in own)
        most = expected * HALF if label else expected - FAR_BELOW
        if len(own) < fewest or agreed / len(own) > most or expected < EXPECTED_AT_LEAST:
            continue
        p_value = float(binom.cdf(agreed, len(own), expected))
        if p_value < ERROR / (tests * len(by_reviewer)):
            share = agreed / len(own)
            found.append(Suspect(reviewer, kind, label, len(own), share, expected, p_value))
    return found


def _rates(compared: Sequence[_Compared]) -> Callable[[str, tuple[str, ...]], float]:
    """Give a function: how often reviewers other than this one agree on posts of this kind.

    A kind with fewer than 10 judgements by others borrows from all kinds.
    One agreement and one disagreement are added, so that no share is 0 or 1 for certain (Laplace).
    """
    agreed: Counter[tuple[object, ...]] = Counter()
    seen: Counter[tuple[object, ...]] = Counter()
    for each in compared:
        for key in ((), (each.stratum,), (each.reviewer,), (each.reviewer, each.stratum)):
            agreed[key] += each.agrees
            seen[key] += 1

    def rate(reviewer: str, stratum: tuple[str, ...]) -> float:
        n = seen[stratum,] - seen[reviewer, stratum]
        if n >= FEWEST_OF_A_CLASS:
            return (agreed[stratum,] - agreed[reviewer, stratum] + 1) / (n + 2)
        return (agreed[()] - agreed[reviewer,] + 1) / (seen[()] - seen[reviewer,] + 2)

    return rate


def _on_gold(gold: Iterable[tuple[str, bool]]) -> list[Suspect]:
    answers: dict[str, list[bool]] = defaultdict(list)
    for reviewer, right in gold:
        answers[reviewer].append(right)
    found = []
    for reviewer, own in sorted(answers.items()):
        if len(own) < FEWEST_GOLD:
            continue
        p_value = float(binom.cdf(sum(own), len(own), GOLD_AT_LEAST))
        if p_value < ERROR / len(answers):
            share = sum(own) / len(own)
            found.append(Suspect(reviewer, GOLD, "", len(own), share, GOLD_AT_LEAST, p_value))
    return found
