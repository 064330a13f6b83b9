"""Both lights are readable."""

from __future__ import annotations

import pytest
from streamlit import config

from evenhand.dashboard.look import DARK, LIGHT, theme_options


def luminance(colour):
    """Relative luminance by WCAG 2.2, from #RRGGBB."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    """The measure itself is right at its end."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "red", "green", "amber", "blue"])
def test_text_stands_out_from_its_ground(palette, ground, text):
    """Every text colour keeps 4.5:1 on both grounds of its light."""
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_button_text_stands_out_from_the_accent(palette):
    """A filled button can be read."""
    assert contrast(palette.on_accent, palette.accent) >= 4.5


def test_theme_options_are_all_known_to_streamlit():
    """A theme option that Streamlit does not know would do nothing, silently."""
    assert set(theme_options()) <= set(config._config_options_template)
