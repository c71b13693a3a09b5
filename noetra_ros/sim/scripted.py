"""Which scripted expert a robot has: the one of its world, or the one of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.scene import SceneTruth


class ScriptedExpert(Protocol):
    """Answers a scene with joint targets, or twists of a base; see `sim.expert.Expert.action_chunk`."""

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
        """(n, joints) joint targets, rad or m, order of the channel; (n, 3) twists of a base."""


EXPERTS: Registry[Callable[[RobotProfile], ScriptedExpert]] = Registry(
    "scripted expert", "noetra_ros.sim.experts"
)


def make_expert(profile: RobotProfile) -> ScriptedExpert:
    """The expert of the profile's world.

    Raises:
        ConfigError: the profile lacks what the expert needs.
    """
    world = profile.sim.world if profile.sim is not None else ""
    if world in EXPERTS.names():
        return EXPERTS.get(world)(profile)
    from noetra_ros.sim.expert import Expert  # kinematics of the table's arm: not for other worlds

    return Expert(profile)
