"""A mail server on loopback that keeps what it is given and misbehaves when it is told to."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


@dataclass
class MailServer:
    """Speaks as much SMTP as a test needs.

    *context* offers STARTTLS; *refuse* names the verb that is answered with 451; *gone* are
    addresses that are answered with 550; *hang_up* closes the connection instead of saying that the
    text was taken; *trickle* answers EHLO one letter at a time and never ends.
    """

    context: ssl.SSLContext | None = None
    refuse: str = ""
    hang_up: bool = False
    trickle: bool = False
    gone: tuple[str, ...] = ()
    taken: list[bytes] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    _server: socket.socket = field(init=False)

    def __enter__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.close()

    @property
    def port(self):
        """Tell where it listens."""
        return self._server.getsockname()[1]

    @property
    def mails(self):
        """Read what was taken."""
        return [message_from_bytes(one, policy=policy.default) for one in self.taken]

    def _serve(self):
        while True:
            try:
                conn, _ = self._server.accept()
            except OSError:
                return
            with conn:
                try:
                    self._talk(conn)
                except OSError:
                    continue

    def _talk(self, conn):
        conn.sendall(b"220 here\r\n")
        if self._answers(conn, is_secure=False) != "STARTTLS":
            return
        conn.sendall(b"220 go\r\n")
        with self.context.wrap_socket(conn, server_side=True) as secured:
            self._answers(secured, is_secure=True)

    def _answers(self, conn, *, is_secure):
        """Answer until the end, or until the way is to be secured; give the last verb."""
        with conn.makefile("rb") as lines:
            while line := lines.readline():
                verb = line.decode().split()[0].upper()
                self.verbs.append(verb)
                if verb == "STARTTLS":
                    return verb
                while self.trickle and verb == "EHLO":
                    conn.sendall(b"2")
                    time.sleep(0.01)
                if any(one.encode() in line for one in self.gone) and verb == "RCPT":
                    conn.sendall(b"550 nobody of this name\r\n")
                    continue
                conn.sendall(self._reply(verb))
                if verb == "QUIT":
                    return verb
                if verb == "DATA" and self.refuse != "DATA":
                    self._take(lines, secured=is_secure)
                    if self.hang_up:
                        return verb
                    conn.sendall(b"250 taken\r\n")
        return ""

    def _reply(self, verb):
        if verb == self.refuse:
            return b"451 not now\r\n"
        if verb == "EHLO":
            return b"250-here\r\n250 STARTTLS\r\n" if self.context else b"250 here\r\n"
        return {"DATA": b"354 go\r\n", "QUIT": b"221 bye\r\n"}.get(verb, b"250 yes\r\n")

    def _take(self, lines, *, secured):
        text = b""
        while (line := lines.readline()) not in {b".\r\n", b""}:
            text += line
        self.taken.append(text)
        self.secured.append(secured)
