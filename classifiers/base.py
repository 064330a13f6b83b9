"""What every classifier does: texts in, one tag per text out, in order.

Import this module for the type alone: it loads no model and no library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.data.records import Tag, Text


class Classifier(Protocol):
    """Tags texts; holds no state that a call changes in its results."""

    @property
    def model(self) -> str:
        """Name the version, as it is stored with each tag."""

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Tag *texts*: one tag per text, in the same order; an empty sequence gives []."""
