"""Messages to core types and back: stamps and joint states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from builtin_interfaces.msg import Duration, Time
from sensor_msgs.msg import JointState as JointStateMessage

from noetra_ros.core.types import FloatArray, JointState

NS_PER_S = 1_000_000_000


def stamp_to_ns(stamp: Time | Duration) -> int:
    """ROS time or duration in ns."""
    return int(stamp.sec) * NS_PER_S + int(stamp.nanosec)


def ns_to_stamp(time_ns: int) -> Time:
    """ROS time of an instant in ns; negative instants have no stamp and raise ValueError."""
    if time_ns < 0:
        raise ValueError(f"{time_ns} ns lies before the epoch")
    seconds, nanoseconds = divmod(int(time_ns), NS_PER_S)
    return Time(sec=seconds, nanosec=nanoseconds)


def seconds_to_duration(time_s: float) -> Duration:
    """A ROS duration."""
    seconds, nanoseconds = divmod(round(time_s * NS_PER_S), NS_PER_S)
    return Duration(sec=seconds, nanosec=nanoseconds)


def joint_state_from_message(message: JointStateMessage, names: Sequence[str]) -> JointState:
    """Measured joints in the order of `names`; further joints of the message are left out.

    Raises:
        ValueError: a joint is missing or the message has fewer positions than names.
    """
    place = {name: i for i, name in enumerate(message.name)}
    missing = [name for name in names if name not in place]
    if missing:
        raise ValueError(
            f"joint_states lacks {', '.join(missing)}; it has {', '.join(message.name) or 'nothing'}"
        )
    if len(message.position) != len(message.name):
        raise ValueError(f"joint_states has {len(message.position)} positions for {len(message.name)} names")
    order = [place[name] for name in names]
    return JointState(
        stamp_ns=stamp_to_ns(message.header.stamp),
        names=tuple(names),
        positions=np.asarray(message.position, dtype=np.float64)[order],
        velocities=_or_nan(message.velocity, len(place), order),
        efforts=_or_nan(message.effort, len(place), order),
    )


def joint_positions_from_message(message: JointStateMessage, names: Sequence[str]) -> FloatArray:
    """(n,) measured positions in the order of `names`: what the control path needs, and nothing else.

    Raises:
        ValueError: as `joint_state_from_message`.
    """
    if message.name == names and len(message.position) == len(names):
        return np.array(message.position, dtype=np.float64)
    return joint_state_from_message(message, names).positions


def _or_nan(values: Sequence[float], count: int, order: list[int]) -> FloatArray:
    """`values` in `order`, NaN where the message holds none (ROS leaves the array empty)."""
    if len(values) != count:
        return np.full(len(order), np.nan)
    return np.asarray(values, dtype=np.float64)[order]


def joint_state_to_message(state: JointState, frame_id: str = "") -> JointStateMessage:
    """A joint_states message; NaN velocities and efforts stay NaN."""
    message = JointStateMessage(name=list(state.names))
    message.header.stamp = ns_to_stamp(state.stamp_ns)
    message.header.frame_id = frame_id
    message.position = state.positions.tolist()
    message.velocity = state.velocities.tolist()
    message.effort = state.efforts.tolist()
    return message
