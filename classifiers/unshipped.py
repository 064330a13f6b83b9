"""Public sets that no shipped model may learn from, read to measure one.

Their licences are for research, and what they call hate or scam is not quite what a policy here
says: their figures show how a model fares on texts from elsewhere.
Only parts are read that the study behind the word lists did not use to choose anything:
validation parts, or, of a set without one, the tenth that `is_test` names.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from hashlib import sha1
from typing import TYPE_CHECKING

from evenhand.classifiers.corpus import Row
from evenhand.classifiers.training import is_test
from evenhand.data.taxonomy import Policy, Sentiment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Enough that a share is known within two points; more would only take longer.
MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class _Set:
    """How one set is read: labels that mean yes and no to a policy, or name a sentiment."""

    lang: str
    policy: str = ""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    sentiment: bool = False


_SETS: Mapping[str, _Set] = {
    "tweeteval_hate": _Set("en", Policy.HATE.value, frozenset({"hate"}), frozenset({"non-hate"})),
    "tweeteval_sentiment": _Set("en", sentiment=True),
    "vi_vihsd": _Set("vi", Policy.HATE.value, frozenset({"hate"}), frozenset({"clean"})),
    "vi_sms_scam": _Set("vi", Policy.SCAM_FRAUD.value, frozenset({"scam"}), frozenset({"ham"})),
    "vi_vsfc": _Set("vi", sentiment=True),
}


def unshipped_rows(datasets: Path) -> Iterator[Row]:
    """Give the rows of every such set that lies in *datasets*; one that does not is left out."""
    for name, kind in _SETS.items():
        path = datasets / f"{name}.csv.gz"
        if path.is_file():
            yield from _rows(path, name, kind)


def _rows(path: Path, name: str, kind: _Set) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as opened:
        raw = list(csv.DictReader(opened))
    parts = [row for row in raw if row["split"] == "val"]
    made = [_row(row, name, kind) for row in parts or raw]
    kept = [row for row in made if row is not None and (parts or is_test(row))]
    kept.sort(key=lambda row: sha1(row.text.encode(), usedforsecurity=False).digest())
    yield from kept[:MOST_ROWS]


def _row(raw: Mapping[str, str], name: str, kind: _Set) -> Row | None:
    text, label = raw["text"], raw["label"]
    if kind.sentiment:
        known = label in {one.value for one in Sentiment}
        return Row(text, kind.lang, name, frozenset(), frozenset(), label) if known else None
    if label not in kind.yes | kind.no:
        return None
    own = frozenset([kind.policy])
    yes, no = (own, frozenset[str]()) if label in kind.yes else (frozenset[str](), own)
    return Row(text, kind.lang, name, yes, no)
