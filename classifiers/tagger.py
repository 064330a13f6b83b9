"""Texts in, tags out: the one place where features, heads, keys, guards and bands meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers import shelf
from evenhand.classifiers.heads import by_label
from evenhand.classifiers.judging import Judge
from evenhand.classifiers.language import KNOWN, identify
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.reasons import contributions, language_reason, model_reasons
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.topics import is_civic, topics_of
from evenhand.data.records import Tag
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from scipy import sparse

    from evenhand.classifiers.judging import Verdict
    from evenhand.classifiers.reading import Reading
    from evenhand.classifiers.shelf import Model
    from evenhand.classifiers.signs import Read
    from evenhand.classifiers.statements import Statement
    from evenhand.data.records import Reason, Text

BATCH = 500
LANGUAGE_PREFIX = "lang:"
_POLICIES = tuple(policy.value for policy in Policy)
_REQUESTS = tuple(request.value for request in Request)


@dataclass(frozen=True, slots=True)
class _Said:
    """What describes a text; *sentiment* is None where it is civic."""

    lang: str
    topics: Mapping[str, float]
    sentiment: Mapping[str, float] | None


@dataclass(frozen=True)
class Tagger:
    """A loaded model with its lexicon; the same texts always get the same tags.

    *statements* is the team's fact list; *thresholds* the workspace's own, which replace the
    card's where given and can never go below the floors.
    """

    loaded: Model
    reader: Reader
    judge: Judge

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        *,
        statements: Sequence[Statement] = (),
        thresholds: Mapping[str, float] | None = None,
    ) -> Tagger:
        """Load the model in *path*; None means the one that ships with Evenhand.

        Raises:
            ArtefactAltered: The model is not what its card records.
        """
        return cls.of(shelf.load(path), statements=statements, thresholds=thresholds)

    @classmethod
    def of(
        cls,
        model: Model,
        *,
        statements: Sequence[Statement] = (),
        thresholds: Mapping[str, float] | None = None,
    ) -> Tagger:
        """Make a tagger of a model that is already in memory."""
        lexicon = load_lexicon()
        judge = Judge(
            thresholds={**model.card.thresholds, **(thresholds or {})},
            off={lang: frozenset(labels) for lang, labels in model.card.off.items()},
            heads=frozenset(model.card.labels),
            statements=tuple(statements),
        )
        return cls(model, Reader.of(lexicon), judge)

    @property
    def model(self) -> str:
        """Name the version; a "+…" is added where the word lists are not those of training."""
        card = self.loaded.card
        digest = self.reader.lexicon.digest
        return card.id if card.lexicon == digest else f"{card.id}+{digest[:6]}"

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Tag *texts*: one tag per text, in the same order."""
        tags: list[Tag] = []
        for start in range(0, len(texts), BATCH):
            tags.extend(self._batch(texts[start : start + BATCH]))
        return tags

    def _batch(self, texts: Sequence[Text]) -> list[Tag]:
        found = [self.reader.read(text.text, key=text.id, mark=text.lang) for text in texts]
        readings = [one.reading for one in found]
        rows = self.loaded.features.rows([one.words for one in found])
        scores = by_label(self.loaded.heads, self.loaded.heads.scores(rows))
        langs = [self._language(*pair) for pair in zip(readings, scores, strict=True)]
        # What a text in another language is about cannot be told: in doubt it is civic.
        civic = [
            lang not in KNOWN or is_civic(reading, own)
            for reading, own, lang in zip(readings, scores, langs, strict=True)
        ]
        sentiments = self._sentiments(rows, civic)
        tags = []
        for at, reading in enumerate(readings):
            verdict = self.judge.judge(found[at], langs[at], scores[at])
            reasons = list(verdict.reasons)
            if verdict.explained:
                reasons.extend(self._explain(found[at], verdict, rows[at]))
            if langs[at] not in KNOWN:
                reasons.append(language_reason(langs[at]))
            said = _Said(langs[at], topics_of(reading, scores[at]), sentiments.get(at))
            tags.append(_tag(reading.id, said, verdict, reasons, self.model))
        return tags

    def _explain(self, found: Read, verdict: Verdict, row: sparse.csr_matrix) -> Iterator[Reason]:
        for label in verdict.explained:
            weights = self.loaded.heads.weights_of(label, row.indices)
            shares = contributions(self.loaded.features, found, row, weights)
            yield from model_reasons(label, found.reading, shares)

    def _sentiments(
        self, rows: sparse.csr_matrix, civic: Sequence[bool]
    ) -> dict[int, dict[str, float]]:
        """Compute sentiment for the rows that are not civic, and for no other."""
        chosen = [at for at, is_so in enumerate(civic) if not is_so]
        if not chosen:
            return {}
        shares = self.loaded.sentiment.softmax(rows[chosen])
        labels = self.loaded.sentiment.labels
        return {
            at: {label: round(float(share), 4) for label, share in zip(labels, row, strict=True)}
            for at, row in zip(chosen, shares, strict=True)
        }

    def _language(self, reading: Reading, scores: Mapping[str, float]) -> str:
        if reading.vietnamese:
            return "vi"
        own = {lang: scores.get(LANGUAGE_PREFIX + lang, 0.0) for lang in KNOWN}
        return identify(reading.tokens.clean.low, reading.tokens.words, own, reading.mark)


def _tag(key: str, said: _Said, verdict: Verdict, reasons: Sequence[Reason], model: str) -> Tag:
    sentiment = said.sentiment
    return Tag(
        id=key,
        lang=said.lang,
        topics=said.topics,
        civic=sentiment is None,
        sentiment=None if sentiment is None else max(sentiment, key=sentiment.__getitem__),
        sentiment_scores=sentiment,
        harms={label: verdict.scores[label] for label in _POLICIES},
        requests={label: verdict.scores[label] for label in _REQUESTS},
        reasons=tuple(reasons),
        model=model,
    )
