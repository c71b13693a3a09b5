"""Pinhole geometry of simulated cameras, in optical frames (REP-103: z forward, x right, y down)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray, ImageArray
from noetra_ros.robots.profile import Camera

# MuJoCo looks along -z with y up; an optical frame along +z with y down: half a turn about x.
MUJOCO_FROM_OPTICAL = np.diag([1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Intrinsics:
    """Pinhole camera without distortion: focal lengths and principal point, px."""

    width_px: int
    height_px: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float

    @property
    def matrix(self) -> FloatArray:
        """(3, 3) camera matrix K."""
        return np.array([[self.fx_px, 0, self.cx_px], [0, self.fy_px, self.cy_px], [0, 0, 1.0]])


@dataclass(frozen=True)
class CameraImage:
    """One picture of one camera.

    Attributes:
        rgb: (height, width, 3) uint8.
        depth_m: (height, width) float32, m along the optical axis; infinity where nothing is hit.
    """

    rgb: ImageArray
    depth_m: NDArray[np.float32]


def intrinsics(camera: Camera) -> Intrinsics:
    """Intrinsics of a profile's camera: square pixels, pixel (0, 0) centred on (0, 0), as in CameraInfo."""
    focal_px = 0.5 * camera.height_px / np.tan(0.5 * camera.fovy_rad)
    centre = (0.5 * (camera.width_px - 1), 0.5 * (camera.height_px - 1))
    return Intrinsics(camera.width_px, camera.height_px, focal_px, focal_px, *centre)


def look_at(position_m: Sequence[float], target_m: Sequence[float], up: Sequence[float]) -> FloatArray:
    """(3, 3) rotation from the optical frame to the parent's.

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


def camera_quat_wxyz(
    position_m: Sequence[float], target_m: Sequence[float], up: Sequence[float]
) -> FloatArray:
    """MuJoCo's orientation of a camera that looks at a point."""
    quat = np.zeros(4)
    mujoco.mju_mat2Quat(quat, (look_at(position_m, target_m, up) @ MUJOCO_FROM_OPTICAL).ravel())
    return quat


def project(points_optical: FloatArray, camera: Intrinsics) -> FloatArray:
    """Pixels of points in front of the camera.

    Args:
        points_optical: (N, 3) m, optical frame, z > 0.
        camera: intrinsics.

    Returns:
        (N, 2) column and row, px.
    """
    scaled = points_optical / points_optical[:, 2:3]
    return scaled[:, :2] * [camera.fx_px, camera.fy_px] + [camera.cx_px, camera.cy_px]
