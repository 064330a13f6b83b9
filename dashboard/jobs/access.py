"""Who may come in and who may do what: people, sign-in, sessions, roles.

A password is kept as argon2id, a session as the SHA-256 of its 256-bit token.
A wrong name and a wrong password get the same sentence after the same work, and tries are counted
in the store, so that all processes share the count.
The ledger tells of every sign-in and of every refusal, without passwords and without the names
that somebody made up.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.records import Actor, Role
from evenhand.data.store import people
from evenhand.data.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenhand.data.store.connect import Store
    from evenhand.data.store.people import Person

OPERATOR_ID = "0"
NOBODY = "nobody"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
LINK_LASTS = timedelta(minutes=10)
# A sign of life is written at most this often: a click must not cost a write.
TOUCH_EVERY = timedelta(minutes=1)
WINDOW = timedelta(minutes=5)
TRIES_PER_NAME = 5
TRIES_PER_CLIENT = 20
SHORTEST_PASSWORD = 10
# Above this the hash would only serve somebody who wants to keep the server busy.
LONGEST_PASSWORD = 200
LONGEST_NAME = 80

# The second of the equal choices of the OWASP Password Storage Cheat Sheet: 19 MiB, so that a
# dozen people who sign in at once fit into the server's memory.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# The hash of a password that nobody knows, made with the same costs: verified for unknown names,
# so that an answer takes as long as for a known one.
DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$231yQTUk/meMOKYIcNNQ5A"
    "$90yZXmQN4KdaMKp3D3F9fqF2zD58DMb7Twcx6UEiACk"
)
WRONG = "name and password do not match; check both, or ask an admin for a new password"


def operator() -> Actor:
    """Make the pseudo-actor of the terminal and the worker; it is no person and has every role."""
    return Actor(id=OPERATOR_ID, name="operator", roles=frozenset(Role))


def require(actor: Actor, *roles: Role) -> None:
    """Go on only if *actor* has one of *roles*.

    Raises:
        NotAllowed: The actor has none of them.
    """
    if not actor.roles.intersection(roles):
        needed = " or ".join(role.value for role in roles)
        held = ", ".join(sorted(role.value for role in actor.roles)) or "no role"
        msg = f"this needs the role {needed}, and you have {held}; ask an admin"
        raise NotAllowed(msg, role=roles[0].value)


def require_person(actor: Actor, *roles: Role) -> None:
    """Go on only if *actor* is a person (not the operator) with one of *roles*.

    Raises:
        NotAllowed: The actor is the operator or has none of the roles.
    """
    require(actor, *roles)
    if actor.id == OPERATOR_ID:
        msg = "only a person can do this, not the terminal; sign in as a person"
        raise NotAllowed(msg, role=roles[0].value)


def add_person(  # noqa: PLR0913 - a person has this many parts, and all callers name them
    store: Store,
    actor: Actor,
    name: str,
    password: str | None,
    *,
    roles: Iterable[Role],
    team: str,
    now: datetime,
    language: str = "en",
    simulated: bool = False,
) -> str:
    """Add a person to *team* (made if it is new) and give their id.

    The operator adds the first admin.
    Without a *password* the person comes in by a link (`make_link`) and chooses one.

    Raises:
        InputError: The name is taken or unusable, the password too short, the language unknown.
        NotAllowed: The actor is no admin.
    """
    require(actor, Role.ADMIN)
    wanted = frozenset(roles)
    new = people.NewPerson(
        name=_clean_name(name),
        password_hash="" if password is None else _hashed(password),
        language=_known_language(language),
        simulated=simulated,
        must_change=not simulated,
    )
    with store.write() as conn:
        person_id = people.add(conn, new, now)
        people.set_roles(conn, person_id, people.team_named(conn, team), wanted)
        data = {"roles": sorted(wanted), "team": team, "simulated": simulated}
        people.log(conn, now, actor.id, "person_added", person_id, data)
    return person_id


def set_roles(
    store: Store, actor: Actor, person_id: str, place: tuple[str, Iterable[Role]], now: datetime
) -> None:
    """Give a person exactly these roles in a team (*place* is team and roles).

    It holds from the next click on: roles are read at every look-up of a session.
    """
    require(actor, Role.ADMIN)
    team, roles = place[0], frozenset(place[1])
    with store.write() as conn:
        people.get(conn, person_id)
        people.set_roles(conn, person_id, people.team_named(conn, team), roles)
        data = {"team": team, "roles": sorted(roles)}
        people.log(conn, now, actor.id, "roles_changed", person_id, data)


def list_people(store: Store, actor: Actor) -> list[Person]:
    """List everybody by name, for admins."""
    require(actor, Role.ADMIN)
    with store.read() as conn:
        return people.list_all(conn)


def disable_person(store: Store, actor: Actor, person_id: str, now: datetime) -> None:
    """Shut a person out and end their sessions at once; what they decided stays."""
    require(actor, Role.ADMIN)
    with store.write() as conn:
        people.get(conn, person_id)
        people.disable(conn, person_id, now)
        people.revoke_all(conn, person_id, now)
        people.log(conn, now, actor.id, "person_disabled", person_id)


def change_password(store: Store, actor: Actor, old: str, new: str, *, now: datetime) -> None:
    """Change one's own password and end all sessions, the present one too.

    Raises:
        InputError: The new password is too short or too long.
        NotAllowed: The old password is wrong, or was wrong too often.
    """
    hashed = _hashed(new)
    _count_try(store, f"name:{actor.name}", TRIES_PER_NAME, now)
    with store.read() as conn:
        found = people.get(conn, actor.id)
    if not _matches(found.password_hash, old):
        raise NotAllowed(WRONG, role=NOBODY)
    with store.write() as conn:
        people.set_password(conn, actor.id, hashed, must_change=False)
        people.revoke_all(conn, actor.id, now)
        people.forget_hits(conn, _digest(f"name:{actor.name}"))
        people.log(conn, now, actor.id, "password_changed", actor.id)


def must_change_password(store: Store, actor: Actor) -> bool:
    """Say whether somebody else chose the actor's password."""
    with store.read() as conn:
        return people.get(conn, actor.id).must_change


def set_language(store: Store, actor: Actor, language: str) -> None:
    """Choose the language of the screens for oneself."""
    known = _known_language(language)
    if actor.id != OPERATOR_ID:
        with store.write() as conn:
            people.set_language(conn, actor.id, known)


def sign_in(store: Store, name: str, password: str, *, client: str, now: datetime) -> str:
    """Open a session and give its token, which is stored nowhere.

    Args:
        store: Where people are.
        name: As it was typed.
        password: As it was typed.
        client: The browser's address, to slow down guessing.
        now: The time.

    Raises:
        NotAllowed: Name and password do not match, or there were too many tries.
    """
    name = unicodedata.normalize("NFC", name).strip()
    _count_try(store, f"client:{client}", TRIES_PER_CLIENT, now)
    _count_try(store, f"name:{name}", TRIES_PER_NAME, now)
    with store.read() as conn:
        found = people.by_name(conn, name)
    usable = found is not None and found.disabled_at is None and found.password_hash
    matches = _matches(found.password_hash if found and usable else DUMMY_HASH, password)
    if found is None or not (usable and matches):
        subject = "unknown" if found is None else found.id
        with store.write() as conn:
            people.log(conn, now, NOBODY, "sign_in_failed", subject)
        raise NotAllowed(WRONG, role=NOBODY)
    with store.write() as conn:
        people.forget_hits(conn, _digest(f"name:{name}"))
        if HASHER.check_needs_rehash(found.password_hash):
            hashed = _hashed(password)
            people.set_password(conn, found.id, hashed, must_change=found.must_change)
        token = secrets.token_urlsafe(32)
        people.open_session(conn, _digest(token), found.id, now=now, expires_at=now + ABSOLUTE)
        people.log(conn, now, found.id, "signed_in", found.id)
    return token


def actor_of(store: Store, token: str, now: datetime, *, touch: bool = True) -> Actor | None:
    """Find who holds a session, with the roles of this moment.

    Args:
        store: Where sessions are.
        token: As the browser sent it.
        now: The time.
        touch: Whether this is a sign of life; a page that refreshes by itself is none.

    Returns:
        None when there is no such session, or it was revoked, was idle for 30 minutes or is
        12 hours old, or its person is disabled.
    """
    digest = _digest(token)
    with store.read() as conn:
        found = people.find_session(conn, digest)
        if found is None or found.revoked_at is not None:
            return None
        if now >= found.expires_at or now - found.seen_at >= IDLE:
            return None
        holder = people.get(conn, found.person_id)
    if holder.disabled_at is not None:
        return None
    if touch and now - found.seen_at >= TOUCH_EVERY:
        with store.write() as conn:
            people.touch(conn, digest, now)
    return holder.actor()


def sign_out(store: Store, token: str, now: datetime) -> None:
    """End a session; an unknown or ended one is no mistake."""
    with store.write() as conn:
        person_id = people.use_up(conn, _digest(token), now)
        if person_id is not None:
            people.log(conn, now, person_id, "signed_out", person_id)


def revoke_all(store: Store, actor: Actor, person_id: str, now: datetime) -> int:
    """End every session of a person, one's own or, for admins, anybody's; say how many."""
    if actor.id != person_id:
        require(actor, Role.ADMIN)
    with store.write() as conn:
        people.get(conn, person_id)
        ended = people.revoke_all(conn, person_id, now)
        people.log(conn, now, actor.id, "sessions_revoked", person_id)
    return ended


def make_link(store: Store, person_id: str, now: datetime) -> str:
    """Make the token of a link that lets one person in once, within 10 minutes.

    The callers are the terminal (a new person chooses a password) and the demo on loopback.
    """
    token = secrets.token_urlsafe(32)
    with store.write() as conn:
        people.get(conn, person_id)
        digest = _link_digest(token)
        people.open_session(conn, digest, person_id, now=now, expires_at=now + LINK_LASTS)
        people.log(conn, now, OPERATOR_ID, "link_made", person_id)
    return token


def use_link(
    store: Store, link: str, password: str | None = None, *, now: datetime, client: str = ""
) -> str:
    """Use up a link, set the person's *password* if there is one, and give a session's token.

    Without a password only the demo's simulated people come in.

    Raises:
        InputError: The password is too short or too long; the link stays usable.
        NotAllowed: The link is unknown, used or too old, or a password is needed.
    """
    if client:
        _count_try(store, f"client:{client}", TRIES_PER_CLIENT, now)
    hashed = None if password is None else _hashed(password)
    with store.write() as conn:
        person_id = people.use_up(conn, _link_digest(link), now)
        found = None if person_id is None else people.get(conn, person_id)
        if found is None or found.disabled_at is not None:
            msg = "this link was used already or is older than 10 minutes; ask for a new one"
            raise NotAllowed(msg, role=NOBODY)
        if hashed is not None:
            people.set_password(conn, found.id, hashed, must_change=False)
            people.revoke_all(conn, found.id, now)
        elif not found.simulated:
            msg = "this link needs a new password with it; choose one"
            raise NotAllowed(msg, role=NOBODY)
        token = secrets.token_urlsafe(32)
        people.open_session(conn, _digest(token), found.id, now=now, expires_at=now + ABSOLUTE)
        people.log(conn, now, found.id, "link_used", found.id)
    return token


def _count_try(store: Store, key: str, most: int, now: datetime) -> None:
    # Counted before the password is looked at: tries sent at once cannot all slip through.
    with store.write() as conn:
        count = people.hit(conn, _digest(key), now, WINDOW)
        if count == most + 1:
            kind = key.partition(":")[0]
            people.log(conn, now, NOBODY, f"sign_in_throttled_by_{kind}", "unknown")
    if count > most:
        minutes = int(WINDOW.total_seconds() // 60)
        msg = f"too many tries; wait {minutes} minutes and try again"
        raise NotAllowed(msg, role=NOBODY)


def _matches(password_hash: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        password_hash, password = DUMMY_HASH, ""
    try:
        return HASHER.verify(password_hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        msg = (
            f"the password has {len(password)} characters; "
            f"choose one of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}"
        )
        raise InputError(msg)
    return HASHER.hash(_normal(password))


def _normal(password: str) -> str:
    # One keyboard sends "ế" as one sign, another as two or three: both must let the person in.
    return unicodedata.normalize("NFKC", password)


def _clean_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        msg = f"a person's name needs 1 to {LONGEST_NAME} printable characters; mend the name"
        raise InputError(msg)
    return name


def _known_language(language: str) -> str:
    if language not in LANGUAGES:
        msg = f"the screens do not speak {language!r}; choose one of {', '.join(LANGUAGES)}"
        raise InputError(msg)
    return language


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _link_digest(token: str) -> str:
    # Another digest than a session's, so that a link is no session and a session no link.
    return _digest(f"link:{token}")
