"""What may stand on the statement list: long enough, not political, not against neutral posts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evenhand.classifiers.neutrality import OPEN, shipped_posts
from evenhand.classifiers.statement_rules import (
    hits_neutral,
    hits_truth,
    political_words,
    too_short,
)
from evenhand.classifiers.statements import Statement

HEALTH = "health_misinformation"


def stated(*wordings):
    return Statement("1", HEALTH, wordings)


def test_wording_needs_four_telling_words():
    """With three, two words in common would already match."""
    short = ["Vaccines are dangerous", "Nước máy có độc", "the and of it is", "😀😀😀😀"]
    enough = ["Gargling sea water cures dengue", "Súc nước biển chữa được sốt xuất huyết"]

    assert short == too_short([*enough, *short])


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("The government hides that the upper dam broke", ["government"]),
        ("Chính quyền giấu chuyện đập hồ trên đã vỡ", ["chính quyền"]),
        ("chinh quyen giau chuyen dap ho tren da vo", ["chính quyền"]),
        ("Voters of the ruling party spread the virus", ["ruling party", "voters"]),
        ("Uống dầu hôi chữa được giun và ung thư", []),
        ("Drinking lamp oil cures worms and cancer", []),
    ],
)
def test_political_words_are_found_in_both_languages(wording, words):
    """A statement is about health or an emergency, never about who governs."""
    assert words == sorted(political_words([wording]))


@pytest.mark.parametrize("at", [0, 100, 300, 500, 700])
def test_wording_that_repeats_a_neutral_post_is_found(at):
    """Whichever post of the open set it is made from; a question alone is no claim."""
    post = shipped_posts(OPEN)[at]
    found = hits_neutral(stated(post.text.replace("?", ".").replace("\n", " ")))
    kinds = {one.kind for one in found}

    assert "?" in post.text or post.kind in kinds


def test_list_of_plain_claims_hits_no_neutral_post():
    """Claims as a team would list them."""
    listed = stated("Gargling sea water cures dengue fever", "Súc nước biển chữa sốt xuất huyết")

    assert [] == hits_neutral(listed)


def test_truth_that_repeats_the_claim_without_denying_it_is_found():
    """Posts that say what is true would be put before a person."""
    shelters = stated("The flood shelters in Lam Bay are closed")

    assert hits_truth(shelters, "The flood shelters in Lam Bay are open.")
    assert not hits_truth(shelters, "The flood shelters in Lam Bay are not closed.")


def test_rules_load_no_model_library():
    """They run in the process that serves the screens."""
    program = (
        "import sys; from evenhand.classifiers import statement_rules as r; "
        "from evenhand.classifiers.statements import Statement as S; "
        "r.hits_neutral(S('1', 'health_misinformation', ('lamp oil cures worms and cancer',))); "
        "r.political_words(['x']); r.too_short(['x']); "
        "print([m for m in sys.modules if m.partition('.')[0] in "
        "('sklearn', 'scipy', 'numpy', 'py3langid', 'pandas')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )

    assert "[]" == ended.stdout.strip()
