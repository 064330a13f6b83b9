"""Search inside items, for coordinators and admins: words, filters, the newest first.

Only items are searched: posts that nothing brought up are numbers (safeguard 2).
A result shows where an item stands and none of its text; its text opens for a coordinator of the
team, or under a live claim, and that it was opened is logged with the item.
Reviewers do not search: who finds a post decided would know that it is read a second time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access, routing
from evenhand.data.errors import InputError
from evenhand.data.records import ItemState, Role
from evenhand.data.store import claims, finding, item_texts, posts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
Found = finding.Found
Look = finding.Look
SEARCHING = (Role.COORDINATOR, Role.ADMIN)
QUEUES = claims.QUEUES
LONGEST_QUERY = 200
MOST_WORDS = 10
AT_ONCE = 20
# What the worker folds in one go of items from before there was a search.
CAUGHT_UP_AT_ONCE = 500
_WORD = re.compile(r"\w+\*?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; an empty field lets everything in, *decided* only what is."""

    words: str = ""
    queue: str = ""
    label: str = ""
    lang: str = ""
    state: str = ""
    source: str = ""
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The present text of an item; both are None where it no longer exists."""

    name: str | None
    text: str | None


def folded(text: str) -> str:
    """Bring a text to what is compared: small letters without accents, words between spaces.

    >>> folded("Đập VỠ rồi!"), folded("")
    (' dap vo roi ', ' ')
    """
    words = re.findall(r"\w+", _low(text))
    return f" {' '.join(words)} " if words else " "


def words_of(asked: str) -> tuple[str, ...]:
    """Take the words out of a query, folded, each once; one that ends in * is a beginning.

    >>> words_of("Nước lũ, nuoc  cứu*")
    ('nuoc', 'lu', 'cuu*')
    """
    return tuple(dict.fromkeys(_WORD.findall(_low(asked))))


def _low(text: str) -> str:
    from evenhand.classifiers.text import clean, fold  # noqa: PLC0415 - not for every page

    return fold(clean(unicodedata.normalize("NFKC", text)).text).casefold()


def find(
    store: Store, actor: Actor, asked: Asked, *, before: str | None = None, at_most: int = AT_ONCE
) -> Look:
    """Look for items of the actor's team in which all words occur, the newest first.

    Urgent items are found whosesoever they are.

    Raises:
        InputError: The query is too long or has too many words, or a filter names nothing.
        NotAllowed: The actor is neither coordinator nor admin.
        NotFound: *before* is no id.
    """
    access.require(actor, *SEARCHING)
    wanted = _wanted(asked)
    with store.read() as conn:
        return finding.find(conn, wanted, team_id=actor.team_id, before=before, at_most=at_most)


def open_item(store: Store, actor: Actor, item_id: str, now: datetime) -> Opened:
    """Show the present text of an item that a search found; the item's log tells of it.

    Raises:
        NotAllowed: The actor is no coordinator of the item's team and does not hold it.
        NotFound: There is no such item.
    """
    access.require_person(actor, *SEARCHING)
    with store.write() as conn:
        key = claims.key_of(item_id)
        permit = finding.permit(conn, actor, item_id, now)
        version = posts.version_of(conn, permit.post_id) or 0
        shown = posts.text_of(conn, permit.post_id, version, permit=permit)
        claims.log(conn, [claims.Change(key, "text_read", now, actor.id)])
    return Opened(shown.name, shown.content)


def catch_up(store: Store) -> int:
    """Fold items from before there was a search, some at a time, for the worker; say how many."""
    with store.write() as conn:
        return item_texts.catch_up(conn, folded, CAUGHT_UP_AT_ONCE)


def _wanted(asked: Asked) -> finding.Wanted:
    words = words_of(asked.words)
    if len(asked.words) > LONGEST_QUERY or len(words) > MOST_WORDS:
        msg = (
            f"a search takes up to {MOST_WORDS} words and {LONGEST_QUERY} characters, and this has "
            f"{len(words)} and {len(asked.words)}; leave some out"
        )
        raise InputError(msg)
    _refuse_unknown("queue", asked.queue, QUEUES)
    _refuse_unknown("label", asked.label, routing.LABELS)
    _refuse_unknown("state", asked.state, [one.value for one in ItemState])
    return finding.Wanted(
        words=words,
        queue=asked.queue or None,
        label=asked.label or None,
        lang=asked.lang or None,
        state=ItemState(asked.state) if asked.state else None,
        source_id=asked.source or None,
        decided=asked.decided,
    )


def _refuse_unknown(what: str, given: str, known: Sequence[str]) -> None:
    if given and given not in known:
        msg = f"{given!r} is no {what}; choose one of the list"
        raise InputError(msg)
