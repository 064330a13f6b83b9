"""The look: one calm palette in two lights, for Streamlit's theme and for our own pages.

Every text colour keeps at least 4.5:1 on both of its grounds (tests/dashboard/test_look.py), since
Streamlit's own grey for captions does not.
"""

from __future__ import annotations

from dataclasses import dataclass

FONT = '"Source Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
# Two beams in balance: the mark of the product, drawn in the accent of either light.
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img" aria-label="Evenhand">'
    '<rect width="32" height="32" rx="7" fill="#1B5E6B"/>'
    '<rect x="7" y="10" width="18" height="4" rx="2" fill="#FFFFFF"/>'
    '<rect x="7" y="18" width="18" height="4" rx="2" fill="#FFFFFF"/></svg>'
)

# On paper there is nothing to press: no sidebar, no buttons, all that is folded open, and no chart
# or line of a table cut in two.  Streamlit's page scrolls inside itself, of which a printer would
# get the first screen only.  Of choices the one that is made is printed; a grid that was folded
# away was never drawn, and would be an empty box.  A figure, its weeks and its sentence stay side
# by side.
PRINT = """
@media print {
  [data-testid=stSidebar], [data-testid=stHeader], [data-testid=stDownloadButton],
  [data-testid=stPageLink], [data-testid=stStatusWidget], [data-testid=stElementToolbar],
  [data-testid=stExpandSidebarButton], [data-testid=stTooltipIcon] { display: none !important; }
  html, body, #root, .stApp, [data-testid=stApp], [data-testid=stAppViewContainer],
  [data-testid=stMain] {
    position: static !important; overflow: visible !important; height: auto !important;
  }
  [data-testid=stMainBlockContainer] { max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  [data-testid=stPlotlyChart], [data-testid=stMetric], [class*=st-key-evenhand-figure-], tr {
    break-inside: avoid;
  }
  h1, h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; height: auto; }
  details:not([open]) [data-testid=stDataFrame],
  [data-testid=stButtonGroup] button[aria-checked=false] { display: none !important; }
  [data-testid=stButtonGroup] button, [data-testid=stButtonGroup] button * {
    flex-shrink: 0 !important; width: max-content !important; max-width: none !important;
    overflow: visible !important;
  }
  [class*=st-key-evenhand-figure-] [data-testid=stHorizontalBlock] {
    display: flex !important; flex-wrap: nowrap !important;
  }
  [class*=st-key-evenhand-figure-] [data-testid=stColumn] {
    width: auto !important; min-width: 0 !important;
  }
}
"""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one light, as #RRGGBB.

    *muted* is for captions; *panel* is the ground of the sidebar and of boxes.
    *series* are the colours of up to six named things in one chart, told apart by people with
    any common colour blindness too; *grey* is for what has no name of its own there, *track* for
    what is left of a whole.
    """

    paper: str
    panel: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str
    red: str
    green: str
    amber: str
    blue: str
    grey: str
    track: str
    series: tuple[str, ...]


LIGHT = Palette(
    paper="#FCFBF9",
    panel="#F3F1EC",
    ink="#1D2A30",
    muted="#52606A",
    line="#D9D5CC",
    accent="#1B5E6B",
    on_accent="#FFFFFF",
    red="#9B2C1F",
    green="#28663A",
    amber="#7D5200",
    blue="#1F5488",
    grey="#8A9299",
    track="#E4E0D8",
    series=("#1B5E6B", "#D9772B", "#3E6FC1", "#742035", "#5F7537", "#A85D9F"),
)
DARK = Palette(
    paper="#14191C",
    panel="#1C2327",
    ink="#E7EAE7",
    muted="#A9B4B8",
    line="#3A444A",
    accent="#7CC3CF",
    on_accent="#0E2227",
    red="#F2A599",
    green="#93CFA2",
    amber="#E2BE73",
    blue="#9AC4EE",
    grey="#6E7A80",
    track="#2C363B",
    series=("#7CC3CF", "#DAA52B", "#8994EA", "#C84870", "#CAD88F", "#6D4ADF"),
)


def theme_options() -> dict[str, object]:
    """Word both palettes as Streamlit's theme options; the browser's preference chooses."""
    options: dict[str, object] = {
        "theme.font": "sans-serif",
        "theme.headingFont": "sans-serif",
        "theme.baseFontSize": 16,
        "theme.headingFontSizes": ["2rem", "1.4rem", "1.15rem", "1rem", "1rem", "1rem"],
        "theme.headingFontWeights": [600, 600, 600, 600, 600, 600],
        "theme.metricValueFontSize": "2rem",
        "theme.baseRadius": "0.5rem",
        "theme.showWidgetBorder": True,
        "theme.showSidebarBorder": True,
        "theme.linkUnderline": True,
        "theme.paddingTop": "2.5rem",
    }
    for light, palette in (("light", LIGHT), ("dark", DARK)):
        options |= _colours(f"theme.{light}", palette)
        options |= _colours(f"theme.{light}.sidebar", palette, sidebar=True)
        options[f"theme.{light}.chartCategoricalColors"] = chart_colours(palette)
        options[f"theme.{light}.chartSequentialColors"] = shades(palette)
    return options


def chart_colours(palette: Palette) -> list[str]:
    """List the ten colours that charts name by their place (`charts` says which is which)."""
    return [*palette.series, palette.grey, palette.track, palette.amber, palette.muted]


def shades(palette: Palette) -> list[str]:
    """Mix ten even steps from a little above the paper to the accent, for few to many."""
    return [_mix(palette.paper, palette.accent, 0.1 + 0.9 * step / 9) for step in range(10)]


def _mix(ground: str, colour: str, share: float) -> str:
    pairs = ((int(ground[at : at + 2], 16), int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in pairs)


def _colours(section: str, palette: Palette, *, sidebar: bool = False) -> dict[str, object]:
    grounds = (palette.panel, palette.paper) if sidebar else (palette.paper, palette.panel)
    named = {
        "primaryColor": palette.accent,
        "backgroundColor": grounds[0],
        "secondaryBackgroundColor": grounds[1],
        "textColor": palette.ink,
        "linkColor": palette.accent,
        "borderColor": palette.line,
        "grayTextColor": palette.muted,
        "redTextColor": palette.red,
        "greenTextColor": palette.green,
        "orangeTextColor": palette.amber,
        "yellowTextColor": palette.amber,
        "blueTextColor": palette.blue,
        # Streamlit writes white on every filled button, which nobody can read on a pale accent.
        # Violet is ours to give away: `widgets.main_label` writes such labels in it.
        "violetTextColor": palette.on_accent,
    }
    return {f"{section}.{name}": colour for name, colour in named.items()}
