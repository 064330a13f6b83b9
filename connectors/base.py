"""What every connector is: the outside, read as pages of posts.

A connector is a pure generator: it holds no store, never sleeps and asks no clock of its own;
where it must wait it says so (`Page.not_before`, `RateLimited.retry_at`) and ends.
Nothing but a `ConnectorError` leaves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evenhand.data.pseudonym import Pseudonyms
    from evenhand.data.records import Event, Page

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a source's block: its name, what it is for, and whether it must be there."""

    name: str
    purpose: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ConnectorSpec:
    """What a kind of source is and takes.

    *rechecks* says that deleted posts can be asked for; *once* that a source of this kind is
    handed over once and never pulled again.
    """

    kind: str
    title: str
    options: tuple[Option, ...]
    rechecks: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """What a connector is given from outside.

    *environ* serves `env:NAME` references to secrets and nothing else.
    """

    pseudonyms: Pseudonyms
    clock: Clock
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much one run may fetch (pages, at least 1)."""

    pages: int = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Whether a source can be read, in one sentence, with what was found out on the way."""

    ok: bool
    message: str
    facts: Mapping[str, str] = field(default_factory=dict)


class Connector(Protocol):
    """Reads one source."""

    @property
    def spec(self) -> ConnectorSpec:
        """Say what kind of source this reads and which options it takes."""

    def check(self) -> CheckResult:
        """Try the credentials and the address without taking posts; never raises for the source."""

    def fetch(self, cursor: Mapping[str, object] | None, budget: Budget) -> Iterator[Page]:
        """Walk from *cursor* (None: from the beginning) for at most *budget* pages.

        Each page carries the cursor to store with it; walking on from there repeats nothing that
        a page handed over before, apart from a small overlap, and loses nothing.

        Raises:
            ConnectorError: The source could not be read; pages before it stay valid.
        """

    def recheck(self, locators: Sequence[bytes]) -> Iterator[Event]:
        """Ask which of the posts behind sealed *locators* are gone or changed.

        Raises:
            ConnectorError: The source could not be asked.
        """
