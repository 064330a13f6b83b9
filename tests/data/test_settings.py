"""Settings: from four places, unknown keys refused, every one documented."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from evenhand.data.errors import SettingsError
from evenhand.data.settings import FILE_NAME, HelpLine, Settings, SourceBlock, load_settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"
# TOML texts: no lone surrogates, and no control characters, which TOML refuses.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    """Whatever this machine sets, the tests start from nothing."""
    for name in ("EVENHAND_WORKSPACE", "EVENHAND_LANGUAGE", "EVENHAND_SERVER__PORT"):
        monkeypatch.delenv(name, raising=False)


def write(folder, text):
    (folder / FILE_NAME).write_text(text, "utf-8")
    return folder


def test_settings_have_their_defaults_when_the_file_is_empty(tmp_path):
    """An empty file is a workspace."""
    found = load_settings(write(tmp_path, ""))

    assert (found.language, found.retention.unflagged_days) == ("en", 7)
    assert (found.server.host, found.server.port) == ("127.0.0.1", 8501)
    assert found.url == f"sqlite:///{tmp_path / 'evenhand.sqlite'}"
    assert found.sources == ()


def test_settings_prefer_argument_then_environment_then_file(tmp_path, monkeypatch):
    """The nearer to the person, the stronger."""
    folder = write(tmp_path, 'language = "vi"\n[server]\nport = 9001\n')

    assert load_settings(folder).language == "vi"
    monkeypatch.setenv("EVENHAND_LANGUAGE", "en")
    monkeypatch.setenv("EVENHAND_SERVER__PORT", "9002")

    assert (load_settings(folder).language, load_settings(folder).server.port) == ("en", 9002)
    assert load_settings(folder, language="vi").language == "vi"
    assert load_settings(folder, language=None).language == "en"


def test_workspace_is_taken_from_the_environment_when_no_argument_names_it(tmp_path, monkeypatch):
    """One variable serves every command."""
    monkeypatch.setenv("EVENHAND_WORKSPACE", str(write(tmp_path, "")))

    assert load_settings().workspace == tmp_path.resolve()


def test_settings_are_refused_when_no_workspace_is_named():
    """The message says the three ways to name one."""
    with pytest.raises(SettingsError, match=r"--workspace DIR.*EVENHAND_WORKSPACE.*evenhand init"):
        load_settings()


def test_settings_are_refused_when_the_folder_is_no_workspace(tmp_path):
    """A folder without the file is named, with the command that makes one."""
    with pytest.raises(SettingsError, match="evenhand init"):
        load_settings(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("langauge = 'vi'", "`langauge`.*is not a setting"),
        ("[retention]\nunflagged_day = 3", r"`retention\.unflagged_day`.*is not a setting"),
        ("[retention]\nunflagged_days = 15", r"`retention\.unflagged_days`.*less than or equal"),
        ("[retention]\nunflagged_days = 0", r"`retention\.unflagged_days`.*greater than or equal"),
        ("[retention]\nunflagged_days = 'never'", r"`retention\.unflagged_days`.*integer"),
        ("[review]\nlease_minutes = 0", r"`review\.lease_minutes`"),
        ("[server]\nport = 70000", r"`server\.port`"),
        ("language = 'fr'", "`language`"),
        ("[[source]]\nkind = 'file'", r"`source\.0\.name`"),
        ("workspace = '/elsewhere'", "remove the line"),
        ("language = ", "is not valid TOML"),
        ("a = 1\na = 2", "is not valid TOML"),
    ],
)
def test_settings_are_refused_with_the_key_when_it_cannot_be_used(tmp_path, text, said):
    """Unknown, out of range, of another kind, or no TOML: the sentence names the place."""
    with pytest.raises(SettingsError, match=said):
        load_settings(write(tmp_path, text))


def test_settings_are_refused_when_the_file_is_no_utf8(tmp_path):
    """An odd encoding is told as what it is."""
    (tmp_path / FILE_NAME).write_bytes(b'organisation = "\xff\xfe"')

    with pytest.raises(SettingsError, match="is not valid TOML"):
        load_settings(tmp_path)


def test_refusal_repeats_no_value(tmp_path):
    """A value may be a secret that stands at the wrong key."""
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, "[server]\npasword = 'hunter2'\nport = 'hunter3'"))

    assert "hunter" not in str(caught.value)


def test_settings_cannot_be_changed_once_they_are_built(tmp_path):
    """They are passed along, so nobody changes them under another's feet."""
    found = load_settings(write(tmp_path, ""))

    with pytest.raises((ValidationError, FrozenInstanceError)):
        found.language = "vi"
    with pytest.raises(ValidationError):
        found.retention.unflagged_days = 14


def test_source_block_keeps_the_keys_of_its_connector(tmp_path):
    """What is not the source's own is handed to the connector, unread."""
    text = (
        '[[source]]\nname = "r/lambay"\nkind = "reddit"\nmay_train = false\n'
        'subreddits = ["lambay"]\nclient_secret = "env:REDDIT_SECRET"\n'
    )
    (found,) = load_settings(write(tmp_path, text)).sources

    assert (found.name, found.kind, found.may_train) == ("r/lambay", "reddit", False)
    assert found.options == {"subreddits": ["lambay"], "client_secret": "env:REDDIT_SECRET"}


@given(
    organisation=WORDS,
    accounts=st.lists(WORDS, max_size=4),
    days=st.integers(1, 14),
    port=st.integers(1, 65535),
    demo=st.booleans(),
)
@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
def test_settings_survive_a_round_trip_through_the_file(  # noqa: PLR0913, PLR0917 - one argument a setting
    tmp_path, organisation, accounts, days, port, demo
):
    """What is written is read, whatever the letters."""
    # JSON's strings are TOML's basic strings, save for the letters that were left out.
    lines = [
        f"organisation = {json.dumps(organisation, ensure_ascii=False)}",
        f"accounts = {json.dumps(accounts, ensure_ascii=False)}",
        f"demo = {json.dumps(demo)}",
        f"[retention]\nunflagged_days = {days}",
        f"[server]\nport = {port}",
    ]
    found = load_settings(write(tmp_path, "\n".join(lines)))

    assert (found.organisation, list(found.accounts), found.demo) == (organisation, accounts, demo)
    assert (found.retention.unflagged_days, found.server.port) == (days, port)


def every_setting(model=Settings, before=""):
    """Give the dotted name of every setting and its field, blocks left out."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from every_setting(kind, f"{before}{name}.")
        elif name not in {"source", "help_line"}:
            yield f"{before}{name}", field
    if model is Settings:
        yield from every_setting(SourceBlock, "source.")
        yield from every_setting(HelpLine, "help_line.")


@pytest.mark.parametrize("name", [name for name, _ in every_setting()])
def test_every_setting_has_a_heading_and_its_default_in_the_documentation(name):
    """`docs/settings.md` gives each its kind, default and purpose."""
    text = DOCUMENT.read_text("utf-8")
    field = dict(every_setting())[name]
    _, _, section = text.partition(f"### `{name}`\n")
    section = section.split("\n### ")[0].split("\n## ")[0]

    assert section.strip(), f"docs/settings.md has no heading ### `{name}`"
    if not field.is_required():
        default = field.default
        shown = json.dumps(list(default) if isinstance(default, tuple) else default)
        assert f"Default: `{shown}`" in section


def test_documentation_names_no_setting_that_does_not_exist():
    """A setting that went away goes from the page too."""
    headings = [
        line.removeprefix("### `").removesuffix("`")
        for line in DOCUMENT.read_text("utf-8").splitlines()
        if line.startswith("### `")
    ]

    assert sorted(headings) == sorted(name for name, _ in every_setting())
