"""Literal scenes: three cubes, two distractors and a bowl at known places."""

import numpy as np

from noetra_ros.sim.scene import ObjectTruth, SceneTruth

PLACES_M = {
    "red_cube": (0.20, 0.00, 0.014),
    "green_cube": (0.18, 0.09, 0.014),
    "blue_cube": (0.18, -0.09, 0.014),
    "yellow_cylinder": (0.32, 0.05, 0.0125),
    "purple_ball": (0.32, -0.05, 0.0125),
}


def made_scene(tool_m=(0.15, 0.0, 0.15), time_s=0.0, speed_mps=0.0, bowl_m=(0.15, 0.17, 0.0), **moved_m):
    """The scene with some objects moved: `red_cube=(x, y, z)`; they started at PLACES_M."""
    objects = {
        name: ObjectTruth(
            np.array(moved_m.get(name, start)), np.array([1.0, 0, 0, 0]), np.array(start), speed_mps
        )
        for name, start in PLACES_M.items()
    }
    return SceneTruth(time_s, objects, np.array(bowl_m), np.array(tool_m), 0.6)
