"""Where the joints of a robot are when an episode begins."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.urdf import position_units


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


def way_per_rad(profile: RobotProfile) -> FloatArray:
    """(n,) how far each joint goes where postures are varied by 1 rad: one that slides, as a finger does, by
    the same share of its range as that is of a full turn (m per rad); every other one by 1 rad.
    """
    limits = profile.joints.values()
    ranges = np.array([joint.upper_rad - joint.lower_rad for joint in limits])
    slides = np.array([unit == "m" for unit in position_units(profile.urdf_path, profile.joint_names)])
    return np.where(slides, ranges / (2.0 * np.pi), 1.0)
