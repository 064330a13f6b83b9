"""Secrets by reference: `env:NAME` or `file:/path`; a secret itself never stands in the settings.

So neither the store nor a screen that shows a source's options can give one away.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.data.errors import SourceMisconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SECRET = 4096


def read_secret(option: str, reference: str, environ: Mapping[str, str]) -> str:
    """Fetch what *reference* names.

    Args:
        option: The option's name, for the message.
        reference: `env:NAME` or `file:PATH`.
        environ: Where `env:` looks.

    Raises:
        SourceMisconfigured: It is no reference, or names nothing.
    """
    kind, _, where = reference.partition(":")
    if kind == "env" and where:
        value = environ.get(where, "").strip()
        if not value:
            msg = f"`{option}` names the environment variable {where}, which is empty; set it"
            raise SourceMisconfigured(msg)
        return value
    if kind == "file" and where:
        return _from_file(option, Path(where))
    msg = f"`{option}` must be a reference, env:NAME or file:PATH, never the secret itself"
    raise SourceMisconfigured(msg)


def _from_file(option: str, path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            value = file.read(LONGEST_SECRET + 1).strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = type(error).__name__
        msg = f"`{option}` names {path}, which cannot be read ({reason}); check the file"
        raise SourceMisconfigured(msg) from error
    if not value or len(value) > LONGEST_SECRET:
        msg = f"`{option}` names {path}, which is empty or too long for a secret; check the file"
        raise SourceMisconfigured(msg)
    return value
