"""Pseudonyms: what a connector puts in the place of names, native ids and addresses.

All are keyed, so that nobody without the key can test a guess, and cut by platform, so that one
name on two platforms gives two pseudonyms that cannot be joined (safeguard 4).
The key lies in a file of its own beside the store: whoever gets a copy of the store alone can
resolve nothing.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
from base64 import b32encode
from hashlib import blake2b
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evenhand.data.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

KEY_BYTES = 32
KEY_FILE = "pseudonyms.key"
OWNER_ONLY = 0o600
NONCE_BYTES = 12
# What platforms show for an account that is gone; it is nobody's name.
NOBODY = frozenset({"", "[deleted]", "[removed]"})
# What a mention becomes: still readable as "a person is addressed here", and as a handle by rules.
SOMEONE = "@someone"
# Shorter names are found inside ordinary words.
SHORTEST_NAME = 3
_SEALED_V1 = b"\x01"

# A handle, also with its server (@name@host); not the middle of a mail address.
_HANDLE = re.compile(
    r"(?<![\w.%+/@-])@\w(?:[\w.-]{0,62}\w)?(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})?", re.UNICODE
)
# Pages of one person; the rest of such an address may repeat the name, so it goes too. All parts
# are bounded, so that a long text costs time in proportion to its length.
_PROFILE = re.compile(
    r"""
    (?<![\w.-])(?:https?://)?(?:[\w-]{1,63}\.)?
    (?:
      (?P<reddit>reddit\.com)/(?:u/|user/|r/u_)[\w-]{1,64}
    | (?P<letter>reddit\.com)/message/compose[/?][^\s\])>]{0,400}
    | (?P<site>twitter\.com|x\.com|instagram\.com|facebook\.com|fb\.com|t\.me|threads\.net
        |threads\.com|linkedin\.com/in|bsky\.app/profile|zalo\.me|tiktok\.com
        |youtube\.com/user|youtube\.com/c|youtube\.com/channel|github\.com)/
      @?(?!(?:search|hashtag|explore|watch|groups|events|p|reel|share|home|i)\b)[\w.-]{1,64}
    | (?P<server>[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})/@[\w.-]{1,64}(?:@[\w.-]{1,64})?
    )
    (?:/[^\s\])>]{0,400})?(?:\?[^\s\])>]{0,400})?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Markdown may put a backslash before an underscore.
_REDDIT_NAME = re.compile(r"(?<![\w/.])(?:/?r/u_|/user/|/?u/)(?:[\w-]|\\_){2,40}", re.IGNORECASE)
# A digit, an underscore, a hyphen or a capital inside: no ordinary word of a sentence.
_UNUSUAL = re.compile(r"[\d_A-Z-]")


class Pseudonyms:
    """Makes pseudonyms, keyed hashes and sealed locators with one key.

    Args:
        key: 32 secret bytes (`load_or_make_key`).
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            msg = f"a pseudonym key has {KEY_BYTES} bytes, not {len(key)}; restore the key file"
            raise SettingsError(msg)
        self._key = key
        self._cipher = AESGCM(blake2b(key=key, person=b"evenhand.seal", digest_size=32).digest())

    def __repr__(self) -> str:
        return "Pseudonyms(<key>)"

    def author(self, platform: str, native_author_id: str | None) -> str | None:
        """Give the pseudonym of an author, or None where the platform names nobody."""
        if native_author_id is None or native_author_id.strip() in NOBODY:
            return None
        return self._hash(b"author", platform, native_author_id)

    def native(self, platform: str, native_id: str) -> str:
        """Give the key of a post; a reply's *in_reply_to_key* is this of the post it answers."""
        return self._hash(b"native", platform, native_id)

    def context(self, platform: str, native_id: str) -> str:
        """Give the key of a thread from the native id of its first post."""
        return self._hash(b"context", platform, native_id)

    def text(self, native_key: str, text: str) -> str:
        """Give the key of one state of a post's text; the same text of two posts has two keys."""
        return self._hash(b"text", native_key, text)

    def seal(self, values: Mapping[str, str]) -> bytes:
        """Encrypt a native id and address; two seals of the same values differ."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(dict(values), ensure_ascii=False, separators=(",", ":")).encode()
        return _SEALED_V1 + nonce + self._cipher.encrypt(nonce, plain, _SEALED_V1)

    def open(self, sealed: bytes) -> dict[str, str]:
        """Decrypt what `seal` made.

        Raises:
            SettingsError: It was sealed with another key, or was altered.
        """
        nonce, cipher = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            # The first byte takes part in the seal: another format does not open either.
            plain = self._cipher.decrypt(nonce, cipher, sealed[:1])
        except (InvalidTag, ValueError) as error:
            msg = f"a locator cannot be opened with this key; restore the {KEY_FILE} it was made by"
            raise SettingsError(msg) from error
        return {str(name): str(value) for name, value in json.loads(plain).items()}

    def mask_mentions(self, text: str, platform: str, names: Iterable[str] = ()) -> str:
        """Take people's names out of a text, leaving `@someone` in their places.

        Handles (`@name`), reddit's `u/name` and addresses of people's own pages are found by their
        form; *names* are the names that the page itself shows, found as they are written when no
        ordinary word looks like them.
        """
        masked = text
        if "/" in masked:
            masked = _PROFILE.sub(_masked_address, masked)
            if platform == "reddit":
                masked = _REDDIT_NAME.sub(SOMEONE, masked)
        if "@" in masked:
            masked = _HANDLE.sub(SOMEONE, masked)
        return _without(masked, names)

    def _hash(self, use: bytes, platform: str, value: str) -> str:
        words = f"{platform}\x1f{value}".encode("utf-8", "surrogatepass")
        made = blake2b(words, key=self._key, person=b"evenhand." + use, digest_size=16).digest()
        return b32encode(made).decode().rstrip("=").lower()


def _masked_address(match: re.Match[str]) -> str:
    host = next(found for found in match.groups() if found)
    return f"{host.lower()}/{SOMEONE}"


def _without(text: str, names: Iterable[str]) -> str:
    # Looking for each name first is far quicker than one pattern of hundreds.
    folded = text.casefold()
    found = sorted(
        {name for name in names if _is_unusual(name) and name.casefold() in folded},
        key=lambda name: (-len(name), name),
    )
    if not found:
        return text
    return re.sub("|".join(map(re.escape, found)), SOMEONE, text, flags=re.IGNORECASE)


def _is_unusual(name: str) -> bool:
    """Say whether *name* can be looked for anywhere without hitting ordinary words."""
    return len(name) >= SHORTEST_NAME and _UNUSUAL.search(name[1:]) is not None


def mask_name(text: str, name: str) -> str:
    """Take one name out of a text that its bearer wrote, also where it is an ordinary word."""
    if len(name) < SHORTEST_NAME or name.casefold() not in text.casefold():
        return text
    return re.sub(rf"(?<!\w)@?{re.escape(name)}(?!\w)", SOMEONE, text, flags=re.IGNORECASE)


def load_key(folder: Path) -> bytes:
    """Read the key of a workspace.

    Args:
        folder: Where the workspace keeps its keys.

    Raises:
        SettingsError: There is none, others may read it, or it is damaged.
    """
    path = folder / KEY_FILE
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            key = file.read(KEY_BYTES + 1)
    except OSError as error:
        reason = type(error).__name__
        msg = f"no pseudonym key can be read at {path} ({reason}); restore it from a backup"
        raise SettingsError(msg) from error
    if mode & 0o077:
        msg = f"{path} may be read by others (mode {mode:04o}); run: chmod 600 {path}"
        raise SettingsError(msg)
    if len(key) != KEY_BYTES:
        msg = f"{path} is damaged: it has not {KEY_BYTES} bytes; restore it from a backup"
        raise SettingsError(msg)
    return key


def load_or_make_key(folder: Path) -> bytes:
    """Read the key of a workspace, making it first where *folder* has none.

    Raises:
        SettingsError: The key can be neither read nor written, or others may read it.
    """
    path = folder / KEY_FILE
    if not path.exists():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path)
        except OSError as error:
            reason = type(error).__name__
            msg = f"the pseudonym key cannot be written to {path} ({reason}); check the folder"
            raise SettingsError(msg) from error
    return load_key(folder)


def _write_once(path: Path) -> None:
    """Write a fresh key whole or not at all; of two processes the first one's stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
