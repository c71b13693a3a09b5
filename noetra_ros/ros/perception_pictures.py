"""Annotated pictures, drawn only for those who look."""

from __future__ import annotations

import queue
from collections.abc import Sequence

from rclpy.node import Node
from sensor_msgs.msg import Image

from noetra_ros.perception.annotation import Annotator, annotated
from noetra_ros.perception.perceiver import Perceiver, Sighting
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.pictures import PictureMessage


class PictureOutputs:
    """Draws on the worker's thread, publishes on the executor's.

    Args:
        node: where the publishers live.
        profile: the robot.
        cameras: names of those whose pictures are annotated.
    """

    def __init__(self, node: Node, profile: RobotProfile, cameras: Sequence[str]) -> None:
        self._node, self._profile = node, profile
        pattern = interfaces.ANNOTATED.name
        self._publishers = {
            name: interfaces.ANNOTATED.publisher(node, pattern.replace("<camera>", name)) for name in cameras
        }
        self._drawn: queue.SimpleQueue[tuple[str, Image]] = queue.SimpleQueue()

    def draw(self, seen: Sighting, perceiver: Perceiver) -> None:
        """Annotate the pictures of a sighting that somebody wants to see."""
        reports = {report.sensor: report for report in seen.scene.sensors}
        for name, shot in seen.shots.items():
            if name not in self._publishers or not self._publishers[name].get_subscription_count():
                continue
            annotator = Annotator(shot.rgb, shot.lens, perceiver.base_from_optical(shot))
            objects = [thing for thing in seen.known if thing.camera == name]
            rgb = annotated(annotator, seen.scene.obstacles, objects, reports.get(name))
            frame = self._profile.cameras[name].frame
            message = PictureMessage(*rgb.shape[:2], "rgb8", frame).filled(rgb, shot.stamp_ns)
            self._drawn.put((name, message))

    def publish(self) -> None:
        """Publish what has been drawn."""
        while not self._drawn.empty():
            name, message = self._drawn.get()
            self._publishers[name].publish(message)

    def close(self) -> None:
        """Take the wires off."""
        for publisher in self._publishers.values():
            self._node.destroy_publisher(publisher)
