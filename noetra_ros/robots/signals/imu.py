"""Turn rate and acceleration."""

from __future__ import annotations

from typing import Any

from noetra_ros.robots.signal_kinds import SIGNAL_KINDS, SignalKind


@SIGNAL_KINDS.register("imu")
def imu() -> SignalKind:
    """sensor_msgs/Imu, in the frame of its header; acceleration with gravity (REP-145)."""
    columns = ("wx_radps", "wy_radps", "wz_radps", "ax_mps2", "ay_mps2", "az_mps2")
    return SignalKind("sensor_msgs/Imu", columns, _row)


def _row(message: Any) -> tuple[float, ...]:
    turn, push = message.angular_velocity, message.linear_acceleration
    return (turn.x, turn.y, turn.z, push.x, push.y, push.z)
