"""Labels worth a second look: those that a model which never saw them finds hard to believe.

Out-of-fold probabilities go through cleanlab's confident learning (Northcutt, Jiang and Chuang
2021), which knows each label's own rate of mistakes.
A doubt is a question to a person: nothing is changed by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenhand.classifiers.anchored import UNKNOWN, gather, out_of_fold
from evenhand.classifiers.heads import sigmoid
from evenhand.classifiers.labels import fault, in_order
from evenhand.classifiers.training import platt
from evenhand.data.errors import MissingExtra
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from evenhand.classifiers.anchored import Material
    from evenhand.classifiers.labels import Label
    from evenhand.classifiers.shelf import Model

    Finder = Callable[..., NDArray[np.int64]]

EXTRA = "labels"
# Different texts of each kind before a label's own probabilities mean anything.
FEWEST = 20
_JUDGED = tuple(label.value for label in (*Policy, *Request))


@dataclass(frozen=True, slots=True)
class Doubt:
    """One label in doubt: the reviewer said *given*, the model believes that with *p*."""

    post_id: str
    label: str
    given: bool
    p: float


def find(labels: Sequence[Label], active: Model) -> list[Doubt]:
    """List the labels in doubt, least believed first.

    Labels that cannot be used, and policies or requests without a head or with fewer than
    20 texts of either kind, are left out.

    Raises:
        MissingExtra: The extra `labels` is not installed.
    """
    finder = _finder()
    usable = in_order(label for label in labels if fault(label) is None and label.lang in LANGUAGES)
    if not usable:
        return []
    material = gather(active, usable)
    doubts = [
        doubt
        for name in _JUDGED
        if name in active.heads.labels
        for doubt in _doubts(material, name, finder)
    ]
    return sorted(doubts, key=lambda each: (each.p, each.post_id, each.label))


def _finder() -> Finder:
    try:
        from cleanlab.filter import find_label_issues  # noqa: PLC0415 - an optional part
    except ImportError as error:
        raise MissingExtra(EXTRA) from error
    found: Finder = find_label_issues
    return found


def _doubts(material: Material, name: str, finder: Finder) -> list[Doubt]:
    has = material.has(name)
    known = np.flatnonzero((has != UNKNOWN) & material.is_label)
    positive, weight = has[known] == 1, material.weight[known]
    if min(weight[positive].sum(), weight[~positive].sum()) < FEWEST:
        return []
    logits = out_of_fold(material, name, np.ones(len(has), dtype=np.bool_))[known]
    slope, shift = platt(logits, positive, weight)
    yes = sigmoid((logits * slope + shift).astype(np.float32)).astype(np.float64)
    issues = finder(
        labels=positive.astype(int),
        pred_probs=np.column_stack([1 - yes, yes]),
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    return [
        Doubt(
            material.labels[known[at]].post_id,
            name,
            bool(positive[at]),
            round(float(yes[at] if positive[at] else 1 - yes[at]), 4),
        )
        for at in issues
    ]
