"""Signing in and out, and the pages for it."""

from __future__ import annotations

import asyncio
import re

import pytest
from starlette.applications import Starlette

from evenhand.dashboard.entrance import Entrance
from evenhand.dashboard.entrance_page import DemoPerson, Frame, Progress, sign_in_page
from evenhand.dashboard.gate import Sessions
from evenhand.dashboard.words import forms
from evenhand.data.errors import InputError, NotAllowed, StoreError
from evenhand.data.records import Actor, Role
from tests.dashboard.asgi_client import fetch

LAN = Actor("7", "Lan Phạm", frozenset({Role.REVIEWER}))
DEMO = [DemoPerson("7", "Lan Phạm", ["reviewer"]), DemoPerson("8", "Sam <b>", ["admin"])]


class FakeDoor:
    """Lets Lan in by her password, and whoever has the link."""

    def __init__(self):
        self.tokens = {}
        self.languages = {}
        self.clients = []
        self.step = None
        self.failure = None

    def find(self, token, active):
        """Find who holds a token."""
        del active
        return self.tokens.get(token)

    def _open(self, client):
        self.clients.append(client)
        token = f"token-{len(self.clients)}"
        self.tokens[token] = LAN
        return token

    def sign_in(self, name, password, client):
        """Let Lan in by her password."""
        if self.failure is not None:
            raise self.failure
        if (name, password) != ("Lan Phạm", "mưa rào buổi chiều"):
            message = "name and password do not match"
            raise NotAllowed(message, role="")
        return self._open(client)

    def sign_in_demo(self, person_id):
        """Let two simulated people in."""
        if person_id not in {"7", "8"}:
            message = "not one of the demo's people"
            raise NotAllowed(message, role="")
        return self._open("demo")

    def use_link(self, link, password, client):
        """Let in whoever has the link."""
        if len(password) < 10:
            message = "the password is too short"
            raise InputError(message)
        if link != "once":
            message = "the link was used"
            raise NotAllowed(message, role="")
        return self._open(client)

    def sign_out(self, token):
        """End a session."""
        self.tokens.pop(token, None)

    def choose_language(self, token, language):
        """Note who chose which language."""
        self.languages[token] = language

    def people(self):
        """List the simulated people."""
        return DEMO

    def progress(self):
        """Say how far the demo is."""
        return self.step

    def ready(self):
        """Fail if told to."""
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def door():
    return FakeDoor()


def make_app(door, **changed):
    sessions = Sessions(find=door.find, clock=lambda: 0.0)
    known = {"language": "en", "organisation": "Evenhand", "https": False, "demo": False}
    return Starlette(routes=Entrance(door=door, sessions=sessions, **(known | changed)).routes())


def ask(app, path, **asked):
    return asyncio.run(fetch(app, path, **asked))


def test_sign_in_gives_a_cookie_and_leads_on_when_the_password_is_right(door):
    """The cookie cannot be read by scripts and is not sent from other sites."""
    form = {"name": " Lan Phạm ", "password": "mưa rào buổi chiều"}
    answer = ask(make_app(door), "/login?next=/coverage", form=form)

    assert answer.status == 303
    assert answer.header("location") == "/coverage"
    cookie = answer.header("set-cookie")
    assert cookie.startswith("evenhand=token-1; HttpOnly; Path=/; SameSite=lax")
    assert "Secure" not in cookie
    assert door.clients == ["127.0.0.1"]


def test_sign_in_ties_the_cookie_to_the_host_under_tls(door):
    """Under TLS the cookie is Secure and carries the host prefix."""
    form = {"name": "Lan Phạm", "password": "mưa rào buổi chiều"}
    cookie = ask(make_app(door, https=True), "/login", form=form).header("set-cookie")

    assert cookie.startswith("__Host-evenhand=token-1;")
    assert "; Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"name": "Lan Phạm", "password": "wrong"}, 403, "do not match"),
        ({"name": "nobody", "password": "wrong"}, 403, "do not match"),
        ({"name": "", "password": "x"}, 400, "Fill in both"),
        ({"name": "Lan", "password": "x" * 9000}, 400, "Fill in both"),
        ({}, 400, "Fill in both"),
    ],
)
def test_sign_in_says_what_to_do_when_it_fails(door, form, status, said):
    """Wrong name and wrong password read alike, and no cookie is given."""
    answer = ask(make_app(door), "/login", form=form)

    assert answer.status == status
    assert said in answer.text
    assert answer.header("set-cookie") is None


def test_sign_in_keeps_the_name_but_never_the_password(door):
    """What was typed as a name is shown again, as text."""
    answer = ask(make_app(door), "/login", form={"name": '"><script>x', "password": "geheim"})

    assert 'value="&quot;&gt;&lt;script&gt;x"' in answer.text
    assert "<script" not in answer.text
    assert "geheim" not in answer.text


def test_sign_in_says_so_when_the_store_fails(door):
    """A failure of ours is not put on the person's password."""
    door.failure = StoreError("disk full")
    answer = ask(make_app(door), "/login", form={"name": "Lan", "password": "x"})

    assert answer.status == 503
    assert "tell your administrator" in answer.text
    assert "disk full" not in answer.text


def test_sign_in_page_leads_on_whoever_is_signed_in(door):
    """Nobody is asked to sign in twice."""
    door.tokens["t"] = LAN
    answer = ask(make_app(door), "/login?next=/review", headers=[("cookie", "evenhand=t")])

    assert (answer.status, answer.header("location")) == (303, "/review")


def test_sign_in_page_drops_a_dead_cookie(door):
    """A cookie of a session that ended is taken back."""
    answer = ask(make_app(door), "/login?why=ended", headers=[("cookie", "evenhand=dead")])

    assert "Your session has ended" in answer.text
    assert "Max-Age=0" in answer.header("set-cookie")


def test_sign_in_page_does_not_say_what_an_address_tells_it(door):
    """Only the notes that we know are shown."""
    answer = ask(make_app(door), "/login?why=title&next=//evil.test&lang=xx")

    assert answer.status == 200
    assert "evil" not in answer.text
    assert 'role="alert"' not in answer.text


@pytest.mark.parametrize(("lang", "title"), [("en", "Sign in"), ("vi", "Đăng nhập")])
def test_sign_in_page_speaks_both_languages(door, lang, title):
    """The page names its language, and the switch keeps the way back."""
    answer = ask(make_app(door), f"/login?lang={lang}&next=/coverage")

    assert f'<html lang="{lang}">' in answer.text
    assert f"<h1>{title}</h1>" in answer.text
    assert "next=%2Fcoverage&amp;lang=vi" in answer.text


def test_sign_in_page_speaks_the_settings_language_first(door):
    """Where nothing is asked for, the settings decide."""
    assert '<html lang="vi">' in ask(make_app(door, language="vi"), "/login").text


def test_sign_in_keeps_a_language_only_when_somebody_chose_it(door):
    """A choice on the sign-in page goes along; the page's own default changes nobody's language."""
    app, form = make_app(door), {"name": "Lan Phạm", "password": "mưa rào buổi chiều"}
    ask(app, "/login?next=/review", form=form)
    ask(app, "/login?lang=xx", form=form)
    assert door.languages == {}
    ask(app, "/login?lang=vi", form=form)

    assert door.languages == {"token-3": "vi"}
    assert 'action="/login"' in ask(app, "/login").text
    assert 'action="/login?lang=vi"' in ask(app, "/login?lang=vi").text


def test_sign_in_page_needs_no_script(door):
    """The page works with scripts switched off."""
    assert "<script" not in ask(make_app(door, demo=True), "/login").text


def test_sign_in_page_labels_every_field(door):
    """Each field that can be filled in has a label of its own."""
    page = ask(make_app(door), "/login").text
    ids = re.findall(r'<input id="(\w+)"', page)

    assert ids == ["name", "password"]
    assert all(f'<label for="{name}">' in page for name in ids)


def test_demo_people_can_be_tried_with_one_click_on_the_machine_itself(door):
    """In the demo, on the machine itself, a click is enough."""
    app = make_app(door, demo=True)

    assert "Lan Phạm" in ask(app, "/login").text
    assert "Sam &lt;b&gt;" in ask(app, "/login").text
    assert ask(app, "/login", form={"demo": "8"}).header("set-cookie").startswith("evenhand=")


@pytest.mark.parametrize(
    "asked",
    [
        {"client": "192.0.2.7"},
        {"headers": [("x-forwarded-for", "192.0.2.7")]},
        {"headers": [("forwarded", "for=192.0.2.7")]},
        {"client": "unix"},
    ],
)
def test_demo_people_cannot_be_tried_from_elsewhere(door, asked):
    """From another machine, or through a proxy, the demo asks for a password."""
    app = make_app(door, demo=True)

    assert "Lan Phạm" not in ask(app, "/login", **dict(asked)).text
    headers = [("origin", "http://127.0.0.1:8501"), *asked.get("headers", [])]
    answer = ask(app, "/login", form={"demo": "7"}, **(asked | {"headers": headers}))
    assert answer.status == 403
    assert answer.header("set-cookie") is None


def test_demo_people_cannot_be_tried_outside_the_demo(door):
    """Where posts are real there is no way round the password."""
    app = make_app(door)

    assert "Lan Phạm" not in ask(app, "/login").text
    assert ask(app, "/login", form={"demo": "7"}).status == 403


def test_demo_refuses_a_person_who_is_not_one_of_its_own(door):
    """The demo's button opens only the demo's people."""
    assert ask(make_app(door, demo=True), "/login", form={"demo": "1"}).status == 403


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Preparing 4,210 of 10,000"), ("vi", "Đang chuẩn bị 4.210 trên 10.000")],
)
def test_demo_page_shows_progress_and_looks_again_by_itself(door, lang, said):
    """While posts are prepared the page refreshes, and holds nothing that one could type into."""
    door.step = Progress(4210, 10_000)
    page = ask(make_app(door, demo=True), f"/login?lang={lang}").text

    assert said in page
    assert '<progress aria-label="' in page
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "<input" not in page


def test_demo_page_stands_still_when_all_is_prepared(door):
    """A page that is ready does not reload under somebody's hands."""
    assert "refresh" not in ask(make_app(door, demo=True), "/login").text


def test_demo_page_elsewhere_does_not_reload_while_one_types():
    """Without the one-click people there is a form, so the page stands still."""
    frame = Frame("en", "Evenhand", "/login", {})

    assert "http-equiv" not in sign_in_page(frame, progress=Progress(0, 0))


def test_sign_out_asks_first_and_ends_the_session(door):
    """An address alone signs nobody out; the form does."""
    door.tokens["t"] = LAN
    app, cookie = make_app(door), ("cookie", "evenhand=t")

    assert "<form" in ask(app, "/logout", headers=[cookie]).text
    assert door.tokens
    answer = ask(app, "/logout", form={}, headers=[cookie])
    assert (answer.status, answer.header("location")) == (303, "/login?why=left&lang=en")
    assert "Max-Age=0" in answer.header("set-cookie")
    assert not door.tokens


def test_sign_out_is_no_error_when_nobody_is_signed_in(door):
    """Signing out twice is the same as once."""
    assert ask(make_app(door), "/logout", form={}).status == 303


def test_welcome_sets_a_password_through_a_link_and_signs_in(door):
    """A new person's link leads to their own password."""
    app = make_app(door)

    assert 'value="once"' in ask(app, "/welcome?token=once").text
    answer = ask(app, "/welcome", form={"token": "once", "new_password": "mưa rào buổi chiều"})
    assert (answer.status, answer.header("location")) == (303, "/")
    assert "evenhand=" in answer.header("set-cookie")


def test_welcome_says_what_to_do_when_the_link_is_used_up(door):
    """A link that does not work any more says whom to ask."""
    form = {"token": "twice", "new_password": "mưa rào buổi chiều"}
    answer = ask(make_app(door), "/welcome?lang=vi", form=form)

    assert answer.status == 403
    assert "quản trị viên" in answer.text
    assert "mưa rào" not in answer.text


def test_welcome_says_that_a_password_is_too_short_and_keeps_the_link(door):
    """A password that is too short can be tried again with the same link."""
    answer = ask(make_app(door), "/welcome", form={"token": "once", "new_password": "ngắn"})

    assert answer.status == 400
    assert "10 to 200" in answer.text
    assert 'value="once"' in answer.text


def test_health_answers_without_the_store_and_readiness_with_it(door):
    """The process can live while the store is away."""
    app = make_app(door)

    assert [ask(app, path).status for path in ("/healthz", "/readyz")] == [200, 200]
    door.failure = OSError("disk")
    assert [ask(app, path).status for path in ("/healthz", "/readyz")] == [200, 503]


def test_favicon_is_our_mark(door):
    """Streamlit's page shows our mark in the tab."""
    assert ask(make_app(door), "/favicon.png").header("content-type").startswith("image/svg+xml")


def test_pages_show_the_organisation_as_text(door):
    """The name from the settings stands beside the product's, with nothing interpreted."""
    page = ask(make_app(door, organisation="Sở <Y tế>"), "/login").text

    assert "<span>Sở &lt;Y tế&gt;</span>" in page
    assert set(forms.LANGUAGES) == {"en", "vi"}
