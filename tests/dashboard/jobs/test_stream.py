"""The demo's stream: repeatable, labelled from the closed list, shaped as promised."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from evenhand.dashboard.jobs.stream import (
    COMMUNITIES,
    OPINION_KINDS,
    planted_next,
    planted_statements,
    planted_stream,
)
from evenhand.data.errors import InputError
from evenhand.data.taxonomy import CIVIC_TOPICS, LANGUAGES, Policy, Request, Sentiment, Topic
from tests.skeletons import skeleton

UNTIL = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HARMS = {policy.value for policy in Policy}
REQUESTS = {request.value for request in Request}
RAW = json.loads(files("evenhand.data").joinpath("samples/demo_stream.json").read_text("utf-8"))
TEMPLATES = RAW["templates"]
NEAR_MISSES = {"scam_warning", "grief", "support"}


@pytest.fixture(scope="module")
def stream():
    return planted_stream(10_000, seed=7, until=UNTIL)


@pytest.fixture(scope="module")
def wave(stream):
    return [post for post in stream if "hoan" in post.text and "nuoc" in post.text]


def share(posts, wanted) -> float:
    return sum(bool(wanted(post)) for post in posts) / len(posts)


def days_of(posts) -> Counter:
    return Counter(post.published_at.date() for post in posts)


def flood_day(posts):
    return days_of(posts).most_common(1)[0][0]


# ------------------------------------------------------------------ the hand-written file


def test_templates_are_many_and_half_vietnamese_when_counted():
    """At least 420 templates, neither language below 45 %."""
    langs = Counter(row["lang"] for row in TEMPLATES)
    print(f"\ntemplates: {dict(langs)}")

    assert len(TEMPLATES) >= 420
    assert min(langs[lang] for lang in LANGUAGES) >= 0.45 * len(TEMPLATES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("label", sorted(HARMS | REQUESTS))
def test_label_has_ten_templates_when_counted_per_language(label, lang):
    """Each policy and request is planted in at least ten ways in each language."""
    found = [row for row in TEMPLATES if row["lang"] == lang and label in row["labels"]]

    assert len(found) >= 10


def test_templates_use_only_the_closed_lists_when_read():
    """Labels, topics and sentiments come from the lists; civic topics carry no sentiment."""
    for row in [*TEMPLATES, RAW["wave"]]:
        assert set(row["labels"]) <= HARMS | REQUESTS
        assert row["topic"] in set(Topic)
        civic = row["topic"] in CIVIC_TOPICS
        assert (row["sentiment"] is None) == civic
        assert civic or row["sentiment"] in set(Sentiment)


def test_only_harms_and_requests_carry_labels_when_templates_are_read():
    """Opinion, news, satire, warnings, grief and chatter are planted as not to be flagged."""
    labelled = {row["kind"] for row in TEMPLATES if row["labels"]}

    assert labelled == HARMS | REQUESTS
    assert not labelled & (OPINION_KINDS | NEAR_MISSES)
    assert {row["kind"] for row in TEMPLATES} >= OPINION_KINDS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_topic_has_chatter_when_counted_per_language(lang):
    """Each of the 17 topics, civic or not, has everyday posts in each language."""
    kinds = ("chatter", "chatter_civic")
    found = Counter(r["topic"] for r in TEMPLATES if r["lang"] == lang and r["kind"] in kinds)

    assert set(found) == {topic.value for topic in Topic}
    assert min(found.values()) >= 4


def test_templates_have_few_shared_skeletons_when_compared():
    """No more than 30 % of the templates repeat another's skeleton."""
    found = Counter(skeleton(row["text"]) for row in TEMPLATES)
    print(f"\ndemo: {len(found) / len(TEMPLATES):.1%} distinct skeletons of {len(TEMPLATES)}")

    assert len(found) >= 0.7 * len(TEMPLATES)


def test_slots_have_eight_values_when_counted_per_language():
    """Every slot that a text names exists and varies."""
    texts = [row["text"] for row in TEMPLATES]
    texts += [
        text for part in ("openers", "closers") for rows in RAW[part].values() for text in rows
    ]
    named = {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}

    assert named <= set(RAW["slots"])
    for values in RAW["slots"].values():
        assert all(len(set(values[lang])) >= 8 for lang in LANGUAGES)


def test_file_holds_only_fictional_contacts_when_searched():
    """Links end in .example or .test, telephone numbers come from the ranges for fiction."""
    text = files("evenhand.data").joinpath("samples/demo_stream.json").read_text("utf-8")
    hosts = {match.split("/")[0] for match in re.findall(r"https?://([^\s\"]+)", text)}
    phones = RAW["slots"]["phone"]

    assert unicodedata.is_normalized("NFC", text)
    assert hosts
    assert all(host.endswith((".example", ".test")) for host in hosts)
    assert all(re.fullmatch(r"555-01\d\d", phone) for phone in phones["en"])
    assert all(re.fullmatch(r"0900 000 0\d\d", phone) for phone in phones["vi"])


def test_statements_cover_both_misinformation_policies_when_listed():
    """The demo can fill its statement list in both languages."""
    found = planted_statements()

    assert {one.policy for one in found} == {"health_misinformation", "disaster_misinformation"}
    assert all(one.en and one.vi and one.claim_en and one.claim_vi for one in found)


# ---------------------------------------------------------------------------- the stream


def test_stream_is_the_same_when_the_seed_is_the_same(stream):
    """Equal arguments give equal posts; another seed gives others."""
    assert planted_stream(10_000, seed=7, until=UNTIL) == stream
    assert planted_stream(500, seed=8, until=UNTIL) != planted_stream(500, seed=7, until=UNTIL)


def test_stream_is_sorted_and_ends_at_until_when_made(stream):
    """Exactly as many posts as asked for, oldest first, the last one now."""
    times = [post.published_at for post in stream]

    assert len(stream) == 10_000
    assert times == sorted(times)
    assert times[-1] == UNTIL
    assert times[0] >= UNTIL - timedelta(days=21)
    assert len({post.native_id for post in stream}) == 10_000


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_stream_has_the_promised_shares_when_made(seed):
    """About 6 % harms, 6 % requests and 25 % opinion and its neighbours."""
    posts = planted_stream(10_000, seed=seed, until=UNTIL)
    harms = share(posts, lambda post: HARMS & set(post.labels))
    requests = share(posts, lambda post: REQUESTS & set(post.labels))
    opinion = share(posts, lambda post: post.kind in OPINION_KINDS | NEAR_MISSES)
    print(f"\nseed {seed}: harms {harms:.1%}, requests {requests:.1%}, opinion {opinion:.1%}")

    assert 0.05 <= harms <= 0.075
    assert 0.05 <= requests <= 0.075
    assert 0.22 <= opinion <= 0.28


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_label_occurs_when_a_stream_is_made(stream, lang):
    """All nine policies and three requests stand in the stream in both languages."""
    found = Counter(label for post in stream if post.lang == lang for label in post.labels)
    print(f"\n{lang}: {dict(found.most_common())}")

    assert set(found) == HARMS | REQUESTS


def test_stream_posts_are_plain_when_read(stream):
    """Filled, NFC, from a known community, by a synthetic author, civic without sentiment."""
    for post in stream:
        assert "{" not in post.text
        assert post.text == post.text.strip() != ""
        assert unicodedata.is_normalized("NFC", post.text)
        assert post.community in COMMUNITIES
        assert re.fullmatch(r"demo-author-\d{4,}", post.author)
        assert 0 <= post.reach <= 900
        assert post.topic not in CIVIC_TOPICS or post.sentiment is None
    assert {post.community for post in stream} == set(COMMUNITIES)
    assert len(COMMUNITIES) == 5


def test_texts_are_distinct_when_the_wave_is_left_out(stream, wave):
    """At least 90 % of the other posts are texts of their own."""
    texts = [post.text for post in stream if post not in wave]
    distinct = len(set(texts)) / len(texts)
    print(f"\ndistinct texts outside the wave: {distinct:.1%}")

    assert distinct >= 0.90


def test_wave_is_many_near_copies_in_two_days_when_found(wave):
    """About 120 scams, small edits, each by another author."""
    gap = wave[-1].published_at - wave[0].published_at

    assert 110 <= len(wave) <= 130
    assert gap <= timedelta(days=2)
    assert len({post.author for post in wave}) == len(wave)
    assert 20 <= len({post.text for post in wave}) < len(wave)
    assert {post.labels for post in wave} == {("scam_fraud",)}


def test_flood_day_is_loud_and_different_when_compared(stream):
    """Three times the posts on day 17, with more calls for help and more rumours."""
    days = days_of(stream)
    day = flood_day(stream)
    median = sorted(days.values())[len(days) // 2]
    on_day = [post for post in stream if post.published_at.date() == day]
    before = [post for post in stream if post.published_at.date() < day]

    assert 2.3 <= days[day] / median <= 3.7
    assert day == (UNTIL - timedelta(days=21 - 16.5)).date()
    for label in ("help_needed", "disaster_misinformation"):
        ordinary = share(before, lambda post, label=label: label in post.labels)
        assert share(on_day, lambda post, label=label: label in post.labels) > 5 * ordinary


def test_flood_wording_is_new_when_the_flood_comes(stream):
    """Templates marked *drift* are not used before the day of the flood."""
    day = flood_day(stream)
    sandbags = [p for p in stream if re.search("sandbags|bao cát", p.text, re.IGNORECASE)]

    assert sandbags
    assert min(post.published_at.date() for post in sandbags) >= day


def test_nights_are_quiet_when_counted_in_local_time(stream):
    """Between midnight and five in the city, few people write."""
    night = share(stream, lambda post: (post.published_at + timedelta(hours=7)).hour < 5)

    assert night < 0.06


def test_replies_point_to_earlier_posts_when_threads_are_followed(stream):
    """About 15 % are replies, in the community and language of a root at most two days old."""
    by_id = {post.native_id: post for post in stream}
    replies = [post for post in stream if post.thread]

    assert 0.12 <= len(replies) / len(stream) <= 0.18
    for reply in replies:
        root = by_id[reply.thread]
        assert root.thread is None
        assert (root.community, root.lang) == (reply.community, reply.lang)
        age = reply.published_at - root.published_at
        assert timedelta(0) <= age <= timedelta(days=2)


def test_reach_is_small_and_skewed_when_sorted(stream):
    """Most posts reach hardly anybody, a few reach many."""
    reach = sorted(post.reach for post in stream)

    assert reach[5_000] <= 3
    assert reach[-1] > 100


def test_ten_thousand_posts_are_cheap_when_made():
    """A demo starts within two CPU seconds of writing."""
    before = time.process_time()
    planted_stream(10_000, seed=3, until=UNTIL)

    assert time.process_time() - before < 2


@pytest.mark.parametrize(("posts", "days"), [(1, 1), (3, 21), (40, 2), (200, 60)])
def test_small_and_long_demos_work_when_asked_for(posts, days):
    """Every size of demo has its posts inside its days."""
    made = planted_stream(posts, days=days, seed=1, until=UNTIL)

    assert len(made) == posts
    assert made[-1].published_at == UNTIL
    assert made[0].published_at >= UNTIL - timedelta(days=days)


@pytest.mark.parametrize(("posts", "days"), [(0, 21), (5, 0), (-1, 3)])
def test_empty_demo_is_refused_when_asked_for(posts, days):
    """A stream of nothing says what to ask for instead."""
    with pytest.raises(InputError, match="at least 1"):
        planted_stream(posts, days=days, seed=1, until=UNTIL)


def test_time_without_timezone_is_refused_when_given():
    """Both doors want timezone-aware times."""
    naive = UNTIL.replace(tzinfo=None)
    with pytest.raises(InputError, match="no timezone"):
        planted_stream(5, seed=1, until=naive)
    with pytest.raises(InputError, match="no timezone"):
        planted_next(5, seed=1, published_at=naive)


# --------------------------------------------------------------------------- the trickle


def test_trickle_is_the_same_when_index_and_seed_are_the_same():
    """A post depends on its number and the seed, not on how often it was asked for."""
    one = planted_next(10_000, seed=7, published_at=UNTIL)
    later = planted_next(10_000, seed=7, published_at=UNTIL + timedelta(hours=1))

    assert planted_next(10_000, seed=7, published_at=UNTIL) == one
    assert later == replace(one, published_at=UNTIL + timedelta(hours=1))
    assert one.native_id == "demo-010000"
    assert one.thread is None


def test_trickle_is_varied_when_it_runs():
    """Many numbers give many kinds, both languages and all communities."""
    posts = [planted_next(n, seed=7, published_at=UNTIL) for n in range(10_000, 11_500)]

    assert len({post.native_id for post in posts}) == 1_500
    assert {post.lang for post in posts} == set(LANGUAGES)
    assert {post.community for post in posts} == set(COMMUNITIES)
    assert len({post.kind for post in posts}) > 20
    assert 0.02 <= share(posts, lambda post: HARMS & set(post.labels)) <= 0.08
