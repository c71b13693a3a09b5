"""What a policy would get from the graph, taken straight from a simulated world."""

from __future__ import annotations

from noetra_ros.core.types import CameraFrame, FloatArray, Observation
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.scripted import make_expert
from noetra_ros.sim.world import World


def observe(world: World, cameras: tuple[str, ...], sentence: str) -> Observation:
    """Joints and pictures of this instant."""
    joints = world.joint_state()
    frames = {name: CameraFrame(joints.stamp_ns, name, world.render(name).rgb) for name in cameras}
    return Observation(joints.stamp_ns, sentence, joints, frames)


class WorldPlanner:
    """A `policy.backend.TruthPlanner` that looks at the world itself.

    Args:
        profile: the simulated arm.
        world: it.
    """

    def __init__(self, profile: RobotProfile, world: World) -> None:
        self._expert, self._world = make_expert(profile), world
        self.wish = ("reach", "red")  # task and colour that the sentence of the episode means

    def __call__(
        self, observation: Observation, rows: int, step_s: float, decided: FloatArray | None = None
    ) -> FloatArray:
        """(rows, joints) rad, profile order; row k for (k + 1) * step_s from now; `decided` rows first."""
        truth = self._world.truth()
        assert truth is not None, "worlds without tasks have no episodes"
        positions = observation.joints.positions
        return self._expert.action_chunk(truth, positions, *self.wish, rows, step_s, decided)
