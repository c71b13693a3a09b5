"""Small JPEG pictures of each camera at a low rate, made on a thread of its own."""

from __future__ import annotations

import functools
import io
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import PIL.Image
from rclpy.node import Node
from rclpy.serialization import deserialize_message, serialize_message
from sensor_msgs.msg import CompressedImage, Image

from noetra_ros.core.types import ImageArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.pictures import frame_from_compressed, rgb_from_image
from noetra_ros.ros.urgency import lower_thread

SUFFIX = "/thumbnail"
WAITING_MAX = 8  # pictures; a machine that cannot keep up leaves some out


@dataclass(frozen=True)
class ThumbnailChoice:
    """How many pictures of which size.

    Attributes:
        period_ns: between two pictures of one camera.
        longer_px: longer side.
        quality: of JPEG, 0..95.
        is_annotated: perception's annotated picture where there is one.
    """

    period_ns: int
    longer_px: int
    quality: int
    is_annotated: bool


@dataclass(frozen=True)
class Source:
    """A topic that shows what a camera sees: its channel in the file, and its type."""

    channel: int
    message: type[Any]

    @property
    def is_compressed(self) -> bool:
        """Its pictures come as JPEG or PNG."""
        return self.message is CompressedImage


@dataclass(frozen=True)
class Taken:
    """A picture that is to be made small; `at_ns` on the monotonic clock."""

    source: Source
    at_ns: int
    data: bytes


class Thumbnails:
    """Listens to one picture topic of each camera.

    Args:
        node: where the subscriptions live.
        profile: the robot.
        choice: rate and size.
        add_channel: takes (topic, type, role) and gives a channel's number.
        keep: takes (channel, arrival on the monotonic clock in ns, serialised CompressedImage), on the
            thread of the pictures.
    """

    def __init__(
        self,
        node: Node,
        profile: RobotProfile,
        choice: ThumbnailChoice,
        add_channel: Callable[[str, type[Any], str], int],
        keep: Callable[[int, int, bytes], None],
    ) -> None:
        self._node, self._choice, self._keep = node, choice, keep
        self._due_ns: dict[str, int] = {}
        self._waiting: queue.Queue[Taken | None] = queue.Queue(WAITING_MAX)
        self._sources: dict[str, dict[str, Source]] = {}
        self._listening: dict[str, tuple[str, Any]] = {}
        self.unreadable = ""
        for camera, about in profile.cameras.items():
            topics = {about.topic: Image, f"{about.topic}/compressed": CompressedImage}
            if choice.is_annotated:
                topics = {interfaces.ANNOTATED.name.replace("<camera>", camera): Image, **topics}
            self._sources[camera] = {}
            for topic, message in topics.items():
                name = node.resolve_topic_name(topic)
                channel = add_channel(name + SUFFIX, CompressedImage, f"picture {camera}")
                self._sources[camera][name] = Source(channel, message)
        self._thread = threading.Thread(target=self._work, name="thumbnails", daemon=True)
        self._thread.start()

    def look_for_sources(self) -> None:
        """Listen to the first topic of each camera that somebody publishes; to be called now and then."""
        for camera, sources in self._sources.items():
            spoken = [name for name in sources if self._node.count_publishers(name)]
            if not spoken or self._listening.get(camera, ("",))[0] == spoken[0]:
                continue
            self._leave(camera)
            source = sources[spoken[0]]
            hear = functools.partial(self._hear, camera, source)
            picture = interfaces.IMAGE.subscription(self._node, hear, spoken[0], source.message, is_raw=True)
            self._listening[camera] = (spoken[0], picture)

    def close(self) -> None:
        """Listen no longer."""
        for camera in list(self._listening):
            self._leave(camera)
        self._waiting.put(None)
        self._thread.join(timeout=3.0)

    def _leave(self, camera: str) -> None:
        _, subscription = self._listening.pop(camera, ("", None))
        if subscription is not None:
            self._node.destroy_subscription(subscription)

    def _hear(self, camera: str, source: Source, data: bytes) -> None:
        """Most pictures are dropped here, unopened."""
        now_ns = time.monotonic_ns()
        if now_ns < self._due_ns.get(camera, 0) or self._waiting.full():
            return
        self._due_ns[camera] = now_ns + self._choice.period_ns
        self._waiting.put_nowait(Taken(source, now_ns, data))

    def _work(self) -> None:
        lower_thread()
        while (taken := self._waiting.get()) is not None:
            try:
                self._keep(taken.source.channel, taken.at_ns, serialize_message(self._small(taken)))
            except ValueError as error:
                self.unreadable = str(error)

    def _small(self, taken: Taken) -> CompressedImage:
        message = deserialize_message(taken.data, taken.source.message)
        rgb = (
            frame_from_compressed(message, "").rgb if taken.source.is_compressed else rgb_from_image(message)
        )
        data = thumbnail(rgb, self._choice.longer_px, self._choice.quality)
        return CompressedImage(header=message.header, format="jpeg", data=data)


def thumbnail(rgb: ImageArray, longer_px: int, quality: int) -> bytes:
    """A picture as a small JPEG.

    Args:
        rgb: (height, width, 3) uint8.
        longer_px: longer side of the small one; a smaller picture keeps its size.
        quality: of JPEG.
    """
    picture = PIL.Image.fromarray(rgb)
    picture.thumbnail((longer_px, longer_px))
    buffer = io.BytesIO()
    picture.save(buffer, format="jpeg", quality=quality)
    return buffer.getvalue()
