"""The team's labels → a candidate: the active model, moved as far as its reviewers ask.

Only heads with enough labels move; topics, language and sentiment never do.
A head is calibrated, and its threshold chosen, on margins of heads that learnt from no copy of
the same text, and never on seed posts, which the active model knows by heart.
Labels of reviewers who fit nobody else's (suspects.py) are set aside before anything is learnt.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np

from evenhand.classifiers import suspects as suspect_reviewers
from evenhand.classifiers.anchored import UNKNOWN, gather, move, only, out_of_fold
from evenhand.classifiers.heads import Heads, sigmoid
from evenhand.classifiers.intervals import wilson
from evenhand.classifiers.labels import data_hash, divide, origins, text_key, truth
from evenhand.classifiers.language import KNOWN
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.others import others_say
from evenhand.classifiers.shelf import Card, Model
from evenhand.classifiers.thresholds import FLOORS
from evenhand.classifiers.training import LANGUAGES, PRECISION, platt
from evenhand.data.errors import TooFewLabels
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from evenhand.classifiers.anchored import Material
    from evenhand.classifiers.labels import Label, Parts
    from evenhand.classifiers.suspects import Suspect

RECIPE = "team"
OWN_DECISIONS = "the team's own decisions"
STAYS = "the active threshold stays"
OF_BASE = "Of the model it started from: "
# Different texts, yes and no each, before a head moves, and yes before it is believed in a
# language where it was off (research: retrain no label under 50 positive reviews).
FEWEST = 50
# Reviewed posts before a precision is claimed and a threshold chosen from it.
FEWEST_REVIEWED = 200
_JUDGED = tuple(label.value for label in (*Policy, *Request))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many different texts say yes and no to one label; *by_lang* maps to (yes, no)."""

    yes: int
    no: int
    by_lang: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one label's threshold comes from.

    *precision* (with Wilson's interval) is that of the *above* reviewed posts at or above the
    threshold, None where fewer than 200 posts were *reviewed*.
    """

    threshold: float
    precision: float | None
    interval: tuple[float, float] | None
    above: int
    reviewed: int
    why: str


@dataclass(frozen=True)
class Candidate:
    """A trained candidate and all that has to be known to judge it.

    *trained* are the labels whose head moved, *kept* maps the others to why they did not.
    *held_out* are the labels that the candidate never saw; *set_aside* counts, by reason, those
    in neither.
    """

    model: Model
    trained: Mapping[str, Counts]
    kept: Mapping[str, str]
    evidence: Mapping[str, Evidence]
    suspects: tuple[Suspect, ...]
    held_out: tuple[Label, ...]
    set_aside: Mapping[str, int]
    cut: datetime

    def report(self) -> dict[str, object]:
        """Give plain values for a file or a screen: no text and no model."""
        return {
            "cut": self.cut.isoformat(),
            "trained": {name: asdict(counts) for name, counts in self.trained.items()},
            "kept": dict(self.kept),
            "evidence": {name: asdict(own) for name, own in self.evidence.items()},
            "suspects": [asdict(one) for one in self.suspects],
            "held_out": len(self.held_out),
            "set_aside": dict(self.set_aside),
        }


@dataclass(frozen=True)
class _Head:
    """One moved head: its column, its calibration, its threshold."""

    weights: NDArray[np.float64]
    bias: float
    slope: float
    shift: float
    evidence: Evidence


@dataclass(frozen=True)
class _Tested:
    """Reviewed posts that test a head: calibrated log-odds, truth and weight of each."""

    logits: NDArray[np.float32]
    positive: NDArray[np.bool_]
    weight: NDArray[np.float64]

    @property
    def reviewed(self) -> int:
        """Count the different posts."""
        return round(float(self.weight.sum()))

    def at(self, threshold: float, why: str) -> Evidence:
        """Measure the precision of *threshold*."""
        above = sigmoid(self.logits) >= threshold
        n = round(float(self.weight[above].sum()))
        right = round(float(self.weight[above & self.positive].sum()))
        share = right / n if n else None
        return Evidence(threshold, share, wilson(right, n), n, self.reviewed, why)


def _quiet(_step: str, _share: float) -> None:
    """Take progress and say nothing."""


def train_candidate(  # noqa: PLR0913 - the labels, and by keyword what is asked of them
    active: Model,
    labels: Sequence[Label],
    *,
    name: str,
    cut: datetime | None = None,
    gold: Iterable[tuple[str, bool]] = (),
    progress: Callable[[str, float], None] = _quiet,
) -> Candidate:
    """Train a candidate called *name* from *active* and the *labels* decided before *cut*.

    The same labels, in any order, and the same active model give the same content hash.
    *cut* is by default where the newest fifth begins; *gold* is (reviewer, was right) for each
    answered gold item; *progress* is told the step and the share done, 0-1.

    Raises:
        TooFewLabels: No label has enough texts of both kinds; the error holds all counts.
        InputError: No label can be used, or the cut is not after what *active* learnt until.
    """
    progress("labels", 0.0)
    parts = divide(labels, cut=cut, learnt_until=_learnt_until(active))
    material = gather(active, parts.train)
    progress("reviewers", 0.2)
    found = suspect_reviewers.find(material.labels, others_say(material), gold)
    if found:
        parts, material = _without({one.reviewer for one in found}, parts, material)
    trained, kept = _qualified(active, material.labels)
    off = _off(active.card, trained)
    heads = {}
    for at, label in enumerate(trained):
        progress(label, 0.4 + 0.6 * at / len(trained))
        on = [lang for lang in KNOWN if label not in off.get(lang, ())]
        heads[label] = _head(material, label, trained[label], on)
    evidence = {label: head.evidence for label, head in heads.items()}
    card = _card(active.card, material, name, trained, evidence)
    model = Model(card, active.features, _joined(active.heads, heads), active.sentiment)
    made = Candidate(
        model, trained, kept, evidence, tuple(found), parts.held_out, parts.set_aside, parts.cut
    )
    return replace(made, model=replace(model, card=replace(card, results={"team": made.report()})))


def _learnt_until(active: Model) -> datetime | None:
    return datetime.fromisoformat(active.card.learnt_until) if active.card.learnt_until else None


def _without(reviewers: set[str], parts: Parts, material: Material) -> tuple[Parts, Material]:
    """Leave out what *reviewers* said, from training and from the test."""
    held_out = tuple(label for label in parts.held_out if label.reviewer not in reviewers)
    material = only(material, [label.reviewer not in reviewers for label in material.labels])
    gone = len(parts.train) + len(parts.held_out) - len(material.labels) - len(held_out)
    set_aside = {**parts.set_aside, "by a suspect reviewer": gone}
    return replace(parts, held_out=held_out, set_aside=set_aside), material


def _qualified(active: Model, labels: Sequence[Label]) -> tuple[dict[str, Counts], dict[str, str]]:
    """Divide the policies and requests into those that have enough labels and the others."""
    counts = {name: _counts(name, labels) for name in _JUDGED}
    trained, kept = {}, {}
    for name, own in counts.items():
        if name not in active.heads.labels:
            kept[name] = "has no head: only rules and statements find it"
        elif min(own.yes, own.no) < FEWEST:
            kept[name] = f"{own.yes} texts say yes and {own.no} no; {FEWEST} of each are needed"
        else:
            trained[name] = own
    if not trained:
        able = [name for name in _JUDGED if name in active.heads.labels]
        nearest = max(able, key=lambda name: min(counts[name].yes, counts[name].no))
        have = min(counts[nearest].yes, counts[nearest].no)
        table = {name: (own.yes, own.no) for name, own in counts.items()}
        raise TooFewLabels(nearest, have=have, need=FEWEST, counts=table)
    return trained, kept


def _counts(name: str, labels: Sequence[Label]) -> Counts:
    texts: dict[tuple[str, bool], set[str]] = {}
    for label in labels:
        said = truth(name, label)
        if said is not None:
            texts.setdefault((label.lang, said), set()).add(text_key(label.text))
    by_lang = {
        lang: (len(texts.get((lang, True), ())), len(texts.get((lang, False), ())))
        for lang in KNOWN
    }
    yes, no = (sum(own[at] for own in by_lang.values()) for at in (0, 1))
    return Counts(yes, no, by_lang)


def _off(card: Card, trained: Mapping[str, Counts]) -> dict[str, tuple[str, ...]]:
    """Switch a head on where the team taught it that very language."""
    return {
        lang: tuple(
            label
            for label in labels
            if lang not in KNOWN
            or label not in trained
            or min(trained[label].by_lang[lang]) < FEWEST
        )
        for lang, labels in card.off.items()
    }


def _head(material: Material, name: str, own: Counts, on: Sequence[str]) -> _Head:
    """Move one head; where every language in which it is on has labels, calibrate it anew.

    Elsewhere bias, calibration and threshold stay: they are shared by all languages, and labels
    of one say nothing of the others.
    """
    heads, has = material.active.heads, material.has(name)
    at, everything = heads.labels.index(name), np.ones(len(has), dtype=np.bool_)
    told = all(min(own.by_lang[lang]) >= FEWEST for lang in on)
    whole = move(material, name, everything, bias=told)
    logits = out_of_fold(material, name, everything, bias=told)
    seen = _testing(material, on) & (has != UNKNOWN)
    positive, weight = has[seen] == 1, material.weight[seen]
    slope, shift = 1.0, 0.0
    if told and min(weight[positive].sum(), weight[~positive].sum()) >= FEWEST:
        slope, shift = platt(logits[seen], positive, weight)
    tested = _Tested((logits[seen] * slope + shift).astype(np.float32), positive, weight)
    active = max(material.active.card.thresholds.get(name, FLOORS[name]), FLOORS[name])
    evidence = _threshold(FLOORS[name], active, tested, told=told)
    # Stored are margins: log-odds = slope × margin + shift.
    before, after = float(heads.slope[at]), float(heads.shift[at])
    return _Head(
        heads.weights[:, at] + whole.weights / before,
        float(heads.bias[at]) + whole.bias / before,
        slope * before,
        slope * after + shift,
        evidence,
    )


def _testing(material: Material, on: Sequence[str]) -> NDArray[np.bool_]:
    """Say which rows test a head: labels in a language where it is on, new to the active model."""
    until = _learnt_until(material.active)
    new = [
        label.lang in on and (until is None or label.decided_at > until)
        for label in material.labels
    ]
    return np.array([*new, *([False] * len(material.seeds))], dtype=np.bool_)


def _threshold(floor: float, active: float, tested: _Tested, *, told: bool) -> Evidence:
    """Choose the lowest threshold that the reviews show to be precise; else keep *active*."""
    if tested.reviewed < FEWEST_REVIEWED:
        why = f"not enough evidence: {tested.reviewed} reviewed posts, {FEWEST_REVIEWED} are needed"
        return Evidence(active, None, None, 0, tested.reviewed, f"{why}; {STAYS}")
    if not told:
        why = f"a language in which it is on has too few labels; {STAYS}"
        return tested.at(active, why)
    for tried in np.arange(floor, 0.96, 0.05):
        found = tested.at(round(float(tried), 2), "the lowest that the team's reviews show precise")
        if found.precision is not None and found.precision >= PRECISION:
            return found
    return tested.at(active, f"no threshold reaches a precision of {PRECISION}; {STAYS}")


def _joined(active: Heads, moved: Mapping[str, _Head]) -> Heads:
    """Put the moved columns in place, rounded as they are stored."""
    weights = active.weights.copy()
    bias, slope, shift = active.bias.copy(), active.slope.copy(), active.shift.copy()
    for name, head in moved.items():
        at = active.labels.index(name)
        weights[:, at] = head.weights.astype(np.float16).astype(np.float32)
        bias[at], slope[at], shift[at] = head.bias, head.slope, head.shift
    return Heads(active.labels, weights, bias, slope, shift)


def _card(
    base: Card,
    material: Material,
    name: str,
    trained: Mapping[str, Counts],
    evidence: Mapping[str, Evidence],
) -> Card:
    labels = material.labels
    off = _off(base, trained)
    newest = max(label.decided_at for label in labels)
    own = {"name": OWN_DECISIONS, "rows": len(labels)}
    rows = {
        label: {lang: trained[label].by_lang.get(lang, (0, 0)) for lang in LANGUAGES}
        for label in trained
    }
    return replace(
        base,
        name=name,
        recipe=RECIPE,
        thresholds={**base.thresholds, **{label: e.threshold for label, e in evidence.items()}},
        off=off,
        sources=(*(one for one in base.sources if one["name"] != OWN_DECISIONS), own),
        rows={**base.rows, **rows},
        lexicon=load_lexicon().digest,
        limits=_limits(base, off, labels),
        content_hash="",
        results={},
        base=base.id,
        data_hash=data_hash(labels),
        origins=origins(labels),
        code_version=metadata.version("evenhand"),
        licences=tuple(dict.fromkeys((OWN_DECISIONS, *base.licences))),
        learnt_until=newest.isoformat(),
        proposal={},
    )


def _limits(
    base: Card, off: Mapping[str, tuple[str, ...]], labels: Sequence[Label]
) -> tuple[str, ...]:
    """Say what the candidate may not be trusted with; the base's own limits stand behind."""
    own = [f"Learnt from {len(labels)} decisions of one team: it repeats their mistakes."]
    for lang, names in base.off.items():
        turned = sorted(set(names) - set(off[lang]))
        if turned:
            own.append(f"Off in {lang} until these labels: {', '.join(turned)}.")
    return (*own, *(f"{OF_BASE}{limit.removeprefix(OF_BASE)}" for limit in base.limits))
