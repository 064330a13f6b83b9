"""Reddit through praw 8: new submissions and comments of public subreddits, read only.

praw signs in (client id and secret, no account) and sends.
Listings are read as plain dictionaries, because one odd child would cost praw's objects the whole
page; and no answer reaches praw that would make it sleep, retry or fail in its own ways.
"""

from __future__ import annotations

import configparser
import os
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, cast

import requests
from praw import Reddit
from praw.exceptions import PRAWException
from prawcore.exceptions import OAuthException, PrawcoreException
from prawcore.requestor import Requestor
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from evenhand.connectors import pacing
from evenhand.connectors.base import CheckResult, ConnectorSpec
from evenhand.connectors.reddit_options import (
    OPTIONS,
    RedditOptions,
    read_options,
    refuse_praw_variables,
)
from evenhand.connectors.reddit_posts import Normaliser
from evenhand.connectors.reddit_walk import (
    read_listing,
    read_waiting,
    read_walks,
    step,
    write_cursor,
)
from evenhand.data.errors import (
    AccessRefused,
    BadPayload,
    ConnectorError,
    Gone,
    RateLimited,
    SettingsError,
    SourceMisconfigured,
    Transient,
)
from evenhand.data.records import Page, SetAside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from urllib3 import HTTPResponse

    from evenhand.connectors.base import Budget, Clock, Tools
    from evenhand.connectors.reddit_walk import Listing, Walk
    from evenhand.data.records import Event, SourceSpec

SPEC = ConnectorSpec("reddit", "Reddit: public subreddits", OPTIONS, rechecks=True)
TIMEOUT_S = (5.0, 20.0)
# A whole answer, however slowly it drips in.
DEADLINE_S = 60.0
# A full listing of long posts has about 2 MB; unpacked, so that a small answer cannot swell.
LONGEST_ANSWER = 16 * 2**20
CHUNK = 2**16
PAGE_SIZE = 100
RECHECK_SIZE = 100
# That many ids asked for and none known to reddit is a fault of the answer, not a mass deletion.
NEVER_ALL_GONE = 10
TOKEN_PATH = "/api/v1/access_token"  # noqa: S105 - an address
# What reddit says of a closed place; anything else in an answer is not repeated.
REASONS = frozenset({"private", "quarantined", "gold_only", "banned", "gated"})
BEYOND_SERVER_ERRORS = 600
# What praw and prawcore raise on answers that are not what they expect.
SURPRISES = (
    PrawcoreException,
    PRAWException,
    requests.RequestException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    RecursionError,
)


class _TokenRefused(AccessRefused):
    """The token ran out or was revoked: worth one fresh one."""


class _Door(Requestor):
    """prawcore's door to the network: bounded in time and size, and closed to what it mishandles.

    Failed answers become our errors here, so that prawcore neither retries (it sleeps) nor trips
    over headers; rate-limit headers are read here and taken out, so that its limiter never sleeps.
    """

    def __init__(self, *, clock: Clock, oauth_url: str, reddit_url: str, user_agent: str) -> None:
        super().__init__(oauth_url=oauth_url, reddit_url=reddit_url, user_agent=user_agent)
        self._clock = clock
        self.not_before: datetime | None = None
        # Without this a .netrc entry for the host would replace the token.
        self._http.auth = lambda request: request

    def request(  # type: ignore[override]  # prawcore passes more by name than its types say
        self, method: str, url: str, *, timeout: object = None, **rest: object
    ) -> requests.Response:
        """Send one request and give the whole answer, if it is one to be read as JSON.

        Raises:
            ConnectorError: It is not.
        """
        del timeout
        rest["allow_redirects"] = False
        try:
            send = self._http.request
            with send(method, url, timeout=TIMEOUT_S, stream=True, **rest) as answer:  # type: ignore[arg-type]  # handed on as prawcore gave them
                body = self._body(answer)
        except (requests.RequestException, HTTPError, OSError) as error:
            msg = f"reddit could not be reached ({type(error).__name__}); it is tried again"
            raise Transient(msg) from error
        self.not_before = pacing.not_before(answer.headers, self._clock())
        self._judge(answer, url.endswith(TOKEN_PATH), body)
        return _plain(answer, body)

    def _body(self, answer: requests.Response) -> bytes:
        raw = cast("HTTPResponse", answer.raw)
        started, body = self._clock(), bytearray()
        while chunk := raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > LONGEST_ANSWER:
                msg = f"reddit's answer is longer than {LONGEST_ANSWER >> 20} MiB; it is dropped"
                raise BadPayload(msg)
            if (self._clock() - started).total_seconds() > DEADLINE_S:
                msg = f"reddit's answer took longer than {DEADLINE_S:.0f} s; it is tried again"
                raise Transient(msg)
        return bytes(body)

    def _judge(self, answer: requests.Response, signing_in: bool, body: bytes) -> None:  # noqa: FBT001 - which of two doors this is
        code = answer.status_code
        if code == HTTPStatus.OK:
            _check_utf8(body)
            return
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            at = pacing.retry_at(answer.headers.get("retry-after"), self._clock())
            msg = f"reddit asks to wait until {at:%H:%M:%S} UTC"
            raise RateLimited(msg, retry_at=at)
        if code == HTTPStatus.REQUEST_TIMEOUT or 500 <= code < BEYOND_SERVER_ERRORS:  # noqa: PLR2004 - server errors
            msg = f"reddit answered {code}, a fault of its own; it is tried again"
            raise Transient(msg)
        if code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} or signing_in:
            raise _refusal(code, signing_in=signing_in, body=body)
        if code in _GONE or 300 <= code < 400:  # noqa: PLR2004 - redirects
            msg = f"reddit answered {code}: no such public subreddit any more; retire the source"
            raise Gone(msg)
        msg = f"reddit answered {code}, which no listing does; it is tried again"
        raise BadPayload(msg)


_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})


def _refusal(code: int, *, signing_in: bool, body: bytes) -> AccessRefused:
    if signing_in:
        return AccessRefused(
            f"reddit refused the sign-in ({code}); check client_id and client_secret, and that "
            "reddit has approved the app"
        )
    if code == HTTPStatus.UNAUTHORIZED:
        return _TokenRefused("reddit refused a fresh token (401); check the app's access")
    reason = next((one for one in sorted(REASONS) if f'"{one}"'.encode() in body), "not said")
    return AccessRefused(
        f"reddit refuses this place (403, reason: {reason}); take it out of `subreddits` or ask "
        "its moderators"
    )


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        msg = "reddit's answer is not UTF-8; it is tried again"
        raise BadPayload(msg) from error


def _plain(answer: requests.Response, body: bytes) -> requests.Response:
    """Copy an answer without the headers that prawcore would act on."""
    copy = requests.Response()
    copy.status_code, copy.url, copy.request = answer.status_code, answer.url, answer.request
    copy.headers = CaseInsensitiveDict({"content-type": "application/json"})
    copy.raw = BytesIO(body)
    return copy


class _Client:
    """One signed-in praw for one run; signs in again once when its token is refused."""

    def __init__(self, options: RedditOptions, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._reddit, self.door = self._sign_in()

    def _sign_in(self) -> tuple[Reddit, _Door]:
        options = self._options
        doors: list[_Door] = []

        class Door(_Door):
            """The door that praw makes itself, kept so that it can be closed."""

            def __init__(inner, **rest: str) -> None:  # noqa: N805 - the outer one is self
                super().__init__(clock=self._clock, **rest)
                doors.append(inner)

        try:
            reddit = Reddit(
                client_id=options.client_id,
                client_secret=options.client_secret,
                user_agent=options.user_agent,
                # All of them said outright: a praw.ini in the working folder cannot add an account
                # or send the secret elsewhere.
                reddit_url=options.reddit_url,
                oauth_url=options.oauth_url,
                username=None,
                password=None,
                refresh_token=None,
                redirect_uri=None,
                check_for_updates=False,
                check_for_async=False,
                requestor_class=Door,
            )
        except (configparser.Error, OSError, *SURPRISES) as error:
            msg = f"praw cannot start ({type(error).__name__}); look for a praw.ini and remove it"
            raise SourceMisconfigured(msg) from error
        return reddit, doors[0]

    def close(self) -> None:
        """Give the connections back."""
        self.door.close()

    def ask(self, path: str, params: dict[str, str | int]) -> object:
        """Send one GET and give its decoded body.

        Raises:
            ConnectorError: There is none to be had.
        """
        wait = self.door.not_before
        if wait is not None and wait > self._clock():
            msg = f"reddit's quota is used up until {wait:%H:%M:%S} UTC"
            raise RateLimited(msg, retry_at=wait)
        try:
            return self._ask(path, params)
        except _TokenRefused:
            self.close()
            self._reddit, self.door = self._sign_in()
            return self._ask(path, params)

    def _ask(self, path: str, params: dict[str, str | int]) -> object:
        try:
            answer: object = self._reddit.request(method="GET", path=path, params=params)
        except OAuthException as error:
            msg = "reddit refused the sign-in; check client_id and client_secret"
            raise AccessRefused(msg) from error
        except SURPRISES as error:
            kind = type(error).__name__
            msg = f"reddit's answer cannot be read ({kind}); it is tried again"
            raise BadPayload(msg) from error
        return answer


class RedditConnector:
    """Reads the new posts of public subreddits.

    Args:
        spec: The source, with the options of `reddit_options.OPTIONS`.
        tools: Pseudonyms, clock, and where secrets are looked up.
    """

    spec = SPEC

    def __init__(self, spec: SourceSpec, tools: Tools) -> None:
        refuse_praw_variables(os.environ)
        self._options = read_options(spec, tools.environ)
        self._clock = tools.clock
        self._pseudonyms = tools.pseudonyms
        self._normaliser = Normaliser(tools.pseudonyms, may_train=spec.may_train)
        place = "+".join(self._options.subreddits)
        names = ("new", "comments") if self._options.comments else ("new",)
        self._paths = {name: f"/r/{place}/{name}" for name in names}

    def check(self) -> CheckResult:
        """Sign in and ask for one post of each listing, which is thrown away."""
        facts = {"subreddits": ", ".join(self._options.subreddits)}
        try:
            with self._client() as client:
                for path in self._paths.values():
                    read_listing(client.ask(path, {"limit": 1}))
        except ConnectorError as error:
            return CheckResult(ok=False, message=str(error), facts=facts)
        return CheckResult(ok=True, message="reddit answers; the app may read here", facts=facts)

    def fetch(self, cursor: Mapping[str, object] | None, budget: Budget) -> Iterator[Page]:
        """Walk each listing from its newest post to what is known, a page of each in turn."""
        walks = read_walks(cursor, list(self._paths))
        waiting = read_waiting(cursor, list(self._paths))
        with self._client() as client:
            for _ in range(max(1, budget.pages)):
                name = waiting.pop(0)
                events, walks[name] = self._page(client, name, walks[name])
                if walks[name].progress is not None:
                    waiting.append(name)
                wait = client.door.not_before
                after = write_cursor(walks, waiting)
                yield Page(tuple(events), after, bool(waiting), wait)
                if not waiting or wait is not None:
                    return

    def _page(self, client: _Client, name: str, walk: Walk) -> tuple[list[Event], Walk]:
        listing = self._listing(client, name, walk)
        number = 1 if walk.progress is None else walk.progress.pages + 1
        now = self._clock()
        events = self._normaliser.events(listing.children, f"{name}, page {number}", now)
        moved, gap = step(walk, listing, now)
        return [*events, *([] if gap is None else [gap])], moved

    def _listing(self, client: _Client, name: str, walk: Walk) -> Listing:
        params: dict[str, str | int] = {"limit": PAGE_SIZE}
        if walk.progress is not None:
            params["after"] = walk.progress.after
        return read_listing(client.ask(self._paths[name], params))

    def recheck(self, locators: Sequence[bytes]) -> Iterator[Event]:
        """Ask for posts by their ids, 100 at a time: missing, emptied or removed ones are gone."""
        wanted: dict[str, str] = {}
        for number, sealed in enumerate(locators, 1):
            try:
                opened = self._pseudonyms.open(sealed)
                wanted[opened["id"]] = opened.get("author", "")
            except (SettingsError, KeyError):
                yield SetAside(f"locator {number}", "it cannot be opened with this key")
        names = list(wanted)
        if not names:
            return
        with self._client() as client:
            for start in range(0, len(names), RECHECK_SIZE):
                part = {name: wanted[name] for name in names[start : start + RECHECK_SIZE]}
                yield from self._recheck_part(client, part, start)

    def _recheck_part(self, client: _Client, part: dict[str, str], start: int) -> list[Event]:
        answer = client.ask("/api/info", {"id": ",".join(part)})
        children = read_listing(answer).children
        if not children and len(part) >= NEVER_ALL_GONE:
            msg = f"reddit knows none of {len(part)} posts, which is not believed; try again later"
            raise BadPayload(msg)
        place = f"recheck from {start + 1}"
        return self._normaliser.recheck(part, children, place, self._clock())

    @contextmanager
    def _client(self) -> Iterator[_Client]:
        client = _Client(self._options, self._clock)
        try:
            yield client
        finally:
            client.close()
