"""A draft survives the store, finds its template, and names what is still missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evenhand.dashboard.views import requests_draft
from evenhand.dashboard.views.requests_draft import FREE, Draft
from evenhand.data.records import Recipient, ResponseKind
from evenhand.data.store.library import Template

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GREETING = Template("greet", 2, "vi", "Chào", ResponseKind.PUBLIC_REPLY, "Chào {who}, gọi {phone}.")
OTHER = Template("other", 1, "vi", "Khác", ResponseKind.PUBLIC_REPLY, "Khác")


def make(**changes):
    fields = {
        "kind": ResponseKind.PUBLIC_REPLY,
        "language": "vi",
        "template": "greet",
        "channel": "r/danang",
        "account": "u/desk",
    }
    return Draft(**(fields | changes))


@pytest.mark.parametrize(
    ("label", "kind", "template", "channel"),
    [
        ("question", "public_reply", "answer_question", "r/danang"),
        ("help_needed", "passed_to_service", "pass_on_help_call", ""),
        ("self_harm_risk", "safety_referral", "crisis_line", ""),
        ("hate", "platform_report", "platform_report", "r/danang"),
        # Drawn to be read: not flagged, and answered since somebody decided so.
        ("audit", "public_reply", "answer_question", "r/danang"),
    ],
)
def test_begin_suggests_what_most_often_fits(label, kind, template, channel):
    """A question is answered where it stands, a call for help is passed on."""
    draft = requests_draft.begin(label, "vi", "r/danang", ["u/desk", "u/second"])

    assert (draft.kind, draft.template, draft.channel) == (kind, template, channel)
    assert (draft.account, draft.language) == ("u/desk", "vi")
    assert requests_draft.begin(label, "vi", "r/danang", []).account == ""


def test_draft_comes_back_from_the_store_as_it_was():
    """Every field survives, times and enums too."""
    draft = make(
        values={"who": "bạn 👋"},
        recipient=Recipient.CRISIS_LINE,
        given_at=NOW,
        text="x" * 20_000,
        result="https://example.org",
    )

    assert requests_draft.from_data(requests_draft.as_data(draft), make()) == draft


@pytest.mark.parametrize(
    "changes",
    [{"kind": "shout"}, {"recipient": "press"}, {"given_at": "yesterday"}, {"values": ["x"]}],
)
def test_draft_of_another_version_gives_way_to_a_fresh_form(changes):
    """What cannot be read any more breaks nothing."""
    fresh = make()

    assert requests_draft.from_data(requests_draft.as_data(make()) | changes, fresh) is fresh
    assert requests_draft.from_data({}, fresh) is fresh


def test_draft_without_a_newer_field_keeps_the_rest():
    """A field that an older version did not know comes from the fresh form."""
    found = requests_draft.from_data({"channel": "điện thoại"}, fresh := make())

    assert (found.channel, found.uuid, found.kind) == ("điện thoại", fresh.uuid, fresh.kind)


def test_choose_finds_the_template_or_the_first_that_fits():
    """A change of kind leaves no template behind that is not offered."""
    known = [OTHER, GREETING]

    assert requests_draft.choose(make(), known) is GREETING
    assert requests_draft.choose(make(template="gone"), known) is OTHER
    assert requests_draft.choose(make(template=FREE), known) is None
    assert requests_draft.choose(make(), []) is None


def test_gaps_name_empty_fields_and_open_placeholders():
    """Each thing that is missing is named once."""
    draft = make(values={"who": " "}, channel=" ", account="")
    text = requests_draft.compose(draft, GREETING)

    assert requests_draft.gaps(draft, text) == (
        ["requests.channel", "requests.account"],
        ["who", "phone"],
    )
    draft = make(kind=ResponseKind.PASSED_TO_SERVICE, template=FREE)
    assert requests_draft.gaps(draft, "") == (["requests.text", "requests.recipient"], [])


def test_finish_logs_the_text_that_was_shown():
    """What is copied is what is logged: cleaned, composed letters, no hidden turns."""
    draft = make(values={"who": "ba\u0323n\u202e", "phone": "1022\x00"}, recipient=Recipient.POLICE)
    made = requests_draft.finish(draft, "7", GREETING, NOW)

    assert made.text == "Chào bạn⟲, gọi 1022."
    assert (made.template_id, made.template_version) == ("greet", 2)
    assert (made.recipient, made.given_at, made.uuid) == (None, NOW, draft.uuid)


def test_finish_in_free_words_names_no_template():
    """Whoever changes the wording answers for it alone."""
    draft = make(template=FREE, text=" Chào bạn. ", given_at=NOW)
    made = requests_draft.finish(draft, "7", None, NOW.replace(hour=13))

    assert (made.text, made.template_id, made.template_version) == ("Chào bạn.", None, None)
    assert made.given_at == NOW


def test_languages_offer_the_posts_own_too():
    """A post in a third language can be answered in it, without a template."""
    assert requests_draft.languages("vi") == ["en", "vi"]
    assert requests_draft.languages("fr") == ["en", "vi", "fr"]
