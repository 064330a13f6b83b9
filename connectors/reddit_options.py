"""What a reddit source's block may say, checked before anything is asked.

A source that is one person's account is refused (safeguard 4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evenhand.connectors.base import Option
from evenhand.connectors.credentials import read_secret
from evenhand.data.errors import SourceMisconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.data.records import SourceSpec

REDDIT_URL = "https://www.reddit.com"
OAUTH_URL = "https://oauth.reddit.com"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_AGENT = 7
MOST_SUBREDDITS = 100
OPTIONS = (
    Option("subreddits", 'names without r/, e.g. ["vietnam", "hanoi"]', required=True),
    Option("client_id", "the app's id, or a reference to it (env:NAME, file:PATH)", required=True),
    Option(
        "client_secret", "a reference to the app's secret: env:NAME or file:PATH", required=True
    ),
    Option("user_agent", "who asks: platform:app:version (by /u/your-account)", required=True),
    Option("comments", "whether comments are read too (true/false, default true)"),
    Option("reddit_url", "another address of the sign-in host; this machine only, for tests"),
    Option("oauth_url", "another address of the API host; this machine only, for tests"),
)
_SUBREDDIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{1,20}")
_PERSON = re.compile(r"/?(?:u|user)/|/?(?:r/)?u_", re.IGNORECASE)
# Listings that belong to whoever is signed in.
_OWN_LISTINGS = frozenset({"friends", "mod", "modqueue", "home"})


@dataclass(frozen=True, slots=True)
class RedditOptions:
    """A checked block; the secret shows in no `repr`."""

    subreddits: tuple[str, ...]
    client_id: str
    client_secret: str = field(repr=False)
    user_agent: str
    comments: bool
    reddit_url: str
    oauth_url: str


def read_options(spec: SourceSpec, environ: Mapping[str, str]) -> RedditOptions:
    """Check a source's block and fetch its secret.

    Raises:
        SourceMisconfigured: A key is unknown, missing or unusable; the message names it.
    """
    known = {option.name for option in OPTIONS}
    for name in spec.options:
        if name not in known:
            msg = f"`{name}` is no option of a reddit source; it takes {', '.join(sorted(known))}"
            raise SourceMisconfigured(msg)
    comments = spec.options.get("comments", True)
    if not isinstance(comments, bool):
        msg = "`comments` must be true or false"
        raise SourceMisconfigured(msg)
    client_id = _text(spec, "client_id")
    if client_id.startswith(("env:", "file:")):
        client_id = read_secret("client_id", client_id, environ)
    return RedditOptions(
        subreddits=read_subreddits(spec.options.get("subreddits")),
        client_id=client_id,
        client_secret=read_secret("client_secret", _text(spec, "client_secret"), environ),
        user_agent=_agent(spec),
        comments=comments,
        reddit_url=_address(spec, "reddit_url", REDDIT_URL),
        oauth_url=_address(spec, "oauth_url", OAUTH_URL),
    )


def refuse_praw_variables(environ: Mapping[str, str]) -> None:
    """Refuse to run under variables that praw would obey besides evenhand.toml.

    Raises:
        SourceMisconfigured: One is set; the message names all of them.
    """
    found = sorted(name for name in environ if name.startswith("praw_"))
    if found:
        msg = (
            f"the environment sets {', '.join(found)}, which praw obeys besides evenhand.toml; "
            "unset them and write the options into the source's block"
        )
        raise SourceMisconfigured(msg)


def read_subreddits(value: object) -> tuple[str, ...]:
    """Check the list of subreddits.

    Raises:
        SourceMisconfigured: It is empty or too long, or names something else, such as an account.
    """
    names = value.split("+") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or len(names) > MOST_SUBREDDITS:
        msg = f'`subreddits` must list 1 to {MOST_SUBREDDITS} names, e.g. ["vietnam"]'
        raise SourceMisconfigured(msg)
    return tuple(dict.fromkeys(_subreddit(name) for name in names))


def _subreddit(name: object) -> str:
    given = name.strip() if isinstance(name, str) else ""
    if _PERSON.match(given):
        msg = "`subreddits` names one person's account; Evenhand reads public places, never persons"
        raise SourceMisconfigured(msg)
    bare = given.removeprefix("/").removeprefix("r/").rstrip("/")
    if not _SUBREDDIT.fullmatch(bare) or bare.casefold() in _OWN_LISTINGS:
        msg = "`subreddits` holds a name that no subreddit can have; write it without r/ and spaces"
        raise SourceMisconfigured(msg)
    return bare


def _text(spec: SourceSpec, name: str) -> str:
    value = spec.options.get(name)
    if not isinstance(value, str) or not value.strip():
        msg = f"`{name}` is missing in the block of source {spec.name!r}; add it"
        raise SourceMisconfigured(msg)
    return value.strip()


def _agent(spec: SourceSpec) -> str:
    agent = _text(spec, "user_agent")
    if len(agent) < SHORTEST_AGENT or not agent.isascii() or not agent.isprintable():
        msg = "`user_agent` must tell who asks: platform:app:version (by /u/your-account), in ASCII"
        raise SourceMisconfigured(msg)
    return agent


def _address(spec: SourceSpec, name: str, usual: str) -> str:
    """Allow reddit itself and this machine: a credential must not go anywhere else."""
    value = spec.options.get(name, usual)
    if value == usual:
        return usual
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or parts.hostname not in LOOPBACK or parts.path:
        msg = f"`{name}` may name {usual} or this machine only, without a path; remove it"
        raise SourceMisconfigured(msg)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
