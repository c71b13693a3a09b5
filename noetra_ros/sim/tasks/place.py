"""Put the cube that the sentence names into the bowl."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.sim.scene import BOWL_HEIGHT_M, BOWL_INNER_RADIUS_M, CUBE_HALF_M, ObjectTruth, SceneTruth
from noetra_ros.sim.task import TASKS, horizontal_m, wordings

REST_MPS = 0.02
# A held cube lies within this of the point between the finger pads.
RELEASED_M = 0.025
WRONG_LIFTED_M = 0.03

SENTENCES = {
    "train": (
        "put the {colour} cube into the bowl",
        "place the {colour} cube in the bowl",
        "put the {colour} cube in the bowl",
        "drop the {colour} cube into the bowl",
        "put the {colour} block into the bowl",
    ),
    "heldout": (
        "please place the {colour} block into the bowl",
        "drop the {colour} block in the bowl",
        "move the {colour} cube into the bowl",
    ),
}


@dataclass(frozen=True)
class Place:
    """Success: the named cube lies in the bowl, released and at rest, for 0.3 s."""

    name: str = "place"
    hold_s: float = 0.3
    wrong_hold_s: float = 0.2
    time_limit_s: float = 18.0

    def sentences(self, colour: str, split: str) -> tuple[str, ...]:
        """See `Task.sentences`."""
        return wordings(SENTENCES, colour, split)

    def is_success(self, truth: SceneTruth, colour: str) -> bool:
        """See `Task.is_success`."""
        cube = truth.cube(colour)
        is_released = float(np.linalg.norm(truth.tool_point_m - cube.position_m)) > RELEASED_M
        return is_in_bowl(truth, cube) and is_released and cube.speed_mps < REST_MPS

    def is_wrong_object(self, truth: SceneTruth, colour: str) -> bool:
        """Another thing is lifted by 3 cm or more, or lies in the bowl."""
        raised = [thing.position_m[2] - thing.start_position_m[2] for thing in truth.others(colour)]
        return max(raised) >= WRONG_LIFTED_M or any(
            is_in_bowl(truth, thing) for thing in truth.others(colour)
        )


def is_in_bowl(truth: SceneTruth, thing: ObjectTruth) -> bool:
    """Whether a thing's centre is inside the bowl's wall and below its rim (plus half a cube)."""
    is_inside = horizontal_m(thing.position_m, truth.bowl_position_m) < BOWL_INNER_RADIUS_M
    height_m = thing.position_m[2] - truth.bowl_position_m[2]
    return is_inside and height_m < BOWL_HEIGHT_M + CUBE_HALF_M


TASKS.register("place")(Place())
