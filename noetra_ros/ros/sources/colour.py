"""Colour pictures, through the cameras of the process."""

from __future__ import annotations

from noetra_ros.core.types import CameraFrame
from noetra_ros.policy.modalities.colour import label
from noetra_ros.ros.camera_hub import Kind
from noetra_ros.ros.policy_source import SOURCES, Leave, Wiring


@SOURCES.register("colour")
def colour(wiring: Wiring) -> list[Leave]:
    """One look through each camera that the policy needs."""

    def on_picture(frame: CameraFrame) -> None:
        wiring.add(label(frame.camera), frame.stamp_ns, frame)

    names = [need.name for need in wiring.spec.cameras]
    return [wiring.hub.tap(name, Kind.PICTURE, on_picture, wiring.on_unreadable) for name in names]
