"""A local server in reddit's place: it gives recorded answers, or named mutations of them.

What is recorded lies in the shared folder (praw's own cassettes) and is read from there each time.
Nothing in an answer is invented: a listing is a recording's bytes, or its children dealt out anew
(`dealt`), or one of `MUTATIONS` of such an answer.
"""

from __future__ import annotations

import copy
import gzip
import json
import socket
import struct
import threading
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from evenhand.data.records import SourceSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

# Headers of a recording that told of its own transport.
TRANSPORT = {
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "date",
    "server",
    "set-cookie",
}
SUBMISSIONS = "TestSubredditStreams.test_submissions"
COMMENTS = "TestSubredditListings.test_comments"
HOT = "TestSubredditListings.test_hot"
CONTROVERSIAL = "TestSubredditListings.test_controversial"
INFO = "TestReddit.test_info_url"
MULTI = "TestMultiredditListings.test_comments"
# Eleven pages that lead on to each other.
LONG = "TestListingGenerator.test_exhaust_items"
EMPTY = "TestListingGenerator.test_no_items"
# A canary: it must turn up in no message, log or database.
SECRET = "canary-of-the-app-secret"
AGENT = "test:evenhand:1.0 (by /u/nobody)"


@dataclass(frozen=True)
class Answer:
    """One answer; *how* is send, drop (close unanswered), reset (in mid-body) or drip."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    how: str = "send"

    @property
    def listing(self) -> dict:
        """Give the decoded listing."""
        return json.loads(self.body)

    @property
    def children(self) -> list[dict]:
        """Give the children of the listing."""
        return self.listing["data"]["children"]

    @property
    def after(self) -> str | None:
        """Say what the listing calls its next page."""
        return self.listing["data"]["after"]

    def with_listing(self, children: Sequence[object], after: str | None) -> Answer:
        """Put other children into the listing."""
        whole = self.listing
        whole["data"] |= {"children": list(children), "after": after, "dist": len(children)}
        return replace(self, body=json.dumps(whole).encode())


@lru_cache(maxsize=32)
def _cassette(folder: Path, name: str) -> tuple[tuple[str, Answer], ...]:
    raw = json.loads((folder / "recordings" / "reddit" / f"{name}.json").read_text("utf-8"))
    return tuple((one["request"]["uri"], _answer(one["response"])) for one in raw["interactions"])


def _answer(response: dict) -> Answer:
    headers = {
        name: values[0]
        for name, values in response["headers"].items()
        if name.lower() not in TRANSPORT
    }
    return Answer(response["status"]["code"], headers, response["body"]["string"].encode())


def recorded(folder: Path, name: str) -> list[Answer]:
    """Read the answers of a recording that are listings, in order."""
    found = []
    for _, answer in _cassette(folder, name):
        try:
            answer.children  # noqa: B018 - only a listing has them
        except (ValueError, KeyError, TypeError):
            continue
        found.append(answer)
    return found


def recorded_token(folder: Path) -> Answer:
    """Read the answer to a sign-in."""
    return _cassette(folder, EMPTY)[0][1]


def recorded_failure(folder: Path, name: str) -> Answer:
    """Read the last answer of a recording, which is a refusal."""
    return _cassette(folder, name)[-1][1]


def names_of(*answers: Answer, keys: Sequence[str] = ("author", "link_author")) -> set[str]:
    """Collect the author names in recorded answers that a byte search can look for.

    Taken are the values of *keys* at any depth (posts, their media, cross-posted ones) with more
    than three characters: shorter ones are found inside any text.
    None of those in the recordings that the tests search for is an everyday word, so none is
    left out.
    """
    names: set[str] = set()
    for answer in answers:
        _collect(answer.listing, frozenset(keys), names)
    return {name for name in names - {"[deleted]", "[removed]"} if len(name) > 3}


def _collect(value: object, keys: frozenset[str], names: set[str]) -> None:
    if isinstance(value, list):
        for one in value:
            _collect(one, keys, names)
    elif isinstance(value, dict):
        names.update(one for key, one in value.items() if key in keys and isinstance(one, str))
        for one in value.values():
            _collect(one, keys, names)


def dealt(
    pattern: Answer, children: Iterable[dict], *, page: int = 100, cap: int = 1_000
) -> dict[str, Answer]:
    """Deal *children* out as reddit deals a listing: pages that lead on, cut off at *cap*."""
    shown = list(children)[:cap]
    starts = range(0, max(1, len(shown)), page)
    answers: dict[str, Answer] = {}
    at = ""
    for start in starts:
        part = shown[start : start + page]
        last = start + page >= len(shown)
        after = None if last else part[-1]["data"]["name"]
        answers[at] = pattern.with_listing(part, after)
        at = after or ""
    return answers


def retimed(children: Sequence[dict], *, newest: float, apart_s: float = 60.0) -> list[dict]:
    """Copy children with times that fall from *newest* by *apart_s* each."""
    made = copy.deepcopy(list(children))
    for number, child in enumerate(made):
        child["data"]["created_utc"] = newest - number * apart_s
    return made


def _each_child(change: Callable[[dict], object]) -> Callable[[Answer], Answer]:
    """Change the second child of a listing and leave the others alone."""

    def mutate(answer: Answer) -> Answer:
        children = answer.children
        children[1] = change(children[1])
        return answer.with_listing(children, answer.after)

    return mutate


def _data(**changes: object) -> Callable[[Answer], Answer]:
    return _each_child(lambda child: child | {"data": child["data"] | changes})


def _without(key: str) -> Callable[[Answer], Answer]:
    return _each_child(
        lambda child: child | {"data": {k: v for k, v in child["data"].items() if k != key}}
    )


def _status(code: int, body: bytes = b'{"message": "x"}', **headers: str) -> Callable:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda answer: Answer(code, answer.headers | named, body)


def _body(body: bytes) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, body=body)


def _headers(**headers: str) -> Callable[[Answer], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda answer: replace(answer, headers=answer.headers | named)


def _bomb(answer: Answer) -> Answer:
    packed = gzip.compress(b'{"data": {"children": [' + b" " * 2**25 + b"]}}")
    return replace(answer, headers=answer.headers | {"Content-Encoding": "gzip"}, body=packed)


def _endless(answer: Answer) -> Answer:
    return answer.with_listing(answer.children, "t3_again")


HTML = b"<!doctype html><html><head><title>Blocked</title></head><body>whoa there</body></html>"
# Name -> what it makes of a recorded answer. An answer that is no listing at all.
BROKEN: dict[str, Callable[[Answer], Answer]] = {
    "html": _body(HTML),
    "truncated": lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2]),
    "empty": _body(b""),
    "null": _body(b"null"),
    "list": _body(b"[]"),
    "object": _body(b"{}"),
    "number": _body(b"7"),
    "listing without children": _body(b'{"kind": "Listing", "data": {"after": null}}'),
    "children are an object": _body(b'{"kind": "Listing", "data": {"children": {}}}'),
    "data is a list": _body(b'{"kind": "Listing", "data": []}'),
    "invalid UTF-8": _body(b'{"kind": "Listing", "data": {"children": [], "after": "\xff"}}'),
    "nested too deep": _body(b"[" * 200_000),
    "gzip bomb": _bomb,
    "gzip in name only": _headers(Content_Encoding="gzip"),
    "no content": _status(204, b""),
    "bad request": _status(400, HTML),
    "teapot": _status(418),
}
TRANSIENT: dict[str, Callable[[Answer], Answer]] = {
    **{str(code): _status(code) for code in (408, 500, 501, 502, 503, 504, 520, 522)},
    "dropped": lambda answer: replace(answer, how="drop"),
    "reset in mid-body": lambda answer: replace(answer, how="reset"),
    "content length too long": _headers(Content_Length="9999999"),
    "drip": lambda answer: replace(answer, how="drip"),
}
# Retry-After -> seconds that are waited for (None: see the test).
WAITS = {
    "7": 7,
    "0": 1,
    "-5": 60,
    "NaN": 60,
    "inf": 3600,
    "1e9": 3600,
    "soon": 60,
    "": 60,
    "Wed, 25 Nov 2026 00:00:00 GMT": 3600,
    "Tue, 24 Nov 2026 12:05:00 GMT": 300,
    "Tue, 24 Nov 2026 12:05:00": 300,
    "Tue, 24 Nov 2020 12:00:00 GMT": 60,
    "Tue, 99 Nov 2026 99:99:99 GMT": 60,
}
REFUSED: dict[str, Callable[[Answer], Answer]] = {
    "403 private": _status(403, b'{"reason": "private", "message": "Forbidden", "error": 403}'),
    "403 quarantined": _status(403, b'{"reason": "quarantined", "error": 403}'),
    "403 page": _status(403, HTML),
    "401 with header": _status(401, WWW_Authenticate='Bearer realm="reddit"'),
    "401 without header": _status(401),
}
GONE: dict[str, Callable[[Answer], Answer]] = {
    "404": _status(404),
    "410": _status(410),
    "451": _status(451),
    "302": _status(302, b"", Location="https://www.reddit.com/subreddits/search?q=x"),
    "301": _status(301, b"", Location="http://127.0.0.1:1/"),
}
# Mutations of one child: what they do to the second one, whose neighbours must all be kept.
ODD_CHILD: dict[str, Callable[[Answer], Answer]] = {
    "author null": _data(author=None),
    "author is a number": _data(author=7),
    "author is a list": _data(author=["x"]),
    "link author is an object": _data(author=None, link_author={}),
    "author missing": _without("author"),
    "unknown kind": _each_child(lambda child: child | {"kind": "t9"}),
    "kind missing": _each_child(lambda child: {"data": child["data"]}),
    "kind is a list": _each_child(lambda child: child | {"kind": ["t3"]}),
    "data null": _each_child(lambda child: child | {"data": None}),
    "child null": _each_child(lambda _: None),
    "child is a text": _each_child(lambda _: "t3_abc"),
    "name missing": _without("name"),
    "name of another kind": _data(name="t5_abc"),
    "name is no id": _data(name="t3_<script>"),
    "time missing": _without("created_utc"),
    "time is a text": _data(created_utc="yesterday"),
    "time negative": _data(created_utc=-1.0),
    "time not finite": _data(created_utc=float("nan")),
    "time too large": _data(created_utc=1e300),
    "title missing": _without("title"),
    "text is a number": _data(selftext=3.5),
    "text endless": _data(selftext="x" * 200_000),
}


class RedditServer:
    """Serves listings by name ("new", "comments", "info") and counts what was asked.

    *answers* maps a listing and an `after` ("" for the first page) to its answer; what is not
    there is the recorded empty listing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.answers: dict[tuple[str, str], Answer] = {}
        self.spoils: dict[str, list[Callable[[Answer], Answer] | None]] = defaultdict(list)
        self.hits: list[str] = []
        self.asked: list[dict[str, str]] = []
        # Called with the listing's name before each answer.
        self.on_hit: Callable[[str], object] | None = None
        self.empty = recorded(folder, EMPTY)[0]
        self.token = recorded_token(folder)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                asked = {key: values[0] for key, values in parse_qs(url.query).items()}
                outer.reply(self, url.path.rsplit("/", 1)[-1], asked)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.reply(self, "access_token", {})

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A short interval, so that closing waits for nothing.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, name: str, *answers: Answer) -> None:
        """Serve recorded answers as the pages of a listing, each after the one before it."""
        at = ""
        for answer in answers:
            self.answers[name, at] = answer
            at = answer.after or ""

    def deal(self, name: str, pages: dict[str, Answer]) -> None:
        """Serve dealt pages in the place of what the listing was."""
        self.answers = {key: one for key, one in self.answers.items() if key[0] != name}
        self.answers |= {(name, at): one for at, one in pages.items()}

    def spoil(self, name: str, mutate: Callable[[Answer], Answer], *, times: int = 1) -> None:
        """Mutate the next *times* answers of a listing, or with 0 all that follow."""
        self.spoils[name] = [mutate] * times if times else [mutate, None]

    def mend(self) -> None:
        """Answer as recorded from now on."""
        self.spoils.clear()

    def count(self, name: str) -> int:
        """Say how often a listing (or "access_token") was asked for."""
        return self.hits.count(name)

    def reply(self, handler: BaseHTTPRequestHandler, name: str, asked: dict[str, str]) -> None:
        """Answer one request."""
        with self._lock:
            self.hits.append(name)
            self.asked.append(asked)
            answer = self._find(name, asked)
            waiting = self.spoils[name]
            if waiting:
                mutate = waiting[0]
                if len(waiting) == 1 or waiting[1] is not None:
                    waiting.pop(0)
                answer = mutate(answer) if mutate else answer
        if self.on_hit is not None:
            self.on_hit(name)
        _send(handler, answer)

    def _find(self, name: str, asked: dict[str, str]) -> Answer:
        if name == "access_token":
            return self.token
        if name == "info":
            known = {child["data"]["name"]: child for child in self.answers["info", ""].children}
            wanted = asked.get("id", "").split(",")
            found = [known[one] for one in wanted if one in known]
            return self.answers["info", ""].with_listing(found, None)
        return self.answers.get((name, asked.get("after", "")), self.empty)


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    if answer.how == "drop":
        _reset(handler)
        return
    handler.send_response_only(answer.status)
    told = {name.lower() for name in answer.headers}
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if "content-length" not in told:
        handler.send_header("Content-Length", str(len(answer.body)))
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    try:
        if answer.how == "drip":
            for start in range(0, len(answer.body), 1_000):
                handler.wfile.write(answer.body[start : start + 1_000])
        elif answer.how == "reset":
            handler.wfile.write(answer.body[: len(answer.body) // 2])
            handler.wfile.flush()
            _reset(handler)
        else:
            handler.wfile.write(answer.body)
    except OSError:
        # The connector has hung up, as it should on an endless body.
        handler.close_connection = True


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Close so that the other end sees a reset, not an end."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def source_of(server: RedditServer, name: str = "hỏi đáp", **options: object) -> SourceSpec:
    """Make the spec of a source that reads *server*."""
    block = {
        "subreddits": ["askreddit"],
        "client_id": "test-app",
        "client_secret": "env:TEST_REDDIT_SECRET",
        "user_agent": AGENT,
        "reddit_url": server.url,
        "oauth_url": server.url,
    }
    return SourceSpec(name, "reddit", block | options)


ENVIRON = {"TEST_REDDIT_SECRET": SECRET}


def settings_block(server: RedditServer, name: str) -> str:
    """Write the source as a block of evenhand.toml."""
    lines = ["", "[[source]]", f"name = {json.dumps(name)}", 'kind = "reddit"']
    options = source_of(server, name).options
    return "\n".join([*lines, *(f"{key} = {json.dumps(one)}" for key, one in options.items()), ""])
