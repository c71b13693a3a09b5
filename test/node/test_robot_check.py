"""noetra robot check on real DDS: a healthy robot passes, and each thing that is wrong with one is found."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray, String

from noetra_ros.cli.robot import check_robot
from noetra_ros.robots.live_check import State, examine
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import live_robot

pytestmark = pytest.mark.ros

HOME = [0.0, -1.0, 0.9, 0.9, 0.0, 0.6]
LISTEN_S, DISCOVERY_S = 1.5, 1.5
TRANSIENT = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PROFILE = """
name: bare
description: the arm without cameras
base_frame: base_link
urdf: so101/so101.urdf
joints: {joints}
default_channel: arm
channels:
  arm:
    {{kind: joint_position, topic: cmds, message: std_msgs/Float64MultiArray, rate_hz: 50.0, joints: {names}}}
streams:
  joint_states: {{topic: joint_states, rate_hz: 20.0, max_age_s: 1.0}}
"""


@dataclass(frozen=True)
class Played:
    """What the played robot does wrong; all is well by itself."""

    topic: str = "joint_states"
    names: tuple[str, ...] = load_robot("so101").joint_names
    period_s: float = 0.02
    is_silent: bool = False
    message: type = JointState
    stamp_s: float = 0.0
    has_controller: bool = True
    has_rival: bool = False
    controller_type: type = Float64MultiArray
    is_latched: bool = False


def driver(played: Played, context: rclpy.Context) -> Node:
    """The robot's driver and its controller."""
    node = rclpy.create_node("driver", context=context)
    publisher = node.create_publisher(played.message, played.topic, 10)

    def publish():
        if played.message is String:
            publisher.publish(String(data="?"))
            return
        message = JointState(name=list(played.names), position=HOME[: len(played.names)])
        message.header.stamp = node.get_clock().now().to_msg()
        if played.stamp_s:
            message.header.stamp.sec = int(played.stamp_s)
        publisher.publish(message)

    if not played.is_silent:
        node.create_timer(played.period_s, publish)
    if played.has_controller:
        quality = TRANSIENT if played.is_latched else 10
        node.create_subscription(played.controller_type, "cmds", lambda _: None, quality)
    return node


@contextmanager
def robot(played: Played) -> Iterator[None]:
    """A robot in a context and thread of its own."""
    context = rclpy.Context()
    rclpy.init(context=context)
    executor = SingleThreadedExecutor(context=context)
    executor.add_node(driver(played, context))
    if played.has_rival:
        rival = rclpy.create_node("teleop", context=context)
        rival.create_publisher(Float64MultiArray, "cmds", 10)
        executor.add_node(rival)
    is_over = threading.Event()

    def spin():
        while not is_over.is_set():
            executor.spin_once(timeout_sec=0.01)

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        rclpy.shutdown(context=context)


@pytest.fixture
def profile_path(tmp_path, monkeypatch):
    monkeypatch.setattr(live_robot, "DISCOVERY_S", DISCOVERY_S)
    arm = load_robot("so101")
    joints = {name: dict(vars(limits)) for name, limits in arm.joints.items()}
    path = tmp_path / "bare.yaml"
    path.write_text(PROFILE.format(joints=joints, names=list(arm.joint_names)))
    return str(path)


def wrongs(path, played):
    profile = load_robot(path)
    with robot(played):
        heard = live_robot.listen(profile, profile.channel(), LISTEN_S, False)
    return [
        f"{f.subject}: {f.found}"
        for f in examine(profile, profile.channel(), heard)
        if f.state is State.WRONG
    ]


def test_a_healthy_robot_passes(profile_path, capsys):
    with robot(Played()):
        assert check_robot(profile_path, "", LISTEN_S, False, "") == 0
    assert "all well on the live graph" in capsys.readouterr().out


CASES = {
    "missing": (Played(topic="arm/joint_states"), "/joint_states: nobody publishes it"),
    "silent": (Played(is_silent=True), "/joint_states: /driver publishes it, but nothing comes"),
    "type": (Played(message=String), "/joint_states: /driver publishes std_msgs/String"),
    "names": (Played(names=("a", "b", "c", "d", "e", "f")), "joint_states: joints missing: shoulder_pan"),
    "rate": (Played(period_s=0.4), "Hz"),
    "clock": (Played(stamp_s=12.0), "of another clock"),
    "no taker": (Played(has_controller=False), "/cmds: nobody takes commands"),
    "taker's type": (Played(controller_type=String), "/cmds: /driver takes std_msgs/String"),
    "taker's quality": (Played(is_latched=True), "/cmds: quality of service of /driver"),
    "rival": (Played(has_rival=True), "/cmds: also sent by /teleop"),
}


@pytest.mark.parametrize("case", CASES)
def test_every_fault_of_a_live_robot_is_found(case, profile_path):
    played, words = CASES[case]
    found = wrongs(profile_path, played)
    assert [line for line in found if words in line], found


def test_a_fault_ends_with_code_1_and_the_remedy(profile_path, capsys):
    with robot(Played(topic="arm/joint_states")):
        assert check_robot(profile_path, "", LISTEN_S, False, "") == 1
    assert "/arm/joint_states" in "".join(capsys.readouterr().out.split())


def test_nothing_is_moved_by_looking(profile_path):
    heard = []
    context = rclpy.Context()
    rclpy.init(context=context)
    node = rclpy.create_node("controller", context=context)
    node.create_subscription(Float64MultiArray, "cmds", heard.append, 10)
    profile = load_robot(profile_path)
    with robot(Played(has_controller=False)):
        live_robot.listen(profile, profile.channel(), LISTEN_S, False)
    end_s = time.monotonic() + 0.3
    while time.monotonic() < end_s:
        rclpy.spin_once(node, executor=SingleThreadedExecutor(context=context), timeout_sec=0.05)
    rclpy.shutdown(context=context)
    assert heard == []
