"""The glossary is complete in both languages, and numbers follow the language."""

from __future__ import annotations

import ast
import re
import string
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from evenhand.dashboard.jobs.library import placeholders
from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import entries, say
from evenhand.data import records
from evenhand.data.store.library import builtin_templates
from evenhand.data.taxonomy import Sentiment, load_taxonomy

if TYPE_CHECKING:
    from enum import StrEnum

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
# Words that other tools use for ours (docs/concepts.md), or that judge: none is on a screen.
STRANGERS = re.compile(
    r"\b(annotat\w+|bad|campaigns?|(?<!such a )(?<!any )cases?|classifiers?|clusters?"
    r"|culprits?|incidents?|moderators?|offend\w*|tickets?|toxic\w*|tweets?|users?|verdicts?|violators?)\b",
    re.IGNORECASE,
)
# What rules tell of the whole; a flag is none.
ALERT = re.compile(r"\balerts?\b", re.IGNORECASE)
# A reply gives the number that the service's own desk gave a complaint.
THEIR_WORDS = {"placeholders.ticket_number"}
# What draws words, by the name that it is called under, and which of its arguments are no words.
DRAWS = ("st", "widgets")
NO_WORDS = frozenset(
    {"config", "default", "format", "gap", "height", "icon", "key", "language", "mime", "theme"}
    | {"type", "vertical_alignment", "width", "label_visibility", "border", "on_change", "bind"}
    | {
        "size",
        "on_click",
        "args",
        "horizontal_alignment",
        "layout",
        "run_every",
        "file_name",
        "visibility",
        "url_path",
    }
)
NO_WORDS_OF = frozenset(
    {"set_page_config", "component", "fragment", "switch_page", "code", "form", "leave"}
)
# Directions for Streamlit inside of words, which nobody reads: colours, sizes and icons.
DIRECTIONS = re.compile(r":[a-z]+\[|:material/\w+:|\]|</?b>|https?://")
BRAND = "Evenhand"
FAMILIES = {
    "role": records.Role,
    "source_state": records.SourceState,
    "item_state": records.ItemState,
    "outcome": records.Outcome,
    "origin": records.Origin,
    "band": records.Band,
    "response": records.ResponseKind,
    "recipient": records.Recipient,
    "sentiment": Sentiment,
}


def wordings(entry):
    english = entry[0] if isinstance(entry[0], tuple) else (entry[0],)
    return [*english, entry[1]]


def places(wording):
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name is not None}


@pytest.mark.parametrize("key", sorted(entries()))
def test_entry_is_worded_in_both_languages_with_the_same_places(key):
    """No wording is missing or empty, and no language loses a value."""
    entry = entries()[key]

    assert len(entry) == 2
    assert all(wording.strip() for wording in wordings(entry))
    assert len({frozenset(places(wording)) for wording in wordings(entry)}) == 1


def test_what_is_compared_keeps_its_decimals():
    """A round number beside one that is not looks as exact as it is, in both languages."""
    assert ("7.0%", "7,0%") == (forms.tenths(0.07, "en"), forms.tenths(0.07, "vi"))
    assert ("2.0", "1.234,5") == (forms.tenth(2.0, "en"), forms.tenth(1234.5, "vi"))
    assert ("0.033", "0,026") == (forms.distance(0.033, "en"), forms.distance(0.0261, "vi"))


def test_every_key_that_the_screens_ask_for_exists():
    """A key in the dashboard's code has its wording; of a composed key, its beginning."""
    known = entries()
    missing = [
        (name, key)
        for name, key in keys_in_code()
        if key not in known and not (key.endswith("_") and any(k.startswith(key) for k in known))
    ]

    assert missing == []


def keys_in_code():
    """Find every string in the dashboard that is handed to `say` or looks like a view's key."""
    pages = {key.partition(".")[0] for key in entries()}
    for path in sorted(_walk(files("evenhand.dashboard"))):
        tree = ast.parse(path.read_text("utf-8"))
        asked = {id(node.args[0]) for node in ast.walk(tree) if _is_say(node) and node.args}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                page, _, name = node.value.partition(".")
                looks_so = page in pages and name.isidentifier() and path.parent.name == "views"
                if id(node) in asked or looks_so:
                    yield path.name, node.value


def _walk(folder):
    for child in folder.iterdir():
        if child.is_dir():
            yield from _walk(child)
        elif child.name.endswith(".py") and child.parent.name != "words":
            yield child


def _is_say(node):
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name == "say"


def test_no_page_draws_words_past_the_glossary():
    """What the dashboard hands to Streamlit is worded by `say`, or is nothing that one reads."""
    strays = []
    for path in sorted(_walk(files("evenhand.dashboard"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if _draws(node):
                strays += [(path.name, node.lineno, words) for words in _literals(node)]

    assert strays == []


def test_stray_words_are_found():
    """The test above sees words in every place where a page could hold them."""
    code = (
        'st.button("Press me", key="no words")',
        'st.selectbox(shell.say("queues.view"), found, help="Press me")',
        'widgets.quiet(f"{n} Press me {shell.say(name)}")',
        'st.success(shell.say("queues.saved") + " Press me")',
        'st.dataframe([{"Press me": one} for one in found], alt=shell.say("x"))',
        'with st.container(key="no words"):\n    st.markdown("**Press me**")',
    )
    found = [
        any("Press me" in words for node in ast.walk(ast.parse(line)) for words in _of(node))
        for line in code
    ]

    assert found == [True] * len(code)


def _of(node):
    return _literals(node) if _draws(node) else []


def _draws(node):
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    return isinstance(owner, ast.Name) and owner.id in DRAWS and node.func.attr not in NO_WORDS_OF


def _literals(call):
    """List the words that a call draws without the glossary."""
    drawn = [*call.args, *(one.value for one in call.keywords if one.arg not in NO_WORDS)]
    if call.args and _owner(call) == "widgets" and call.func.attr in {"header", "section"}:
        # These take keys and word them.
        drawn = []
    found = []
    for argument in drawn:
        found += [
            node.value
            for node in _outside_calls(argument)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    return [words for words in found if _is_read(words)]


def _owner(call):
    return call.func.value.id


def _outside_calls(node):
    """Walk through an expression, but not into calls: what they give is worded where they lie."""
    if isinstance(node, ast.Call):
        return
    yield node
    is_lookup = isinstance(node, (ast.Subscript, ast.Lambda, ast.Compare))
    for child in [] if is_lookup else ast.iter_child_nodes(node):
        yield from _outside_calls(child)


def _is_read(words):
    return bool(re.search(r"[^\W\d_]{2}", DIRECTIONS.sub("", words).replace(BRAND, "")))


@pytest.mark.parametrize("key", sorted(set(entries()) - THEIR_WORDS))
def test_wording_uses_our_words_and_no_strangers(key):
    """One word per idea: an item is no case and no ticket, and a flag no alert."""
    entry = entries()[key]

    assert [] == [one for one in wordings(entry)[:-1] if STRANGERS.search(one)]
    if not key.startswith("alerts."):
        assert [] == [one for one in wordings(entry)[:-1] if ALERT.search(one)]


def test_wordings_of_the_lists_use_our_words_too():
    """The taxonomy's names and definitions stand on screens like the glossary's words."""
    lists = load_taxonomy()
    named = [*lists.policies.values(), *lists.requests.values()]
    said = [
        words
        for entry in named
        for words in (entry.wording["en"].name, entry.wording["en"].definition)
    ]

    assert [] == [words for words in said if STRANGERS.search(words) or ALERT.search(words)]


@pytest.mark.parametrize(
    ("family", "member"),
    [(family, member) for family, kind in FAMILIES.items() for member in kind],
)
@pytest.mark.parametrize("lang", forms.LANGUAGES)
def test_every_member_of_a_closed_list_is_worded(family, member: StrEnum, lang):
    """Nobody meets a database name on a screen."""
    said = say(f"terms.{family}_{member.value}", lang)

    assert said
    assert "_" not in said


def test_every_placeholder_of_the_shipped_templates_is_worded():
    """Each field of the answer form has a label in plain words, and no word is left over."""
    used = {name for one in builtin_templates() for name in placeholders(one.body)}

    assert {key.partition(".")[2] for key in entries() if key.startswith("placeholders.")} == used


def test_say_fills_in_numbers_by_the_language():
    """Thousands are parted by a comma in English and by a point in Vietnamese."""
    assert say("shell.n_of_total", "en", n=4210, total=10_000) == "4,210 of 10,000"
    assert say("shell.n_of_total", "vi", n=4210, total=10_000) == "4.210 trên 10.000"


def test_say_refuses_what_the_glossary_does_not_know():
    """A missing key or language is found while testing, not by a reader."""
    with pytest.raises(LookupError, match=r"dashboard/words/shell\.py"):
        say("shell.nothing_of_the_kind", "en")
    with pytest.raises(LookupError, match="'fr'"):
        say("shell.sign_in", "fr")


def test_say_chooses_the_english_form_by_the_count():
    """One thing is named in the singular."""
    assert say("sources.set_aside_rows", "en", n=1) == "1 row set aside"
    assert say("sources.set_aside_rows", "en", n=0) == "0 rows set aside"
    assert say("sources.set_aside_rows", "vi", n=1) == "1 dòng để riêng"


@pytest.mark.parametrize(
    ("share", "english", "vietnamese"),
    [(0.5, "50%", "50%"), (0.1234, "12.3%", "12,3%"), (None, "–", "–"), (0.0, "0%", "0%")],
)
def test_percent_shows_a_dash_for_a_share_of_nothing(share, english, vietnamese):
    """A share without a base is blank and never 100 %."""
    assert forms.percent(share, "en") == english
    assert forms.percent(share, "vi") == vietnamese


def test_moment_is_written_in_the_readers_zone():
    """Half past two in UTC is half past nine in Hà Nội."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")

    assert forms.moment(NOW, "en", zone) == "24 Nov 2026, 09:30"
    assert forms.moment(NOW, "vi", zone) == "09:30, 24/11/2026"


def test_day_pause_and_since_follow_the_language():
    """Days and lengths of time read naturally in both languages."""
    assert forms.day(date(2026, 11, 24), "en") == "24 Nov 2026"
    assert forms.day(date(2026, 11, 24), "vi") == "24/11/2026"
    assert forms.pause(timedelta(hours=3), "en") == "3 hours"
    assert forms.pause(timedelta(hours=3), "vi") == "3 giờ"
    assert forms.since(NOW - timedelta(minutes=5), NOW, "en") == "5 minutes ago"
    assert forms.since(NOW - timedelta(minutes=5), NOW, "vi") == "5 phút trước"
    assert forms.since(NOW + timedelta(hours=2), NOW, "en") == "in 2 hours"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (True, "True"),
        ("Đồng Tháp", "Đồng Tháp"),
        (1234.567, "1,234.57"),
        (NOW, "24 Nov 2026, 02:30"),
        (date(2026, 1, 2), "2 Jan 2026"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_value_writes_each_kind_by_its_own_rule(given, said):
    """What is filled into a sentence is written for reading."""
    assert forms.value(given, "en") == said
