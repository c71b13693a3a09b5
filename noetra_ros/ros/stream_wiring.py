"""What the supervisor node hears of the robot itself: the streams of its profile, each by its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import JointState, LaserScan

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.signal_kinds import kind_of
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_positions_from_message, stamp_to_ns
from noetra_ros.ros.gate_clock import GateClock
from noetra_ros.ros.scan_messages import planar_scan_from_message
from noetra_ros.safety.limits import SCAN_KIND
from noetra_ros.safety.replay.recorded import Gate

TOPICS = {
    "joint_states": interfaces.JOINT_STATES,
    "odom": interfaces.ODOM,
    "scan": interfaces.SCAN,
    "wrench": interfaces.WRENCH,
}
SAID_AGAIN_S = 5.0


class StreamWiring:
    """Subscribes every stream of a profile.

    Args:
        node: the supervisor node.
        profile: robot.
        supervisor: its core.
        clock: of the node; in lock-step the newest message of the beat stream is the tick.
        is_active: the node hears.
        hear_joints: takes (n,) measured joint positions, profile order, before the supervisor does.
        on_beat: lock-step: what a tick is, called with it.

    Raises:
        ConfigError: a stream of a type that nothing is known of.
    """

    def __init__(
        self,
        node: Node,
        profile: RobotProfile,
        supervisor: Gate,
        clock: GateClock,
        is_active: Callable[[], bool],
        hear_joints: Callable[[FloatArray], None],
        on_beat: Callable[[int], None],
    ) -> None:
        self._node, self._profile, self._supervisor = node, profile, supervisor
        self._clock, self._is_active = clock, is_active
        self._hear_joints, self._on_beat = hear_joints, on_beat
        self._joint_names = list(profile.joint_names)
        for name, stream in profile.streams.items():
            kind = kind_of(name, stream)
            if kind not in TOPICS:
                raise single_fault(
                    f"robot {profile.name}", f"streams.{name}", "a stream of unknown type",
                    f"one of {', '.join(TOPICS)}",
                )  # fmt: skip
            TOPICS[kind].subscription(
                node, self._callback(name, kind), stream.topic, every_message=clock.is_lock_step
            )

    def _callback(self, name: str, kind: str) -> Callable[[Any], None]:
        is_beat = self._clock.is_lock_step and name == self._profile.beat_stream

        def hear(message: Any) -> None:
            if not self._is_active():
                return
            stamp_ns = stamp_to_ns(message.header.stamp)
            now_ns = stamp_ns if is_beat else self._clock.now_ns()
            delay_s = self._clock.delay_s(stamp_ns or None)
            if name == "joint_states":
                self._hear_joint_state(message, now_ns, delay_s)
            elif kind == SCAN_KIND:
                self._hear_scan(name, message, now_ns, delay_s)
            else:
                self._supervisor.on_stream(name, now_ns, delay_s)
            if is_beat:
                self._on_beat(now_ns)

        return hear

    def _hear_joint_state(self, message: JointState, now_ns: int, delay_s: float) -> None:
        try:
            positions = joint_positions_from_message(message, self._joint_names)
        except ValueError as error:
            self._say_unheard(error)
            return
        self._hear_joints(positions)
        self._supervisor.on_joint_state(positions, now_ns, delay_s)

    def _hear_scan(self, name: str, message: LaserScan, now_ns: int, delay_s: float) -> None:
        try:
            scan = planar_scan_from_message(message, self._profile.streams[name])
        except ValueError as error:
            self._say_unheard(error)
            return
        self._supervisor.on_scan(name, scan, now_ns, delay_s)

    def _say_unheard(self, error: ValueError) -> None:
        """The stream becomes stale."""
        self._node.get_logger().warning(str(error), throttle_duration_sec=SAID_AGAIN_S)
