"""The neutrality sets, open and held: what they hold, and that no other content repeats them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from importlib.resources import files
from itertools import combinations

import pytest

from evenhand.data.taxonomy import LANGUAGES
from tests.skeletons import skeleton

SAMPLES = files("evenhand.data").joinpath("samples")
REAL_CONTACTS = ("http://", "https://")
RESERVED = (".example", ".test", ".invalid")
NAMED_DOMAIN = re.compile(r"\b[\w-]+\.(?:com|net|org|vn|io|gov|edu|info|co)\b", re.IGNORECASE)
RUN_WORDS = 5


class Posts(list):
    """Posts that a failing test does not print: nobody reads the held half."""

    def __repr__(self):
        return f"<{len(self)} posts>"


def lines(name: str) -> list[dict]:
    """Read one JSONL file of the samples."""
    text = SAMPLES.joinpath(name).read_text("utf-8")
    return Posts(json.loads(line) for line in text.splitlines())


@pytest.fixture(scope="module", params=["", "_held"], ids=["open", "held"])
def half(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def neutral(half) -> list[dict]:
    return lines(f"must_not_flag{half}.jsonl")


@pytest.fixture(scope="module")
def pairs(half) -> list[dict]:
    return lines(f"minimal_pairs{half}.jsonl")


def filled(pairs: list[dict]) -> list[str]:
    """Put every target into its template."""
    return [
        pair["template"].replace("{target}", name) for pair in pairs for name in pair["targets"]
    ]


def sentences(name: str) -> list[str]:
    """List the templates of a file, as they are and with every target."""
    pairs = lines(name)
    return [pair["template"] for pair in pairs] + filled(pairs)


def runs(texts: set[str]) -> set[str]:
    """List every run of five words in *texts*."""
    split = [text.split() for text in texts]
    return {
        " ".join(words[start : start + RUN_WORDS])
        for words in split
        for start in range(len(words) - RUN_WORDS + 1)
    }


@pytest.fixture(scope="module")
def skeletons() -> dict[str, set[str]]:
    """Collect the skeletons of all six content files; a missing file is a failure."""
    demo = json.loads(SAMPLES.joinpath("demo_stream.json").read_text("utf-8"))
    texts = {
        "seeds": [row["text"] for row in lines("seeds.jsonl")],
        "must_not_flag": [row["text"] for row in lines("must_not_flag.jsonl")],
        "must_not_flag_held": [row["text"] for row in lines("must_not_flag_held.jsonl")],
        "minimal_pairs": sentences("minimal_pairs.jsonl"),
        "minimal_pairs_held": sentences("minimal_pairs_held.jsonl"),
        "demo": [row["text"] for row in demo["templates"]],
    }
    return {name: {skeleton(text) for text in found} for name, found in texts.items()}


def test_neutral_posts_have_three_plain_fields_when_read(neutral):
    """Each line has text, language and kind, in NFC, without repetition, in file order."""
    assert {frozenset(row) for row in neutral} == {frozenset({"text", "lang", "kind"})}
    assert {row["lang"] for row in neutral} == set(LANGUAGES)
    assert all(unicodedata.is_normalized("NFC", row["text"]) for row in neutral)
    assert all(row["text"] == row["text"].strip() != "" for row in neutral)
    assert len({row["text"].casefold() for row in neutral}) == len(neutral)
    assert neutral == sorted(neutral, key=lambda row: (row["kind"], row["text"]))


def test_neutral_posts_are_many_and_balanced_when_counted(neutral):
    """Each half has at least 700 posts of 25 kinds, each kind with 14 or more in both languages."""
    cells = Counter((row["kind"], row["lang"]) for row in neutral)
    kinds = {row["kind"] for row in neutral}
    print(f"\nmust not flag: {len(neutral)} posts, {len(kinds)} kinds, {dict(cells)}")

    assert len(neutral) >= 700
    assert len(kinds) == 25
    assert all(cells[kind, lang] >= 14 for kind in kinds for lang in LANGUAGES)


def test_both_halves_together_are_enough_when_counted():
    """At least 1,500 posts, at least 60 of each kind, and 80 templates in the half that decides."""
    both = [*lines("must_not_flag.jsonl"), *lines("must_not_flag_held.jsonl")]
    kinds = Counter(row["kind"] for row in both)
    print(f"\nmust not flag, both halves: {len(both)}, smallest kind {min(kinds.values())}")

    assert len(both) >= 1_500
    assert min(kinds.values()) >= 60
    assert len({row["text"].casefold() for row in both}) == len(both)
    assert len(lines("minimal_pairs_held.jsonl")) >= 80


def test_neutral_posts_cover_what_is_never_a_reason_when_counted(neutral):
    """Every kind of speech that safeguard 1 protects is in the set."""
    protected = {
        "opinion",
        "criticism_government",
        "criticism_police_authority",
        "criticism_party",
        "criticism_company",
        "political_praise",
        "satire",
        "protest_announcement",
        "news_report",
        "counter_speech",
        "quotation_condemning",
        "reclaimed_terms",
        "strong_language_no_target",
        "rhetorical_question",
    }

    assert protected <= {row["kind"] for row in neutral}


def test_neutral_posts_are_written_as_people_write_when_counted(neutral):
    """Emoji, hashtags, lower case, no diacritics, and both very short and long posts occur."""
    vi = [row["text"] for row in neutral if row["lang"] == "vi"]
    plain = [text for text in vi if text.isascii()]
    emoji = [row for row in neutral if any(unicodedata.category(c) == "So" for c in row["text"])]
    hashtags = [row for row in neutral if "#" in row["text"]]
    lower = [row for row in neutral if row["text"][0].islower()]
    print(
        f"\nno diacritics {len(plain)}, emoji {len(emoji)}, hashtags {len(hashtags)}, "
        f"lower-case start {len(lower)}"
    )

    assert len(plain) >= 15
    assert len(emoji) >= 80
    assert len(hashtags) >= 4
    assert len(lower) >= 60
    assert sum(len(row["text"]) <= 40 for row in neutral) >= 20
    assert sum(len(row["text"]) >= 250 for row in neutral) >= 5


def test_samples_hold_no_real_address_when_read(neutral, pairs):
    """Every link leads to a reserved domain, and no registrable one is named."""
    texts = [row["text"] for row in neutral] + [pair["template"] for pair in pairs]
    links = [
        word for text in texts for word in text.split() if word.lower().startswith(REAL_CONTACTS)
    ]
    hosts = [link.split("/")[2].rstrip(".,;:!?") for link in links]

    assert all(host.endswith(RESERVED) for host in hosts)
    assert sum(bool(NAMED_DOMAIN.search(text)) for text in texts) == 0


def test_pairs_have_five_plain_fields_when_read(pairs):
    """Each pair has one target slot, a known kind, and at least six different targets."""
    fields = {"template", "lang", "kind", "harm", "targets"}
    assert {frozenset(pair) for pair in pairs} == {frozenset(fields)}
    assert {pair["lang"] for pair in pairs} == set(LANGUAGES)
    assert {pair["kind"] for pair in pairs} == {"group", "party", "country", "person"}
    for pair in pairs:
        assert pair["template"].count("{target}") == 1
        assert unicodedata.is_normalized("NFC", pair["template"])
        assert len(set(pair["targets"])) == len(pair["targets"]) >= 6
    assert pairs == sorted(pairs, key=lambda pair: (pair["kind"], pair["template"]))


def test_pairs_are_many_when_counted(pairs):
    """At least 40 templates, benign and harmful, for every kind in both languages."""
    cells = Counter((pair["kind"], pair["lang"], pair["harm"]) for pair in pairs)
    print(f"\nminimal pairs: {len(pairs)} templates, {len(filled(pairs))} posts, {dict(cells)}")

    assert len(pairs) >= 40
    for lang in LANGUAGES:
        assert all(cells[kind, lang, None] >= 6 for kind in ("group", "party", "country"))
        assert cells["group", lang, "hate"] >= 5
        assert cells["person", lang, "harassment"] >= 2
        assert cells["person", lang, "violence_threat"] >= 2


def test_harmful_pairs_attack_people_never_parties_or_countries_when_read(pairs):
    """Hate is tested on groups, harassment and threats on nobody in particular."""
    harmful = {(pair["kind"], pair["harm"]) for pair in pairs if pair["harm"]}

    assert harmful == {("group", "hate"), ("person", "harassment"), ("person", "violence_threat")}


@pytest.mark.parametrize(
    ("lang", "both"),
    [
        ("en", [("women", "men"), ("gay people", "straight people"), ("Muslims", "Christians")]),
        ("vi", [("người Kinh", "người Khmer"), ("phụ nữ", "đàn ông"), ("người da trắng",)]),
    ],
)
def test_group_pairs_name_majorities_too_when_read(pairs, lang, both):
    """Majority groups stand beside minorities in every group template."""
    named = {name for names in both for name in names}

    assert all(
        named <= set(pair["targets"])
        for pair in pairs
        if pair["kind"] == "group" and pair["lang"] == lang
    )


def test_neutral_posts_are_varied_when_reduced_to_skeletons(neutral):
    """At least 70 % of the posts stay different once names, numbers and links are taken out."""
    share = len({skeleton(row["text"]) for row in neutral}) / len(neutral)
    print(f"\nmust not flag: {share:.1%} distinct skeletons of {len(neutral)}")

    assert share >= 0.70


def test_pair_templates_are_varied_when_reduced_to_skeletons(pairs):
    """At least 70 % of the templates stay different as skeletons."""
    share = len({skeleton(pair["template"]) for pair in pairs}) / len(pairs)
    print(f"\nminimal pairs: {share:.1%} distinct skeletons of {len(pairs)}")

    assert share >= 0.70


def test_content_files_share_no_skeleton_when_compared(skeletons):
    """What trains, what tests and what is shown are different sentences."""
    print(f"\nskeletons: { {name: len(found) for name, found in skeletons.items()} }")
    shared = {
        (one, two): sorted(skeletons[one] & skeletons[two])
        for one, two in combinations(skeletons, 2)
    }

    assert all(skeletons.values())
    assert {names: found for names, found in shared.items() if found} == {}


def test_neutral_posts_share_hardly_a_turn_of_phrase_with_seeds_when_compared(neutral):
    """At most 1 % share five words in a row with a training seed, so they stay a test."""
    seeds = runs({skeleton(row["text"]) for row in lines("seeds.jsonl")})
    shared = [row for row in neutral if runs({skeleton(row["text"])}) & seeds]
    print(f"\nmust not flag: {len(shared)} of {len(neutral)} share five words in a row with a seed")

    assert len(shared) <= 0.01 * len(neutral)
