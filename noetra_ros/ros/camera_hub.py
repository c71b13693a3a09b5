"""Camera topics of one process: each is subscribed once, and all who look through it get the same object."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rclpy.node import Node

from noetra_ros.robots.profile import Camera, RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.pictures import (
    depth_picture_from_bytes,
    frame_from_bytes,
    frame_from_compressed,
    lens_from_camera_info,
)

TRANSPORTS = ("raw", "compressed")
RAW = (interfaces.IMAGE, interfaces.DEPTH)  # read from their bytes

OnItem = Callable[[Any], None]
OnFault = Callable[[str], None]


class Kind(Enum):
    """What a camera gives."""

    PICTURE = "picture"  # core.types.CameraFrame
    DEPTH = "depth"  # ros.pictures.DepthPicture
    LENS = "lens"  # ros.pictures.Lens


@dataclass(eq=False)
class Tap:
    """One who looks.

    Attributes:
        on_item: takes what came; the same object that the others get, not to be written to.
        on_fault: takes what is wrong with a message that cannot be read.
    """

    on_item: OnItem
    on_fault: OnFault


@dataclass
class _Line:
    """One subscription and those it serves."""

    subscription: Any
    taps: list[Tap] = field(default_factory=list)


class CameraHub:
    """Give the same hub to all nodes of a process that are on one executor.

    Args:
        node: where the subscriptions live.
        profile: the robot whose cameras are looked through.
        every_message: lock-step: no picture may be left out.
        transport: ``raw``, or ``compressed``: colour pictures are taken from <image topic>/compressed.
    """

    def __init__(
        self, node: Node, profile: RobotProfile, every_message: bool = False, transport: str = "raw"
    ) -> None:
        self._node, self._profile = node, profile
        self._every_message, self._transport = every_message, transport
        self._lines: dict[tuple[str, Kind], _Line] = {}

    def tap(self, camera: str, kind: Kind, on_item: OnItem, on_fault: OnFault) -> Callable[[], None]:
        """Begin to look.

        Args:
            camera: its name in the profile.
            kind: what to take.
            on_item: takes each item, on the executor's thread.
            on_fault: takes the reason where a message cannot be read.

        Returns:
            Call it to look no longer.
        """
        key, tap = (camera, kind), Tap(on_item, on_fault)
        if key not in self._lines:
            self._lines[key] = _Line(self._subscribe(camera, kind))
        self._lines[key].taps.append(tap)
        return functools.partial(self._leave, key, tap)

    def _leave(self, key: tuple[str, Kind], tap: Tap) -> None:
        line = self._lines[key]
        line.taps.remove(tap)
        if not line.taps:
            self._node.destroy_subscription(self._lines.pop(key).subscription)

    def _subscribe(self, camera: str, kind: Kind) -> Any:
        settings = self._profile.cameras[camera]
        topic, name, convert = self._source(camera, settings, kind)
        callback = functools.partial(self._on_message, (camera, kind), convert)
        every, is_raw = self._every_message, topic in RAW
        return topic.subscription(self._node, callback, name, every_message=every, is_raw=is_raw)

    def _source(
        self, name: str, camera: Camera, kind: Kind
    ) -> tuple[interfaces.Topic, str, Callable[[Any], Any]]:
        """Topic, its name, and what makes an item of its message."""
        beside = camera.topic.rpartition("/")[0]
        if kind is Kind.DEPTH:
            convert = functools.partial(depth_picture_from_bytes, camera=name)
            return interfaces.DEPTH, f"{beside}/depth", convert
        if kind is Kind.LENS:
            return interfaces.CAMERA_INFO, f"{beside}/camera_info", lens_from_camera_info
        if self._transport == "compressed":
            convert = functools.partial(frame_from_compressed, camera=name)
            return interfaces.COMPRESSED_IMAGE, f"{camera.topic}/compressed", convert
        return interfaces.IMAGE, camera.topic, functools.partial(frame_from_bytes, camera=name)

    def _on_message(self, key: tuple[str, Kind], convert: Callable[[Any], Any], message: Any) -> None:
        taps = tuple(self._lines[key].taps) if key in self._lines else ()
        try:
            item = convert(message)
        except ValueError as error:
            for tap in taps:
                tap.on_fault(f"camera {key[0]}: {error}")
            return
        for tap in taps:
            tap.on_item(item)
