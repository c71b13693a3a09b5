"""Depth pictures, through the cameras of the process."""

from __future__ import annotations

from noetra_ros.core.samples import DepthFrame
from noetra_ros.policy.modalities.depth import label
from noetra_ros.ros.camera_hub import Kind
from noetra_ros.ros.pictures import DepthPicture
from noetra_ros.ros.policy_source import SOURCES, Leave, Wiring


@SOURCES.register("depth")
def depth(wiring: Wiring) -> list[Leave]:
    """One look through each depth camera that the policy needs."""

    def on_picture(picture: DepthPicture) -> None:
        frame = DepthFrame(picture.stamp_ns, picture.camera, picture.depth_m)
        wiring.add(label(frame.camera), frame.stamp_ns, frame)

    names = [need.name for need in wiring.spec.depths]
    return [wiring.hub.tap(name, Kind.DEPTH, on_picture, wiring.on_unreadable) for name in names]
