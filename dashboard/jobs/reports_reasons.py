"""Rows in the shape of a statement of reasons of the Digital Services Act (Article 17).

The fields are those of the DSA Transparency Database's interface (its API documentation).
Evenhand offers the shape and claims no compliance: it restricts nothing on any platform, so what
was restricted, for how long and on what legal ground is empty here, never guessed; whoever runs the
platform fills it in.
No row holds a text, a person or a platform's own id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.data.records import Origin, Outcome
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evenhand.data.store.report_items import ItemThen, Said

# Where Evenhand itself looked; what a partner reported may be a notice of any kind.
OWN = frozenset({Origin.MODEL, Origin.RULE, Origin.REQUEST, Origin.AUDIT, Origin.MANUAL})
BY_MACHINE = frozenset({Origin.MODEL.value, Origin.RULE.value})
# Languages that are named by two letters; a text too short to say has none.
TWO_LETTERS = 2
EMPTY: Mapping[str, object] = {
    "decision_visibility": [],
    "decision_monetary": "",
    "decision_provision": "",
    "decision_account": "",
    "account_type": "",
    "decision_ground": "",
    "decision_ground_reference_url": "",
    "illegal_content_legal_ground": "",
    "illegal_content_explanation": "",
    "incompatible_content_ground": "",
    "incompatible_content_explanation": "",
    "incompatible_content_illegal": "",
    "content_type": [],
    "category": "",
    "category_addition": [],
    "category_specification": [],
    "territorial_scope": [],
    "content_language": "",
    "content_date": "",
    "application_date": "",
    "end_date_visibility_restriction": "",
    "end_date_monetary_restriction": "",
    "end_date_service_restriction": "",
    "end_date_account_restriction": "",
    "decision_facts": "",
    "source_type": "",
    "automated_detection": "",
    "automated_decision": "",
    "puid": "",
}


def reasons(items: Iterable[ItemThen]) -> list[dict[str, object]]:
    """Make one row for each item whose decision says that a policy is violated."""
    return [
        _row(one, one.said)
        for one in items
        if one.said is not None and one.said.outcome == Outcome.VIOLATES.value
    ]


def _row(one: ItemThen, said: Said) -> dict[str, object]:
    entries = [load_taxonomy().entry(name) for name, _ in said.policies]
    first = entries[0]
    own = {origin.value for origin in OWN}
    known = set(one.origins)
    return {
        **EMPTY,
        "incompatible_content_ground": first.id,
        "incompatible_content_explanation": first.wording["en"].definition,
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": first.dsa or "",
        "category_addition": sorted({two.dsa for two in entries[1:] if two.dsa} - {first.dsa}),
        "content_language": one.lang.upper() if len(one.lang) == TWO_LETTERS else "",
        "content_date": "" if one.published_on is None else one.published_on.isoformat(),
        "decision_facts": _facts(said),
        "source_type": "SOURCE_VOLUNTARY" if known and known <= own else "",
        "automated_detection": _by_machine(known),
        # A person decided, every time.
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": said.uuid,
    }


def _by_machine(origins: set[str]) -> str:
    if not origins:
        return ""
    return "Yes" if origins & BY_MACHINE else "No"


def _facts(said: Said) -> str:
    named = ", ".join(
        name if severity is None else f"{name} (severity {severity} of 5)"
        for name, severity in said.policies
    )
    return (
        f"A person decided on {said.decided_at.date().isoformat()} that the version shown to them "
        f"violates {named}, under policy version {said.policy_version}; the decision can be "
        "appealed to another person."
    )
