"""Labelled texts: what a set says, what it does not, and what it may be used for."""

from __future__ import annotations

import csv
import gzip

import pytest

from evenhand.classifiers.corpus import DRAWN, HARMS, REQUESTS, read_corpus, seed_rows, set_rows
from evenhand.classifiers.text import fold
from evenhand.data.errors import InputError
from evenhand.data.taxonomy import CIVIC_TOPICS

README = "| file | weights |\n|---|---|\n" + "".join(f"| {name}.csv.gz | yes |\n" for name in DRAWN)


def write_set(folder, name, *rows):
    """Write a set of (text, label, split, event)."""
    with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "split", "event"])
        writer.writerows(rows)


@pytest.fixture
def datasets(tmp_path):
    (tmp_path / "README.md").write_text(README, "utf-8")
    for name in DRAWN:
        write_set(tmp_path, name)
    return tmp_path


def only(datasets, name, text, label, event=""):
    write_set(datasets, name, (text, label, "train", event))
    (row,) = set_rows(datasets, name)
    return row


@pytest.mark.parametrize(
    ("name", "text", "label", "yes"),
    [
        ("davidson_hate_offensive", "those people are vermin", "hate", {"hate"}),
        ("davidson_hate_offensive", "you are stupid", "offensive", {"harassment"}),
        ("davidson_hate_offensive", "this is stupid", "offensive", set()),
        ("davidson_hate_offensive", "hello", "neither", set()),
        ("sms_spam", "win now", "spam", {"spam"}),
        ("sms_phishing", "enter your pin", "smishing", {"scam_fraud"}),
        ("sms_phishing", "win now", "spam", {"spam"}),
        ("youtube_spam", "check my channel", "spam", {"spam"}),
        ("crisislex_t6", "water is rising", "on-topic", {"topic:disaster"}),
        ("crisislex_t26", "water is rising", "Related and informative", {"topic:disaster"}),
        ("banking77", "where is my card?", "card", {"topic:economy"}),
        ("clinc150", "play a song", "music", set()),
        ("goemotions", "why is that?", "curiosity", set()),
    ],
)
def test_set_labels_what_it_knows(datasets, name, text, label, yes):
    """Each set by its own labels; nothing else is a yes."""
    row = only(datasets, name, text, label)

    assert (row.yes, row.source) == (yes, name)
    assert not row.yes & row.no


@pytest.mark.parametrize(
    ("name", "label", "unknown"),
    [
        ("davidson_hate_offensive", "offensive", {"harassment", "violence_threat"}),
        ("sms_spam", "spam", {"scam_fraud"}),
        ("sms_phishing", "smishing", {"spam"}),
        ("goemotions", "anger", {"hate", "harassment"}),
    ],
)
def test_what_a_set_does_not_tell_apart_stays_unknown(datasets, name, label, unknown):
    """A cross post is no proof of the absence of harassment."""
    row = only(datasets, name, "plain words", label)

    assert not unknown & (row.no | row.yes)
    assert row.no


@pytest.mark.parametrize(
    ("label", "sentiment"),
    [
        ("joy", "positive"),
        ("grief", "negative"),
        ("neutral", "neutral"),
        ("joy|anger", None),
        ("surprise", None),
    ],
)
def test_sentiment_is_taken_only_where_it_is_plain(datasets, label, sentiment):
    """Mixed feelings teach nothing."""
    assert only(datasets, "goemotions", "words", label).sentiment == sentiment


def test_only_the_training_part_is_drawn_and_always_the_same(datasets):
    """Test parts stay untouched, and the order of the file does not matter."""
    rows = [(f"text {number}", "ham", "train", "") for number in range(20)]
    write_set(datasets, "sms_spam", *rows, ("secret", "spam", "test", ""))
    once = [row.text for row in set_rows(datasets, "sms_spam")]
    write_set(datasets, "sms_spam", *reversed(rows))

    assert sorted(once) == sorted(text for text, *_ in rows)
    assert once == [row.text for row in set_rows(datasets, "sms_spam")]


def test_text_is_read_once_across_all_sets(datasets):
    """The same words in two sets, in other capitals and spaces, are one row."""
    write_set(datasets, "sms_spam", ("Hello  There", "ham", "train", ""))
    write_set(datasets, "clinc150", ("hello there", "greeting", "train", ""))
    rows = [row for row in read_corpus(datasets) if row.source != "seeds"]

    assert [row.source for row in rows] == ["sms_spam"]


def test_missing_set_is_named(datasets):
    """The sentence says which file and where."""
    (datasets / "sms_spam.csv.gz").unlink()

    with pytest.raises(InputError, match=r"sms_spam\.csv\.gz"):
        read_corpus(datasets)


def test_seeds_know_every_label_and_say_no_sentiment_on_civic_topics():
    """Yes or no for each harm, request and topic; Vietnamese ones a second time without accents."""
    rows = list(seed_rows())
    civic = {f"topic:{topic}" for topic in CIVIC_TOPICS}
    accented = {fold(row.text) for row in rows if row.lang == "vi" and fold(row.text) != row.text}

    assert all({*HARMS, *REQUESTS} <= row.yes | row.no for row in rows)
    assert [row for row in rows if row.yes & civic and row.sentiment] == []
    assert accented <= {row.text for row in rows}
