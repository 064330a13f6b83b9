"""A model whose thresholds somebody proposed: the weights of another one, to the last bit.

It learnt nothing, so what the other one learnt from, and where it is off, stands in its card too.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.classifiers.shelf import Model

RECIPE = "thresholds"


def with_thresholds(
    active: Model,
    moved: Mapping[str, tuple[float, float]],
    *,
    name: str,
    reason: str,
    proposed_at: datetime,
) -> Model:
    """Give *active* another name and other thresholds.

    *moved* maps each label to its threshold before and after.
    The time is part of the content hash: what was put aside can be proposed again, and a task that
    lost its worker makes the same model as the first time.
    Measurements of *active* are left out, for they hold at its own thresholds.
    """
    shown = ", ".join(
        f"{label} {before:.4f} → {after:.4f}" for label, (before, after) in sorted(moved.items())
    )
    own = f"Thresholds were moved by people, not estimated; weights are those of {active.card.id}"
    card = replace(
        active.card,
        name=name,
        recipe=RECIPE,
        thresholds={**active.card.thresholds, **{each: to for each, (_, to) in moved.items()}},
        limits=(f"{own}: {shown}.", *active.card.limits),
        content_hash="",
        results={},
        base=active.card.id,
        code_version=metadata.version("evenhand"),
        proposal={
            "moved": {label: list(both) for label, both in moved.items()},
            "reason": reason,
            "proposed_at": proposed_at.isoformat(),
        },
    )
    return replace(active, card=card)
