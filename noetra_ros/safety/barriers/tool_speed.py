"""Barrier: how fast each tool goes, whatever its joints do: it neither strikes nor throws what it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import BoxedTool
from noetra_ros.safety.projection.barrier import Body, barrier_registry


class ToolSpeeds:
    """The speed of the centre point of each tool in the frame of its workspace, at most `most_mps`, also
    while a controlled stop brakes the joints one after another. Of postures it says nothing: no rows of room.

    Cannot catch: other links, and what reaches beyond the tool's centre; the base under the arm; a robot
    that does not move as it is told (check tracking_error).

    Args:
        tools: kinematics of each; at least one.
        most_mps: highest speed.
    """

    unit = "m/s"
    left_out = ()
    names = ()

    def __init__(self, tools: Sequence[BoxedTool], most_mps: float) -> None:
        self._tools = tuple(tool.kinematics for tool in tools)
        of = [tool.box.tool_link if len(tools) > 1 else "the tool" for tool in tools]
        self.speed_names = tuple(f"the speed of {name}" for name in of)
        self.most_mps = most_mps
        self.speed_reach = np.array([tool.tool_reach_m for tool in self._tools])
        self.speed_bend = np.array([tool.tool_bend_m for tool in self._tools])
        self.reach = self.speed_reach[:0]

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(0,): a posture alone breaks nothing."""
        return np.zeros(len(rows))

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(0, j)."""
        return np.zeros((len(rows), self.reach.shape[1]))

    def speed_jacobian(self, positions: FloatArray, row: int) -> FloatArray:
        """(3, j) m/s per rad/s; row as the tools."""
        return self._tools[row].tool_linear_jacobian(positions)

    def speed_jacobians(self, positions: FloatArray, row: int) -> FloatArray:
        """(k, 3, j) of (k, j)."""
        return self._tools[row].tool_linear_jacobians(positions)


@barrier_registry.register("tool_speed")
def make(body: Body) -> ToolSpeeds | None:
    """None for a profile without a workspace, which names the tool."""
    return ToolSpeeds(body.tools, body.settings.tool_speed_mps) if body.tools else None
