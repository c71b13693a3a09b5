"""The picture of an incident: a real PNG, whatever was recorded."""

import io

import numpy as np
import PIL.Image
import pytest
from made_incident import TIME_S, person_facts, ramp

from noetra_ros.evaluation.incident_facts import Series
from noetra_ros.evaluation.report.incident_page import incident_page
from noetra_ros.evaluation.report.incident_plot import incident_svg, pictures_shown, save_incident_png
from noetra_ros.evaluation.report.page import render_page

EMPTY = Series(np.zeros(0), np.zeros((0, 2)))


def drawn(path, **changes):
    save_incident_png(person_facts(**changes), path)
    picture = PIL.Image.open(io.BytesIO(path.read_bytes()))
    assert picture.format == "PNG"
    return np.asarray(picture.convert("RGB"))


def test_it_is_a_png_with_the_colours_of_the_modes(tmp_path):
    pixels = drawn(tmp_path / "new" / "a.png")
    assert pixels.shape[1] == 1210
    colours = {tuple(map(int, pixel)) for pixel in pixels.reshape(-1, 3)[::3]}
    assert {(47, 115, 222)} <= colours  # measured
    assert any(abs(r - 214) < 8 and abs(g - 78) < 12 for r, g, _ in colours)  # the red of a stop


@pytest.mark.parametrize(
    "changes",
    [
        {"pictures": []},
        {"people": []},
        {"commanded": EMPTY, "passed": EMPTY, "measured": EMPTY, "people": [], "pictures": []},
        {"states": [], "events": [], "policy": []},
        {"commanded": Series(TIME_S, ramp(9.0, 0.5) * np.nan)},
        {"axes": ("vx", "vy", "wz"), "unit": "m/s, rad/s", "commanded": Series(TIME_S, np.zeros((801, 3))),
         "passed": EMPTY, "measured": EMPTY},
    ],
)  # fmt: skip
def test_whatever_is_missing_it_is_drawn(tmp_path, changes):
    drawn(tmp_path / "a.png", **changes)


def test_the_picture_nearest_to_the_stop_is_among_those_shown():
    (row,) = pictures_shown(person_facts()).values()
    assert len(row) <= 7 and 0.0 in [picture.time_s for picture in row]


def test_the_page_holds_story_plot_and_pictures():
    page = render_page(incident_page(person_facts(), "a.mcap"))
    assert "0.34 m are needed" in page and "What to do" in page and "a.mcap" in page
    assert page.count("<svg") == 1 and page.count("data:image/png") == 7
    assert "as declared" not in page  # nothing was


def test_no_drawing_names_anything_outside(tmp_path):
    assert "http" not in incident_svg(person_facts(), "x").replace("http://www.w3.org", "")
