"""The one door through which HTTP goes out: where to, to which address, how much, for how long.

https only, to listed ports; every address that a name stands for is looked at, and the connection
is made to one of exactly these, so that no second look-up can lead elsewhere; redirects are not
followed, proxies and settings of the environment are not used, and an answer that is packed, too
long or too slow is refused.
Addresses of this machine, of a private network or of a cloud's own services are refused, also
where another form of address hides them (OWASP Server-Side Request Forgery Prevention Cheat Sheet;
RFC 6890, 6052, 3056).
"""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import TYPE_CHECKING

import certifi
import httpcore
import httpx

from evenhand.data.errors import AddressRefused, BadPayload, Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    # Gives the addresses of a name and port.
    Resolve = Callable[[str, int], Sequence[str]]

HTTPS = 443
# Ranges that Python calls global and that nevertheless lead elsewhere: relays and translators.
ELSEWHERE = tuple(
    ip_network(one)
    for one in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10"),
        *("192.0.0.0/24", "192.88.99.0/24"),
    )
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What may go out, and how much may come back.

    *loopback* lets http and any port reach this very machine, for tests; nothing else.
    """

    ports: frozenset[int] = frozenset({HTTPS})
    seconds: float = 10.0
    most_bytes: int = 65_536
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def is_public(address: str) -> bool:
    """Say whether an address is one of the open internet, and no other in disguise.

    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("::ffff:93.184.215.14")
    (True, False, False)
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (found.ipv4_mapped or found.teredo):
        return False
    if any(found in one for one in ELSEWHERE if one.version == found.version):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def vetted(host: str, port: int, rules: Rules, ask: Resolve) -> list[str]:
    """Give the addresses of a name, if all of them may be asked.

    Raises:
        AddressRefused: One of them may not.
        Transient: The name has no address at the moment.
    """
    try:
        found = list(ask(host, port))
    except (OSError, UnicodeError) as error:
        msg = f"{host} has no address at the moment; it is tried again"
        raise Transient(msg) from error
    allowed = _is_loopback if rules.loopback else is_public
    if not found or not all(map(allowed, found)):
        msg = f"{host} leads to an address inside a network, which is never asked; name another"
        raise AddressRefused(msg)
    return found


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def checked(address: str, rules: Rules) -> httpx.URL:
    """Read an address that something is to be sent to.

    Raises:
        AddressRefused: It is no address, or its scheme, its port or a name in it is not allowed.
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError) as error:
        msg = "this is no address; write it as https://host/path"
        raise AddressRefused(msg) from error
    schemes = {"https", "http"} if rules.loopback else {"https"}
    if url.scheme not in schemes or not url.host:
        msg = "only an https address is asked; write it as https://host/path"
        raise AddressRefused(msg)
    if url.userinfo:
        msg = "an address holds no name and no password; take what stands before the @ out"
        raise AddressRefused(msg)
    if not rules.loopback and (url.port or HTTPS) not in rules.ports:
        listed = ", ".join(map(str, sorted(rules.ports)))
        msg = f"the port {url.port} is not one of {listed}; list it, or use another address"
        raise AddressRefused(msg)
    return url


@dataclass
class _Budget:
    """How long and how much is left of one exchange."""

    ends: float
    bytes_left: int

    def time_left(self) -> float:
        left = self.ends - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def count(self, read: bytes) -> bytes:
        self.bytes_left -= len(read)
        if self.bytes_left < 0:
            raise _TooLong
        return read


class _TooLong(httpcore.ReadError):
    """More came back than is allowed."""


class _Stream(httpcore.NetworkStream):
    """A connection on a budget: a trickle of bytes does not renew the time."""

    def __init__(self, inner: httpcore.NetworkStream, budget: _Budget) -> None:
        self._inner = inner
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._budget.count(self._inner.read(max_bytes, self._budget.time_left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._inner.write(buffer, self._budget.time_left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        # The name is that of the address, not the number we connected to: it must be in the
        # certificate.
        inner = self._inner.start_tls(ssl_context, server_hostname, self._budget.time_left())
        return _Stream(inner, self._budget)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to vetted addresses alone."""

    def __init__(self, rules: Rules, ask: Resolve, budget: _Budget) -> None:
        self._rules = rules
        self._ask = ask
        self._budget = budget
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        for address in vetted(host, port, self._rules, self._ask):
            left = self._budget.time_left()
            try:
                made = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return _Stream(made, self._budget)
        raise httpcore.ConnectError

    def connect_unix_socket(self, *args: object, **kwargs: object) -> httpcore.NetworkStream:
        del args, kwargs
        msg = "nothing is sent to a socket of this machine"
        raise AddressRefused(msg)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def tls() -> ssl.SSLContext:
    """Trust what this system trusts, and the list that comes with certifi."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def send(
    request: httpx.Request,
    rules: Rules,
    *,
    ask: Resolve = resolve,
    trusted: ssl.SSLContext | None = None,
) -> Answer:
    """Send one request over a connection of its own and read the answer.

    Args:
        request: What to send, with its body.
        rules: What is allowed.
        ask: Gives the addresses of a name.
        trusted: Whose certificates count; None for the system's.

    Returns:
        The answer, whatever its status: a redirect is an answer like any other.

    Raises:
        AddressRefused: The address may not be asked.
        BadPayload: The answer is packed or too long.
        Transient: There was no answer in time, or no connection that can be trusted.
    """
    checked(str(request.url), rules)
    budget = _Budget(monotonic() + rules.seconds, rules.most_bytes)
    request.headers["Accept-Encoding"] = "identity"
    with (
        _told(request.url.host),
        httpcore.ConnectionPool(
            ssl_context=trusted or tls(),
            max_keepalive_connections=0,
            network_backend=_Backend(rules, ask, budget),
        ) as pool,
    ):
        answer = pool.request(
            request.method,
            str(request.url),
            headers=request.headers.raw,
            content=request.read(),
        )
    if any(name.lower() == b"content-encoding" for name, _ in answer.headers):
        msg = f"{request.url.host} answered in a packed form that was not asked for"
        raise BadPayload(msg)
    return Answer(answer.status, answer.content)


@contextmanager
def _told(host: str) -> Iterator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except _TooLong as error:
        msg = f"{host} answered with more than is allowed"
        raise BadPayload(msg) from error
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.TimeoutException,
        OSError,
    ) as error:
        msg = f"{host} gave no answer that can be used ({type(error).__name__}); it is tried again"
        raise Transient(msg) from error
