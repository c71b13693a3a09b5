"""Which ROS 2 this runs on: a sourced distribution, or the Python wheels of one."""

from __future__ import annotations

import os
from importlib import metadata

WITH_WHEELS = ("kilted", "jazzy")


def distribution_of_wheels() -> str:
    """Distribution whose Python wheels are installed here; empty = none is."""
    for name in WITH_WHEELS:
        try:
            metadata.version(f"ros-{name}-rclpy")
        except metadata.PackageNotFoundError:
            continue
        return name
    return ""


def ros_distribution() -> str:
    """Name of the distribution (kilted, jazzy, ...), for records and reports; empty = it does not say."""
    return distribution_of_wheels() or os.environ.get("ROS_DISTRO", "")
