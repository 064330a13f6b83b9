"""Names for items and claims in the browser that say nothing about them.

The ids of the store count upwards, so the id of an item that was made a moment ago, as hidden gold
is, would tell it apart; and what was claimed twice is no gold.
A name is the number sealed with the workspace's key for one person: it stays the same after a
reload, and nobody can make one up.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from evenhand.data.errors import InputError
from evenhand.data.pseudonym import load_or_make_key

if TYPE_CHECKING:
    from pathlib import Path

    from evenhand.dashboard.shell import Shell

KEY_BYTES = 32
ID_BYTES = 8
PEOPLE_KEPT = 256


class Seals:
    """Seals and opens the ids that one person sees."""

    def __init__(self, key: bytes, person_id: str) -> None:
        """Derive a key of its own for this use from *key*, the workspace's."""
        own = blake2b(b"items on the card", key=key, digest_size=KEY_BYTES).digest()
        self._cipher = AESSIV(own)
        self._person = person_id.encode()

    def seal(self, item_id: str) -> str:
        """Give the name of an item or post, the same one each time."""
        return self._seal(int(item_id), b"")

    def open(self, name: object) -> str:
        """Give the id that stands behind *name*.

        Raises:
            InputError: No item has this name for this person.
        """
        return str(self._open(name, b""))

    def seal_number(self, number: int, item_id: str) -> str:
        """Give the name of a claim's number: how often an item was claimed tells of it too."""
        return self._seal(number, item_id.encode())

    def open_number(self, name: object, item_id: str) -> int:
        """Give the number of the claim on an item that stands behind *name*.

        Raises:
            InputError: No claim on this item has this name for this person.
        """
        return self._open(name, item_id.encode())

    def _seal(self, value: int, about: bytes) -> str:
        sealed = self._cipher.encrypt(value.to_bytes(ID_BYTES, "big"), [self._person, about])
        return urlsafe_b64encode(sealed).decode("ascii")

    def _open(self, name: object, about: bytes) -> int:
        try:
            sealed = urlsafe_b64decode(str(name).encode("ascii"))
            return int.from_bytes(self._cipher.decrypt(sealed, [self._person, about]), "big")
        except (ValueError, InvalidTag) as error:
            msg = "the card's message names no item; reload the page"
            raise InputError(msg) from error


def seals_for(shell: Shell) -> Seals:
    """Give the seals of whoever acts."""
    return _seals(shell.settings.keys, shell.actor.id)


@lru_cache(maxsize=PEOPLE_KEPT)
def _seals(folder: Path, person_id: str) -> Seals:
    return Seals(load_or_make_key(folder), person_id)
