"""Reads what the browser sent: names that were sealed, whole numbers, policies with severities.

It may hold anything; what cannot be read is an error with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evenhand.dashboard.card.seals import Seals, seals_for
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from evenhand.dashboard.shell import Shell

# Ids and claim numbers have fewer digits; more would not fit into the store's integers.
MOST_DIGITS = 18
# A policy and its severity.
PAIR = 2


def unsealed(shell: Shell, message: Mapping[str, object]) -> dict[str, object]:
    """Put ids and numbers in the place of the names that the browser knows them by.

    Raises:
        InputError: A name stands for nothing that this person was sent.
    """
    seals = seals_for(shell)
    opened = _opened(seals, message)
    if isinstance(held := opened.get("held"), list):
        opened["held"] = [_opened(seals, one) if isinstance(one, Mapping) else one for one in held]
    return opened


def _opened(seals: Seals, message: Mapping[str, object]) -> dict[str, object]:
    opened = dict(message)
    for key in ("item", "copy"):
        if key in opened:
            opened[key] = seals.open(opened[key])
    if "item" in opened and "number" in opened:
        opened["number"] = seals.open_number(opened["number"], str(opened["item"]))
    return opened


def read_handle(message: object) -> tuple[str, int]:
    """Read which item under which claim a message is about.

    Raises:
        InputError: It names none.
    """
    try:
        if isinstance(message, Mapping):
            return str(read_whole(message["item"])), read_whole(message["number"])
    except (KeyError, ValueError) as error:
        msg = "the card's message names no item; reload the page"
        raise InputError(msg) from error
    msg = "the card's message names no item; reload the page"
    raise InputError(msg)


def read_severity(value: object) -> int | None:
    """Read a severity; None means the policy's own.

    Raises:
        ValueError: It is no whole number.
    """
    return None if value is None else read_whole(value)


def read_also(value: object) -> tuple[tuple[str, int | None], ...]:
    """Read the further policies of a decision: pairs of a name and a severity, or none of it.

    Raises:
        ValueError: It is anything else.
    """
    if value is None:
        return ()
    if not isinstance(value, list) or not all(
        isinstance(one, list) and len(one) == PAIR for one in value
    ):
        msg = "not a list of pairs"
        raise ValueError(msg)
    return tuple((str(policy), read_severity(severity)) for policy, severity in value)


def read_whole(value: object) -> int:
    """Read a whole number that fits into the store.

    Raises:
        ValueError: It is none.
    """
    digits = str(value)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
        msg = "not a whole number"
        raise ValueError(msg)
    return int(digits)
