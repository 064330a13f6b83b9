"""A page of posts into the store: tagged outside the write, stored in one transaction.

Idempotent on (source, native key): a page that comes twice, or in another order, changes nothing.
A crash leaves nothing of the page, and the cursor before it: the page is fetched again.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import queueing, routing, search
from evenhand.data.errors import StoreError
from evenhand.data.records import AuthorErased, Delete, Flag, Gap, Origin, Text, Upsert
from evenhand.data.store import arrivals, pages, signatures
from evenhand.data.store.items import NewItem
from evenhand.data.store.pages import Candidate, Counts
from evenhand.data.taxonomy import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.classifiers.base import Classifier
    from evenhand.dashboard.jobs.grouping import Groups
    from evenhand.dashboard.jobs.routing import Route
    from evenhand.data.records import Page, Post, Reason, Score, Tag
    from evenhand.data.store.arrivals import Incoming
    from evenhand.data.store.connect import Store
    from evenhand.data.store.signatures import Place

# Others wait for this long a transaction at most.
POSTS_AT_ONCE = 1_000
# A second puller of the same source may change a post between the look and the write.
TRIES = 3
_REQUESTS = frozenset(one.value for one in Request)
_RULE_KINDS = frozenset({"rule", "statement"})


@dataclass(frozen=True, slots=True)
class _Work:
    store: Store
    source_id: int
    tagger: Classifier
    now: datetime
    holder: str | None
    groups: Groups | None
    routes: Sequence[Route]


def ingest_page(  # noqa: PLR0913 - what, where, by which means and for which run
    store: Store,
    *,
    source_id: str,
    page: Page,
    tagger: Classifier,
    now: datetime,
    holder: str | None = None,
    groups: Groups | None = None,
) -> Counts:
    """Store a page: posts, versions, tags, flags, items, roll-ups, erasures and the cursor.

    All of it commits together; pages of more than 1,000 posts take more transactions, and the
    cursor moves with the last.
    With a *holder* the cursor stays where it is when the run of that name has lost the source.
    With *groups* a flagged post that is near to another one joins its item instead of getting one.

    Raises:
        NotFound: There is no such source.
        StoreError: The store could not be written; nothing of the last 1,000 is in it.
    """
    candidates = _candidates(page)
    counts = Counts(
        read=sum(not isinstance(one, Gap | AuthorErased) for one in page.events),
        duplicate=sum(isinstance(one, Upsert) for one in page.events) - len(candidates),
    )
    *firsts, last = _split(candidates)
    work = _Work(store, int(source_id), tagger, now, holder, groups, routing.in_force(store))
    for part in firsts:
        counts += _ingest_part(work, part, None)
    counts += _ingest_part(work, last, page)
    if counts.deleted:
        # Only now nothing of the erased text is left in SQLite's log.
        store.wipe_log()
    return counts


def _split(candidates: list[Candidate]) -> list[list[Candidate]]:
    starts = range(0, max(1, len(candidates)), POSTS_AT_ONCE)
    return [candidates[start : start + POSTS_AT_ONCE] for start in starts]


def _candidates(page: Page) -> list[Candidate]:
    """Keep the newest state of each post; what the page itself deletes is not stored first."""
    deleted = {one.native_key for one in page.events if isinstance(one, Delete)}
    best: dict[str, Candidate] = {}
    for event in page.events:
        if not isinstance(event, Upsert) or event.post.native_key in deleted:
            continue
        post = _cleaned(event.post)
        candidate = Candidate(post, post.text_key or arrivals.hash_of(post))
        before = best.get(post.native_key)
        if before is None or before.order < candidate.order:
            best[post.native_key] = candidate
    return list(best.values())


def _cleaned(post: Post) -> Post:
    content = _clean(post.content)
    name = None if post.name is None else _clean(post.name)
    if content is post.content and name is post.name:
        return post
    return replace(post, content=content, name=name)


def _clean(text: str) -> str:
    """Compose the letters, and take out what no database holds: NUL and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _ingest_part(work: _Work, part: list[Candidate], page: Page | None) -> Counts:
    """Tag and store a part; the page's last one brings the page along."""
    with work.store.read() as conn:
        fresh = pages.look(conn, work.source_id, part)
        place = signatures.place_of(conn, work.source_id)
    if work.groups is not None:
        work.groups.catch_up(work.store, work.now)
    tagged: dict[str, Incoming] = {}
    try:
        counts = _store(work, place, (part, page), fresh, tagged)
    except BaseException:
        if work.groups is not None:
            work.groups.forget(place, tagged)
        raise
    if work.groups is not None:
        _follow(work, work.groups, place, tagged, page)
    return counts


def _follow(
    work: _Work, groups: Groups, place: Place, tagged: Mapping[str, Incoming], page: Page | None
) -> None:
    """Let the groups know what was stored and what was erased."""
    groups.settle(place, tagged.values())
    events = () if page is None else page.events
    groups.forget(place, [one.native_key for one in events if isinstance(one, Delete)])
    if any(isinstance(one, AuthorErased) for one in events):
        groups.sweep(work.store, work.now)


def _store(
    work: _Work,
    place: Place,
    what: tuple[list[Candidate], Page | None],
    fresh: Sequence[Candidate],
    tagged: dict[str, Incoming],
) -> Counts:
    """Tag what is fresh, and store it; *tagged* takes in what was tagged."""
    part, page = what
    for _ in range(TRIES):
        untagged = [one for one in fresh if one.post.native_key not in tagged]
        tagged |= _tag(work, place, untagged)
        near = any(one.like is not None for one in tagged.values())
        with work.store.write() as conn:
            pages.make_way(conn, work.source_id, page, near=near)
            counts = pages.store_posts(
                conn, work.source_id, part, tagged, work.now, fold=search.folded
            )
            if counts is not None:
                if page is not None:
                    counts += pages.finish_page(
                        conn, work.source_id, page, work.now, by=work.holder
                    )
                return counts
            fresh = pages.look(conn, work.source_id, part)
    msg = f"source {work.source_id} is written by two pullers at once; end one of them"
    raise StoreError(msg)


def _tag(work: _Work, place: Place, fresh: Sequence[Candidate]) -> dict[str, Incoming]:
    if not fresh:
        return {}
    texts = [_text(one.post) for one in fresh]
    tags = work.tagger.tag(texts)
    found = [_incoming(work, one, tag) for one, tag in zip(fresh, tags, strict=True)]
    if work.groups is not None:
        named = {one.id: (each, one.text) for one, each in zip(texts, found, strict=True)}
        work.groups.take(place, named, work.now)
    return {one.post.native_key: one for one in found}


def _incoming(work: _Work, one: Candidate, tag: Tag) -> Incoming:
    flags = flags_of(tag, one.post)
    item = item_for(flags, one.post.reach, tag.lang, work.now) if flags else None
    if item is not None and work.routes:
        labels = {flag.label for flag in flags}
        team_id = routing.team_for(work.routes, labels, tag.lang, str(work.source_id))
        item = replace(item, team_id=team_id)
    return arrivals.incoming(one.post, one.body_hash, tag, flags, item)


def item_for(flags: Sequence[Flag], reach: int, lang: str, now: datetime) -> NewItem:
    """Make the item of a post that has these flags (at least one)."""
    where = queueing.place(flags, reach=reach, lang=lang, created_at=now)
    return NewItem(
        queue=where.queue,
        lang=lang,
        label=where.label,
        priority=where.priority,
        why=where.why,
        due_at=where.due_at,
    )


def _text(post: Post) -> Text:
    text = post.content if post.name is None else f"{post.name}\n{post.content}"
    return Text(post.native_key, text, post.language)


def flags_of(tag: Tag, post: Post) -> tuple[Flag, ...]:
    """Turn the labels that a tag raises into flags, with the reasons behind each.

    Spans are moved to where they lie in the content, since the title is tagged in front of it;
    spans inside the title are dropped.
    """
    return flags_under(post.name, tag)


def flags_under(title: str | None, tag: Tag) -> tuple[Flag, ...]:
    """Turn a tag into flags as `flags_of` does, for a post of which only the title is at hand."""
    labels = tag.flagged
    if not labels:
        return ()
    offset = 0 if title is None else len(title) + 1
    return tuple(_flag(label, tag, offset) for label in labels)


def _flag(label: str, tag: Tag, offset: int) -> Flag:
    scores: Mapping[str, Score] = tag.requests if label in _REQUESTS else tag.harms
    reasons = tuple(_moved(one, offset) for one in tag.reasons if one.label == label)
    kinds = {one.kind for one in reasons}
    origin = Origin.MODEL
    if label in _REQUESTS:
        origin = Origin.REQUEST
    elif kinds & _RULE_KINDS and "model" not in kinds:
        origin = Origin.RULE
    score = scores[label]
    return Flag(origin, label, score.band, score.score, reasons, tag.model)


def _moved(reason: Reason, offset: int) -> Reason:
    if not offset or not reason.spans:
        return reason
    spans = ((start - offset, end - offset) for start, end in reason.spans)
    return replace(reason, spans=tuple(span for span in spans if span[0] >= 0))
