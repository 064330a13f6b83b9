"""Fill a demo: fetch by fetch through the 21 days, the team at work in between, then a trickle.

The posts come in by the same ingest, the history goes through the same claims, decisions and
responses as everywhere; only the clock is simulated.
Everything follows from the seed.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from evenhand.dashboard.jobs import (
    alerts_watching,
    auditing,
    demo,
    demo_learning,
    retention,
    stream,
    tryout,
)
from evenhand.dashboard.jobs.demo_quality import LOCAL
from evenhand.dashboard.jobs.demo_team import Team
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.sourcing import DEMO
from evenhand.data.pseudonym import Pseudonyms, load_or_make_key
from evenhand.data.records import Page, Post, PostType, SourceState, Text, Upsert
from evenhand.data.store import sources, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from evenhand.classifiers.base import Classifier
    from evenhand.dashboard.jobs.demo import Plan
    from evenhand.dashboard.jobs.stream import Planted
    from evenhand.data.records import Tag
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.sources import Source

PLATFORM = "demo"
# Local hours at which the invented communities are fetched: seldom at night, since each fetch
# costs a few transactions and nobody is on duty.
FETCH_HOURS = (0, 6, 8, 10, 12, 14, 16, 18, 20, 22)
TAGGED_AT_ONCE = 500
# Between two new posts while the demo runs, seconds.
SHORTEST_PAUSE, LONGEST_PAUSE = 5.0, 20.0
# How far it looks for a post of a community that is still read.
LOOK_AHEAD = 200


@dataclass(frozen=True, slots=True)
class Fetch:
    """What one round of fetches finds: the posts *first* to before *end* of the stream.

    *then* is the time of the next round.
    """

    at: datetime
    then: datetime
    first: int
    end: int


class Ahead:
    """A classifier that reads on in the stream: its pages are small, and tagging likes many.

    Each text gets the tag that *tagger* gives it.
    """

    def __init__(self, tagger: Classifier, texts: Iterable[Text]) -> None:
        self._tagger = tagger
        self._coming = iter(texts)
        self._tags: dict[str, Tag] = {}

    @property
    def model(self) -> str:
        """Name the version of the model behind it."""
        return self._tagger.model

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Tag *texts*, and what comes after them in the stream."""
        missing = [one for one in texts if one.id not in self._tags]
        if missing:
            wanted = {one.id: one for one in missing}
            for one in self._coming:
                wanted[one.id] = one
                if len(wanted) >= TAGGED_AT_ONCE:
                    break
            batch = list(wanted.values())
            self._tags |= {tag.id: tag for tag in self._tagger.tag(batch)}
        return [self._tags.pop(one.id) for one in texts]


def never() -> bool:
    """Stand for a demo that nobody stops."""
    return False


def untold(done: int, total: int) -> None:
    """Stand for a demo that nobody waits for."""
    del done, total


def prepare(  # noqa: PLR0913 - stopping and telling are optional
    store: Store,
    settings: Settings,
    tagger: Classifier,
    plan: Plan,
    *,
    stopped: Callable[[], bool] = never,
    progress: Callable[[int, int], None] = untold,
) -> Team | None:
    """Play the 21 days through and give the team as it stands at the end; None when stopped.

    What was stopped goes on where it was.

    Args:
        store: With the people and the sources of `demo.settle`.
        settings: The demo's.
        tagger: What tags the posts.
        plan: Which posts.
        stopped: Asked before each fetch.
        progress: Told after each fetch how many posts are in, and of how many.
    """
    planted = plan.stream()
    city = City(settings)
    team = _team(store, settings, plan, planted)
    begun = next_index(store)
    ahead = Ahead(tagger, (city.text(one) for one in planted[begun:]))
    places, groups = communities(store), Groups()
    for fetch in fetches(planted, plan.until):
        if fetch.end < begun:
            continue
        if stopped():
            return None
        _ingest(store, city, ahead, (places, groups), (planted, fetch))
        _keep_house(store, settings, team, plan, fetch.at)
        if demo_learning.is_due(store, planted[0].published_at, fetch.at):
            demo_learning.draw(store, plan.posts, fetch.at)
        team.work(fetch.at, fetch.then)
        progress(fetch.end, len(planted))
    _note_fetched(store, filter(_is_read, communities(store).values()), plan.until)
    retention.erase_unflagged(store, settings, plan.until)
    alerts_watching.watch(store, settings, plan.until)
    return team


def _team(store: Store, settings: Settings, plan: Plan, planted: Sequence[Planted]) -> Team:
    """Put the people together, who know of each text what was planted in it."""
    truth = {clean(one.text): one for one in planted}
    people = demo.people(store)
    return Team(store, people, truth, settings.accounts, plan.seed, plan.until, settings.quality)


def _keep_house(store: Store, settings: Settings, team: Team, plan: Plan, at: datetime) -> None:
    """Do what the worker does beside fetching: at midnight once, audits whenever one is due."""
    if at.astimezone(LOCAL).hour == 0:
        retention.erase_unflagged(store, settings, at)
        team.draw_rechecks(settings.waves.recheck_share, at)
        alerts_watching.watch(store, settings, at)
    # What comes of a day must not hang on whether the demo was stopped in between.
    auditing.draw_due(store, at, np.random.default_rng([plan.seed, int(at.timestamp())]))


def fetches(planted: Sequence[Planted], until: datetime) -> Iterator[Fetch]:
    """Cut the stream into rounds, each at its local hour and the last one at *until*."""
    start = planted[0].published_at.replace(minute=0, second=0, microsecond=0)
    hours = (start + timedelta(hours=n) for n in range(1, 24 * demo.DAYS + 25))
    times = [at for at in hours if at.astimezone(LOCAL).hour in FETCH_HOURS and at < until]
    first = 0
    for at, then in pairwise([*times, until, until]):
        end = first
        while end < len(planted) and planted[end].published_at <= at:
            end += 1
        yield Fetch(at, then, first, end)
        first = end


class City:
    """Turns invented posts into what a connector would hand over."""

    def __init__(self, settings: Settings) -> None:
        self._pseudonyms = Pseudonyms(load_or_make_key(settings.keys))

    def text(self, one: Planted) -> Text:
        """Give what the tagger reads of it."""
        return Text(self._pseudonyms.native(PLATFORM, one.native_id), clean(one.text))

    def key(self, one: Planted) -> str:
        """Give its key in the store."""
        return self._pseudonyms.native(PLATFORM, one.native_id)

    def post(self, one: Planted, fetched_at: datetime) -> Post:
        """Make the post."""
        known = self._pseudonyms
        address = f"https://{one.community}.example/{one.native_id}"
        author = known.author(PLATFORM, one.author)
        return Post(
            native_key=self.key(one),
            platform=PLATFORM,
            content=clean(one.text),
            published_at=one.published_at,
            fetched_at=fetched_at,
            type=PostType.COMMENT if one.thread else PostType.NOTE,
            author_ref=author,
            in_reply_to_key=known.native(PLATFORM, one.thread) if one.thread else None,
            context_key=known.context(PLATFORM, one.thread or one.native_id),
            community=one.community,
            locator=known.seal({"id": one.native_id, "url": address, "author": author or ""}),
            reach=one.reach,
        )


def clean(text: str) -> str:
    """Compose the letters as ingest does, so that a text is recognised when it is read again."""
    return unicodedata.normalize("NFC", text)


def communities(store: Store) -> dict[str, Source]:
    """Find the demo's sources by name."""
    with store.read() as conn:
        return {one.name: one for one in sources.list_all(conn) if one.spec.kind == DEMO}


def next_index(store: Store) -> int:
    """Find the number of the first post of the stream that may not have come in yet."""
    cursors = [one.cursor or {} for one in communities(store).values()]
    return max((int(str(one.get("next", 0))) for one in cursors), default=0)


def trickle(
    store: Store,
    settings: Settings,
    tagger: Classifier,
    now: datetime,
    groups: Groups | None = None,
) -> float | None:
    """Let one new post come in and say after how many seconds the next one should.

    A community that somebody has stopped reading brings none.
    None, and nothing done, while the preparation is not over.
    """
    with store.read() as conn:
        task = tasks.latest(conn, tryout.PREPARATION)
    if task is None or task.ended_at is None:
        return None
    plan, index = demo.Plan.from_task(task), next_index(store)
    read = {name: one for name, one in communities(store).items() if _is_read(one)}
    one = _next_in(read, index, plan.seed, now)
    if one is not None:
        place = read[one.community]
        page = Page((Upsert(City(settings).post(one, now)),), {"next": _number(one) + 1})
        ingest_page(store, source_id=place.id, page=page, tagger=tagger, now=now, groups=groups)
        _note_fetched(store, [place], now)
    pace = random.Random(f"pace {plan.seed} {index}")  # noqa: S311 - repeatable, no secret
    return pace.uniform(SHORTEST_PAUSE, LONGEST_PAUSE)


def _next_in(read: Mapping[str, Source], index: int, seed: int, now: datetime) -> Planted | None:
    """Find the next new post of the communities that are read."""
    for number in range(index, index + LOOK_AHEAD):
        one = stream.planted_next(number, seed=seed, published_at=now)
        if one.community in read:
            return one
    return None


def _is_read(place: Source) -> bool:
    return place.state is SourceState.ACTIVE


def _number(one: Planted) -> int:
    return int(one.native_id.rpartition("-")[2])


def _ingest(
    store: Store,
    city: City,
    tagger: Classifier,
    where: tuple[dict[str, Source], Groups],
    found: tuple[Sequence[Planted], Fetch],
) -> None:
    (places, groups), (planted, fetch) = where, found
    by_place: dict[str, list[Planted]] = {}
    for one in planted[fetch.first : fetch.end]:
        by_place.setdefault(one.community, []).append(one)
    for name, posts in sorted(by_place.items()):
        events = tuple(Upsert(city.post(one, fetch.at)) for one in posts)
        page = Page(events, {"next": fetch.end})
        source_id = places[name].id
        ingest_page(
            store, source_id=source_id, page=page, tagger=tagger, now=fetch.at, groups=groups
        )


def _note_fetched(store: Store, places: Iterable[Source], now: datetime) -> None:
    with store.write() as conn:
        for one in places:
            sources.set_state(conn, one.id, SourceState.ACTIVE, ok_at=now)
