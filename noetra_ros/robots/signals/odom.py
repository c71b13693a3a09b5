"""Pose and twist of a base."""

from __future__ import annotations

import math
from typing import Any

from noetra_ros.robots.signal_kinds import SIGNAL_KINDS, SignalKind


@SIGNAL_KINDS.register("odom")
def odom() -> SignalKind:
    """nav_msgs/Odometry: pose in its header's frame, twist in the base frame (REP-105)."""
    columns = ("x_m", "y_m", "yaw_rad", "vx_mps", "vy_mps", "wz_radps")
    return SignalKind("nav_msgs/Odometry", columns, _row)


def _row(message: Any) -> tuple[float, ...]:
    place, q = message.pose.pose.position, message.pose.pose.orientation
    yaw_rad = math.atan2(2.0 * (q.w * q.z + q.x * q.y), 1.0 - 2.0 * (q.y * q.y + q.z * q.z))
    linear, angular = message.twist.twist.linear, message.twist.twist.angular
    return (place.x, place.y, yaw_rad, linear.x, linear.y, angular.z)
