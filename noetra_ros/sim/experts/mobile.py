"""The scripted expert of an arm on a base: drives with a channel of twists, reaches with one of joints."""

from __future__ import annotations

import dataclasses

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_on_base import as_arm
from noetra_ros.sim.experts.room import TASK, BaseDriver
from noetra_ros.sim.experts.stand import Reacher
from noetra_ros.sim.scene import ObjectTruth, SceneTruth
from noetra_ros.sim.scripted import EXPERTS
from noetra_ros.sim.tasks.drive import BASE, of_floor


@EXPERTS.register("mobile")
class MobileExpert:
    """Answers `drive` with twists and `reach` with joint targets; a channel of the other kind refuses the
    answer by its shape.

    Args:
        profile: an arm on a base.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self._driver, self._reacher = BaseDriver(profile), Reacher(as_arm(profile))

    def action_chunk(
        self,
        truth: SceneTruth,
        q: FloatArray,
        task: str,
        colour: str,
        n: int = 8,
        dt: float = 0.1,
        decided: FloatArray | None = None,
    ) -> FloatArray:
        """See `BaseDriver.action_chunk` and `Reacher.action_chunk`."""
        if task == TASK:
            return self._driver.action_chunk(truth, q, task, colour, n, dt, decided)
        return self._reacher.action_chunk(seen_from_base(truth), q, task, colour, n, dt, decided)


def seen_from_base(truth: SceneTruth) -> SceneTruth:
    """The same with everything in the frame of the base as it stands now."""
    base = of_floor(truth, BASE)
    cos, sin = np.cos(base.yaw_rad), np.sin(base.yaw_rad)
    base_from_world = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])

    def moved(thing: ObjectTruth) -> ObjectTruth:
        place_m = base_from_world @ (thing.position_m - base.position_m)
        return dataclasses.replace(thing, position_m=place_m)

    return dataclasses.replace(truth, objects={name: moved(one) for name, one in truth.objects.items()})
