"""Barrier: the faces of the workspace box, for the tool centre point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import ToolKinematics
from noetra_ros.robots.profile import WorkspaceBox
from noetra_ros.safety.projection.barrier import Body, barrier_registry

# Sag and overshoot of the joints; and the check of the same name judges to the last digit.
MARGIN_M = 0.001
FACES = ("x, low", "x, high", "y, low", "y, high", "z, low", "z, high")


class WorkspaceFaces:
    """Room from the tool centre to each face of the box, less `MARGIN_M`.

    Args:
        tool: kinematics of the tool link in the box's frame.
        box: it.
    """

    unit = "m"
    left_out = ()

    def __init__(self, tool: ToolKinematics, box: WorkspaceBox) -> None:
        self._tool = tool
        self._lower_m, self._upper_m = np.array(box.lower_m) + MARGIN_M, np.array(box.upper_m) - MARGIN_M
        self.names = tuple(f"the workspace ({face})" for face in FACES)
        self.reach = np.tile(tool.tool_reach_m, (len(FACES), 1))
        self._positions = np.zeros(tool.joint_count)

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) m; rows as FACES."""
        self._positions = np.array(positions)
        point_m = self._tool.tool_position(positions)
        room_m = np.stack([point_m - self._lower_m, self._upper_m - point_m], axis=1)
        return room_m.ravel()[list(rows)]

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) m per rad."""
        linear = self._tool.tool_jacobian(self._positions)[:3]
        return np.stack([linear, -linear], axis=1).reshape(len(FACES), -1)[list(rows)]


@barrier_registry.register("workspace")
def make(body: Body) -> WorkspaceFaces | None:
    """None for a profile without a workspace."""
    box = body.profile.workspace
    return WorkspaceFaces(body.tool, box) if box is not None else None
