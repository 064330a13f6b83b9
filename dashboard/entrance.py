"""The routes before the dashboard: /login, /logout, /welcome, /healthz, /readyz and the mark.

Only forms change anything; the gate has already checked host and origin when a form arrives here.
Names and passwords are never logged.
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from evenhand.dashboard import look
from evenhand.dashboard.entrance_page import (
    DemoPerson,
    Frame,
    Progress,
    sign_in_page,
    sign_out_page,
    welcome_page,
)
from evenhand.dashboard.gate import Sessions, cookie_name, local_path, token_of
from evenhand.dashboard.words import forms
from evenhand.data.errors import EvenhandError, InputError, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

LARGEST_FORM = 8192
NOTES = frozenset({"ended", "left"})


class Door(Protocol):
    """What the routes need of the jobs; the real one is made in `asgi`, tests bring their own.

    All of its calls may block, and are made off the event loop.
    """

    def sign_in(self, name: str, password: str, client: str) -> str:
        """Return the token of a new session, or raise NotAllowed."""

    def sign_in_demo(self, person_id: str) -> str:
        """Return a token for one of the demo's people, or raise NotAllowed."""

    def use_link(self, link: str, password: str, client: str) -> str:
        """Set a first password through a one-time link and return a token."""

    def sign_out(self, token: str) -> None:
        """End a session; an unknown one is no error."""

    def choose_language(self, token: str, language: str) -> None:
        """Keep a language for whoever holds the session."""

    def people(self) -> Sequence[DemoPerson]:
        """List the demo's people who may be tried with one click."""

    def progress(self) -> Progress | None:
        """Say how far the demo's preparation is; None when there is nothing to wait for."""

    def ready(self) -> None:
        """Read from the store, or raise."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The routes, over one door.

    Args:
        door: The jobs behind the forms.
        sessions: The gate's memory, which must forget a session that ends here.
        language: What the pages speak unless the address says otherwise.
        organisation: Name shown beside the product's.
        https: Whether browsers reach us through TLS.
        demo: Whether the demo's people may be tried from this machine.
    """

    door: Door
    sessions: Sessions
    language: str
    organisation: str
    https: bool
    demo: bool

    def routes(self) -> list[Route]:
        """List the routes for `st.App`."""
        return [
            Route("/login", self.show_sign_in, methods=["GET"]),
            Route("/login", self.sign_in, methods=["POST"]),
            Route("/welcome", self.show_welcome, methods=["GET"]),
            Route("/welcome", self.welcome, methods=["POST"]),
            Route("/logout", self.show_sign_out, methods=["GET"]),
            Route("/logout", self.sign_out, methods=["POST"]),
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/readyz", self.readyz, methods=["GET"]),
            Route("/favicon.png", self.favicon, methods=["GET"]),
        ]

    async def show_sign_in(self, request: Request) -> Response:
        """Show the sign-in page, or the dashboard to whoever is signed in already."""
        token = token_of(request.headers, https=self.https)
        self.sessions.forget(token)
        if await self.sessions.look_up(token) is not None:
            return RedirectResponse(local_path(request.query_params.get("next")), 303)
        note = request.query_params.get("why")
        response = await self._sign_in_page(request, note=note if note in NOTES else None)
        if token is not None:
            self._drop_cookie(response)
        return response

    async def sign_in(self, request: Request) -> Response:
        """Take the sign-in form."""
        form = await _form(request)
        name, password = form.get("name", "").strip(), form.get("password", "")
        client = _client(request)
        try:
            if "demo" in form:
                if not self._may_try(request):
                    return await self._sign_in_page(request, note="wrong", status=403)
                token = await asyncio.to_thread(self.door.sign_in_demo, form["demo"])
            elif not name or not password:
                return await self._sign_in_page(request, note="empty", name=name, status=400)
            else:
                token = await asyncio.to_thread(self.door.sign_in, name, password, client)
        except NotAllowed:
            return await self._sign_in_page(request, note="wrong", name=name, status=403)
        except EvenhandError:
            return await self._sign_in_page(request, note="not_now", name=name, status=503)
        return await self._let_in(request, token)

    async def show_welcome(self, request: Request) -> Response:
        """Show the page on which a one-time link is used."""
        return self._welcome_page(request, request.query_params.get("token", ""))

    async def welcome(self, request: Request) -> Response:
        """Set a first password through a one-time link."""
        form = await _form(request)
        link, password = form.get("token", ""), form.get("new_password", "")
        try:
            token = await asyncio.to_thread(self.door.use_link, link, password, _client(request))
        except InputError:
            return self._welcome_page(request, link, note="password_length", status=400)
        except NotAllowed:
            return self._welcome_page(request, link, note="link_used", status=403)
        except EvenhandError:
            return self._welcome_page(request, link, note="not_now", status=503)
        return await self._let_in(request, token)

    async def show_sign_out(self, request: Request) -> Response:
        """Ask before signing out: an address alone must not do it."""
        return HTMLResponse(sign_out_page(self._frame(request, {})))

    async def sign_out(self, request: Request) -> Response:
        """End the session and go back to the sign-in page."""
        token = token_of(request.headers, https=self.https)
        if token is not None:
            await asyncio.to_thread(self.door.sign_out, token)
            self.sessions.forget(token)
        response = RedirectResponse(f"/login?why=left&lang={self._language(request)}", 303)
        self._drop_cookie(response)
        return response

    async def healthz(self, request: Request) -> Response:
        """Say that the process answers."""
        del request
        return PlainTextResponse("ok")

    async def readyz(self, request: Request) -> Response:
        """Say whether the store can be read."""
        del request
        try:
            await asyncio.to_thread(self.door.ready)
        except Exception:  # noqa: BLE001 - whatever the engine raises, the answer is "not ready"
            return PlainTextResponse("the store cannot be read", 503)
        return PlainTextResponse("ready")

    async def favicon(self, request: Request) -> Response:
        """Hand out the mark; Streamlit's page asks for it under this name."""
        del request
        return Response(look.MARK, media_type="image/svg+xml")

    async def _sign_in_page(
        self,
        request: Request,
        *,
        note: str | None = None,
        name: str = "",
        status: int = 200,
    ) -> Response:
        back = local_path(request.query_params.get("next"))
        people: Sequence[DemoPerson] = ()
        progress = await asyncio.to_thread(self.door.progress) if self.demo else None
        if self._may_try(request):
            people = await asyncio.to_thread(self.door.people)
        frame = self._frame(request, {} if back == "/" else {"next": back})
        page = sign_in_page(frame, note=note, name=name[:200], demo=people, progress=progress)
        return HTMLResponse(page, status)

    def _welcome_page(
        self,
        request: Request,
        link: str,
        *,
        note: str | None = None,
        status: int = 200,
    ) -> Response:
        frame = self._frame(request, {"token": link})
        return HTMLResponse(welcome_page(frame, token=link, note=note), status)

    async def _let_in(self, request: Request, token: str) -> Response:
        chosen = request.query_params.get("lang")
        if chosen in forms.LANGUAGES:
            await asyncio.to_thread(self.door.choose_language, token, chosen)
        response = RedirectResponse(local_path(request.query_params.get("next")), 303)
        response.set_cookie(
            cookie_name(https=self.https),
            token,
            path="/",
            secure=self.https,
            httponly=True,
            samesite="lax",
        )
        return response

    def _drop_cookie(self, response: Response) -> None:
        response.delete_cookie(
            cookie_name(https=self.https),
            path="/",
            secure=self.https,
            httponly=True,
            samesite="lax",
        )

    def _frame(self, request: Request, query: Mapping[str, str]) -> Frame:
        lang = self._language(request)
        chosen = {"lang": lang} if "lang" in request.query_params else {}
        return Frame(lang, self.organisation, request.url.path, {**query, **chosen})

    def _language(self, request: Request) -> str:
        asked = request.query_params.get("lang", self.language)
        return asked if asked in forms.LANGUAGES else self.language

    def _may_try(self, request: Request) -> bool:
        """Allow one-click sign-in only in the demo and only on the machine itself."""
        forwarded = any(
            name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip")
        )
        return self.demo and not forwarded and _is_loopback(_client(request))


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _form(request: Request) -> dict[str, str]:
    """Read a short form: the first value of each name, or nothing at all if it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}
