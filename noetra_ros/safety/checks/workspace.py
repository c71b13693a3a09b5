"""Check: the tool stays inside the workspace box of the profile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.profile import WorkspaceBox
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

ROUNDING_M = 1e-9
PASSED: Final = passed("workspace")


@dataclass(frozen=True)
class Workspace:
    """Brakes at the wall of the box: clamps with scale 0 when a tool would be outside its box after the next
    setpoint, or after a controlled stop from it. A tool that is outside already may move inwards. Judges one
    point of each tool, its centre, at the next setpoint and at rest; cannot catch other links, held objects,
    or the path between the two.
    """

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs a box and kinematics."""
        if limits.kind is CommandKind.EE_TWIST:
            return "check tool_travel holds twists of a tool in the workspace"
        return "" if limits.tool is not None else "the robot profile has no workspace for this channel"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP to braking with the coordinate that is farthest outside, of the first tool that would be."""
        limits, tools = snapshot.limits, snapshot.limits.tools
        if snapshot.proposed is None or snapshot.proposed_rest is None or limits.workspace is None:
            return PASSED
        at_rest = snapshot.tool_positions(snapshot.proposed_rest)
        at_next = snapshot.tool_positions(snapshot.proposed)
        if not tools or at_rest is None or at_next is None:
            return Verdict("workspace", Action.STOP, "the tool position is unknown: no joint states")
        for number, ((_, box), rest, after) in enumerate(zip(tools, at_rest, at_next, strict=True)):
            rest_m, next_m = outside_m(rest, box), outside_m(after, box)
            beyond_m = max(rest_m, next_m)
            if beyond_m > ROUNDING_M and beyond_m > _outside_when_stopped_m(snapshot, number):
                return _verdict(after if next_m > rest_m else rest, box, len(tools) > 1)
        return PASSED


def _outside_when_stopped_m(snapshot: Snapshot, number: int) -> float:
    """How far outside a tool ends without a further command: that much is not the command's doing."""
    if snapshot.stop_rest is None:
        return 0.0
    points = snapshot.tool_positions(snapshot.stop_rest())
    if points is None:
        return 0.0
    beyond_m = outside_m(points[number], snapshot.limits.tools[number].box)
    # Where nobody knows it, whatever comes is the command's doing.
    return beyond_m + ROUNDING_M if math.isfinite(beyond_m) else 0.0


def outside_m(point: FloatArray, box: WorkspaceBox) -> float:
    """Largest distance of a point beyond a face of the box; 0 inside, infinite for NaN.

    Args:
        point: (3,) metres, frame of the box.
        box: the box.
    """
    x, y, z = point.tolist()
    (x0, y0, z0), (x1, y1, z1) = box.lower_m, box.upper_m
    if x0 <= x <= x1 and y0 <= y <= y1 and z0 <= z <= z1:
        return 0.0
    if math.isnan(x + y + z):
        return math.inf
    return float(max(0.0, x0 - x, x - x1, y0 - y, y - y1, z0 - z, z - z1))


def _verdict(point: FloatArray, box: WorkspaceBox, is_named: bool) -> Verdict:
    below, above = np.subtract(box.lower_m, point), np.subtract(point, box.upper_m)
    index = int(np.argmax(np.maximum(below, above)))
    limit = box.lower_m[index] if below[index] > above[index] else box.upper_m[index]
    name, value = "xyz"[index], float(point[index])
    tool = f"the tool {box.tool_link}" if is_named else "the tool"
    reason = f"{tool} would come to {name} = {value:.4f} m, the workspace ends at {limit} m"
    return Verdict("workspace", Action.CLAMP, reason, 0.0, name, value, limit, "m")


check_registry.register("workspace")(Workspace)
