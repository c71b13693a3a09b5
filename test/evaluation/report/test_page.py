"""The page holds what it must, is well formed, needs no other file and escapes what it is given."""

from html.parser import HTMLParser

import pytest

from noetra_ros.evaluation.records import SafetyEventRecord
from noetra_ros.evaluation.report.page import (
    NOT_SAFETY_RATED,
    Chapter,
    Drawing,
    Page,
    Picture,
    Section,
    Table,
    Tile,
    number_words,
    render_page,
    write_page,
)

VOID = {"meta", "img", "br", "hr", "link", "input", "path", "use"}


class TagBalance(HTMLParser):
    """Fails where tags do not close in order; collects sources and text."""

    def __init__(self):
        super().__init__()
        self.open, self.sources, self.text = [], [], []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        self.sources += [value for name, value in attributes if name in ("src", "href")]

    def handle_startendtag(self, tag, attributes):
        self.sources += [value for name, value in attributes if name == "src"]

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page):
    parser = TagBalance()
    parser.feed(render_page(page))
    assert parser.open == []
    return parser, " ".join(" ".join(parser.text).split())


EVENT = SafetyEventRecord(
    1.25, "velocity", "clamp", "gripper", 8.2, 2.5, "rad/s", "asked 8.2 rad/s", "active", 3
)
CHAPTER = Chapter(
    "pick up the red cube",
    "The sentence was given.",
    "The cube was lifted.",
    is_ok=True,
    facts=[("time", "3.2 s")],
    pictures=[Picture(b"\x89PNG", "t = 1 s")],
    drawings=[Drawing("<svg><path d='M0 0'/></svg>", "what to see")],
    events=[EVENT],
)
PAGE = Page(
    "A demo",
    "Three sentences.",
    is_ok=True,
    tiles=[Tile("limits passed", "0")],
    sections=[Section("Sentences", "One by one.", [CHAPTER])],
    tables=[Table("By task", ["task", "successes"], [["pick", "9 of 10"]])],
    facts={"machine": "a laptop"},
)


@pytest.mark.parametrize(
    "words",
    [
        "A demo", "Three sentences.", "everything did what is declared", "limits passed", "the red cube",
        "The cube was lifted.", "3.2 s", "t = 1 s", "what to see", "velocity", "8.2 rad/s", "2.5 rad/s",
        "9 of 10", "a laptop", NOT_SAFETY_RATED,
    ],
)  # fmt: skip
def test_page_says(words):
    assert words in read(PAGE)[1]


def test_page_needs_no_other_file():
    sources = read(PAGE)[0].sources
    assert [s for s in sources if not s.startswith("data:image/png;base64,")] == []
    assert len(sources) == 1


def test_failure_is_said():
    chapter = Chapter("kill", "SIGKILL.", "It went on.", is_ok=False)
    text = read(Page("A demo", "s", is_ok=False, sections=[Section("Bad things", "", [chapter])]))[1]
    assert "not everything did what is declared" in text
    assert "not as declared" in text


def test_text_is_escaped():
    assert "<script>" not in render_page(Page("<script>alert(1)</script>", "s", is_ok=True))


def test_write_makes_the_folder(tmp_path):
    write_page(PAGE, tmp_path / "a" / "index.html")
    assert (tmp_path / "a" / "index.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(8.21234, "rad/s", "8.212 rad/s"), (float("nan"), "m", "–"), (-1.0, "1", "−1"), (None, "m", "–")],
)
def test_number_words(value, unit, words):
    assert number_words(value, unit) == words
