"""Where the joints of a robot are when an episode begins."""

from __future__ import annotations

from collections.abc import Mapping

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile


def home_positions(profile: RobotProfile) -> Mapping[str, float]:
    """Joint positions (rad) at the start of an episode, by joint; 0 where the profile says nothing.

    Raises:
        ConfigError: `sim.home` names a joint that the robot lacks.
    """
    home = profile.sim.home if profile.sim else {}
    unknown = [name for name in home if name not in profile.joints]
    if unknown:
        raise single_fault(
            f"robot {profile.name}",
            f"sim.home.{unknown[0]}",
            "no such joint",
            f"one of {', '.join(profile.joints)}",
        )
    return {name: home.get(name, 0.0) for name in profile.joint_names}
