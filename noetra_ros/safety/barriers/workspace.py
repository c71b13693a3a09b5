"""Barrier: the faces of each tool's workspace box, for its centre point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import BoxedTool
from noetra_ros.safety.projection.barrier import Body, barrier_registry

# Sag and overshoot of the joints; and the check of the same name judges to the last digit.
MARGIN_M = 0.001
FACES = ("x, low", "x, high", "y, low", "y, high", "z, low", "z, high")


class WorkspaceFaces:
    """Room from the centre of each tool to each face of its box, less `MARGIN_M`.

    Args:
        tools: kinematics of each in its box's frame; at least one.
    """

    unit = "m"
    left_out = ()

    def __init__(self, tools: Sequence[BoxedTool]) -> None:
        self._tools = tuple(tool.kinematics for tool in tools)
        self._lower_m = np.array([tool.box.lower_m for tool in tools]) + MARGIN_M
        self._upper_m = np.array([tool.box.upper_m for tool in tools]) - MARGIN_M
        of = [f" of {tool.box.tool_link}" if len(tools) > 1 else "" for tool in tools]
        self.names = tuple(f"the workspace{words} ({face})" for words in of for face in FACES)
        self.reach = np.repeat([tool.tool_reach_m for tool in self._tools], len(FACES), axis=0)
        self._positions = np.zeros(self._tools[0].joint_count)

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) m; rows as FACES, tool after tool."""
        self._positions = np.array(positions)
        wanted = {row // len(FACES) for row in rows}
        # Of a tool that nobody asks for nothing is measured: most commands come near no wall.
        points_m = [
            tool.tool_position(positions) if number in wanted else self._lower_m[number]
            for number, tool in enumerate(self._tools)
        ]
        room_m = np.stack([points_m - self._lower_m, self._upper_m - points_m], axis=2)
        return room_m.ravel()[list(rows)]

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) m per rad."""
        linear = np.array([tool.tool_linear_jacobian(self._positions) for tool in self._tools])
        both = np.stack([linear, -linear], axis=2)
        return both.reshape(len(self.names), -1)[list(rows)]


@barrier_registry.register("workspace")
def make(body: Body) -> WorkspaceFaces | None:
    """None for a profile without a workspace."""
    return WorkspaceFaces(body.tools) if body.tools else None
