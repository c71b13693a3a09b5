"""What sensors give to perception, free of ROS: depth pictures, laser scans, clouds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray

Points = NDArray[np.float32]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Pinhole:
    """Intrinsics of a camera without distortion; pixel (0, 0) is centred on (0, 0), as in CameraInfo."""

    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float


@dataclass(frozen=True)
class DepthFrame:
    """One depth picture.

    Attributes:
        stamp_ns: time of exposure.
        camera: name in the robot profile.
        depth_m: (height, width) float32, m along the optical axis; inf = nothing within range, NaN = invalid.
        lens: intrinsics.
        base_from_optical: (4, 4) pose of the optical frame (z forward, x right, y down) in the base frame.
    """

    stamp_ns: int
    camera: str
    depth_m: NDArray[np.float32]
    lens: Pinhole
    base_from_optical: FloatArray


@dataclass(frozen=True)
class ScanFrame:
    """One sweep of a planar laser scanner, as in sensor_msgs/LaserScan.

    Attributes:
        stamp_ns: time of the first beam.
        sensor: name in the robot profile.
        angle_min_rad: direction of the first beam, scanner frame, counter-clockwise.
        angle_step_rad: between beams.
        range_min_m: nearer echoes do not count.
        range_max_m: farther ones neither.
        ranges_m: (n,) distance; inf or NaN where nothing was hit.
        base_from_scanner: (4, 4) pose of the scanner in the base frame.
    """

    stamp_ns: int
    sensor: str
    angle_min_rad: float
    angle_step_rad: float
    range_min_m: float
    range_max_m: float
    ranges_m: FloatArray
    base_from_scanner: FloatArray


@dataclass(frozen=True)
class CloudFrame:
    """Points of any other sensor.

    Attributes:
        stamp_ns: time of measurement.
        sensor: name in the robot profile.
        points_m: (N, 3) sensor frame; rows with NaN or infinity do not count.
        base_from_sensor: (4, 4) pose of the sensor in the base frame.
    """

    stamp_ns: int
    sensor: str
    points_m: NDArray[np.floating]
    base_from_sensor: FloatArray


@dataclass(frozen=True)
class Cloud:
    """Points of one sensor at one instant, as every step of the pipeline takes and gives them.

    Attributes:
        stamp_ns: time of measurement.
        sensor: that measured.
        points_base: (N, 3) float32, m, base frame.
        std_m: (N,) float32, standard deviation of each point along its ray.
        origin_base: (3,) where the sensor is, m, base frame.
    """

    stamp_ns: int
    sensor: str
    points_base: Points
    std_m: NDArray[np.float32]
    origin_base: FloatArray

    def keep(self, mask: BoolArray) -> Cloud:
        """The points where `mask` (N,) is true."""
        return replace(self, points_base=self.points_base[mask], std_m=self.std_m[mask])
