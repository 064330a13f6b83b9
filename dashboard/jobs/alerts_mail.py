"""Sending a message about an alert by mail, to the deploying team.

The way is secured by TLS and the server's name is checked; no address and no password stands in
a log or in an error.
"""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from evenhand.connectors.credentials import read_secret
from evenhand.connectors.egress import tls
from evenhand.data.errors import SettingsError, Transient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.alerts_sending import Letter
    from evenhand.data.settings import AlertSettings

TIMEOUT_S = 10.0


class CutOff(Exception):
    """The connection ended after the text was handed over: it may have arrived or not."""


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
        self._settings = settings
        self._trusted = trusted
        if not settings.mail_from or not settings.mail_to:
            msg = "`alerts.smtp_host` needs `alerts.mail_from` and `alerts.mail_to`; fill in both"
            raise SettingsError(msg)
        if settings.smtp_tls == "none" and not _is_here(settings.smtp_host):
            msg = (
                '`alerts.smtp_tls` is "none", which is for a mail server on this machine; '
                'write "starttls" or "tls"'
            )
            raise SettingsError(msg)
        self._password = ""
        if settings.smtp_account:
            self._password = read_secret("alerts.smtp_password", settings.smtp_password, environ)

    def send(self, letter: Letter, now: datetime) -> None:
        """Hand the message to the mail server.

        Raises:
            Transient: It surely was not taken.
            CutOff: It may have been.
        """
        written = self._written(letter, now).as_bytes(policy=SMTP)
        try:
            with self._connected() as server:
                self._hand_over(server, written)
        except (smtplib.SMTPException, OSError) as error:
            msg = f"the mail server did not take the message ({type(error).__name__})"
            raise Transient(msg) from error

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.smtp_tls == "tls":
            return smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S, context=self._context()
            )
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S)
        if settings.smtp_tls == "starttls":
            try:
                server.starttls(context=self._context())
            except BaseException:
                server.close()
                raise
        return server

    def _context(self) -> ssl.SSLContext:
        return self._trusted or tls()

    def _hand_over(self, server: smtplib.SMTP, written: bytes) -> None:
        settings = self._settings
        server.ehlo_or_helo_if_needed()
        if settings.smtp_account:
            server.login(settings.smtp_account, self._password)
        _demand(server.mail(settings.mail_from))
        for one in settings.mail_to:
            _demand(server.rcpt(one))
        try:
            _demand(server.data(written))
        except smtplib.SMTPResponseException:
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise CutOff from error

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


def _demand(reply: tuple[int, bytes]) -> None:
    code, said = reply
    if code not in {250, 251}:
        raise smtplib.SMTPResponseException(code, said)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
