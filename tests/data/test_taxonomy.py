"""The closed lists and their wording (safeguard 1)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib.resources import files

import pytest

from evenhand.data.errors import SettingsError
from evenhand.data.taxonomy import (
    CIVIC_TOPICS,
    FAST_LABELS,
    LANGUAGES,
    Policy,
    Request,
    Topic,
    is_civic,
    load_taxonomy,
    parse_taxonomy,
)

HARMS = {
    "scam_fraud",
    "spam",
    "harassment",
    "hate",
    "violence_threat",
    "self_harm_risk",
    "health_misinformation",
    "disaster_misinformation",
    "doxxing",
}
VIETNAMESE = re.compile("[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ]", re.IGNORECASE)


@pytest.fixture(scope="module")
def wording() -> str:
    return files("evenhand.data").joinpath("taxonomy.toml").read_text("utf-8")


def signs():
    """List every policy and request of the shipped wording."""
    taxonomy = load_taxonomy()
    return [*taxonomy.policies.values(), *taxonomy.requests.values()]


def test_taxonomy_words_exactly_the_closed_lists_when_loaded():
    """The shipped file words nine harms, three requests and 17 topics, no more and no fewer."""
    taxonomy = load_taxonomy()

    assert set(taxonomy.policies) == {policy.value for policy in Policy} == HARMS
    assert set(taxonomy.requests) == {"question", "complaint", "help_needed"}
    assert set(taxonomy.topics) == {topic.value for topic in Topic}
    assert (len(Policy), len(Request), len(Topic)) == (9, 3, 17)


@pytest.mark.parametrize(
    "extra",
    [
        '[policies.criticism]\nseverity = 2\n[policies.criticism.en]\nname = "Criticism"\n',
        '[requests.petition]\nseverity = 1\n[requests.petition.vi]\nname = "Kiến nghị"\n',
        '[topics.leaders]\nen = { name = "Leaders" }\nvi = { name = "Lãnh đạo" }\n',
    ],
)
def test_taxonomy_is_refused_when_it_adds_a_label(wording, extra):
    """No file can lengthen a list: an unknown label stops the start."""
    with pytest.raises(SettingsError, match="the list is closed"):
        parse_taxonomy(wording + extra)


@pytest.mark.parametrize("extra", ["[leaders]\nx = 1\n", "[authors.en]\nname = 'x'\n"])
def test_taxonomy_is_refused_when_it_has_another_section(wording, extra):
    """There are policies, requests and topics, and no fourth list."""
    with pytest.raises(SettingsError, match="unknown sections"):
        parse_taxonomy(wording + extra)


@pytest.mark.parametrize("label", ["hate", "spam", "doxxing"])
def test_taxonomy_is_refused_when_a_policy_is_renamed(wording, label):
    """Wording a harm under another id is refused, so the id cannot come to mean opinion."""
    renamed = wording.replace(f"[policies.{label}", f"[policies.{label}_or_dissent")

    with pytest.raises(SettingsError, match=f"missing \\['{label}'\\]"):
        parse_taxonomy(renamed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_taxonomy_is_refused_when_a_language_is_missing(wording, lang):
    """A harm worded in one language only would be judged unequally."""
    without = wording.replace(f"[policies.hate.{lang}]", "[policies.hate.fr]")

    with pytest.raises(SettingsError, match=f"policies.hate.{lang}"):
        parse_taxonomy(without)


def test_taxonomy_is_refused_when_an_example_is_missing(wording):
    """Two examples of each sign are the least that a reviewer is shown."""
    line = '  "This heat is killing me and my boss is going to murder me if I\'m late again lol",\n'
    assert wording.count(line) == 1

    with pytest.raises(SettingsError, match="2 examples of each sign"):
        parse_taxonomy(wording.replace(line, ""))


@pytest.mark.parametrize("severity", ["6", "-1", '"high"', "2.5"])
def test_taxonomy_is_refused_when_a_severity_is_off_the_scale(wording, severity):
    """Severity is a whole number from 0 to 5."""
    changed = wording.replace("severity = 1", f"severity = {severity}", 1)
    assert changed != wording

    with pytest.raises(SettingsError, match="severity"):
        parse_taxonomy(changed)


@pytest.mark.parametrize("text", ["", "[policies", "policies = {}\n"])
def test_taxonomy_is_refused_when_empty_or_broken(text):
    """An empty or broken file is an error, not an empty list."""
    with pytest.raises(SettingsError):
        parse_taxonomy(text)


def test_severity_follows_danger_to_life_when_loaded():
    """Danger to life is 5, a nuisance 1, and topics have no severity at all."""
    severity = {entry.id: entry.severity for entry in signs()}

    assert all(1 <= value <= 5 for value in severity.values())
    assert {label for label, value in severity.items() if value == 5} == {
        label.value for label in FAST_LABELS
    }
    assert severity["spam"] == severity["question"] == 1
    assert severity["hate"] == severity["doxxing"] == 4
    assert {entry.severity for entry in load_taxonomy().topics.values()} == {0}


def test_covered_texts_are_those_that_hurt_to_read_when_loaded():
    """Hate, threats, self-harm and harassment stay hidden until a reviewer asks."""
    covered = {entry.id for entry in signs() if entry.covered}

    assert covered == {"hate", "violence_threat", "self_harm_risk", "harassment"}


@pytest.mark.parametrize("entry", signs(), ids=lambda entry: entry.id)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sign_is_fully_worded_when_loaded(entry, lang):
    """Each harm and request says what it is, what it is not, and shows different examples."""
    words = entry.wording[lang]
    examples = [*words.positives, *words.negatives]
    texts = [words.name, words.definition, words.not_this, *examples]

    assert all(text.strip() for text in texts)
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert len(set(examples)) == len(examples) == 4
    assert 1 <= words.definition.count(".") <= 2
    assert bool(VIETNAMESE.search(words.definition)) == (lang == "vi")


@pytest.mark.parametrize("topic", list(Topic))
def test_topic_is_worded_in_both_languages_when_loaded(topic):
    """Each topic has a name and one line, in English and in Vietnamese."""
    wording = load_taxonomy().topics[topic].wording

    assert set(wording) == set(LANGUAGES)
    assert all(words.name and words.definition.count(".") == 1 for words in wording.values())
    assert wording["en"].definition != wording["vi"].definition


def test_policies_name_their_standards_when_loaded():
    """Each harm names its DSA category and its AT Protocol reason; a request names neither."""
    taxonomy = load_taxonomy()

    for entry in taxonomy.policies.values():
        assert (entry.dsa or "").startswith("STATEMENT_CATEGORY_")
        assert (entry.atproto or "").startswith("reason")
    assert {(entry.dsa, entry.atproto) for entry in taxonomy.requests.values()} == {(None, None)}


def test_names_differ_when_shown_in_one_list():
    """Two labels of one list never carry the same name on a screen."""
    taxonomy = load_taxonomy()
    for entries in (signs(), list(taxonomy.topics.values())):
        for lang in LANGUAGES:
            names = [entry.wording[lang].name for entry in entries]

            assert len(set(names)) == len(names)


def test_version_changes_when_a_letter_of_the_text_changes(wording):
    """Decisions record the wording they were made under, so each change is a new version."""
    shipped = parse_taxonomy(wording)
    reworded = parse_taxonomy(wording.replace("Lừa đảo", "Lừa gạt", 1))

    assert shipped.version == parse_taxonomy(wording).version == load_taxonomy().version
    assert reworded.version != shipped.version
    assert re.fullmatch("[0-9a-f]{12}", shipped.version)


def test_entry_is_refused_when_the_label_is_on_no_list():
    """Asking for a label that does not exist is an error, and a topic is no label."""
    taxonomy = load_taxonomy()

    assert taxonomy.entry("hate").id == "hate"
    assert taxonomy.entry("complaint").id == "complaint"
    for label in ("dissent", "politics", ""):
        with pytest.raises(SettingsError, match="closed"):
            taxonomy.entry(label)


def test_civic_topics_come_from_code_when_the_file_says_otherwise(wording):
    """No setting makes a civic topic uncivic: the five stand in code."""
    changed = parse_taxonomy(wording.replace("[topics.politics]", "[topics.politics]\ncivic=false"))

    assert set(changed.topics) == set(load_taxonomy().topics)
    assert {topic.value for topic in CIVIC_TOPICS} == {
        "politics",
        "religion",
        "labour",
        "conflict",
        "society",
    }
    assert "civic" not in {
        key for topic in tomllib.loads(wording)["topics"].values() for key in topic
    }


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        (["sport"], False),
        (["sport", "religion"], True),
        (["weather", "never heard of it"], True),
        ([], False),
    ],
)
def test_is_civic_counts_doubt_as_civic_when_a_topic_is_unknown(topics, expected):
    """One civic or unknown topic makes the whole post civic."""
    assert is_civic(topics) is expected
