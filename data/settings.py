"""Settings: argument > environment (`EVENHAND_…`) > `evenhand.toml` > default.

Built once and passed as an argument; no other module reads the environment.
Unknown keys are refused, so that a misspelt setting never silently does nothing.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from evenhand.data.errors import SettingsError
from evenhand.data.records import SourceSpec
from evenhand.data.taxonomy import FAST_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE_NAME = "evenhand.toml"
ENV_PREFIX = "EVENHAND_"


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RetentionSettings(_Block):
    """How long text is kept."""

    unflagged_days: Annotated[int, Field(ge=1, le=14)] = 7
    """Days until the text of a post that nobody was asked to read is erased (days, 1-14)."""


class ReviewSettings(_Block):
    """How the queue hands out work."""

    lease_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    """How long a claim lasts without a sign of life (minutes)."""
    prefetch: Annotated[int, Field(ge=1, le=10)] = 10
    """Items held for one reviewer at a time (items)."""
    undo_s: Annotated[int, Field(ge=5, le=600)] = 120
    """How long the last decision can be taken back with one key (seconds)."""
    random_share: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """Share of items handed out that are drawn at random from all that wait (share, 0-0.5)."""
    range_check: Annotated[int, Field(ge=5, le=50)] = 10
    """Items of a score range that are drawn and read before the rest is decided (items, 5-50)."""


class CareSettings(_Block):
    """How those who read are spared; each person may change their own limits."""

    break_after_min: Annotated[int, Field(ge=10, le=90)] = 50
    """Reading until the queue asks for a break (minutes, 10-90)."""
    break_min: Annotated[int, Field(ge=1, le=60)] = 10
    """How long such a break lasts (minutes, 1-60)."""
    severe_a_day: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Items of severity 4 and 5 that one person gets on one day; none means no limit (items)."""


class QualitySettings(_Block):
    """How much is read once more, to measure reading and to find mistakes."""

    double_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Share of first decisions that a second reviewer reads without knowing it (share, 0-1)."""
    double_share_by_queue: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    """Another share for single queues, e.g. `{ fast = 0.2 }` (a table of shares, 0-1)."""
    gold_share: Annotated[float, Field(ge=0, le=0.2)] = 0.03
    """Share of items handed out whose outcome is known already (share, 0-0.2)."""

    def double_share_in(self, queue: str) -> float:
        """Give the share of first decisions in a queue that are read twice."""
        return self.double_share_by_queue.get(queue, self.double_share)


class WaveSettings(_Block):
    """How near-copies are decided together."""

    spot_check: Annotated[int, Field(ge=1, le=20)] = 3
    """Random near-copies that a reviewer opens before deciding on a wave (posts, 1-20)."""
    recheck_share: Annotated[float, Field(ge=0, le=1)] = 0.02
    """Share of near-copies decided by wave that another person reads by themselves (share, 0-1)."""


class ServerSettings(_Block):
    """Where the dashboard answers."""

    host: str = "127.0.0.1"
    """Address to listen on (host name or IP)."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8501
    """Port to listen on (TCP port)."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """Host names that a browser may use for this server (names without port)."""
    https: bool = False
    """Say whether browsers reach the server through TLS, so that cookies demand it (true/false)."""


class PullSettings(_Block):
    """How sources are asked."""

    every_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    """Pause between two walks over one source (minutes)."""
    pages_per_run: Annotated[int, Field(ge=1, le=100)] = 20
    """Most pages that one run fetches from one source (pages)."""


class SourceBlock(BaseModel):
    """One `[[source]]` block; the keys beyond these are its connector's own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """What the source is called on screen (text)."""
    kind: Annotated[str, Field(min_length=1)]
    """Which connector reads it (a kind of `evenhand connectors`)."""
    may_train: bool = True
    """Say whether its posts may train a model (true/false)."""

    def spec(self) -> SourceSpec:
        """Hand the block over as the record that connectors take."""
        options = dict(self.model_extra or {})
        return SourceSpec(self.name, self.kind, options, may_train=self.may_train)


class AlertSettings(_Block):
    """Where alerts are told besides the page; nothing is sent unless an address is named here."""

    smtp_host: str = ""
    """Mail server that takes the messages; empty means no mail (host name)."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Port of the mail server (TCP port)."""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    """How the way to the mail server is secured; none is for a server on this machine (a word)."""
    smtp_account: str = ""
    """Account that signs in at the mail server; empty means no sign-in (text)."""
    smtp_password: str = ""
    """Where its password is found: env:NAME or file:PATH, never the password itself (text)."""
    mail_from: str = ""
    """Address that the mails are from (mail address)."""
    mail_to: tuple[str, ...] = ()
    """Addresses of the deploying team that get the mails (mail addresses)."""
    webhook_url: str = ""
    """Address that signed messages are posted to; empty means no webhook (https address)."""
    webhook_secret: str = ""
    """Where the secret that signs them is found: env:NAME or file:PATH (text)."""
    webhook_ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = (443,)
    """Ports that the webhook may be asked on (TCP ports)."""
    webhook_loopback: bool = False
    """Say whether the webhook is a server on this machine, for tests (true/false)."""


class HelpLine(_Block):
    """One `[[help_line]]` block: where somebody in danger finds help, shown in the fast queue."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    """Who helps (text)."""
    contact: Annotated[str, Field(min_length=1, max_length=200)]
    """Number, address and hours, as people read them (text)."""
    labels: tuple[Literal["self_harm_risk", "violence_threat", "help_needed"], ...] = ()
    """For which flags; empty means all of the fast queue (labels)."""

    def serves(self, labels: Iterable[str]) -> bool:
        """Say whether a post with these flags should show this line."""
        return bool(set(labels) & (set(self.labels) or FAST_LABELS))


class Settings(BaseSettings):
    """All settings of one workspace."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
    )

    workspace: Path
    """Folder of the store, the keys, the models and the exports (a path)."""
    store_url: str = ""
    """Address of the store; empty means an SQLite file in the workspace (SQLAlchemy URL)."""
    language: Literal["en", "vi"] = "en"
    """Language of the sign-in page and of new people (en or vi)."""
    organisation: str = "Evenhand"
    """Name shown beside the product's on every page (text)."""
    accounts: tuple[str, ...] = ()
    """The team's disclosed accounts that responses are given from (names)."""
    demo: bool = False
    """Say whether this is the demo, whose posts and people are simulated (true/false)."""
    retention: RetentionSettings = RetentionSettings()
    """How long text is kept (a block)."""
    review: ReviewSettings = ReviewSettings()
    """How the queue hands out work (a block)."""
    care: CareSettings = CareSettings()
    """How those who read are spared (a block)."""
    quality: QualitySettings = QualitySettings()
    """How much is read once more (a block)."""
    waves: WaveSettings = WaveSettings()
    """How near-copies are decided together (a block)."""
    server: ServerSettings = ServerSettings()
    """Where the dashboard answers (a block)."""
    pull: PullSettings = PullSettings()
    """How sources are asked (a block)."""
    alerts: AlertSettings = AlertSettings()
    """Where alerts are told besides the page (a block)."""
    help_line: tuple[HelpLine, ...] = ()
    """Where people in danger find help (a list of blocks)."""
    source: tuple[SourceBlock, ...] = ()
    """The configured sources (a list of blocks)."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave out `.env` files and secret folders: three places are enough to look at."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (_Arguments(init_settings), env_settings, _File(init_settings))

    @property
    def url(self) -> str:
        """Address of the store, with the default filled in."""
        return self.store_url or f"sqlite:///{self.workspace / 'evenhand.sqlite'}"

    @property
    def keys(self) -> Path:
        """Folder of the keys: beside the store, so that a copy of the store alone has none."""
        return self.workspace / "keys"

    @property
    def sources(self) -> tuple[SourceSpec, ...]:
        """The configured sources as records."""
        return tuple(block.spec() for block in self.source)


class _Arguments(PydanticBaseSettingsSource):
    """What the caller passed, the file's part taken out."""

    def __init__(self, init: PydanticBaseSettingsSource) -> None:
        super().__init__(init.settings_cls)
        self._values = {key: value for key, value in init().items() if key != "_file"}

    def get_field_value(self, field: object, field_name: str) -> tuple[object, str, bool]:
        del field
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, object]:
        return dict(self._values)


class _File(_Arguments):
    """What `evenhand.toml` says."""

    def __init__(self, init: PydanticBaseSettingsSource) -> None:
        super().__init__(init)
        self._values = cast("dict[str, object]", init().get("_file") or {})


def workspace_folder(workspace: Path | None = None) -> Path:
    """Find the folder that *workspace* names, else `EVENHAND_WORKSPACE`; it need not exist yet.

    Raises:
        SettingsError: Neither names one.
    """
    named = workspace or os.environ.get(f"{ENV_PREFIX}WORKSPACE")
    if not named:
        msg = (
            "no workspace is named; pass --workspace DIR, set EVENHAND_WORKSPACE, or make one with "
            "`evenhand init --workspace DIR`"
        )
        raise SettingsError(msg)
    return Path(named).expanduser().resolve()


def environment() -> Mapping[str, str]:
    """Give the environment to what resolves `env:NAME` references; this module alone reads it."""
    return os.environ


def load_settings(workspace: Path | None = None, **overrides: object) -> Settings:
    """Read the settings of *workspace* (else of `EVENHAND_WORKSPACE`).

    Raises:
        SettingsError: No workspace is named, the folder does not exist, the file is not TOML, or a
            key or value is not accepted.
    """
    folder = workspace_folder(workspace)
    path = folder / FILE_NAME
    if not path.is_file():
        msg = f"{folder} is no workspace: it has no {FILE_NAME}; make one with `evenhand init`"
        raise SettingsError(msg)
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path} is not valid TOML ({error}); mend the line it names"
        raise SettingsError(msg) from error
    if "workspace" in raw:
        msg = f"{path} sets `workspace`; the folder itself says that: remove the line"
        raise SettingsError(msg)
    return _build(folder, path, raw, overrides)


def _build(
    folder: Path,
    path: Path,
    raw: dict[str, object],
    overrides: dict[str, object],
) -> Settings:
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return Settings(**{**given, "workspace": folder, "_file": raw})  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "evenhand.toml"
        said = "is not a setting" if first["type"] == "extra_forbidden" else first["msg"].lower()
        msg = f"`{key}` in {path.name} or the environment: {said}; docs/settings.md lists all"
        raise SettingsError(msg) from error
