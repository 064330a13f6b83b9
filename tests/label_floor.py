"""Labels for tests: seed posts reworded, decided by made-up reviewers who are mostly right.

A rewording drops a word in eight and adds what people add, so that no two texts are the same and
no model knows one by heart.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from evenhand.classifiers.corpus import HARMS, REQUESTS, seed_rows
from evenhand.classifiers.labels import Label

BEGIN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
NAMES = (*HARMS, *REQUESTS)
ADDED = {
    "en": ["lol", "seriously", "today", "again", "guys", "tbh", "smh", "btw", "just now", "🙃"],
    "vi": ["nha", "thật luôn", "hôm nay", "mọi người ơi", "ạ", "trời ơi", "haizz", "luôn", "🙃"],
}


def reworded(row, rng):
    """Say a seed post a little otherwise."""
    words = [word for word in row.text.split() if rng.random() > 0.125] or row.text.split()
    added = rng.sample(ADDED[row.lang], 2)
    at = rng.randrange(len(words) + 1)
    return " ".join([added[0], *words[:at], added[1], *words[at:], str(rng.randrange(10_000))])


def make_labels(n, *, seed=0, reviewers=("an", "binh", "chi", "dung", "en"), langs=("en", "vi")):
    """Make *n* labels an hour apart: half have a policy or request in turn, half have none.

    One label in 25 is wrong, as people are.
    """
    rng = random.Random(seed)  # noqa: S311 - made-up labels need no secret randomness
    rows = [row for row in seed_rows() if row.lang in langs and row.weight > 5]
    with_label = {name: [row for row in rows if name in row.yes] for name in NAMES}
    without = [row for row in rows if not row.yes & set(NAMES)]
    labels = []
    for at in range(n):
        name = NAMES[at // 2 % len(NAMES)]
        row = rng.choice(with_label[name] if at % 2 else without)
        yes = frozenset(row.yes & set(NAMES))
        if rng.random() < 0.04:
            yes = frozenset() if yes else frozenset([rng.choice(NAMES)])
        labels.append(
            Label(
                post_id=f"p{seed}-{at}",
                text=reworded(row, rng),
                lang=row.lang,
                yes=yes,
                no=frozenset(NAMES) - yes,
                origin=rng.choice(["flagged", "flagged", "learning", "double"]),
                reviewer=rng.choice(reviewers),
                decided_at=BEGIN + timedelta(hours=at),
            )
        )
    return labels


def says(label, *yes):
    """Let a label say exactly *yes*."""
    return replace(label, yes=frozenset(yes), no=frozenset(NAMES) - frozenset(yes))
