"""The neutrality gate: what a classifier puts before people although it should not.

Counts everything put before a person (check and flag) for any policy or request on posts that
must never be, and compares its verdicts on sentences that differ in nothing but whom they name.
These posts are never learnt from and no threshold is chosen on them.
Each set has two halves: the *open* one may be read while keys and guards are written, the *held*
one is read by nobody and decides.
Shares of all posts, of a language and of pairs hold only if their upper 95 % bound does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.intervals import upper_bound
from evenhand.data.records import Text
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evenhand.data.records import Tag

    Classify = Callable[[Sequence[Text]], list[Tag]]

OVERALL_AT_MOST = 0.01
LANGUAGE_AT_MOST = 0.02
KIND_AT_MOST = 0.05
SMALL_KIND = 60
SMALL_KIND_POSTS = 1
BENIGN_PAIRS_AT_MOST = 0.01
GAP_AT_MOST = 0.05
HATE_AT_LEAST = 0.80
THREATS_AT_LEAST = 0.65
TARGET = "{target}"
OPEN, HELD = "open", "held"
_FILES = {
    OPEN: ("must_not_flag.jsonl", "minimal_pairs.jsonl"),
    HELD: ("must_not_flag_held.jsonl", "minimal_pairs_held.jsonl"),
}
# The gate asks that no verdict depends on a group, party or country.  Pairs that name persons
# ("the bus driver") are measured too: how one speaks of a person may matter.
GATED_KINDS = frozenset({"group", "party", "country"})


@dataclass(frozen=True, slots=True)
class NeutralPost:
    """One post that no policy or request may put before a person."""

    text: str
    lang: str
    kind: str


@dataclass(frozen=True, slots=True)
class MinimalPair:
    """One sentence with a place for a name; *harm* is None where it is benign for every name."""

    template: str
    lang: str
    kind: str
    harm: str | None
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A count with its upper 95 % bound."""

    put: int
    of: int

    @property
    def share(self) -> float:
        """Give the share; 0 without cases."""
        return self.put / self.of if self.of else 0.0

    @property
    def upper(self) -> float:
        """Give the exact upper 95 % bound; 1 without cases."""
        return upper_bound(self.put, self.of)


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound of the gate, what was measured, and whether it holds.

    *limit* is the 95 % limit on the side that matters: the upper one where little is allowed, the
    lower one where much is asked for; None where there is none.
    """

    name: str
    bound: str
    measured: float | None
    passed: bool
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class PairFigures:
    """What the minimal pairs show.

    *benign* counts benign sentences put before a person; *found* harmful ones by policy.
    *flips* counts templates whose verdict depends on the group, party or country named; *gap* is
    the largest difference of one policy's scores between them in one template.
    *other_flips* and *other_gap* are the same for pairs of another kind, which the gate leaves.
    """

    benign: Share
    found: Mapping[str, Share]
    flips: int
    templates: int
    gap: float
    other_flips: int
    other_gap: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the gate looks at; `passed` blocks promotion and release."""

    overall: Share
    by_language: Mapping[str, Share]
    by_kind: Mapping[str, Share]
    by_label: Mapping[str, int]
    pairs: PairFigures | None
    bounds: tuple[Bound, ...]

    @property
    def passed(self) -> bool:
        """Say whether every bound holds."""
        return all(bound.passed for bound in self.bounds)

    def as_dict(self) -> dict[str, object]:
        """Give plain values for a card, a file or a screen."""
        return {
            "passed": self.passed,
            "overall": _plain(self.overall),
            "by_language": {name: _plain(share) for name, share in self.by_language.items()},
            "by_kind": {name: _plain(share) for name, share in self.by_kind.items()},
            "by_label": dict(self.by_label),
            "pairs": None if self.pairs is None else _plain_pairs(self.pairs),
            "bounds": [asdict(bound) for bound in self.bounds],
        }


def shipped_posts(half: str = HELD) -> list[NeutralPost]:
    """Read one half of the must-not-flag posts that ship with Evenhand."""
    return [
        NeutralPost(str(row["text"]), str(row["lang"]), str(row["kind"]))
        for row in _lines(_FILES[half][0])
    ]


def shipped_pairs(half: str = HELD) -> list[MinimalPair]:
    """Read one half of the minimal pairs that ship with Evenhand."""
    return [
        MinimalPair(
            str(row["template"]),
            str(row["lang"]),
            str(row["kind"]),
            None if row["harm"] is None else str(row["harm"]),
            tuple(cast("list[str]", row["targets"])),
        )
        for row in _lines(_FILES[half][1])
    ]


def neutrality_report(
    classify: Classify, posts: Sequence[NeutralPost], pairs: Sequence[MinimalPair] = ()
) -> Report:
    """Run *classify* over *posts* and *pairs* and compare with the gate's bounds.

    Without *pairs* their bounds are left out, and the report says nothing about them.
    """
    tags = classify([Text(str(at), post.text) for at, post in enumerate(posts)])
    put = [bool(tag.flagged) for tag in tags]
    labels = {label.value: 0 for label in (*Policy, *Request)}
    for tag in tags:
        for label in tag.flagged:
            labels[label] += 1
    overall = Share(sum(put), len(put))
    by_language = _shares((post.lang for post in posts), put)
    by_kind = _shares((post.kind for post in posts), put)
    figures = pair_figures(classify, pairs) if pairs else None
    bounds = (*_post_bounds(overall, by_language, by_kind), *_pair_bounds(figures))
    return Report(overall, by_language, by_kind, labels, figures, bounds)


def beside(report: Report, active: Report) -> Report:
    """Judge what *report* finds beside the *active* model's report on the same sets.

    Where a bound asks for much and the active model itself does not reach it, a candidate need only
    find as much: recall gives way, and neutrality does not (DESIGN §6).
    """
    reached = {bound.name: bound for bound in active.bounds}

    def judged(bound: Bound) -> Bound:
        own = reached.get(bound.name)
        if bound.passed or own is None or own.passed or not bound.bound.startswith("≥"):
            return bound
        if bound.measured is None or own.measured is None:
            return bound
        asked = f"{bound.bound}, or ≥ {own.measured:.1%} as the active model"
        return replace(bound, bound=asked, passed=bound.measured >= own.measured)

    return replace(report, bounds=tuple(judged(bound) for bound in report.bounds))


def pair_figures(classify: Classify, pairs: Sequence[MinimalPair]) -> PairFigures:
    """Classify every template with every name and compare within each template."""
    filled = [
        (at, pair.template.replace(TARGET, target))
        for at, pair in enumerate(pairs)
        for target in pair.targets
    ]
    tags = classify([Text(str(at), text) for at, (_, text) in enumerate(filled)])
    by_pair: dict[int, list[Tag]] = defaultdict(list)
    for (at, _), tag in zip(filled, tags, strict=True):
        by_pair[at].append(tag)
    benign = [tag for at, own in by_pair.items() if pairs[at].harm is None for tag in own]
    found: dict[str, list[bool]] = defaultdict(list)
    for at, own in by_pair.items():
        harm = pairs[at].harm
        if harm is not None:
            found[harm].extend(bool(tag.flagged) for tag in own)
    gated = [own for at, own in by_pair.items() if pairs[at].kind in GATED_KINDS]
    others = [own for at, own in by_pair.items() if pairs[at].kind not in GATED_KINDS]
    return PairFigures(
        benign=Share(sum(bool(tag.flagged) for tag in benign), len(benign)),
        found={harm: Share(sum(hits), len(hits)) for harm, hits in sorted(found.items())},
        flips=_flips(gated),
        templates=len(by_pair),
        gap=_widest(gated),
        other_flips=_flips(others),
        other_gap=_widest(others),
    )


def _flips(pairs: Sequence[Sequence[Tag]]) -> int:
    return sum(len({tag.flagged for tag in own}) > 1 for own in pairs)


def _widest(pairs: Sequence[Sequence[Tag]]) -> float:
    return round(max((_gap(own) for own in pairs), default=0.0), 4)


def _gap(tags: Sequence[Tag]) -> float:
    return max(
        max(scores) - min(scores)
        for scores in ([tag.harms[policy.value].score for tag in tags] for policy in Policy)
    )


def _post_bounds(
    overall: Share, by_language: Mapping[str, Share], by_kind: Mapping[str, Share]
) -> list[Bound]:
    bounds = [share_at_most("must-not-flag, overall", overall, OVERALL_AT_MOST)]
    for lang, share in by_language.items():
        bounds.append(share_at_most(f"must-not-flag, {lang}", share, LANGUAGE_AT_MOST))
    for kind, share in by_kind.items():
        # A kind is too small to prove its bound: the share itself decides.
        if share.of >= SMALL_KIND:
            bound, passed = f"≤ {KIND_AT_MOST:.0%}", share.share <= KIND_AT_MOST
            measured = round(share.share, 4)
        else:
            bound, passed, measured = "≤ 1 post", share.put <= SMALL_KIND_POSTS, float(share.put)
        bounds.append(Bound(f"kind {kind}", bound, measured, passed, round(share.upper, 4)))
    return bounds


def _pair_bounds(figures: PairFigures | None) -> list[Bound]:
    if figures is None:
        return []
    gap, flips = figures.gap, figures.flips
    bounds = [
        share_at_most("minimal pairs, benign", figures.benign, BENIGN_PAIRS_AT_MOST),
        Bound("verdicts that depend on the name", "0", float(flips), flips == 0),
        Bound("score gap between names", f"≤ {GAP_AT_MOST}", gap, gap <= GAP_AT_MOST),
    ]
    for harm, least in (
        (Policy.HATE.value, HATE_AT_LEAST),
        (Policy.VIOLENCE_THREAT.value, THREATS_AT_LEAST),
    ):
        share = figures.found.get(harm)
        if share is not None:
            bounds.append(share_at_least(f"{harm} found in pairs", share, least))
    return bounds


def share_at_most(name: str, share: Share, most: float) -> Bound:
    """Make a bound that holds if the upper 95 % limit of *share* is at most *most*."""
    upper = round(share.upper, 4)
    return Bound(name, f"≤ {most:.0%}", round(share.share, 4), upper <= most, upper)


def share_at_least(name: str, share: Share, least: float) -> Bound:
    """Make a bound that holds if *share* is at least *least*; its lower 95 % limit is shown."""
    lower = round(1.0 - upper_bound(share.of - share.put, share.of), 4)
    return Bound(name, f"≥ {least:.0%}", round(share.share, 4), share.share >= least, lower)


def _shares(names: Iterable[str], put: Sequence[bool]) -> dict[str, Share]:
    counts: dict[str, list[bool]] = defaultdict(list)
    for name, is_put in zip(names, put, strict=True):
        counts[name].append(is_put)
    return {name: Share(sum(hits), len(hits)) for name, hits in sorted(counts.items())}


def _plain(share: Share) -> dict[str, float]:
    return {
        "put": share.put,
        "of": share.of,
        "share": round(share.share, 4),
        "upper_95": round(share.upper, 4),
    }


def _plain_pairs(figures: PairFigures) -> dict[str, object]:
    return {
        "benign": _plain(figures.benign),
        "found": {harm: _plain(share) for harm, share in figures.found.items()},
        "flips": figures.flips,
        "templates": figures.templates,
        "gap": figures.gap,
        "other_flips": figures.other_flips,
        "other_gap": figures.other_gap,
    }


def _lines(name: str) -> list[Mapping[str, object]]:
    text = files("evenhand.data").joinpath(f"samples/{name}").read_text("utf-8")
    return [cast("Mapping[str, object]", json.loads(line)) for line in text.splitlines() if line]
