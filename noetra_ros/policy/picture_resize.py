"""Resizes a picture as the robot profile says; where it then lies is `core.picture_path.placement`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import PIL.Image

from noetra_ros.core.picture_path import Placement, placement
from noetra_ros.core.types import CameraFrame, ImageArray, Observation
from noetra_ros.robots.sensors import Camera, PolicyPicture

Ways = Mapping[str, PolicyPicture]


def ways_of(cameras: Mapping[str, Camera]) -> Ways:
    """Which cameras of a profile have pictures that are resized, and how."""
    return {name: camera.for_policy for name, camera in cameras.items() if camera.for_policy is not None}


def as_given(observation: Observation, ways: Ways) -> Observation:
    """The observation with every picture in the size that the profile gives to policies.

    Takes milliseconds for large pictures: for the thread of the model, not for a callback.

    Args:
        observation: with pictures as they came.
        ways: see `ways_of`.
    """
    if not ways or not any(name in ways for name in observation.frames):
        return observation
    frames = {name: _resized(frame, ways.get(name)) for name, frame in observation.frames.items()}
    videos = {
        name: (*(_resized(frame, ways.get(name)) for frame in video[:-1]), frames[name])
        for name, video in observation.videos.items()
    }
    return replace(observation, frames=frames, videos=videos)


def _resized(frame: CameraFrame, wanted: PolicyPicture | None) -> CameraFrame:
    return frame if wanted is None else replace(frame, rgb=resized(frame.rgb, wanted))


def resized(rgb: ImageArray, wanted: PolicyPicture) -> ImageArray:
    """The picture in its new size; bars are black.

    Bilinear with antialiasing, as Pillow and torchvision do it by default: other filters give other edges.

    Args:
        rgb: (height, width, 3) uint8.
        wanted: size and way.

    Returns:
        (wanted.height_px, wanted.width_px, 3) uint8.
    """
    source, size = (rgb.shape[1], rgb.shape[0]), (wanted.width_px, wanted.height_px)
    place = placement(source, wanted.resize, size)
    picture = PIL.Image.fromarray(np.ascontiguousarray(rgb))
    if wanted.resize == "crop":
        return np.asarray(picture.resize(size, PIL.Image.Resampling.BILINEAR, box=_seen(place, source, size)))
    inner = (max(round(place.width_px), 1), max(round(place.height_px), 1))
    scaled = np.asarray(picture.resize(inner, PIL.Image.Resampling.BILINEAR))
    if inner == size:
        return scaled
    left, top = (round(place.left_px), round(place.top_px))
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = scaled
    return canvas


def _seen(
    place: Placement, source: tuple[int, int], size: tuple[int, int]
) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what is seen of the source, px of the source."""
    across, down = source[0] / place.width_px, source[1] / place.height_px
    left, top = -place.left_px * across, -place.top_px * down
    return (left, top, left + size[0] * across, top + size[1] * down)
