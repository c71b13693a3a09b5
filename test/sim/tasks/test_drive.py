"""A mark is reached when the base rests on it."""

import numpy as np
import pytest
from made_scenes import made_scene

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.scene import ObjectTruth, SceneTruth
from noetra_ros.sim.task import TASKS

DRIVE = TASKS.get("drive")
NOWHERE = np.full(3, np.nan)
MARKS = {"red_mark": (1.0, 0.0), "green_mark": (0.0, 1.0), "blue_mark": (-1.0, 0.0)}


def scene(x_m, y_m, speed_mps=0.0):
    places = {**MARKS, "base": (x_m, y_m)}
    at = {name: np.array([*place, 0.0]) for name, place in places.items()}
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    objects = {n: ObjectTruth(p, upright, p, speed_mps if n == "base" else 0.0) for n, p in at.items()}
    return SceneTruth(0.0, objects, NOWHERE, NOWHERE, float("nan"))


@pytest.mark.parametrize(
    ("where", "reached", "wrong"),
    [
        ((0.91, 0.0), True, False),
        ((0.89, 0.0), False, False),
        ((1.0, 0.0, 0.2), False, False),
        ((0.0, 1.0), False, True),
        ((0.0, 1.0, 0.2), False, False),
    ],
)
def test_it_rests_on_the_named_mark(where, reached, wrong):
    assert DRIVE.is_success(scene(*where), "red") is reached
    assert DRIVE.is_wrong_object(scene(*where), "red") is wrong


def test_where_nothing_drives_it_cannot_be_judged():
    with pytest.raises(ConfigError, match="take a robot that drives"):
        DRIVE.is_success(made_scene(), "red")
