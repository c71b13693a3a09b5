"""Moves the cube that the sentence names while the gripper approaches it: does the robot react?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.layout import AZIMUTH_LIMIT_RAD, CUBE_RADII_M
from noetra_ros.sim.scene import BOWL_OUTER_RADIUS_M, CUBE_HALF_M, SceneTruth, cube_name
from noetra_ros.sim.world import World

DIRECTIONS = 24
CUBE_GAP_M = 0.048  # between centres: two cubes at any turn, and room for a finger
BOWL_GAP_M = BOWL_OUTER_RADIUS_M + 1.5 * CUBE_HALF_M + 0.012
FINGER_GAP_M = 0.045  # from the tool point: open fingers and half a cube
CLEAR_HEIGHT_M = 0.060  # of a tool point whose fingers pass above a cube
LYING_M = 0.004


@dataclass(frozen=True)
class ShiftRange:
    """When and how far a cube is moved; both are drawn for each shift.

    Attributes:
        near_m: horizontal distance from tool to cube below which it is moved, from and to.
        distance_m: how far, from and to.
        not_before_s: s from the start of the episode.
        most: shifts in an episode.
    """

    near_m: tuple[float, float] = (0.05, 0.10)
    distance_m: tuple[float, float] = (0.03, 0.04)
    not_before_s: float = 0.5
    most: int = 1


@dataclass
class CubeShifts:
    """The shifts of one episode; the same seed draws the same.

    Attributes:
        ranges: of the draws.
        colour: of the cube.
        seed: of the draws.
        times_s: s since the reset at which it was moved.
        ways_m: (2,) each, table plane, world frame.
    """

    ranges: ShiftRange
    colour: str
    seed: int
    times_s: list[float] = field(default_factory=list)
    ways_m: list[FloatArray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng([self.seed, 77])
        self._draw()

    def update(self, world: World, now_s: float) -> bool:
        """Call at each tick, `now_s` since the reset; moves the cube when it is time. True: it did."""
        ranges = self.ranges
        if len(self.times_s) >= ranges.most or now_s < ranges.not_before_s:
            return False
        truth = world.truth()
        assert truth is not None, "worlds without tasks have no cubes"
        way_m = self._way(truth)
        if way_m is None:
            return False
        _move(world, self.colour, way_m)
        self.times_s.append(now_s)
        self.ways_m.append(way_m)
        self._draw()
        return True

    def _draw(self) -> None:
        self._near_m = float(self._rng.uniform(*self.ranges.near_m))
        self._distance_m = float(self._rng.uniform(*self.ranges.distance_m))
        self._angles_rad = self._rng.permutation(np.linspace(0.0, 2.0 * np.pi, DIRECTIONS, endpoint=False))

    def _way(self, truth: SceneTruth) -> FloatArray | None:
        """(2,) m, the first drawn direction in which there is room; None = not now."""
        cube = truth.cube(self.colour)
        away_m = float(np.linalg.norm(cube.position_m[:2] - truth.tool_point_m[:2]))
        is_lying = cube.position_m[2] < CUBE_HALF_M + LYING_M
        is_clear = away_m > FINGER_GAP_M or truth.tool_point_m[2] > CLEAR_HEIGHT_M
        if not (is_lying and is_clear and away_m < self._near_m):
            return None
        for angle_rad in self._angles_rad:
            way_m = self._distance_m * np.array([np.cos(angle_rad), np.sin(angle_rad)])
            if _has_room(truth, self.colour, cube.position_m[:2] + way_m):
                return way_m
        return None


def _has_room(truth: SceneTruth, colour: str, place_m: FloatArray) -> bool:
    radius_m, azimuth_rad = float(np.linalg.norm(place_m)), float(np.arctan2(place_m[1], place_m[0]))
    others = [thing.position_m[:2] for thing in truth.others(colour)]
    tool_m = float(np.linalg.norm(place_m - truth.tool_point_m[:2]))
    return bool(
        CUBE_RADII_M[0] <= radius_m <= CUBE_RADII_M[1] + 0.007
        and abs(azimuth_rad) <= AZIMUTH_LIMIT_RAD + 0.05
        and min(np.linalg.norm(place_m - other) for other in others) > CUBE_GAP_M
        and np.linalg.norm(place_m - truth.bowl_position_m[:2]) > BOWL_GAP_M
        and (tool_m > FINGER_GAP_M or truth.tool_point_m[2] > CLEAR_HEIGHT_M)
    )


def _move(world: World, colour: str, way_m: FloatArray) -> None:
    """At once, as a hand would that is not seen; turn and height stay."""
    model, data = world.model_and_data()
    joint = model.joint(cube_name(colour))
    place, speed = int(joint.qposadr[0]), int(joint.dofadr[0])
    data.qpos[place : place + 2] += way_m
    data.qvel[speed : speed + 6] = 0.0
    world.step(0)  # no time passes; the next picture shows it
