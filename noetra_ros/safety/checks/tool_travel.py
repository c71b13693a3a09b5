"""Check: a tool that is told how to move stays inside the workspace box, also while it reacts and brakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.kinematics import ToolKinematics
from noetra_ros.robots.profile import WorkspaceBox
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limiter import AxisMotion, accelerated
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.tool_path import path_until_rest, reach_of, start_box, straight_reach
from noetra_ros.safety.twist_share import allowed_share, motions_of
from noetra_ros.safety.verdict import Action, Verdict, passed

NAME = "tool_travel"
PASSED: Final = passed(NAME)
BISECTIONS = 6
MARGIN_M = 0.002  # kept by what is let through, for noise of the joints; a stop may use it up
CLOSER_M = 1e-9  # rounding; a tool that is outside may come no farther out
JOINT_STATES = "joint_states"


class Excess(NamedTuple):
    """What comes farthest out: by how much more than it may, where (m), the wall (m), its axis."""

    beyond_m: float
    at_m: float
    wall_m: float
    axis: str


@dataclass(frozen=True)
class ToolTravel:
    """Lets a twist of the tool pass only where the tool, as it was last measured, with what it has not yet
    done of the commands before, going on for two cycles and then braking, stays inside the workspace; else
    the share of it that does, down to a controlled stop. A tool that is outside may only come back in. Stops
    where the joints are not known, and where even braking now leads out. Takes a frame that goes with the
    tool as turning any way by as much as it is told to turn, and leaves room for that.
    Cannot catch joints that come to their limits or a singular posture on the way, links other than the
    tool, barriers, and a controller that moves the tool otherwise than it is told.
    """

    controller_latency_s: float = setting(
        "s", "from a command going out until the robot follows it", minimum=0.0, maximum=2.0
    )

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs twists of a tool, a box and kinematics."""
        if limits.kind is not CommandKind.EE_TWIST:
            return f"it judges twists of a tool, the channel takes {limits.kind.value}"
        return "" if limits.tool is not None else "the robot profile has no workspace"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP to the share of the twist that stays inside; STOP where even braking now does not."""
        tool, box, joints = snapshot.limits.tool, snapshot.limits.workspace, snapshot.joint_positions
        if tool is None or box is None:
            return PASSED
        is_known = joints is not None and JOINT_STATES in snapshot.stream_age_s
        if joints is None or not is_known or not np.isfinite(joints).all():
            return Verdict(NAME, Action.STOP, "the tool position is unknown: a joint is missing or no number")
        wanted = snapshot.proposed
        if not any(wanted if wanted is not None else snapshot.sent):
            return PASSED
        look = _Look(snapshot, tool, box, self.controller_latency_s)
        if wanted is not None:
            excess = look.ahead(wanted)
            if excess.beyond_m <= 0.0:
                return PASSED
            share = allowed_share(snapshot, wanted, lambda v: look.ahead(v).beyond_m <= 0.0, BISECTIONS)
            if share > 0.0 or not any(snapshot.sent) or look.holding(0.0).beyond_m <= 0.0:
                return _verdict(Action.CLAMP, excess, share, "braking" if share <= 0.0 else "slower")
            return _verdict(Action.STOP, look.holding(0.0), 0.0, "stopping")
        excess = look.holding(snapshot.cycle_s)
        return PASSED if excess.beyond_m <= 0.0 else _verdict(Action.STOP, excess, 0.0, "stopping")


class _Look:
    """The tool in its box at one instant, to ask about several motions."""

    def __init__(self, snapshot: Snapshot, tool: ToolKinematics, box: WorkspaceBox, latency_s: float) -> None:
        joints, limits = snapshot.joint_positions, snapshot.limits
        assert joints is not None and snapshot.sent_since is not None
        pose = tool.tool_pose(joints)
        self._turn: FloatArray = pose[:3, :3] if limits.is_tool_frame else np.eye(3)
        self._is_turning = limits.is_tool_frame
        since = snapshot.sent_since(max(snapshot.stream_age_s[JOINT_STATES], 0.0) + latency_s)
        self._start = start_box(pose[:3, 3], self._turn, self._seen(since))
        self._box, self._axes, self._dt_s = box, limits.axes, limits.period_s
        self._motions, self._cycle_s = motions_of(snapshot), snapshot.cycle_s

    def ahead(self, twist: Values) -> Excess:
        """`twist` is sent, held until the judgement after the next, and braked."""
        motions = [accelerated(m, value, self._dt_s) for m, value in zip(self._motions, twist, strict=True)]
        return self._excess(motions, 2.0 * self._cycle_s, MARGIN_M)

    def holding(self, goes_on_s: float) -> Excess:
        """What was sent is held for a while, and braked."""
        return self._excess(self._motions, goes_on_s, 0.0)

    def _seen(self, rows: FloatArray) -> FloatArray:
        """Twists whose turns count only where they turn the frame."""
        return rows if self._is_turning else rows * np.array([1.0] * 4 + [0.0] * 3)

    def _excess(self, motions: Sequence[AxisMotion], goes_on_s: float, margin_m: float) -> Excess:
        start, about = self._start, (motions, self._axes, self._dt_s, goes_on_s)
        if self._is_turning:
            down_m, up_m = reach_of(path_until_rest(*about), self._turn, start.turn_rad)
        else:
            down_m, up_m = straight_reach(*about)
        low, high = start.lower_m + down_m, start.upper_m + up_m
        lower, upper = np.array(self._box.lower_m), np.array(self._box.upper_m)
        below = np.minimum(lower + margin_m, start.lower_m - CLOSER_M) - low
        above = high - np.maximum(upper - margin_m, start.upper_m + CLOSER_M)
        beyond = np.maximum(below, above)  # hands NaN on
        index = int(np.argmax(beyond))
        is_below = bool(below[index] > above[index])
        at, wall = (low, lower) if is_below else (high, upper)
        return Excess(float(beyond[index]), float(at[index]), float(wall[index]), "xyz"[index])


def _verdict(action: Action, excess: Excess, share: float, what: str) -> Verdict:
    at_m, wall_m, axis = excess.at_m, excess.wall_m, excess.axis
    reason = f"the tool would come to {axis} = {at_m:.4f} m, the workspace ends at {wall_m} m: {what}"
    return Verdict(NAME, action, reason, share, axis, at_m, wall_m, "m")


check_registry.register(NAME)(ToolTravel)
