"""What a statement must be before a second person is even asked (safeguard 5).

Each refusal is one sentence that says what is wrong and what to do.
The rules about wordings are loaded when something is proposed: no page waits for them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evenhand.data.errors import InputError
from evenhand.data.taxonomy import LANGUAGES, Policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenhand.classifiers.statements import Statement as Matchable
    from evenhand.data.store.statements import Worded

# The two policies that statements serve, and the only topics that there are.
TOPICS = {
    Policy.HEALTH_MISINFORMATION.value: "health",
    Policy.DISASTER_MISINFORMATION.value: "emergency",
}
LONGEST_DAYS = 180
MOST_WORDINGS = 10
LONGEST_WORDING = 300
SHORTEST_TRUTH, LONGEST_TRUTH = 10, 1_000
LONGEST_SOURCE = 200
LONGEST_ADDRESS = 500
SHOWN = 80


def cleaned(worded: Worded) -> Worded:
    """Compose letters, trim, and drop empty lines; nothing else is changed."""
    return replace(
        worded,
        wordings=tuple(line for one in worded.wordings if (line := _clean(one))),
        what_is_true=_clean(worded.what_is_true),
        source_name=_clean(worded.source_name),
        source_url=worded.source_url.strip(),
    )


def refuse_unfit(worded: Worded, now: datetime) -> None:
    """Go on only with a statement that two persons may put in force.

    Raises:
        InputError: A field is missing or out of bounds, it is about something else than health or
            an emergency, or one of its wordings would bring up what must not be flagged.
    """
    _refuse_topic(worded)
    _refuse_fields(worded)
    _refuse_address(worded.source_url)
    _refuse_expiry(worded.expires_at, now)
    refuse_wordings(worded)


def refuse_wordings(worded: Worded) -> None:
    """Hold the wordings against the rules and the open half of the neutrality set.

    Raises:
        InputError: One of them is too short or political, or hits what is neutral or true.
    """
    from evenhand.classifiers import statement_rules as rules  # noqa: PLC0415 - see the head

    if short := rules.too_short(worded.wordings):
        msg = (
            f"“{short[0][:SHOWN]}” has fewer than {rules.FEWEST_TELLING} telling words and would "
            "match too much; write the whole claim as people repeat it"
        )
        raise InputError(msg)
    if political := rules.political_words(worded.wordings):
        msg = (
            f"a statement is about health or an emergency and never about politics; leave out "
            f"“{political[0]}” and word the claim alone"
        )
        raise InputError(msg)
    matchable = _matchable(worded)
    if rules.hits_truth(matchable, worded.what_is_true):
        msg = (
            "what is true would itself be put before a person, since it repeats the claim; begin "
            "it with a plain denial (“… does not …”), or word the claim by what is false in it"
        )
        raise InputError(msg)
    if neutral := rules.hits_neutral(matchable):
        msg = (
            f"this would put {len(neutral)} neutral posts before a person, such as "
            f"“{neutral[0].text[:SHOWN]}” ({neutral[0].kind}); word the claim more exactly"
        )
        raise InputError(msg)


def _matchable(worded: Worded) -> Matchable:
    from evenhand.classifiers.statements import Statement  # noqa: PLC0415 - see the head

    return Statement("proposed", worded.policy, worded.wordings)


def _refuse_topic(worded: Worded) -> None:
    if TOPICS.get(worded.policy) != worded.topic:
        msg = (
            "a statement is about health or an emergency, and about nothing else; choose "
            f"{' or '.join(TOPICS)}"
        )
        raise InputError(msg)
    if worded.lang not in LANGUAGES:
        msg = f"{worded.lang!r} is no language of this workspace; choose {' or '.join(LANGUAGES)}"
        raise InputError(msg)


def _refuse_fields(worded: Worded) -> None:
    if not 0 < len(worded.wordings) <= MOST_WORDINGS:
        msg = (
            f"a statement needs 1 to {MOST_WORDINGS} wordings and has {len(worded.wordings)}; "
            "write the claim as people repeat it, one wording per line"
        )
        raise InputError(msg)
    for wording in worded.wordings:
        _refuse_text("a wording", wording, (1, LONGEST_WORDING))
    if len(set(worded.wordings)) < len(worded.wordings):
        msg = "a wording stands there twice; keep each once"
        raise InputError(msg)
    _refuse_text("what is true instead", worded.what_is_true, (SHORTEST_TRUTH, LONGEST_TRUTH))
    _refuse_text("the name of the published source", worded.source_name, (2, LONGEST_SOURCE))


def _refuse_text(what: str, text: str, bounds: tuple[int, int]) -> None:
    shortest, longest = bounds
    if not shortest <= len(text) <= longest or not text.isprintable():
        msg = (
            f"{what} needs {shortest} to {longest} printable characters on one line and has "
            f"{len(text)}; mend it"
        )
        raise InputError(msg)


def _refuse_address(address: str) -> None:
    msg = (
        "a statement needs the address of a published source that begins with https:// or "
        "http://; paste it from your browser"
    )
    if not 0 < len(address) <= LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise InputError(msg)
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InputError(msg) from error
    is_public = "." in host.strip(".") and parts.username is None and parts.password is None
    # In small letters, as the engine asks for it too.
    if not address.startswith(("http://", "https://")) or not is_public:
        raise InputError(msg)


def _refuse_expiry(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + timedelta(days=LONGEST_DAYS):
        msg = (
            f"a statement is in force for 1 to {LONGEST_DAYS} days; choose a nearer expiry and "
            "propose it again when it is over"
        )
        raise InputError(msg)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def lines(text: str) -> Sequence[str]:
    """Take the wordings out of a form's text, one a line."""
    return text.splitlines()
