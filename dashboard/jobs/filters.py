"""A reviewer's own filter of the queue: by reason, language and source, and by nothing else.

Author, topic and sentiment are no part of it (safeguards 1 and 4), and posts that were drawn at
random come under every filter (safeguard 2).
A filter lives in the address of the page, so that it can be passed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import languages
from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import langs, routes, sources
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

LABELS = (*(policy.value for policy in Policy), *(request.value for request in Request))
# What the fields of a filter are called in the address.
FIELDS = ("label", "lang", "source")
BETWEEN = ","
# Keys of sources have fewer digits; more would not fit into the store's integers.
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reviewer wants to see alone; an empty part lets everything in.

    *labels* are held against the one that leads an item; *sources* are ids.
    """

    labels: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.labels or self.langs or self.sources)


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be filtered by: labels and languages by their codes, sources' names by id."""

    labels: tuple[str, ...]
    langs: tuple[str, ...]
    sources: Mapping[str, str]

    def known(self) -> dict[str, Collection[str]]:
        """Give the values that each field of the address may have."""
        return dict(zip(FIELDS, (self.labels, self.langs, self.sources), strict=True))


def offered(store: Store, actor: Actor, now: datetime) -> Offered:
    """List what the actor may filter by; languages are those of 28 days' items that they read.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        seen = {*LANGUAGES, *routes.langs(conn, languages.lately(now))}
        readable = languages.suiting(langs.read_by(conn, actor.id), seen) or ()
        named = {one.id: one.spec.name for one in sources.list_all(conn)}
    return Offered(LABELS, tuple(sorted(readable)), named)


def from_address(
    choices: Offered, asked: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[str]]:
    """Read the fields of an address: the values that there are, and the names of bad fields."""
    values: dict[str, list[str]] = {}
    bad: list[str] = []
    for field, known in choices.known().items():
        said = dict.fromkeys(one for one in asked.get(field, "").split(BETWEEN) if one)
        values[field] = [one for one in said if one in known]
        if len(values[field]) < len(said):
            bad.append(field)
    return values, bad


def checked(only: Filter) -> Filter:
    """Give the filter back if it asks for what there can be.

    Raises:
        InputError: A label is on no list, or an id is no number.
    """
    if unknown := sorted(set(only.labels) - set(LABELS)):
        msg = f"{unknown[0]!r} is no policy and no request; the lists are closed"
        raise InputError(msg)
    odd = [one for one in only.sources if not one.isdecimal() or len(one) > MOST_DIGITS]
    if odd:
        msg = f"no source has the id {odd[0]!r}; choose one from the list"
        raise InputError(msg)
    return only
