"""Pseudonyms, keyed hashes, sealed locators, masked mentions, and the key file."""

from __future__ import annotations

import os
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.data.errors import SettingsError
from evenhand.data.pseudonym import (
    KEY_BYTES,
    KEY_FILE,
    NOBODY,
    Pseudonyms,
    load_key,
    load_or_make_key,
    mask_name,
)

ONE, OTHER = Pseudonyms(b"1" * KEY_BYTES), Pseudonyms(b"2" * KEY_BYTES)
# Names as platforms allow them, and worse: any letters at all, lone surrogates included.
NAMES = st.text(min_size=1, max_size=40).filter(lambda name: name.strip() not in NOBODY)
PLATFORMS = st.sampled_from(["reddit", "bluesky", "mastodon", "youtube", "file"])


@given(PLATFORMS, NAMES)
def test_author_has_one_pseudonym_that_hides_the_name(platform, name):
    """Same name, same pseudonym, of letters and digits alone, in which no name of 5 is found."""
    ref = ONE.author(platform, name)

    assert ref == ONE.author(platform, name)
    assert ref.isascii()
    assert ref.isalnum()
    assert len(ref) == 26
    assert len(name) < 5 or name.casefold() not in ref


@given(PLATFORMS, NAMES, NAMES)
def test_two_names_have_two_pseudonyms(platform, name, another):
    """No two authors fall together, and no two are alike in how they begin."""
    same = name == another

    assert (ONE.author(platform, name) == ONE.author(platform, another)) is same


@given(NAMES)
def test_pseudonym_depends_on_key_platform_and_use(name):
    """One name on two platforms, under two keys, or as another kind of id: nothing joins them."""
    found = {
        ONE.author("reddit", name),
        ONE.author("bluesky", name),
        OTHER.author("reddit", name),
        ONE.native("reddit", name),
        ONE.context("reddit", name),
        ONE.text("reddit", name),
    }

    assert len(found) == 6


def test_platform_and_name_cannot_be_shifted_into_each_other():
    """("ab", "c") and ("a", "bc") are two."""
    assert ONE.author("ab", "c") != ONE.author("a", "bc")


@pytest.mark.parametrize("nobody", [None, "", "  ", "[deleted]", "[removed]", " [deleted] "])
def test_account_that_is_gone_has_no_pseudonym(nobody):
    """Deleted accounts are not one busy author."""
    assert ONE.author("reddit", nobody) is None


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=60), max_size=4))
def test_locator_opens_to_what_was_sealed(values):
    """Sealing and opening changes nothing, and no two seals are alike."""
    # UTF-8 holds no lone surrogates; platforms' ids and addresses have none.
    values = {name.encode("utf-8", "ignore").decode(): "x" for name in values}
    sealed = ONE.seal(values)

    assert ONE.open(sealed) == values
    assert ONE.seal(values) != sealed


def test_sealed_locator_hides_what_it_holds():
    """Neither id nor address can be read from it."""
    sealed = ONE.seal({"id": "t3_1abcde", "url": "https://www.reddit.com/comments/1abcde/"})

    assert b"1abcde" not in sealed
    assert b"reddit" not in sealed


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: b"\x02" + sealed[1:],
        lambda sealed: sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:],
        lambda _: b"",
        lambda _: b"\x01short",
    ],
)
def test_locator_is_refused_when_it_was_altered(damage):
    """A changed byte, another format, a cut end: the sentence says what to restore."""
    with pytest.raises(SettingsError, match="restore"):
        ONE.open(damage(ONE.seal({"id": "1"})))


def test_locator_is_refused_when_the_key_is_another():
    """A copy of the store alone resolves nothing."""
    with pytest.raises(SettingsError, match=KEY_FILE):
        OTHER.open(ONE.seal({"id": "1"}))


@pytest.mark.parametrize(
    ("platform", "text", "masked"),
    [
        ("reddit", "hỏi u/Meo_Con và /u/ca-vang nhé", "hỏi @someone và @someone nhé"),
        ("reddit", r"thanks u/meo\_con!", "thanks @someone!"),
        ("reddit", "https://www.reddit.com/user/MeoCon/comments/", "reddit.com/@someone"),
        ("reddit", "u/ is a prefix, r/lambay a place", "u/ is a prefix, r/lambay a place"),
        ("bluesky", "chào @meo.bsky.social.", "chào @someone."),
        ("mastodon", "@meo@host.example xin chào", "@someone xin chào"),
        ("bluesky", "https://bsky.app/profile/meo.example/post/1", "bsky.app/profile/@someone"),
        ("youtube", "see facebook.com/meo.con?x=1 now", "see facebook.com/@someone now"),
        ("youtube", "https://facebook.com/groups/lambay", "https://facebook.com/groups/lambay"),
        ("file", "write to a.b@mail.example", "write to a.b@mail.example"),
        ("file", "5 @ 3, meet @ noon", "5 @ 3, meet @ noon"),
        ("file", "", ""),
    ],
)
def test_mentions_are_masked_by_their_form(platform, text, masked):
    """Handles and people's own pages go; mail addresses, places and prices stay."""
    assert ONE.mask_mentions(text, platform) == masked


def test_names_of_the_page_are_masked_wherever_they_stand():
    """Also inside a word and in other capitals, unless they look like ordinary words."""
    names = ["Meo_Con_1990", "Lan", "CaVang77"]

    assert (
        ONE.mask_mentions("MEO_CON_1990 hỏi cavang77s: hoa lan đẹp không?", "reddit", names)
        == "@someone hỏi @someones: hoa lan đẹp không?"
    )


def test_own_name_is_masked_even_when_it_is_a_word():
    """In a text that its bearer wrote, also an ordinary word is the name."""
    assert mask_name("Lan đây, hoa lan và đất Lantana", "Lan") == (
        "@someone đây, hoa @someone và đất Lantana"
    )
    assert mask_name("ai đó", "ai") == "ai đó"


PIECES = ["@meo", "u/", "/u/Meo_Con", "ca", "CaVang77", " ", ".", "/", "reddit.com/user/", "ơ", "_"]


@given(st.lists(st.sampled_from(PIECES), max_size=12), PLATFORMS)
def test_masking_leaves_no_name_of_the_page(pieces, platform):
    """However the names are glued to handles, addresses and letters."""
    masked = ONE.mask_mentions("".join(pieces), platform, ["Meo_Con", "CaVang77"]).casefold()

    assert "cavang77" not in masked
    assert "meo_con" not in masked


@given(st.lists(st.sampled_from(PIECES), max_size=12), PLATFORMS)
def test_masking_twice_changes_nothing_more(pieces, platform):
    """A masked text is a finished text."""
    once = ONE.mask_mentions(" ".join(pieces), platform, ["Meo_Con", "CaVang77"])

    assert ONE.mask_mentions(once, platform, ["Meo_Con", "CaVang77"]) == once


@pytest.mark.parametrize(
    "piece", ["@", "@a", "u/", "a.", "reddit.com/user/", "https://a.b/@", "@a@b."]
)
def test_masking_takes_linear_time_on_hostile_text(piece):
    """No repetition makes it slow."""
    text = (piece * 100_000)[:100_000]
    begun = time.process_time()
    ONE.mask_mentions(text, "reddit", ["Meo_Con_1990"])

    assert time.process_time() - begun < 2.0


def test_key_is_made_once_and_belongs_to_its_owner(tmp_path):
    """The second call reads what the first one wrote; nobody else may read the file."""
    folder = tmp_path / "keys"
    key = load_or_make_key(folder)
    mode = stat.S_IMODE((folder / KEY_FILE).stat().st_mode)

    assert (len(key), mode) == (KEY_BYTES, 0o600)
    assert load_or_make_key(folder) == load_key(folder) == key
    assert load_or_make_key(tmp_path / "other") != key
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_key_is_refused_when_there_is_none(tmp_path):
    """Reading makes nothing: without its key a store stays closed rather than open anew."""
    with pytest.raises(SettingsError, match="restore it from a backup"):
        load_key(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_key_is_refused_when_others_may_read_it(tmp_path, mode):
    """The sentence is the command that mends it."""
    load_or_make_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)

    with pytest.raises(SettingsError, match="chmod 600"):
        load_key(tmp_path)


@pytest.mark.parametrize("size", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_key_is_refused_when_it_is_damaged(tmp_path, size):
    """A key that was cut or grew is not used for anything."""
    path = tmp_path / KEY_FILE
    path.write_bytes(b"x" * size)
    path.chmod(0o600)

    with pytest.raises(SettingsError, match="damaged"):
        load_key(tmp_path)
    with pytest.raises(SettingsError, match="has 32 bytes"):
        Pseudonyms(b"x" * size)


def test_key_is_refused_when_the_folder_cannot_be_made(tmp_path):
    """A file in the folder's place is told, without a word of the key."""
    (tmp_path / "keys").write_text("in the way")

    with pytest.raises(SettingsError, match=r"cannot be written.*check the folder"):
        load_or_make_key(tmp_path / "keys")


def test_key_shows_nowhere():
    """Neither the object nor its parts print it."""
    key = os.urandom(KEY_BYTES)

    assert repr(Pseudonyms(key)) == "Pseudonyms(<key>)"
    assert key.hex() not in f"{Pseudonyms(key)!r}{Pseudonyms(key)}"
