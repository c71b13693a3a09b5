"""A matplotlib figure as SVG inside a page: text stays text, ink follows the page's light or dark theme."""

from __future__ import annotations

import io
import re

import matplotlib
from matplotlib.figure import Figure

# Colours that no plot uses otherwise; replaced by the page's own, so that one drawing serves both themes.
INK, FAINT, PAPER = "#010203", "#040506", "#070809"
_THEME = {INK: "currentColor", FAINT: "var(--line)", PAPER: "var(--paper)"}

STYLE = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.frameon": False,
}


def style() -> object:
    """Context in which the figures of a page are drawn."""
    return matplotlib.rc_context(STYLE)  # type: ignore[arg-type]


def as_inline_svg(figure: Figure, name: str) -> str:
    """The figure as an ``<svg>`` element.

    Args:
        figure: drawn within `style()`.
        name: unique on the page; keeps clip paths of several figures apart.
    """
    buffer = io.StringIO()
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": name}):  # type: ignore[arg-type]
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'id="(figure|axes|patch|line2d|text|matplotlib|legend|xtick|ytick)[^"]*"', "", svg)
    for sentinel, theme in _THEME.items():
        svg = svg.replace(sentinel, theme)
    return svg
