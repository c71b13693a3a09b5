"""Commands and the five message types of controller channels, both ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from geometry_msgs.msg import Twist, TwistStamped
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import Command, CommandKind, FloatArray
from noetra_ros.ros.conversions import NS_PER_S, ns_to_stamp, seconds_to_duration, stamp_to_ns

PLANAR = 3  # values of the twist of a base


def command_from_message(message: Any, kind: CommandKind, arrival_ns: int) -> Command:
    """A command as it arrived, judged by nobody yet: NaN and wrong sizes go through.

    A JointTrajectory is a command when it has one point (else see `trajectory_from_message`); the values of
    several are strung together, so that their number is wrong and the supervisor refuses them. Of a gripper,
    the effort of a JointState or of the points goes along; a velocity does not: how fast it goes is what the
    commands make of it.

    Args:
        message: Float64MultiArray, JointTrajectory, JointState, Twist or TwistStamped.
        kind: what the channel's values mean.
        arrival_ns: time of arrival on the clock that time-outs run on.
    """
    return _READERS[type(message)](message, kind, arrival_ns)


def _read_array(message: Float64MultiArray, kind: CommandKind, arrival_ns: int) -> Command:
    return Command(kind, np.array(message.data, dtype=np.float64), arrival_ns)


def _read_trajectory(message: JointTrajectory, kind: CommandKind, arrival_ns: int) -> Command:
    points = [np.asarray(p.positions, dtype=np.float64) for p in message.points]
    values = np.concatenate(points) if points else np.empty(0)
    stamp_ns = stamp_to_ns(message.header.stamp) or None  # zero = "start now", which is no stamp
    efforts = None
    if kind is CommandKind.GRIPPER:
        efforts = _efforts([value for point in message.points for value in point.effort])
    return Command(kind, values, arrival_ns, stamp_ns, tuple(message.joint_names), efforts)


def _read_joint_state(message: JointState, kind: CommandKind, arrival_ns: int) -> Command:
    values, stamp_ns = (
        np.array(message.position, dtype=np.float64),
        stamp_to_ns(message.header.stamp) or None,
    )
    return Command(kind, values, arrival_ns, stamp_ns, tuple(message.name), _efforts(message.effort))


def _efforts(given: Sequence[float]) -> FloatArray | None:
    return np.array(given, dtype=np.float64) if len(given) else None


def trajectory_from_message(message: Any, kind: CommandKind, arrival_ns: int) -> Trajectory | None:
    """A whole trajectory as it arrived, judged by nobody yet; None = the message is a single command.

    Args:
        message: of any type that `command_from_message` takes.
        kind: what the channel's values mean: only joint positions can be whole trajectories.
        arrival_ns: time of arrival on the clock that time-outs run on.
    """
    is_whole = isinstance(message, JointTrajectory) and len(message.points) != 1
    if not is_whole or kind is not CommandKind.JOINT_POSITION:
        return None
    points = tuple(
        TrajectoryPoint(
            stamp_to_ns(point.time_from_start) / NS_PER_S,
            np.array(point.positions, dtype=np.float64),
            np.array(point.velocities, dtype=np.float64),
            np.array(point.accelerations, dtype=np.float64),
        )
        for point in message.points
    )
    stamp_ns = stamp_to_ns(message.header.stamp) or None
    return Trajectory(tuple(message.joint_names), points, arrival_ns, stamp_ns)


def trajectory_message(trajectory: Trajectory) -> JointTrajectory:
    """The message of a whole trajectory."""
    message = JointTrajectory(joint_names=list(trajectory.names))
    message.header.stamp = ns_to_stamp(trajectory.stamp_ns or 0)
    message.points = [
        JointTrajectoryPoint(
            positions=point.positions.tolist(),
            velocities=point.velocities.tolist(),
            accelerations=point.accelerations.tolist(),
            time_from_start=seconds_to_duration(point.time_s),
        )
        for point in trajectory.points
    ]
    return message


def _read_twist(message: Twist, kind: CommandKind, arrival_ns: int) -> Command:
    return Command(kind, _twist_values(message, kind), arrival_ns)


def _read_twist_stamped(message: TwistStamped, kind: CommandKind, arrival_ns: int) -> Command:
    stamp_ns = stamp_to_ns(message.header.stamp) or None
    values = _twist_values(message.twist, kind)
    return Command(kind, values, arrival_ns, stamp_ns, frame=message.header.frame_id)


def _twist_values(twist: Twist, kind: CommandKind) -> FloatArray:
    """(6,) vx, vy, vz m/s, wx, wy, wz rad/s of a tool; (3,) of a base."""
    if kind is not CommandKind.EE_TWIST:
        return _planar(twist)
    linear, angular = twist.linear, twist.angular
    return np.array([linear.x, linear.y, linear.z, angular.x, angular.y, angular.z])


def _planar(twist: Twist) -> FloatArray:
    """(3,) vx m/s, vy m/s, wz rad/s; NaN where a part that a planar base cannot do is asked for."""
    unplanar = (twist.linear.z, twist.angular.x, twist.angular.y)
    if any(part != 0.0 for part in unplanar):
        return np.full(3, np.nan)
    return np.array([twist.linear.x, twist.linear.y, twist.angular.z])


_READERS: dict[type, Callable[[Any, CommandKind, int], Command]] = {
    Float64MultiArray: _read_array,
    JointTrajectory: _read_trajectory,
    JointState: _read_joint_state,
    Twist: _read_twist,
    TwistStamped: _read_twist_stamped,
}


class CommandWriter:
    """Writes commands of one channel as messages of its type.

    Args:
        message: Float64MultiArray, JointTrajectory, JointState, Twist or TwistStamped.
        names: joint names in message order; unused by types without names.
        period_s: s between commands; a one-point trajectory is to be reached after it.
        frame_id: frame for TwistStamped.
    """

    def __init__(
        self, message: type[Any], names: Sequence[str] = (), period_s: float = 0.01, frame_id: str = ""
    ) -> None:
        self._write = _WRITERS[message]
        self.names = list(names)
        self.period = seconds_to_duration(period_s)
        self.frame_id = frame_id

    def message(self, values: FloatArray, stamp_ns: int, effort: float = math.nan) -> Any:
        """The message of one command.

        Args:
            values: (d,) in the order of `names`; vx, vy, wz of a base; vx, vy, vz, wx, wy, wz of a tool.
            stamp_ns: its stamp, where the type has one.
            effort: N or Nm that a gripper may use; NaN = nothing is said of it. JointState only.
        """
        return self._write(self, values, stamp_ns, effort)


def _write_array(
    writer: CommandWriter, values: FloatArray, stamp_ns: int, effort: float
) -> Float64MultiArray:
    return Float64MultiArray(data=values.tolist())


def _write_trajectory(
    writer: CommandWriter, values: FloatArray, stamp_ns: int, effort: float
) -> JointTrajectory:
    point = JointTrajectoryPoint(positions=values.tolist(), time_from_start=writer.period)
    message = JointTrajectory(joint_names=writer.names, points=[point])
    message.header.stamp = ns_to_stamp(stamp_ns)
    return message


def _write_joint_state(writer: CommandWriter, values: FloatArray, stamp_ns: int, effort: float) -> JointState:
    efforts = [] if math.isnan(effort) else [effort] * len(values)
    message = JointState(name=writer.names, position=values.tolist(), effort=efforts)
    message.header.stamp = ns_to_stamp(stamp_ns)
    return message


def _write_twist(writer: CommandWriter, values: FloatArray, stamp_ns: int, effort: float) -> Twist:
    twist = Twist()
    linear, angular = twist.linear, twist.angular
    if len(values) == PLANAR:
        linear.x, linear.y, angular.z = values.tolist()
    else:
        linear.x, linear.y, linear.z, angular.x, angular.y, angular.z = values.tolist()
    return twist


def _write_twist_stamped(
    writer: CommandWriter, values: FloatArray, stamp_ns: int, effort: float
) -> TwistStamped:
    message = TwistStamped(twist=_write_twist(writer, values, stamp_ns, effort))
    message.header.stamp = ns_to_stamp(stamp_ns)
    message.header.frame_id = writer.frame_id
    return message


_WRITERS: dict[type, Callable[[CommandWriter, FloatArray, int, float], Any]] = {
    Float64MultiArray: _write_array,
    JointTrajectory: _write_trajectory,
    JointState: _write_joint_state,
    Twist: _write_twist,
    TwistStamped: _write_twist_stamped,
}
