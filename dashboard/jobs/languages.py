"""Choose the languages that one reads: only items in them are handed out to oneself.

Each person chooses for themselves, because nobody else knows.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import claims, langs, routes
from evenhand.data.store.rollups import Days
from evenhand.data.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

UNKNOWN = langs.UNKNOWN
# Languages of items made in these weeks are offered, beside those of the screens.
SEEN = timedelta(days=28)
MOST = 20
# Codes as the language finder writes them.
_CODE = re.compile(r"[a-z]{2,3}")


def own(store: Store, actor: Actor) -> frozenset[str]:
    """List the languages that the actor reads; empty means every language.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        return langs.read_by(conn, actor.id)


def offered(store: Store, actor: Actor, now: datetime) -> list[str]:
    """List the languages to choose from: those that came in lately, ours, and the actor's own.

    Raises:
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.read() as conn:
        known = {*LANGUAGES, *routes.langs(conn, lately(now)), *langs.read_by(conn, actor.id)}
    return sorted(known - {UNKNOWN})


def lately(now: datetime) -> Days:
    """Give the days whose items say which languages come in."""
    return Days((now - SEEN).date(), now.date())


def choose(store: Store, actor: Actor, chosen: Collection[str], now: datetime) -> int:
    """Let the actor read exactly these languages, and say how many items went back to the queue.

    None at all means every language.  All that they hold goes back where the choice changes, so
    that nothing stays with somebody who cannot read it.

    Raises:
        InputError: A code is no code of a language, or there are more than 20.
        NotAllowed: The actor is no reviewer and no coordinator.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    wanted = frozenset(chosen)
    if odd := sorted(one for one in wanted if one == UNKNOWN or not _CODE.fullmatch(one)):
        msg = f"{odd[0]!r} is no code of a language; write it like en or vi"
        raise InputError(msg)
    if len(wanted) > MOST:
        msg = f"{len(wanted)} languages are too many; choose up to {MOST}, or none for all"
        raise InputError(msg)
    with store.write() as conn:
        if wanted == langs.read_by(conn, actor.id):
            return 0
        langs.put(conn, actor.id, wanted)
        return claims.release_all(conn, actor.id, now, actor.id)


def suiting(known: frozenset[str], asked: Collection[str] | None) -> tuple[str, ...] | None:
    """Give the languages of a claim: those read, narrowed to those asked for; None for all.

    What is too short to say comes to everybody.
    """
    if not known:
        return None if asked is None else tuple(asked)
    readable = {*known, UNKNOWN}
    return tuple(sorted(readable if asked is None else readable.intersection(asked)))
