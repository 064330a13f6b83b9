"""The worded examples of each policy and request, held against what a model makes of them.

The wording tells people what a label means; where the model says otherwise, one of the two is
wrong, and the team should see which.
Misinformation is found by the team's statements alone, so its examples say nothing of a model.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers.judging import BY_STATEMENT
from evenhand.data.records import Band, Text
from evenhand.data.taxonomy import LANGUAGES, Policy, Request, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evenhand.data.records import Score, Tag
    from evenhand.data.taxonomy import Taxonomy

    Classify = Callable[[Sequence[Text]], list[Tag]]

IS, IS_NOT = "is", "is not"
AGREES, DISAGREES, ONLY_BY_STATEMENT = "agrees", "disagrees", "only by statement"
PUT, NOT_PUT = "put before a person", "not put before a person"


@dataclass(frozen=True, slots=True)
class Example:
    """One worded example and what the model made of it.

    *sign* is "is" or "is not"; *expected* what the wording asks for; *verdict* whether the band
    does that, or that only a statement could.
    """

    label: str
    lang: str
    sign: str
    text: str
    score: float
    band: str
    expected: str
    verdict: str


def score_examples(classify: Classify, taxonomy: Taxonomy | None = None) -> list[Example]:
    """Run *classify* over the examples of every policy and request, in the taxonomy's order.

    An example that is meant for a label must be put before a person for it, whether as a check or
    as a flag; one that is not meant for it must not, whatever other label finds it.
    """
    worded = list(_worded(taxonomy or load_taxonomy()))
    tags = classify([Text(str(at), text) for at, (_, _, _, text) in enumerate(worded)])
    return [
        _example(label, lang, sign, text, tag)
        for (label, lang, sign, text), tag in zip(worded, tags, strict=True)
    ]


def disagreements(examples: Sequence[Example]) -> list[Example]:
    """Keep those where wording and model say different things."""
    return [one for one in examples if one.verdict == DISAGREES]


def report(classify: Classify, taxonomy: Taxonomy | None = None) -> dict[str, object]:
    """Give plain values for a card or a screen: how many were scored, and each disagreement."""
    examples = score_examples(classify, taxonomy)
    return {
        "scored": sum(one.verdict != ONLY_BY_STATEMENT for one in examples),
        "only_by_statement": sorted(BY_STATEMENT),
        "disagreements": [asdict(one) for one in disagreements(examples)],
    }


def _worded(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str, str]]:
    for label in (*Policy, *Request):
        entry = taxonomy.entry(label.value)
        for lang in LANGUAGES:
            wording = entry.wording[lang]
            for sign, texts in ((IS, wording.positives), (IS_NOT, wording.negatives)):
                for text in texts:
                    yield label.value, lang, sign, text


def _example(label: str, lang: str, sign: str, text: str, tag: Tag) -> Example:
    found = _score(tag, label)
    put = found.band is not Band.NOTHING
    verdict = AGREES if put == (sign == IS) else DISAGREES
    if label in BY_STATEMENT:
        verdict = ONLY_BY_STATEMENT
    expected = PUT if sign == IS else NOT_PUT
    return Example(label, lang, sign, text, found.score, found.band.value, expected, verdict)


def _score(tag: Tag, label: str) -> Score:
    return tag.harms[label] if label in tag.harms else tag.requests[label]
