"""A perception node in this process, on real DDS, and a test node that plays robot and cameras."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import PIL.Image
import rclpy
import yaml
from noetra_ros.msg import SensorTick
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CompressedImage

from noetra_ros.core.errors import NoetraError
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_to_message, ns_to_stamp
from noetra_ros.ros.node_parameters import parameter_file
from noetra_ros.ros.perception_node import PerceptionNode
from noetra_ros.ros.pictures import PictureMessage
from noetra_ros.ros.sim_cameras import camera_info
from noetra_ros.ros.spin import make_executor
from noetra_ros.sim.camera_noise import with_noise
from noetra_ros.sim.world import World

LIMIT_S = 30.0
CAMERA = "overhead"
# One camera, nothing that takes long, and patience: a busy machine sends late.
QUIET = {"cameras": [CAMERA], "detector": "none", "silent_s": 5.0}


def shipped_parameters() -> dict[str, Any]:
    """Those of config/perception.yaml."""
    text = parameter_file("perception").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["/**"]["ros__parameters"])


class PerceptionBench:
    """Context manager.

    Args:
        world: what the cameras see.
        **parameters: of the node, over the shipped ones and `QUIET`.
    """

    def __init__(self, world: World, **parameters: Any) -> None:
        rclpy.init()
        given = {**shipped_parameters(), **QUIET, **parameters}
        overrides = [Parameter(name, value=value) for name, value in given.items()]
        try:
            self.perception = PerceptionNode(parameter_overrides=overrides)
            self.perception.start()
        except NoetraError:
            rclpy.try_shutdown()
            raise
        self.world = world
        self.camera = load_robot("so101").cameras[CAMERA]
        self.node = rclpy.create_node("bench")
        self.executors = [make_executor(), SingleThreadedExecutor()]
        self.executors[0].add_node(self.perception)
        self.executors[1].add_node(self.node)
        self.scenes: list[Any] = []
        self.beats: list[Any] = []
        self.markers: list[Any] = []
        self.diagnostics: list[Any] = []
        interfaces.OBSTACLES.subscription(self.node, self.scenes.append)
        interfaces.HEARTBEAT.subscription(self.node, self.beats.append)
        interfaces.MARKERS.subscription(self.node, self.markers.append)
        interfaces.DIAGNOSTICS.subscription(self.node, self.diagnostics.append)
        self._wire()

    def _wire(self) -> None:
        size = (self.camera.height_px, self.camera.width_px)
        self._rgb = PictureMessage(*size, "rgb8", self.camera.frame)
        self._depth = PictureMessage(*size, "32FC1", self.camera.frame)
        self._joints = interfaces.JOINT_STATES.publisher(self.node, "joint_states")
        self._image = interfaces.IMAGE.publisher(self.node, f"{CAMERA}/image_raw")
        self._file = interfaces.COMPRESSED_IMAGE.publisher(self.node, f"{CAMERA}/image_raw/compressed")
        self._metres = interfaces.DEPTH.publisher(self.node, f"{CAMERA}/depth")
        self._info = interfaces.CAMERA_INFO.publisher(self.node, f"{CAMERA}/camera_info")
        self._clock = interfaces.CLOCK.publisher(self.node)
        self._tick = interfaces.SENSOR_TICK.publisher(self.node)
        self.image_publishers = [self._image, self._file]

    def __enter__(self) -> PerceptionBench:
        needed = [self._joints, self._metres, self._info]
        self.until(lambda: all(p.get_subscription_count() for p in needed), "the node's subscriptions")
        self.until(lambda: any(p.get_subscription_count() for p in self.image_publishers), "the picture's")
        return self

    def __exit__(self, *_: object) -> None:
        self.perception.trigger_shutdown()
        for executor in self.executors:
            executor.shutdown()
        self.perception.destroy_node()
        self.node.destroy_node()
        rclpy.try_shutdown()

    def until(self, is_done: Callable[[], Any], what: str, each: Callable[[], None] = lambda: None) -> None:
        """Serve both nodes until `is_done()`; `each` is called about ten times a second."""
        end_s, next_s = time.monotonic() + LIMIT_S, 0.0
        while not is_done():
            assert time.monotonic() < end_s, f"waited {LIMIT_S} s for {what}"
            if time.monotonic() >= next_s:
                next_s = time.monotonic() + 0.1
                each()
            for executor in self.executors:
                executor.spin_once(timeout_sec=0.005)

    def now_ns(self) -> int:
        """ROS time of the bench."""
        return int(self.node.get_clock().now().nanoseconds)

    def send(self, stamp_ns: int | None = None, is_compressed: bool = False) -> None:
        """Joints, then a picture with its depth."""
        stamp_ns = self.now_ns() if stamp_ns is None else stamp_ns
        self.send_joints(stamp_ns)
        picture = with_noise(self.world.render(CAMERA), CAMERA, self.camera, stamp_ns)
        info = camera_info(self.world.intrinsics(CAMERA), self.camera.frame)
        info.header.stamp = ns_to_stamp(stamp_ns)
        self._info.publish(info)
        self._metres.publish(self._depth.filled(picture.depth_m, stamp_ns))
        if not is_compressed:
            self._image.publish(self._rgb.filled(picture.rgb, stamp_ns))
            return
        file = io.BytesIO()
        PIL.Image.fromarray(picture.rgb).save(file, "JPEG")
        message = CompressedImage(format="jpeg", data=file.getvalue())
        message.header.stamp = ns_to_stamp(stamp_ns)
        self._file.publish(message)

    def send_joints(self, stamp_ns: int | None = None) -> None:
        """Measured joints of the world as it stands."""
        message = joint_state_to_message(self.world.joint_state())
        message.header.stamp = ns_to_stamp(self.now_ns() if stamp_ns is None else stamp_ns)
        self._joints.publish(message)

    def send_tick(self, stamp_ns: int, has_picture: bool = True) -> None:
        """Lock-step: the clock, and what there is to see."""
        self._clock.publish(Clock(clock=ns_to_stamp(stamp_ns)))
        tick = SensorTick()
        if has_picture:
            tick.sensors, tick.stamps = [CAMERA], [ns_to_stamp(stamp_ns)]
        tick.header.stamp = ns_to_stamp(stamp_ns)
        self._tick.publish(tick)

    def verdict(self) -> int:
        """What the newest scene says of the camera; 0 where there is none."""
        return int(self.scenes[-1].sensors[0].verdict) if self.scenes else 0


def corners_near(scene: Any, point_m: tuple[float, float, float], within_m: float) -> list[Any]:
    """Obstacles whose centre lies near a point."""
    return [
        o
        for o in scene.obstacles
        if np.linalg.norm([o.pose.position.x, o.pose.position.y, o.pose.position.z] - np.array(point_m))
        < within_m
    ]
