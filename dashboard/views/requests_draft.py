"""What somebody has begun to write about a request, until it is logged; nothing is drawn here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from evenhand.dashboard.jobs import library
from evenhand.dashboard.plain import make_plain
from evenhand.data.records import Recipient, Response, ResponseKind
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.dashboard.jobs.library import Template
    from evenhand.dashboard.jobs.requests import Beginning, Logged
    from evenhand.data.errors import EvenhandError

# What most often answers an item of this label; anything else is one choice away.
USUAL: Mapping[str, tuple[ResponseKind, str]] = {
    Request.QUESTION: (ResponseKind.PUBLIC_REPLY, "answer_question"),
    Request.COMPLAINT: (ResponseKind.PUBLIC_REPLY, "complaint_ticket"),
    Request.HELP_NEEDED: (ResponseKind.PASSED_TO_SERVICE, "pass_on_help_call"),
    Policy.SELF_HARM_RISK: (ResponseKind.SAFETY_REFERRAL, "crisis_line"),
    Policy.SCAM_FRAUD: (ResponseKind.NOTICE, "scam_notice"),
    Policy.HEALTH_MISINFORMATION: (ResponseKind.PUBLIC_REPLY, "correction_with_source"),
    Policy.DISASTER_MISINFORMATION: (ResponseKind.PUBLIC_REPLY, "correction_with_source"),
}
OTHERWISE = (ResponseKind.PLATFORM_REPORT, "platform_report")
# What was drawn to be read has no label of a list; somebody decided that it needs an answer.
UNLISTED = USUAL[Request.QUESTION]
FREE = ""
# What stays the same from one answer to the next: it is filled in once, then offered again.
STEADY = frozenset(
    {
        "crisis_line",
        "crisis_line_hours",
        "emergency_number",
        "opening_hours",
        "organisation_name",
        "private_contact",
        "report_phone",
        "rescue_service",
        "service_phone",
        "team_contact",
        "team_name",
    },
)


@dataclass(slots=True)
class Draft:
    """A response that is being written.

    *uuid* becomes the response's, so that a form sent twice is logged once.
    *template* is the id of a template, or FREE for *text* in one's own words; *values* fill its
    placeholders and outlive a change of template.
    *given_at* None means the moment of logging.
    """

    kind: ResponseKind
    language: str
    template: str
    uuid: str = field(default_factory=lambda: str(uuid4()))
    values: dict[str, str] = field(default_factory=dict)
    text: str = ""
    channel: str = ""
    account: str = ""
    recipient: Recipient | None = None
    given_at: datetime | None = None
    result: str = ""


@dataclass(slots=True)
class Desk:
    """Where one person stands on the page, in one tab of the browser.

    *item_id* is what they answer, *until* when their claim on it ends, and *kept* the draft as the
    store has it; *follow_up* is the response that a further one is added to, without a claim.
    *said* is the sentence for the head of the page, *refused* what could not be done instead, and
    *answered* the item that was answered last.
    *uncovered* are the items whose text was asked for; *pages* is how much of a list is shown.
    *steady* is what the last answers said of the team itself, by placeholder and language.
    """

    item_id: str | None = None
    draft: Draft | None = None
    until: datetime | None = None
    kept: dict[str, object] | None = None
    follow_up: Logged | None = None
    said: str | None = None
    refused: EvenhandError | None = None
    answered: str | None = None
    uncovered: set[str] = field(default_factory=set)
    pages: int = 1
    steady: dict[tuple[str, str], str] = field(default_factory=dict)
    is_new: bool = True

    def clear(self, said: str | None = None, answered: str | None = None) -> None:
        """Go back to the list."""
        self.item_id = self.draft = self.until = self.kept = self.follow_up = None
        self.said, self.answered = said, answered

    def remember(self, draft: Draft) -> None:
        """Keep what an answer said of the team, for the next one in its language."""
        given = {name: value for name, value in draft.values.items() if name in STEADY}
        self.steady |= {(draft.language, name): value for name, value in given.items()}

    def offer(self, draft: Draft) -> None:
        """Fill in what stayed the same so far, where *draft* says nothing of its own."""
        for (language, name), value in self.steady.items():
            if language == draft.language:
                draft.values.setdefault(name, value)


def begin(
    label: str,
    lang: str,
    source_name: str,
    accounts: Sequence[str],
    beginning: Beginning | None = None,
) -> Draft:
    """Start a draft as a macro begins it, or with what most often fits an item of this label."""
    kind, template = USUAL.get(label, OTHERWISE if label in set(Policy) else UNLISTED)
    if beginning is not None:
        kind, template = beginning.kind, beginning.template_id
    at_the_post = kind in {ResponseKind.PUBLIC_REPLY, ResponseKind.PLATFORM_REPORT}
    return Draft(
        kind=kind,
        language=lang,
        template=template,
        account=accounts[0] if accounts else "",
        channel=source_name if at_the_post else "",
    )


def as_data(draft: Draft) -> dict[str, object]:
    """Write a draft as plain values for the store."""
    given_at = None if draft.given_at is None else draft.given_at.isoformat()
    return {**asdict(draft), "given_at": given_at}


def from_data(data: Mapping[str, object], fresh: Draft) -> Draft:
    """Read a draft of the store; what is missing or of no use comes from *fresh*."""
    if not data:
        return fresh
    given = {**as_data(fresh), **data}
    try:
        recipient = given["recipient"]
        return Draft(
            kind=ResponseKind(str(given["kind"])),
            recipient=None if recipient is None else Recipient(str(recipient)),
            given_at=_moment(given["given_at"]),
            values={
                str(name): str(value)
                for name, value in cast("Mapping[str, object]", given["values"]).items()
            },
            **{name: str(given[name]) for name in _TEXTS},
        )
    except (ValueError, AttributeError):
        # Written by another version of this page: a fresh form beats a broken one.
        return fresh


_TEXTS = ("language", "template", "uuid", "text", "channel", "account", "result")


def _moment(written: object) -> datetime | None:
    return None if written is None else datetime.fromisoformat(str(written))


def choose(draft: Draft, known: Sequence[Template]) -> Template | None:
    """Find the draft's template among those of its kind and language; None for free text.

    A template that does not fit any more gives way to the first that does.
    """
    if draft.template == FREE or not known:
        return None
    return next((one for one in known if one.id == draft.template), known[0])


def compose(draft: Draft, template: Template | None) -> str:
    """Write the text as it stands, open placeholders and all: what is shown, copied and logged."""
    text = draft.text if template is None else library.fill(template.body, draft.values)
    return make_plain(text)[0]


def gaps(draft: Draft, text: str) -> tuple[list[str], list[str]]:
    """Name the fields that are empty and what stands in braces in *text*.

    Returns:
        Fields by their keys of the glossary, and names of placeholders.
    """
    needed = {
        "requests.text": text,
        "requests.channel": draft.channel.strip(),
        "requests.account": draft.account,
        "requests.recipient": draft.kind is not ResponseKind.PASSED_TO_SERVICE or draft.recipient,
    }
    return [key for key, value in needed.items() if not value], library.unfilled(text)


def finish(draft: Draft, item_id: str, template: Template | None, now: datetime) -> Response:
    """Make the response that is logged."""
    passed_on = draft.kind is ResponseKind.PASSED_TO_SERVICE
    return Response(
        uuid=draft.uuid,
        item_id=item_id,
        kind=draft.kind,
        channel=draft.channel.strip(),
        text=compose(draft, template),
        language=draft.language,
        account=draft.account,
        given_at=draft.given_at or now,
        template_id=None if template is None else template.id,
        template_version=None if template is None else template.version,
        recipient=draft.recipient if passed_on else None,
        result=draft.result.strip(),
    )


def languages(lang: str) -> list[str]:
    """List the languages of an answer: those of the templates, and the post's own."""
    return [*LANGUAGES] if lang in LANGUAGES else [*LANGUAGES, lang]
