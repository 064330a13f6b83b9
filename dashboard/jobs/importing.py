"""Taking in a file that the operator hands over at the terminal.

The source it makes is open at once and never pulled: whoever sits at the terminal holds the store
and its key already, so the second person is replaced by two entries in the ledger (who, what hash,
how many rows), and a coordinator can stop the source.
Nothing of where the file lay is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from evenhand.connectors.base import Budget
from evenhand.connectors.files import FileConnector, read_before
from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.sourcing import FILE, LONGEST_NAME
from evenhand.data.errors import InputError, UnreadableFile
from evenhand.data.records import Role, SetAside, SourceState, Upsert
from evenhand.data.store import ledger, sources

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.classifiers.base import Classifier
    from evenhand.connectors.base import Tools
    from evenhand.connectors.files import Survey
    from evenhand.data.records import Actor, Page, SourceSpec
    from evenhand.data.store.connect import Store
    from evenhand.data.store.sources import Source

# One file is read to its end in one go.
WHOLE = Budget(pages=2**62)
# Where the file lies and what it was written in say nothing of its posts.
_NOT_STORED = frozenset({"path", "encoding"})
_HASH_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows: read = kept + duplicate + set_aside.

    *flagged* is the part of *kept* that is put before people, and None where nothing was tagged.
    *resumed* rows were stored by a run that was interrupted: they count as read, and as duplicate
    or set aside.
    """

    read: int = 0
    kept: int = 0
    duplicate: int = 0
    set_aside: int = 0
    flagged: int | None = 0
    resumed: int = 0

    def counts(self) -> dict[str, int | None]:
        """Give the figures of the command line's contract."""
        return {name: value for name, value in asdict(self).items() if name != "resumed"}


# Is given the sums so far and what the last page set aside.
Tell = Callable[[Imported, Sequence[SetAside]], None]


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was looked at and may be taken in."""

    spec: SourceSpec
    connector: FileConnector
    survey: Survey
    tools: Tools


def look_at(spec: SourceSpec, tools: Tools) -> Handed:
    """Find out what a file is, and refuse one that is one person's account (safeguard 4).

    Raises:
        InputError: The source's name cannot be used, or the file cannot be read.
        SourceMisconfigured: An option is unknown.
    """
    if not 0 < len(spec.name) <= LONGEST_NAME or not spec.name.isprintable():
        msg = f"a source's name needs 1 to {LONGEST_NAME} printable characters; use --source NAME"
        raise InputError(msg)
    connector = FileConnector(spec, tools)
    survey = connector.survey()
    if connector.is_one_account():
        msg = (
            "all posts of the file are by one account, and one person's account is no source; "
            "posts of an organisation come without an author column"
        )
        raise UnreadableFile(msg)
    return Handed(spec, connector, survey, tools)


def take_in(
    store: Store,
    actor: Actor,
    handed: Handed,
    tagger: Classifier,
    tell: Tell,
) -> Imported:
    """Store a file's posts under its source, which is made when it is new.

    Pages commit one by one, each with the place where it ends: a run that is killed is taken up
    there by the next one, and a file that was taken in already changes nothing.

    Args:
        store: Where the posts go.
        actor: The operator, or an admin.
        handed: From `look_at`.
        tagger: What tags them.
        tell: Is given the sums so far and what was set aside, after each page.

    Raises:
        InputError: The name belongs to a source of another kind, or to one that was stopped.
        NotAllowed: The actor is no admin.
    """
    access.require(actor, Role.ADMIN)
    now = handed.tools.clock()
    source = _begin(store, actor, handed, now)
    rows, aside = read_before(source.cursor, handed.survey)
    sums = Imported(read=rows, duplicate=rows - aside, set_aside=aside, resumed=rows)
    groups = Groups()
    for page in handed.connector.fetch(source.cursor, WHOLE):
        marked = _marked(page, handed.survey)
        counts = ingest_page(
            store, source_id=source.id, page=marked, tagger=tagger, now=now, groups=groups
        )
        sums = replace(
            sums,
            read=rows_of(page),
            kept=sums.kept + counts.kept,
            duplicate=sums.duplicate + counts.duplicate,
            set_aside=sums.set_aside + counts.set_aside,
            flagged=(sums.flagged or 0) + counts.flagged,
        )
        tell(sums, _set_aside(page))
    _end(store, actor, handed, source, sums)
    return sums


def count_only(handed: Handed, tell: Tell) -> Imported:
    """Read a file without storing or tagging anything; duplicates are those within the file."""
    seen: set[str] = set()
    sums = Imported(flagged=None)
    for page in handed.connector.fetch(None, WHOLE):
        keys = [one.post.native_key for one in page.events if isinstance(one, Upsert)]
        before = len(seen)
        seen.update(keys)
        kept, aside = len(seen) - before, _set_aside(page)
        sums = replace(
            sums,
            read=rows_of(page),
            kept=sums.kept + kept,
            duplicate=sums.duplicate + len(keys) - kept,
            set_aside=sums.set_aside + len(aside),
        )
        tell(sums, aside)
    return sums


def rows_of(page: Page) -> int:
    """Say how many rows of the file were read up to the end of *page*."""
    rows = page.next_cursor["rows"]
    return rows if isinstance(rows, int) else 0


def _set_aside(page: Page) -> list[SetAside]:
    return [one for one in page.events if isinstance(one, SetAside)]


def _marked(page: Page, survey: Survey) -> Page:
    """Name the file in what is set aside: line 7 of another file is another row."""
    mark = f"of file {survey.digest[:_HASH_SHOWN]}"
    events = (
        replace(one, place=f"{one.place} {mark}") if isinstance(one, SetAside) else one
        for one in page.events
    )
    return replace(page, events=tuple(events))


def _begin(store: Store, actor: Actor, handed: Handed, now: datetime) -> Source:
    spec = handed.spec
    stored = {name: value for name, value in spec.options.items() if name not in _NOT_STORED}
    with store.write() as conn:
        source = next((one for one in sources.list_all(conn) if one.name == spec.name), None)
        if source is None:
            made = sources.propose(conn, replace(spec, options=stored), person_id=None, now=now)
            sources.set_state(conn, made.id, SourceState.ACTIVE)
            source = sources.get(conn, spec.name)
        _refuse_closed(source)
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action="file_import_started",
            subject=f"source:{source.id}",
            data={"file": handed.survey.digest},
        )
    return source


def _refuse_closed(source: Source) -> None:
    if source.spec.kind != FILE:
        msg = f"{source.name!r} is a {source.spec.kind} source; choose another name with --source"
        raise InputError(msg)
    if source.state is SourceState.RETIRED:
        msg = f"the source {source.name!r} was stopped; choose another name with --source"
        raise InputError(msg)


def _end(store: Store, actor: Actor, handed: Handed, source: Source, sums: Imported) -> None:
    now = handed.tools.clock()
    with store.write() as conn:
        # It may have been stopped meanwhile, and stays so.
        state = sources.get(conn, source.name).state
        sources.set_state(conn, source.id, state, ok_at=now)
        ledger.append(
            conn,
            at=now,
            actor=actor.id,
            action="file_imported",
            subject=f"source:{source.id}",
            data={"file": handed.survey.digest, **sums.counts()},
        )
