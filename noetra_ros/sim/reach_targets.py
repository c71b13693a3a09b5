"""Where targets may hang for an arm: places that its tool reaches from home without folding or low links."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import ToolKinematics
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import RobotProfile

TURN_MOST_RAD = 0.7  # each joint away from home
INSIDE_M = 0.04  # of the faces of the workspace
AWAY_M = 0.10  # from where the tool is at home
APART_M = 0.12
ABOVE_M = 0.02  # links that move keep this above the top of the plinth
ATTEMPTS = 5000
SLIDE_SHARE = 0.3  # of the range of a joint that slides


class ReachTargets:
    """Draws places, for one tool after the other. A place is nearer to where its own tool is at home than to
    where any other is.

    Args:
        profile: arms with URDF and a workspace.
        home: (n,) joint positions at the start, profile order.

    Raises:
        ConfigError: no URDF or no workspace.
    """

    def __init__(self, profile: RobotProfile, home: FloatArray) -> None:
        boxes = profile.tool_boxes
        self._name, self._home = profile.name, home
        self._tools = reaching_tools(profile, profile.joint_names)
        self._homes_m = np.array([tool.tool_position(home) for tool in self._tools])
        self._body = LinkCapsules(profile)
        self._lower_m = np.array([box.lower_m for box in boxes]) + INSIDE_M
        self._upper_m = np.array([box.upper_m for box in boxes]) - INSIDE_M
        limits = profile.joints.values()
        self._lower = np.array([joint.lower_rad for joint in limits])
        self._upper = np.array([joint.upper_rad for joint in limits])
        commanded = np.isin(profile.joint_names, profile.channel().joints)
        self._reach = commanded * np.minimum(TURN_MOST_RAD, SLIDE_SHARE * (self._upper - self._lower))

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        """(count, 3) metres, base frame, apart from one another.

        Raises:
            ConfigError: too few places fit: home, limits and workspace leave no room.
        """
        found: list[FloatArray] = []
        for _ in range(ATTEMPTS):
            which = len(found) % len(self._tools)
            tool = self._tools[which]
            moving = self._reach * (tool.tool_reach_m > 0.0)  # the other arms hold still
            turned = self._home + rng.uniform(-1.0, 1.0, len(self._home)) * moving
            turned = np.clip(turned, self._lower, self._upper)
            place_m = tool.tool_position(turned)
            if self._fits(place_m, which, turned, found):
                found.append(place_m)
            if len(found) == count:
                return np.array(found)
        remedy = "give sim.home a posture in the middle of the workspace, or widen the workspace"
        got = f"{len(found)} places that the tool reaches near home"
        raise single_fault(f"robot {self._name}", "sim.home", got, f"{count} or more", remedy)

    def _fits(self, place_m: FloatArray, which: int, positions: FloatArray, others: list[FloatArray]) -> bool:
        if (place_m < self._lower_m[which]).any() or (place_m > self._upper_m[which]).any():
            return False
        if np.linalg.norm(self._homes_m - place_m, axis=1).min() < AWAY_M:
            return False
        if nearest_tool(self._homes_m, place_m) != which:
            return False
        if any(np.linalg.norm(place_m - other) < APART_M for other in others):
            return False
        lowest_m = self._body.segments(positions)[:, :, 2].min(axis=1) - self._body.radii_m
        return bool((lowest_m[~self._body.is_fixed] > ABOVE_M).all() or self._is_low_at_home(lowest_m))

    def _is_low_at_home(self, lowest_m: FloatArray) -> bool:
        """Links that are low whatever the arm does, as the first of a small arm, do not count."""
        at_home = self._body.segments(self._home)[:, :, 2].min(axis=1) - self._body.radii_m
        is_new = (lowest_m <= ABOVE_M) & (at_home > ABOVE_M)
        return not is_new.any()


def reaching_tools(profile: RobotProfile, joints: Sequence[str]) -> tuple[ToolKinematics, ...]:
    """Every tool of a profile for positions of `joints`, base frame; that of `workspace` first.

    Raises:
        ConfigError: no URDF or no workspace.
    """
    urdf = profile.urdf_path
    if urdf is None or not profile.tool_boxes:
        raise single_fault(f"robot {profile.name}", "workspace", "nothing", "URDF and workspace of the arm")
    return tuple(
        ToolKinematics(urdf, joints, box.tool_link, profile.base_frame) for box in profile.tool_boxes
    )


def nearest_tool(homes_m: FloatArray, place_m: FloatArray) -> int:
    """Which tool a place is for: the one that is nearest to it at home.

    Args:
        homes_m: (k, 3) m, where each tool is at home.
        place_m: (3,) m.
    """
    return int(np.linalg.norm(homes_m - place_m, axis=1).argmin())
