"""Drives an ASGI application by hand, over HTTP and websocket, without a server or a port."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1:8501"
ORIGIN = f"http://{HOST}"


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name):
        """Give the first header of this name."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def text(self):
        """Give the body as text."""
        return self.body.decode()


def scope_of(path, *, kind="http", headers=(), **asked):
    """Make a connection's scope; *asked* may set host, client and method."""
    bare, _, query = path.partition("?")
    pairs = [("host", asked.get("host", HOST)), *headers]
    scope = {
        "type": kind,
        "path": bare,
        "raw_path": bare.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(key.lower().encode(), value.encode()) for key, value in pairs],
        "client": (asked.get("client", "127.0.0.1"), 50_000),
        "server": ("127.0.0.1", 8501),
        "scheme": "http" if kind == "http" else "ws",
        "http_version": "1.1",
    }
    if kind == "http":
        return scope | {"method": asked.get("method", "GET")}
    return scope | {"subprotocols": ["streamlit"]}


async def fetch(app, path, *, form=None, **asked):
    """Send one request and wait for the whole answer; *form* makes it a POST of our own page."""
    headers = list(asked.pop("headers", ()))
    body = b""
    if form is not None:
        body = urlencode(form).encode()
        asked.setdefault("method", "POST")
        headers.append(("content-type", "application/x-www-form-urlencoded"))
        if not any(name == "origin" for name, _ in headers):
            headers.append(("origin", ORIGIN))
    answer = Answer()
    sent = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return sent.pop(0) if sent else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(key.decode(), value.decode()) for key, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    await app(scope_of(path, headers=headers, **asked), receive, send)
    return answer


class Socket:
    """One websocket: *messages* are handed in one by one, *sent* collects what comes back."""

    def __init__(self, app, path="/_stcore/stream", **asked):
        headers = asked.pop("headers", [("origin", ORIGIN)])
        self.app = app
        self.scope = scope_of(path, kind="websocket", headers=headers, **asked)
        self.incoming = asyncio.Queue()
        self.sent = []
        self.incoming.put_nowait({"type": "websocket.connect"})

    def say(self, data):
        """Hand in a message."""
        self.incoming.put_nowait({"type": "websocket.receive", "bytes": data})

    def hang_up(self):
        """Hand in the end of the line."""
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def run(self):
        """Drive the application until it is done with this line."""

        async def send(message):
            self.sent.append(message)
            if message["type"] == "websocket.close":
                self.hang_up()

        await self.app(self.scope, self.incoming.get, send)

    @property
    def kinds(self):
        """List what came back, by kind."""
        return [message["type"].removeprefix("websocket.") for message in self.sent]


async def until(condition):
    """Let the other tasks go on until *condition* holds."""
    while not condition():  # noqa: ASYNC110 - what is waited for happens inside a fake
        await asyncio.sleep(0.005)
