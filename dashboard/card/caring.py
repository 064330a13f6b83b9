"""How the desk looks after whoever sits at it: breaks, and the private record of what was read.

How long an item was read the browser says, because it alone knows whether the tab was in sight;
all looks together never exceed the time that passed here, so nothing can be made up.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import care, claims

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.care import Read, Rest, Standing
    from evenhand.dashboard.shell import Shell
    from evenhand.data.records import Item

# An item that came back by an undo is not a new one to read.
ITEMS_KEPT = 400


@dataclass(slots=True)
class Caring:
    """What one desk knows of its reviewer's reading.

    *rest* is the break they are having; *looks* wait to be noted, *known* are items that were
    counted, *since* is when the last look ended or the desk was set up.
    """

    rest: Rest | None = None
    looks: list[Read] = field(default_factory=list)
    known: OrderedDict[str, None] = field(default_factory=OrderedDict)
    since: datetime | None = None


def look_after(shell: Shell, held: Mapping[str, Item]) -> Standing:
    """Note where the reviewer stands, begin a break that is due, and see what is still theirs."""
    claimed = [(item.id, item.claim.number) for item in held.values() if item.claim]
    rules = shell.settings.care
    return care.look_after(shell.store, shell.actor, rules, shell.now(), claimed)


def keep_within(shell: Shell, standing: Standing) -> frozenset[str]:
    """Give back what is above the reviewer's daily limit, and say which items that were."""
    if standing.severe_a_day is None and not standing.spared:
        return frozenset()
    return care.keep_within(shell.store, shell.actor, shell.settings.care, shell.now())


def see(
    caring: Caring, item: Item | None, message: Mapping[str, object], now: datetime, *found: str
) -> None:
    """Remember that *item* was read: as severe as its flags say, or as the reviewer *found* it."""
    if item is None:
        return
    passed = 0.0 if caring.since is None else (now - caring.since).total_seconds()
    # What the browser counted of this stretch may end a moment before its message arrives here.
    seconds = min(care.look_s(message.get("seen_s")), max(0.0, passed))
    caring.since = now if caring.since is None else caring.since + timedelta(seconds=seconds)
    labels = (*(flag.label for flag in item.flags), *found)
    new = item.id not in caring.known
    caring.looks.append(care.Read(care.severity_of(labels), seconds, new))
    caring.known[item.id] = None
    while len(caring.known) > ITEMS_KEPT:
        caring.known.popitem(last=False)


def note(shell: Shell, caring: Caring) -> None:
    """Write down what was read since the last time; the desk does so once per batch."""
    looks, caring.looks = caring.looks, []
    care.note_reads(shell.store, shell.actor, looks, shell.settings.care, shell.now())


def rest(shell: Shell) -> None:
    """Begin a break because the reviewer wants one."""
    care.begin_rest(shell.store, shell.actor, shell.settings.care, shell.now())


def go_on(shell: Shell) -> None:
    """End the reviewer's break because they want to go on."""
    care.end_rest(shell.store, shell.actor, shell.now())


def release(shell: Shell) -> None:
    """Give back what came to somebody who has a break: a decision that was taken back, say."""
    claims.release_all(shell.store, shell.actor, shell.now())
