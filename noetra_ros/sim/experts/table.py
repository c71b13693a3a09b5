"""A scripted expert for the arm's tasks: a memoryless function of the true scene, so it recovers.

Every height is a smooth function ("funnel") of what is still wrong horizontally; nothing remembers a phase.
It makes demonstrations and is the `scripted` policy in simulation; a real robot does not offer such truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.expert_goals import GOALS, Goal
from noetra_ros.sim.expert_rollout import advance
from noetra_ros.sim.kinematics import ArmKinematics, ToolPose, pointing_down
from noetra_ros.sim.scene import SceneTruth
from noetra_ros.sim.scripted import EXPERTS

# Joint speeds stay well inside the profile's limits; the last number is the gripper's.
JOINT_SPEEDS_RADPS = np.array([1.1, 1.1, 1.1, 1.1, 1.1, 1.4])
APPROACH_GAIN_PER_S = 3.5
HORIZONTAL_MPS = 0.22
VERTICAL_MPS = 0.16
# Fingers lean outward with height: the wrist joint's limit forbids pointing straight down high up.
LEAN_FROM_M = 0.040
LEAN_RAD_PER_M = 4.5
LEAN_MAX_RAD = 0.5


@EXPERTS.register("table")
@dataclass
class Expert:
    """Answers a scene with joint targets.

    Args:
        profile: the arm.
    """

    profile: RobotProfile

    def __post_init__(self) -> None:
        self._kinematics = ArmKinematics(self.profile)

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
        """The next joint targets, by rolling a kinematic model of arm and cube forward.

        Args:
            truth: the scene now.
            q: (6,) measured joint positions, rad, profile order.
            task: `reach`, `push`, `pick` or `place`.
            colour: colour of the cube to handle.
            n: rows.
            dt: s from one row to the next; row 0 applies dt from now.
            decided: (k, 6) rad, first rows that will be executed whatever is answered; None = none.

        Returns:
            (n, 6) joint targets, rad, profile order.

        Raises:
            ConfigError: unknown task.
        """
        if task not in GOALS:
            raise single_fault("scripted expert", "task", repr(task), f"one of {', '.join(GOALS)}")
        q = np.asarray(q, dtype=float).copy()
        truth = replace(truth, tool_point_m=self._kinematics.tool_pose(q).point_m, gripper_rad=float(q[5]))
        rows = np.empty((n, 6))
        known = np.empty((0, 6)) if decided is None else decided
        for k in range(n):
            rows[k] = known[k] if k < len(known) else self.next_target(truth, q, task, colour, dt)
            truth, q = advance(truth, q, rows[k], self._kinematics, colour)
        return rows

    def next_target(
        self, truth: SceneTruth, q: FloatArray, task: str, colour: str, dt: float = 0.1
    ) -> FloatArray:
        """(6,) joint target for `dt` from now; arguments as in `action_chunk`."""
        pose = self._kinematics.tool_pose(q)
        goal = GOALS[task](truth, pose, colour)
        point_m = pose.point_m + dt * _velocity(goal, pose.point_m)
        lean_rad = np.clip((point_m[2] - LEAN_FROM_M) * LEAN_RAD_PER_M, 0.0, LEAN_MAX_RAD)
        azimuth_rad = float(np.arctan2(point_m[1], point_m[0]))
        wanted = ToolPose(point_m, pointing_down(azimuth_rad, float(lean_rad), goal.roll_rad))
        target = self._kinematics.solve(q, wanted)
        target[5] = goal.gripper_rad
        return self._limit(q, target, dt)

    def _limit(self, q: FloatArray, target: FloatArray, dt: float) -> FloatArray:
        """Shortens the step so that no joint is too fast; the arm's joints keep their proportion."""
        step = target - q
        largest = JOINT_SPEEDS_RADPS * dt
        step[:5] *= min(1.0, float((largest[:5] / np.maximum(np.abs(step[:5]), 1e-9)).min()))
        step[5] = np.clip(step[5], -largest[5], largest[5])
        limits = self.profile.joints.values()
        return np.clip(q + step, [j.lower_rad for j in limits], [j.upper_rad for j in limits])


def _velocity(goal: Goal, point_m: FloatArray) -> FloatArray:
    """(3,) m/s towards the goal, slower near it; sideways only as fast as `goal.sideways_share` lets it."""
    gap = goal.point_m - point_m
    wish = APPROACH_GAIN_PER_S * gap
    sideways = float(np.linalg.norm(wish[:2]))
    if sideways > HORIZONTAL_MPS:
        wish[:2] *= HORIZONTAL_MPS / sideways
    wish[:2] *= goal.sideways_share
    wish[2] = np.clip(wish[2], -VERTICAL_MPS, VERTICAL_MPS)
    return wish
