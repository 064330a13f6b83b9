"""A reviewer's own filter: what it may ask for, and what an address may say."""

from __future__ import annotations

from dataclasses import fields

import pytest

from evenhand.dashboard.jobs import claims, filters, languages
from evenhand.dashboard.jobs.filters import Filter
from evenhand.data.errors import InputError, NotAllowed
from tests.review_floor import put_item, put_source


def test_filter_has_no_author_no_topic_and_no_sentiment():
    """By reason, language and source, and by nothing else."""
    assert ["labels", "langs", "sources"] == [one.name for one in fields(Filter)]
    assert ("label", "lang", "source") == filters.FIELDS


def test_reviewer_claims_and_counts_under_a_filter(store, clock, actors):
    """The three parts hold together."""
    with store.write() as conn:
        wanted = put_item(conn, "spam", lang="en").id
        put_item(conn, "spam", lang="vi")
        put_item(conn, "hate", lang="en")
        source = str(put_source(conn))
    only = Filter(("spam",), ("en",), (source,))

    assert claims.waiting(store, actors.an, None, only) == 1
    assert claims.waiting(store, actors.an, ["request"], only) == 0
    assert [wanted] == [
        one.id for one in claims.claim_next(store, actors.an, now=clock.now(), only=only)
    ]


@pytest.mark.parametrize(
    "only", [Filter(labels=("politics",)), Filter(sources=("x",)), Filter(sources=("9" * 19,))]
)
def test_filter_that_asks_for_what_there_cannot_be_is_refused(store, clock, actors, only):
    """The lists are closed; an id that is no number never reaches the database."""
    with pytest.raises(InputError):
        claims.claim_next(store, actors.an, now=clock.now(), only=only)
    with pytest.raises(InputError):
        claims.waiting(store, actors.an, None, only)


def test_offered_are_the_closed_lists_the_languages_one_reads_and_the_sources(store, clock, actors):
    """Random draws have no label that could be chosen."""
    with store.write() as conn:
        put_item(conn, lang="fr")
        put_item(conn, "audit", lang="und")
    found = filters.offered(store, actors.an, clock.now())
    assert 12 == len(found.labels)
    assert "audit" not in found.labels
    assert ("en", "fr", "und", "vi") == found.langs
    assert ["r/danang"] == list(found.sources.values())

    languages.choose(store, actors.an, ["vi"], clock.now())
    assert ("und", "vi") == filters.offered(store, actors.an, clock.now()).langs
    for refused in (actors.leader, actors.analyst, actors.admin):
        with pytest.raises(NotAllowed):
            filters.offered(store, refused, clock.now())


def test_address_is_read_without_what_there_is_not(store, clock, actors):
    """What is left out is named by its field, each once."""
    with store.write() as conn:
        source = str(put_source(conn))
    choices = filters.offered(store, actors.an, clock.now())
    asked = {"label": "spam,nonsense,spam,x", "lang": ",vi,vi", "source": f"{source},0"}

    values, bad = filters.from_address(choices, asked)

    assert {"label": ["spam"], "lang": ["vi"], "source": [source]} == values
    assert ["label", "source"] == bad
    assert ({"label": [], "lang": [], "source": []}, []) == filters.from_address(choices, {})
