"""Which arrivals are near to which posts: the windows of one process, one for each team.

What is found here is only a hint: the store looks at it again before a post joins a wave.
So a post that two processes fetch at once, or one that was erased a moment ago, costs an item that
would not have been needed, and never a post.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import RLock
from typing import TYPE_CHECKING

from evenhand.classifiers.similarity import signature, unpack
from evenhand.classifiers.similarity_window import DAYS, MOST, Member, Window
from evenhand.dashboard.jobs.queueing import HARM
from evenhand.data.store import signatures
from evenhand.data.store.signatures import Like
from evenhand.data.taxonomy import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from evenhand.data.store.arrivals import Incoming
    from evenhand.data.store.connect import Store
    from evenhand.data.store.signatures import Place, Stored

# On PostgreSQL a page with lower keys may commit after one with higher keys.
OVERLAP = 2_000
# How long hashes of a text that another process erased may stay in memory.
SWEEP_EVERY = timedelta(hours=1)
_REQUESTS = frozenset(one.value for one in Request)


def prune(store: Store, now: datetime) -> int:
    """Drop the stored signatures that fell out of the window, and say how many."""
    with store.write() as conn:
        return signatures.prune(conn, now - timedelta(days=DAYS))


class Groups:
    """The flagged posts of the last days by likeness.

    It fills itself from the stored signatures when it is first asked, and takes in what other
    processes have stored before each page.
    Whoever is put before people quickly, or asks for something, is only grouped with what nothing
    tells apart (`same_request`).
    """

    def __init__(self, *, days: float = DAYS, most: int = MOST) -> None:
        self._days, self._most = days, most
        self._lock = RLock()
        self._windows: dict[int | None, Window] = {}
        self._names: set[str] = set()
        self._read_to: int | None = None
        self._swept_at: datetime | None = None

    def __len__(self) -> int:
        return sum(map(len, self._windows.values()))

    def catch_up(self, store: Store, now: datetime) -> None:
        """Take in what is stored: all of the window at first, later what is new."""
        with self._lock, store.read() as conn:
            if self._read_to is None:
                found = signatures.newest(conn, now - timedelta(days=self._days), self._most)
                self._swept_at = now
                self._take_in(found)
                self._read_to = max((one.post_id for one in found), default=0)
                return
            overlap = 0 if store.is_sqlite else OVERLAP
            fresh = dict(signatures.above(conn, self._read_to - overlap))
            missing = [key for key, name in fresh.items() if not self._has(_id(*name))]
            self._take_in(signatures.of_posts(conn, missing))
            self._read_to = max([self._read_to, *fresh])
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            self.sweep(store, now)

    def sweep(self, store: Store, now: datetime) -> None:
        """Forget what is no longer stored: erased, edited or too old."""
        with self._lock, store.read() as conn:
            self._swept_at = now
            there = {_id(*name) for name in signatures.names(conn)}
            for name in self._names - there:
                self._forget(name)
            self._names &= there

    def take(
        self,
        place: Place,
        fresh: Mapping[str, tuple[Incoming, str]],
        now: datetime,
    ) -> None:
        """Give arrivals their signatures, and find what each is near to, the first one first.

        Args:
            place: Where they come from.
            fresh: Arrivals and the texts that were tagged, by native key.
            now: The time.
        """
        signed = {key: signature(text) for key, (one, text) in fresh.items() if one.flags}
        with self._lock:
            window = self._windows.setdefault(place.team_id, self._window())
            for key, (one, _) in fresh.items():
                name = _id(place.source_id, key)
                # Of an edited post the new text counts.
                self._forget(name)
                if key in signed:
                    self._names.add(name)
                    _find(window, one, Member(name, name, now, signed[key], _is_strict(one)))

    def settle(self, place: Place, stored: Iterable[Incoming]) -> None:
        """Let those that the store gave an item of their own lead a group of their own."""
        with self._lock:
            window = self._windows.setdefault(place.team_id, self._window())
            for one in stored:
                member = window.get(_id(place.source_id, one.post.native_key))
                if one.like is None and member is not None and member.group != member.id:
                    window.add(replace(member, group=member.id))

    def forget(self, place: Place, native_keys: Iterable[str]) -> None:
        """Forget posts that were erased, or that could not be stored."""
        with self._lock:
            for key in native_keys:
                self._forget(_id(place.source_id, key))

    def _window(self) -> Window:
        return Window(days=self._days, most=self._most)

    def _has(self, name: str) -> bool:
        return any(name in window for window in self._windows.values())

    def _forget(self, name: str) -> None:
        for window in self._windows.values():
            window.forget(name)

    def _take_in(self, found: Iterable[Stored]) -> None:
        for one in found:
            read = unpack(one.data[1:])
            if read is None:
                continue
            name = _id(*one.name)
            group = name if one.lead is None else _id(*one.lead)
            self._names.add(name)
            window = self._windows.setdefault(one.team_id, self._window())
            window.add(Member(name, group, one.at, read, strict=one.data[0] == 1))


def _find(window: Window, one: Incoming, arrived: Member) -> None:
    """Find what an arrival is near to, and take it in."""
    one.signature = _packed(arrived)
    found = window.match(arrived.signature, strict=arrived.strict)
    near = None if found is None else window.get(found.member)
    if found is None or near is None:
        window.add(arrived)
        return
    source_id, _, key = near.id.partition(":")
    one.like = Like((int(source_id), key), _packed(near), found.jaccard, found.exact)
    window.add(replace(arrived, group=found.group))


def _packed(member: Member) -> bytes:
    """Write what the store keeps: whether it is strict, and the signature."""
    return bytes([member.strict]) + member.signature.pack()


def _is_strict(one: Incoming) -> bool:
    is_plain = one.item is None or one.item.queue == HARM
    return not is_plain or not _REQUESTS.isdisjoint(each.label for each in one.flags)


def _id(source_id: int, native_key: str) -> str:
    return f"{source_id}:{native_key}"
