"""Listens to a robot on the live graph for a while; `robots.live_check` judges what was heard."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import JointState

from noetra_ros.robots.live_check import Endpoint, HeardCommands, HeardJoints, HeardRobot, HeardTopic
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.robots.signal_kinds import kind_of
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns

NODE_NAME = "noetra_robot_check"
DISCOVERY_S = 3.0  # first messages can be this late
KEPT = 20_000  # messages of a topic
STREAMS = {
    "joint_states": interfaces.JOINT_STATES,
    "odom": interfaces.ODOM,
    "scan": interfaces.SCAN,
    "wrench": interfaces.WRENCH,
}
NS = 1e-9
ENDLESS_S = 1e8  # deadlines beyond are how the middleware writes none


class Ear:
    """One topic that is listened to.

    Args:
        node: that listens.
        topic: its definition.
        name: as the profile has it.
        rate_hz: expected.
        max_age_s: allowed.
    """

    def __init__(
        self, node: Node, topic: interfaces.Topic, name: str, rate_hz: float, max_age_s: float
    ) -> None:
        assert topic.message is not None, "streams and cameras have types of their own"
        self._node, self._topic, self._rate_hz, self._max_age_s = node, topic, rate_hz, max_age_s
        self.name = node.resolve_topic_name(name)
        self.arrivals_s: deque[float] = deque(maxlen=KEPT)
        self._stamps_s: deque[float] = deque(maxlen=KEPT)
        self._ages_s: deque[float] = deque(maxlen=KEPT)
        self.last: Any = None
        topic.subscription(node, self._hear, name)

    def _hear(self, message: Any) -> None:
        stamp_s = stamp_to_ns(message.header.stamp) * NS
        self.arrivals_s.append(time.monotonic())
        self._stamps_s.append(stamp_s)
        self._ages_s.append(self._node.get_clock().now().nanoseconds * NS - stamp_s)
        self.last = message

    def forget(self) -> None:
        """What came while the graph was found does not count."""
        for kept in (self.arrivals_s, self._stamps_s, self._ages_s):
            kept.clear()

    def heard(self) -> HeardTopic:
        """What came."""
        expected = interfaces.type_name(self._topic.message)
        infos = self._node.get_publishers_info_by_topic(self.name)
        ours = self._topic.requested.profile()
        publishers = [_endpoint(info, lambda q: _mismatch(q, ours)) for info in infos]
        elsewhere = [] if infos else _topics_of(self._node, expected)
        return HeardTopic(
            self.name, expected, self._rate_hz, self._max_age_s, publishers,
            list(self.arrivals_s), list(self._ages_s), list(self._stamps_s), elsewhere,
        )  # fmt: skip


def listen(
    profile: RobotProfile, channel: Channel, seconds: float, uses_sim_time: bool, namespace: str = ""
) -> HeardRobot:
    """Listen for a while.

    Args:
        profile: of the robot.
        channel: whose controller is looked at.
        seconds: for how long, after the graph has been found.
        uses_sim_time: ages are told by /clock.
        namespace: of the robot; empty = none.
    """
    context = rclpy.Context()
    rclpy.init(context=context)
    try:
        override = [Parameter("use_sim_time", value=uses_sim_time)]
        node = Node(NODE_NAME, namespace=namespace, context=context, parameter_overrides=override)
        executor = SingleThreadedExecutor(context=context)
        executor.add_node(node)
        ears = _ears(node, profile)
        _spin(executor, DISCOVERY_S)
        for ear in ears.values():
            ear.forget()
        _spin(executor, seconds)
        return _heard(node, ears, channel, seconds, uses_sim_time)
    finally:
        rclpy.shutdown(context=context)


def _ears(node: Node, profile: RobotProfile) -> dict[str, Ear]:
    ears = {}
    for name, stream in profile.streams.items():
        kind = kind_of(name, stream)
        if kind in STREAMS:
            ears[name] = Ear(node, STREAMS[kind], stream.topic, stream.rate_hz, stream.max_age_s)
    for name, cloud in profile.clouds.items():
        ears[name] = Ear(node, interfaces.POINTS, cloud.topic, cloud.rate_hz, cloud.max_age_s)
    for name, camera in profile.cameras.items():
        periods = 3.0 / camera.rate_hz
        ears[name] = Ear(node, interfaces.IMAGE, camera.topic, camera.rate_hz, periods)
    return ears


def _spin(executor: SingleThreadedExecutor, seconds: float) -> None:
    end_s = time.monotonic() + seconds
    while (left_s := end_s - time.monotonic()) > 0.0:
        executor.spin_once(timeout_sec=left_s)


def _heard(
    node: Node, ears: dict[str, Ear], channel: Channel, seconds: float, uses_sim_time: bool
) -> HeardRobot:
    joints = None
    ear = ears.get("joint_states")
    if ear is not None and isinstance(ear.last, JointState):
        joints = HeardJoints(list(ear.last.name), np.array(ear.last.position))
    return HeardRobot(
        listened_s=seconds,
        has_clock=bool(node.get_publishers_info_by_topic("/clock")),
        uses_sim_time=uses_sim_time,
        topics={name: ear.heard() for name, ear in ears.items()},
        joints=joints,
        commands=_commands(node, channel),
    )


def _commands(node: Node, channel: Channel) -> HeardCommands:
    name = node.resolve_topic_name(channel.topic)
    ours = interfaces.COMMAND_OUT.offered.profile()
    takers = [
        _endpoint(info, lambda q: _mismatch(ours, q)) for info in node.get_subscriptions_info_by_topic(name)
    ]
    senders = [_endpoint(info, lambda q: "") for info in node.get_publishers_info_by_topic(name)]
    return HeardCommands(name, channel.message, senders, takers)


def _endpoint(info: Any, mismatch: Callable[[QoSProfile], str]) -> Endpoint:
    node = f"{info.node_namespace.rstrip('/')}/{info.node_name}"
    return Endpoint(node, info.topic_type.replace("/msg/", "/"), mismatch(info.qos_profile))


def _mismatch(offered: QoSProfile, requested: QoSProfile) -> str:
    """Why nothing would come through; empty = it does.

    rclpy's own comparison takes the endless deadlines that the graph tells for deadlines that end.
    """
    reasons = []
    if (
        requested.reliability is ReliabilityPolicy.RELIABLE
        and offered.reliability is ReliabilityPolicy.BEST_EFFORT
    ):
        reasons.append("reliable is asked for, best effort is offered")
    if (
        requested.durability is DurabilityPolicy.TRANSIENT_LOCAL
        and offered.durability is DurabilityPolicy.VOLATILE
    ):
        reasons.append("transient local is asked for, volatile is offered")
    wanted_s, given_s = (q.deadline.nanoseconds * NS for q in (requested, offered))
    if 0.0 < wanted_s < ENDLESS_S and not 0.0 < given_s <= wanted_s:
        reasons.append(f"a deadline of {wanted_s:g} s is asked for, none is offered")
    return "; ".join(reasons)


def _topics_of(node: Node, type_name: str) -> list[str]:
    ros_name = type_name.replace("/", "/msg/", 1)
    known = node.get_topic_names_and_types()
    return sorted(name for name, types in known if ros_name in types and node.count_publishers(name))
