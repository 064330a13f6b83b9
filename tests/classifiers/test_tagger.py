"""Texts in, tags out."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from evenhand.classifiers.tagger import Tagger
from evenhand.data.records import Band, Text
from evenhand.data.taxonomy import Policy, Request, load_taxonomy

MISINFORMATION = {"health_misinformation", "disaster_misinformation"}
WORDED = [
    (label, lang, wording)
    for label, entry in {**load_taxonomy().policies, **load_taxonomy().requests}.items()
    if label not in MISINFORMATION
    for lang, wording in entry.wording.items()
]
ODD = {
    "empty": "",
    "spaces": " \n\t ",
    "nul": "\x00\x00hello\x00",
    "lone surrogate": "help \ud83d me",
    "right to left": "مرحبا بالعالم كيف حالكم اليوم",
    "emoji": "😀😂🔥",
    "controls": "".join(map(chr, range(32))),
    "decomposed": "Nguo\u031b\u0300i Vie\u0323\u0302t",
    "one letter": "a",
}


def test_examples_of_the_taxonomy_are_found(tagger):
    """The posts that word a policy or a request for people are put before people, nearly all."""
    missed = []
    for label, lang, wording in WORDED:
        tags = tagger.tag([Text(str(at), text) for at, text in enumerate(wording.positives)])
        missed.extend((label, lang) for tag in tags if label not in tag.flagged)
        assert {tag.lang for tag in tags} == {lang}

    # `evenhand evaluate` and the Policies page list them.
    assert len(missed) <= 2
    assert max(map(missed.count, missed), default=0) <= 1


@pytest.mark.parametrize(("label", "lang", "wording"), WORDED)
def test_counter_examples_of_the_taxonomy_are_left_alone(tagger, label, lang, wording):
    """What a policy says it is not, it does not find."""
    tags = tagger.tag([Text(str(at), text, lang) for at, text in enumerate(wording.negatives)])

    assert [label in tag.flagged for tag in tags] == [False] * len(tags)


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_texts_get_a_full_quiet_tag(tag_one, name):
    """Nothing that a platform can send breaks the tagger or is flagged for its form."""
    tag = tag_one(ODD[name])

    assert (set(tag.harms), set(tag.requests)) == (set(map(str, Policy)), set(map(str, Request)))
    assert tag.flagged == ()


@pytest.mark.parametrize("piece", ["a ", "kill you now ", "Tao giết mày. ", "ệ", '"you" '])
def test_very_long_text_is_tagged_within_a_second(tagger, piece):
    """One post never holds up a batch."""
    text = Text("long", (piece * 100_000)[:100_000])
    begun = time.process_time()
    tagger.tag([text])

    assert time.process_time() - begun < 1.0


def test_tags_keep_order_and_do_not_depend_on_the_batch(tagger):
    """A text gets the same tag alone and among others."""
    texts = [Text(str(at), text) for at, text in enumerate(["", *ODD.values(), "burn it"])]

    assert tagger.tag(texts) == [tagger.tag([text])[0] for text in texts]
    assert tagger.tag([]) == []


@pytest.mark.parametrize(
    "text",
    [
        "The government's new budget is a disgrace and the minister should resign",
        "Chính phủ nên giải thích rõ vì sao giá điện lại tăng lần nữa",
        "Our union voted for the strike on Friday",
        "Mùng một cả nhà lên chùa lễ Phật",
    ],
)
def test_civic_post_has_no_sentiment(tag_one, text):
    """On civic speech it is not computed, and nothing is flagged for an opinion."""
    tag = tag_one(text)

    assert (tag.civic, tag.sentiment, tag.sentiment_scores) == (True, None, None)
    assert tag.flagged == ()


def test_sentiment_is_never_computed_for_a_civic_row(tagger):
    """Only the rows that are not civic reach the product."""
    rows = tagger.loaded.features.rows([["a"], ["b"], ["c"]])

    assert sorted(tagger._sentiments(rows, [True, False, True])) == [1]
    assert tagger._sentiments(rows, [True, True, True]) == {}


def test_other_post_has_sentiment_that_sums_to_one(tag_one):
    """Three shares, the largest named."""
    tag = tag_one("I love this pasta recipe, best dinner of the week")

    assert tag.sentiment == "positive"
    assert sum(tag.sentiment_scores.values()) == pytest.approx(1.0, abs=1e-3)


def test_heads_that_are_off_give_no_score(tag_one):
    """In a third language no harm and no request has a score."""
    tag = tag_one("Esta tarde fui al mercado con mi madre a comprar verduras frescas")

    assert tag.lang == "es"
    assert {score.score for score in (*tag.harms.values(), *tag.requests.values())} == {0.0}


def test_own_thresholds_can_only_raise(small_model):
    """A workspace cannot go below the floors, and can go above the card."""
    text = Text("1", "You absolute moron, nobody likes you, delete your account")
    low = Tagger.of(small_model, thresholds={"harassment": 0.0}).tag([text])[0]
    card = Tagger.of(small_model).tag([text])[0]

    assert low.harms["harassment"].band in {Band.CHECK, Band.FLAG}
    assert card.harms["harassment"].score == low.harms["harassment"].score


def test_base_and_records_load_no_library():
    """The protocol can be imported where scikit-learn must not be."""
    code = (
        "import sys, evenhand.classifiers.base, evenhand.data.records; "
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'numpy')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_tagging_loads_no_training_library():
    """Reading a model needs scipy alone."""
    code = (
        "import sys; from evenhand.classifiers.tagger import Tagger; "
        "Tagger.load(); sys.exit('sklearn' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
