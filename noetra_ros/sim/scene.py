"""What is true in the arm's world at one instant: plain data that tasks, the expert and the oracle judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.types import FloatArray

CUBE_HALF_M = 0.014
CUBE_COLOURS = ("red", "green", "blue")
CUBES = tuple(f"{colour}_cube" for colour in CUBE_COLOURS)
DISTRACTORS = ("yellow_cylinder", "purple_ball")
DISTRACTOR_HALF_M = 0.0125
BOWL_INNER_RADIUS_M = 0.046
BOWL_OUTER_RADIUS_M = 0.052
BOWL_HEIGHT_M = 0.028


def cube_name(colour: str) -> str:
    """Name of the cube of a colour.

    Raises:
        ValueError: no such cube; lists the colours.
    """
    if colour not in CUBE_COLOURS:
        raise ValueError(f"colour {colour!r}: expected one of {', '.join(CUBE_COLOURS)}")
    return f"{colour}_cube"


@dataclass(frozen=True)
class ObjectTruth:
    """One movable object.

    Attributes:
        position_m: (3,) centre, world frame.
        quat_wxyz: (4,) orientation, world frame.
        start_position_m: (3,) centre when the episode began, world frame.
        speed_mps: speed of the centre.
    """

    position_m: FloatArray
    quat_wxyz: FloatArray
    start_position_m: FloatArray
    speed_mps: float = 0.0

    @property
    def yaw_rad(self) -> float:
        """Turn about the vertical."""
        w, x, y, z = self.quat_wxyz
        return float(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))


@dataclass(frozen=True)
class SceneTruth:
    """The arm's world at one instant.

    World frame: the robot's base, x away from the robot, z up, table top at 0.

    Attributes:
        time_s: simulated time.
        objects: cubes and distractors by name.
        bowl_position_m: (3,) centre of the bowl's underside.
        tool_point_m: (3,) point midway between the finger pads.
        gripper_rad: measured gripper joint.
        further_tools_m: (k, 3) the same point of further arms.
    """

    time_s: float
    objects: Mapping[str, ObjectTruth]
    bowl_position_m: FloatArray
    tool_point_m: FloatArray
    gripper_rad: float
    further_tools_m: FloatArray = field(default_factory=lambda: np.zeros((0, 3)))

    def cube(self, colour: str) -> ObjectTruth:
        """The cube of a colour."""
        return self.objects[cube_name(colour)]

    def others(self, colour: str) -> list[ObjectTruth]:
        """Every movable object but the cube of that colour."""
        return [thing for name, thing in self.objects.items() if name != cube_name(colour)]
