"""The gate lets in who has a session, and nobody else."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from starlette.responses import PlainTextResponse

from evenhand.dashboard.gate import SECURITY_HEADERS, Gate, Sessions, cookie_name, local_path
from evenhand.data.records import Actor, Role
from tests.dashboard.asgi_client import ORIGIN, Socket, fetch, until

LAN = Actor("7", "Lan Phạm", frozenset({Role.REVIEWER}))
COOKIE = ("cookie", "evenhand=good")


class Behind:
    """Stands behind the gate and remembers what reached it."""

    def __init__(self):
        self.headers = []
        self.heard = []

    async def __call__(self, scope, receive, send):
        """Answer a request, or draw once for every message."""
        self.headers.append({key.decode(): value.decode() for key, value in scope["headers"]})
        if scope["type"] == "http":
            await PlainTextResponse("behind")(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message["bytes"])
            await send({"type": "websocket.send", "bytes": b"drawn"})


class Door:
    """Knows the tokens that are good at the moment."""

    def __init__(self):
        self.good = {"good": LAN}
        self.asked = 0
        self.active = []
        self.threads = set()

    def find(self, token, active):
        """Find who holds a token, as the store would."""
        self.asked += 1
        self.active.append(active)
        self.threads.add(threading.current_thread())
        return self.good.get(token)


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def behind():
    return Behind()


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def gate(door, behind, clock):
    return make_gate(door, behind, clock)


def make_gate(door, behind, clock, **changed):
    known = {
        "sessions": Sessions(find=door.find, clock=lambda: clock[0]),
        "hosts": frozenset({"127.0.0.1", "localhost"}),
        "https": False,
        "redirect": str.encode,
        "is_automatic": lambda data: data == b"by itself",
    }
    return Gate(behind, **(known | changed))


def get(gate, path, **asked):
    return asyncio.run(fetch(gate, path, **asked))


@pytest.mark.parametrize("path", ["/", "/review", "/static/js/index.js", "/component/x"])
def test_gate_leads_to_the_sign_in_page_when_nobody_is_signed_in(gate, behind, path):
    """Without a session every page leads to the sign-in page."""
    answer = get(gate, path)

    assert answer.status == 303
    assert answer.header("location").startswith("/login")
    assert behind.headers == []


@pytest.mark.parametrize(
    "path",
    ["/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/media/abc.csv"],
)
def test_gate_answers_401_to_what_pages_fetch_when_nobody_is_signed_in(gate, behind, path):
    """What a page fetches for itself is refused, not led elsewhere."""
    assert get(gate, path).status == 401
    assert behind.headers == []


def test_gate_comes_back_to_the_page_asked_for_after_signing_in(gate):
    """The page asked for is kept for after signing in."""
    assert get(gate, "/coverage").header("location") == "/login?next=%2Fcoverage"


@pytest.mark.parametrize("path", ["/login", "/logout", "/welcome", "/healthz", "/readyz"])
def test_gate_lets_everybody_reach_the_pages_before_the_dashboard(gate, path):
    """The sign-in pages and the health checks need no session."""
    assert get(gate, path).status == 200


def test_gate_names_the_person_and_strips_what_a_client_claims(gate, behind):
    """Only the gate says who somebody is."""
    claimed = ("X-Evenhand-Person", "1")
    answer = get(gate, "/", headers=[COOKIE, claimed, ("x-evenhand-roles", "admin")])

    assert answer.text == "behind"
    assert behind.headers[0]["x-evenhand-person"] == "7"
    assert "x-evenhand-roles" not in behind.headers[0]


def test_gate_strips_claimed_identity_on_open_pages_too(gate, behind):
    """An anonymous request cannot claim to be somebody."""
    get(gate, "/login", headers=[("x-evenhand-person", "1")])

    assert "x-evenhand-person" not in behind.headers[0]


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
        "/auth/logout",
        "/oauth2callback",
    ],
)
def test_gate_keeps_internal_endpoints_closed_to_signed_in_people(gate, behind, path):
    """Nobody needs Streamlit's statistics, agent interface or own sign-in."""
    assert get(gate, path, headers=[COOKIE]).status == 404
    assert behind.headers == []


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8501", "127.0.0.1.evil.test", "[::1", ""])
def test_gate_refuses_unknown_host_names(gate, host):
    """A name that is not ours is refused, whoever resolves it to this machine."""
    answer = get(gate, "/healthz", host=host)

    assert answer.status == 400
    assert "allowed_hosts" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("origin", ORIGIN)], 200),
        ([("origin", "https://evil.test")], 403),
        ([("origin", "null")], 403),
        ([("origin", "null"), ("sec-fetch-site", "same-origin")], 200),
        ([("sec-fetch-site", "same-origin")], 200),
        ([("sec-fetch-site", "cross-site")], 403),
        ([("sec-fetch-site", "same-site")], 403),
        ([], 403),
    ],
)
def test_gate_takes_forms_only_from_our_own_pages(gate, headers, status):
    """A form from elsewhere is refused, and so is one that nobody vouches for."""
    assert get(gate, "/login", method="POST", headers=headers).status == status


@pytest.mark.parametrize("path", ["/", "/login", "/nowhere", "/_stcore/metrics"])
def test_gate_puts_security_headers_on_every_answer(gate, path):
    """Every answer carries the same headers and is not kept by the browser."""
    answer = get(gate, path, headers=[COOKIE])

    assert {name: answer.header(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert answer.header("cache-control") == "no-store"
    assert answer.header("strict-transport-security") is None


def test_gate_policy_allows_neither_inline_scripts_nor_eval_nor_framing():
    """The content policy is as strict as the pages allow."""
    policy = SECURITY_HEADERS["content-security-policy"]
    by_name = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert by_name["script-src"] == "'self' blob:"
    assert by_name["img-src"] == "'self' data: blob:"
    assert by_name["frame-ancestors"] == by_name["object-src"] == "'none'"
    assert "unsafe-eval" not in policy


def test_gate_lets_the_browser_keep_static_files(gate):
    """Files whose name changes with their content may be kept."""
    assert get(gate, "/static/js/a.js", headers=[COOKIE]).header("cache-control") is None


def test_gate_demands_tls_where_the_settings_say_so(door, behind, clock):
    """Under TLS the cookie is tied to the host, and browsers are told to stay with TLS."""
    gate = make_gate(door, behind, clock, https=True)

    assert cookie_name(https=True) == "__Host-evenhand"
    assert get(gate, "/", headers=[COOKIE]).status == 303
    answer = get(gate, "/", headers=[("cookie", "__Host-evenhand=good")])
    assert answer.status == 200
    assert answer.header("strict-transport-security").startswith("max-age=31536000")


def test_sessions_ask_once_in_five_seconds_and_off_the_loop(door, behind, clock):
    """A page's many requests cost one look-up, which does not hold up the others."""
    gate = make_gate(door, behind, clock)

    async def load():
        for _ in range(3):
            await asyncio.gather(*(fetch(gate, "/", headers=[COOKIE]) for _ in range(20)))
        clock[0] += 5.1
        await fetch(gate, "/", headers=[COOKIE])

    asyncio.run(load())

    assert door.asked == 2
    assert threading.main_thread() not in door.threads


def test_sessions_never_remember_that_somebody_was_a_stranger(door, behind, clock):
    """A session that begins counts at once, and guesses do not pile up."""
    gate = make_gate(door, behind, clock)

    async def guess():
        await fetch(gate, "/", headers=[("cookie", "evenhand=new")])
        door.good["new"] = LAN
        return await fetch(gate, "/", headers=[("cookie", "evenhand=new")])

    assert asyncio.run(guess()).status == 200
    assert set(gate.sessions._seen) == {("new", True)}


def test_sessions_try_again_after_the_store_failed(behind, clock):
    """A failure of the store is not remembered as an answer."""
    answers = iter([OSError("disk"), LAN])

    def find(token, active):
        del token, active
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    sessions = Sessions(find=find, clock=lambda: clock[0])
    gate = make_gate(Door(), behind, clock, sessions=sessions)

    async def load():
        with pytest.raises(OSError, match="disk"):
            await fetch(gate, "/", headers=[COOKIE])
        return await fetch(gate, "/", headers=[COOKIE])

    assert asyncio.run(load()).status == 200


def test_sessions_ignore_an_endless_token(gate, door):
    """A cookie of absurd length is not looked up."""
    assert get(gate, "/", headers=[("cookie", f"evenhand={'x' * 300}")]).status == 303
    assert door.asked == 0


@pytest.mark.parametrize(
    "headers",
    [
        [("origin", ORIGIN)],
        [("origin", ORIGIN), ("cookie", "evenhand=stolen-and-revoked")],
        [COOKIE],
        [COOKIE, ("origin", "null")],
        [COOKIE, ("origin", "https://evil.test")],
    ],
)
def test_gate_refuses_websockets_of_strangers_and_of_other_sites(gate, behind, headers):
    """A websocket needs a session and our own origin; closing first makes a server say 403."""
    socket = Socket(gate, headers=headers)
    asyncio.run(socket.run())

    assert socket.kinds == ["close"]
    assert behind.headers == []


def test_gate_refuses_websockets_elsewhere_than_the_stream(gate):
    """There is one websocket, and no other address takes one."""
    socket = Socket(gate, "/_stcore/other", headers=[COOKIE, ("origin", ORIGIN)])
    asyncio.run(socket.run())

    assert socket.kinds == ["close"]


def test_gate_carries_websocket_messages_while_the_session_lives(gate, behind):
    """A signed-in person's messages arrive, with their name on the line."""
    socket = Socket(gate, headers=[COOKIE, ("origin", ORIGIN)])
    socket.say(b"one")
    socket.say(b"two")
    socket.hang_up()
    asyncio.run(socket.run())

    assert behind.heard == [b"one", b"two"]
    assert behind.headers[0]["x-evenhand-person"] == "7"
    assert socket.kinds == ["accept", "send", "send"]


def test_gate_ends_a_websocket_at_the_first_message_after_revocation(gate, behind, door, clock):
    """A revoked person's next click changes nothing and sends them to the sign-in page."""
    socket = Socket(gate, headers=[COOKIE, ("origin", ORIGIN)])

    async def click_after_revocation():
        running = asyncio.create_task(socket.run())
        socket.say(b"before")
        await until(lambda: b"before" in behind.heard)
        door.good.clear()
        clock[0] += 5.1
        socket.say(b"after")
        await running

    asyncio.run(click_after_revocation())

    assert behind.heard == [b"before"]
    assert socket.kinds == ["accept", "send", "send", "close"]
    assert socket.sent[2]["bytes"] == b"/login?why=ended"


def test_gate_ends_an_idle_websocket_soon_after_revocation(door, behind, clock):
    """A revoked person's open page does not stay on the screen until they click."""
    gate = make_gate(door, behind, clock, recheck_s=0.01)
    socket = Socket(gate, headers=[COOKIE, ("origin", ORIGIN)])

    async def sit_still():
        running = asyncio.create_task(socket.run())
        await until(lambda: socket.sent)
        door.good.clear()
        clock[0] += 5.1
        await asyncio.wait_for(running, 5)

    asyncio.run(sit_still())

    assert socket.kinds == ["accept", "send", "close"]


def test_gate_makes_an_open_page_anew_when_roles_change(gate, behind, door, clock):
    """A page drawn with old roles cannot go on acting with them."""
    socket = Socket(gate, headers=[COOKIE, ("origin", ORIGIN)])

    async def click_after_change():
        running = asyncio.create_task(socket.run())
        await until(lambda: socket.sent)
        door.good["good"] = replace(LAN, language="vi")
        clock[0] += 5.1
        socket.say(b"other language")
        await until(lambda: behind.heard)
        door.good["good"] = replace(LAN, roles=frozenset({Role.LEADER}))
        clock[0] += 5.1
        socket.say(b"other roles")
        await running

    asyncio.run(click_after_change())

    assert behind.heard == [b"other language"]
    assert socket.sent[-2]["bytes"] == b"/"
    assert socket.kinds[-1] == "close"


def test_gate_does_not_take_a_page_that_refreshes_for_a_sign_of_life(door, behind, clock):
    """Neither a timer in the page nor our own look keeps the session of an absent person alive."""
    gate = make_gate(door, behind, clock, recheck_s=0.01)
    socket = Socket(gate, headers=[COOKIE, ("origin", ORIGIN)])

    async def refresh_then_click():
        running = asyncio.create_task(socket.run())
        for data in (b"by itself", b"by itself", b"click"):
            clock[0] += 5.1
            socket.say(data)
            await until(lambda wanted=data: behind.heard[-1:] == [wanted])
            behind.heard.append(None)
        socket.hang_up()
        await running

    asyncio.run(refresh_then_click())

    assert door.active.count(True) == 2
    assert door.active.count(False) >= 1


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/coverage", "/coverage"),
        ("//evil.test", "/"),
        ("https://evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("/a?b", "/"),
        ("/_stcore/health", "/"),
        ("/coverage\n", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_local_path_keeps_only_our_own_pages(asked, kept):
    """After signing in nobody is led to another site."""
    assert local_path(asked) == kept
