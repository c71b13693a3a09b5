"""Push the cube that the sentence names away from the robot, along the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.sim.scene import CUBE_HALF_M, ObjectTruth, SceneTruth
from noetra_ros.sim.task import TASKS, horizontal_m, wordings

PUSHED_M = 0.04
WRONG_MOVED_M = 0.02
LIFTED_M = 0.015

SENTENCES = {
    "train": (
        "push the {colour} cube",
        "push the {colour} cube away",
        "push the {colour} cube forward",
        "shove the {colour} cube",
        "push the {colour} block away",
    ),
    "heldout": (
        "please push the {colour} block forward",
        "shove the {colour} block away",
        "give the {colour} cube a push",
    ),
}


@dataclass(frozen=True)
class Push:
    """Success: the named cube lies at least 4 cm farther from the robot's base than at the start."""

    name: str = "push"
    hold_s: float = 0.1
    wrong_hold_s: float = 0.1
    time_limit_s: float = 10.0

    def sentences(self, colour: str, split: str) -> tuple[str, ...]:
        """See `Task.sentences`."""
        return wordings(SENTENCES, colour, split)

    def is_success(self, truth: SceneTruth, colour: str) -> bool:
        """See `Task.is_success`."""
        cube = truth.cube(colour)
        is_on_table = cube.position_m[2] < CUBE_HALF_M + LIFTED_M
        return is_on_table and _outward_m(cube) >= PUSHED_M

    def is_wrong_object(self, truth: SceneTruth, colour: str) -> bool:
        """Any other thing has moved by more than 2 cm."""
        moved_m = [horizontal_m(thing.position_m, thing.start_position_m) for thing in truth.others(colour)]
        return max(moved_m) > WRONG_MOVED_M


def _outward_m(cube: ObjectTruth) -> float:
    """How much farther from the base the cube is than at the start."""
    return float(np.linalg.norm(cube.position_m[:2]) - np.linalg.norm(cube.start_position_m[:2]))


TASKS.register("push")(Push())
