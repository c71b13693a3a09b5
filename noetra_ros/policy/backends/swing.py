"""Moves a little for as long as it is asked: two joints swing in turns, or a base drives in a circle."""

from __future__ import annotations

import math

import numpy as np

from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.observation import joints_in_order
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import Channel, RobotProfile

TWIST_NAMES = ("vx", "vy", "wz")
AMPLITUDE_RAD, PERIOD_S = 0.4, 4.0  # at most 0.63 rad/s
RISE_S = 1.0  # until the swing has its full size
CIRCLE_SHARES = (0.25, 0.6)  # of the base's speed limits ahead and turning: a tight circle needs little room
ROWS, STEP_S = 8, 0.1


@BACKENDS.register("swing")
class SwingBackend:
    """Needs no picture and no sentence; for commissioning and for tests of what stops a robot.

    At every instant one of the two joints is fast: the first one, and a quarter of a period later the last
    but one (of most arms the roll of the wrist). The first measurement after `reset()` is the middle.
    """

    def __init__(self, options: BackendOptions) -> None:
        channel = options.robot.channel(options.channel)
        self._robot, self._channel = options.robot, channel
        self._start: tuple[int, FloatArray] | None = None
        is_base = channel.kind is CommandKind.BASE_TWIST
        self._spec = PolicySpec(
            model="swing 1",
            kind=channel.kind,
            joints=() if is_base else channel.joints,
            actions=TWIST_NAMES if is_base else channel.joints,
            unit="m/s" if is_base else "rad",
            rows=ROWS,
            step_s=STEP_S,
            start_offset_s=STEP_S,
            replan_s=0.2,
            needs_instruction=False,
        )
        self._chunks = ChunkWriter(self._spec, options.channel_name)

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Nothing to load."""

    def infer(self, observation: Observation) -> ActionChunk:
        """Where the motion is at the instant of each row."""
        if self._start is None:
            self._start = (observation.stamp_ns, self._middle(observation))
        begun_ns, middle = self._start
        since_s = (observation.stamp_ns - begun_ns) * 1e-9
        times_s = since_s + STEP_S * np.arange(1, ROWS + 1)
        return self._chunks.write(observation, np.array([self._at(t, middle) for t in times_s.tolist()]))

    def reset(self) -> None:
        """Begin anew with the next measurement."""
        self._start = None

    def _middle(self, observation: Observation) -> FloatArray:
        if self._channel.kind is CommandKind.JOINT_POSITION:
            return joints_in_order(observation, self._spec.joints)
        return np.zeros(len(self._spec.actions))

    def _at(self, time_s: float, middle: FloatArray) -> FloatArray:
        """(d,) the action of an instant, s since the motion began."""
        size = min(time_s / RISE_S, 1.0)
        if self._channel.kind is CommandKind.BASE_TWIST:
            return size * _circle(self._robot)
        return middle + size * _swing(self._robot, self._channel, middle, time_s)


def _circle(robot: RobotProfile) -> FloatArray:
    assert robot.base is not None, "a channel of twists has a base"
    ahead, turning = CIRCLE_SHARES
    return np.array([ahead * robot.base.linear_mps, 0.0, turning * robot.base.angular_radps])


def _swing(robot: RobotProfile, channel: Channel, middle: FloatArray, time_s: float) -> FloatArray:
    """(d,) way from the middle, rad; for a channel of speeds their derivatives, rad/s."""
    turn = 2.0 * math.pi / PERIOD_S
    way = np.zeros(len(channel.joints))
    limits = robot.joints[channel.joints[0]]
    towards = math.copysign(1.0, 0.5 * (limits.lower_rad + limits.upper_rad) - middle[0])
    if channel.kind is CommandKind.JOINT_VELOCITY:
        way[0] = AMPLITUDE_RAD * turn * math.sin(turn * time_s)
        way[max(len(way) - 2, 0)] = AMPLITUDE_RAD * turn * math.cos(turn * time_s)
        return way
    way[0] = towards * AMPLITUDE_RAD * (1.0 - math.cos(turn * time_s))
    if len(way) > 2:
        way[-2] = AMPLITUDE_RAD * math.sin(turn * time_s)
    return way
