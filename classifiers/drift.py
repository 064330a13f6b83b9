"""Has what comes in changed?  Population stability of inputs, scores and words, alarms both ways.

PSI = Σ (after − before) · ln(after / before) over the shares of each category (Siddiqi 2006: 0.1
is worth a look, 0.2 an alarm), with half a post added to each so that none is empty.
Two samples of one stream differ too: their PSI is about (1/n + 1/m) · χ² with one degree less
than there are categories (Yurdakul 2018), and nothing below its 99.9 % point is called a change.
Profiles are plain counts that can be added up: no text and no word of one is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from math import log
from typing import TYPE_CHECKING

from evenhand.classifiers.features import SIGN_MARK
from evenhand.data.errors import InputError
from evenhand.data.records import Band
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evenhand.classifiers.tagger import Tagger
    from evenhand.data.records import Tag

WATCH_AT, ALARM_AT = 0.1, 0.2
FEWEST_POSTS = 200
CHANCE = 0.999
BINS = 10
# Upper ends of the categories: characters as shown; share of words outside the vocabulary.
LENGTHS = (20, 40, 80, 160, 320, 640, 1_280, 5_000)
UNKNOWN_SHARES = (0.0, 0.05, 0.1, 0.2, 0.4)
STEADY, WATCH, ALARM, UNSHOWN = "steady", "watch", "alarm", "not enough evidence"
UP, DOWN = "up", "down"
LENGTH, LANGUAGE, SOURCE, UNKNOWN_WORDS = "length", "language", "source", "unknown words"
SCORE, PUT = "score: ", "put before people: "
# A label on one post in a hundred may double without moving PSI by 0.01, so PSI is not asked.
RISE = 2.0
_UNORDERED = frozenset({LANGUAGE, SOURCE})
_LABELS = tuple(label.value for label in (*Policy, *Request))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a profile needs of one tagged post.

    *unknown* is the share of its words outside the model's vocabulary, None where its text is
    not held; *put* names the labels that put it before people.
    """

    length: int | None
    source: str
    lang: str
    scores: Mapping[str, float]
    put: frozenset[str]
    unknown: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """How many posts fell into each category of each series: plain counts, no text."""

    series: Mapping[str, Mapping[str, int]]

    def merged(self, other: Profile) -> Profile:
        """Add up two profiles."""
        names = sorted({*self.series, *other.series})
        return Profile(
            {
                name: dict(Counter(self.series.get(name, {})) + Counter(other.series.get(name, {})))
                for name in names
            }
        )

    def as_dict(self) -> dict[str, object]:
        """Give plain values to store."""
        return {name: dict(sorted(counts.items())) for name, counts in self.series.items()}

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Profile:
        """Read what `as_dict` gave.

        Raises:
            InputError: It is no table of counts.
        """
        series: dict[str, dict[str, int]] = {}
        for name, counts in stored.items():
            if not isinstance(counts, dict) or not all(
                isinstance(each, int) and each >= 0 for each in counts.values()
            ):
                msg = f"the stored profile has no counts under {name!r}; make it again"
                raise InputError(msg)
            series[name] = {str(category): n for category, n in counts.items()}
        return cls(series)


@dataclass(frozen=True, slots=True)
class Line:
    """One series compared: *state* is steady, watch, alarm or not enough evidence.

    *direction* says whether the values rose or fell; where categories have no order, whether
    *category*, the one that moved most, did.
    *before* and *after* are the shares of *category*, *posts* the size of both samples.
    A label that puts at least twice or at most half as large a share before people is an alarm
    whatever its PSI, if chance does not explain it, and steady otherwise.
    """

    name: str
    psi: float | None
    state: str
    direction: str
    category: str
    before: float | None
    after: float | None
    posts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drift:
    """Every series compared, in a fixed order."""

    lines: tuple[Line, ...]

    @property
    def alarms(self) -> tuple[Line, ...]:
        """Give the lines that call for a person."""
        return tuple(line for line in self.lines if line.state == ALARM)

    def as_dict(self) -> dict[str, object]:
        """Give plain values for a file or a screen."""
        return {"alarms": len(self.alarms), "lines": [asdict(line) for line in self.lines]}


def seen(tagger: Tagger, tag: Tag, source: str, text: str | None) -> Seen:
    """Take from one tagged post what a profile needs; *text* is None once it is erased."""
    judged = {**tag.harms, **tag.requests}
    return Seen(
        length=None if text is None else len(text),
        source=source,
        lang=tag.lang,
        scores={name: score.score for name, score in judged.items() if name in tagger.judge.heads},
        put=frozenset(name for name, score in judged.items() if score.band is not Band.NOTHING),
        unknown=None if text is None else unknown_share(tagger, text),
    )


def unknown_share(tagger: Tagger, text: str) -> float | None:
    """Compute the share of words outside the vocabulary; None for a text without words."""
    read = [word for word in tagger.reader.read(text).words if word]
    words = [word for word in read if not word.startswith(SIGN_MARK)]
    if not words:
        return None
    return sum(word not in tagger.loaded.features.index for word in words) / len(words)


def profile(rows: Iterable[Seen]) -> Profile:
    """Count *rows*."""
    series: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.length is not None:
            series[LENGTH][_category(row.length, LENGTHS)] += 1
        if row.unknown is not None:
            series[UNKNOWN_WORDS][_category(row.unknown, UNKNOWN_SHARES)] += 1
        series[LANGUAGE][row.lang] += 1
        series[SOURCE][row.source] += 1
        for name, score in row.scores.items():
            series[SCORE + name][str(min(int(score * BINS), BINS - 1))] += 1
        for name in _LABELS:
            series[PUT + name]["1" if name in row.put else "0"] += 1
    return Profile({name: dict(counts) for name, counts in sorted(series.items())})


def report(before: Profile, after: Profile) -> Drift:
    """Compare two profiles series by series."""
    names = sorted({*before.series, *after.series})
    return Drift(
        tuple(
            _line(name, before.series.get(name, {}), after.series.get(name, {})) for name in names
        )
    )


def psi(before: Mapping[str, int], after: Mapping[str, int]) -> float:
    """Compute the population stability index of two counts; 0 means equal shares."""
    categories = sorted({*before, *after})
    first = _shares(categories, before)
    second = _shares(categories, after)
    return sum((b - a) * log(b / a) for a, b in zip(first, second, strict=True))


def _category(value: float, ends: tuple[float, ...]) -> str:
    """Name a category by its place, so that names sort as values do."""
    return str(bisect_left(ends, value))


def _shares(categories: Iterable[str], counts: Mapping[str, int]) -> list[float]:
    smoothed = [counts.get(each, 0) + 0.5 for each in categories]
    return [each / sum(smoothed) for each in smoothed]


def _line(name: str, before: Mapping[str, int], after: Mapping[str, int]) -> Line:
    posts = (sum(before.values()), sum(after.values()))
    if min(posts) < FEWEST_POSTS:
        return Line(name, None, UNSHOWN, "", "", None, None, posts)
    categories = sorted({*before, *after})
    apart = {
        each: after.get(each, 0) / posts[1] - before.get(each, 0) / posts[0] for each in categories
    }
    most = max(categories, key=lambda each: abs(apart[each]))
    if name.startswith(PUT):
        most = "1"
    shares = (before.get(most, 0) / posts[0], after.get(most, 0) / posts[1])
    found = psi(before, after)
    state = _state(found, by_chance(len(categories), posts))
    if name.startswith(PUT):
        changed = _doubled(before.get(most, 0), after.get(most, 0), posts)
        state = ALARM if changed else STEADY
    moved = apart[most] if name in _UNORDERED else sum(int(e) * apart[e] for e in categories)
    direction = "" if state == STEADY else UP if moved > 0 else DOWN
    return Line(name, round(found, 4), state, direction, most, *shares, posts)


def _state(found: float, chance: float) -> str:
    if found <= chance or found < WATCH_AT:
        return STEADY
    return ALARM if found >= ALARM_AT else WATCH


def _doubled(before: int, after: int, posts: tuple[int, int]) -> bool:
    """Say whether a share at least doubled or halved, and chance does not explain it.

    Given their sum, chance alone would divide the cases as the posts are divided (exact binomial
    test).
    """
    from scipy.stats import binomtest  # noqa: PLC0415 - it takes a second, and few need it

    shares = (before / posts[0], after / posts[1])
    if before + after == 0 or max(shares) < RISE * min(shares):
        return False
    test = binomtest(after, before + after, posts[1] / sum(posts))
    return bool(test.pvalue < 1 - CHANCE)


def by_chance(categories: int, posts: tuple[int, int]) -> float:
    """Give the PSI that two samples of one stream exceed once in a thousand times."""
    from scipy.stats import chi2  # noqa: PLC0415 - it takes a second, and few processes need it

    degrees = max(categories - 1, 1)
    return float(chi2.ppf(CHANCE, degrees)) * (1 / posts[0] + 1 / posts[1])
