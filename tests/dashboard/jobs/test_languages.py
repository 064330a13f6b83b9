"""A person chooses what they read, and is handed out nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs import claims, languages
from evenhand.dashboard.jobs.access import operator
from evenhand.data.errors import InputError, NotAllowed
from tests.review_floor import put_item, put_items


def taken(store, actor, clock, **changes):
    return [one.id for one in claims.claim_next(store, actor, now=clock.now(), **changes)]


def test_only_items_in_languages_that_a_person_reads_are_handed_out(store, clock, actors):
    """The count says the same; what is too short to say comes to everybody."""
    with store.write() as conn:
        viet, short = put_item(conn, lang="vi").id, put_item(conn, lang="und").id
        english = put_item(conn, lang="en").id
    languages.choose(store, actors.an, ["vi"], clock.now())

    assert claims.waiting(store, actors.an) == 2
    assert {viet, short} == set(taken(store, actors.an, clock))
    assert [english] == taken(store, actors.binh, clock)


def test_filter_narrows_what_a_person_reads_and_never_widens_it(store, clock, actors):
    """A link from a colleague brings nothing that one cannot read."""
    with store.write() as conn:
        put_item(conn, lang="en")
        viet = put_item(conn, lang="vi").id
        put_item(conn, lang="fr")
    languages.choose(store, actors.an, ["vi", "fr"], clock.now())
    both, english = claims.Filter(langs=("vi", "en")), claims.Filter(langs=("en",))

    assert [] == taken(store, actors.an, clock, only=english)
    assert [viet] == taken(store, actors.an, clock, only=both)


def test_choosing_gives_back_what_is_held_and_choosing_the_same_does_not(store, clock, actors):
    """Nothing stays with somebody who cannot read it."""
    put_items(store, 3, lang="en")
    taken(store, actors.an, clock)

    assert 3 == languages.choose(store, actors.an, ["vi"], clock.now())
    assert 3 == len(taken(store, actors.binh, clock))
    assert 0 == languages.choose(store, actors.binh, [], clock.now())
    assert 3 == len(claims.held(store, actors.binh, clock.now()))
    assert languages.own(store, actors.an) == {"vi"}


def test_languages_on_offer_are_ours_those_that_came_in_and_ones_own(store, clock, actors):
    """Not what is too short to say: that is no language."""
    with store.write() as conn:
        put_item(conn, lang="fr")
        put_item(conn, lang="und")
    languages.choose(store, actors.an, ["km"], clock.now())

    assert ["en", "fr", "km", "vi"] == languages.offered(store, actors.an, clock.now())
    clock.advance(days=40)
    assert ["en", "vi"] == languages.offered(store, actors.binh, clock.now())


@pytest.mark.parametrize(
    "chosen", [["Vietnamese"], ["und"], [""], [f"a{c}" for c in "bcdefghijklmnopqrstuvwx"]]
)
def test_what_is_no_language_is_refused(store, clock, actors, chosen):
    """And nothing changes."""
    with pytest.raises(InputError, match="language"):
        languages.choose(store, actors.an, chosen, clock.now())

    assert languages.own(store, actors.an) == frozenset()


def test_only_people_who_take_items_choose_languages(store, clock, actors):
    """For themselves alone: no call takes another person."""
    for refused in (actors.leader, actors.analyst, actors.admin, operator()):
        for call in (
            lambda who=refused: languages.own(store, who),
            lambda who=refused: languages.offered(store, who, clock.now()),
            lambda who=refused: languages.choose(store, who, ["vi"], clock.now()),
        ):
            with pytest.raises(NotAllowed):
                call()
    assert languages.SEEN == timedelta(days=28)
