"""Whether what was read is like what came in, what could not be read, and what waves spared."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log2, sqrt
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.measures.figures import LEAST_N, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evenhand.data.store.gaps import ReadDays
    from evenhand.data.store.waves_counted import Behind

# The share of draws by chance alone that stay below the limit that is told beside a distance.
BY_CHANCE = 0.95


@dataclass(frozen=True, slots=True)
class Distance:
    """How far what was reviewed is from what came in, 0-1; None under 30 reviewed.

    *by_chance* is what 95 in 100 draws of so many at random from what came in stay below.
    """

    value: float | None
    by_chance: float | None
    n: int
    of: int


def representativeness(reviewed: Mapping[str, int], came: Mapping[str, int]) -> Distance:
    """How far the mix of the decided items is from the mix of what came in, from 0 to 1.

    The Jensen-Shannon distance (base 2) between the shares of languages, of sources or of the hours
    (UTC) in which posts were written: 0 is the same mix, 1 has nothing in common.
    It compares flagged items that are decided with all posts that came in, which differ already
    where harm is not the same everywhere; items of random draws are left out.
    Beside it stands what 95 in 100 random draws of as many would stay below: a distance under that
    says nothing.
    Blank under 30 decided items.
    Source: Lin, Divergence Measures Based on the Shannon Entropy (1991).
    """
    n, of = sum(reviewed.values()), sum(came.values())
    if n < LEAST_N or not of:
        return Distance(None, None, n, of)
    divergence = 0.0
    for key in reviewed.keys() | came.keys():
        ours, theirs = reviewed.get(key, 0) / n, came.get(key, 0) / of
        both = (ours + theirs) / 2
        divergence += sum(one * log2(one / both) / 2 for one in (ours, theirs) if one)
    return Distance(sqrt(max(0.0, divergence)), _by_chance(n, sum(map(bool, came.values()))), n, of)


def _by_chance(n: int, kinds: int) -> float:
    """Give the distance that draws at random stay below.

    For small differences the divergence in bits is Pearson's chi-squared / (8 n ln 2).
    """
    # It takes a quarter of a second to load, and few pages need it.
    from scipy.special import chdtri  # noqa: PLC0415 - see above

    if kinds == 1:
        return 0.0
    return min(1.0, sqrt(float(chdtri(kinds - 1, 1 - BY_CHANCE)) / (8 * n * log(2))))


def collection_coverage(sources: Iterable[ReadDays]) -> Share:
    """Days on which a source was read without a gap, of the days on which it was to be read.

    Each source counts for each day of the window from the one on which it was put in; files are
    read once and are left out.
    A day with a gap counts as not read, however short the gap, and so do the days since a source
    was last read; a source that is paused now is left out.
    What a platform held back without saying so is not seen.
    These are all days and no sample, so there is no interval; under 30 only the counts are shown.
    """
    rows = list(sources)
    of = sum(one.days for one in rows)
    return Share(of - sum(one.with_gap for one in rows), of)


def wave_savings(posts: Share, behind: Behind) -> Share:
    """Decisions that waves spared: 1 - decisions / posts decided.

    Of the flagged posts put before people in the window that are decided, those that were decided
    with the item of another post.
    They are decided together, so there is no interval; under 30 only the counts are shown.
    """
    return Share(behind.decided, posts.part)
