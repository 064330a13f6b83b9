"""Labels: the team's decisions as training truth, checked, put in order and told apart by text.

Nothing here learns, so that jobs may import it without loading scikit-learn.
The text of a label is untrusted and never appears in a message.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from evenhand.classifiers.text import fold
from evenhand.classifiers.tokens import cut
from evenhand.data.errors import InputError
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

KNOWN_LABELS = frozenset(label.value for label in (*Policy, *Request))
ORIGINS = ("flagged", "learning", "audit", "double", "gold")
# The audit measures what the model misses and gold measures people: neither may teach the model,
# or both would measure what it was told.
NEVER_TRAIN = frozenset({"audit", "gold"})
# The newest fifth of the labels is held out where nobody says otherwise.
HELD_OUT_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Label:
    """One decision as truth: what one reviewer said of one post.

    *yes* and *no* are policies and requests; one in neither is unknown.
    *origin* is one of `ORIGINS`; *reviewer* an opaque id that only the check for suspect
    reviewers reads.
    """

    post_id: str
    text: str
    lang: str
    yes: frozenset[str]
    no: frozenset[str]
    origin: str
    reviewer: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Parts:
    """Labels divided by time: *train* before *cut*, *held_out* from it on.

    *set_aside* counts, by reason, the labels that are in neither.
    """

    train: tuple[Label, ...]
    held_out: tuple[Label, ...]
    cut: datetime
    set_aside: Mapping[str, int]


def truth(name: str, label: Label) -> bool | None:
    """Say whether *label* says yes to *name*; None where it does not tell."""
    if name in label.yes:
        return True
    return False if name in label.no else None


def text_key(text: str) -> str:
    """Name a text so that re-posts of it have the same name: words alone, without accents."""
    words = " ".join(fold(word) for word in cut(text).words)
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fault(label: Label) -> str | None:
    """Say why *label* cannot be used; None where it can."""
    told = label.yes | label.no
    faults = {
        "says yes and no to the same label": bool(label.yes & label.no),
        "says nothing": not told,
        "names a policy or request that is not on the list": not told <= KNOWN_LABELS,
        "has an origin that is not on the list": label.origin not in ORIGINS,
        "has a time without a time zone": label.decided_at.tzinfo is None,
        "has a text without words": not cut(label.text).words,
    }
    return next((reason for reason, is_so in faults.items() if is_so), None)


def divide(
    labels: Sequence[Label], *, cut: datetime | None, learnt_until: datetime | None
) -> Parts:
    """Set unusable labels aside and divide the others at *cut*.

    By default that is where the newest fifth of those that may train begins.
    *learnt_until* is the newest decision that the active model has learnt from: what it knows
    cannot test it.
    A held-out text is no text to train on, whenever somebody labelled it.

    Raises:
        InputError: There is nothing usable, or the cut is not after *learnt_until*.
    """
    faults = [fault(label) for label in labels]
    set_aside = Counter(each for each in faults if each is not None)
    usable = in_order(label for label, each in zip(labels, faults, strict=True) if each is None)
    if not usable:
        msg = f"none of {len(labels)} labels can be used ({dict(set_aside)}); review posts first"
        raise InputError(msg)
    cut = _cut(usable, cut, learnt_until)
    held_out = [each for each in usable if each.decided_at >= cut and each.origin != "gold"]
    older = [each for each in usable if each.decided_at < cut or each.origin == "gold"]
    tested = {text_key(each.text) for each in held_out}
    train = []
    for label in older:
        if label.origin in NEVER_TRAIN:
            set_aside[f"origin {label.origin} never trains"] += 1
        elif label.lang not in LANGUAGES:
            set_aside["its language has no model scores"] += 1
        elif text_key(label.text) in tested:
            set_aside["its text is held out for the back-test"] += 1
        else:
            train.append(label)
    return Parts(tuple(train), tuple(held_out), cut, dict(sorted(set_aside.items())))


def untaught(labels: Iterable[Label], learnt_until: datetime | None) -> tuple[Label, ...]:
    """Give what can test a model that learnt until then: usable, newer, and of no older text.

    Gold is left out as in `divide`: it measures people.
    """
    usable = in_order(label for label in labels if fault(label) is None)
    if learnt_until is None:
        return tuple(label for label in usable if label.origin != "gold")
    taught = {text_key(label.text) for label in usable if label.decided_at <= learnt_until}
    return tuple(
        label
        for label in usable
        if label.decided_at > learnt_until
        and label.origin != "gold"
        and text_key(label.text) not in taught
    )


def in_order(labels: Iterable[Label]) -> list[Label]:
    """Sort *labels* so that the order of handing them in changes nothing."""
    return sorted(labels, key=lambda each: (each.decided_at, _row(each)))


def data_hash(labels: Iterable[Label]) -> str:
    """Hash the rows, whatever their order: the card's proof of what was learnt from."""
    digest = sha256()
    for row in sorted(_row(label) for label in labels):
        digest.update(row.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def shares(labels: Sequence[Label]) -> list[float]:
    """Give each label its share of its text, so that ten copies of a text count as one."""
    counts = Counter(keys := [text_key(label.text) for label in labels])
    return [1.0 / counts[key] for key in keys]


def origins(labels: Iterable[Label]) -> dict[str, dict[str, int]]:
    """Count labels by origin and language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for label in labels:
        counts[label.origin][label.lang] += 1
    return {origin: dict(sorted(own.items())) for origin, own in sorted(counts.items())}


def _cut(usable: Sequence[Label], cut: datetime | None, learnt_until: datetime | None) -> datetime:
    if cut is None:
        newer = [e for e in usable if learnt_until is None or e.decided_at > learnt_until]
        if not newer:
            msg = "no label is newer than what the active model learnt from; review posts first"
            raise InputError(msg)
        # Audits test and never train: many of them at the end would leave little to learn from.
        training = [each for each in usable if each.origin not in NEVER_TRAIN] or usable
        at = min(int(len(training) * (1 - HELD_OUT_SHARE)), len(training) - 1)
        return max(training[at].decided_at, newer[0].decided_at)
    if cut.tzinfo is None:
        msg = "the cut has no time zone; give it as UTC"
        raise InputError(msg)
    if learnt_until is not None and cut <= learnt_until:
        msg = (
            f"the active model learnt from decisions until {learnt_until.isoformat()}; "
            "hold out decisions after that time"
        )
        raise InputError(msg)
    return cut


def _row(label: Label) -> str:
    fields = (
        label.decided_at.isoformat(),
        label.post_id,
        label.reviewer,
        label.origin,
        label.lang,
        sorted(label.yes),
        sorted(label.no),
        label.text,
    )
    return json.dumps(fields)
