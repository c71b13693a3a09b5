"""Publishes numbered 640x480 pictures at 30 Hz; a process of its own for test_camera_frames.py.

Starts when the subscriber is matched and a line has come on standard input: the test writes it once its
side is matched too.
"""

import sys

import numpy as np
import rclpy
from rclpy.experimental import EventsExecutor

from noetra_ros.ros.interfaces import IMAGE
from noetra_ros.ros.pictures import PictureMessage

HEIGHT_PX, WIDTH_PX = 480, 640
PERIOD_S = 1 / 30
DISCOVERY_LIMIT_S = 30.0


def main(topic: str, frames: int) -> None:
    """Publishes `frames` pictures on `topic`, their number as the stamp in ns."""
    rclpy.init()
    node = rclpy.create_node("camera_frame_source")
    executor = EventsExecutor()
    executor.add_node(node)
    publisher = IMAGE.publisher(node, topic)
    wait_for_subscriber(node, executor, publisher)
    sys.stdin.readline()
    message = PictureMessage(HEIGHT_PX, WIDTH_PX, "rgb8", "camera")
    picture = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    done = rclpy.task.Future()
    sent = 0

    def publish() -> None:
        nonlocal sent
        if sent == frames:
            done.set_result(True)
            return
        sent += 1
        picture[:] = sent % 256
        publisher.publish(message.filled(picture, sent))

    node.create_timer(PERIOD_S, publish)
    executor.spin_until_future_complete(done, timeout_sec=10 * frames * PERIOD_S)
    print("sent", sent, flush=True)
    sys.stdin.readline()  # stays until the test has taken the last frame
    rclpy.shutdown()


def wait_for_subscriber(node, executor, publisher) -> None:
    """Returns when a subscriber is matched."""
    deadline_ns = node.get_clock().now().nanoseconds + int(DISCOVERY_LIMIT_S * 1e9)
    while not publisher.get_subscription_count():
        if node.get_clock().now().nanoseconds > deadline_ns:
            raise SystemExit("no subscriber was found")
        executor.spin_once(timeout_sec=0.05)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
