"""Kinds of sources: each opens to what the protocol asks for, and loads its library only then."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evenhand.connectors.base import CheckResult, Tools
from evenhand.connectors.catalog import KINDS, open_connector, spec_of
from evenhand.data.errors import SourceMisconfigured
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import SourceSpec
from tests.connectors.reddit_server import AGENT, ENVIRON

BLOCK = {
    "subreddits": ["vietnam"],
    "client_id": "app",
    "client_secret": "env:TEST_REDDIT_SECRET",
    "user_agent": AGENT,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_is_and_takes(kind):
    """The spec bears the kind's own name, a title, and options that each say what they are for."""
    spec = spec_of(kind)
    names = [option.name for option in spec.options]

    assert (kind, True) == (spec.kind, bool(spec.title))
    assert len(names) == len(set(names)) > 0
    assert all(option.purpose for option in spec.options)


def test_open_connector_gives_one_that_can_check_fetch_and_recheck(clock):
    """Opening asks for nothing; checking gives a sentence and never raises for the source."""
    connector = open_connector(
        SourceSpec("quê nhà", "reddit", BLOCK | {"reddit_url": "http://127.0.0.1:9"}),
        Tools(Pseudonyms(b"k" * 32), clock.now, ENVIRON),
    )
    found = connector.check()

    assert spec_of("reddit") == connector.spec
    assert isinstance(found, CheckResult)
    assert not found.ok
    assert "could not be reached" in found.message
    assert [] == list(connector.recheck([]))


def test_unknown_kind_is_refused_with_those_that_there_are(clock):
    """A misspelt kind names what could have been meant."""
    tools = Tools(Pseudonyms(b"k" * 32), clock.now)
    for ask in (lambda: open_connector(SourceSpec("x", "redit", {}), tools), lambda: spec_of("x")):
        with pytest.raises(SourceMisconfigured, match="file, reddit"):
            ask()


def test_listing_the_kinds_loads_no_platforms_library():
    """A process that only names kinds has neither praw nor pyarrow in it."""
    code = (
        "import sys; from evenhand.connectors.catalog import KINDS; "
        "print(sorted({'praw', 'pyarrow', 'requests'} & sys.modules.keys()), len(KINDS))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert f"[] {len(KINDS)}" == ended.stdout.decode().strip()
