"""Reach for the cube that the sentence names: the tool stays just above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.sim.scene import CUBE_HALF_M, CUBES, ObjectTruth, SceneTruth, cube_name
from noetra_ros.sim.task import TASKS, wordings

# The tool point must be this near to a spot a finger's breadth above the cube's top.
NEAR_M = 0.030
SPOT_ABOVE_TOP_M = 0.015

SENTENCES = {
    "train": (
        "reach for the {colour} cube",
        "move to the {colour} cube",
        "go to the {colour} cube",
        "hover over the {colour} cube",
        "point at the {colour} block",
    ),
    "heldout": (
        "please go over to the {colour} block",
        "move the hand to the {colour} one",
        "reach towards the {colour} block",
    ),
}


@dataclass(frozen=True)
class Reach:
    """Success: a tool's point within 3 cm of the spot 1.5 cm above the named cube's top, for 0.3 s."""

    name: str = "reach"
    hold_s: float = 0.3
    wrong_hold_s: float = 0.5
    time_limit_s: float = 8.0

    def sentences(self, colour: str, split: str) -> tuple[str, ...]:
        """See `Task.sentences`."""
        return wordings(SENTENCES, colour, split)

    def is_success(self, truth: SceneTruth, colour: str) -> bool:
        """See `Task.is_success`."""
        return _is_reached(truth, truth.cube(colour))

    def is_wrong_object(self, truth: SceneTruth, colour: str) -> bool:
        """Another cube is reached instead."""
        others = [truth.objects[name] for name in CUBES if name != cube_name(colour)]
        return any(_is_reached(truth, cube) for cube in others)


def _is_reached(truth: SceneTruth, cube: ObjectTruth) -> bool:
    spot_m = cube.position_m + np.array([0.0, 0.0, CUBE_HALF_M + SPOT_ABOVE_TOP_M])
    tools_m = np.vstack([truth.tool_point_m, truth.further_tools_m])
    return float(np.linalg.norm(tools_m - spot_m, axis=1).min()) <= NEAR_M


TASKS.register("reach")(Reach())
