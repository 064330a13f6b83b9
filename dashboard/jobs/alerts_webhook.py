"""Posting a message about an alert to an address of the deploying team, signed.

The signature is that of the time and the body together, so that neither can be changed and an old
message cannot be played again; docs/alerts.md says how to check it.
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import httpx

from evenhand.connectors import egress
from evenhand.connectors.credentials import read_secret
from evenhand.connectors.egress import Rules
from evenhand.data.errors import SettingsError, Transient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.connectors.egress import Resolve
    from evenhand.dashboard.jobs.alerts_sending import Letter
    from evenhand.data.settings import AlertSettings

SHORTEST_SECRET = 16
VERSION = "v1"
TAKEN = range(200, 300)


def examine(settings: AlertSettings) -> tuple[httpx.URL, Rules]:
    """Look at the settings of the webhook but at no secret; give where it is, and what may go out.

    Raises:
        AddressRefused: The address may not be asked.
        SettingsError: No secret is named.
    """
    rules = Rules(ports=frozenset(settings.webhook_ports), loopback=settings.webhook_loopback)
    if not settings.webhook_secret:
        msg = (
            "`alerts.webhook_url` needs `alerts.webhook_secret`; name one as env:NAME or file:PATH"
        )
        raise SettingsError(msg)
    return egress.checked(settings.webhook_url, rules), rules


class Webhook:
    """The channel by webhook; each message has an id, so that its receiver can tell a repetition.

    *ask* gives the addresses of a name.
    """

    name = "webhook"
    repeatable = True

    def __init__(
        self,
        settings: AlertSettings,
        environ: Mapping[str, str],
        ask: Resolve = egress.resolve,
    ) -> None:
        self._url, self._rules = examine(settings)
        self._ask = ask
        secret = read_secret("alerts.webhook_secret", settings.webhook_secret, environ)
        if len(secret) < SHORTEST_SECRET:
            msg = (
                f"the secret of `alerts.webhook_secret` has {len(secret)} characters; "
                f"make one of at least {SHORTEST_SECRET}"
            )
            raise SettingsError(msg)
        self._secret = secret.encode()

    def send(self, letter: Letter, now: datetime) -> int:
        """Post the message; nobody refuses it for good, so that the answer is 0.

        Raises:
            ConnectorError: It was not taken, or nobody can tell.
        """
        body = json.dumps(letter.as_dict(), ensure_ascii=False, sort_keys=True).encode()
        at = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Evenhand-Delivery": letter.id,
            "Evenhand-Timestamp": at,
            "Evenhand-Signature": f"{VERSION}={signature(self._secret, at, body)}",
        }
        request = httpx.Request("POST", self._url, headers=headers, content=body)
        answer = egress.send(request, self._rules, ask=self._ask)
        if answer.status not in TAKEN:
            msg = f"the webhook answered {answer.status} and did not take the message"
            raise Transient(msg)
        return 0


def signature(secret: bytes, at: str, body: bytes) -> str:
    """Sign a time and a body: HMAC-SHA256 over the time, a point and the body, in hex."""
    return hmac.new(secret, at.encode() + b"." + body, sha256).hexdigest()
