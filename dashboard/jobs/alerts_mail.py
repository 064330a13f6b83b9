"""Sending a message about an alert by mail, to the deploying team.

The way is secured by TLS and the server's name is checked; no address and no password stands in
a log or in an error.
The server is the operator's own and may stand in a private network, so it is not vetted as an
address of the open internet is; it gets ten seconds for each answer and a minute for all.
"""

from __future__ import annotations

import re
import smtplib
import socket
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from threading import Timer
from typing import TYPE_CHECKING, Any

from evenhand.connectors.credentials import read_secret
from evenhand.connectors.egress import tls
from evenhand.data.errors import SettingsError, Transient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.alerts_sending import Letter
    from evenhand.data.settings import AlertSettings

TIMEOUT_S = 10.0
# For all of one message, so that a server that trickles keeps the worker no longer.
LONGEST_S = 60.0
# Letters that every mail server takes, and nothing that could end a line or begin a name.
LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
ADDRESS = re.compile(LOCAL + r"@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
LONGEST_ADDRESS = 254
# Replies by which an address is refused for good (RFC 5321, 4.2.1).
FOR_GOOD = range(500, 600)


class CutOff(Exception):
    """The connection ended after the text was handed over: it may have arrived or not."""


def examine(settings: AlertSettings) -> None:
    """Look at the settings of mail but at no secret.

    Raises:
        SettingsError: They do not fit together, or hold what is no mail address.
    """
    if not settings.mail_from or not settings.mail_to:
        msg = "`alerts.smtp_host` needs `alerts.mail_from` and `alerts.mail_to`; fill in both"
        raise SettingsError(msg)
    named = {"mail_from": [settings.mail_from], "mail_to": settings.mail_to}
    for name, addresses in named.items():
        if not all(map(_is_address, addresses)):
            msg = (
                f"`alerts.{name}` holds what is no mail address; write it as desk@host.example, "
                "in plain Latin letters and without a name"
            )
            raise SettingsError(msg)
    if settings.smtp_tls == "none" and not _is_here(settings.smtp_host):
        msg = (
            '`alerts.smtp_tls` is "none", which is for a mail server on this machine; '
            'write "starttls" or "tls"'
        )
        raise SettingsError(msg)


class _Server(smtplib.SMTP):
    """A conversation that is ended from outside when it takes too long; no answer comes then."""

    _timer: Timer | None = None

    def connect(
        self,
        host: str = "localhost",
        port: int = 0,
        source_address: Any = None,  # noqa: ANN401 - as smtplib has it
    ) -> tuple[int, bytes]:
        """Connect, with a minute for all that follows."""
        self._timer = Timer(LONGEST_S, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        return super().connect(host, port, source_address)

    def close(self) -> None:
        """End it."""
        if self._timer is not None:
            self._timer.cancel()
        super().close()

    def _hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _Secured(_Server, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Mail:
    """The channel by mail; it cannot tell a repetition apart, so what is in doubt is not repeated.

    *trusted* says whose certificates count; None for the system's.
    """

    name = "mail"
    repeatable = False

    def __init__(
        self,
        settings: AlertSettings,
        environ: Mapping[str, str],
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        examine(settings)
        self._settings = settings
        self._trusted = trusted
        self._password = ""
        if settings.smtp_account:
            self._password = read_secret("alerts.smtp_password", settings.smtp_password, environ)

    def send(self, letter: Letter, now: datetime) -> int:
        """Hand the message to the mail server; say how many addresses it refused for good.

        Raises:
            Transient: It surely was not taken.
            CutOff: It may have been.
        """
        written = self._written(letter, now).as_bytes(policy=SMTP)
        try:
            with self._connected() as server:
                return self._hand_over(server, written)
        except (smtplib.SMTPException, OSError) as error:
            msg = f"the mail server did not take the message ({type(error).__name__})"
            raise Transient(msg) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings = self._settings
        where = settings.smtp_host, settings.smtp_port
        if settings.smtp_tls == "tls":
            server: _Server = _Secured(*where, timeout=TIMEOUT_S, context=self._context())
        else:
            server = _Server(*where, timeout=TIMEOUT_S)
        try:
            if settings.smtp_tls == "starttls":
                server.starttls(context=self._context())
            yield server
            # How it takes its leave says nothing of the message.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _context(self) -> ssl.SSLContext:
        return self._trusted or tls()

    def _hand_over(self, server: smtplib.SMTP, written: bytes) -> int:
        settings = self._settings
        server.ehlo_or_helo_if_needed()
        if settings.smtp_account:
            server.login(settings.smtp_account, self._password)
        _demand(server.mail(settings.mail_from))
        refused = [reply for one in settings.mail_to if not _is_taken(reply := server.rcpt(one))]
        # One address that is gone keeps nobody else from being told; doubt is asked again.
        for reply in refused:
            if reply[0] not in FOR_GOOD or len(refused) == len(settings.mail_to):
                _demand(reply)
        try:
            said = server.data(written)
        except smtplib.SMTPDataError:
            # It was refused before the text was handed over.
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise CutOff from error
        _demand(said)
        return len(refused)

    def _written(self, letter: Letter, now: datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._settings.mail_from
        mail["To"] = ", ".join(self._settings.mail_to)
        mail["Date"] = format_datetime(now)
        mail["Subject"] = letter.title
        # The same at every try.
        mail["Message-ID"] = f"<evenhand.{letter.id}@{self._settings.mail_from.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        return mail


def _is_taken(reply: tuple[int, bytes]) -> bool:
    return reply[0] in {250, 251}


def _demand(reply: tuple[int, bytes]) -> None:
    if not _is_taken(reply):
        raise smtplib.SMTPResponseException(*reply)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None
