"""What a model of everybody else's labels says of each reviewer's posts.

Reviewers are left out in groups, so that no prediction was learnt from the reviewer whom it is
held against.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from evenhand.classifiers.anchored import move
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evenhand.classifiers.anchored import Material
    from evenhand.classifiers.labels import Label

GROUPS = 5
# Positive and negative texts by others before their labels move a head for this comparison.
FEWEST = 20
# Log-odds of 0.7.
SURE = 0.85
_JUDGED = tuple(label.value for label in (*Policy, *Request))


def others_say(material: Material) -> list[dict[str, bool]]:
    """Predict each label's policies and requests without the labels of its reviewer.

    Only what that model is sure of is said: in between, two careful people differ.
    A head that is off in the text's language is asked only where others taught it that language.
    """
    says: list[dict[str, bool]] = [{} for _ in material.labels]
    group = _groups(material.labels)
    langs = np.array([label.lang for label in material.labels], dtype=np.str_)
    for name in (label for label in material.active.heads.labels if label in _JUDGED):
        for number in sorted(set(group.tolist())):
            out = group == number
            yes, asked = _predicted(material, name, out, langs)
            for at in np.flatnonzero(out & asked):
                says[at][name] = bool(yes[at])
    return says


def _predicted(
    material: Material, name: str, out: NDArray[np.bool_], langs: NDArray[np.str_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each label yes or no, and whether the answer may be asked for."""
    n, has = len(material.labels), material.has(name)
    others = has[:n][~out]
    scores = material.logits(name)[:n]
    learns = min((others == 1).sum(), (others == 0).sum()) >= FEWEST
    if learns:
        rows = np.concatenate([~out, np.ones(len(material.seeds), dtype=np.bool_)])
        scores = scores + move(material, name, rows).logits(material.features[:n])
    asked = np.abs(scores) >= SURE
    for lang, names in material.active.card.off.items():
        if name in names and not (
            learns and ((has[:n] == 1) & ~out & (langs == lang)).sum() >= FEWEST
        ):
            asked &= langs != lang
    return scores > 0, asked


def _groups(labels: Sequence[Label]) -> NDArray[np.int64]:
    """Deal the reviewers out, those with most labels first; each label gets its group."""
    counts = Counter(label.reviewer for label in labels)
    ordered = sorted(counts, key=lambda reviewer: (-counts[reviewer], reviewer))
    group_of = {reviewer: at % GROUPS for at, reviewer in enumerate(ordered)}
    return np.array([group_of[label.reviewer] for label in labels], dtype=np.int64)
