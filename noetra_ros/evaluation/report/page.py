"""The page itself: typed content in, one HTML file out that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jinja2

from noetra_ros.evaluation.records import SafetyEventRecord
from noetra_ros.evaluation.report.palette import ACTION_COLOURS, MODE_STYLES

TEMPLATE_FOLDER = Path(__file__).parent
TEMPLATE = "page.html.j2"

NOT_SAFETY_RATED = (
    "The supervisor is a non-safety-rated supervisory layer. It is not a safety function in the sense of "
    "ISO 13849-1 or IEC 61508; it sits above a certified robot controller and e-stop; its limits feed a risk "
    "assessment and do not replace one."
)


@dataclass(frozen=True)
class Picture:
    """One picture of the scene.

    Attributes:
        png: the file's bytes.
        caption: one short line.
    """

    png: bytes
    caption: str

    @property
    def data_url(self) -> str:
        """The picture as it stands in the page."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


@dataclass(frozen=True)
class Drawing:
    """One plot: inline SVG and what to see in it."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Tile:
    """One number at the top of the page; `is_good` None = neither good nor bad."""

    label: str
    value: str
    note: str = ""
    is_good: bool | None = None


@dataclass(frozen=True)
class Chapter:
    """One thing that was tried, and what came of it.

    Attributes:
        title: short.
        done: what was done to the robot, one or two sentences.
        happened: what it did, one or two sentences.
        is_ok: it did what is declared; None = nothing was.
        facts: label and value pairs.
        pictures: of the scene.
        drawings: plots.
        events: what the supervisor reported.
    """

    title: str
    done: str
    happened: str
    is_ok: bool | None
    facts: Sequence[tuple[str, str]] = ()
    pictures: Sequence[Picture] = ()
    drawings: Sequence[Drawing] = ()
    events: Sequence[SafetyEventRecord] = ()


@dataclass(frozen=True)
class Section:
    """Chapters under one heading."""

    title: str
    introduction: str
    chapters: Sequence[Chapter] = ()
    drawings: Sequence[Drawing] = ()


@dataclass(frozen=True)
class Table:
    """Rows of words under a head."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Page:
    """All that a report says.

    Attributes:
        title: of the page.
        summary: one sentence: what was done and what came of it.
        is_ok: everything did what is declared; None = nothing was.
        tiles: the numbers that matter most.
        sections: the evidence.
        tables: more numbers.
        notes: what the reader must know to judge it.
        facts: how it was measured.
    """

    title: str
    summary: str
    is_ok: bool | None
    tiles: Sequence[Tile] = ()
    sections: Sequence[Section] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = (NOT_SAFETY_RATED,)
    facts: Mapping[str, str] = field(default_factory=dict)


def render_page(page: Page) -> str:
    """The page as HTML; everything that is not SVG of our own is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number_words
    template = environment.get_template(TEMPLATE)
    return template.render(page=page, actions=ACTION_COLOURS, modes=MODE_STYLES)


def write_page(page: Page, path: Path) -> None:
    """Write the page, its folder made where missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_page(page), encoding="utf-8")


def number_words(value: float | None, unit: str = "") -> str:
    """A number for a person: four digits, a dash where there is none."""
    if value is None or value != value:
        return "–"
    text = f"{value:.4g}".replace("-", "−")
    return f"{text} {'' if unit == '1' else unit}".strip()
