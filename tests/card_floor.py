"""What a test sends to the desk: messages as the browser words them, with sealed names."""

from __future__ import annotations

from evenhand.dashboard.card import desk as desks
from evenhand.dashboard.card.seals import seals_for


def named(shell, item_id):
    """Give the name that the browser knows an item by; what is no id stays as it is."""
    text = item_id if isinstance(item_id, str) else ""
    return seals_for(shell).seal(text) if text.isascii() and text.isdecimal() else item_id


def numbered(shell, number, item_id):
    """Give the name of a claim's number; what is no number stays as it is."""
    real = isinstance(number, int) and isinstance(item_id, str) and number >= 0
    return seals_for(shell).seal_number(number, item_id) if real else number


def send(shell, desk, messages):
    """Hand messages that name items by their ids to the desk, as the browser would."""
    desks.receive(shell, desk, [_sealed(shell, one) for one in messages])


def _sealed(shell, message):
    if not isinstance(message, dict):
        return message
    sealed = {
        key: named(shell, value) if key in {"item", "copy"} else value
        for key, value in message.items()
    }
    if "number" in message:
        sealed["number"] = numbered(shell, message["number"], message.get("item"))
    if isinstance(held := message.get("held"), list):
        sealed["held"] = [_sealed(shell, one) for one in held]
    return sealed
