"""Reaches with any arm: joint targets that bring a tool above a target, by damped least squares."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.reach_targets import nearest_tool, reaching_tools
from noetra_ros.sim.scene import CUBE_HALF_M, SceneTruth
from noetra_ros.sim.scripted import EXPERTS
from noetra_ros.sim.tasks.reach import SPOT_ABOVE_TOP_M
from noetra_ros.sim.world import home_positions

SPEED_SHARE = 0.5  # of the profile's speed limits
SPEED_MOST_RADPS = 0.8
APPROACH_GAIN_PER_S = 2.5
ITERATIONS = 60
STEP_MOST_RAD = 0.15  # of an iteration
DAMPING_M2 = 1e-4
NEAR_M = 1e-3
HOME_GAIN = 0.05  # pull towards the posture of home, where the task leaves a choice
LIMIT_MARGIN_RAD = 0.05


@EXPERTS.register("stand")
class Reacher:
    """A memoryless function of the scene, as `sim.experts.table.Expert` is. Of several arms the one whose
    tool is nearest to the target at home reaches for it; the others hold their posture of home.

    Args:
        profile: arm with a URDF and a workspace; the joints of its default channel are used.

    Raises:
        ConfigError: no URDF or no workspace.
    """

    def __init__(self, profile: RobotProfile) -> None:
        joints = profile.channel().joints
        self._columns = [profile.joint_names.index(name) for name in joints]
        self._tools = reaching_tools(profile, joints)
        limits = [profile.joints[name] for name in joints]
        ranges = np.array([j.upper_rad - j.lower_rad for j in limits])
        margin = np.minimum(LIMIT_MARGIN_RAD, 0.1 * ranges)
        self._lower = np.array([j.lower_rad for j in limits]) + margin
        self._upper = np.array([j.upper_rad for j in limits]) - margin
        speeds = np.array([j.velocity_radps for j in limits])
        self._speeds = np.minimum(SPEED_SHARE * speeds, SPEED_MOST_RADPS)
        home = home_positions(profile)
        self._home = np.array([home[name] for name in joints])
        self._homes_m = np.array([tool.tool_position(self._home) for tool in self._tools])

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
        """The next joint targets; see `Expert.action_chunk`.

        Args:
            truth: the scene now.
            q: (d,) measured joint positions, rad or m, profile order.
            task: `reach`.
            colour: of the target.
            n: rows.
            dt: s from one row to the next.
            decided: (k, m) first rows that will be executed whatever is answered; None = none.

        Returns:
            (n, m) targets of the default channel's joints, in its order.

        Raises:
            ConfigError: another task than `reach`: nothing can be gripped here.
        """
        if task != "reach":
            raise single_fault("scripted expert", "task", repr(task), "reach: this world has nothing to grip")
        spot_m = truth.cube(colour).position_m + np.array([0.0, 0.0, CUBE_HALF_M + SPOT_ABOVE_TOP_M])
        now = np.asarray(q, dtype=float)[self._columns]
        goal = self.posture_at(spot_m, now)
        rows = np.empty((n, len(goal)))
        known = np.empty((0, len(goal))) if decided is None else decided
        for k in range(n):
            rows[k] = now = known[k] if k < len(known) else self._towards(goal, now, dt)
        return rows

    def _towards(self, goal: FloatArray, now: FloatArray, dt: float) -> FloatArray:
        """All joints arrive together, slower near the goal."""
        step = min(1.0, APPROACH_GAIN_PER_S * dt) * (goal - now)
        share = min(1.0, float((self._speeds * dt / np.maximum(np.abs(step), 1e-9)).min()))
        return np.asarray(now + share * step)

    def posture_at(self, point_m: FloatArray, start: FloatArray) -> FloatArray:
        """(n,) joint positions near `start` with its tool at (3,) `point_m`, base frame, or nearly so."""
        tool = self._tools[nearest_tool(self._homes_m, point_m)]
        holds = tool.tool_reach_m == 0.0
        q = np.clip(np.where(holds, self._home, start), self._lower, self._upper)
        for _ in range(ITERATIONS):
            gap_m = point_m - tool.tool_position(q)
            jacobian = tool.tool_jacobian(q)[:3]
            gathered = np.linalg.solve(jacobian @ jacobian.T + DAMPING_M2 * np.eye(3), np.eye(3))
            pseudo = jacobian.T @ gathered
            pull = HOME_GAIN * (self._home - q)
            step = pseudo @ gap_m + pull - pseudo @ (jacobian @ pull)
            q = np.clip(q + np.clip(step, -STEP_MOST_RAD, STEP_MOST_RAD), self._lower, self._upper)
            if np.linalg.norm(gap_m) < NEAR_M:
                break
        return np.asarray(q)
