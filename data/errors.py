"""Every error that crosses a room's door.

The tree, grouped by what the person does next:

    EvenhandError
    ├── SettingsError            mend evenhand.toml or the environment
    ├── ConnectorError           look at the source
    │   ├── RateLimited          wait until *retry_at*
    │   ├── Transient            nothing: it is tried again
    │   ├── AccessRefused        renew the credentials or ask for access
    │   ├── Gone                 the place no longer exists: retire the source
    │   ├── BadPayload           the answer could not be read: it is tried once more, then set aside
    │   ├── AddressRefused       name another address: this one is never asked
    │   ├── SourceMisconfigured  mend the source's block
    │   │   └── UnreadableFile   mend the file (also an InputError)
    │   └── GapDetected          posts were missed: shown as a loss of coverage
    ├── StoreError
    │   ├── ClaimLost            take the next item
    │   ├── AlreadyDecided       take the next item
    │   ├── WaveUnread           open the sample of the wave, then decide
    │   ├── NotFound             check the name
    │   └── SchemaTooNew         upgrade the program
    ├── ModelError
    │   ├── TooFewLabels         review more posts of that category
    │   ├── WorseThanCurrent     keep the active model
    │   └── ArtefactAltered      restore the model file
    ├── InputError               mend the file or the form
    ├── MissingExtra             install the optional part that it names
    ├── StoppedMidway            mend what it names and start again: what is done is kept
    └── NotAllowed               ask somebody with the role

A message says what happened, the value, and what to do.
It never holds a secret, a post's text or a pseudonym key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EvenhandError(Exception):
    """Base of all errors that Evenhand raises on purpose."""


class SettingsError(EvenhandError):
    """A setting is missing, unknown or unusable."""


class ConnectorError(EvenhandError):
    """A source could not be read; nothing else leaves a connector."""


class RateLimited(ConnectorError):
    """The platform asked us to wait.

    Args:
        message: What happened and what to do.
        retry_at: Earliest time of the next request, UTC.
    """

    def __init__(self, message: str, *, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Transient(ConnectorError):
    """A fault that usually passes: a dropped connection, a 5xx answer."""


class AccessRefused(ConnectorError):
    """The platform refused our credentials or this place."""


class Gone(ConnectorError):
    """The place no longer exists, or may not be shown."""


class BadPayload(ConnectorError):
    """The platform answered with something that is not what it promises."""


class AddressRefused(ConnectorError):
    """Something would have been sent to where nothing is ever sent."""


class SourceMisconfigured(ConnectorError):
    """The source's own block in the settings cannot be used."""


class GapDetected(ConnectorError):
    """Posts between two times could not be fetched any more."""


class StoreError(EvenhandError):
    """The store refused a read or a write."""


class ClaimLost(StoreError):
    """The claim ended before the write came: somebody else may hold the item."""


class AlreadyDecided(StoreError):
    """The item has a current decision in this review slot."""


class WaveUnread(StoreError):
    """The item stands for a wave, of which its holder has read one post only."""


class NotFound(StoreError):
    """No row of that name or id."""


class SchemaTooNew(StoreError):
    """The store was written by a newer Evenhand than this one."""


class ModelError(EvenhandError):
    """A model could not be trained, loaded or promoted."""


class TooFewLabels(ModelError):
    """A category has fewer labels than training needs.

    Args:
        category: The label's id.
        have: Labels found.
        need: Labels required.
        counts: For each label (yes, no), where all were counted.
    """

    def __init__(
        self,
        category: str,
        *,
        have: int,
        need: int,
        counts: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        told = f"{category} has {have} labels and needs {need}"
        told += "; review more posts of that kind first"
        if counts:
            table = "; ".join(f"{name} {yes} yes, {no} no" for name, (yes, no) in counts.items())
            told = f"{told} (all labels: {table})"
        super().__init__(told)
        self.category = category
        self.have = have
        self.need = need
        self.counts = dict(counts or {})


class WorseThanCurrent(ModelError):
    """The candidate loses to the active model on a category or a language."""


class ArtefactAltered(ModelError):
    """A model file does not have the content hash that its card records."""


class InputError(EvenhandError):
    """What was handed in (a file, a form) cannot be read at all."""


class UnreadableFile(SourceMisconfigured, InputError):
    """A file holds nothing that could be imported: no table, no text column, an archive."""


class MissingExtra(EvenhandError):
    """Something optional is asked for and its libraries are not installed.

    Args:
        extra: The part's name, as `pip install "evenhand[…]"` takes it.
    """

    def __init__(self, extra: str) -> None:
        super().__init__(
            f"this needs the optional part {extra!r}; "
            f'install it with `pip install "evenhand[{extra}]"`',
        )
        self.extra = extra


class StoppedMidway(EvenhandError):
    """Long work ended before its end: a full disk, a lost worker; what is done is kept."""


class NotAllowed(EvenhandError):
    """The actor's role does not permit this.

    Args:
        message: What was refused and whom to ask.
        role: The role that would be needed.
    """

    def __init__(self, message: str, *, role: str) -> None:
        super().__init__(message)
        self.role = role
