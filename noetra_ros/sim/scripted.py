"""Which scripted expert a robot has: the one of its world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from noetra_ros.core.errors import single_fault
from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.scene import SceneTruth


class ScriptedExpert(Protocol):
    """Answers a scene with joint targets, or a base's twists; see `sim.experts.table.Expert.action_chunk`."""

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
        ConfigError: no world, one without an expert, or the profile lacks what the expert needs.
    """
    if profile.sim is None:
        raise single_fault(f"robot {profile.name}", "sim", "nothing", "the world that it is simulated in")
    return EXPERTS.get(profile.sim.world)(profile)
