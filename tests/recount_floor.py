"""A slow recount of the figures of Overview and Coverage: item by item, from the tables themselves.

It shares no code with the readers: it walks the items in Python, whoever filled the store.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from math import log2, sqrt

import pytest
from sqlalchemy import and_, select

from evenhand.dashboard.jobs.measures import figures, flags, purging, timely
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data import tables
from evenhand.data.store import audits_reach, rollup_purges
from evenhand.data.tables_review import wave, wave_member
from evenhand.data.taxonomy import Policy, Request

HOUR = timedelta(hours=1)
# Roll-ups round a wait up to the edge of its bucket.
WIDEST = 1.05
ASKED = ("needs_answer", "already_answered")
RANGED = (
    select(tables.current_decision.c.item_id)
    .join(tables.decision, tables.decision.c.id == tables.current_decision.c.decision_id)
    .where(tables.decision.c.kind == "range")
)


def walk(store):
    """Read every item with its decision in Python."""
    query = (
        select(
            tables.item,
            tables.decision.c.outcome,
            tables.decision.c.policy,
            tables.decision.c.also,
            tables.decision.c.version.label("read_version"),
            tables.decision.c.model.label("by_model"),
        )
        .outerjoin(
            tables.current_decision,
            and_(
                tables.current_decision.c.item_id == tables.item.c.id,
                tables.current_decision.c.slot == 1,
            ),
        )
        .outerjoin(tables.decision, tables.decision.c.id == tables.current_decision.c.decision_id)
        .where(tables.item.c.of_item_id.is_(None))
    )
    with store.read() as conn:
        return conn.execute(query).all()


def product_limit(rows, ended_at, now):
    """Kaplan and Meier's median by walking the ends one after the other, in hours."""
    waits = []
    for row in rows:
        end = ended_at(row)
        until = end or (row.state_at if row.state == "void" else now)
        waits.append(((until - row.created_at) / HOUR, end is not None))
    stays = 1.0
    for hours in sorted({wait for wait, ended in waits if ended}):
        risk = sum(wait >= hours for wait, _ in waits)
        ends = sum(ended and wait == hours for wait, ended in waits)
        stays *= 1 - ends / risk
        if stays <= 0.5 + 1e-9:
            return hours
    return None


def near(expected, found):
    if expected is None:
        return found is None
    return expected - 1e-9 <= found <= max(expected * WIDEST, expected + 1 / 60) + 1e-9


def check_times(store, leader, now):
    """The median to a decision in all and by queue, and what is decided in time."""
    rows = walk(store)
    found = timely.times_and_deadlines(store, leader, 28, ("decided", "queue"), now)

    assert found.all_times.n == len(rows)
    assert found.all_times.ended == sum(row.decided_at is not None for row in rows)
    for queue, times in found.times.items():
        mine = [row for row in rows if row.queue == queue]
        assert times.n == len(mine)
        if times.median is not None:
            assert near(product_limit(mine, lambda row: row.decided_at, now), times.median.value)
    in_time = sum(row.decided_at is not None and row.decided_at <= row.due_at for row in rows)
    assert Share(in_time, len(rows)) == found.in_time
    ages = sorted((now - row.created_at) / HOUR for row in rows if row.state in {"open", "claimed"})
    assert found.ages.n == len(ages) > 0
    assert near(ages[-1], found.ages.oldest_h)
    assert near(ages[(len(ages) + 1) // 2 - 1], found.ages.median_h)


def check_answers(store, leader, now):
    """From the making of the item, whoever has no answer counted in."""
    requests = {one.value for one in Request}

    def may_ask(row):
        return row.label in requests and row.state in {"open", "claimed"}

    rows = [row for row in walk(store) if row.needs_answer or may_ask(row)]
    found = timely.times_and_deadlines(store, leader, 28, ("answered", "lang"), now)

    assert found.all_times.n == len(rows)
    assert found.all_times.ended == sum(row.answered_at is not None for row in rows) > 0
    waits = sum(row.state == "decided" or may_ask(row) for row in rows)
    assert found.all_times.still == waits > 0


def check_flags(store, leader, now):
    """Precision in all and by reason, the mix of outcomes, and the three rates."""
    rows = walk(store)
    found = flags.flags(store, leader, 28, "label", now)
    policies = {one.value for one in Policy}
    flagged = policies | {one.value for one in Request}
    sure = [row for row in rows if row.outcome not in {None, "not_sure"} and row.label in flagged]

    def right(row):
        if row.label in policies:
            return row.label in {row.policy, *(policy for policy, _ in row.also or ())}
        return row.outcome in ASKED

    assert Share(sum(map(right, sure)), len(sure)) == found.precision
    by_label = {one.key: one.share for one in found.parts}
    assert {row.label for row in sure} == set(by_label)
    for label, share in by_label.items():
        mine = [row for row in sure if row.label == label]
        assert Share(sum(map(right, mine)), len(mine)) == share
    outcomes = Counter(row.outcome for row in rows if row.outcome)
    assert outcomes == {one.key: one.share.part for one in found.mix if one.share.part}
    assert found.skipped == Share(sum(row.skips > 0 for row in rows), len(rows))
    assert found.escalated == Share(sum(row.escalated for row in rows), len(rows))
    decided = sum(row.decided_at is not None for row in rows)
    assert found.not_sure == Share(outcomes["not_sure"], decided)


def distance(ours, theirs):
    """Work a Jensen-Shannon distance out from two counters."""
    n, of = sum(ours.values()), sum(theirs.values())
    divergence = 0.0
    for key in ours.keys() | theirs.keys():
        p, q = ours[key] / n, theirs[key] / of
        middle = (p + q) / 2
        divergence += sum(one * log2(one / middle) / 2 for one in (p, q) if one)
    return sqrt(divergence)


def check_distance(store, leader, now):
    """Languages, sources and hours of flagged items that are decided, beside those of all posts."""
    with store.read() as conn:
        posts = {row.id: row for row in conn.execute(select(tables.post))}
    rows = [row for row in walk(store) if row.decided_at and row.label != "audit"]
    found = flags.flags(store, leader, 28, "label", now)
    parts = (
        (found.by_lang, [row.lang for row in rows], [one.lang for one in posts.values()]),
        (
            found.by_source,
            [row.source_id for row in rows],
            [one.source_id for one in posts.values()],
        ),
        (
            found.by_hour,
            [posts[row.post_id].published_at.hour for row in rows],
            [one.published_at.hour for one in posts.values()],
        ),
    )
    for said, ours, theirs in parts:
        assert (said.n, said.of) == (len(ours), len(theirs))
        assert pytest.approx(distance(Counter(ours), Counter(theirs))) == said.value


def check_signs(store, leader, now):
    """Precision by the rules, keys and statements of the flag that led, flag by flag."""
    policies = {one.value for one in Policy}
    kinds = {"rule", "key", "statement"}
    with store.read() as conn:
        raised = conn.execute(select(tables.flag)).all()
    signs = {}
    for one in raised:
        found = {(each["kind"], each["id"]) for each in one.reasons if each["kind"] in kinds}
        signs.setdefault((one.post_id, one.version, one.label), set()).update(found)
    right, of = Counter(), Counter()
    for row in walk(store):
        if row.outcome in {None, "not_sure"} or row.label == "audit":
            continue
        named = {row.policy, *(policy for policy, _ in row.also or ())}
        hit = row.label in named if row.label in policies else row.outcome in ASKED
        for sign in signs.get((row.post_id, row.read_version, row.label), ()):
            right[row.label, *sign] += hit
            of[row.label, *sign] += 1
    found = flags.flags(store, leader, 28, "sign", now)

    assert {(one.label, one.kind, one.id): one.share for one in found.signs} == {
        key: Share(right[key], n) for key, n in of.items()
    }
    assert found.parts == ()
    assert [one.share.n for one in found.signs] == sorted(of.values(), reverse=True)


def check_calibration(store, leader, now):
    """Right or wrong by tenths of the score, flag by flag."""
    policies = {one.value for one in Policy}
    with store.read() as conn:
        raised = conn.execute(select(tables.flag).where(tables.flag.c.model.is_not(None))).all()
    scores = {(one.post_id, one.version, one.label): one.score for one in raised}
    bins = {}
    for row in walk(store):
        score = scores.get((row.post_id, row.read_version, row.label))
        if score is None or row.outcome in {None, "not_sure"} or row.label == "audit":
            continue
        named = {row.policy, *(policy for policy, _ in row.also or ())}
        hit = row.label in named if row.label in policies else row.outcome in ASKED
        low = 0.0 if score < 0.5 else min(0.9, int(score * 10) / 10)
        bins.setdefault(low, []).append((score, hit))
    found = flags.flags(store, leader, 28, "score", now).bins

    assert [one.low for one in found] == sorted(bins)
    for one in found:
        some = bins[one.low]
        assert one.share == Share(sum(hit for _, hit in some), len(some))
        assert pytest.approx(sum(score for score, _ in some) / len(some)) == one.mean


def check_purges(store, leader, now):
    """How long deleted posts stayed, post by post, and how many texts went."""
    query = select(tables.post).where(tables.post.c.deleted_at.is_not(None))
    with store.read() as conn:
        rows = conn.execute(query).all()
        kept = rollup_purges.read(conn, figures.window(28, now), now)
    found = purging.read(store, leader, 28, now)
    assert sum(lag.n for lag in found.lags.values()) == len(rows)
    for since, lag in found.lags.items():
        told = since == "platform"
        mine = [row for row in rows if (row.platform_deleted_at is not None) == told]
        assert (lag.n, lag.still) == (len(mine), 0)
        hours = sorted(
            (row.deleted_at - (row.platform_deleted_at or row.deleted_at)) / HOUR for row in mine
        )
        said = [one for one, posts in kept[since].ended for _ in range(posts)]
        assert all(near(ours, theirs) for ours, theirs in zip(hours, said, strict=True))
    assert found.texts == sum(row.text_erased_at == row.deleted_at for row in rows)


def check_reach(store, _leader, now):
    """The reach of what was flagged, of what is decided and of what is harm, item by item."""
    days = [(now - timedelta(days=ago)).date() for ago in range(28)]
    rows = walk(store)
    with store.read() as conn:
        reach = {one.id: one.reach for one in conn.execute(select(tables.post))}
        firsts = {one.id: one.first_post_id for one in conn.execute(select(wave))}
        members = conn.execute(select(wave_member)).all()
        ranged = set(conn.execute(RANGED).scalars())
        found = audits_reach.reached(conn, days)
    counted = [(row, row.post_id) for row in rows if row.label != "audit"]
    counted = [pair for pair in counted if pair[0].created_at.date() in days]
    for one in members:
        first = firsts[one.wave_id]
        if one.left_at is None and one.post_id != first and one.joined_at.date() in days:
            item = min((row for row in rows if row.post_id == first), key=lambda row: row.id)
            counted.append((item, one.post_id))
    sure = [
        (row, key)
        for row, key in counted
        if row.outcome not in {None, "not_sure"} and row.id not in ranged
    ]
    parts = (counted, sure, [pair for pair in sure if pair[0].outcome == "violates"])

    assert tuple(sum(reach[key] for _, key in part) for part in parts) == found


CHECKS = (
    *(check_times, check_answers, check_flags, check_distance, check_signs, check_calibration),
    *(check_purges, check_reach),
)
