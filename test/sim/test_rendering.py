"""A blank picture or a missing driver is an error with a remedy, never silence."""

import subprocess
import sys

import numpy as np
import pytest

from noetra_ros.sim import rendering
from noetra_ros.sim.rendering import RenderingError, check_picture, choose_backend


def test_a_picture_of_one_colour_is_refused():
    with pytest.raises(RenderingError, match=r"camera front: got a blank picture .*apt install"):
        check_picture(np.full((8, 8, 3), 7, np.uint8), "front")


def test_a_picture_with_one_other_pixel_passes():
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[3, 4, 1] = 1
    check_picture(picture, "front")


def test_no_working_back_end_names_each_and_the_remedy(monkeypatch):
    choose_backend.cache_clear()
    monkeypatch.delenv("MUJOCO_GL", raising=False)
    monkeypatch.setattr(rendering, "probe", lambda backend: f"no {backend} here")
    with pytest.raises(RenderingError, match="egl: no egl here; osmesa: no osmesa here -> install"):
        choose_backend()
    choose_backend.cache_clear()


def test_the_second_back_end_serves_where_the_first_fails(monkeypatch):
    choose_backend.cache_clear()
    monkeypatch.delenv("MUJOCO_GL", raising=False)
    monkeypatch.setattr(rendering, "probe", lambda backend: "" if backend == "osmesa" else "broken")
    assert choose_backend() == "osmesa"
    choose_backend.cache_clear()


@pytest.mark.gl
def test_probing_a_back_end_that_does_not_exist_says_why():
    assert "nothing_like_it" in rendering.probe("nothing_like_it")


DRAW_THEN_COMPILE = """
from noetra_ros.sim.rendering import choose_backend, draw_probe
draw_probe(choose_backend())
import torch._dynamo
print("both")
"""


@pytest.mark.gl
def test_who_has_drawn_can_still_train():
    """Two LLVMs in one process: loaded in the other order the second one ends it."""
    done = subprocess.run(
        [sys.executable, "-c", DRAW_THEN_COMPILE], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["both"], done.stderr
