"""What a page shows, kept in its address, so that a link shows the same.

Streamlit's own binding writes the wording of a choice into the address, which another language
would not find again; here its key stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def begin(key: str, name: str, known: Collection[str] | None = None, usual: str = "") -> None:
    """Let a widget that was not drawn yet begin with what the address says under *name*.

    Args:
        key: The widget's.
        name: The field of the address.
        known: What the widget can show; None means any text.
        usual: What it shows where the address says nothing that it could show.
    """
    held = st.session_state.get(key)
    if held is None or (known is not None and held not in known):
        asked = st.query_params.get(name, usual)
        st.session_state[key] = asked if known is None or asked in known else usual


def keep(fields: Mapping[str, str], usual: Mapping[str, str] | None = None) -> None:
    """Write fields into the address, leaving out what is empty or as usual."""
    for name, value in fields.items():
        if value and value != (usual or {}).get(name):
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
