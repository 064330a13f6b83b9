"""The chapters of a transparency report, made from what was read; no language and no file yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import reports_figures as figures
from evenhand.dashboard.jobs import reports_means, reports_missed
from evenhand.dashboard.jobs.measures.agreement import Rating, agreement
from evenhand.dashboard.jobs.quality import CATEGORIES
from evenhand.dashboard.jobs.reports_parts import (
    Chapter,
    Table,
    coefficient,
    count,
    hours,
    share,
)
from evenhand.data.records import Outcome, Recipient, ResponseKind
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.reports_facts import Facts
    from evenhand.dashboard.jobs.reports_parts import Cell
    from evenhand.data.store.report_items import ItemThen

LABELS = tuple(one.value for one in (*Policy, *Request))
OUTCOMES = tuple(one.value for one in Outcome)
SIDES = ("affected", "team")
PASSED = ResponseKind.PASSED_TO_SERVICE.value
SHARE_COLUMNS = ("part", "n", "share", "low", "high")


def chapters(facts: Facts) -> tuple[Chapter, ...]:
    """Make all chapters in their order."""
    return tuple(
        make(facts)
        for make in (
            _arrived,
            _decided,
            _precision,
            reports_missed.missed,
            _times,
            _answered,
            _appeals,
            _agreement,
            reports_means.means,
            reports_means.statements,
            reports_means.kept,
            reports_means.numbers,
            reports_means.ledger,
        )
    )


def _arrived(facts: Facts) -> Chapter:
    posts = facts.posts
    langs = [
        (lang, posts.langs.get(lang, 0), facts.readers.get(lang))
        for lang in _most({**dict.fromkeys(facts.readers, 0), **posts.langs})
    ]
    flags = sorted(facts.flags.items(), key=lambda pair: (_place(pair[0][0]), pair[0][1]))
    return Chapter(
        "arrived",
        (
            count("posts_arrived", posts.arrived),
            share("flagged", figures.flagged(posts)),
            count("posts_civic", posts.civic),
        ),
        (
            Table(
                "flags",
                ("label", "origin", "posts"),
                tuple((*key, n) for key, n in flags),
                bar="posts",
            ),
            Table("langs", ("lang", "posts", "readers"), tuple(langs), bar="posts"),
        ),
    )


def _decided(facts: Facts) -> Chapter:
    said = [(one, one.said) for one in facts.items if one.said is not None]
    outcomes = Counter(stood.outcome for _, stood in said)
    policies = Counter(named for _, stood in said for named in stood.policies)
    langs = Counter((one.lang, stood.outcome) for one, stood in said)
    unread = sum(stood.kind == "range" for _, stood in said)
    return Chapter(
        "decided",
        (
            count("items_made", len(facts.items)),
            share("decided", figures.decided(facts.items)),
            count("decided_by_range", unread),
            count("items_void", sum(one.void_at is not None for one in facts.items)),
        ),
        (
            Table(
                "outcomes",
                ("outcome", "items"),
                tuple((one, outcomes[one]) for one in OUTCOMES),
                bar="items",
            ),
            Table(
                "policies",
                ("policy", "severity", "items"),
                tuple(
                    (name, severity, n)
                    for (name, severity), n in sorted(
                        policies.items(), key=lambda pair: (_place(pair[0][0]), pair[0][1] or 0)
                    )
                ),
                bar="items",
            ),
            Table(
                "outcomes_by_lang",
                ("lang", "outcome", "items"),
                tuple(
                    (lang, outcome, n)
                    for (lang, outcome), n in sorted(
                        langs.items(), key=lambda pair: (pair[0][0], OUTCOMES.index(pair[0][1]))
                    )
                ),
            ),
        ),
    )


def _precision(facts: Facts) -> Chapter:
    by_label = _parted(facts.items, lambda one: one.label)
    return Chapter(
        "precision",
        (share("precision", figures.precision(facts.items)),),
        (
            Table(
                "precision_by_policy",
                ("label", *SHARE_COLUMNS),
                tuple(
                    (label, *_share(figures.precision(by_label.get(label, ())))) for label in LABELS
                ),
                bar="share",
            ),
            _by_lang("precision_by_lang", facts.items, figures.precision),
        ),
    )


def _times(facts: Facts) -> Chapter:
    taken = figures.time_to_decision(facts.items, facts.at)
    answered = figures.time_to_response(facts.items, facts.at)
    rows: list[tuple[Cell, ...]] = []
    for queue, part in sorted(_parted(facts.items, lambda one: one.queue).items()):
        one = figures.time_to_decision(part, facts.at)
        median, p90 = hours("median", one.median, one.n), hours("p90", one.p90, one.n)
        rows.append(
            (queue, one.n, median.value, median.low, median.high, p90.value, p90.low, p90.high)
        )
    columns = ("queue", "n", "median", "median_low", "median_high", "p90", "p90_low", "p90_high")
    return Chapter(
        "times",
        (
            hours("time_to_decision_median", taken.median, taken.n),
            hours("time_to_decision_p90", taken.p90, taken.n),
            hours("time_to_response_median", answered.median, answered.n),
            hours("time_to_response_p90", answered.p90, answered.n),
        ),
        (Table("times_by_queue", columns, tuple(rows), bar="median"),),
    )


def _answered(facts: Facts) -> Chapter:
    kinds: Counter[str] = Counter()
    recipients: Counter[str | None] = Counter()
    for (kind, recipient), n in facts.responses.items():
        kinds[kind] += n
        if kind == PASSED:
            recipients[recipient] += n
    return Chapter(
        "answered",
        (
            share("answered", figures.answered(facts.items)),
            count("responses", sum(kinds.values())),
        ),
        (
            Table(
                "responses_by_kind",
                ("response", "responses"),
                tuple((one.value, kinds[one.value]) for one in ResponseKind),
                bar="responses",
            ),
            Table(
                "recipients",
                ("recipient", "responses"),
                tuple((one.value, recipients[one.value]) for one in Recipient),
                bar="responses",
            ),
            _by_lang("answered_by_lang", facts.items, figures.answered),
        ),
    )


def _appeals(facts: Facts) -> Chapter:
    rows: list[tuple[Cell, ...]] = [
        (
            side,
            sum(one.side == side for one in facts.appeals),
            *(
                sum(one.side == side and one.result == result for one in facts.appeals)
                for result in ("upheld", "overturned", None)
            ),
        )
        for side in SIDES
    ]
    return Chapter(
        "appeals",
        (
            count("appeals_filed", len(facts.appeals)),
            share("overturned", figures.overturned(facts.appeals)),
        ),
        (
            Table(
                "appeals_by_side", ("side", "filed", "upheld", "overturned", "waiting"), tuple(rows)
            ),
        ),
    )


def _agreement(facts: Facts) -> Chapter:
    ratings = [
        Rating(one.item_id, one.reader, one.policy or one.outcome)
        for pair in facts.pairs
        for one in pair
    ]
    found = agreement(ratings, CATEGORIES)
    n = found.n_units
    return Chapter(
        "agreement",
        (
            coefficient("agreement_percent", found.percent, found.percent_interval, n),
            coefficient("agreement_alpha", found.alpha, found.alpha_interval, n),
            coefficient("agreement_ac1", found.ac1, found.ac1_interval, n),
        ),
    )


def _by_lang(
    name: str, items: Sequence[ItemThen], measure: Callable[[Sequence[ItemThen]], Share]
) -> Table:
    parts = sorted(_parted(items, lambda one: one.lang).items())
    rows = ((lang, *_share(found)) for lang, part in parts if (found := measure(part)).n)
    return Table(name, ("lang", *SHARE_COLUMNS), tuple(rows), bar="share")


def _share(given: Share) -> tuple[Cell, ...]:
    one = share("", given)
    return (one.part, one.n, one.value, one.low, one.high)


def _parted(items: Iterable[ItemThen], key: Callable[[ItemThen], str]) -> dict[str, list[ItemThen]]:
    found: dict[str, list[ItemThen]] = defaultdict(list)
    for one in items:
        found[key(one)].append(one)
    return found


def _most(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda key: (-counts[key], key))


def _place(label: str) -> int:
    return LABELS.index(label) if label in LABELS else len(LABELS)
