"""Each camera topic is subscribed once in a process; all who look get the same object."""

import time

import numpy as np
import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor

from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.camera_hub import CameraHub, Kind
from noetra_ros.ros.pictures import PictureMessage

pytestmark = pytest.mark.ros
TOPIC = "front/image_raw"


@pytest.fixture
def node():
    rclpy.init()
    made = rclpy.create_node("looker")
    yield made
    made.destroy_node()
    rclpy.try_shutdown()


def until(node, is_done, each=lambda: None):
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    end_s = time.monotonic() + 20.0
    while not is_done():
        assert time.monotonic() < end_s
        each()
        executor.spin_once(timeout_sec=0.05)
    executor.remove_node(node)


def test_two_who_look_share_one_subscription_and_one_array(node):
    hub = CameraHub(node, load_robot("so101"))
    one, other = [], []
    leaves = [hub.tap("front", Kind.PICTURE, seen.append, pytest.fail) for seen in (one, other)]
    assert node.count_subscribers(TOPIC) == 1
    publisher = interfaces.IMAGE.publisher(node, TOPIC)
    picture = PictureMessage(96, 96, "rgb8", "front_optical_frame")
    rgb = np.full((96, 96, 3), 7, np.uint8)
    until(node, lambda: one, lambda: publisher.publish(picture.filled(rgb, 5)))
    assert one[0] is other[0] and one[0].rgb is other[0].rgb
    assert (one[0].stamp_ns, one[0].camera) == (5, "front") and (one[0].rgb == 7).all()
    leaves[0]()
    assert node.count_subscribers(TOPIC) == 1
    leaves[1]()
    until(node, lambda: node.count_subscribers(TOPIC) == 0)


def test_a_message_that_cannot_be_read_is_told_to_all(node):
    hub = CameraHub(node, load_robot("so101"))
    told = []
    hub.tap("front", Kind.PICTURE, pytest.fail, told.append)
    hub.tap("front", Kind.PICTURE, pytest.fail, told.append)
    publisher = interfaces.IMAGE.publisher(node, TOPIC)
    grey = PictureMessage(96, 96, "32FC1", "front_optical_frame").filled(np.zeros((96, 96), np.float32), 5)
    until(node, lambda: len(told) >= 2, lambda: publisher.publish(grey))
    assert told[0] == told[1] == "camera front: image encoding is '32FC1', expected rgb8 or bgr8"
