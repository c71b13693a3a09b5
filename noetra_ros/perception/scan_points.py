"""Laser scans and clouds of other sensors to points in the base frame."""

from __future__ import annotations

import numpy as np

from noetra_ros.perception.frames import Cloud, CloudFrame, ScanFrame
from noetra_ros.perception.settings import GeometrySettings


def cloud_of_scan(scan: ScanFrame, settings: GeometrySettings) -> Cloud:
    """One point for each echo of a laser scan."""
    ranges_m = np.asarray(scan.ranges_m, dtype=np.float32)
    is_echo = (ranges_m >= scan.range_min_m) & (ranges_m <= scan.range_max_m)  # false for NaN, too
    angles_rad = scan.angle_min_rad + scan.angle_step_rad * np.flatnonzero(is_echo)
    directions = np.column_stack([np.cos(angles_rad), np.sin(angles_rad), np.zeros(len(angles_rad))])
    points_m = directions * ranges_m[is_echo, None]
    std_m = np.full(len(points_m), settings.depth_noise_m, dtype=np.float32)
    pose = scan.base_from_scanner
    points_base = (points_m @ pose[:3, :3].T + pose[:3, 3]).astype(np.float32)
    return Cloud(scan.stamp_ns, scan.sensor, points_base, std_m, pose[:3, 3])


def cloud_of_points(frame: CloudFrame, settings: GeometrySettings) -> Cloud:
    """The finite points of a cloud; their noise as of a depth camera at that distance."""
    points_m = np.asarray(frame.points_m, dtype=np.float32)
    points_m = points_m[np.isfinite(points_m).all(axis=1)]
    distances_m = np.linalg.norm(points_m, axis=1)
    std_m = (settings.depth_noise_m + settings.depth_noise_per_m * distances_m**2).astype(np.float32)
    pose = frame.base_from_sensor.astype(np.float32)
    points_base = points_m @ pose[:3, :3].T + pose[:3, 3]
    return Cloud(frame.stamp_ns, frame.sensor, points_base, std_m, frame.base_from_sensor[:3, 3])
