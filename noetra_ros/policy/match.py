"""The preflight for callers that have no more than a robot and a channel."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import Serving, preflight_faults, require_preflight
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import RobotProfile


def require_match(spec: PolicySpec, robot: RobotProfile, channel: str = "", *, is_simulation: bool) -> None:
    """Refuse a policy that does not fit the robot.

    Args:
        spec: what the policy needs and gives.
        robot: what the robot offers.
        channel: command channel; empty = the profile's default.
        is_simulation: whether a simulator's truth can be had.

    Raises:
        ConfigError: every mismatch at once.
    """
    require_preflight(spec, Serving(robot, channel, is_simulation))


def match_faults(
    spec: PolicySpec, robot: RobotProfile, channel: str = "", *, is_simulation: bool
) -> list[Fault]:
    """All mismatches; empty when the policy fits."""
    return preflight_faults(spec, Serving(robot, channel, is_simulation))
