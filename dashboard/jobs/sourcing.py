"""Where posts come from: what is read and how well, and the two persons that a new source needs.

Nothing here fetches anything: a pull is a task for the worker.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.connectors import catalog
from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError, SettingsError
from evenhand.data.records import Gap, Role, SetAside, SourceSpec, SourceState
from evenhand.data.store import ledger, sources, tasks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.sources import Seen, Source

# What the worker calls a pull that somebody asks for; its argument is {"source": name}.
PULL = "pull"
DAYS = 7
# More losses than this within DAYS are counted as this many and more.
MOST = 10_000
# Losses listed for one source.
LISTED = 20
LONGEST_NAME = 80
# A file is handed over once, at the terminal (`evenhand import`), and never pulled.
FILE = "file"
# The demo writes its own posts (`jobs/demo`).
DEMO = "demo"
NEVER_PULLED = frozenset({FILE, DEMO})


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as it stands.

    *gaps* and *set_aside_rows* are the latest of the last days, at most LISTED each; *gap_count*
    and *set_aside* count all of them.
    """

    id: str
    name: str
    kind: str
    state: SourceState
    last_ok_at: datetime | None
    next_run_at: datetime | None
    failures: int
    last_error: str | None
    proposed_by: str | None
    gaps: tuple[Gap, ...]
    gap_count: int
    set_aside_rows: tuple[SetAside, ...]
    set_aside: int

    @property
    def is_pulled(self) -> bool:
        """Say whether the worker reads it by itself."""
        return self.kind not in NEVER_PULLED


@dataclass(frozen=True, slots=True)
class Overview:
    """All sources, those that need somebody first, and over how many days losses are counted."""

    lines: tuple[SourceLine, ...]
    days: int


_URGENCY = {
    SourceState.FAILING: 0,
    SourceState.REFUSED: 0,
    SourceState.PROPOSED: 1,
    SourceState.RETIRED: 3,
}


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """List all sources with what was missed in the last seven days."""
    access.require(actor, Role.COORDINATOR, Role.ADMIN)
    with store.read() as conn:
        found = sources.list_all(conn)
        gaps = _recent(sources.recent_gaps(conn, limit=MOST), now)
        aside = _recent(sources.recent_set_aside(conn, limit=MOST), now)
    lines = [_line(source, gaps, aside) for source in found]
    lines.sort(key=lambda line: (_URGENCY.get(line.state, 2), line.name))
    return Overview(tuple(lines), DAYS)


def kinds() -> tuple[str, ...]:
    """List the kinds of source that can be proposed and are pulled from then on."""
    return tuple(kind for kind in catalog.KINDS if kind not in NEVER_PULLED)


def read_proposal(name: str, kind: str, options: str, *, may_train: bool) -> SourceSpec:
    """Turn the form's texts into a source.

    Args:
        name: What it shall be called.
        kind: Which connector reads it.
        options: Lines as they stand in evenhand.toml.
        may_train: Whether its posts may train a model.

    Raises:
        InputError: A name or kind is missing, or *options* cannot be read.
    """
    name, kind = name.strip(), kind.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        msg = f"a source's name needs 1 to {LONGEST_NAME} printable characters; mend the name"
        raise InputError(msg)
    if kind not in kinds():
        msg = (
            f"{kind!r} cannot be proposed here; choose one of {', '.join(kinds())}, and hand a "
            "file over with `evenhand import`"
        )
        raise InputError(msg)
    try:
        read = tomllib.loads(options)
    except tomllib.TOMLDecodeError as error:
        msg = f'the settings cannot be read ({error}); write lines like subreddits = ["vietnam"]'
        raise InputError(msg) from error
    return SourceSpec(name, kind, read, may_train=may_train)


def sync_sources(store: Store, settings: Settings, now: datetime) -> list[str]:
    """Propose the sources of evenhand.toml that are new or changed there, and name them.

    The operator writes the file, and a person approves what it says (safeguard 4).
    A source that was retired stays so; one that the file no longer lists stays as it is.

    Raises:
        SettingsError: A name stands twice in the file, or belongs to another kind of source.
    """
    proposed: list[str] = []
    with store.write() as conn:
        known = {one.name: one for one in sources.list_all(conn)}
        for spec in _listed(settings):
            found = known.get(spec.name)
            if found is None:
                sources.propose(conn, spec, person_id=None, now=now)
            elif _is_same(found, spec):
                continue
            else:
                sources.change_options(conn, spec.name, spec, person_id=None)
            proposed.append(spec.name)
        for made in (sources.get(conn, name) for name in proposed):
            ledger.append(
                conn,
                at=now,
                actor=access.OPERATOR_ID,
                action="source_proposed",
                subject=f"source:{made.id}",
                data={"kind": made.spec.kind},
            )
    return proposed


def proposed_names(store: Store) -> list[str]:
    """Name the sources that wait for a second person."""
    with store.read() as conn:
        found = sources.list_all(conn)
    return [one.name for one in found if one.state is SourceState.PROPOSED]


def _listed(settings: Settings) -> list[SourceSpec]:
    found: dict[str, SourceSpec] = {}
    for spec in settings.sources:
        if spec.name in found:
            msg = f"evenhand.toml lists the source {spec.name!r} twice; rename one of the two"
            raise SettingsError(msg)
        try:
            options = json.loads(json.dumps(dict(spec.options)))
        except TypeError as error:
            msg = f"source {spec.name!r} in evenhand.toml has an option that is a date; quote it"
            raise SettingsError(msg) from error
        found[spec.name] = replace(spec, options=options)
    return list(found.values())


def _is_same(found: Source, spec: SourceSpec) -> bool:
    if found.spec.kind in NEVER_PULLED:
        msg = (
            f"a source called {spec.name!r} exists already, of the kind {found.spec.kind}; give "
            "the one in evenhand.toml another name"
        )
        raise SettingsError(msg)
    return found.spec == spec or found.state is SourceState.RETIRED


def propose(store: Store, actor: Actor, wanted: SourceSpec, now: datetime) -> None:
    """Note a new source, which another person has to approve before it is read.

    Raises:
        InputError: The name is taken.
        NotAllowed: The actor is neither coordinator nor admin, or no person.
    """
    access.require_person(actor, Role.COORDINATOR, Role.ADMIN)
    with store.write() as conn:
        made = sources.propose(conn, wanted, person_id=actor.id, now=now, team_id=actor.team_id)
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action="source_proposed",
            subject=f"source:{made.id}",
            data={"kind": wanted.kind},
        )


def approve(store: Store, actor: Actor, name: str, now: datetime) -> None:
    """Open a proposed source as the second person.

    Raises:
        InputError: It is not waiting for approval.
        NotAllowed: The actor proposed it, lacks the role, or is no person.
    """
    access.require_person(actor, Role.COORDINATOR, Role.ADMIN)
    with store.write() as conn:
        opened = sources.approve(conn, name, person_id=actor.id)
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action="source_approved",
            subject=f"source:{opened.id}",
            data={"proposed_by": opened.proposed_by},
        )


def retire(store: Store, actor: Actor, name: str, now: datetime) -> None:
    """Stop reading a source for good; its posts and figures stay."""
    access.require(actor, Role.COORDINATOR, Role.ADMIN)
    with store.write() as conn:
        found = sources.get(conn, name)
        sources.set_state(conn, found.id, SourceState.RETIRED)
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action="source_retired",
            subject=f"source:{found.id}",
            data={},
        )


def pull_now(store: Store, actor: Actor, name: str, now: datetime) -> str:
    """Ask the worker to read a source at its next turn, and give the task's id.

    Raises:
        InputError: The source is not open (it has not been approved, or was stopped), or it is of
            a kind that is never pulled.
    """
    access.require(actor, Role.COORDINATOR, Role.ADMIN)
    person_id = None if actor.id == access.OPERATOR_ID else actor.id
    with store.write() as conn:
        found = sources.get(conn, name)
        if found.state in {SourceState.PROPOSED, SourceState.RETIRED}:
            msg = f"source {name!r} is {found.state.value}; only an approved source is read"
            raise InputError(msg)
        if found.spec.kind in NEVER_PULLED:
            msg = f"source {name!r} is a {found.spec.kind} source, whose posts are handed over"
            raise InputError(msg)
        return tasks.ask(conn, PULL, {"source": name}, person_id=person_id, now=now)


def _recent(seen: Iterable[Seen], now: datetime) -> list[Seen]:
    since = now - timedelta(days=DAYS)
    return [one for one in seen if one.seen_at > since]


def _line(source: Source, gaps: list[Seen], aside: list[Seen]) -> SourceLine:
    own_gaps = [one.what for one in gaps if one.source_name == source.name]
    own_rows = [one.what for one in aside if one.source_name == source.name]
    return SourceLine(
        id=source.id,
        name=source.name,
        kind=source.spec.kind,
        state=source.state,
        last_ok_at=source.last_ok_at,
        next_run_at=source.next_run_at,
        failures=source.failures,
        last_error=source.last_error,
        proposed_by=source.proposed_by,
        gaps=tuple(one for one in own_gaps[:LISTED] if isinstance(one, Gap)),
        gap_count=len(own_gaps),
        set_aside_rows=tuple(one for one in own_rows[:LISTED] if isinstance(one, SetAside)),
        set_aside=len(own_rows),
    )
