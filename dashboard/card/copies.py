"""What the browser is told of a wave: how many near-copies, and the sample that was opened.

A decision on the card stands for the whole wave, so the card takes none before a random sample was
opened under this claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.card.seals import seals_for
from evenhand.dashboard.jobs import waves
from evenhand.dashboard.plain import make_plain

if TYPE_CHECKING:
    from evenhand.dashboard.card.desk import Desk
    from evenhand.dashboard.jobs.waves import Copy
    from evenhand.dashboard.shell import Shell
    from evenhand.data.records import Item

LONGEST_COPY = 20_000
LONGEST_NAME = 300


def wave_data(shell: Shell, item: Item) -> dict[str, object]:
    """Word the wave that an item stands for; nothing for a single post."""
    if not item.near_copies:
        return {}
    count = min(shell.settings.waves.spot_check, item.near_copies)
    return {
        "wave": {
            "sampled": item.sampled,
            "title": shell.say("waves.title", n=item.near_copies + 1),
            "lead": shell.say("waves.lead"),
            "ask": shell.say("waves.ask", n=count),
        }
    }


def sample_data(shell: Shell, desk: Desk) -> dict[str, object] | None:
    """Put the opened sample into JSON, each near-copy with what differs from the card's post."""
    if desk.sample_item is None:
        return None
    return {
        "item": seals_for(shell).seal(desk.sample_item),
        "parted": shell.say("waves.parted", n=desk.parted) if desk.parted else "",
        "copies": [_copy(shell, number, one) for number, one in enumerate(desk.sample, 1)],
    }


def _copy(shell: Shell, number: int, one: Copy) -> dict[str, object]:
    place = shell.say(
        "waves.from",
        at_place=shell.say("waves.copy", n=number),
        source=make_plain(one.source_name, LONGEST_NAME)[0],
        at=shell.moment(one.joined_at),
        percent=round(100 * one.similarity),
    )
    differs = any(kind != waves.EQUAL for kind, _ in one.differs)
    return {
        "id": seals_for(shell).seal(one.post_id),
        "place": place,
        "pieces": _pieces(one) if differs else [],
        "text": shell.say("review.erased")
        if one.text is None
        else make_plain(one.text, LONGEST_COPY)[0],
        "same": "" if one.text is None or differs else shell.say("waves.same"),
        "apart": shell.say("waves.apart", n=number),
    }


def _pieces(one: Copy) -> list[list[str]]:
    """Cut a text into runs of words, each with what became of them: equal, gone or new."""
    return [[make_plain(" ".join(words), LONGEST_COPY)[0], kind] for kind, words in one.differs]
