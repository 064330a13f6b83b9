"""What the demo's simulated helpdesk answers: the shipped templates, filled with invented facts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import library
from evenhand.data.errors import InputError
from evenhand.data.records import Recipient, Response, ResponseKind
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.store.connect import Store
    from evenhand.data.store.library import Template

# Which template answers what, with its share; what is not listed is reported to its platform.
CHOICES: Mapping[str, Mapping[str, float]] = {
    Request.QUESTION: {"answer_question": 0.8, "ask_for_details": 0.2},
    Request.COMPLAINT: {"complaint_ticket": 0.75, "complaint_solved": 0.25},
    Request.HELP_NEEDED: {"pass_on_help_call": 0.6, "help_on_the_way": 0.4},
    Policy.SELF_HARM_RISK: {"crisis_line": 1.0},
    Policy.HEALTH_MISINFORMATION: {"correction_with_source": 1.0},
    Policy.DISASTER_MISINFORMATION: {"correction_with_source": 1.0},
    Policy.SCAM_FRAUD: {"platform_report": 0.7, "scam_notice": 0.3},
}
OTHERWISE = {"platform_report": 1.0}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that a simulated person answers: what was found in it, and in which language."""

    item_id: str
    uuid: str
    label: str
    lang: str


def load_templates(store: Store) -> dict[tuple[str, str], Template]:
    """Read the templates in use, by id and language."""
    found = [one for lang in LANGUAGES for one in library.templates(store, lang)]
    return {(one.id, one.language): one for one in found}


def response(
    wanted: Wanted,
    templates: Mapping[tuple[str, str], Template],
    accounts: Sequence[str],
    rng: random.Random,
    now: datetime,
) -> Response:
    """Write the response to one item.

    Raises:
        InputError: The template that fits is not in use, or there is no disclosed account.
    """
    lang = wanted.lang if wanted.lang in LANGUAGES else LANGUAGES[0]
    choice = CHOICES.get(wanted.label, OTHERWISE)
    [name] = rng.choices(list(choice), list(choice.values()))
    template = templates.get((name, lang))
    if template is None or not accounts:
        msg = f"the demo needs template {name} ({lang}) and an account; make the demo anew"
        raise InputError(msg)
    facts = _facts(lang, rng, now)
    passed_on = template.kind is ResponseKind.PASSED_TO_SERVICE
    return Response(
        uuid=wanted.uuid,
        item_id=wanted.item_id,
        kind=template.kind,
        channel=facts[f"channel.{template.kind}"],
        text=library.fill(template.body, facts),
        language=lang,
        account=rng.choice(accounts),
        given_at=now,
        template_id=template.id,
        template_version=template.version,
        recipient=Recipient.MEDICAL_OR_RESCUE if passed_on else None,
        result=facts["result"],
    )


def _facts(lang: str, rng: random.Random, now: datetime) -> dict[str, str]:
    """Give every placeholder its words; the program's own numbers and times are filled in."""
    own = {
        "number": str(rng.randrange(1000, 10_000)),
        "clock": f"{now:%H:%M} UTC",
        "day": f"{now:%d/%m/%Y}" if lang == "vi" else f"{now:%d %B %Y}",
    }
    words = _words()[lang]
    facts = {
        name: library.fill(value, own) for name, value in words.items() if isinstance(value, str)
    }
    lists = cast("Mapping[str, Sequence[str]]", words["lists"])
    facts |= {name: rng.choice(choices) for name, choices in lists.items()}
    channels = cast("Mapping[str, str]", words["channel"])
    return facts | {f"channel.{kind}": channel for kind, channel in channels.items()}


@cache
def _words() -> Mapping[str, Mapping[str, object]]:
    text = files("evenhand.data").joinpath("samples/demo_answers.toml").read_text("utf-8")
    return tomllib.loads(text)
