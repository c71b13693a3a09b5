"""Arm kinematics of the scripted expert: forward, and damped least squares inverse, from the URDF."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pinocchio

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import Hand

# Rotation counts this many metres a radian against position: position wins where both cannot be had.
ROTATION_WEIGHT_M = 0.03
DAMPING = 1e-6
# Solutions keep away from the joints' limits: a joint sags a little beyond its target.
LIMIT_MARGIN_RAD = 0.03
ITERATIONS = 6


@dataclass(frozen=True)
class ToolPose:
    """Where the tool is.

    Attributes:
        point_m: (3,) midway between the pads, world frame.
        rotation: (3, 3) hand's link to world; x from the fixed to the moving finger, -z along the fingers.
        gap_m: distance between the pads; of no account in a pose that is wanted.
    """

    point_m: FloatArray
    rotation: FloatArray
    gap_m: float = math.nan


def pointing_down(azimuth_rad: float, tilt_rad: float, roll_rad: float) -> FloatArray:
    """(3, 3) gripper rotation with the fingers down, tilted outward, the jaw opening turned by `roll_rad`.

    Args:
        azimuth_rad: direction from the robot's base in which the tool lies.
        tilt_rad: angle of the fingers from the vertical, finger tips outward.
        roll_rad: turn of the jaw's opening direction about the fingers, 0 = radial.
    """

    def turn(axis: int, angle: float) -> FloatArray:
        vector = np.zeros(3)
        vector[axis] = angle
        return np.asarray(pinocchio.exp3(vector))

    return np.asarray(turn(2, azimuth_rad) @ turn(1, -tilt_rad) @ turn(2, roll_rad))


def _jaw_of(profile: RobotProfile) -> Hand:
    hand = profile.sim.hand if profile.sim is not None else None
    if hand is None or hand.jaw is None or len(profile.joints) != 6 or hand.joint != profile.joint_names[5]:
        expected = "a hand with a jaw, turned by the last of six joints"
        found = "another arm" if hand is not None else "nothing"
        remedy = "the scripted expert is for such arms; name another policy"
        raise single_fault(f"robot {profile.name}", "sim.hand", found, expected, remedy)
    return hand


class ArmKinematics:
    """Forward and inverse kinematics of the arm's five joints and gripper.

    Args:
        profile: arm with five joints, then the one of its jaw.

    Attributes:
        hand: its jaw.

    Raises:
        ConfigError: another arm, or one without a jaw.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self.hand = _jaw_of(profile)
        self._model = pinocchio.buildModelFromUrdf(str(profile.urdf_path))
        self._data = self._model.createData()
        self._frame = self._model.getFrameId(self.hand.link)
        self._order = [self._model.joints[self._model.getJointId(n)].idx_q for n in profile.joint_names]
        self._lower = np.array([j.lower_rad for j in profile.joints.values()]) + LIMIT_MARGIN_RAD
        self._upper = np.array([j.upper_rad for j in profile.joints.values()]) - LIMIT_MARGIN_RAD

    def tool_pose(self, joints_rad: FloatArray) -> ToolPose:
        """Pose of the tool at (6,) joint positions, profile order."""
        placement = self._place(joints_rad)
        offset = self.hand.tool_offset_m(joints_rad[5])
        point = placement.translation + placement.rotation @ offset
        return ToolPose(point, placement.rotation, self.hand.gap_m(joints_rad[5]))

    def _place(self, joints_rad: FloatArray) -> pinocchio.SE3:
        q = np.empty(6)
        q[self._order] = joints_rad
        pinocchio.computeJointJacobians(self._model, self._data, q)
        pinocchio.updateFramePlacement(self._model, self._data, self._frame)
        return self._data.oMf[self._frame]

    def solve(self, start_rad: FloatArray, goal: ToolPose) -> FloatArray:
        """Joint positions whose tool pose is nearest to `goal`, by damped least squares from `start_rad`.

        The gripper joint is left as it is. Joints that meet a limit (less a margin) stay there.

        Args:
            start_rad: (6,) joint positions to start from, profile order.
            goal: wanted pose.

        Returns:
            (6,) joint positions within the profile's limits.
        """
        q = np.clip(start_rad, self._lower, self._upper)
        for _ in range(ITERATIONS):
            step = self._step(q, goal)
            q[:5] = np.clip(q[:5] + np.clip(step, -0.4, 0.4), self._lower[:5], self._upper[:5])
            if np.abs(step).max() < 1e-4:
                break
        return q

    def _step(self, q: FloatArray, goal: ToolPose) -> FloatArray:
        """(5,) damped Gauss-Newton step; joints that are at a limit and pushed against it are taken out."""
        placement = self._place(q)
        lever = placement.rotation @ self.hand.tool_offset_m(q[5])
        jacobian = pinocchio.getFrameJacobian(
            self._model, self._data, self._frame, pinocchio.LOCAL_WORLD_ALIGNED
        )[:, self._order[:5]]
        linear = jacobian[:3] + np.cross(jacobian[3:].T, lever).T
        rotation_error = pinocchio.log3(goal.rotation @ placement.rotation.T)
        error = np.concatenate(
            [goal.point_m - placement.translation - lever, ROTATION_WEIGHT_M * rotation_error]
        )
        rows = np.vstack([linear, ROTATION_WEIGHT_M * jacobian[3:]])
        free = np.ones(5, bool)
        step = np.zeros(5)
        for _ in range(3):
            active = rows[:, free]
            step[:] = 0.0
            step[free] = np.linalg.solve(
                active.T @ active + DAMPING * np.eye(int(free.sum())), active.T @ error
            )
            blocked = ((q[:5] >= self._upper[:5] - 1e-9) & (step > 0)) | (
                (q[:5] <= self._lower[:5] + 1e-9) & (step < 0)
            )
            if not (blocked & free).any():
                break
            free &= ~blocked
        return step
