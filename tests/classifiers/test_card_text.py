"""A card as Markdown says all that a reader must know, and breaks at no text."""

from __future__ import annotations

from dataclasses import replace

from evenhand.classifiers.card_text import card_markdown
from evenhand.classifiers.shelf import Card, with_results
from evenhand.classifiers.statements import Statement

CARD = Card(
    name="team",
    recipe="team",
    labels=("hate", "spam"),
    sentiment=("negative", "neutral", "positive"),
    thresholds={"hate": 0.3, "spam": 0.5},
    off={"vi": ("spam",)},
    sources=({"name": "sms_spam", "rows": 12, "licence": "CC BY 4.0"}, {"name": "own", "rows": 3}),
    rows={"hate": {"en": (5, 7), "vi": (1, 2)}},
    lexicon="abc",
    limits=("It repeats mistakes.",),
    content_hash="0123456789",
    data_hash="feed",
    code_version="2026.11",
    licences=("CC BY 4.0", "the project's own"),
    base="builtin@1",
    origins={"flagged": {"en": 4, "vi": 5}},
)
LINE = {
    "label": "hate",
    "lang": "en",
    "source": "sets",
    "state": "on",
    "positives": 30,
    "average_precision": 0.5,
    "precision": 0.75,
    "precision_interval": [0.6, 0.9],
    "recall": None,
    "recall_interval": None,
    "calibration_error": 0.04,
    "note": "",
}
BOUND = {"name": "must-not-flag, en", "bound": "≤ 2%", "measured": 0.01, "limit": 0.03}


def test_card_names_data_code_licences_and_hashes():
    """What it is and what it learnt from."""
    text = card_markdown(CARD)

    for fact in ("team@01234567", "feed", "2026.11", "builtin@1", "| sms_spam | 12 | CC BY 4.0 |"):
        assert fact in text
    assert "| flagged | 4 | 5 |" in text
    assert "| spam | 0.50 | – | – | vi |" in text
    assert "| hate | 0.30 | 5 / 7 | 1 / 2 | – |" in text
    assert "- It repeats mistakes." in text


def test_figures_have_their_intervals_and_little_evidence_has_none():
    """A share of too few posts is not shown as one."""
    lines = [LINE, {**LINE, "lang": "vi", "state": "off", "note": "not enough evidence"}]
    text = card_markdown(with_results(CARD, {"held_out": lines}))

    assert "| hate | en | sets | 30 | 0.50 | 0.75 (0.60–0.90) | – | 0.04 |  |" in text
    assert "| hate | vi | sets | 30 | off | – | – | – | not enough evidence |" in text


def test_gate_shows_every_bound_with_its_limit():
    """A bound that does not hold is said first."""
    bounds = [{**BOUND, "passed": False}, {**BOUND, "name": "gap", "limit": None, "passed": True}]
    text = card_markdown(CARD, reports={"neutrality": {"bounds": bounds}})

    assert "1 bounds do not hold." in text
    assert "| must-not-flag, en | ≤ 2% | 0.010 | 0.030 | **does not hold** |" in text
    assert "| gap | ≤ 2% | 0.010 | – | holds |" in text


def test_reports_outrank_the_results_of_the_card():
    """What was measured later counts."""
    old = with_results(CARD, {"neutrality": {"bounds": [{**BOUND, "passed": False}]}})
    text = card_markdown(old, reports={"neutrality": {"bounds": [{**BOUND, "passed": True}]}})

    assert "Every bound holds." in text


def test_comparison_and_examples_are_part_of_a_card():
    """Both models side by side, and where the wording is not met."""
    pair = {"active": 0.5, "candidate": 0.25}
    compared = {
        "lines": [
            {
                "label": "hate",
                "lang": "en",
                "positives": 40,
                "verdict": "worse",
                "ap": pair,
                "recall": pair,
                "precision": {},
            }
        ],
        "refusals": ["hate in English: recall 0.50 → 0.25"],
    }
    example = {"label": "hate", "lang": "en", "sign": "is", "band": "nothing", "text": "a | b\nc"}
    worded = {"scored": 80, "disagreements": [example]}
    text = card_markdown(CARD, reports={"backtest": compared, "examples": worded})

    assert "| hate | en | 40 | 0.50 → 0.25 | 0.50 → 0.25 | – → – | worse |" in text
    assert "- Refused: hate in English" in text
    assert "1 of 80 are not judged as worded." in text
    assert "| hate | en | is | nothing | a \\| b c |" in text


def test_statements_in_force_are_listed():
    """Misinformation is what the team wrote down, so a card shows it."""
    statement = Statement("s1", "health_misinformation", ("salt cures it", "muối chữa được"))
    text = card_markdown(CARD, statements=[statement])

    assert "1 are in force" in text
    assert "| s1 | health_misinformation | salt cures it · muối chữa được |" in text
    assert "brings none" in card_markdown(CARD)


def test_card_from_before_states_is_written_all_the_same(tagger):
    """Cards on a shelf outlive the program that wrote them."""
    bare = {key: value for key, value in LINE.items() if key not in {"state", "source", "note"}}
    old = replace(CARD, sources=(), origins={}, licences=(), data_hash="", limits=())

    assert "| hate | en | – | 30 | 0.50 |" in card_markdown(with_results(old, {"held_out": [bare]}))
    assert tagger.loaded.card.id in card_markdown(tagger.loaded.card)
