"""What goes out goes where it should: names that lead inside, slow and endless answers, redirects.

The servers stand on loopback, which only the tests' rules allow.
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from evenhand.connectors import egress
from evenhand.connectors.egress import Answer, Rules
from evenhand.data.errors import AddressRefused, BadPayload, Transient
from tests.tls_floor import make_certificate, serving_with, trusting

HERE = Rules(loopback=True, seconds=2.0, most_bytes=4_096)
NAME = "hooks.example"
INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # noqa: S104 - an address to be refused
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:53aa:64c:0:fbff:f5ff:fffe",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "not an address",
    "",
]

# Names that only servers inside of networks know.
INSIDERS = ("loopback", "kubernetes.default.svc")


def to(*addresses):
    """Plant a resolver."""
    return lambda host, port: list(addresses)  # noqa: ARG005 - whatever is asked


def post(url, content=b"{}", rules=HERE, **more):
    return egress.send(httpx.Request("POST", url, content=content), rules, **more)


# ------------------------------------------------------------------------------ where to


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_a_network_is_not_public(address):
    """In every form that hides it."""
    assert not egress.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111"])
def test_address_of_the_open_internet_is_public(address):
    """The check is not blind to what is right."""
    assert egress.is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_name_that_leads_inside_is_refused_even_beside_a_public_address(address):
    """Whichever of its addresses a connection would have taken."""
    for found in ([address], ["93.184.215.14", address]):
        with pytest.raises(AddressRefused, match="inside a network"):
            egress.vetted(NAME, 443, Rules(), to(*found))
    with pytest.raises(AddressRefused):
        egress.vetted(NAME, 443, Rules(), to())


def test_every_listed_address_is_refused_before_a_connection(shared):
    """The list of hostile addresses: not one of them is asked, and not one socket opened."""
    lines = (shared / "hostile" / "urls" / "ssrf.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    bad = [case["url"] for case in cases if case["must"] == "refuse"]
    good = [case["url"] for case in cases if case["must"] != "refuse"]

    assert (44, []) == (len(bad), [url for url in bad if not _is_refused(url)])
    assert [] == [url for url in good if url.startswith("https") and _is_refused(url)]


def _is_refused(address):
    """Go as far as the addresses that would be connected to."""
    try:
        url = egress.checked(address, Rules(ports=frozenset({443, 8501, 80})))
        egress.vetted(url.host, url.port or 443, Rules(), _numbers_only)
    except AddressRefused:
        return True
    except Transient:
        return False
    return False


def _numbers_only(host, port):
    """Read odd forms of numbers as the system does, and ask no server for names."""
    if host.rstrip(".").lower().endswith("localhost") or host in INSIDERS:
        return ["127.0.0.1"]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        try:
            return [socket.inet_ntoa(socket.inet_aton(host))]
        except OSError:
            raise socket.gaierror from None
    return [each[4][0] for each in found]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example/x", "only an https"),
        ("ftp://hooks.example/x", "only an https"),
        ("file:///etc/passwd", "only an https"),
        ("hooks.example/x", "only an https"),
        ("https:///x", "only an https"),
        ("https://me:secret@hooks.example/x", "no name and no password"),
        ("https://hooks.example:22/x", "the port 22 is not one of 443"),
        ("https://hooks.example:99999/x", "the port 99999 is not"),
        ("https://hooks.example\x00/x", "no address"),
        ("https://[::1/x", "no address"),
    ],
)
def test_address_is_refused_by_its_form(url, said):
    """And no message repeats what may be a secret."""
    with pytest.raises(AddressRefused, match=said) as caught:
        egress.checked(url, Rules())
    assert "secret" not in str(caught.value)


def test_listed_port_is_allowed():
    """As the settings list it."""
    assert egress.checked("https://hooks.example:8443/x", Rules(ports=frozenset({8443})))
    assert egress.checked("https://hooks.example/x", Rules())


def test_loopback_rules_reach_nothing_but_this_machine():
    """What tests are allowed opens no other door."""
    for address in ("10.0.0.1", "93.184.215.14", "169.254.169.254"):
        with pytest.raises(AddressRefused):
            egress.vetted(NAME, 80, HERE, to("127.0.0.1", address))


def test_name_that_changes_its_mind_is_asked_once(httpserver: HTTPServer):
    """The connection goes to the address that was looked at, whatever a second look-up says."""
    httpserver.expect_request("/").respond_with_data("ok")
    asked = []

    def fickle(host, port):
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert Answer(200, b"ok") == post(f"http://{NAME}:{httpserver.port}/", ask=fickle)
    assert [(NAME, httpserver.port)] == asked


def test_next_address_is_tried_when_one_does_not_answer(httpserver: HTTPServer):
    """All of them were looked at before the first was tried."""
    httpserver.expect_request("/").respond_with_data("ok")
    ask = to("::1", "127.0.0.1")

    assert 200 == post(f"http://{NAME}:{httpserver.port}/", ask=ask).status


# ------------------------------------------------------------------------------ how much


def test_request_arrives_with_its_name_and_body(httpserver: HTTPServer):
    """The name of the address stands in the request, not the number it was sent to."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("", status=204)

    assert Answer(204, b"") == post(
        f"http://{NAME}:{httpserver.port}/hook", b'{"a":1}', ask=to("127.0.0.1")
    )
    (request, _) = httpserver.log[0]
    assert (b'{"a":1}', f"{NAME}:{httpserver.port}") == (request.data, request.host)
    assert "identity" == request.headers["Accept-Encoding"]


def test_redirect_is_not_followed(httpserver: HTTPServer):
    """It is an answer like any other; nobody is asked twice."""
    where = {"Location": "http://127.0.0.1:9/"}
    httpserver.expect_request("/").respond_with_data("", status=302, headers=where)

    assert 302 == post(httpserver.url_for("/")).status
    assert 1 == len(httpserver.log)


def test_long_answer_is_cut_off(httpserver: HTTPServer):
    """At the number of bytes that is allowed, headers among them."""
    httpserver.expect_request("/").respond_with_data("x" * 8_192)

    with pytest.raises(BadPayload, match="more than is allowed"):
        post(httpserver.url_for("/"))


def test_packed_answer_is_refused(httpserver: HTTPServer):
    """It would unpack to a thousand times its size."""
    packed = gzip.compress(b"x" * 1_000_000)
    httpserver.expect_request("/").respond_with_handler(
        lambda _: Response(packed, headers={"Content-Encoding": "gzip"})
    )

    with pytest.raises(BadPayload, match="packed"):
        post(httpserver.url_for("/"))


@contextmanager
def talker(talk):
    """Run a server that says what *talk* says to the first who connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with server.accept()[0] as conn:
                try:
                    talk(conn)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def trickle(conn):
    conn.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        conn.sendall(b"X: y\r\n")
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (trickle, Transient),
        (lambda _: time.sleep(1.5), Transient),
        (lambda conn: conn.close(), Transient),
        (lambda conn: conn.sendall(b"SSH-2.0-x\r\n\r\n"), Transient),
    ],
)
def test_bad_server_costs_no_more_than_its_time(talk, error):
    """One byte now and then does not renew the time."""
    begun = time.monotonic()
    with talker(talk) as url:
        with pytest.raises(error):
            post(url, rules=Rules(loopback=True, seconds=1.0))
        took = time.monotonic() - begun

    assert took < 5.0


def test_nobody_at_home_is_told_as_passing():
    """It is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Transient, match="tried again"):
        post(f"http://127.0.0.1:{port}/")
    with pytest.raises(Transient, match="has no address"):
        egress.vetted(NAME, 443, Rules(), lambda *_: (_ for _ in ()).throw(socket.gaierror()))


# ------------------------------------------------------------------------------ TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls") / "cert.pem", NAME)


@pytest.fixture
def secure(certificate):
    with HTTPServer(host="127.0.0.1", ssl_context=serving_with(certificate)) as server:
        server.expect_request("/").respond_with_data("ok")
        yield server


def test_certificate_must_hold_the_name_of_the_address(secure, certificate):
    """Not the number that the connection was made to, nor any other name."""
    trusted = trusting(certificate)
    ask = to("127.0.0.1")

    assert Answer(200, b"ok") == post(f"https://{NAME}:{secure.port}/", ask=ask, trusted=trusted)
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(Transient):
            post(f"https://{host}:{secure.port}/", ask=ask, trusted=trusted)


def test_certificate_that_nobody_signed_is_not_trusted(secure):
    """With what the system trusts."""
    with pytest.raises(Transient, match="can be used"):
        post(f"https://{NAME}:{secure.port}/", ask=to("127.0.0.1"))
