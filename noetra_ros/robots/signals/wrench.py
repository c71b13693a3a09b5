"""Force and torque at the tool."""

from __future__ import annotations

from typing import Any

from noetra_ros.robots.signal_kinds import SIGNAL_KINDS, SignalKind


@SIGNAL_KINDS.register("wrench")
def wrench() -> SignalKind:
    """geometry_msgs/WrenchStamped, in the frame of its header."""
    columns = ("force_x_n", "force_y_n", "force_z_n", "torque_x_nm", "torque_y_nm", "torque_z_nm")
    return SignalKind("geometry_msgs/WrenchStamped", columns, _row)


def _row(message: Any) -> tuple[float, ...]:
    force, torque = message.wrench.force, message.wrench.torque
    return (force.x, force.y, force.z, torque.x, torque.y, torque.z)
