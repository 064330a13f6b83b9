"""Response templates: found by language and kind, filled, and held back while a gap stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from evenhand.dashboard.jobs import library
from evenhand.data.errors import SettingsError
from evenhand.data.records import ResponseKind
from evenhand.data.store.library import Template, builtin_templates, parse_templates, put
from evenhand.data.taxonomy import LANGUAGES

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WANTED = {
    "answer_question",
    "complaint_ticket",
    "help_on_the_way",
    "scam_notice",
    "correction_with_source",
    "crisis_line",
    "platform_report",
    "loudspeaker_text",
}


def test_fill_puts_values_in_and_leaves_the_rest_standing():
    """A blank or missing value leaves its placeholder where it is."""
    body = "Gọi {service_phone} hoặc {team_name}, {opening_hours}."
    values = {"service_phone": "1022", "team_name": "  ", "other": "x"}

    assert library.fill(body, values) == "Gọi 1022 hoặc {team_name}, {opening_hours}."


def test_fill_never_fills_a_value_again():
    """Braces inside a value are shown as an open placeholder, not filled from the others."""
    filled = library.fill("{a} {b}", {"a": "{b}", "b": "ờ"})

    assert filled == "{b} ờ"
    assert library.unfilled(filled) == ["b"]


def test_placeholders_come_once_and_in_order():
    """A placeholder used twice is asked for once."""
    assert library.placeholders("{b} {a} {b}") == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "open_names"),
    [
        ("", []),
        ("Xin chào 👋", []),
        ("{ số điện thoại }", ["số điện thoại"]),
        ("{}", [""]),
        ("a {x} b {x} c {Y}", ["x", "Y"]),
        ("{" + "a" * 81 + "}", []),
        ("đ" * 100_000, []),
    ],
)
def test_unfilled_names_whatever_stands_in_braces(text, open_names):
    """A mangled placeholder counts as open too; decomposed and long texts do no harm."""
    assert library.unfilled(text) == open_names


def test_builtin_templates_cover_every_occasion_in_both_languages():
    """Each template has both languages with the same placeholders, and no telephone number."""
    by_id: dict[str, dict[str, Template]] = {}
    for one in builtin_templates():
        by_id.setdefault(one.id, {})[one.language] = one

    assert set(by_id) >= WANTED
    for wordings in by_id.values():
        assert set(wordings) == set(LANGUAGES)
        english, vietnamese = wordings["en"], wordings["vi"]
        assert set(library.placeholders(english.body)) == set(
            library.placeholders(vietnamese.body),
        )
        assert library.placeholders(english.body)
        assert not re.search(r"\d", english.body + vietnamese.body)


def test_put_builtin_adds_templates_once(store):
    """A second start of the program adds nothing."""
    first = library.put_builtin(store, NOW)

    assert first == len(builtin_templates())
    assert library.put_builtin(store, NOW) == 0


def test_templates_lists_one_language_and_kind(store):
    """Only wordings of the asked language and kind come, by name."""
    library.put_builtin(store, NOW)

    names = [one.name for one in library.templates(store, "vi")]
    notices = library.templates(store, "en", ResponseKind.NOTICE)

    assert names
    assert {one.language for one in library.templates(store, "vi")} == {"vi"}
    assert {one.id for one in notices} == {"complaint_solved", "scam_notice"}


def test_templates_shows_the_newest_version_only(store):
    """A next version retires the one before, in its language only."""
    library.put_builtin(store, NOW)
    newer = Template("crisis_line", 2, "vi", "Mới", ResponseKind.SAFETY_REFERRAL, "Gọi {so}.")
    with store.write() as conn:
        put(conn, [newer], NOW)

    kind = ResponseKind.SAFETY_REFERRAL

    assert library.templates(store, "vi", kind) == [newer]
    assert [one.version for one in library.templates(store, "en", kind)] == [1]


@pytest.mark.parametrize(
    "text",
    ["[[template", "", "[[template]]\nid='a'\nversion=1\nkind='shout'\n[template.en]\nname='a'"],
)
def test_parse_templates_refuses_a_broken_file(text):
    """A file that is no TOML, or lacks a part, is named as such."""
    with pytest.raises(SettingsError):
        parse_templates(text)
