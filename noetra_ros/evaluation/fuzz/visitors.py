"""People who walk up to the robot, reach in, stand there, and leave; and the scenes that perception makes."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.types import FloatArray

NOBODY_M = 6.0
BAD = [verdict for verdict in SensorVerdict if verdict is not SensorVerdict.OK]


class Visitors:
    """One or two people on straight ways.

    Args:
        random: of the episode.
        frame: base frame of the robot.
    """

    def __init__(self, random: Random, frame: str) -> None:
        self._random, self._frame = random, frame
        self._aims: list[tuple[FloatArray, FloatArray, float]] = []
        self._distance_m, self._nearest_m, self._speed_mps = NOBODY_M, 1.0, 1.0
        self._shape = Shape.SPHERE
        self._kinds: list[ObstacleKind] = []

    def come(self, nearest_m: float) -> None:
        """Somebody sets out, to come as near as that to the middle of the robot."""
        random = self._random
        self._aims = [self._aim() for _ in range(random.choice((1, 1, 2)))]
        kinds = (ObstacleKind.PERSON, ObstacleKind.PERSON, ObstacleKind.UNKNOWN, ObstacleKind.OBJECT)
        self._kinds = [random.choice(kinds) for _ in self._aims]
        self._distance_m, self._nearest_m = random.uniform(nearest_m, 2.0), nearest_m
        self._speed_mps = random.choice((0.1, 0.5, 1.6, 3.0))
        self._shape = random.choice(list(Shape))

    def leave(self) -> None:
        """Nobody is there."""
        self._aims = []

    def walk(self, dt_s: float) -> None:
        """Time passes."""
        self._distance_m = max(self._nearest_m, self._distance_m - self._speed_mps * dt_s)

    def scene(self, stamp_ns: int, has_sensors: bool, is_bad: bool) -> ObstacleScene:
        """What perception tells."""
        verdict = self._random.choice(BAD) if is_bad else SensorVerdict.OK
        sensors = (SensorReport("overhead", verdict),) if has_sensors else ()
        people = tuple(self._person(i, stamp_ns) for i in range(len(self._aims)))
        return ObstacleScene(stamp_ns, self._frame, people, sensors)

    def _aim(self) -> tuple[FloatArray, FloatArray, float]:
        """Direction from the robot, orientation, and how sure the track is (m)."""
        random = self._random
        angle = random.uniform(0.0, 2.0 * math.pi)
        way = np.array([math.cos(angle), math.sin(angle), random.uniform(0.0, 0.6)])
        quat = np.array([random.gauss(0.0, 1.0) for _ in range(4)])
        return way, quat / np.linalg.norm(quat), random.choice((0.005, 0.02, 0.2))

    def _person(self, index: int, stamp_ns: int) -> Obstacle:
        random = self._random
        way, quat, std_m = self._aims[index]
        standing = self._distance_m <= self._nearest_m
        velocity = np.zeros(3) if standing else -self._speed_mps * way
        if random.random() < 0.1:
            velocity = np.full(3, np.nan)
        size = {Shape.SPHERE: (0.08, 0, 0), Shape.CAPSULE: (0.06, 0.3, 0), Shape.BOX: (0.1, 0.3, 0.1)}
        seen_ns = stamp_ns - random.choice((0, 0, 50_000_000))
        return Obstacle(
            index, self._kinds[index], self._shape, self._distance_m * way + np.array([0.1, 0.0, 0.1]), quat,
            np.array(size[self._shape]),
            velocity, std_m, 1.0, seen_ns,
        )  # fmt: skip
