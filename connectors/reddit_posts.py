"""One child of a reddit listing as an event: a post, a deletion, or set aside with a reason.

Each child stands for itself: an odd one never costs the rest of its page.
No name, native id or address leaves here in the clear.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from evenhand.connectors.fields import LONGEST_TEXT, clean_text, read_reach, settle_time
from evenhand.connectors.reddit_walk import created_of
from evenhand.data.pseudonym import NOBODY, Pseudonyms, mask_name
from evenhand.data.records import (
    AuthorErased,
    Delete,
    Event,
    Post,
    PostType,
    SetAside,
    Upsert,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PLATFORM = "reddit"
COMMENT, SUBMISSION = "t1", "t3"
GONE_TEXT = frozenset({"[deleted]", "[removed]", "[ removed by reddit ]"})
# Far more than one run's pages can show; only so that nothing grows without end.
MOST_NAMES = 50_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULLNAME = re.compile(r"(t[13])_([a-z0-9]{1,16})")
# Links to reddit's own hosts say nothing that the post does not.
_OWN_HOSTS = ("reddit.com", "redd.it", "redditmedia.com")

Data = dict[str, object]


class Unusable(Exception):
    """A child that cannot become a post; its text is the reason."""


def names_in(children: Iterable[object]) -> frozenset[str]:
    """Collect the account names that a page shows, so that its texts can be rid of them."""
    names: set[str] = set()
    for child in children:
        data = child.get("data") if isinstance(child, dict) else None
        if isinstance(data, dict):
            shown = (data.get(key) for key in ("author", "link_author"))
            names.update(name for name in shown if isinstance(name, str))
    return frozenset(names - NOBODY)


class Normaliser:
    """Turns children into events with one key.

    Names that any page of the run has shown are masked in all later ones.
    So what becomes of a text depends on its neighbours, and `Post.text_key` tells edits apart.

    Args:
        pseudonyms: Makes the keys and masks the mentions.
        may_train: Whether this source's posts may train a model.
    """

    def __init__(self, pseudonyms: Pseudonyms, *, may_train: bool) -> None:
        self._pseudonyms = pseudonyms
        self._may_train = may_train
        self._names: frozenset[str] = frozenset()

    def events(self, children: Sequence[object], place: str, now: datetime) -> list[Event]:
        """Turn a page's children into one event each, in order.

        Args:
            children: As they came.
            place: Which page this is, for what is set aside.
            now: When they were fetched.
        """
        names = self._learn(children)
        return [
            self._event(child, f"{place}, child {number}", names, now)
            for number, child in enumerate(children, 1)
        ]

    def _learn(self, children: Sequence[object]) -> frozenset[str]:
        shown = names_in(children)
        kept = self._names if len(self._names) < MOST_NAMES else frozenset()
        self._names = kept | shown
        return self._names

    def _event(self, child: object, place: str, names: frozenset[str], now: datetime) -> Event:
        try:
            kind, data = _parts(child)
            if is_gone(kind, data):
                return Delete(self.key_of(str(data["name"])), "deleted on reddit")
            return Upsert(self._post(kind, data, names, now))
        except Unusable as reason:
            return SetAside(place, str(reason))

    def key_of(self, fullname: str) -> str:
        """Give the native key of a fullname (t1_… or t3_…)."""
        return self._pseudonyms.native(PLATFORM, fullname)

    def _post(self, kind: str, data: Data, names: frozenset[str], now: datetime) -> Post:
        author = data.get("author")
        if not isinstance(author, str):
            msg = "its author is missing"
            raise Unusable(msg)
        fullname = str(data["name"])
        thread = fullname if kind == SUBMISSION else _fullname(data.get("link_id"), "thread")
        parent = None if kind == SUBMISSION else _fullname(data.get("parent_id"), "parent")
        ref = self._pseudonyms.author(PLATFORM, author.casefold())
        published, suspect = settle_time(_created(data), now)
        title = None if kind == COMMENT else _text(data, "title")
        content, key = _content(kind, data), self.key_of(fullname)
        return Post(
            native_key=key,
            platform=PLATFORM,
            content=self._masked(content, author, names),
            name=None if title is None else self._masked(title, author, names),
            published_at=published,
            published_suspect=suspect,
            fetched_at=now,
            type=PostType.COMMENT if kind == COMMENT else _type(data),
            updated_at=_edited(data, now),
            author_ref=ref,
            in_reply_to_key=None if parent is None else self.key_of(parent),
            context_key=self._pseudonyms.context(PLATFORM, thread),
            community=_community(data, names),
            locator=self._locator(kind, fullname, thread, ref),
            reach=read_reach(data.get("score"), data.get("num_comments")),
            may_train=self._may_train,
            text_key=self._pseudonyms.text(key, f"{title or ''}\0{content}"),
        )

    def _masked(self, text: str, author: str, names: frozenset[str]) -> str:
        masked = self._pseudonyms.mask_mentions(clean_text(text), PLATFORM, names)
        return masked if author in NOBODY else mask_name(masked, author)

    def _locator(self, kind: str, fullname: str, thread: str, ref: str | None) -> bytes:
        url = f"https://www.reddit.com/comments/{thread[3:]}/"
        if kind == COMMENT:
            url += f"_/{fullname[3:]}/"
        return self._pseudonyms.seal({"id": fullname, "url": url, "author": ref or ""})

    def recheck(
        self,
        wanted: Mapping[str, str],
        children: Sequence[object],
        place: str,
        now: datetime,
    ) -> list[Event]:
        """Compare what was asked for with what came: who is missing is deleted.

        Args:
            wanted: Fullname to author pseudonym ("" for nobody), as their locators say.
            children: What reddit answered.
            place: Which request this is, for what is set aside.
            now: When it was asked.
        """
        names = self._learn(children)
        events: list[Event] = []
        answered = set()
        for number, child in enumerate(children, 1):
            event = self._event(child, f"{place}, child {number}", names, now)
            fullname = _claimed_name(child)
            if fullname not in wanted:
                continue
            answered.add(fullname)
            events.extend(_changes(event, wanted[fullname]))
        missing = [name for name in wanted if name not in answered]
        events.extend(Delete(self.key_of(name), "missing on reddit") for name in missing)
        return events


def _changes(event: Event, author_ref: str) -> list[Event]:
    """Keep of a live post what changed: its text, or that its account is gone."""
    if not isinstance(event, Upsert):
        return [event]
    found: list[Event] = []
    if author_ref and event.post.author_ref is None:
        found.append(AuthorErased(author_ref))
    elif event.post.updated_at is not None:
        found.append(event)
    return found


def _claimed_name(child: object) -> str:
    data = child.get("data") if isinstance(child, dict) else None
    return str(data.get("name")) if isinstance(data, dict) else ""


def is_gone(kind: str, data: Data) -> bool:
    """Say whether a child is only the empty place of a post that was taken away."""
    if data.get("removed_by_category"):
        return True
    author = data.get("author")
    text = data.get("body" if kind == COMMENT else "selftext")
    nobody = author is None or author == "[deleted]"
    return nobody and isinstance(text, str) and text.strip().casefold() in GONE_TEXT


def _parts(child: object) -> tuple[str, Data]:
    if not isinstance(child, dict):
        msg = "it is no object"
        raise Unusable(msg)
    kind, data = child.get("kind"), child.get("data")
    if not isinstance(kind, str) or kind not in {COMMENT, SUBMISSION}:
        msg = "its kind is neither a submission nor a comment"
        raise Unusable(msg)
    if not isinstance(data, dict):
        msg = "it has no data"
        raise Unusable(msg)
    fullname = _fullname(data.get("name"), "name")
    if not fullname.startswith(f"{kind}_"):
        msg = "its name does not fit its kind"
        raise Unusable(msg)
    return kind, cast("Data", data)


def _fullname(value: object, what: str) -> str:
    if not isinstance(value, str) or not _FULLNAME.fullmatch(value):
        msg = f"its {what} is missing or not one of reddit's ids"
        raise Unusable(msg)
    return value


def _text(data: Data, key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        msg = f"its {key} is missing"
        raise Unusable(msg)
    if len(value) > LONGEST_TEXT:
        msg = f"its {key} has more than {LONGEST_TEXT} characters"
        raise Unusable(msg)
    return value


def _content(kind: str, data: Data) -> str:
    if kind == COMMENT:
        return _text(data, "body")
    body = _text(data, "selftext")
    link = data.get("url")
    if data.get("is_self") or body or not isinstance(link, str) or len(link) > LONGEST_TEXT:
        return body
    return link if _leads_away(link) else ""


def _leads_away(link: str) -> bool:
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return False
    return bool(host) and not any(host == own or host.endswith(f".{own}") for own in _OWN_HOSTS)


def _type(data: Data) -> PostType:
    return PostType.NOTE if data.get("is_self") else PostType.PAGE


def _created(data: Data) -> datetime:
    created = created_of({"data": data})
    if created is None:
        msg = "its time is missing or unreadable"
        raise Unusable(msg)
    return EPOCH + timedelta(seconds=created)


def _edited(data: Data, now: datetime) -> datetime | None:
    """Read when it was edited; reddit says false, a time, or true for very old edits."""
    edited = created_of({"data": {"created_utc": data.get("edited")}})
    return None if edited is None else settle_time(EPOCH + timedelta(seconds=edited), now)[0]


def _community(data: Data, names: frozenset[str]) -> str | None:
    """Name the subreddit, unless it is a person's own page or bears an account's name."""
    subreddit = data.get("subreddit")
    if not isinstance(subreddit, str) or not re.fullmatch(r"[A-Za-z0-9_]{2,24}", subreddit):
        return None
    folded = subreddit.casefold()
    # Short names would be found inside any word.
    named = any(len(name) > 4 and name.casefold() in folded for name in names)  # noqa: PLR2004
    return None if folded.startswith("u_") or named else subreddit
