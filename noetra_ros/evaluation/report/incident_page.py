"""An incident as a page that needs nothing else."""

from __future__ import annotations

import io

import PIL.Image

from noetra_ros.core.wording import load_wording, wordings
from noetra_ros.evaluation.incident_facts import IncidentFacts, PictureAt
from noetra_ros.evaluation.incident_story import clock_words, resumed_s, standing_s, tell
from noetra_ros.evaluation.incident_timeline import timeline
from noetra_ros.evaluation.report.incident_plot import incident_svg, pictures_shown
from noetra_ros.evaluation.report.page import Chapter, Drawing, Page, Picture, Section, Table, Tile
from noetra_ros.evaluation.report.palette import MODE_STYLES

CAPTION = (
    "Modes above; dashed: commanded, thin: passed on to the controller, blue: measured, "
    "crosses: commands that were no numbers. Red line: the stop."
)


def incident_page(facts: IncidentFacts, file: str, language: str = "en") -> Page:
    """The page of one incident.

    Args:
        facts: of it.
        file: name of its MCAP file.
        language: of the story: en, ja or both.
    """
    stories = [tell(facts, wording) for wording in wordings(language)]
    summary = " ".join(story[0] for story in stories)
    rest = [paragraph for story in stories for paragraph in story[1:]]
    pictures = [_picture(picture) for row in pictures_shown(facts).values() for picture in row]
    drawing = Drawing(incident_svg(facts, "incident"), CAPTION)
    chapter = Chapter("What was seen", "", "", None, (), pictures, (drawing,), ())
    moments = [(f"{m.time_s:+.3f}", m.kind, m.name.replace("_", " "), m.words) for m in timeline(facts)]
    return Page(
        title=f"{MODE_STYLES.get(facts.mode, MODE_STYLES['unknown']).words} of {facts.robot}",
        summary=summary,
        is_ok=None,
        tiles=_tiles(facts),
        sections=[Section("What happened", " ".join(rest), [chapter])],
        tables=[Table("Moment by moment", ("s since the stop", "", "", ""), moments)],
        facts={"file": file, "stop": clock_words(facts.stop_utc_ns)},
    )


def _tiles(facts: IncidentFacts) -> list[Tile]:
    stood, resumed, words = standing_s(facts), resumed_s(facts), load_wording("en").story
    return [
        Tile("check", facts.check),
        Tile("stood after", "–" if stood is None else words.duration(stood)),
        Tile("went on after", "–" if resumed is None else words.duration(resumed)),
    ]


def _picture(picture: PictureAt) -> Picture:
    buffer = io.BytesIO()
    PIL.Image.open(io.BytesIO(picture.jpeg)).save(buffer, format="png")
    caption = f"{picture.camera} {picture.time_s:+.1f} s".replace("-", "−")
    return Picture(buffer.getvalue(), caption)
