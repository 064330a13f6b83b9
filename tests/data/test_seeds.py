"""The seed posts, the topic words and the slot words: shape, counts and variety."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter
from importlib.resources import files
from typing import TypedDict

import pytest

from evenhand.data.taxonomy import CIVIC_TOPICS, LANGUAGES, Policy, Request, Sentiment, Topic
from tests.skeletons import TOKEN, skeleton


class Seed(TypedDict):
    """One line of seeds.jsonl."""

    text: str
    lang: str
    kind: str
    labels: list[str]
    contrast_of: list[str]
    topic: str
    sentiment: str | None


TopicWords = dict[str, dict[str, list[str]]]
LABELS: frozenset[str] = frozenset(Policy) | frozenset(Request)
FIELDS = set(Seed.__annotations__)
FEWEST_PER_SIGN = 36
FEWEST_PER_TOPIC = 80
FEWEST_PER_SENTIMENT = 700
CONTRAST_KINDS = {
    "authority_criticism",
    "bank_notice",
    "company_complaint",
    "company_criticism",
    "counter_speech",
    "event_invitation",
    "everyday",
    "grief",
    "health_question",
    "leader_criticism",
    "mental_health_support",
    "news_report",
    "own_phone",
    "political_opinion",
    "praise",
    "promotion",
    "public_contact",
    "quotation_condemn",
    "reclaimed",
    "recovery",
    "rhetorical_question",
    "satire",
    "scam_report",
    "scam_warning",
    "strong_language",
}
# Ranges kept for fiction and tests, and numbers of public services.
PRETEND_PHONE = re.compile(r"0900 000 0\d\d|555-01\d\d")
PHONE_LIKE = re.compile(r"(?<![\d])(?:0\d{2,3}[ .-]?\d{3}[ .-]?\d{3,4}|\d{3}-\d{4})(?!\d)")
LINK_LIKE = re.compile(r"\b[\w-]+\.(?:com|net|org|vn|io|gov|edu|info|co)\b", re.IGNORECASE)


def sample(name: str) -> str:
    return files("evenhand.data").joinpath(f"samples/{name}").read_text("utf-8")


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    return [json.loads(line) for line in sample("seeds.jsonl").splitlines()]


@pytest.fixture(scope="module")
def words() -> TopicWords:
    return tomllib.loads(sample("topic_words.toml"))


def test_seeds_follow_their_schema_when_read(seeds: list[Seed]) -> None:
    """Every seed has the seven fields, known ids, NFC text and a kind."""
    for seed in seeds:
        text = seed["text"]
        assert set(seed) == FIELDS, text
        assert text == unicodedata.normalize("NFC", text).strip(), text
        assert seed["lang"] in LANGUAGES, text
        assert seed["kind"], text
        assert set(seed["labels"]) <= LABELS, text
        assert set(seed["contrast_of"]) <= LABELS, text
        assert seed["topic"] in set(Topic), text
        assert not (seed["labels"] and seed["contrast_of"]), text
        assert 3 <= len(text.split()) <= 60, text


def test_seeds_are_unique_and_sorted_when_read(seeds: list[Seed]) -> None:
    """Kind, then text, so that a change shows as a small difference."""
    order = [(seed["kind"], seed["text"]) for seed in seeds]
    assert order == sorted(order)
    assert len({text.casefold() for _, text in order}) == len(order)


def test_seeds_carry_sentiment_exactly_when_not_civic(seeds: list[Seed]) -> None:
    """Sentiment on civic speech is not even written down (safeguard 3)."""
    for seed in seeds:
        if seed["topic"] in CIVIC_TOPICS:
            assert seed["sentiment"] is None, seed["text"]
        else:
            assert seed["sentiment"] in set(Sentiment), seed["text"]


def test_seeds_are_balanced_when_counted(seeds: list[Seed]) -> None:
    """At least 4,000 posts, half of them contrast, about half in each language."""
    by_lang = Counter(seed["lang"] for seed in seeds)
    contrast = sum(not seed["labels"] for seed in seeds)
    print(f"\nseeds: {len(seeds)}, {dict(by_lang)}, contrast {contrast / len(seeds):.1%}")
    assert len(seeds) >= 4_000
    assert contrast >= len(seeds) / 2
    assert all(0.45 <= by_lang[lang] / len(seeds) <= 0.55 for lang in LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_seeds_cover_every_label_with_both_signs_when_counted(seeds: list[Seed], lang: str) -> None:
    """At least 36 positives and 36 near misses for each policy and request."""
    ours = [seed for seed in seeds if seed["lang"] == lang]
    positive = Counter(label for seed in ours for label in seed["labels"])
    near_miss = Counter(label for seed in ours for label in seed["contrast_of"])
    print(f"\n{lang}: label, positives, near misses")
    for label in sorted(LABELS):
        print(f"  {label:24}{positive[label]:4}{near_miss[label]:4}")
    assert all(positive[label] >= FEWEST_PER_SIGN for label in LABELS)
    assert all(near_miss[label] >= FEWEST_PER_SIGN for label in LABELS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_seeds_cover_every_topic_and_sentiment_when_counted(seeds: list[Seed], lang: str) -> None:
    """At least 25 posts per topic and 120 per sentiment."""
    ours = [seed for seed in seeds if seed["lang"] == lang]
    topics = Counter(seed["topic"] for seed in ours)
    sentiments = Counter(seed["sentiment"] for seed in ours if seed["sentiment"])
    print(f"\n{lang}: {dict(sorted(topics.items()))}\n  {dict(sorted(sentiments.items()))}")
    assert all(topics[topic] >= FEWEST_PER_TOPIC for topic in Topic)
    assert all(sentiments[sentiment] >= FEWEST_PER_SENTIMENT for sentiment in Sentiment)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_seeds_hold_every_contrast_kind_when_listed(seeds: list[Seed], lang: str) -> None:
    """Opinion, criticism, praise, satire, news and the other kinds are there as contrast posts."""
    contrast = {seed["kind"] for seed in seeds if seed["lang"] == lang and not seed["labels"]}
    assert contrast >= CONTRAST_KINDS


def test_seed_skeletons_are_varied_when_compared(seeds: list[Seed]) -> None:
    """At least 70 % of the seeds stay different when names and numbers are taken out."""
    found = [skeleton(seed["text"]) for seed in seeds]
    share = len(set(found)) / len(found)
    print(f"\nseeds: {share:.1%} distinct skeletons of {len(found)}")
    assert share >= 0.70


def test_seeds_name_only_pretend_contacts_when_searched(seeds: list[Seed]) -> None:
    """Phone numbers come from ranges kept for fiction; no registrable domain is named."""
    for seed in seeds:
        text = seed["text"]
        left = PHONE_LIKE.findall(PRETEND_PHONE.sub(" ", text))
        assert not left, text
        assert not LINK_LIKE.search(text), text


def test_topic_words_cover_every_topic_when_counted(words: TopicWords) -> None:
    """At least 40 per language, 80 on civic topics; sorted, lower case and NFC."""
    assert set(words) == set(Topic)
    for topic, by_lang in words.items():
        fewest = 80 if topic in CIVIC_TOPICS else 40
        for lang in LANGUAGES:
            listed = by_lang[lang]
            assert len(listed) >= fewest, (topic, lang)
            assert listed == sorted(set(listed)), (topic, lang)
            assert all(word == unicodedata.normalize("NFC", word.lower()) for word in listed)


def test_slot_words_are_sorted_and_lower_case_when_read() -> None:
    """The list that the skeleton takes out stays easy to append to."""
    slots = tomllib.loads(sample("slots.toml"))
    assert set(slots) == set(LANGUAGES)
    for listed in slots.values():
        assert listed == sorted(set(listed))
        assert all(word == unicodedata.normalize("NFC", word.lower()) for word in listed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vote for Germany on Monday!!", "vote for 🇫🇷 France on 12/5"),
        ("pay 2,500 at win.example/now", "Pay $40 at https://prize.test/x?y=1"),
        ("thanks @team #flood", "Thanks {name}"),
        ("Chở gạo ra Huế 3 lần", unicodedata.normalize("NFD", "chở gạo ra Đà Nẵng 12 lần")),
    ],
)
def test_skeleton_is_the_same_when_only_slots_differ(one: str, other: str) -> None:
    """Names, numbers, links, handles, emoji and decomposed letters make no difference."""
    assert skeleton(one) == skeleton(other)
    assert TOKEN in skeleton(one)


def test_skeleton_differs_when_words_differ() -> None:
    """Other words and other diacritics give another skeleton; nothing gives nothing."""
    assert skeleton("The river is calm") != skeleton("The river is wild")
    assert skeleton("mưa to") != skeleton("mua to")
    assert skeleton(" 🙂 ") == ""
    assert skeleton("very long " * 5_000).startswith("very long very long")
