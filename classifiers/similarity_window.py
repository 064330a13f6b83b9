"""The texts of the last days by likeness: which group a new one belongs to.

A group is told by its leader, the first member that is still there, and a text joins the group
whose leader it is nearest to.  If any member would do, a group could drift from one text to quite
another, a step at a time, and one decision would be given on both.

The window is a function of its members: the order in which they are added changes nothing.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rensa import RMinHash, RMinHashLSH

from evenhand.classifiers.similarity import (
    Signature,
    can_be_exact,
    can_be_near,
    jaccard,
    same_request,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# 21 bands of 3 instead of 16 of 4 find 0.997 instead of 0.981 of copies with two words replaced, at
# 5e-5 instead of 3e-5 false merges and 8 % more time.  A threshold of 0.40 merges ten times as much
# that is different, one of 0.50 finds no less of them (bench/similarity.py, 30,000 posts); 0.45
# leaves room for copies of which each changed other words.
PERMUTATIONS, BANDS, SEED = 63, 21, 1
THRESHOLD = 0.45
DAYS = 14
# 2.8 kB of memory each when all differ, and 20 µs to build again from what is stored.
MOST = 100_000
# Of a flood of leaders that share some words, the latest so many are compared.
MOST_COMPARED = 500

_Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Member:
    """One text in a group: what has to be stored to build the window again.

    *at* is when the post was fetched: its own time is its author's word, and one from the future
    would push everything else out.
    *strict* marks a request (`same_request`).
    """

    id: str
    group: str
    at: datetime
    signature: Signature
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The group a text belongs to, and the member it is like, with their likeness 0-1.

    *exact* says that the words are equal.
    """

    group: str
    member: str
    jaccard: float
    exact: bool


@dataclass(slots=True)
class _Group:
    """The places of a group's members, earliest first, and its leader's number in the index."""

    places: list[_Place] = field(default_factory=list)
    number: int | None = None


class Window:
    """The members of the last *days*, at most *most*, the earliest dropped first.

    A text is near a leader from a Jaccard similarity of *threshold* on.
    """

    def __init__(
        self, *, days: float = DAYS, most: int = MOST, threshold: float = THRESHOLD
    ) -> None:
        self._keep = timedelta(days=days)
        self._most = most
        self._threshold = threshold
        self._members: dict[str, Member] = {}
        self._groups: dict[str, _Group] = {}
        self._by_key: dict[bytes, list[_Place]] = {}
        self._line: list[_Place] = []
        self._newest: datetime | None = None
        self._index = RMinHashLSH(threshold, PERMUTATIONS, BANDS)
        self._led_by_number: dict[int, str] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def get(self, member: str) -> Member | None:
        """Give the member of this id, if it is there."""
        return self._members.get(member)

    def match(self, signature: Signature, *, strict: bool = False) -> Match | None:
        """Name the group of *signature*, or None if it is like nothing in the window.

        An equal text comes first, the earliest of them; then the nearest leader, of equally near
        ones the earliest.
        *strict* marks a request; a request is only like what `same_request` says, on either side.
        """
        return self._equal(signature, strict=strict) or self._near(signature, strict=strict)

    def add(self, member: Member) -> None:
        """Take *member* in; a member of the same id is replaced.

        One that is older than the window, or the earliest of a full one, is not kept.
        """
        self.forget(member.id)
        self._members[member.id] = member
        place = (member.at, member.id)
        heapq.heappush(self._line, place)
        group = self._groups.setdefault(member.group, _Group())
        leader = group.places[0] if group.places else None
        insort(group.places, place)
        insort(self._by_key.setdefault(member.signature.key, []), place)
        if group.places[0] != leader:
            self._lead(member.group, group)
        self.slide(member.at)

    def forget(self, member: str) -> bool:
        """Drop a member, deleted at its platform for example; say whether it was there.

        The group's next member takes a leader's place.
        """
        dropped = self._members.pop(member, None)
        if dropped is None:
            return False
        place = (dropped.at, dropped.id)
        key, group = dropped.signature.key, self._groups[dropped.group]
        _remove(self._by_key[key], place)
        if not self._by_key[key]:
            del self._by_key[key]
        led = group.places[0] == place
        _remove(group.places, place)
        if led:
            self._lead(dropped.group, group)
        if len(self._line) > 2 * len(self._members) + 64:
            self._line = sorted((each.at, each.id) for each in self._members.values())
        return True

    def slide(self, now: datetime) -> None:
        """Drop what is older than the window at *now*, which never goes back, and what is over."""
        self._newest = max(self._newest or now, now)
        start = self._newest - self._keep
        while self._line and (self._line[0][0] < start or len(self._members) > self._most):
            at, member = heapq.heappop(self._line)
            if member in self._members and self._members[member].at == at:
                self.forget(member)

    def fill(self, members: Iterable[Member]) -> None:
        """Add stored members, in any order: after a restart the window is what it was."""
        for member in members:
            self.add(member)

    def _equal(self, signature: Signature, *, strict: bool) -> Match | None:
        places = self._by_key.get(signature.key)
        if not places or not can_be_exact(signature):
            return None
        member = self._members[places[0][1]]
        if (strict or member.strict) and not same_request(signature, member.signature):
            return None
        return Match(member.group, member.id, 1.0, exact=True)

    def _near(self, signature: Signature, *, strict: bool) -> Match | None:
        if not can_be_near(signature) or not self._led_by_number:
            return None
        best, nearest = self._threshold, None
        # From the latest to the earliest, so that of equally near ones the earliest is left.
        for leader in self._candidates(signature):
            near = jaccard(signature, leader.signature)
            if near < best:
                continue
            if (strict or leader.strict) and not same_request(signature, leader.signature):
                continue
            best, nearest = near, leader
        if nearest is None:
            return None
        return Match(nearest.group, nearest.id, best, nearest.signature.key == signature.key)

    def _candidates(self, signature: Signature) -> list[Member]:
        """List the leaders that share a band with *signature*, the latest first."""
        numbers = self._index.query(_min_hash(signature))
        groups = [self._groups[self._led_by_number[number]] for number in numbers]
        places = heapq.nlargest(MOST_COMPARED, (group.places[0] for group in groups))
        return [self._members[member] for _, member in places]

    def _lead(self, name: str, group: _Group) -> None:
        """Put a group's first member, and none else of it, in the index."""
        if group.number is not None:
            self._index.remove(group.number)
            del self._led_by_number[group.number]
            group.number = None
        if not group.places:
            del self._groups[name]
            return
        leader = self._members[group.places[0][1]].signature
        if can_be_near(leader):
            group.number = self._next
            self._next += 1
            self._index.insert(group.number, _min_hash(leader))
            self._led_by_number[group.number] = name


def _min_hash(signature: Signature) -> RMinHash:
    shingles = signature.shingles
    made = RMinHash(PERMUTATIONS, SEED)
    made.update([shingles[at : at + 4] for at in range(0, len(shingles), 4)])
    return made


def _remove(places: list[_Place], place: _Place) -> None:
    del places[bisect_left(places, place)]
