"""Score, keys and guards → band: nothing, check or flag.

Both *check* and *flag* put a post before a person.
A score alone never does, for any policy or request: the second key must agree (DESIGN §6).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from evenhand.classifiers.keys import ALONE, DOUBT, DROP, STRONG, WEAK
from evenhand.data.records import Band, Score
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Least thresholds that any retraining may choose: measured in the neutrality study, where 177
# validation posts had put spam at 0.30 and a whole slot of benign posts was flagged.
FLOORS: Mapping[str, float] = {
    label.value: 0.3 if label is Policy.HATE else 0.5 for label in (*Policy, *Request)
}
# What a key of each strength adds to the log-odds of the score: chosen on out-of-fold scores of the
# seeds and on the open half of the neutrality set.  A weak key only opens the
# door; those that stand alone were hardly ever wrong there.
WORTH: Mapping[str, float] = {WEAK: 0.0, STRONG: 0.5, ALONE: 3.0}
# What a language takes from the log-odds of a score: Vietnamese heads learnt from seeds alone, and
# at equal scores put several times as many harmless posts before a person.
HANDICAP: Mapping[str, float] = {"vi": 0.75}
# The score shown where the model is off and only rules and keys speak.
KEY_SCORES: Mapping[str, float] = {WEAK: 0.0, STRONG: 0.6, ALONE: 0.8}
ALWAYS_CHECK = frozenset({Policy.SELF_HARM_RISK.value})


@dataclass(frozen=True, slots=True)
class Signs:
    """All that speaks for and against one label on one text.

    *score* is the model's, None where the model is off for this label and language.
    *strengths* are those of the keys and rules found, *effects* those of the guards.
    *lang* is the language of the text.
    """

    score: float | None
    strengths: Sequence[str] = ()
    effects: Sequence[str] = ()
    lang: str = "en"


def band(label: str, signs: Signs, threshold: float) -> Score:
    """Decide one label.

    *threshold* is raised to the label's floor.
    Without keys the band is nothing, whatever the score; a "drop" guard takes all keys back.
    *puts_at* of what is given is at least a threshold, from the floor up, exactly where that
    threshold would put the post before people: 1 where any would, None where none.
    """
    least = max(threshold, FLOORS[label])
    worth = worth_of(signs.strengths, signs.effects)
    if worth is None:
        return Score(round(signs.score or 0.0, 4), Band.NOTHING)
    best = strongest(signs.strengths)
    if signs.score is None:
        # Nothing is measured against the threshold here: the key alone decides.
        if best == WEAK:
            return Score(0.0, Band.NOTHING)
        return Score(KEY_SCORES[best], Band.CHECK, puts_at=1.0)
    score = with_worth(signs.score, -HANDICAP.get(signs.lang, 0.0))
    puts_at = with_worth(score, worth)
    found = Band.CHECK if puts_at >= least else Band.NOTHING
    sure = best != WEAK and DOUBT not in signs.effects and label not in ALWAYS_CHECK
    if score >= least and sure:
        found = Band.FLAG
    return Score(round(signs.score, 4), found, puts_at)


def worth_of(strengths: Sequence[str], effects: Sequence[str]) -> float | None:
    """Say what these keys and guards add to the log-odds of a score before it meets its threshold.

    None where no score is enough: without keys, with a guard that takes them back, or with a weak
    key in doubt.
    """
    if not strengths or DROP in effects:
        return None
    best = strongest(strengths)
    if DOUBT in effects:
        return None if best == WEAK else 0.0
    return WORTH[best]


def with_worth(score: float, worth: float) -> float:
    """Add *worth* to the log-odds of *score*.

    >>> round(with_worth(0.5, 1.0), 3), with_worth(1.0, 0.5), with_worth(0.0, 1.0)
    (0.731, 1.0, 0.0)
    """
    more = score * exp(worth)
    return more / (more + 1.0 - score)


def strongest(strengths: Sequence[str]) -> str:
    """Name the strongest of *strengths*, which are not none at all."""
    return max(strengths, key=WORTH.__getitem__)
