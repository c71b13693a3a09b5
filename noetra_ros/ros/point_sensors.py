"""Laser scans and point clouds as messages, and what perception makes of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sensor_msgs.msg import LaserScan, PointCloud2, PointField

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import CloudFrame, ScanFrame
from noetra_ros.robots.profile import Stream
from noetra_ros.ros.conversions import stamp_to_ns

FIELD_KINDS = {PointField.FLOAT32: "f4", PointField.FLOAT64: "f8"}


def base_from_sensor(stream: Stream) -> FloatArray:
    """(4, 4) pose of a scanner in the base frame, m."""
    cos, sin = math.cos(stream.yaw_rad), math.sin(stream.yaw_rad)
    pose = np.eye(4)
    pose[:2, :2] = [[cos, -sin], [sin, cos]]
    pose[:3, 3] = stream.position_m
    return pose


def scan_from_message(message: LaserScan, sensor: str, stream: Stream) -> ScanFrame:
    """A laser scan."""
    return ScanFrame(
        stamp_ns=stamp_to_ns(message.header.stamp),
        sensor=sensor,
        angle_min_rad=float(message.angle_min),
        angle_step_rad=float(message.angle_increment),
        range_min_m=float(message.range_min),
        range_max_m=float(message.range_max),
        ranges_m=np.asarray(message.ranges, dtype=np.float64),
        base_from_scanner=base_from_sensor(stream),
    )


def cloud_from_message(message: PointCloud2, sensor: str, stream: Stream) -> CloudFrame:
    """Points of any sensor.

    Raises:
        ValueError: no x, y, z as floating point numbers, or fewer bytes than the size asks for.
    """
    stamp_ns = stamp_to_ns(message.header.stamp)
    return CloudFrame(stamp_ns, sensor, points_from_message(message), base_from_sensor(stream))


def points_from_message(message: PointCloud2) -> NDArray[np.floating[Any]]:
    """(N, 3) x, y, z of a cloud, m, its own frame.

    Raises:
        ValueError: as `cloud_from_message`.
    """
    fields = {field.name: field for field in message.fields}
    if not {"x", "y", "z"} <= set(fields) or any(fields[a].datatype not in FIELD_KINDS for a in "xyz"):
        found = ", ".join(f"{f.name} ({f.datatype})" for f in message.fields) or "nothing"
        raise ValueError(f"cloud has the fields {found}, expected x, y, z as float32 or float64")
    count = message.width * message.height
    if (
        len(message.data) < message.row_step * message.height
        or message.row_step < message.point_step * message.width
    ):
        raise ValueError(
            f"cloud of {count} points of {message.point_step} bytes has {len(message.data)} bytes"
        )
    order = ">" if message.is_bigendian else "<"
    kind = np.dtype(
        {
            "names": list("xyz"),
            "formats": [order + FIELD_KINDS[fields[axis].datatype] for axis in "xyz"],
            "offsets": [fields[axis].offset for axis in "xyz"],
            "itemsize": message.point_step,
        }
    )
    raw = np.frombuffer(message.data, np.uint8, message.row_step * message.height)
    rows = raw.reshape(message.height, message.row_step)[:, : message.point_step * message.width]
    points = np.ascontiguousarray(rows).reshape(-1).view(kind)
    return np.column_stack([points[axis] for axis in "xyz"])
