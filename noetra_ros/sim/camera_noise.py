"""Sensor noise of simulated cameras: without it, two pictures of a still scene would be one and the same."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import ImageArray
from noetra_ros.robots.profile import Camera
from noetra_ros.sim.cameras import CameraImage


def with_noise(picture: CameraImage, name: str, camera: Camera, stamp_ns: int) -> CameraImage:
    """The picture as its sensor gives it; the same camera and stamp give the same noise.

    Args:
        picture: as drawn.
        name: of the camera.
        camera: says how much noise there is; none leaves the picture as it is.
        stamp_ns: time of exposure.
    """
    if camera.noise_levels == 0.0 and camera.depth_noise_m == 0.0:
        return picture
    random = np.random.default_rng([zlib.crc32(name.encode()), stamp_ns])
    return CameraImage(
        _noisy_rgb(picture.rgb, camera.noise_levels, random),
        _noisy_depth(picture.depth_m, camera.depth_noise_m, random),
    )


def _noisy_rgb(rgb: ImageArray, levels: float, random: np.random.Generator) -> ImageArray:
    noise = random.standard_normal(rgb.shape, dtype=np.float32) * np.float32(levels)
    noisy: ImageArray = np.clip(np.rint(rgb + noise), 0, 255).astype(np.uint8)
    return noisy


def _noisy_depth(
    depth_m: NDArray[np.float32], noise_m: float, random: np.random.Generator
) -> NDArray[np.float32]:
    noise = random.standard_normal(depth_m.shape, dtype=np.float32) * np.float32(noise_m)
    noisy: NDArray[np.float32] = depth_m + noise  # infinity stays what it is
    return noisy
