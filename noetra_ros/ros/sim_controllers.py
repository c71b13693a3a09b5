"""The simulated robot's controllers: each command channel of the profile on its topic, as on a real robot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from rclpy.node import Node
from trajectory_msgs.msg import JointTrajectory

from noetra_ros.core.types import Command, CommandKind, FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.commands import command_from_message
from noetra_ros.ros.conversions import NS_PER_S, stamp_to_ns
from noetra_ros.sim.setpoint_buffer import SetpointBuffer
from noetra_ros.sim.trajectory_execution import TrajectoryExecution
from noetra_ros.sim.world import World

# After a reset: how near a command must be to count, and for how long that is asked.
NEAR_RAD = 0.1
NEAR_S = 0.5
# Of the profile's acceleration: what a drive allows itself where setpoints stop in the middle of a motion.
DRIVE_SHARE = 0.9


class Controllers:
    """Subscribes to all channels and drives the world; the newest command wins.

    After `restart` position commands are ignored for a while unless they are near the robot's new place: what
    was on its way to the old place does not tear the robot back.

    Args:
        node: where the subscriptions live.
        profile: the robot.
        world: what is driven.
        on_taken: told the name of the channel after each command, taken or not.
        is_deaf: while it says so, no command is taken (an episode has not begun yet).
        buffer_period_s: even out the arrival of joint setpoints, one for each of these periods (real time);
            0 = take them as they come (lock-step: there is one a tick).
    """

    def __init__(
        self,
        node: Node,
        profile: RobotProfile,
        world: World,
        on_taken: Callable[[str], None],
        is_deaf: Callable[[], bool],
        buffer_period_s: float = 0.0,
    ) -> None:
        self._node, self._world, self._on_taken, self._is_deaf = node, world, on_taken, is_deaf
        self._place = {name: i for i, name in enumerate(profile.joint_names)}
        self.refused: Counter[str] = Counter()
        start = world.joint_state().positions
        self._buffer: SetpointBuffer | None = None
        if buffer_period_s and start.size:
            self._buffer = SetpointBuffer(start, _most_change(profile, buffer_period_s))
        self.restart()
        self.subscriptions = [self._subscribe(name, channel) for name, channel in profile.channels.items()]

    def restart(self) -> None:
        """The robot stands elsewhere: its place is the setpoint, running motions end."""
        self._targets = self._world.joint_state().positions.copy()
        self._velocities: FloatArray | None = None
        self._velocities_until_ns = math.inf
        self._trajectory: tuple[TrajectoryExecution, int, list[int]] | None = None
        self._is_waiting_near = True
        self._restarted_ns = self._world.time_ns
        if self._buffer is not None:
            self._buffer.clear(self._targets)

    def before_step(self, period_s: float) -> None:
        """Carry running motions on by one control period."""
        if self._buffer is not None and (setpoint := self._buffer.next()) is not None:
            self._world.set_joint_targets(setpoint)
        if self._velocities is not None and self._world.time_ns <= self._velocities_until_ns:
            self._targets = self._targets + period_s * self._velocities
            self._world.set_joint_targets(self._targets)
        if self._trajectory is not None:
            execution, started_ns, columns = self._trajectory
            elapsed_s = (self._world.time_ns - started_ns) / NS_PER_S + period_s
            self._targets[columns] = execution.at(elapsed_s)
            self._world.set_joint_targets(self._targets)
            if execution.is_over(elapsed_s):
                self._trajectory = None

    def _subscribe(self, name: str, channel: Channel) -> Any:
        kind = interfaces.COMMAND_MESSAGES[channel.message]

        def take(message: Any) -> None:
            try:
                if not self._is_deaf():
                    self._execute(message, channel)
            except ValueError as error:
                self.refused[name] += 1
                self._node.get_logger().warning(f"{channel.topic}: {error}", throttle_duration_sec=5.0)
            self._on_taken(name)

        return interfaces.COMMAND_OUT.subscription(self._node, take, channel.topic, kind)

    def _execute(self, message: Any, channel: Channel) -> None:
        if isinstance(message, JointTrajectory):
            self._start_trajectory(message, channel)
            return
        command = command_from_message(message, channel.kind, self._world.time_ns)
        _EXECUTIONS[channel.kind](self, command, channel)

    def _set_positions(self, command: Command, channel: Channel) -> None:
        wanted = self._with(command.values, channel)
        if not self._is_near(wanted):
            return
        self._targets, self._velocities, self._trajectory = wanted, None, None
        if self._buffer is not None:
            self._buffer.push(wanted)
        else:
            self._world.set_joint_targets(wanted)

    def _set_velocities(self, command: Command, channel: Channel) -> None:
        velocities = np.zeros_like(self._targets)
        velocities[self._columns(channel.joints)] = _checked(command.values, len(channel.joints))
        self._velocities, self._trajectory = velocities, None
        self._velocities_until_ns = math.inf
        if channel.controller_timeout_s is not None:
            self._velocities_until_ns = self._world.time_ns + channel.controller_timeout_s * NS_PER_S

    def _set_twist(self, command: Command, channel: Channel) -> None:
        forward, _, turning = command.values.tolist()
        self._world.set_twist(forward, turning)

    def _set_grip(self, command: Command, channel: Channel) -> None:
        """The position only: a simulated gripper presses as hard as its drive does."""
        at_zero, per_joint = _opening_of(channel)
        self._set_positions(replace(command, values=(command.values - at_zero) / per_joint), channel)

    def _refuse_twist(self, command: Command, channel: Channel) -> None:
        raise ValueError("twists of a tool are not simulated: a Cartesian controller makes joints of them")

    def _start_trajectory(self, message: JointTrajectory, channel: Channel) -> None:
        names = list(message.joint_names)
        unknown = [name for name in names if name not in channel.joints]
        if unknown or not names:
            known = ", ".join(channel.joints)
            raise ValueError(f"trajectory names {', '.join(unknown) or 'no joint'}; expected {known}")
        columns = self._columns(names)
        times_s = np.array([stamp_to_ns(p.time_from_start) / NS_PER_S for p in message.points])
        at_zero, per_joint = _opening_of(channel)
        points = (np.array([p.positions for p in message.points], dtype=np.float64) - at_zero) / per_joint
        rates = (
            np.array([getattr(p, name) or [math.nan] * len(names) for p in message.points], dtype=np.float64)
            / per_joint
            for name in ("velocities", "accelerations")
        )
        execution = TrajectoryExecution(self._targets[columns], times_s, points, *rates)
        self._trajectory, self._velocities = (execution, self._world.time_ns, columns), None

    def _is_near(self, wanted: FloatArray) -> bool:
        if self._is_waiting_near:
            gap_rad = np.abs(wanted - self._world.joint_state().positions).max()
            waited_s = (self._world.time_ns - self._restarted_ns) / NS_PER_S
            self._is_waiting_near = bool(gap_rad > NEAR_RAD and waited_s < NEAR_S)
        return not self._is_waiting_near

    def _with(self, values: FloatArray, channel: Channel) -> FloatArray:
        """(n,) all setpoints, profile order, with the channel's ones replaced."""
        wanted = self._targets.copy()
        wanted[self._columns(channel.joints)] = _checked(values, len(channel.joints))
        return wanted

    def _columns(self, names: tuple[str, ...] | list[str]) -> list[int]:
        return [self._place[name] for name in names]


def _most_change(profile: RobotProfile, period_s: float) -> FloatArray:
    """(n,) rad by which a drive's own limit of acceleration lets a step differ from the one before."""
    limits = np.array([joint.acceleration_radps2 for joint in profile.joints.values()])
    most: FloatArray = DRIVE_SHARE * limits * period_s**2
    return most


def _opening_of(channel: Channel) -> tuple[float, float]:
    """What a command says where the joint is at zero, and by how much more when the joint is at 1."""
    opening = channel.opening
    return (0.0, 1.0) if opening is None else (opening.at_zero_m, opening.per_joint_m)


def _checked(values: FloatArray, count: int) -> FloatArray:
    if values.shape != (count,) or not np.isfinite(values).all():
        raise ValueError(f"got {values.tolist()}, expected {count} finite numbers")
    return values


_EXECUTIONS: dict[CommandKind, Callable[[Controllers, Command, Channel], None]] = {
    CommandKind.JOINT_POSITION: Controllers._set_positions,
    CommandKind.JOINT_VELOCITY: Controllers._set_velocities,
    CommandKind.BASE_TWIST: Controllers._set_twist,
    CommandKind.EE_TWIST: Controllers._refuse_twist,
    CommandKind.GRIPPER: Controllers._set_grip,
}
