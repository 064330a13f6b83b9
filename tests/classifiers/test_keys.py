"""Keys are patterns of phrases in one sentence; guards and quotation marks take them back."""

from __future__ import annotations

import pytest

from evenhand.classifiers.keys import Patterns, weigh
from evenhand.classifiers.lexicon import compile_lexicon
from evenhand.classifiers.reading import read
from evenhand.data.errors import SettingsError

WORDS = """
[words.threat]
en = ["burn", "hit"]
vi = ["đốt"]
[words.person]
en = ["you", "him"]
vi = ["mày"]
[words.joke]
en = ["lol"]
vi = []
[words.warn]
en = ["careful"]
vi = []
"""
KEY = '[[patterns]]\nid = "k"\nlabels = ["violence_threat"]\nall = ["threat", "person"]\n'
GUARD = '[[patterns]]\nid = "g"\nlabels = ["violence_threat"]\nall = ["joke"]\neffect = "doubt"\n'


def evidence(text, key=KEY, guard=GUARD):
    lexicon = compile_lexicon({"keys": WORDS + key, "guards": guard})
    return weigh(read(text, lexicon), Patterns(lexicon, ["keys"]), Patterns(lexicon, ["guards"]))


def has_key(text, key=KEY):
    return "violence_threat" in evidence(text, key).keys


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i will burn you", True),
        ("you will burn", True),
        ("tao đốt mày", True),
        ("i will burn it", False),
        ("you there. we burn wood", False),
        ("you and some six or seven more words stand between, burn", False),
        ("", False),
    ],
)
def test_key_needs_all_its_classes_near_each_other_in_one_sentence(text, found):
    """Six words apart at most, in any order."""
    assert has_key(text) is found


def test_key_may_ask_for_an_order():
    """Ordered: the second class stands behind the first."""
    ordered = KEY + "ordered = true\n"

    assert has_key("burn you", ordered)
    assert not has_key("you burn", ordered)


def test_key_may_look_at_the_whole_text():
    """Scope text: sentences do not matter."""
    assert has_key("you there. we burn wood", KEY + 'scope = "text"\n')


def test_key_is_not_found_beside_a_forbidden_class():
    """`none` speaks for the sentence, or for the whole text where the pattern does."""
    careful = KEY + 'none = ["warn"]\n'

    assert not has_key("careful, it may burn you", careful)
    assert has_key("careful. it may burn you", careful)
    assert not has_key("careful. it may burn you", careful + 'scope = "text"\n')


def test_key_may_ask_for_a_question():
    """`asking`: only in a sentence that ends in a question mark."""
    asking = KEY + "asking = true\n"

    assert has_key("did they burn you?", asking)
    assert not has_key("they burn you.", asking)


def test_key_may_have_alternatives():
    """`threat|joke` is either class."""
    either = KEY.replace('"threat"', '"threat|joke"')

    assert has_key("lol you", either)


def test_quoted_key_is_no_key_but_is_remembered():
    """Whoever repeats a threat does not make it; a text that is all quotation is not quoting."""
    quoted = evidence('They wrote "i will burn you" to the whole office yesterday morning')

    assert (dict(quoted.keys), quoted.quoted) == ({}, {"violence_threat"})
    assert has_key('"i will burn you"')


def test_guard_is_looked_for_only_where_there_is_a_key():
    """Without a key there is nothing to take back."""
    assert [
        match.pattern.effect for match in evidence("burn you lol").guards["violence_threat"]
    ] == ["doubt"]
    assert dict(evidence("lol").guards) == {}


def test_pattern_is_refused_when_a_field_is_misspelt():
    """A misspelt condition would silently not hold."""
    with pytest.raises(SettingsError, match="windw"):
        evidence("x", KEY + "windw = 3\n")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Tao sẽ giết mày", "violence_threat"),
        ("I will kill you tonight", "violence_threat"),
        ("We need boats at the school, children are on the roof", "help_needed"),
    ],
)
def test_shipped_keys_find_what_they_are_for(tagger, text, label):
    """In both languages."""
    found = tagger.reader.read(text).evidence

    assert label in found.keys


@pytest.mark.parametrize(
    "text",
    [
        'They said "I will kill you tonight" and he was arrested',
        "He threatened: 'tao sẽ giết mày', police were called",
        "you guys kill me lol",
        "The government is killing this city with taxes",
    ],
)
def test_shipped_keys_leave_reports_and_figures_of_speech(tagger, text):
    """News, laughter and criticism are no threats."""
    found = tagger.reader.read(text).evidence

    assert "violence_threat" not in found.keys


@pytest.mark.parametrize(
    "text",
    [
        "Ban may cai xe cong di roi mua xe buyt cho tuyen nay nha ba con",
        "Nguoi lam luat chac chua bao gio xach do cho di bo tu cho ve nha minh dau",
        "Sở không bao giờ hỏi số thẻ qua điện thoại, mọi người báo giùm",
        "Họp tổ dân phố xong rồi mà chưa có quyết định nào. Cảm ơn đã đọc, vậy thôi nha.",
        "Quỹ khẩn cấp đem đi xây cổng chào, quản lý vậy đó",
    ],
)
def test_shipped_keys_leave_what_only_looks_alike_without_accents_or_question(tagger, text):
    """Plain speech stays unread: sold cars are no shots, "never" is no question."""
    found = tagger.reader.read(text).evidence
    calls = [match.pattern.id for match in found.keys.get("help_needed", ())]

    assert not {"violence_threat", "harassment"} & set(found.keys)
    assert "asks_politely" not in [match.pattern.id for match in found.keys.get("question", ())]
    assert "calls_for_help" not in calls
