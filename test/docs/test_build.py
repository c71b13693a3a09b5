"""The documentation builds strictly and offline, and its pages load nothing from elsewhere."""

import re
import subprocess
import sys

import pytest
from blocks import PAGES, REPO

pytest.importorskip("sphinx")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

# What a browser fetches by itself when it shows a page; links that a person clicks are not meant.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data|srcset)\s*=\s*[\"']?\s*(?:https?:)?//"
    r"|<link\b(?![^>]*\brel=[\"']?(?:canonical|next|prev|search|index)\b)[^>]*?\bhref\s*=\s*[\"']?\s*(?:https?:)?//",
    re.IGNORECASE,
)
LOADED_BY_STYLE = re.compile(r"url\(\s*[\"']?\s*(?:https?:)?//|@import\s+[\"'](?:https?:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder of the pages, made as `make docs` makes them, every warning an error."""
    out = tmp_path_factory.mktemp("docs")
    line = re.search(r"sphinx (.*) docs out/docs", (REPO / "Makefile").read_text(encoding="utf-8"))
    assert line is not None and {"-W", "-n", "--keep-going"} <= set(line[1].split())
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *line[1].split(),
        "-d",
        str(out / "trees"),
        "docs",
        str(out / "html"),
    ]
    run = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return out / "html"


def test_every_page_is_there_and_in_the_list_of_pages(built):
    pages = [path.relative_to(REPO / "docs") for path in PAGES if path.is_relative_to(REPO / "docs")]
    assert [str(page) for page in pages if not (built / page.with_suffix(".html")).is_file()] == []


def test_pages_load_nothing_from_elsewhere(built):
    found = []
    for path in sorted(built.rglob("*")):
        if path.suffix in (".html", ".css", ".js", ".svg"):
            text = path.read_text(encoding="utf-8")
            is_style = path.suffix == ".css"
            search = LOADED_BY_STYLE if is_style else LOADED
            found += [f"{path.name}: {match[0][:120]}" for match in search.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        "<img alt='' src='http://example/a.png'>",
    ],
)
def test_the_search_finds_what_it_is_for(text):
    assert LOADED.search(text)


def test_the_search_finds_fonts_and_leaves_links_alone():
    assert LOADED_BY_STYLE.search("src: url('https://fonts.example/a.woff2')")
    assert not LOADED.search('<a href="https://www.ros.org/">ROS</a> <script src="_static/a.js"></script>')
    assert not LOADED.search('<link rel="canonical" href="https://example/"/>')


def test_pages_do_not_fetch_by_script(built):
    """The search of Sphinx is its own index; nothing asks another machine."""
    for path in built.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:fetch|importScripts|import)\(\s*[\"'`](?:https?:)?//", text), path.name
