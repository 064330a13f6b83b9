"""The gate in front of everything that the server answers, over HTTP and websocket.

Nothing passes without a session except the sign-in pages and the two health checks.
It checks the host and the origin, closes Streamlit's internal endpoints, strips identity headers
that a client sent, adds our own, and puts the security headers on every answer.
Policy of the headers: measured in headless Chromium with components v2, Plotly and data frames.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from evenhand.data.records import Actor

PERSON_HEADER = "x-evenhand-person"
SIGN_IN = "/login"
OPEN_PATHS = frozenset({SIGN_IN, "/logout", "/welcome", "/healthz", "/readyz", "/favicon.png"})
STREAM = "/_stcore/stream"
# Streamlit's own endpoints that the page never asks for: statistics, the agent API, its sign-in.
CLOSED = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health",
    "/auth",
    "/oauth2callback",
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TOKEN = 200
CLOSE_REFUSED = 4403
CLOSE_ENDED = 4401
SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "font-src 'self' data:; script-src 'self' blob:; worker-src 'self' blob:; "
        "connect-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
_PLAIN_PATH = re.compile(r"/[a-z][a-z-]{0,30}")


def cookie_name(*, https: bool) -> str:
    """Name the session cookie; under TLS the prefix ties it to this host and to TLS."""
    return "__Host-evenhand" if https else "evenhand"


def token_of(headers: Headers, *, https: bool) -> str | None:
    """Read the session token from the request's cookies."""
    token = cookie_parser(headers.get("cookie", "")).get(cookie_name(https=https))
    return token if token and len(token) <= LONGEST_TOKEN else None


def local_path(path: str | None) -> str:
    """Keep *path* only if it names one of our pages; anything else becomes the front page."""
    return path if path and _PLAIN_PATH.fullmatch(path) else "/"


def is_same_origin(headers: Headers) -> bool:
    """Say whether a browser vouches that our own page sent this request."""
    origin = headers.get("origin")
    if origin is None or origin == "null":
        return headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == headers.get("host")


@dataclass(slots=True)
class _Seen:
    task: asyncio.Task[Actor | None]
    until: float


@dataclass(slots=True)
class Sessions:
    """Looks sessions up off the event loop and remembers a living one for *keep_s* seconds.

    Requests that ask for the same session at once share one look-up; a dead one is not remembered.

    Args:
        find: Finds who holds a token, and notes a sign of life if it is told to; it may block.
        clock: Counts seconds, never backwards.
        keep_s: How long an answer stands, and so how long a revoked session may live on (s).
    """

    find: Callable[[str, bool], Actor | None]
    clock: Callable[[], float]
    keep_s: float = 5.0
    _seen: dict[tuple[str, bool], _Seen] = field(default_factory=dict)

    async def look_up(self, token: str | None, *, active: bool = True) -> Actor | None:
        """Find who holds *token*; None means that nobody does.

        Args:
            token: As the browser sent it.
            active: Whether a person did something just now, which keeps the session from idling.
        """
        if not token:
            return None
        key = (token, active)
        seen = self._seen.get(key)
        if seen is None or (seen.task.done() and self.clock() >= seen.until):
            self._sweep()
            task = asyncio.create_task(asyncio.to_thread(self.find, token, active))
            seen = self._seen[key] = _Seen(task, self.clock() + self.keep_s)
        try:
            actor = await asyncio.shield(seen.task)
        except BaseException:
            self._drop(key, seen)
            raise
        if actor is None:
            self._drop(key, seen)
        return actor

    def forget(self, token: str | None) -> None:
        """Ask the store again at the next look-up."""
        for active in (True, False):
            self._seen.pop((token or "", active), None)

    def _drop(self, key: tuple[str, bool], seen: _Seen) -> None:
        if self._seen.get(key) is seen:
            del self._seen[key]

    def _sweep(self) -> None:
        now = self.clock()
        for key in [key for key, seen in self._seen.items() if now >= seen.until]:
            if self._seen[key].task.done():
                del self._seen[key]


@dataclass(frozen=True, slots=True)
class Gate:
    """ASGI middleware that lets people in by their session.

    Args:
        app: What stands behind the gate.
        sessions: Finds who holds a session.
        hosts: Host names that a browser may use, without port.
        https: Whether browsers reach us through TLS.
        redirect: Makes the message that sends an open page to an address.
        is_automatic: Says of a websocket message that the page sent it by itself: a page that
            refreshes must not keep alive the session of somebody who went away.
        recheck_s: How often an idle websocket's session is looked up again (s).
    """

    app: ASGIApp
    sessions: Sessions
    hosts: frozenset[str]
    https: bool
    redirect: Callable[[str], bytes]
    is_automatic: Callable[[bytes], bool]
    recheck_s: float = 30.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, self._with_headers(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if path in OPEN_PATHS:
            await self.app(_identified(scope, None), receive, send)
            return
        actor = await self.sessions.look_up(token_of(headers, https=self.https))
        if actor is None:
            await _to_sign_in(scope)(scope, receive, send)
        elif _is_closed(path):
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
        else:
            await self.app(_identified(scope, actor), receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if not self._knows_host(headers):
            msg = (
                "This server does not answer to that host name. Use one that "
                "`server.allowed_hosts` in evenhand.toml lists, or add it there."
            )
            return PlainTextResponse(msg, 400)
        if scope["method"] not in SAFE_METHODS and not is_same_origin(headers):
            msg = "The form was sent from another page. Open the page itself and try again."
            return PlainTextResponse(msg, 403)
        return None

    def _knows_host(self, headers: Headers) -> bool:
        try:
            return urlsplit(f"//{headers.get('host', '')}").hostname in self.hosts
        except ValueError:
            return False

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                if self.https:
                    headers["strict-transport-security"] = HSTS
                if not scope["path"].startswith("/static/"):
                    headers["cache-control"] = "no-store"
            await send(message)

        return sending

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        token = token_of(headers, https=self.https)
        allowed = (
            scope["path"] == STREAM
            and self._knows_host(headers)
            and headers.get("origin") is not None
            and is_same_origin(headers)
        )
        actor = await self.sessions.look_up(token) if allowed else None
        if actor is None or token is None:
            # Closing before accepting makes the server answer 403.
            await send({"type": "websocket.close", "code": CLOSE_REFUSED})
            return
        line = _Line(self, token, actor, receive, send)
        watch = asyncio.create_task(line.watch())
        try:
            await self.app(_identified(scope, actor), line.receive, line.send)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


class _Line:
    """One open websocket, which ends when its session does or its person's roles change.

    Streamlit's fragments keep what they were drawn with, so new roles need a new page.
    """

    def __init__(
        self,
        gate: Gate,
        token: str,
        actor: Actor,
        receive: Receive,
        send: Send,
    ) -> None:
        self._gate, self._token, self._actor = gate, token, actor
        self._receive, self._send = receive, send
        self._accepted = self._over = False

    async def receive(self) -> Message:
        """Hand on a message only while everything is as it was."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        active = not self._gate.is_automatic(message.get("bytes") or b"")
        if await self._goes_on(active=active):
            return message
        return {"type": "websocket.disconnect", "code": CLOSE_ENDED}

    async def send(self, message: Message) -> None:
        """Send a message, unless the line is over."""
        if self._over:
            return
        self._accepted = self._accepted or message["type"] == "websocket.accept"
        self._over = message["type"] == "websocket.close"
        await self._send(message)

    async def watch(self) -> None:
        """End the line of an idle page soon after its session was revoked."""
        while not self._over:
            await asyncio.sleep(self._gate.recheck_s)
            await self._goes_on(active=False)

    async def _goes_on(self, *, active: bool) -> bool:
        actor = await self._gate.sessions.look_up(self._token, active=active)
        if actor is None:
            await self._end(f"{SIGN_IN}?why=ended")
        elif (actor.roles, actor.team_id) != (self._actor.roles, self._actor.team_id):
            await self._end("/")
        return not self._over

    async def _end(self, address: str) -> None:
        if self._accepted:
            message = self._gate.redirect(address)
            await self.send({"type": "websocket.send", "bytes": message})
        await self.send({"type": "websocket.close", "code": CLOSE_ENDED})


def _is_closed(path: str) -> bool:
    return any(path == start or path.startswith((f"{start}/", f"{start}-")) for start in CLOSED)


def _identified(scope: Scope, actor: Actor | None) -> Scope:
    """Copy *scope* with the identity that we vouch for and no other."""
    mark = b"x-evenhand-"
    kept = [pair for pair in scope["headers"] if not pair[0].lower().startswith(mark)]
    if actor is not None:
        kept.append((PERSON_HEADER.encode(), actor.id.encode()))
    return {**scope, "headers": kept}


def _to_sign_in(scope: Scope) -> Response:
    path = scope["path"]
    if scope["method"] not in SAFE_METHODS or path.startswith(("/_stcore/", "/media/")):
        return PlainTextResponse("Sign in first.", 401)
    back = local_path(path)
    query = "" if back == "/" else f"?next={quote(back, safe='')}"
    return RedirectResponse(f"{SIGN_IN}{query}", 303)
