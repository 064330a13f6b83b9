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
_JUDGED = tuple(label.value for label in (*Policy, *Request))


def others_say(material: Material) -> list[dict[str, bool]]:
    """Predict each label's policies and requests without the labels of its reviewer.

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
    n, heads = len(material.labels), material.active.heads
    has, at = material.has(name), heads.labels.index(name)
    others = has[:n][~out]
    margins = material.margins(name)[:n]
    learns = min((others == 1).sum(), (others == 0).sum()) >= FEWEST
    if learns:
        rows = np.concatenate([~out, np.ones(len(material.seeds), dtype=np.bool_)])
        margins = margins + move(material, name, rows).margins(material.features[:n])
    asked = np.ones(n, dtype=np.bool_)
    for lang, names in material.active.card.off.items():
        if name in names and not (
            learns and ((has[:n] == 1) & ~out & (langs == lang)).sum() >= FEWEST
        ):
            asked &= langs != lang
    yes = margins * heads.slope[at] + heads.shift[at] > 0
    return yes, asked


def _groups(labels: Sequence[Label]) -> NDArray[np.int64]:
    """Deal the reviewers out, those with most labels first; each label gets its group."""
    counts = Counter(label.reviewer for label in labels)
    ordered = sorted(counts, key=lambda reviewer: (-counts[reviewer], reviewer))
    group_of = {reviewer: at % GROUPS for at, reviewer in enumerate(ordered)}
    return np.array([group_of[label.reviewer] for label in labels], dtype=np.int64)
