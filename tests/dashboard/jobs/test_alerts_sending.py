"""Messages about alerts: signed, secured, once, and without a post, an author or a person."""

from __future__ import annotations

import hmac
import json
import ssl
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from evenhand.dashboard.jobs import alerts, alerts_mail, alerts_sending
from evenhand.dashboard.jobs.alerts_mail import CutOff, Mail
from evenhand.dashboard.jobs.alerts_webhook import Webhook
from evenhand.data.errors import (
    AddressRefused,
    SettingsError,
    SourceMisconfigured,
    Transient,
)
from evenhand.data.records import SourceSpec
from evenhand.data.settings import AlertSettings, Settings
from evenhand.data.store import alert_sendings, sources
from evenhand.data.store import alerts as kept
from evenhand.data.store.alert_sendings import SendState
from evenhand.data.store.alerts import AlertKind, Level, Verdict
from tests.conftest import NOON
from tests.mail_server import MailServer
from tests.tls_floor import make_certificate, serving_with, trusting

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

SECRET = "sixteen letters at least"
ENVIRON = {"HOOK": SECRET, "MAIL": "not so secret"}
HOSTILE = "r/danang\r\nBcc: all@evil.example \u202e"
SILENT = {"days": 3, "usual": 1}


@pytest.fixture
def settings(tmp_path):
    """Make settings that name one or both channels."""

    def make(**fields):
        return Settings(workspace=tmp_path, language="vi", alerts=AlertSettings(**fields))

    return make


def hook(httpserver, **more):
    url = httpserver.url_for("/hook")
    return {
        "webhook_url": url,
        "webhook_secret": "env:HOOK",
        "webhook_loopback": True,
        **more,
    }


def mail(server, **more):
    fields = {
        "smtp_host": "127.0.0.1",
        "smtp_port": server.port,
        "smtp_tls": "none",
        "mail_from": "evenhand@vinhlam.example",
        "mail_to": ("desk@vinhlam.example", "duty@vinhlam.example"),
    }
    return fields | more


def fire(store, name=HOSTILE, level=Level.FIRES):
    with store.write() as conn:
        known = {one.name: one.id for one in sources.list_all(conn)}
        number = (
            known.get(name)
            or sources.propose(conn, SourceSpec(name, "file"), person_id=None, now=NOON).id
        )
        verdict = Verdict(AlertKind.SILENT_SOURCE, f"source:{number}", level, SILENT)
        kept.settle(conn, [verdict], [], NOON)
        return [one.id for one in kept.list_open(conn, NOON)]


def send(store, made, clock):
    ways = alerts_sending.channels(made, ENVIRON)
    return alerts_sending.send(store, made, ways.usable, clock.now)


def deliveries(store, number):
    with store.read() as conn:
        return alert_sendings.of(conn, [number])[number]


# ------------------------------------------------------------------------------ the webhook


def test_webhook_gets_a_signed_message_once(store, settings, clock, httpserver: HTTPServer):
    """The signature is worked out here as docs/alerts.md says."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("", status=204)
    made = settings(**hook(httpserver))
    (number,) = fire(store)

    assert (1, 0, 0) == tuple(send(store, made, clock) for _ in range(3))
    ((request, _),) = httpserver.log
    at = request.headers["Evenhand-Timestamp"]
    right = hmac.new(SECRET.encode(), f"{at}.".encode() + request.data, sha256).hexdigest()
    assert (f"v1={right}", str(int(NOON.timestamp()))) == (
        request.headers["Evenhand-Signature"],
        at,
    )
    body = json.loads(request.data)
    assert request.headers["Evenhand-Delivery"] == body["id"]
    assert {
        "kind": "silent_source",
        "title": "[Evenhand] Một nguồn im lặng",
        "about": "r/danang Bcc: all@evil.example ⟲",
        "why": "Không có bài trong 3 ngày trọn vẹn; thường im lặng lâu nhất là 1 ngày.",
        "reason": SILENT,
        "opened_at": "2026-11-24T12:00:00+00:00",
    } == {key: value for key, value in body.items() if key != "id"}
    assert SendState.SENT is deliveries(store, number)[0].state


def test_webhook_that_fails_is_asked_again_under_the_same_id(store, settings, clock, httpserver):
    """Until it takes the message, and not after."""
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=500)
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=302)
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=200)
    made = settings(**hook(httpserver))
    (number,) = fire(store)
    sent = []
    for _ in range(6):
        sent.append(send(store, made, clock))
        clock.advance(minutes=2)

    assert [0, 0, 1, 0, 0, 0] == sent
    assert 1 == len({request.headers["Evenhand-Delivery"] for request, _ in httpserver.log})
    assert (SendState.SENT, 3) == (
        deliveries(store, number)[0].state,
        deliveries(store, number)[0].tries,
    )


def test_webhook_whose_sender_was_killed_is_told_again_under_the_same_id(
    store, settings, clock, httpserver
):
    """After the message went out and before that was written down."""
    httpserver.expect_request("/hook").respond_with_data("")
    made = settings(**hook(httpserver))
    fire(store)
    (way,) = alerts_sending.channels(made, ENVIRON).usable

    class Killed(BaseException):
        pass

    class Mortal:
        name, repeatable = way.name, way.repeatable

        def send(self, letter, now):
            way.send(letter, now)
            raise Killed

    with pytest.raises(Killed):
        alerts_sending.send(store, made, [Mortal()], clock.now)
    assert 0 == send(store, made, clock)
    clock.advance(minutes=6)
    assert 1 == send(store, made, clock)
    assert 2 == len(httpserver.log)
    assert 1 == len({request.headers["Evenhand-Delivery"] for request, _ in httpserver.log})


@pytest.mark.parametrize(
    ("fields", "environ", "error"),
    [
        ({"webhook_url": "http://hooks.example/x"}, ENVIRON, AddressRefused),
        ({"webhook_url": "https://hooks.example:8443/x"}, ENVIRON, AddressRefused),
        ({"webhook_url": "https://a:b@hooks.example/x"}, ENVIRON, AddressRefused),
        ({}, {"HOOK": "too short"}, SettingsError),
        ({}, {}, SourceMisconfigured),
        ({"webhook_secret": "hunter2hunter2hunter2"}, ENVIRON, SourceMisconfigured),
    ],
)
def test_webhook_is_refused_before_anything_is_sent(fields, environ, error):
    """By its address or its secret; no message repeats the secret."""
    given = {"webhook_url": "https://hooks.example/x", "webhook_secret": "env:HOOK"} | fields
    with pytest.raises(error) as caught:
        Webhook(AlertSettings(**given), environ)
    assert not any(word in str(caught.value) for word in ("too short", "hunter2hunter2hunter2"))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:1.1.1.1"])
def test_webhook_of_a_name_that_leads_inside_is_never_asked(store, settings, clock, address):
    """It is tried again, since a name may be mended, and given up at last."""
    made = settings(webhook_url="https://hooks.example/x", webhook_secret="env:HOOK")
    (number,) = fire(store)
    way = Webhook(made.alerts, ENVIRON, lambda *_: [address])

    assert 0 == alerts_sending.send(store, made, [way], clock.now)
    assert (SendState.WAITING, 1) == (
        deliveries(store, number)[0].state,
        deliveries(store, number)[0].tries,
    )


# ------------------------------------------------------------------------------ mail


def test_mail_goes_to_the_team_once(store, settings, clock):
    """In the workspace's language, with no header that a name could have put in."""
    with MailServer() as server:
        made = settings(**mail(server))
        (number,) = fire(store)
        assert (1, 0) == (send(store, made, clock), send(store, made, clock))

    (taken,) = server.mails
    assert "[Evenhand] Một nguồn im lặng" == taken["Subject"]
    assert ("desk@vinhlam.example, duty@vinhlam.example", None) == (taken["To"], taken["Bcc"])
    assert "Không có bài trong 3 ngày trọn vẹn" in taken.get_content()
    assert "r/danang Bcc: all@evil.example ⟲" in taken.get_content().splitlines()
    assert SendState.SENT is deliveries(store, number)[0].state


def test_mail_that_surely_failed_is_tried_again(store, settings, clock):
    """Under the same Message-ID."""
    with MailServer(refuse="RCPT") as server:
        made = settings(**mail(server))
        fire(store)
        assert 0 == send(store, made, clock)
        server.refuse = ""
        assert 0 == send(store, made, clock)
        clock.advance(minutes=1)
        assert 1 == send(store, made, clock)

    assert 1 == len(server.taken)


def test_mail_that_was_cut_off_is_not_repeated(store, settings, clock):
    """The server hung up after the text: it may have taken it."""
    with MailServer(hang_up=True) as server:
        made = settings(**mail(server))
        (number,) = fire(store)
        for _ in range(3):
            assert 0 == send(store, made, clock)
            clock.advance(hours=3)

    assert 1 == len(server.taken)
    assert SendState.GIVEN_UP is deliveries(store, number)[0].state


def test_mail_that_was_taken_is_not_repeated_for_a_rude_leave(store, settings, clock):
    """What the server says to QUIT says nothing of the message, which it has."""
    with MailServer(refuse="QUIT") as server:
        made = settings(**mail(server))
        (number,) = fire(store)
        for _ in range(3):
            send(store, made, clock)
            clock.advance(hours=3)

    assert 1 == len(server.taken)
    assert SendState.SENT is deliveries(store, number)[0].state


def test_address_that_is_gone_keeps_nobody_else_from_being_told(store, settings, clock):
    """The mail goes to the rest, and the page says so; with nobody left it is tried again."""
    with MailServer(gone=("duty@vinhlam.example",)) as server:
        (number,) = fire(store)
        assert 1 == send(store, settings(**mail(server)), clock)
        [told] = deliveries(store, number)
        fire(store, "một nguồn khác")
        assert 0 == send(store, settings(**mail(server, mail_to=("duty@vinhlam.example",))), clock)

    assert (SendState.SENT, True) == (told.state, told.is_in_part)
    assert 1 == len(server.taken)


def test_server_that_trickles_does_not_keep_the_worker(monkeypatch):
    """All of a message has a minute, however many letters come meanwhile."""
    monkeypatch.setattr(alerts_mail, "LONGEST_S", 0.3)
    begun = monotonic()
    with MailServer(trickle=True) as server:
        way = Mail(AlertSettings(**mail(server)), {})
        with pytest.raises(Transient):
            way.send(letter(), NOON)

    assert monotonic() - begun < 5


def letter():
    return alerts_sending.Letter("1", "drift", "t", "text\n", "a", "w", {}, NOON)


def test_mail_is_secured_and_the_servers_name_is_checked(tmp_path):
    """With STARTTLS, as is usual; a certificate of another name is refused, and so is none."""
    right = make_certificate(tmp_path / "right.pem", "localhost")
    wrong = make_certificate(tmp_path / "wrong.pem", "mail.example")
    for path, is_right in ((right, True), (wrong, False)):
        with MailServer(context=serving_with(path)) as server:
            fields = mail(server, smtp_host="localhost", smtp_tls="starttls")
            way = Mail(AlertSettings(**fields), {}, trusting(path))
            if is_right:
                way.send(letter(), NOON)
            else:
                with pytest.raises(Transient, match="did not take"):
                    way.send(letter(), NOON)
        assert ([True] if is_right else []) == server.secured
    with MailServer() as server:
        fields = mail(server, smtp_host="localhost", smtp_tls="starttls")
        way = Mail(AlertSettings(**fields), {}, ssl.create_default_context())
        with pytest.raises(Transient):
            way.send(letter(), NOON)
    assert [] == server.taken


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mail_to": ()}, "mail_from` and `alerts.mail_to"),
        ({"mail_from": ""}, "mail_from` and `alerts.mail_to"),
        ({"smtp_host": "mail.example"}, "this machine"),
        ({"mail_from": "Evenhand <e@v.example>"}, "alerts.mail_from` holds what is no"),
        ({"mail_from": "e@v.example\r\nBcc: x@y.example"}, "alerts.mail_from` holds what is no"),
        ({"mail_to": ("đội@v.example",)}, "alerts.mail_to` holds what is no"),
        ({"mail_to": ("a@v.example, b@v.example",)}, "alerts.mail_to` holds what is no"),
        ({"mail_to": ("a@v.example\n",)}, "alerts.mail_to` holds what is no"),
        ({"smtp_account": "me", "smtp_password": "env:NOT_THERE"}, "NOT_THERE"),
    ],
)
def test_mail_is_refused_when_its_settings_do_not_fit(fields, said):
    """Before anything is sent."""
    with MailServer() as server:
        given = mail(server, **fields)
    with pytest.raises((SettingsError, SourceMisconfigured), match=said):
        Mail(AlertSettings(**given), {})


def test_cut_off_is_no_failure_that_is_repeated():
    """The two are told apart by their kind."""
    assert not issubclass(CutOff, Transient)


# ------------------------------------------------------------------------------ both


def test_channel_that_is_wrong_is_told_and_is_no_hindrance_to_the_other(settings, httpserver):
    """The webhook goes on while the mail's settings do not fit."""
    made = settings(**hook(httpserver), smtp_host="mail.example")
    ways = alerts_sending.channels(made, ENVIRON)

    assert ["webhook"] == [one.name for one in ways.usable]
    assert [("mail", SettingsError)] == [(one.channel, type(one.why)) for one in ways.unusable]
    assert ["mail"] == [one.channel for one in alerts_sending.examined(made)]


def test_channel_that_is_down_is_tried_once_and_the_rest_waits(store, settings, clock, httpserver):
    """Three alerts, and one try of the mail; the webhook tells all three."""
    httpserver.expect_request("/hook").respond_with_data("")
    with MailServer(refuse="MAIL") as server:
        for name in ("một", "hai", "ba"):
            fire(store, name)
        made = settings(**hook(httpserver), **mail(server))
        assert 3 == send(store, made, clock)

    assert 1 == server.verbs.count("MAIL")
    assert 3 == len(httpserver.log)


def test_webhook_that_ends_its_sender_each_time_is_given_up(store, settings, clock):
    """Eight tries, like any other."""
    made = settings(webhook_url="https://hooks.example/x", webhook_secret="env:HOOK")
    (number,) = fire(store)
    tried = []

    class Killed(BaseException):
        pass

    class Deadly:
        name, repeatable = "webhook", True

        def send(self, letter, _now):
            tried.append(letter.id)
            raise Killed

    for _ in range(12):
        with suppress(Killed):
            alerts_sending.send(store, made, [Deadly()], clock.now)
        clock.advance(hours=3)

    assert 8 == len(tried)
    assert SendState.GIVEN_UP is deliveries(store, number)[0].state


def test_nothing_is_sent_without_a_channel(store, settings, clock):
    """Alerts stand on their page."""
    (number,) = fire(store)
    assert 0 == send(store, settings(), clock)
    with store.read() as conn:
        assert {} == alert_sendings.of(conn, [number])


def test_muted_alert_is_told_to_nobody_until_the_mute_ends(
    store, actors, settings, clock, httpserver
):
    """And then once."""
    httpserver.expect_request("/hook").respond_with_data("")
    made = settings(**hook(httpserver))
    (number,) = fire(store)
    alerts.mute(store, actors.admin, number, 1, "Bảo trì", clock.now())
    assert 0 == send(store, made, clock)
    clock.advance(days=1, minutes=1)

    assert (1, 0) == (send(store, made, clock), send(store, made, clock))


def test_alert_that_ended_while_its_channel_was_down_is_not_told(
    store, settings, clock, httpserver
):
    """It would send somebody to look at nothing."""
    httpserver.expect_request("/hook").respond_with_data("", status=503)
    made = settings(**hook(httpserver))
    (number,) = fire(store)
    assert 0 == send(store, made, clock)
    fire(store, level=Level.CALM)
    clock.advance(hours=1)

    assert 0 == send(store, made, clock)
    assert SendState.NOT_NEEDED is deliveries(store, number)[0].state
    assert 1 == len(httpserver.log)


def test_message_names_no_person_and_holds_no_text(store, actors, settings, clock, httpserver):
    """Its owner and the reason of an earlier mute stay on the page."""
    httpserver.expect_request("/hook").respond_with_data("")
    made = settings(**hook(httpserver))
    (number,) = fire(store)
    alerts.take(store, actors.coordinator, number, clock.now())
    alerts.mute(store, actors.coordinator, number, 1, "Riêng tư", clock.now())
    clock.advance(days=2)
    send(store, made, clock)
    ((request, _),) = httpserver.log

    body = json.loads(request.data)
    assert {"id", "kind", "title", "about", "why", "reason", "opened_at"} == set(body)
    assert not any(word in request.data.decode() for word in ("coordinator", "Riêng tư"))
    assert timedelta(days=2) == clock.now() - NOON
