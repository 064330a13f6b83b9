"""The gate's bounds that need labelled sets: they are reported where those sets are at hand.

A workspace has no such sets, so these bounds block no promotion; a release is held to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.classifiers.corpus import SEEDS
from evenhand.classifiers.neutrality import Bound, Share, share_at_least
from evenhand.classifiers.training import truth
from evenhand.data.records import Band
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.classifiers.corpus import Row
    from evenhand.data.records import Tag

HARASSMENT_PRECISION_AT_LEAST = 0.80
FOUND_AT_LEAST = 0.85
SPAM_FALSE_AT_MOST = 0.01
SCAM_FALSE_AT_MOST = 0.04
# Only where these labels are at home: rows of other sets are easy to leave alone and would hide
# false alarms.  In the phishing set spam counts as a false alarm for scam.
SPAM_SETS = frozenset({"sms_spam", "sms_phishing", "youtube_spam"})
SCAM_SETS = frozenset({"sms_phishing"})
HARASSMENT_SETS = frozenset({"davidson_hate_offensive", SEEDS})


def labelled_bounds(rows: Sequence[Row], tags: Sequence[Tag]) -> tuple[Bound, ...]:
    """Compare *tags*, which a tagger gave to held-out *rows*, with the labelled bounds.

    A bound whose sets are not among the rows is left out.
    """
    both = list(zip(rows, tags, strict=True))
    bounds = []
    for label, sets, most in (
        (Policy.SPAM.value, SPAM_SETS, SPAM_FALSE_AT_MOST),
        (Policy.SCAM_FRAUD.value, SCAM_SETS, SCAM_FALSE_AT_MOST),
    ):
        own = [(row, tag) for row, tag in both if row.source in sets]
        found, false = _shares(label, own)
        if found.of:
            bounds.append(share_at_least(f"{label} found, English sets", found, FOUND_AT_LEAST))
        if false.of:
            bounds.append(_share_itself_at_most(f"{label} false alarms, English sets", false, most))
    own = [(row, tag) for row, tag in both if row.source in HARASSMENT_SETS]
    if any(row.source != SEEDS for row, _ in own):
        precise = _precision(Policy.HARASSMENT.value, own)
        bounds.append(
            share_at_least("harassment precision", precise, HARASSMENT_PRECISION_AT_LEAST)
        )
    return tuple(bounds)


def _shares(label: str, own: Sequence[tuple[Row, Tag]]) -> tuple[Share, Share]:
    """Count what was put before a person of the rows with the label, and of those without."""
    counts = {True: [0, 0], False: [0, 0]}
    for row, tag in own:
        has = truth(label, row)
        if has is not None:
            counts[has][0] += _is_put(tag, label)
            counts[has][1] += 1
    return Share(*counts[True]), Share(*counts[False])


def _precision(label: str, own: Sequence[tuple[Row, Tag]]) -> Share:
    put = [truth(label, row) for row, tag in own if _is_put(tag, label)]
    return Share(put.count(True), put.count(True) + put.count(False))


def _is_put(tag: Tag, label: str) -> bool:
    return tag.harms[label].band is not Band.NOTHING


def _share_itself_at_most(name: str, share: Share, most: float) -> Bound:
    """Make a bound that the share itself must hold: these sets are too small to prove it."""
    measured, upper = round(share.share, 4), round(share.upper, 4)
    return Bound(name, f"≤ {most:.0%}", measured, measured <= most, upper)
