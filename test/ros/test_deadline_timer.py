"""The deadline timer fires once, soon enough, and only for what is near."""

import time

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from noetra_ros.ros.deadline_timer import DeadlineTimer

pytestmark = pytest.mark.ros
HORIZON_S = 0.05


@pytest.fixture
def node():
    rclpy.init(args=[])
    node = Node("deadline")
    yield node
    node.destroy_node()
    rclpy.try_shutdown()


def fired_after(node, *remaining_s):
    """Instants (s after the first setting) at which the timer fired within 0.2 s."""
    instants, executor = [], SingleThreadedExecutor()
    executor.add_node(node)
    begin_s = time.monotonic()
    timer = DeadlineTimer(node, lambda: instants.append(time.monotonic() - begin_s), HORIZON_S)
    for value in remaining_s:
        timer.set(value)
    while time.monotonic() - begin_s < 0.2:
        executor.spin_once(timeout_sec=0.01)
    executor.shutdown()
    return instants


def test_fires_once_and_not_before_its_time(node):
    (instant_s,) = fired_after(node, 0.02)
    assert instant_s >= 0.02


def test_the_newest_setting_counts(node):
    (instant_s,) = fired_after(node, 0.01, 0.04)
    assert instant_s >= 0.04


def test_what_is_far_off_is_left_to_the_periodic_timer(node):
    assert fired_after(node, HORIZON_S) == []
    assert fired_after(node, float("inf")) == []


def test_a_setting_replaced_by_one_far_off_does_not_fire(node):
    assert fired_after(node, 0.01, 1.0) == []
