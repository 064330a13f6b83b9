"""Scores, keys, guards, rules and statements of one text → a band for each label, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers.keys import ALONE, QUOTATION
from evenhand.classifiers.language import KNOWN
from evenhand.classifiers.reasons import match_reasons
from evenhand.classifiers.statements import match
from evenhand.classifiers.thresholds import FLOORS, Signs, band
from evenhand.data.records import Band, Reason, Score
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.classifiers.keys import Evidence
    from evenhand.classifiers.reading import Reading
    from evenhand.classifiers.rules import Hit
    from evenhand.classifiers.signs import Read
    from evenhand.classifiers.statements import Matched, Statement

BY_STATEMENT = frozenset({Policy.HEALTH_MISINFORMATION.value, Policy.DISASTER_MISINFORMATION.value})
LABELS = tuple(label.value for label in (*Policy, *Request))
_JUDGED = tuple(label for label in LABELS if label not in BY_STATEMENT)
OTHER_LANGUAGES = "other"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One text judged.

    *scores* holds every policy and request; *reasons* those of keys, guards, rules and
    statements; *explained* the labels whose model reasons are worth computing.
    """

    scores: Mapping[str, Score]
    reasons: tuple[Reason, ...]
    explained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """All that decides besides the weights.

    *off* names per language (and for "other") the labels whose head is not believed; *heads*
    the labels that have one.
    """

    thresholds: Mapping[str, float]
    off: Mapping[str, frozenset[str]]
    heads: frozenset[str]
    statements: tuple[Statement, ...]

    def judge(self, found: Read, lang: str, scores: Mapping[str, float]) -> Verdict:
        """Decide every label of one text."""
        reading, evidence = found.reading, found.evidence
        decided: dict[str, Score] = {}
        reasons: list[Reason] = []
        off = self.off.get(lang if lang in KNOWN else OTHER_LANGUAGES, frozenset())
        for label in _JUDGED:
            score = None if label in off or label not in self.heads else scores.get(label)
            own = [hit for hit in found.hits if hit.label == label]
            if not own and label not in evidence.keys:
                decided[label] = Score(round(score or 0.0, 4), Band.NOTHING)
                continue
            signs = _signs(label, score, found, lang)
            decided[label] = band(label, signs, self.thresholds.get(label, FLOORS[label]))
            if decided[label].band is not Band.NOTHING:
                reasons.extend(_reasons(label, reading, evidence, own))
        decided.update(self._statements(reading, reasons))
        explained = tuple(
            label
            for label in _JUDGED
            if decided[label].band is not Band.NOTHING and label in self.heads - off
        )
        return Verdict(decided, tuple(reasons), explained)

    def _statements(self, reading: Reading, reasons: list[Reason]) -> dict[str, Score]:
        decided = {label: Score(0.0, Band.NOTHING) for label in BY_STATEMENT}
        for matched in match(reading.tokens, self.statements):
            label = matched.statement.policy
            if decided[label].band is Band.NOTHING:
                # A statement is matched or not; no threshold is asked.
                decided[label] = Score(round(matched.share, 4), Band.CHECK, puts_at=1.0)
            reasons.append(_statement_reason(reading, matched))
        return decided


def _signs(label: str, score: float | None, found: Read, lang: str) -> Signs:
    strengths = found.strengths(label)
    if lang not in KNOWN:
        # Word lists of two languages prove nothing in a third: only rules speak there.
        strengths = [each.strength for each in found.hits if each.label == label] + [
            each for each in strengths if each == ALONE
        ]
    return Signs(score, strengths, found.effects(label), lang)


def _reasons(label: str, reading: Reading, evidence: Evidence, hits: Sequence[Hit]) -> list[Reason]:
    found = match_reasons(label, reading, evidence.keys.get(label, ()))
    found += [Reason(label, "rule", hit.id, (hit.span,)) for hit in hits]
    found += match_reasons(label, reading, evidence.guards.get(label, ()))
    if label in evidence.quoted:
        found.append(Reason(label, "guard", QUOTATION))
    return found


def _statement_reason(reading: Reading, matched: Matched) -> Reason:
    spans = tuple(reading.span((at, at + 1)) for at in matched.words)
    return Reason(
        matched.statement.policy, "statement", matched.statement.id, spans, round(matched.share, 4)
    )
