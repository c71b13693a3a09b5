"""Sphinx settings of this documentation: `make docs` builds it strictly, without a network."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

_manifest = ElementTree.parse(Path(__file__).parents[1] / "package.xml").getroot()

project = "noetra_ros"
author = copyright = "noetra_ros contributors, Apache-2.0"
release = version = _manifest.findtext("version") or ""
extensions = ["myst_parser"]
myst_heading_anchors = 3  # links to headings, as GitHub makes them

html_theme = "furo"
html_title = f"noetra_ros {release}"
html_static_path = ["_static"]
html_css_files = ["wide_tables.css"]
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e4f", "color-brand-content": "#0b6e4f"},
    "dark_css_variables": {"color-brand-primary": "#5fd3a6", "color-brand-content": "#5fd3a6"},
}
html_show_sourcelink = False
html_copy_source = False


def without_empty_patterns(app, docname, source):
    """Patterns in the list of pages that match no page yet: Sphinx warns, and has no switch for that."""
    if docname == "index":
        here = Path(__file__).parent

        def kept(line):
            return line[0] if any(here.glob(f"{line[1]}.md")) else ""

        source[0] = re.sub(r"^(\w+\*)\n", kept, source[0], flags=re.MULTILINE)


def setup(app):
    """Called by Sphinx."""
    app.connect("source-read", without_empty_patterns)
