"""A line between the browser and the server that can be cut and mended."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

CHUNK = 65_536


class Relay:
    """Hands bytes on between a port of its own and *port*; use it in a `with` block."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._whole = True
        self._door = socket.create_server(("127.0.0.1", 0))

    @property
    def url(self) -> str:
        """Give the address of this end without a slash."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """End every connection and take no new one."""
        with self._lock:
            self._whole = False
            ends, self._ends = self._ends, set()
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Take connections again."""
        with self._lock:
            self._whole = True

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self._join(near):
                near.close()

    def _join(self, near: socket.socket) -> bool:
        with self._lock:
            if not self._whole:
                return False
            far = socket.create_connection(self._target)
            self._ends |= {near, far}
        threading.Thread(target=self._carry, args=(near, far), daemon=True).start()
        return True

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        back = threading.Thread(target=_pump, args=(far, near), daemon=True)
        back.start()
        _pump(near, far)
        back.join()
        with self._lock:
            self._ends -= {near, far}
        near.close()
        far.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    # Either side may go away at any time; the other is told by the end of its stream.
    with contextlib.suppress(OSError):
        while chunk := source.recv(CHUNK):
            sink.sendall(chunk)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
