"""The levers of the classifier, each of which can be switched off, for ablation.py.

Nothing of the program is patched: texts, rows and settings are handed to its own training, tagger
and judge, changed as a lever asks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import log
from typing import TYPE_CHECKING

import numpy as np

from evenhand.classifiers.corpus import FOLDED_WEIGHT, HARMS, REQUESTS, SEEDS
from evenhand.classifiers.features import fit_features
from evenhand.classifiers.heads import Heads
from evenhand.classifiers.judging import OTHER_LANGUAGES, Judge
from evenhand.classifiers.keys import DROP, Patterns, weigh
from evenhand.classifiers.language import KNOWN
from evenhand.classifiers.respelling import Respelling
from evenhand.classifiers.shelf import Card, Model
from evenhand.classifiers.signs import Read, Reader
from evenhand.classifiers.tagger import Tagger
from evenhand.classifiers.thresholds import FLOORS, with_worth
from evenhand.classifiers.tokens import cut
from evenhand.classifiers.training import (
    FOUND_AT_LEAST,
    OFF,
    VOCABULARY,
    Material,
    fit_head,
    is_test,
    joined,
    worths_of,
)
from evenhand.data.errors import TooFewLabels
from evenhand.data.records import Band, Score
from evenhand.data.taxonomy import Policy, Sentiment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from evenhand.classifiers.corpus import Row
    from evenhand.classifiers.features import Features
    from evenhand.classifiers.judging import Verdict
    from evenhand.classifiers.keys import Evidence, Pattern
    from evenhand.classifiers.lexicon import Lexicon

# Where no floor holds a threshold up, it is looked for from here on.
NO_FLOOR = 0.05
LABELS = (*HARMS, *REQUESTS, *(f"lang:{lang}" for lang in KNOWN))
# What each set labels itself; all else that it says no to is a cross-set negative.
OWN_LABELS: Mapping[str, frozenset[str]] = {
    "davidson_hate_offensive": frozenset({Policy.HATE.value, Policy.HARASSMENT.value}),
    "sms_spam": frozenset({Policy.SPAM.value}),
    "youtube_spam": frozenset({Policy.SPAM.value}),
    "sms_phishing": frozenset({Policy.SPAM.value, Policy.SCAM_FRAUD.value}),
    "banking77": frozenset(REQUESTS),
    "clinc150": frozenset(REQUESTS),
    "goemotions": frozenset(REQUESTS),
}


@dataclass(frozen=True, slots=True)
class Levers:
    """Which levers are on; the shipped model has them all."""

    cross_set_negatives: bool = True
    masking: bool = True
    two_keys: bool = True
    guards: bool = True
    rules: bool = True
    floors: bool = True
    seeds: bool = True
    signs: bool = True
    respelling: bool = True
    folded_copies: bool = True
    broad_keys: bool = True
    class_weights: bool = True

    @property
    def variant(self) -> tuple[bool, bool, bool]:
        """Name what the words of a text depend on."""
        return self.masking, self.signs, self.respelling

    @property
    def keyring(self) -> tuple[bool, ...]:
        """Name what the keys and guards of a text depend on."""
        return self.two_keys, self.guards, self.rules, self.broad_keys, self.respelling


NAMES = tuple(Levers.__dataclass_fields__)


class Texts:
    """Reads texts once and hands them out as each setting of the levers reads them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.reader = Reader.of(lexicon)
        self.literal = Reader.of(replace(lexicon, respelling=Respelling(())))
        self.no_guards = Patterns(lexicon, ())
        self.broad = frozenset(pattern.id for pattern in Patterns(lexicon, ("broad",)).all)
        self.kept: dict[str, tuple[Read, Read]] = {}

    def both(self, text: str) -> tuple[Read, Read]:
        """Read one text, with disguised words restored and as they are."""
        read = self.reader.read(text)
        if list(cut(text).words) == list(read.reading.tokens.words):
            return read, read
        return read, self.literal.read(text)

    def read(self, text: str, levers: Levers) -> Read:
        """Give one text as *levers* read it, kept for the next setting."""
        if text not in self.kept:
            self.kept[text] = self.both(text)
        return self.under(self.kept[text], levers)

    def under(self, both: tuple[Read, Read], levers: Levers) -> Read:
        """Give what *levers* leave of one text."""
        one = both[0 if levers.respelling else 1]
        signs = one.signs if levers.signs else ()
        evidence = one.evidence if levers.guards else self._unguarded(one)
        if not levers.rules:
            evidence = _without(evidence, lambda pattern: pattern.kind == "rule")
        if not levers.broad_keys:
            evidence = _without(evidence, lambda pattern: pattern.id in self.broad)
        one = one if levers.masking else self.unmasked(one)
        return replace(one, evidence=evidence, signs=signs, hits=one.hits if levers.rules else ())

    def unmasked(self, read: Read) -> Read:
        """Give the same text with its names shown to the features."""
        reading, short = read.reading, self.lexicon.teencode
        words = list(reading.tokens.words)
        if reading.vietnamese:
            words = [short.get(word, word) for word in words]
        return replace(read, reading=replace(reading, masked=words))

    def _unguarded(self, read: Read) -> Evidence:
        """Find the keys as if nothing were quoted and nothing spoke against them."""
        tokens = replace(read.reading.tokens, quoted=frozenset())
        return weigh(replace(read.reading, tokens=tokens), self.reader.keys, self.no_guards)


def _without(evidence: Evidence, leave_out: Callable[[Pattern], bool]) -> Evidence:
    keys = {
        label: tuple(match for match in matches if not leave_out(match.pattern))
        for label, matches in evidence.keys.items()
    }
    return replace(evidence, keys={label: matches for label, matches in keys.items() if matches})


@dataclass(frozen=True, slots=True)
class LeverReader:
    """Stands where a tagger expects its reader."""

    texts: Texts
    levers: Levers

    @property
    def lexicon(self) -> Lexicon:
        """Give the word lists."""
        return self.texts.lexicon

    def read(self, shown: str, *, key: str = "", mark: str | None = None) -> Read:
        """Read one text as the levers say."""
        del key, mark
        return self.texts.read(shown, self.levers)


@dataclass(frozen=True)
class LeverJudge(Judge):
    """A judge whose levers can be switched off."""

    levers: Levers

    def judge(self, found: Read, lang: str, scores: Mapping[str, float]) -> Verdict:
        """Decide every label of one text."""
        asked = scores if self.levers.floors else self._lifted(scores)
        verdict = super().judge(found, lang, asked)
        off = self.off.get(lang if lang in KNOWN else OTHER_LANGUAGES, frozenset())
        decided = {
            label: self._shown(label, score, asked, scores)
            for label, score in verdict.scores.items()
        }
        if not self.levers.two_keys:
            for label in self.heads - off:
                if label in decided and self._alone(label, found, asked):
                    decided[label] = Score(round(scores[label], 4), Band.FLAG)
        return replace(verdict, scores=decided)

    def _lifted(self, scores: Mapping[str, float]) -> dict[str, float]:
        """Lift log-odds so that a score meets the floor where it meets the threshold below it."""
        return {label: with_worth(score, self._lift(label)) for label, score in scores.items()}

    def _lift(self, label: str) -> float:
        floor = FLOORS.get(label, NO_FLOOR)
        least = self.thresholds.get(label, floor)
        return max(0.0, log(floor / (1.0 - floor)) - log(least / (1.0 - least)))

    def _alone(self, label: str, found: Read, scores: Mapping[str, float]) -> bool:
        least = max(self.thresholds.get(label, FLOORS[label]), FLOORS[label])
        return scores[label] >= least and DROP not in found.effects(label)

    def _shown(
        self, label: str, score: Score, asked: Mapping[str, float], scores: Mapping[str, float]
    ) -> Score:
        lifted = score.score == round(asked.get(label, 0.0), 4)
        if not lifted or label not in scores:
            return score
        return replace(score, score=round(scores[label], 4))


class Trainer:
    """Fits what a setting asks for, sharing words and features between settings.

    Args:
        texts: Reads the rows, and later what is to be tagged.
        rows: All labelled rows; those held out are left out.
        settings: The settings that will be asked for.
    """

    def __init__(self, texts: Texts, rows: Sequence[Row], settings: Iterable[Levers]) -> None:
        self.texts = texts
        self.rows = [row for row in rows if not is_test(row)]
        self.words: dict[object, list[list[str]]] = {}
        self.worths: dict[object, list[dict[str, float]]] = {}
        self.materials: dict[object, tuple[Features, Material]] = {}
        asked = list(settings)
        words = {levers.variant: levers for levers in asked}
        keys = {levers.keyring: levers for levers in asked}
        for row in self.rows:
            both = texts.both(row.text)
            for name, levers in words.items():
                self.words.setdefault(name, []).append(texts.under(both, levers).words)
            for name, levers in keys.items():
                own = _worths(texts.under(both, levers), levers, row.lang)
                self.worths.setdefault(name, []).append(own)

    def tagger(self, levers: Levers) -> Tagger:
        """Train the model of one setting and give its tagger."""
        plain = Tagger.of(self._fit(levers))
        settings = {one.name: getattr(plain.judge, one.name) for one in fields(plain.judge)}
        reader = LeverReader(self.texts, levers)
        return replace(plain, reader=reader, judge=LeverJudge(**settings, levers=levers))

    def _fit(self, levers: Levers) -> Model:
        features, material = self._material(levers)
        columns, thresholds = {}, {}
        for label in LABELS:
            floor = None if levers.floors else NO_FLOOR
            try:
                columns[label], threshold = fit_head(
                    label, material, floor=floor, balanced=levers.class_weights
                )
            except TooFewLabels:
                continue
            if threshold is not None:
                thresholds[label] = threshold
        heads = joined(tuple(columns), list(columns.values()))
        return Model(
            _card(tuple(columns), thresholds, self.texts.lexicon), features, heads, _mute(features)
        )

    def _material(self, levers: Levers) -> tuple[Features, Material]:
        kept = [at for at, row in enumerate(self.rows) if _learns(row, levers)]
        rows = [self.rows[at] for at in kept]
        key = (levers.variant, levers.seeds, levers.folded_copies)
        if key not in self.materials:
            # One at a time: each takes some hundred megabytes.
            self.materials.clear()
            words = [self.words[levers.variant][at] for at in kept]
            features = fit_features(words, most=VOCABULARY, at_least=FOUND_AT_LEAST)
            self.materials[key] = features, Material(rows, features.rows(words))
        features, material = self.materials[key]
        if not levers.cross_set_negatives:
            rows = [_alone(row) for row in rows]
        return features, Material(rows, material.features, self._worths(levers, kept))

    def _worths(self, levers: Levers, kept: Sequence[int]) -> dict[str, NDArray[np.float32]]:
        keyless = -np.inf if levers.two_keys else 0.0
        told = self.worths[levers.keyring]
        return {
            label: np.array([told[at].get(label, keyless) for at in kept], dtype=np.float32)
            for label in FLOORS
        }


def _worths(found: Read, levers: Levers, lang: str) -> dict[str, float]:
    """Give what the keys of one text add to each score; with one key, only a guard forbids."""
    worths: dict[str, float] = worths_of(found, lang)
    if not levers.two_keys:
        for label in found.evidence.guards:
            if DROP in found.effects(label):
                worths[label] = -np.inf
    return worths


def _learns(row: Row, levers: Levers) -> bool:
    if row.source != SEEDS:
        return True
    return levers.seeds and (levers.folded_copies or row.weight != FOLDED_WEIGHT)


def _alone(row: Row) -> Row:
    """Leave a set's row only the labels that its set is about."""
    return (
        row
        if row.source == SEEDS
        else replace(row, no=row.no & OWN_LABELS.get(row.source, frozenset()))
    )


def _card(labels: tuple[str, ...], thresholds: Mapping[str, float], lexicon: Lexicon) -> Card:
    return Card(
        name="ablation",
        recipe="ablation",
        labels=labels,
        sentiment=tuple(sorted(Sentiment)),
        thresholds=thresholds,
        off=OFF,
        sources=(),
        rows={},
        lexicon=lexicon.digest,
        limits=(),
    )


def _mute(features: Features) -> Heads:
    """Make heads of sentiment that say nothing."""
    none, zeros = np.zeros((len(features.vocabulary), 3), np.float32), np.zeros(3, np.float32)
    return Heads(tuple(sorted(Sentiment)), none, zeros, zeros, zeros)
