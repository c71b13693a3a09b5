"""Where the profile's cameras are: fixed in the base frame, or carried by a link."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import ToolKinematics
from noetra_ros.robots.profile import Camera, RobotProfile

FIXED = "world"  # parent of cameras that stand still; its frame is the robot's base frame


def look_at(position_m: Sequence[float], target_m: Sequence[float], up: Sequence[float]) -> FloatArray:
    """(3, 3) rotation from the optical frame (REP-103: z forward, x right, y down) to the parent's.

    Raises:
        ValueError: `up` is parallel to the line of sight, or both points coincide.
    """
    forward = np.asarray(target_m, float) - np.asarray(position_m, float)
    right = np.cross(forward, np.asarray(up, float))
    if np.linalg.norm(right) < 1e-9:
        raise ValueError(
            f"camera at {position_m} looking at {target_m}: up {up} must not lie along the line of sight"
        )
    forward /= np.linalg.norm(forward)
    right /= np.linalg.norm(right)
    return np.column_stack([right, np.cross(forward, right), forward])


def parent_from_optical(camera: Camera) -> FloatArray:
    """(4, 4) pose of a camera's optical frame in the link that carries it, m."""
    pose = np.eye(4)
    pose[:3, :3] = look_at(camera.position_m, camera.look_at_m, camera.up)
    pose[:3, 3] = camera.position_m
    return pose


class CameraMounts:
    """Poses of all cameras of a robot.

    Args:
        profile: the robot.

    Raises:
        ConfigError: a camera hangs on a link, and the robot has no URDF or none with that link.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self._mounts = {name: parent_from_optical(camera) for name, camera in profile.cameras.items()}
        self._carriers = {
            name: _kinematics(profile, name, camera.parent_link)
            for name, camera in profile.cameras.items()
            if camera.parent_link not in (FIXED, profile.base_frame)
        }

    def is_carried(self, camera: str) -> bool:
        """The camera moves with the robot."""
        return camera in self._carriers

    def base_from_optical(self, camera: str, positions: FloatArray) -> FloatArray:
        """(4, 4) pose of a camera, m, base frame.

        Args:
            camera: its name in the profile.
            positions: (n,) joint positions at the picture's stamp, profile order; fixed cameras ignore them.
        """
        mount = self._mounts[camera]
        carrier = self._carriers.get(camera)
        pose: FloatArray = mount.copy() if carrier is None else carrier.tool_pose(positions) @ mount
        return pose


def _kinematics(profile: RobotProfile, camera: str, link: str) -> ToolKinematics:
    if profile.urdf_path is None:
        key = f"cameras.{camera}.parent_link"
        raise single_fault(
            f"robot {profile.name}", key, repr(link), "world, or a URDF that has it", "name a urdf"
        )
    return ToolKinematics(profile.urdf_path, profile.joint_names, link, profile.base_frame)
