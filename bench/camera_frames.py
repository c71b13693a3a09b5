"""Camera frames over DDS: share of 640x480 frames at 30 Hz that another process gets, and their latency."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import rclpy
from rclpy.duration import Duration

from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.ros import interfaces
from noetra_ros.ros.pictures import PictureMessage

TOPIC = "bench/image_raw"
WIDTH_PX, HEIGHT_PX, RATE_HZ, FRAMES = 640, 480, 30.0, 300
QUIET_S = 2.0  # after the last frame the receiver gives up
DISCOVERY_S = 20.0


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Start a sender in its own process and count what arrives."""
    latencies_ms: list[float] = []
    rclpy.init(args=[])
    node = rclpy.create_node("bench_camera_receiver")
    interfaces.IMAGE.subscription(node, lambda m: latencies_ms.append(_age_ms(m)), TOPIC)
    sender = subprocess.Popen([sys.executable, __file__])
    try:
        _receive(node, latencies_ms, say)
    finally:
        if len(latencies_ms) < FRAMES:
            sender.terminate()
        sender.wait(timeout=10)
        node.destroy_node()
        rclpy.try_shutdown()
    received = record_of("camera_frames_received", [len(latencies_ms) / FRAMES], "1", "required, 0.99", 0.99)
    return [received, record_of("camera_frame_latency", latencies_ms, "ms")]


def _receive(node: rclpy.node.Node, latencies_ms: list[float], say: Callable[[str], None]) -> None:
    last, seen = time.monotonic() + DISCOVERY_S, 0
    while len(latencies_ms) < FRAMES and time.monotonic() < last + QUIET_S:
        rclpy.spin_once(node, timeout_sec=0.1)
        if len(latencies_ms) > seen:
            seen, last = len(latencies_ms), time.monotonic()
            say(f"{seen} of {FRAMES} frames")


def _age_ms(message: object) -> float:
    stamp = message.header.stamp  # type: ignore[attr-defined]
    return (time.time_ns() - stamp.sec * 1_000_000_000 - stamp.nanosec) * 1e-6


def send() -> None:
    """The sender: waits for its receiver, then keeps the camera's rate."""
    rclpy.init(args=[])
    node = rclpy.create_node("bench_camera_sender")
    publisher = interfaces.IMAGE.publisher(node, TOPIC)
    picture = np.random.default_rng(0).integers(0, 256, (HEIGHT_PX, WIDTH_PX, 3), dtype=np.uint8)
    message = PictureMessage(HEIGHT_PX, WIDTH_PX, "rgb8", "bench")
    while publisher.get_subscription_count() == 0:
        rclpy.spin_once(node, timeout_sec=0.05)
    due = time.monotonic()
    for _ in range(FRAMES):
        publisher.publish(message.filled(picture, time.time_ns()))
        due += 1.0 / RATE_HZ
        time.sleep(max(0.0, due - time.monotonic()))  # the camera's own clock
    publisher.wait_for_all_acked(Duration(seconds=1))
    node.destroy_node()
    rclpy.try_shutdown()


if __name__ == "__main__":
    send()
