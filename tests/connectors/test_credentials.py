"""Secrets come by reference, and no message repeats one."""

from __future__ import annotations

import pytest

from evenhand.connectors.credentials import LONGEST_SECRET, read_secret
from evenhand.data.errors import SourceMisconfigured

CANARY = "canary-5f1c"


def test_secret_is_fetched_from_the_environment_or_a_file(tmp_path):
    """Both kinds of reference work, without the line end that editors add."""
    path = tmp_path / "secret"
    path.write_text(f"{CANARY}\n", "utf-8")

    assert CANARY == read_secret("key", "env:NAME", {"NAME": f" {CANARY} "})
    assert CANARY == read_secret("key", f"file:{path}", {})


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (CANARY, "must be a reference"),
        ("", "must be a reference"),
        ("env:", "must be a reference"),
        ("file:", "must be a reference"),
        (f"vault:{CANARY}", "must be a reference"),
        ("env:MISSING", "MISSING, which is empty"),
        ("env:BLANK", "BLANK, which is empty"),
        ("file:/nowhere/at/all", "FileNotFoundError"),
        ("file:/", "cannot be read"),
        ("file:a\0b", "cannot be read"),
    ],
)
def test_anything_else_is_refused_by_the_options_name(reference, said):
    """What is no reference, or names nothing, is refused; a secret written down is not repeated."""
    with pytest.raises(SourceMisconfigured, match=said) as caught:
        read_secret("client_secret", reference, {"BLANK": " ", "OTHER": CANARY})

    assert "`client_secret`" in str(caught.value)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"x" * (LONGEST_SECRET + 1)])
def test_file_that_holds_no_secret_is_refused(tmp_path, content):
    """Empty, unreadable and endless files name themselves and not what is in them."""
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(SourceMisconfigured, match="check the file") as caught:
        read_secret("client_secret", f"file:{path}", {})

    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 400
