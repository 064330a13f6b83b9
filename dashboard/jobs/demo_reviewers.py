"""How the demo's simulated reviewers decide: by the planted truth, erring at the rates below.

They know what a post was written as and which labels the card names.
No function here takes a score, a band or a reason, so that figures measured on the demo never
measure the model with its own word.
The rates are invented; docs/demo.md repeats them, and a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data.records import Outcome
from evenhand.data.taxonomy import Policy, Request, load_taxonomy

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

    from evenhand.data.taxonomy import Entry

# A planted label that a reviewer fails to see: the decision is "no harm".
MISS: Mapping[str, float] = {
    Policy.SCAM_FRAUD: 0.03,
    Policy.SPAM: 0.05,
    Policy.HARASSMENT: 0.08,
    Policy.HATE: 0.08,
    Policy.VIOLENCE_THREAT: 0.03,
    Policy.SELF_HARM_RISK: 0.04,
    Policy.HEALTH_MISINFORMATION: 0.08,
    Policy.DISASTER_MISINFORMATION: 0.06,
    Policy.DOXXING: 0.04,
    Request.QUESTION: 0.04,
    Request.COMPLAINT: 0.06,
    Request.HELP_NEEDED: 0.02,
}
# A label that the card names and nobody planted, confirmed all the same.
FALSE_ALARM: Mapping[str, float] = {
    Policy.SCAM_FRAUD: 0.03,
    Policy.SPAM: 0.06,
    Policy.HARASSMENT: 0.08,
    Policy.HATE: 0.05,
    Policy.VIOLENCE_THREAT: 0.04,
    Policy.SELF_HARM_RISK: 0.05,
    Policy.HEALTH_MISINFORMATION: 0.05,
    Policy.DISASTER_MISINFORMATION: 0.06,
    Policy.DOXXING: 0.03,
    Request.QUESTION: 0.10,
    Request.COMPLAINT: 0.08,
    Request.HELP_NEEDED: 0.05,
}
# Of all items; everything else is drawn among the rest.
NOT_SURE = 0.02
# Of planted harms that are seen: the neighbouring policy is named instead.
OTHER_POLICY = 0.03
NEIGHBOUR: Mapping[str, Policy] = {
    Policy.SCAM_FRAUD: Policy.SPAM,
    Policy.SPAM: Policy.SCAM_FRAUD,
    Policy.HARASSMENT: Policy.HATE,
    Policy.HATE: Policy.HARASSMENT,
    Policy.VIOLENCE_THREAT: Policy.HARASSMENT,
    Policy.SELF_HARM_RISK: Policy.VIOLENCE_THREAT,
    Policy.HEALTH_MISINFORMATION: Policy.DISASTER_MISINFORMATION,
    Policy.DISASTER_MISINFORMATION: Policy.HEALTH_MISINFORMATION,
    Policy.DOXXING: Policy.HARASSMENT,
}
# Of planted requests that are seen: somebody in the thread has answered. This is no mistake.
ALREADY_ANSWERED = 0.08

MISSED, ALARMED, UNSURE, CONFUSED = "missed", "false_alarm", "not_sure", "other_policy"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a simulated reviewer says; *slip* names the mistake, None where there is none."""

    outcome: Outcome
    policy: str | None = None
    slip: str | None = None


def judge(planted: Sequence[str], shown: Sequence[str], rng: random.Random) -> Verdict:
    """Decide on one post.

    Args:
        planted: The labels that it was written for; empty where flagging it is a mistake.
        shown: The labels that the card names, in any order; a random draw names no harm, so that
            nothing is confirmed there that nobody planted.
        rng: Three numbers are drawn from it, whatever comes out.
    """
    unsure, error, other = rng.random(), rng.random(), rng.random()
    if unsure < NOT_SURE:
        return Verdict(Outcome.NOT_SURE, slip=UNSURE)
    harm = _gravest(planted, load_taxonomy().policies)
    if harm is not None:
        return _on_harm(harm, error, other)
    request = _gravest(planted, load_taxonomy().requests)
    if request is not None:
        return _on_request(request, error, other)
    return _on_nothing(sorted(one for one in shown if one in FALSE_ALARM), error)


def read_again(verdict: Verdict, first: random.Random) -> Verdict:
    """Give what a second reader says the facts of the thread, which no reader makes up.

    Args:
        verdict: What `judge` gave them.
        first: The numbers that the first reader of the same post drew, from their beginning.
    """
    asked = verdict.outcome in {Outcome.NEEDS_ANSWER, Outcome.ALREADY_ANSWERED}
    if verdict.slip is not None or not asked:
        return verdict
    _, _, other = first.random(), first.random(), first.random()
    is_answered = other < ALREADY_ANSWERED
    return Verdict(Outcome.ALREADY_ANSWERED if is_answered else Outcome.NEEDS_ANSWER)


def stated_rates() -> dict[str, object]:
    """List the rates above, as `evenhand demo --no-serve --json` prints them."""
    return {
        "missed": {str(label): rate for label, rate in MISS.items()},
        "false_alarm": {str(label): rate for label, rate in FALSE_ALARM.items()},
        "not_sure": NOT_SURE,
        "other_policy": OTHER_POLICY,
        "already_answered": ALREADY_ANSWERED,
    }


def _gravest(planted: Iterable[str], known: Mapping[str, Entry]) -> str | None:
    found = sorted(label for label in planted if label in known)
    return max(found, key=lambda label: known[label].severity, default=None)


def _on_harm(policy: str, error: float, other: float) -> Verdict:
    if error < MISS[policy]:
        return Verdict(Outcome.NO_HARM, slip=MISSED)
    if other < OTHER_POLICY:
        return Verdict(Outcome.VIOLATES, NEIGHBOUR[policy].value, slip=CONFUSED)
    return Verdict(Outcome.VIOLATES, policy)


def _on_request(label: str, error: float, other: float) -> Verdict:
    if error < MISS[label]:
        return Verdict(Outcome.NO_HARM, slip=MISSED)
    if other < ALREADY_ANSWERED:
        return Verdict(Outcome.ALREADY_ANSWERED)
    return Verdict(Outcome.NEEDS_ANSWER)


def _on_nothing(shown: Sequence[str], error: float) -> Verdict:
    label = next(iter(shown), None)
    if label is None or error >= FALSE_ALARM[label]:
        return Verdict(Outcome.NO_HARM)
    if label in NEIGHBOUR:
        return Verdict(Outcome.VIOLATES, label, slip=ALARMED)
    return Verdict(Outcome.NEEDS_ANSWER, slip=ALARMED)
