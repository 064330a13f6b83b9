"""Score, keys and guards → band: nothing, check or flag.

Both *check* and *flag* put a post before a person.
A score alone never does, for any policy or request: the second key must agree (DESIGN §6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers.keys import ALONE, DOUBT, DROP, STRONG
from evenhand.data.records import Band, Score
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Least thresholds that any retraining may choose: measured in the neutrality study, where 177
# validation posts had put spam at 0.30 and a whole slot of benign posts was flagged.
FLOORS: Mapping[str, float] = {
    label.value: 0.3 if label is Policy.HATE else 0.5 for label in (*Policy, *Request)
}
# A strong key needs half of the flag's score for a check, a weak key the whole.
CHECK_SHARE = 0.5
# The score shown where the model is off and only rules and keys speak.
KEY_SCORES = {"weak": 0.0, "strong": 0.6, "alone": 0.8}
ALWAYS_CHECK = frozenset({Policy.SELF_HARM_RISK.value})


@dataclass(frozen=True, slots=True)
class Signs:
    """All that speaks for and against one label on one text.

    *score* is the model's, None where the model is off for this label and language.
    *strengths* are those of the keys and rules found, *effects* those of the guards.
    """

    score: float | None
    strengths: Sequence[str] = ()
    effects: Sequence[str] = ()


def band(label: str, signs: Signs, threshold: float) -> Score:
    """Decide one label.

    *threshold* is raised to the label's floor.
    Without keys the band is nothing, whatever the score; a "drop" guard takes all keys back.
    """
    least = max(threshold, FLOORS[label])
    if not signs.strengths or DROP in signs.effects:
        return Score(round(signs.score or 0.0, 4), Band.NOTHING)
    found = _undoubted(signs, least)
    if found is Band.FLAG and (DOUBT in signs.effects or label in ALWAYS_CHECK):
        found = Band.CHECK
    elif found is Band.CHECK and DOUBT in signs.effects:
        found = Band.NOTHING
    shown = max(signs.score or 0.0, *(KEY_SCORES[each] for each in signs.strengths))
    return Score(round(shown if found is not Band.NOTHING else signs.score or 0.0, 4), found)


def _undoubted(signs: Signs, least: float) -> Band:
    strong = STRONG in signs.strengths or ALONE in signs.strengths
    if signs.score is None:
        return Band.CHECK if strong else Band.NOTHING
    if signs.score >= least:
        return Band.FLAG if strong else Band.CHECK
    if ALONE in signs.strengths or (strong and signs.score >= least * CHECK_SHARE):
        return Band.CHECK
    return Band.NOTHING
