"""Cameras by name: those asked for, held against what the robot has."""

from __future__ import annotations

from collections.abc import Sequence

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile


def cameras_asked_for(profile: RobotProfile, asked: Sequence[str]) -> tuple[str, ...]:
    """Those that are asked for, or all of the profile; empty words do not count.

    Raises:
        ConfigError: the profile has no such camera.
    """
    names = tuple(name for name in asked if name)
    for name in names:
        if name not in profile.cameras:
            expected = f"some of {', '.join(profile.cameras)}, or empty for all"
            raise single_fault(f"robot {profile.name}", "cameras", repr(name), expected)
    return names or tuple(profile.cameras)
