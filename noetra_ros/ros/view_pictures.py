"""Camera pictures for the live page: perception's annotated one where there is one, few and small."""

from __future__ import annotations

import io
import queue
from typing import Any

import numpy as np
import PIL.Image
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CompressedImage

from noetra_ros.core.types import ImageArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.thumbnails import ThumbnailChoice, Thumbnails

QUALITY = 90
WAITING_MAX = 32


class ViewPictures:
    """The newest picture of each camera.

    Args:
        node: where the subscriptions live.
        profile: the robot.
        rate_hz: pictures of each camera.
        longer_px: longer side.
    """

    def __init__(self, node: Node, profile: RobotProfile, rate_hz: float, longer_px: int) -> None:
        self._cameras: list[str] = []
        self._came: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self._newest: dict[str, ImageArray] = {}
        choice = ThumbnailChoice(round(1e9 / rate_hz), longer_px, QUALITY, is_annotated=True)
        self._thumbnails = Thumbnails(node, profile, choice, self._add_channel, self._keep)

    def close(self) -> None:
        """Listen no longer."""
        self._thumbnails.close()

    def look_for_sources(self) -> None:
        """Find who publishes; to be called now and then."""
        self._thumbnails.look_for_sources()

    def take(self) -> dict[str, ImageArray]:
        """Newest picture of each camera, (height, width, 3) uint8; empty: none came since the last call."""
        is_new = False
        while not self._came.empty():
            camera, jpeg = self._came.get()
            with PIL.Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
                self._newest[camera] = np.asarray(picture.convert("RGB"))
            is_new = True
        order = dict.fromkeys(self._cameras)
        return {camera: self._newest[camera] for camera in order if camera in self._newest} if is_new else {}

    def _add_channel(self, topic: str, message: type[Any], role: str) -> int:
        self._cameras.append(role.removeprefix("picture "))
        return len(self._cameras) - 1

    def _keep(self, channel: int, at_ns: int, data: bytes) -> None:
        """On the thread of the pictures."""
        if self._came.qsize() < WAITING_MAX:
            jpeg = bytes(deserialize_message(data, CompressedImage).data)
            self._came.put((self._cameras[channel], jpeg))
