"""Who may come in, for how long, and what is written down about it."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import access
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Actor, Role

PASSWORD = "mật khẩu rất dài 🌾"
CLIENT = "192.0.2.7"


def add(store, clock, name="Ánh", **changes):
    fields = {"roles": {Role.REVIEWER}, "team": "Tổ trực", "now": clock.now(), "language": "vi"}
    return access.add_person(store, access.operator(), name, PASSWORD, **(fields | changes))


def come_in(store, clock, name="Ánh", password=PASSWORD, client=CLIENT):
    return access.sign_in(store, name, password, client=client, now=clock.now())


def ledger_rows(store):
    with store.read() as conn:
        return conn.execute(select(tables.ledger).order_by(tables.ledger.c.seq)).all()


def test_person_signs_in_with_name_and_password(store, clock):
    """The token leads to an actor with the person's roles, team and language."""
    person_id = add(store, clock, roles={Role.REVIEWER, Role.ANALYST})
    token = come_in(store, clock)

    actor = access.actor_of(store, token, clock.now())

    assert actor is not None
    assert (actor.id, actor.name, actor.language) == (person_id, "Ánh", "vi")
    assert actor.roles == {Role.REVIEWER, Role.ANALYST}
    assert actor.team_id is not None


def test_store_holds_neither_password_nor_token(store, clock):
    """The password is argon2id, of the token only a hash is kept."""
    add(store, clock)
    token = come_in(store, clock)
    with store.read() as conn:
        person = conn.execute(select(tables.person)).one()
        session = conn.execute(select(tables.session)).one()

    assert person.password_hash.startswith("$argon2id$")
    assert token not in session.token_hash
    assert len(token) >= 43
    assert all(PASSWORD not in row.data and token not in row.data for row in ledger_rows(store))


def test_sign_in_accepts_other_forms_of_the_same_letters(store, clock):
    """A keyboard that sends decomposed letters lets the person in too."""
    add(store, clock)
    name = unicodedata.normalize("NFD", "Ánh")
    password = unicodedata.normalize("NFD", PASSWORD)

    assert come_in(store, clock, f" {name} ", password)


@pytest.mark.parametrize(
    ("name", "password"),
    [("Ánh", "wrong password"), ("nobody", PASSWORD), ("Ánh", ""), ("", ""), ("Ánh", "x" * 9999)],
)
def test_sign_in_refuses_with_one_sentence_whatever_was_wrong(store, clock, name, password):
    """An unknown name and a wrong password cannot be told apart."""
    add(store, clock)

    with pytest.raises(NotAllowed) as caught:
        come_in(store, clock, name, password)

    assert str(caught.value) == access.WRONG


def test_ledger_tells_of_refusals_without_made_up_names(store, clock):
    """A failed try names the person only by id, and an unknown one not at all."""
    person_id = add(store, clock)
    for name in ("Ánh", "secret-typed-into-the-wrong-box"):
        with pytest.raises(NotAllowed):
            come_in(store, clock, name, "wrong password")
    come_in(store, clock)

    rows = ledger_rows(store)

    assert [(row.action, row.subject) for row in rows] == [
        ("person_added", f"person:{person_id}"),
        ("sign_in_failed", f"person:{person_id}"),
        ("sign_in_failed", "person:unknown"),
        ("signed_in", f"person:{person_id}"),
    ]
    assert not any("secret-typed" in str(row) for row in rows)


def test_dummy_hash_costs_what_a_real_one_costs():
    """Verifying for an unknown name takes the same work as for a known one."""
    assert not access.HASHER.check_needs_rehash(access.DUMMY_HASH)
    assert not access._matches(access.DUMMY_HASH, PASSWORD)


def test_sign_in_renews_a_hash_of_older_costs(store, clock):
    """When the costs rise, the hash follows at the next sign-in."""
    add(store, clock)
    cheap = access.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with store.write() as conn:
        conn.execute(tables.person.update().values(password_hash=cheap))
    come_in(store, clock)
    with store.read() as conn:
        renewed = conn.execute(select(tables.person.c.password_hash)).scalar_one()

    assert not access.HASHER.check_needs_rehash(renewed)
    assert come_in(store, clock)


def test_sixth_try_for_a_name_within_five_minutes_is_refused(store, clock):
    """Even the right password waits then, and an unknown name is treated alike."""
    add(store, clock)
    for name in ("Ánh", "nobody"):
        for _ in range(5):
            with pytest.raises(NotAllowed, match="do not match"):
                come_in(store, clock, name, "wrong password")
        with pytest.raises(NotAllowed, match="wait 5 minutes"):
            come_in(store, clock, name)
    clock.advance(minutes=5)

    assert come_in(store, clock)


def test_success_sets_the_count_of_the_name_back(store, clock):
    """Somebody who mistypes now and then is not shut out."""
    add(store, clock)
    for _ in range(3):
        for _ in range(3):
            with pytest.raises(NotAllowed, match="do not match"):
                come_in(store, clock, password="wrong password")
        come_in(store, clock, client="192.0.2.8")

    assert come_in(store, clock, client="192.0.2.9")


def test_client_is_refused_after_twenty_tries_over_many_names(store, clock):
    """Trying one password on many names is slowed down too, and written down once."""
    for number in range(20):
        with pytest.raises(NotAllowed, match="do not match"):
            come_in(store, clock, f"name{number}", "wrong password")
    for number in range(3):
        with pytest.raises(NotAllowed, match="too many tries"):
            come_in(store, clock, f"other{number}")

    actions = [row.action for row in ledger_rows(store)]

    assert actions.count("sign_in_throttled_by_client") == 1


def test_tries_sent_at_once_are_all_counted(store, clock):
    """Eight threads cannot look at more than five passwords."""
    add(store, clock)

    def one(number):
        try:
            come_in(store, clock, password=f"wrong password {number}")
        except NotAllowed as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(12)))

    assert answers.count(access.WRONG) == 5


def test_session_ends_when_idle_for_thirty_minutes(store, clock):
    """Each look-up keeps it alive; half an hour of silence ends it."""
    add(store, clock)
    token = come_in(store, clock)
    for _ in range(3):
        clock.advance(minutes=29)

        assert access.actor_of(store, token, clock.now()) is not None

    clock.advance(minutes=30)

    assert access.actor_of(store, token, clock.now()) is None


def test_session_ends_after_twelve_hours_of_work(store, clock):
    """However busy, it is over after 12 hours."""
    add(store, clock)
    token = come_in(store, clock)
    end = clock.now() + timedelta(hours=12)
    while clock.advance(minutes=20) < end:
        assert access.actor_of(store, token, clock.now()) is not None

    assert access.actor_of(store, token, clock.now()) is None


def test_look_up_within_a_minute_writes_nothing(store, clock):
    """A click does not cost a write."""
    add(store, clock)
    token = come_in(store, clock)
    begun = clock.now()
    access.actor_of(store, token, clock.advance(seconds=59))
    with store.read() as conn:
        seen = conn.execute(select(tables.session.c.seen_at)).scalar_one()

    assert seen == begun


def test_sign_out_ends_the_session_at_once(store, clock):
    """The token is worth nothing afterwards; signing out twice is no mistake."""
    add(store, clock)
    token, other = come_in(store, clock), come_in(store, clock)
    access.sign_out(store, token, clock.now())
    access.sign_out(store, token, clock.now())
    access.sign_out(store, "made up", clock.now())

    assert access.actor_of(store, token, clock.now()) is None
    assert access.actor_of(store, other, clock.now()) is not None
    assert [row.action for row in ledger_rows(store)].count("signed_out") == 1


def test_revoking_ends_all_sessions_at_the_next_look_up(store, clock, actors):
    """An admin ends anybody's sessions, everybody ends their own, nobody else does."""
    person_id = add(store, clock)
    token = come_in(store, clock)
    with pytest.raises(NotAllowed):
        access.revoke_all(store, actors.an, person_id, clock.now())

    assert access.revoke_all(store, actors.admin, person_id, clock.now()) == 1
    assert access.actor_of(store, token, clock.now()) is None

    token = come_in(store, clock)
    mine = access.actor_of(store, token, clock.now())

    assert mine is not None
    assert access.revoke_all(store, mine, person_id, clock.now()) == 1


def test_disabled_person_is_out_at_once_and_stays_out(store, clock, actors):
    """Sessions end, the right password gets the sentence for a wrong one, the row stays."""
    person_id = add(store, clock)
    token = come_in(store, clock)
    access.disable_person(store, actors.admin, person_id, clock.now())

    assert access.actor_of(store, token, clock.now()) is None
    with pytest.raises(NotAllowed, match="do not match"):
        come_in(store, clock)
    assert person_id in [one.id for one in access.list_people(store, actors.admin)]


def test_roles_change_at_the_next_look_up(store, clock, actors):
    """A session has the roles of the moment, not those of the sign-in."""
    person_id = add(store, clock)
    token = come_in(store, clock)
    place = ("Tổ trực", {Role.LEADER})
    access.set_roles(store, actors.admin, person_id, place, clock.now())

    actor = access.actor_of(store, token, clock.now())

    assert actor is not None
    assert actor.roles == {Role.LEADER}


def test_own_password_changes_and_ends_every_session(store, clock):
    """The old password must be right; the new one works from then on."""
    add(store, clock)
    token = come_in(store, clock)
    actor = access.actor_of(store, token, clock.now())

    assert actor is not None
    assert access.must_change_password(store, actor)
    with pytest.raises(NotAllowed):
        access.change_password(store, actor, "wrong password", "another long one", now=clock.now())

    access.change_password(store, actor, PASSWORD, "another long one", now=clock.now())

    assert access.actor_of(store, token, clock.now()) is None
    assert not access.must_change_password(store, actor)
    assert come_in(store, clock, password="another long one")


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_password_of_unfit_length_is_refused(store, clock, password):
    """Ten characters are the least, 200 the most."""
    with pytest.raises(InputError, match="choose one of 10 to 200"):
        access.add_person(
            store,
            access.operator(),
            "Ánh",
            password,
            roles={Role.ADMIN},
            team="Tổ trực",
            now=clock.now(),
        )


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\u202eb", "x" * 81])
def test_name_that_cannot_be_shown_is_refused(store, clock, name):
    """Empty, long and invisible names could pass for somebody else's."""
    with pytest.raises(InputError, match="printable"):
        add(store, clock, name)


def test_language_is_one_that_the_screens_speak(store, clock):
    """Another language is refused when a person is added and when they choose."""
    person_id = add(store, clock)
    token = come_in(store, clock)
    actor = access.actor_of(store, token, clock.now())
    with pytest.raises(InputError, match="en, vi"):
        add(store, clock, "Bình", language="fr")
    with pytest.raises(InputError, match="en, vi"):
        access.set_language(store, actor, "fr")

    access.set_language(store, actor, "en")
    access.set_language(store, access.operator(), "en")
    actor = access.actor_of(store, token, clock.now())

    assert actor is not None
    assert (actor.id, actor.language) == (person_id, "en")


def test_only_admins_and_the_operator_handle_people(store, clock, actors):
    """Everybody else is refused by the job, whatever a screen shows."""
    person_id = add(store, clock)
    for actor in (actors.an, actors.coordinator, actors.leader, actors.analyst):
        for call in (
            lambda actor=actor: access.list_people(store, actor),
            lambda actor=actor: access.disable_person(store, actor, person_id, clock.now()),
            lambda actor=actor: access.set_roles(store, actor, person_id, ("x", ()), clock.now()),
            lambda actor=actor: access.add_person(
                store, actor, "Bình", PASSWORD, roles=(), team="x", now=clock.now()
            ),
        ):
            with pytest.raises(NotAllowed, match="needs the role admin"):
                call()
    with pytest.raises(NotFound):
        access.disable_person(store, actors.admin, "999", clock.now())


def test_require_names_the_role_that_is_missing():
    """The error carries the role, so that a screen can say whom to ask."""
    nobody = Actor(id="1", name="x", roles=frozenset())
    with pytest.raises(NotAllowed, match="you have no role") as caught:
        access.require(nobody, Role.REVIEWER, Role.COORDINATOR)

    assert caught.value.role == "reviewer"
    access.require(access.operator(), Role.LEADER)
    with pytest.raises(NotAllowed, match="only a person"):
        access.require_person(access.operator(), Role.REVIEWER)


def test_link_lets_a_new_person_choose_a_password_once(store, clock):
    """A person without a password comes in by link only, and only once by the same link."""
    person_id = access.add_person(
        store,
        access.operator(),
        "Bình",
        None,
        roles={Role.ADMIN},
        team="Tổ trực",
        now=clock.now(),
    )
    with pytest.raises(NotAllowed, match="do not match"):
        come_in(store, clock, "Bình", "")
    link = access.make_link(store, person_id, clock.now())
    with pytest.raises(NotAllowed, match="needs a new password"):
        access.use_link(store, link, now=clock.now())
    with pytest.raises(InputError):
        access.use_link(store, link, "short", client=CLIENT, now=clock.now())

    token = access.use_link(store, link, PASSWORD, client=CLIENT, now=clock.now())
    actor = access.actor_of(store, token, clock.now())

    assert actor is not None
    assert actor.id == person_id
    assert not access.must_change_password(store, actor)
    assert come_in(store, clock, "Bình")
    with pytest.raises(NotAllowed, match="used already"):
        access.use_link(store, link, PASSWORD, now=clock.now())


def test_link_of_the_demo_needs_no_password_and_runs_out(store, clock):
    """A simulated person comes in by link alone, within ten minutes."""
    person_id = add(store, clock, simulated=True)
    link = access.make_link(store, person_id, clock.now())
    old = access.make_link(store, person_id, clock.now())
    token = access.use_link(store, link, now=clock.now())
    actor = access.actor_of(store, token, clock.now())

    assert actor is not None
    assert actor.simulated
    with pytest.raises(NotAllowed, match="used already"):
        access.use_link(store, link, now=clock.now())
    clock.advance(minutes=10)
    with pytest.raises(NotAllowed, match="older than 10 minutes"):
        access.use_link(store, old, now=clock.now())


def test_link_is_no_session_and_a_session_no_link(store, clock):
    """Neither token opens the other door."""
    person_id = add(store, clock, simulated=True)
    link = access.make_link(store, person_id, clock.now())
    token = come_in(store, clock)

    assert access.actor_of(store, link, clock.now()) is None
    with pytest.raises(NotAllowed):
        access.use_link(store, token, now=clock.now())


def test_link_dies_with_the_persons_sessions(store, clock, actors):
    """Revoking and disabling end links that are under way."""
    person_id = add(store, clock, simulated=True)
    link = access.make_link(store, person_id, clock.now())
    access.revoke_all(store, actors.admin, person_id, clock.now())
    with pytest.raises(NotAllowed):
        access.use_link(store, link, now=clock.now())
    link = access.make_link(store, person_id, clock.now())
    with store.write() as conn:
        conn.execute(tables.person.update().values(disabled_at=clock.now()))

    with pytest.raises(NotAllowed):
        access.use_link(store, link, now=clock.now())


@pytest.mark.parametrize("token", ["", "x", "\udc80", "đ" * 10_000])
def test_made_up_token_finds_nobody(store, clock, token):
    """Whatever a cookie holds, it is no reason to stumble."""
    assert access.actor_of(store, token, clock.now()) is None
