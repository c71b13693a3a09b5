"""What perception tells the rest of the graph: obstacles, objects, and whether sensors can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from noetra_ros.core.types import FloatArray


class ObstacleKind(Enum):
    """What an obstacle is; the values are those of Obstacle.KIND_*."""

    UNKNOWN = 0  # explained by nothing that is known: counts as a person
    PERSON = 1
    OBJECT = 2  # recognised as a thing
    FIXTURE = 3  # part of the surroundings that the configuration names


class Shape(Enum):
    """Shape of an obstacle; the values are those of Obstacle.SHAPE_*."""

    SPHERE = 1
    CAPSULE = 2
    BOX = 3


class SensorVerdict(Enum):
    """Whether a sensor can be believed; the values are those of SensorReport.VERDICT_*."""

    UNKNOWN = 0  # nothing seen yet
    OK = 1
    SILENT = 2  # no data for too long
    FROZEN = 3  # the same data under new stamps
    STAMP_JUMP = 4  # stamps go backwards or leap
    BLACK = 5  # too dark to see anything
    BLURRED = 6
    DEPTH_HOLES = 7  # no depth where the robot itself should be seen
    MOVED = 8  # the robot's body is not where its kinematics puts it


@dataclass(frozen=True)
class Obstacle:
    """Something that the robot must not hit.

    Attributes:
        track_id: the same thing keeps its number from one instant to the next.
        kind: what it is.
        shape: how `size_m` is meant.
        position_m: (3,) centre.
        quat_xyzw: (4,) orientation.
        size_m: (3,) sphere: radius, 0, 0; capsule along its z: radius, length between the two end centres, 0;
            box: edge lengths.
        velocity_mps: (3,) of the centre; NaN = not known yet.
        position_std_m: standard deviation of the centre, worst direction.
        score: confidence in `kind`, 0..1.
        seen_ns: stamp of the newest data that showed it.
        labels: classes of the things, or names of the fixtures, that it is; empty = not known.
    """

    track_id: int
    kind: ObstacleKind
    shape: Shape
    position_m: FloatArray
    quat_xyzw: FloatArray
    size_m: FloatArray
    velocity_mps: FloatArray
    position_std_m: float
    score: float
    seen_ns: int
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, length in (("position_m", 3), ("quat_xyzw", 4), ("size_m", 3), ("velocity_mps", 3)):
            values = np.asarray(getattr(self, name), dtype=np.float64)
            if values.shape != (length,):
                raise ValueError(f"obstacle {name} has shape {values.shape}, expected ({length},)")
            object.__setattr__(self, name, values)
        if not np.isfinite([*self.position_m, *self.quat_xyzw, *self.size_m]).all():
            raise ValueError("obstacle pose or size holds NaN or infinity")

    @property
    def is_protected(self) -> bool:
        """It counts as a person: all that is not known to be a thing."""
        return self.kind in (ObstacleKind.PERSON, ObstacleKind.UNKNOWN)


@dataclass(frozen=True)
class SensorReport:
    """Whether one sensor of perception can be believed.

    Attributes:
        sensor: camera, scan or cloud by its name in the robot profile.
        verdict: the worst finding.
        detail: measured value and limit, for a person; empty when all is well.
    """

    sensor: str
    verdict: SensorVerdict
    detail: str = ""


@dataclass(frozen=True)
class ObstacleScene:
    """All obstacles at one instant.

    Attributes:
        stamp_ns: stamp of the oldest sensor data that this rests on.
        frame: frame of every pose, the robot's base.
        obstacles: what is around the robot; its own body is not among it.
        sensors: one report for each sensor that perception should have.
    """

    stamp_ns: int
    frame: str
    obstacles: tuple[Obstacle, ...]
    sensors: tuple[SensorReport, ...]


@dataclass(frozen=True)
class DetectedObject:
    """Something recognised in a picture and lifted to 3-D.

    Attributes:
        label: class, e.g. red_cube, person, hand.
        score: confidence, 0..1.
        camera: that saw it.
        box_px: (4,) left, top, right, bottom in the picture.
        position_m: (3,) centre, base frame; NaN where depth did not say.
        quat_xyzw: (4,) orientation.
        size_m: (3,) edge lengths of its box; NaN where depth did not say.
    """

    label: str
    score: float
    camera: str
    box_px: FloatArray
    position_m: FloatArray
    quat_xyzw: FloatArray
    size_m: FloatArray
