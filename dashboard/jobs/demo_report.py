"""Count what became of a demo: of what was planted, how much was put before a person.

The posts' truth comes from the stream, what was flagged from the store; no one kind, language or
label is left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import demo_recall
from evenhand.dashboard.jobs.demo_history import City, communities
from evenhand.dashboard.jobs.demo_reviewers import (
    ALARMED,
    CONFUSED,
    MISSED,
    UNSURE,
    stated_rates,
)
from evenhand.dashboard.jobs.stream import OPINION_KINDS
from evenhand.data.store import posts, rollups
from evenhand.data.store.children import Purpose
from evenhand.data.store.rollups import Days
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from evenhand.dashboard.jobs.demo import Plan
    from evenhand.dashboard.jobs.demo_team import Team
    from evenhand.dashboard.jobs.stream import Planted
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

Share = dict[str, int]
SLIPS = (MISSED, ALARMED, UNSURE, CONFUSED)
# What was read once more, and what led to it, by the words of the page Quality.
READ_AGAIN = {
    "read_twice": Purpose.DOUBLE,
    "by_a_third": Purpose.ADJUDICATION,
    "gold_in_use": "gold_approved",
    "gold_readings": Purpose.GOLD,
    "appeals_filed": "appeal_filed",
    "appeals_read": Purpose.APPEAL,
    "near_copies_read": Purpose.WAVE,
    "clarifications": "clarified",
}


def report(
    store: Store, settings: Settings, plan: Plan, team: Team, *, model: str
) -> dict[str, object]:
    """Give the counts of a prepared demo, ready for JSON.

    Each share is {"planted": n, "put": n}: how many posts were written so, and how many of them
    are put before a person, for whatever reason.
    A post that was written for two labels counts under both.
    """
    planted = plan.stream()
    put = _put(store, settings, planted)
    opinion = [one for one in planted if one.kind in OPINION_KINDS]
    labels = [*Policy, *Request]
    return {
        "posts": len(planted),
        **_items(store, planted[0].published_at.date(), plan.until.date()),
        "policies": _by(planted, put, lambda one: one.labels, [*Policy]),
        "requests": _by(planted, put, lambda one: one.labels, [*Request]),
        "opinion": _by(opinion, put, lambda one: [one.kind], sorted(OPINION_KINDS)),
        "opinion_total": _share(opinion, put),
        "opinion_and_criticism": _share([one for one in opinion if _is_pointed(one)], put),
        "nothing_planted": _by(
            [one for one in planted if not one.labels],
            put,
            lambda one: [one.kind],
            sorted({one.kind for one in planted if not one.labels}),
        ),
        "languages": {
            lang: {
                "labels": _by(ours, put, lambda one: one.labels, labels),
                "opinion": _share([one for one in ours if one.kind in OPINION_KINDS], put),
                "nothing_planted": _share([one for one in ours if not one.labels], put),
            }
            for lang in sorted({one.lang for one in planted})
            if (ours := [one for one in planted if one.lang == lang])
        },
        "reviewers": {
            "stated": stated_rates(),
            "made": {name: team.done[name] for name in ("decided", *SLIPS)},
        },
        "quality": {name: team.done[key] for name, key in READ_AGAIN.items()},
        "recall": {
            one.window: demo_recall.as_json(one) | {"line": demo_recall.line(one)}
            for one in demo_recall.beside(store, settings)
        },
        "seed": plan.seed,
        "until": plan.until.isoformat(),
        "model": model,
    }


def lines(counts: dict[str, object]) -> list[str]:
    """Write the counts for a terminal."""
    heads = ("posts", "flagged", "items", "decided", "answered", "open")
    found = [", ".join(f"{counts[name]} {name}" for name in heads), ""]
    found.append(f"{'planted as':<28}{'posts':>7}{'put before a person':>22}")
    for section in ("policies", "requests", "nothing_planted"):
        rows = counts[section]
        if isinstance(rows, dict):
            found += [
                f"{name:<28}{share['planted']:>7}{share['put']:>22}" for name, share in rows.items()
            ]
    recalls = counts["recall"]
    if isinstance(recalls, dict):
        found += ["", *(str(one["line"]) for one in recalls.values())]
    return found


def _is_pointed(one: Planted) -> bool:
    """Say whether a post is political opinion or criticism, the part that must never be put."""
    return one.kind == "political_opinion" or one.kind.startswith("criticism_")


def _put(store: Store, settings: Settings, planted: Sequence[Planted]) -> frozenset[str]:
    """Find the native ids of the posts that are put before people."""
    city, found = City(settings), set()
    for name, place in communities(store).items():
        ours = {city.key(one): one.native_id for one in planted if one.community == name}
        with store.read() as conn:
            known = posts.known(conn, int(place.id), list(ours))
        found |= {ours[key] for key, one in known.items() if one.flagged}
    return frozenset(found)


def _items(store: Store, first: date, last: date) -> dict[str, int]:
    """Add the roll-ups up, which the leader's page shows too."""
    with store.read() as conn:
        arrived = rollups.arrivals(conn, Days(first, last))
        made = rollups.items(conn, Days(first, last))
    total: Counter[str] = Counter()
    for day in made:
        counts = {"items": day.made, "decided": day.decided, "answered": day.answered}
        total.update({**counts, "needs_answer": day.needs_answer, "void": day.void})
    return {
        "flagged": sum(day.flagged for day in arrived),
        **{name: total[name] for name in ("items", "decided", "needs_answer", "answered")},
        "open": total["items"] - total["decided"] - total["void"],
    }


def _by(
    planted: Iterable[Planted],
    put: frozenset[str],
    names_of: Callable[[Planted], Iterable[str]],
    names: Iterable[str],
) -> dict[str, Share]:
    found: dict[str, Share] = {str(name): {"planted": 0, "put": 0} for name in names}
    for one in planted:
        for name in names_of(one):
            if name in found:
                found[name]["planted"] += 1
                found[name]["put"] += one.native_id in put
    return found


def _share(planted: Sequence[Planted], put: frozenset[str]) -> Share:
    return {"planted": len(planted), "put": sum(one.native_id in put for one in planted)}
