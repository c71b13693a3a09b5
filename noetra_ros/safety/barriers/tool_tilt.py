"""Barrier: the angle of a tool axis against a direction of the base, for what must not be poured out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.keep_out import ToolTilt
from noetra_ros.robots.kinematics import ToolKinematics
from noetra_ros.safety.projection.barrier import Body, barrier_registry

STRAIGHT = 1e-9  # sine below which the axes are parallel: no direction is the way out


class TiltCone:
    """Room from the angle between tool axis and base axis to the most that is allowed.

    Args:
        tool: kinematics of the tool link.
        tilt: the cone.
    """

    unit = "rad"
    left_out = ()
    names = ("the tilt of the tool",)

    def __init__(self, tool: ToolKinematics, tilt: ToolTilt) -> None:
        self._tool, self._most_rad = tool, tilt.most_rad
        self._tool_axis = np.array(tilt.tool_axis) / np.linalg.norm(tilt.tool_axis)
        self._base_axis = np.array(tilt.base_axis) / np.linalg.norm(tilt.base_axis)
        self.reach = np.ones((1, tool.joint_count))  # no joint turns the tool by more than itself
        self._axis, self._positions = self._tool_axis, np.zeros(tool.joint_count)

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) rad; there is one row."""
        self._positions = np.array(positions)
        self._axis = self._tool.tool_pose(positions)[:3, :3] @ self._tool_axis
        across = float(np.linalg.norm(np.cross(self._axis, self._base_axis)))
        return np.array([self._most_rad - np.arctan2(across, self._axis @ self._base_axis)])[list(rows)]

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) rad per rad."""
        about = np.cross(self._axis, self._base_axis)
        sine = max(float(np.linalg.norm(about)), STRAIGHT)
        # Turning about the common normal brings the tool's axis nearer to the other one.
        row: FloatArray = (about / sine)[np.newaxis] @ self._tool.tool_jacobian(self._positions)[3:]
        return row[list(rows)]


@barrier_registry.register("tool_tilt")
def make(body: Body) -> TiltCone | None:
    """None for a profile without a tilt; its tool is the workspace's.

    Raises:
        ConfigError: an axis without length.
    """
    tilt = body.profile.tool_tilt
    if tilt is None:
        return None
    for name in ("tool_axis", "base_axis"):
        if not any(getattr(tilt, name)):
            raise single_fault(f"robot {body.profile.name}", f"tool_tilt.{name}", "zeros", "a direction")
    return TiltCone(body.tool, tilt)
