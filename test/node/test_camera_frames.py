"""Camera frames between two processes: with our DDS profile at least 99 % of VGA pictures at 30 Hz arrive."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.ros

FRAMES = 150  # 5 s at 30 Hz
NEEDED = 0.99
LIMIT_S = 60.0
TOPIC = "test_camera/image_raw"


@pytest.fixture
def camera():
    """The process that publishes the pictures."""
    script = Path(__file__).with_name("camera_frame_source.py")
    process = subprocess.Popen(
        [sys.executable, str(script), TOPIC, str(FRAMES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    yield process
    process.kill()
    process.communicate()


def spin_until(executor, is_done, limit_s: float) -> bool:
    """Spins until `is_done()`; False when the time is up."""
    deadline_s = time.monotonic() + limit_s
    while not is_done():
        if time.monotonic() > deadline_s:
            return False
        executor.spin_once(timeout_sec=0.05)
    return True


def test_frames_arrive(camera, record_property):
    import rclpy
    from rclpy.experimental import EventsExecutor

    from noetra_ros.ros.interfaces import IMAGE
    from noetra_ros.ros.pictures import rgb_from_image

    rclpy.init()
    try:
        node = rclpy.create_node("camera_frame_sink")
        executor = EventsExecutor()
        executor.add_node(node)
        received: dict[int, int] = {}

        def on_image(message) -> None:
            received[message.header.stamp.nanosec] = int(rgb_from_image(message)[479, 639, 2])

        subscription = IMAGE.subscription(node, on_image, TOPIC)
        assert spin_until(executor, subscription.get_publisher_count, LIMIT_S), "the camera was not found"
        camera.stdin.write("go\n")
        camera.stdin.flush()
        began_s = time.monotonic()
        spin_until(executor, lambda: FRAMES in received or time.monotonic() - began_s > 15.0, LIMIT_S)
    finally:
        rclpy.shutdown()
    record_property("frames_received", len(received))
    assert all(pixel == number % 256 for number, pixel in received.items())
    assert len(received) >= NEEDED * FRAMES, f"{len(received)} of {FRAMES} frames"
