"""Labelled texts to learn from: the public sets whose licence lets weights be shipped, and seeds.

A row says for each label yes, no or nothing: what a set does not label stays out of that label's
training, save that sets of another kind serve as its negatives (without them a head flags every
post that is not from its own set).
"""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass, replace
from hashlib import sha1, sha256
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.language import english_words
from evenhand.classifiers.text import fold
from evenhand.classifiers.tokens import cut
from evenhand.data.errors import InputError
from evenhand.data.taxonomy import Policy, Request, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

SEED_WEIGHT = 10.0
FOLDED_WEIGHT = 3.0
# Rows drawn per set: enough that another thousand moves no held-out figure by a point, few
# enough that training stays within minutes on one core.
DRAWN = {
    "davidson_hate_offensive": 9_000,
    "sms_spam": 4_000,
    "sms_phishing": 4_200,
    "youtube_spam": 1_500,
    "crisislex_t26": 9_000,
    "crisislex_t6": 4_000,
    "banking77": 2_500,
    "clinc150": 2_500,
    "goemotions": 14_000,
}
HARMS = tuple(
    policy.value
    for policy in (
        Policy.SCAM_FRAUD,
        Policy.SPAM,
        Policy.HARASSMENT,
        Policy.HATE,
        Policy.VIOLENCE_THREAT,
        Policy.SELF_HARM_RISK,
        Policy.DOXXING,
    )
)
REQUESTS = tuple(request.value for request in Request)
# What seeds may be labelled with.
SEEDED = (*HARMS, *REQUESTS)
SEEDS = "seeds"
OWN_SEEDS = "the project's own"
TOPICS = tuple(topic.value for topic in Topic if topic is not Topic.OTHER)

_POSITIVE = frozenset(
    ["admiration", "amusement", "excitement", "gratitude", "joy", "love", "optimism", "pride"]
)
_NEGATIVE = frozenset(
    ["anger", "annoyance", "disappointment", "disgust", "fear", "grief", "remorse", "sadness"]
)
_CROSS = frozenset(["anger", "annoyance", "disapproval", "disgust"])
_OTHER_EVENTS = ("Costa_Rica", "Guatemala", "Italy", "Venezuela", "Brazil", "Sardinia", "Spain")


@dataclass(frozen=True, slots=True)
class Row:
    """One text to learn from.

    *yes* and *no* are labels, topics as "topic:…"; a label in neither is unknown.
    *sentiment* is None where it is unknown or not to be learnt (civic).
    """

    text: str
    lang: str
    source: str
    yes: frozenset[str]
    no: frozenset[str]
    sentiment: str | None = None
    weight: float = 1.0


def read_corpus(datasets: Path) -> list[Row]:
    """Read seeds and every set that `DRAWN` names, each text once.

    Raises:
        InputError: A set is missing, or its licence does not let weights be shipped.
    """
    allowed = shippable(datasets / "README.md")
    rows = list(seed_rows())
    seen = {_key(row.text) for row in rows}
    for name in DRAWN:
        if name not in allowed:
            msg = f"{name} is not marked `weights: yes` in {datasets.name}/README.md; leave it out"
            raise InputError(msg)
        for row in set_rows(datasets, name):
            key = _key(row.text)
            if key not in seen:
                seen.add(key)
                rows.append(row)
    return rows


def shippable(readme: Path) -> frozenset[str]:
    """Parse the table of *readme*: the sets whose `weights` column says yes.

    Raises:
        InputError: The file has no such table.
    """
    return frozenset(name for name, cells in _sets(readme).items() if cells["weights"] == "yes")


def licences(readme: Path) -> dict[str, str]:
    """Parse the table of *readme*: each set's licence, empty where it names none.

    Raises:
        InputError: The file has no such table.
    """
    return {name: cells.get("licence", "") for name, cells in _sets(readme).items()}


def rows_hash(rows: Iterable[Row]) -> str:
    """Hash all that is learnt from *rows*, whatever their order: a card's proof of its data."""
    lines = [
        json.dumps(
            [r.source, r.lang, sorted(r.yes), sorted(r.no), r.sentiment, r.weight, r.text],
        )
        for r in rows
    ]
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _sets(readme: Path) -> dict[str, dict[str, str]]:
    """Read the table of data sets: the cells of each set by column."""
    try:
        lines = readme.read_text("utf-8").splitlines()
    except OSError as error:
        msg = f"{readme.name} beside the data sets cannot be read; it names their licences"
        raise InputError(msg) from error
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    head = next((cells for cells in table if "weights" in cells and "file" in cells), None)
    if head is None:
        msg = f"{readme.name} has no table with the columns `file` and `weights`"
        raise InputError(msg)
    named = [dict(zip(head, cells, strict=False)) for cells in table]
    return {
        cells["file"].removesuffix(".csv.gz"): cells
        for cells in named
        if cells.get("file", "").endswith(".csv.gz") and "weights" in cells
    }


def seed_rows() -> Iterator[Row]:
    """Give the seed posts; Vietnamese ones a second time without accents."""
    path = files("evenhand.data").joinpath("samples/seeds.jsonl")
    labelled = frozenset(SEEDED)
    topics = frozenset(f"topic:{topic}" for topic in TOPICS)
    for line in path.read_text("utf-8").splitlines():
        seed = cast("Mapping[str, object]", json.loads(line))
        own = frozenset(cast("list[str]", seed["labels"])) & labelled
        own |= frozenset([f"topic:{seed['topic']}"]) & topics
        row = Row(
            text=str(seed["text"]),
            lang=str(seed["lang"]),
            source=SEEDS,
            yes=own,
            no=(labelled | topics) - own,
            sentiment=cast("str | None", seed["sentiment"]),
            weight=SEED_WEIGHT,
        )
        yield row
        if row.lang == "vi" and fold(row.text) != row.text:
            yield replace(row, text=fold(row.text), weight=FOLDED_WEIGHT)


def set_rows(datasets: Path, name: str) -> Iterator[Row]:
    """Give the drawn rows of one set, labelled; the draw depends on the texts alone."""
    path = datasets / f"{name}.csv.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as opened:
            raw = [row for row in csv.DictReader(opened) if row["split"] == "train"]
    except OSError as error:
        msg = f"{path.name} cannot be read from {datasets.name}; put the data sets there"
        raise InputError(msg) from error
    raw.sort(key=lambda row: sha1(row["text"].encode(), usedforsecurity=False).digest())
    if name == "davidson_hate_offensive":
        raw.sort(key=lambda row: row["label"] != "hate")
    for row in raw[: DRAWN[name]]:
        yield _LABELLERS[name](row)


def _row(  # noqa: PLR0913 - one call per set, each naming what it knows
    row: Mapping[str, str],
    source: str,
    *,
    yes: frozenset[str] = frozenset(),
    unknown: frozenset[str] = frozenset(),
    lang: str = "en",
    sentiment: str | None = None,
    topics: bool = False,
) -> Row:
    labels = frozenset(HARMS) | frozenset(f"topic:{topic}" for topic in TOPICS if topics)
    return Row(row["text"], lang, source, yes, labels - yes - unknown, sentiment)


def _davidson(row: Mapping[str, str]) -> Row:
    source, threat = "davidson_hate_offensive", frozenset([Policy.VIOLENCE_THREAT.value])
    if row["label"] == "hate":
        both = frozenset([Policy.HATE.value])
        return _row(row, source, yes=both, unknown=threat | {Policy.HARASSMENT.value})
    if row["label"] == "offensive":
        words = set(cut(row["text"]).words)
        addressed = bool(words & {"you", "your", "you're", "ur", "u", "she", "he", "her", "him"})
        yes = frozenset([Policy.HARASSMENT.value]) if addressed else frozenset()
        return _row(row, source, yes=yes, unknown=threat | {Policy.HARASSMENT.value})
    return _row(row, source)


def _spam(row: Mapping[str, str]) -> Row:
    spam = frozenset([Policy.SPAM.value])
    scam = frozenset([Policy.SCAM_FRAUD.value])
    if row["label"] == "spam":
        return _row(row, "sms_spam", yes=spam, unknown=scam)
    return _row(row, "sms_spam")


def _youtube(row: Mapping[str, str]) -> Row:
    yes = frozenset([Policy.SPAM.value]) if row["label"] == "spam" else frozenset()
    return _row(row, "youtube_spam", yes=yes)


def _phishing(row: Mapping[str, str]) -> Row:
    spam, scam = frozenset([Policy.SPAM.value]), frozenset([Policy.SCAM_FRAUD.value])
    if row["label"] == "smishing":
        return _row(row, "sms_phishing", yes=scam, unknown=spam)
    return _row(row, "sms_phishing", yes=spam if row["label"] == "spam" else frozenset())


def _crisis_26(row: Mapping[str, str]) -> Row:
    foreign = any(name in row["event"] for name in _OTHER_EVENTS)
    english = english_words(cut(row["text"]).words)
    lang = "en" if english > 1 else "other" if foreign and english == 0 else "und"
    return _crisis(row, "crisislex_t26", row["label"].startswith("Related"), lang)


def _crisis_6(row: Mapping[str, str]) -> Row:
    return _crisis(row, "crisislex_t6", row["label"] == "on-topic", "en")


def _crisis(row: Mapping[str, str], source: str, related: bool, lang: str) -> Row:  # noqa: FBT001 - inner
    disaster = "topic:disaster"
    labelled = _row(row, source, lang=lang)
    if related:
        return replace(labelled, yes=frozenset([disaster]))
    return replace(labelled, no=labelled.no | {disaster})


def _intent(source: str) -> Callable[[Mapping[str, str]], Row]:
    def label(row: Mapping[str, str]) -> Row:
        bank = frozenset(["topic:economy"]) if source == "banking77" else frozenset()
        return _row(row, source, yes=bank)

    return label


def _emotions(row: Mapping[str, str]) -> Row:
    named = frozenset(row["label"].replace("|", ",").replace(";", ",").split(","))
    positive, negative = bool(named & _POSITIVE), bool(named & _NEGATIVE)
    sentiment = None
    if positive != negative:
        sentiment = "positive" if positive else "negative"
    elif named == {"neutral"}:
        sentiment = "neutral"
    unknown = frozenset([Policy.HATE.value, Policy.HARASSMENT.value]) if named & _CROSS else None
    made = _row(row, "goemotions", unknown=unknown or frozenset(), sentiment=sentiment)
    # Whom a question is put to, no set says: its questions teach nothing about ours.
    if "?" in row["text"]:
        return made
    return replace(made, no=made.no | frozenset(REQUESTS))


_LABELLERS: dict[str, Callable[[Mapping[str, str]], Row]] = {
    "davidson_hate_offensive": _davidson,
    "sms_spam": _spam,
    "sms_phishing": _phishing,
    "youtube_spam": _youtube,
    "crisislex_t26": _crisis_26,
    "crisislex_t6": _crisis_6,
    "banking77": _intent("banking77"),
    "clinc150": _intent("clinc150"),
    "goemotions": _emotions,
}


def _key(text: str) -> str:
    return " ".join(text.lower().split())
