"""Posts around a base that its scanner does not see: what perception makes of them."""

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
from noetra_ros.evaluation.fuzz.visitors import BAD

KINDS = (ObstacleKind.OBJECT, ObstacleKind.FIXTURE, ObstacleKind.UNKNOWN, ObstacleKind.PERSON)
HALF_M = 0.02
# Each holds the post that it stands for.
SIZES_M = {Shape.SPHERE: (HALF_M, 0.0, 0.0), Shape.CAPSULE: (HALF_M, 0.1, 0.0), Shape.BOX: (0.04, 0.04, 0.2)}


class Overhangs:
    """Some of the posts of a room are table tops and forks, seen by perception alone.

    Args:
        random: of the episode.
        frame: base frame of the robot.
        room: (k, 2) m, all posts.
        is_told: perception sees some; else scanners see all.
    """

    def __init__(self, random: Random, frame: str, room: FloatArray, is_told: bool) -> None:
        self._random, self._frame = random, frame
        hidden = [is_told and random.random() < 0.5 for _ in room]
        self.seen_by_scanner = room[[not is_hidden for is_hidden in hidden]]
        posts = room[hidden]
        self._posts = posts[:, 0] + 1j * posts[:, 1]
        self._about = [
            (random.choice(KINDS), random.choice(list(Shape)), random.uniform(-3, 3)) for _ in posts
        ]

    def scene(
        self, place: complex, yaw: float, twist: FloatArray, stamp_ns: int, has_sensors: bool, is_bad: bool
    ) -> ObstacleScene:
        """What perception tells from a place and heading, while the base went with a twist."""
        verdict = self._random.choice(BAD) if is_bad else SensorVerdict.OK
        sensors = (SensorReport("overhead", verdict),) if has_sensors else ()
        told = (self._posts - place) * np.exp(-1j * yaw)
        things = tuple(self._thing(i, complex(at), twist, stamp_ns) for i, at in enumerate(told))
        return ObstacleScene(stamp_ns, self._frame, things, sensors)

    def _thing(self, index: int, at: complex, twist: FloatArray, stamp_ns: int) -> Obstacle:
        """One post, with the speed that it has over ground, that it seems to have, or none that is known."""
        random = self._random
        kind, shape, turn = self._about[index]
        apparent = -(complex(twist[0], twist[1]) + 1j * twist[2] * at)
        speed = random.choice((0j, apparent, apparent))
        velocity = (math.nan,) * 3 if random.random() < 0.1 else (speed.real, speed.imag, 0.0)
        return Obstacle(
            index, kind, shape, np.array([at.real, at.imag, random.uniform(0.05, 1.0)]),
            np.array([0.0, 0.0, math.sin(0.5 * turn), math.cos(0.5 * turn)]), np.array(SIZES_M[shape]),
            np.array(velocity), random.choice((0.005, 0.02)), 1.0, stamp_ns,
        )  # fmt: skip
